"""`citewire replay`: a story rebuilt from its bundle alone, byte for byte.

Three proofs, each of which can fail by itself. Everything that follows from the accepted sentences is derived again:
keys from spans, verdicts and classes from spans, computed sentences, counts, measures, other forms, the seal. The page,
its Markdown and the bundle are rendered again, by the same renderers on an edition that holds nothing but the bundle,
and compared with the files beside it. And where a store keeps what the version was written from
(pipeline/newsroom/inputs.py), the writer is run again on it, with the models' answers of the bundle in place of
models: the sentences must come out the same. Without a store that last step is left out: a writer reads whole records,
which no bundle may ship.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline import computations, status, variants
from pipeline.bundles import bundle as bundles
from pipeline.bundles import verify
from pipeline.domain import Ending, Sentence, SentenceClass, Story, Storyline, Verdict
from pipeline.edition import Edition, Neighbour, Renderer, Surroundings
from pipeline.gate import classify, judge
from pipeline.people import rule
from pipeline.rulebook import rules
from pipeline.serial import ShapeError, dumps, loads, to_json
from pipeline.settings import Settings

PAGE, TEXT, BUNDLE = "index.html", "story.md", "story.json"
_SHOWN = 160  # characters of a line that a difference repeats
Rewriter = Callable[[Story], Story | None]
"""Runs the writer again on what a version was written from; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where something rebuilt is not what stands there."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to: bundles rebuilt, files compared, stories written again, differences, what was refused.

    `foreign`: bundles written under other rules than those of this version; what these decide otherwise differs.
    """

    bundles: int = 0
    files: int = 0
    written: int = 0
    differences: tuple[Difference, ...] = ()
    refused: tuple[Difference, ...] = ()
    foreign: int = 0


def replay(
    path: Path, renderers: Sequence[Renderer], *, out: Path | None = None, rewrite: Rewriter | None = None
) -> Replayed:
    """Rebuild a bundle, or every bundle under a folder; with `out` write what was rebuilt there.

    Raises UsageError where there is no bundle.
    """
    found: list[Difference] = []
    refused: list[Difference] = []
    rebuilt = files = written = foreign = 0
    for one in verify.bundles(path):
        try:
            bundle = loads(one.read_text(encoding="utf-8"))
            told = why_not(bundle)
            if told:
                refused.append(Difference(str(one), told))
                continue
            story, pages = rebuild(bundle, renderers)
        except (OSError, ValueError, RecursionError) as error:
            found.append(Difference(str(one), f"cannot be read as a bundle: {error}"))
            continue
        rebuilt += 1
        foreign += story.rules not in {"", rules()}
        found += derived(story, str(one))
        if rewrite is not None:
            try:
                again = rewrite(story)
            except ValueError as error:
                found.append(Difference(f"{one} written again", str(error)))
            else:
                written += again is not None
                found += _unlike(story, again, f"{one} written again") if again is not None else ()
        for name, body in pages.items():
            beside = one if name == BUNDLE else one.with_name(name)
            if beside.exists():
                files += 1
                found += _bytes(beside.read_bytes(), body, str(beside))
            if out is not None:
                target = out / story.slug / f"v{story.version}" / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(body)
    return Replayed(rebuilt, files, written, tuple(found), tuple(refused), foreign)


def why_not(bundle: object) -> str:
    """Why a bundle is not replayed, in plain words; empty for one that is. Raises ShapeError."""
    tomb = bundles.withdrawn(bundle)
    if tomb is not None:
        return f"withdrawn on {tomb.at:%Y-%m-%d} ({tomb.why}); of a withdrawn version hashes remain, no text to replay"
    if not isinstance(bundle, Mapping):
        raise ShapeError("a bundle is a JSON object")
    if "page" not in bundle:
        return "made by a version of Citewire that did not ship what its page prints beside the story"
    return ""


# --- what follows from the sentences ---------------------------------------------------------------------------------


def derived(story: Story, where: str) -> Iterator[Difference]:
    """Where what a version says of its sentences does not follow from them."""
    try:
        again = rederived(story)
    except (KeyError, ValueError, IndexError) as error:
        yield Difference(where, f"cannot be worked out again: {error}")
        return
    yield from _unlike(story, again, where)


def rederived(story: Story) -> Story:
    """`story` with everything worked out again that follows from its texts, citations and spans."""
    spans, facts = verify.spans(story), computations.facts_of(story)

    def again(sentence: Sentence) -> Sentence:
        cited = [spans[key] for key in sentence.citations if key in spans]
        bound, text, rendering = sentence.computation, sentence.text, None
        if bound is not None:
            value = computations.compute(bound.name, bound.inputs, facts)
            text = rendering = computations.render(bound.name, bound.inputs, value, facts)
            bound = replace(bound, value=value)
        verdict = sentence.verdict  # of a sentence that cites nothing it depends on its neighbours: `verify` judges it
        if cited or bound is not None:
            verdict = judge(text, cited, computation=bound, rendering=rendering)
            if any(reason.rule == rule.RELEASED for reason in sentence.verdict.reasons):  # a person's decision
                verdict = replace(verdict, reasons=sentence.verdict.reasons)
        return Sentence(text, classify(text, cited, bound), sentence.citations, verdict, bound)

    records = {citation.evidence.record_id for citation in story.citations}
    platforms = tuple(sorted({record.platform for record in story.records if record.id in records}))
    counts = replace(story.counts, cited_records=len(records), dropped=len(story.dropped), platforms=platforms)
    sections = tuple(
        replace(section, paragraphs=tuple(tuple(map(again, paragraph)) for paragraph in section.paragraphs))
        for section in story.sections
    )
    found = replace(
        story,
        headline=again(story.headline),
        dek=again(story.dek) if story.dek else None,
        sections=sections,
        citations=tuple(replace(citation, key=citation.evidence.key) for citation in story.citations),
        counts=counts,
    )
    if story.length is None:  # a version of before these were kept
        return found
    return replace(
        found,
        status=status.status(counts, story.written, story.ending),
        length=variants.measured(found.sections, story.lang),
    )


# --- the page --------------------------------------------------------------------------------------------------------


def rebuild(bundle: Mapping[str, Any], renderers: Iterable[Renderer]) -> tuple[Story, dict[str, bytes]]:
    """The story of a bundle, and its page, Markdown and bundle as they are rendered from it. Raises ShapeError."""
    story, page = bundles.from_bundle(bundle), bundles.surroundings(bundle)
    if page is None:
        raise ShapeError("no page", ("page",))
    edition = edition_of(story, page)
    stories = {one.path: one for render in renderers for one in render(edition) if one.path.startswith("stories/")}
    own = [path for path in sorted(stories) if path.endswith(f"/{BUNDLE}") and _is_of(stories[path].make(), story.id)]
    folder = own[0].removesuffix(BUNDLE) if own else f"stories/{story.slug}/"
    return story, {name: stories[folder + name].make() for name in (PAGE, TEXT, BUNDLE) if folder + name in stories}


def _is_of(body: bytes, story_id: str) -> bool:
    found = loads(body)
    return isinstance(found, dict) and "story" in found and found["story"]["id"] == story_id


def edition_of(story: Story, page: Surroundings) -> Edition:
    """The smallest edition in which the page of a version comes out as it did."""
    site = {"name": page.site, "description": page.description, "contact": page.contact, "lang": page.site_lang}
    site["url"] = page.url
    settings = Settings.model_validate({"site": site, "beat": [{"name": name} for name in page.beats]})
    lines = {
        line.id: Storyline(
            line.id, "", (), story.written, story.written, (), (), parent=line.parent, merged_into=line.merged_into
        )
        for line in page.lines
    }
    return Edition(
        now=story.written + 2 * status.SHOWN if page.stale else story.written,
        settings=settings,
        stories=(story, *(_stub(story, one, sample=page.sample) for one in page.neighbours), *_sample(story, page)),
        storylines=lines,
        corrections=page.corrections,
        tombstones=page.tombstones,
        series={story.id: page.series},
        told={story.id: page.told},
        joined={story.id: page.joined},
        linked={story.id: page.linked},
        conflicts={story.id: page.conflicts} if page.conflicts else {},
    )


def _stub(story: Story, one: Neighbour, *, sample: bool) -> Story:
    """A story of which only that is known which the page of another prints."""
    said = tuple(Sentence(text, SentenceClass.LINK, (), Verdict(story.headline.verdict.label)) for text in one.says)
    headline = Sentence(one.headline, SentenceClass.LINK, (), Verdict(story.headline.verdict.label))
    return replace(
        story,
        id=one.id,
        storyline_id=one.storyline_id,
        slug=one.slug,
        version=one.version,
        beat=one.beat,
        beats=one.beats,
        written=one.written,
        lang=one.lang,
        kind=one.kind,
        headline=headline,
        dek=None,
        short_title=one.short_title,
        rank=one.rank,
        ending=(story.ending or Ending("", one.written)) if one.ended else None,
        previous=one.previous,
        corrections=story.corrections if one.corrected else (),
        sections=(replace(story.sections[0], role="body", heading=None, paragraphs=(said,)),) if said else (),
        citations=(),
        records=(),
        dropped=(),
        related=(),
        sample=sample,
    )


def _sample(story: Story, page: Surroundings) -> tuple[Story, ...]:
    """A stranger that makes the edition one of samples, where nothing else does."""
    if not page.sample or story.sample or any(r.sample for r in story.records) or page.neighbours:
        return ()
    stranger = Neighbour(
        "y-sample", "s-sample", "sample", 1, story.beat, (), story.written, "en", story.kind, "Sample", "Sample", {}
    )
    return (_stub(story, stranger, sample=True),)


# --- differences -----------------------------------------------------------------------------------------------------


def _unlike(story: Story, again: Story, where: str) -> Iterator[Difference]:
    """The first part in which a version made again is another."""
    if again != story:
        path, one, other = _first(to_json(story), to_json(again), ())
        yield Difference(where, f"{path}: it holds {_cut(one)}, made again {_cut(other)}")


def _first(one: Any, other: Any, path: tuple[str, ...]) -> tuple[str, Any, Any]:
    """Path and values of the first difference of two JSON values."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            if one.get(key) != other.get(key):
                return _first(one.get(key), other.get(key), (*path, key))
    if isinstance(one, list) and isinstance(other, list):
        for n in range(max(len(one), len(other))):
            mine, yours = (some[n] if n < len(some) else None for some in (one, other))
            if mine != yours:
                return _first(mine, yours, (*path, str(n)))
    return ".".join(path), one, other


def _bytes(stands: bytes, made: bytes, where: str) -> Iterator[Difference]:
    """The first line in which a file is another than it was made again."""
    if stands == made:
        return
    one, other = (body.decode("utf-8", "replace").splitlines() for body in (stands, made))
    at = next(
        (n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )
    lines = [some[at] if at < len(some) else "(the end)" for some in (one, other)]
    yield Difference(where, f"line {at + 1}: it holds {_cut(lines[0])}, made again {_cut(lines[1])}")


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else dumps(value)
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
