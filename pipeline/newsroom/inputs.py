"""What a version was written from, kept by reference, so that the writer can be run on it again.

The dossier is kept as it was: the storyline with its findings, signals and origins of that night, and by id and hash
the records, claims and earlier versions that the store holds anyway; with the settings of [write] and the story's kind.
The hash of all this stands in the version (`Story.inputs`) and so in its bundle, beside the hash of the gate's rules
(`Story.rules`): the text itself may not be shipped, for a writer reads whole records.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pipeline.amends import Answered, Correction
from pipeline.bundles.bundle import discreet
from pipeline.compose import Article, Unwritten, write_article
from pipeline.compose.model import manuscript, shown
from pipeline.compose.shapes import SHAPES, Shape
from pipeline.corrections.amending import carried
from pipeline.domain import Dossier, Story, StoryKind, digest
from pipeline.gate import whole
from pipeline.newsroom.opinions import refused_by
from pipeline.preferences import WriteSettings
from pipeline.prompts import envelope, load
from pipeline.protocols import Store
from pipeline.rulebook import rules
from pipeline.serial import dumps, from_json, loads, to_json

_LASTING = ("storyline", "beat", "origins", "findings", "now", "lang")  # of a dossier, the same whenever a night ran


@dataclass(frozen=True, slots=True)
class Kept:
    """What a version was written from: its dossier, its kind, and the settings of the writer."""

    papers: Dossier
    kind: StoryKind
    write: WriteSettings


def filed(store: Store, story: Story, papers: Dossier, write: WriteSettings) -> Story:
    """Keep what `story` was written from; returns it with the hashes of that, of the rules and of the support model."""
    body = packed(Kept(papers, story.kind, write))
    store.save_papers(story.id, body)
    return replace(story, inputs=hashed(body), rules=rules(), support=whole.digest())


def hashed(body: str) -> str:
    """The hash of what was kept, but for what depends on how far the night had come (wordings that were worn by then).

    A night that was killed and run again must come to the same bytes.
    """
    found = loads(body)
    dossier = {name: found["dossier"][name] for name in _LASTING}
    return digest("inputs", dumps({**found, "dossier": dossier}), size=32)


def packed(kept: Kept) -> str:
    """Canonical JSON of what was kept, with records, claims and earlier versions by id and hash."""
    papers = kept.papers
    lean = replace(papers, records={}, claims={}, previous=None, history=())
    body: dict[str, Any] = {
        "dossier": to_json(lean),
        "records": {key: record.content_hash for key, record in papers.records.items()},
        "claims": list(papers.claims),
        "history": [story.id for story in papers.history],
        "kind": kept.kind.value,
        "write": kept.write.model_dump(mode="json"),
    }
    return dumps(body)


def unpacked(body: str, store: Store, subject: str) -> Kept | None:
    """What was kept, from the store; None where it does not hold all of it any more. Raises ValueError for damage."""
    found = loads(body)
    records = {key: store.record_version(key, text) for key, text in found["records"].items()}
    claims = store.claims(found["claims"])
    told = [*store.story_history(subject), *store.story_history(subject, withdrawn=True)]
    known = {story.id: story for story in told}
    held = {key: record for key, record in records.items() if record is not None}
    if len(held) < len(records) or set(claims) != set(found["claims"]) or not set(found["history"]) <= set(known):
        return None
    history = tuple(known[key] for key in found["history"])
    papers = replace(
        from_json(Dossier, found["dossier"], fill=True),
        records=held,
        claims={key: claims[key] for key in found["claims"]},
        previous=history[-1] if history else None,
        history=history,
    )
    return Kept(papers, StoryKind(found["kind"]), WriteSettings.model_validate(found["write"]))


def rewritten(story: Story, store: Store) -> Story | None:
    """`story` as the writer writes it again from what was kept, with the answers it ships in place of models.

    None where nothing was kept of it. Raises ValueError where what is kept is not what the version says it was.
    """
    body = store.papers(story.id)
    if body is None or not story.inputs:
        return None
    if hashed(body) != story.inputs:
        raise ValueError("what the store keeps as its inputs is not what the version was written from")
    kept = unpacked(body, store, story.storyline_id)
    if kept is None:
        return None
    log = [entry for entry in store.corrections() if entry.at <= story.written]
    stored = next((one for one in store.story_history(story.storyline_id) if one.id == story.id), story)
    if story.answers not in {stored.answers, discreet(stored).answers}:  # a bundle withholds what they say of people
        raise ValueError("the model's answers in it are not those that the version was written from")
    return _bound(story, _article(stored, kept), kept, log)


def _article(story: Story, kept: Kept) -> Article | Unwritten:
    """The article of the kept dossier, from the shipped answer where a model wrote it."""
    shape = SHAPES[kept.kind]
    refused = refused_by(story.answers)
    drafts = [answer for answer in story.answers if answer.prompt in story.prompts]
    if not drafts:
        return write_article(kept.papers, kept.write, shape=shape, refused=refused)
    _same_question(drafts[-1], kept, shape)
    draft = manuscript(
        loads(drafts[-1].answer), kept.papers, writer=story.writer, prompts=story.prompts, answers=story.answers
    )
    return write_article(kept.papers, kept.write, draft, shape=shape, refused=refused)


def _same_question(answer: Answered, kept: Kept, shape: Shape) -> None:
    """Raises ValueError where the kept dossier makes another prompt than the one that was answered.

    A prompt file that has changed since cannot be rendered again and is not compared.
    """
    prompt = load(answer.prompt)
    if prompt.version != answer.version:
        return
    text = prompt.render(envelope(shown(kept.papers, kept.write.max_sentences, shape.asked)))
    if digest("rendered", text) != answer.prompt_hash:
        raise ValueError(f"what was kept makes another prompt {answer.prompt} than the one that the model answered")


def _bound(story: Story, article: Article | Unwritten, kept: Kept, log: list[Correction]) -> Story:
    """`story` with the parts that its writer makes taken from `article`."""
    if isinstance(article, Unwritten):
        raise ValueError(f"written again, nothing comes of it: {article.reason}")
    again = replace(
        story,
        headline=article.headline,
        short_title=article.short_title,
        dek=article.dek,
        sections=article.sections,
        citations=article.citations,
        records=article.records,
        dropped=article.dropped,
        counts=article.counts,
        writer=article.writer,
        prompts=article.prompts,
    )
    return carried(again, kept.papers.previous, log)
