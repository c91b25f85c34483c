"""What corrections keep out of every later story, answer and page: claims, records, sources and sentences. Pure.

What was withdrawn must not come back the next night from the same evidence. A withdrawn record takes its copies with
it (they rest on its words), and a source its records, those to come as well. A sentence that was corrected or taken
out takes the findings that its claims belong to: another outlet's wording of the same assertion is the same assertion.
A withdrawn story takes the claims that its storyline held by then, so that new evidence alone can tell it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.amends import Correction, CorrectionKind
from pipeline.domain import Claim, Finding, FindingState, Record, Signal, Story, Storyline, digest

_WITHDRAWING = (CorrectionKind.RETRACTED, CorrectionKind.SOURCE_RETRACTED)
_QUOTED = re.compile("“([^”]*)”")
_WORDED = (CorrectionKind.RETRACTED, CorrectionKind.CORRECTED, CorrectionKind.DROPPED)


def sentence_hash(text: str) -> str:
    """The id of a sentence: the hash of its text, the same wherever it is printed."""
    return digest("sentence", text, size=32)


@dataclass(frozen=True, slots=True)
class Barred:
    """The claims, records (and origins that began with them), sources and sentence hashes that may not be used.

    `asserted`: claims whose whole findings are barred with them.
    """

    claims: frozenset[str] = frozenset()
    asserted: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    sentences: frozenset[str] = frozenset()

    @classmethod
    def of(cls, log: Iterable[Correction]) -> Barred:
        """What the entries of a log bar."""
        claims, asserted, records, sources, sentences = (set[str]() for _ in range(5))
        for entry in log:
            claims.update(entry.claims)
            if entry.kind in _WITHDRAWING and entry.what == "record":
                records.add(entry.target)
            if entry.kind in _WITHDRAWING and entry.what == "source":
                sources.add(entry.target)
            if entry.kind in _WORDED and entry.what == "sentence":
                asserted.update(entry.claims)
                sentences.add(entry.target)
        return cls(*(frozenset(found) for found in (claims, asserted, records, sources, sentences)))

    def __bool__(self) -> bool:
        return bool(self.claims or self.records or self.sources or self.sentences)

    def record(self, record: Record) -> bool:
        """Whether nothing may rest on a record."""
        return record.id in self.records or record.source in self.sources

    def printed(self, story: Story) -> bool:
        """Whether a version prints a sentence that may not be printed."""
        every = [story.headline, *([story.dek] if story.dek else [])]
        every += [s for section in story.sections for paragraph in section.paragraphs for s in paragraph]
        return any(sentence_hash(s.text) in self.sentences for s in every)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is left of some records, claims and findings; `gone` are the claims that went."""

    records: Mapping[str, Record]
    claims: Mapping[str, Claim]
    findings: Mapping[str, tuple[Finding, ...]]  # by storyline
    gone: frozenset[str] = field(default_factory=frozenset)


def allowed(
    barred: Barred,
    records: Mapping[str, Record],
    claims: Mapping[str, Claim],
    findings: Mapping[str, tuple[Finding, ...]],
    origin: Callable[[Claim], str],
) -> Allowed:
    """What may be used of all that is at hand; `origin` gives the id of a claim's origin."""
    if not barred:
        return Allowed(records, claims, findings)
    shut = {key for key, record in records.items() if barred.record(record)}
    out = set(barred.claims)
    for some in findings.values():
        for finding in some:
            if not barred.asserted.isdisjoint(finding.claim_ids):
                out.update(finding.claim_ids)
    withdrawn = shut | barred.records
    gone = {k for k, c in claims.items() if k in out or c.record_id in withdrawn or origin(c) in withdrawn}
    kept = {key: claim for key, claim in claims.items() if key not in gone}
    origins = {origin(claim) for claim in kept.values()}
    lost = frozenset({origin(claims[key]) for key in gone} - origins)
    return Allowed(
        records={key: record for key, record in records.items() if key not in shut},
        claims=kept,
        findings={line: _left(some, out | gone, lost) for line, some in findings.items()},
        gone=frozenset(gone),
    )


def unquoting(reason: str, gone: Collection[str]) -> str:
    """`reason` of a membership, or nothing where it quotes one of the texts that are `gone`, whole or cut off."""
    return "" if gone and any(begins(quoted, gone) for quoted in _QUOTED.findall(reason)) else reason


def begins(told: str, texts: Iterable[str]) -> bool:
    """Whether what is told is one of the texts, whole or cut off ("…")."""
    words = told.removesuffix("…").strip()
    return bool(words) and any(" ".join(text.split()).startswith(words) for text in texts)


def relabelled(line: Storyline, lost: Collection[str], left: Mapping[str, Record]) -> Storyline:
    """`line` by another name where it is called by a title that is `lost`: that of the first record that is left."""
    if not begins(line.label, lost):
        return line
    mine = (left[key] for key in line.record_ids if key in left)
    first = min(mine, key=lambda record: (record.published, record.id), default=None)
    return replace(line, label=" ".join(first.title.split()) if first is not None else "")


def names(summary: str, title: str) -> bool:
    """Whether a signal's words hold a title, or begin with the beginning of one that was cut off."""
    begins, cut, _ = summary.partition("…")
    return title in summary or (bool(cut and begins) and title.startswith(begins))


def unnamed(signal: Signal, lost: Collection[str]) -> Signal | None:
    """`signal` without the name in front of it where that is a title that is `lost`; None where it tells one besides.

    lost: titles, their white space made single.
    """
    summary = signal.summary
    begins, cut, rest = summary.partition("…")
    for title in lost:
        if summary.startswith(f"{title}: "):
            summary = summary[len(title) + 2 :]
        elif cut and begins and title.startswith(begins):
            summary = rest.removeprefix(": ")
    if any(names(summary, title) for title in lost):
        return None
    return signal if summary == signal.summary else replace(signal, summary=summary)


def _left(findings: Iterable[Finding], gone: set[str], lost: frozenset[str]) -> tuple[Finding, ...]:
    """The findings without claims that went and origins that told nothing else; those without a claim go."""
    found: list[Finding] = []
    for finding in findings:
        claims = tuple(claim for claim in finding.claim_ids if claim not in gone)
        if not claims:
            continue
        if len(claims) == len(finding.claim_ids) and all({d.a, d.b}.isdisjoint(gone) for d in finding.disputes):
            found.append(finding)
            continue
        origins = tuple(one for one in finding.origin_ids if one not in lost)
        disputes = tuple(d for d in finding.disputes if {d.a, d.b}.isdisjoint(gone))
        state = finding.state
        if (state is FindingState.CORROBORATED and len(origins) < 2) or (  # it was, by what went
            state is FindingState.CONTRADICTED and not disputes
        ):
            state = FindingState.REPEATED
        found.append(replace(finding, claim_ids=claims, origin_ids=origins, disputes=disputes, state=state))
    return tuple(found)
