"""Origins: records that say the same because one was copied from another; copies are not counted as voices.

Candidates come from MinHash with banding (Broder 1997; Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, ch. 3)
over word shingles, and from rare long quotations; every one is confirmed by exact overlap. A record joins the earliest
record, by (published, id), that it copies. Two outlets' own words on one event stay two origins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from rensa import RMinHash, RMinHashLSH

from pipeline.domain import Claim, Origin, Record
from pipeline.language import quotes
from pipeline.language.words import content, tokens

_PERMUTATIONS, _BANDS, _SHINGLE = 128, 32, 4
_READ = 20_000  # code points compared
_JACCARD, _CONTAINED = 0.55, 0.75
_SHORT = 25  # body tokens below which a text must be repeated almost word for word
_HEADLINE = 8  # tokens of a headline that two desks do not both hit on
_QUOTE_WORDS, _QUOTE_SPREAD, _QUOTE_OVERLAP = 8, 12, 0.25
_NEAR = timedelta(days=4)
_LEAD = 60  # body tokens that a cut copy still has
_CREDIT = re.compile(
    r"(?:according to|as reported by|first reported by|reported by|via|citing|told|report(?:s|ed)? "
    r"(?:by|from|in)) (?:a report (?:by|from|in) )?(?:the )?(?P<a>[A-Z][\w.&'’ -]{1,40})"
    r"|(?:the )?(?P<b>[A-Z][\w.&'’ -]{1,40}?) (?:reports|reported|first reported)\b"
)

# A record that names an outlet's report to dispute it has another source than that report.
_DISPUTES = re.compile(
    r"\b(?:contradict|den(?:y|ied|ies|ying)\b|disput|refut|rebut|reject|dismiss|counter to)", re.IGNORECASE
)
_BEFORE = 80  # characters before a credit in which its tone is looked for


@dataclass(frozen=True, slots=True)
class _Face:
    """What of a record is compared."""

    record: Record
    title: tuple[str, ...]
    body: tuple[str, ...]
    shingles: frozenset[str]
    lead: frozenset[str]
    quotes: frozenset[str]


def _shingles(words: Sequence[str]) -> frozenset[str]:
    """Overlapping runs of four tokens; the whole text where it is shorter."""
    if len(words) < _SHINGLE:
        return frozenset([" ".join(words)] if words else [])
    return frozenset(" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1))


def _face(record: Record) -> _Face:
    """The comparable face of a record: headline and body apart."""
    text = record.text[:_READ]
    title = record.title.strip()
    body_text = text[len(title) :] if title and text.startswith(title) else text
    body = tuple(tokens(body_text))
    long_quotes = (tokens(body_text[span.start : span.end]) for span in quotes.find(body_text))
    return _Face(
        record,
        tuple(tokens(title)),
        body,
        _shingles(body),
        _shingles(body[:_LEAD]),
        frozenset(" ".join(words) for words in long_quotes if len(words) >= _QUOTE_WORDS),
    )


def _overlap(a: frozenset[str], b: frozenset[str]) -> tuple[float, float]:
    """Jaccard similarity, and containment of the smaller in the larger."""
    shared = len(a & b)
    union = len(a) + len(b) - shared
    return (shared / union if union else 0.0), (shared / min(len(a), len(b)) if a and b else 0.0)


def _address(record: Record) -> str:
    """The record's address without scheme, "www." and closing stroke; empty where it has none."""
    return re.sub(r"^https?://(?:www\.)?", "", record.url or "").rstrip("/")


def _outlet(record: Record) -> str:
    """Who published a record, folded, without an article."""
    return " ".join(tokens(re.sub(r"^[Tt]he ", "", record.publisher or record.source)))


def _copied(a: _Face, b: _Face) -> str | None:  # noqa: PLR0911 - one return per rule
    """Why one of two records is a copy of the other, or None."""
    if (address := _address(a.record)) and address == _address(b.record):
        return "same address"
    near = abs(a.record.published - b.record.published) <= _NEAR
    same_title = bool(a.title) and a.title == b.title
    jaccard, contained = _overlap(a.shingles, b.shingles)
    short = min(len(a.body), len(b.body))
    if (
        same_title
        and near
        and len(a.title) >= 4
        and _outlet(a.record) == _outlet(b.record)
        and (short < 8 or contained >= 0.2)
    ):
        return "same outlet, same headline"
    if same_title and a.body == b.body and len(a.title) + len(a.body) >= 8:
        return "same headline and text"
    if same_title and near and len(a.title) >= _HEADLINE and (not a.body or not b.body):
        return "same headline"
    if short < _SHORT:
        return "same text" if short >= 8 and (jaccard >= 0.9 or (same_title and contained >= 0.8)) else None
    if jaccard >= _JACCARD:
        return "near-identical text"
    if contained >= _CONTAINED:
        return "text contained in the other"
    if same_title and near and len(a.title) >= _HEADLINE and contained >= 0.3:
        return "same headline, shared text"
    return "shared quotation and text" if _beyond(a, b) >= _QUOTE_OVERLAP else None


def _beyond(a: _Face, b: _Face) -> float:
    """Containment of two texts that share a long quotation, the quotation itself left out; 0 where they share none."""
    shared = a.quotes & b.quotes
    if not shared:
        return 0.0
    quoted = frozenset[str]().union(*(_shingles(quote.split()) for quote in sorted(shared)))
    return _overlap(a.shingles - quoted, b.shingles - quoted)[1]


def _pairs(faces: Sequence[_Face]) -> dict[int, set[int]]:
    """Candidate copies: index -> earlier indices that share an address, headline, quotation or a MinHash band."""
    earlier: dict[int, set[int]] = defaultdict(set)
    for index in (_by_key(faces, _keys), _by_key(faces, lambda face: face.quotes)):
        for members in index.values():
            if 1 < len(members) <= _QUOTE_SPREAD:
                for place, i in enumerate(members):
                    earlier[i].update(members[:place])
            elif len(members) > _QUOTE_SPREAD:
                for i in members[1:]:
                    earlier[i].add(members[0])
    for part in ("shingles", "lead"):
        _hashed(faces, part, earlier)
    return earlier


def _keys(face: _Face) -> Iterable[str]:
    """Exact keys under which a copy is sure to be found."""
    if address := _address(face.record):
        yield "a " + address
    if len(face.title) >= 4:
        yield "t " + " ".join(face.title)
    if face.body:
        yield "b " + " ".join(face.body[:_LEAD])


def _by_key(faces: Sequence[_Face], keys: Callable[[_Face], Iterable[str]]) -> dict[str, list[int]]:
    """Key -> indices of the faces that have it, in order."""
    index: dict[str, list[int]] = defaultdict(list)
    for i, face in enumerate(faces):
        for key in keys(face):
            index[key].append(i)
    return index


def _hashed(faces: Sequence[_Face], part: str, earlier: dict[int, set[int]]) -> None:
    """Add the pairs that share a MinHash band over `part` to `earlier`."""
    banded = RMinHashLSH(threshold=0.5, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    for i, face in enumerate(faces):
        shingles: frozenset[str] = getattr(face, part)
        if len(shingles) < 4:
            continue
        sketch = RMinHash(num_perm=_PERMUTATIONS, seed=20260101)
        sketch.update(sorted(shingles))
        earlier[i].update(sorted(banded.query(sketch))[:64])
        banded.insert(i, sketch)


def _named_outlets(face: _Face) -> list[str]:
    """Outlets a record credits in its headline or first sentences, folded; not those whose report it disputes."""
    head = face.record.text[:400]
    return [
        " ".join(tokens(match["a"] or match["b"]))
        for match in _CREDIT.finditer(head)
        if not _DISPUTES.search(head, max(0, match.start() - _BEFORE), match.end())
    ]


def _credits(faces: Sequence[_Face]) -> dict[int, set[int]]:
    """Index -> earlier indices of records by an outlet that the record credits."""
    by_outlet = _by_key(faces, lambda face: [_outlet(face.record)])
    found: dict[int, set[int]] = defaultdict(set)
    for i, face in enumerate(faces):
        for name in _named_outlets(face):
            for outlet in {name, " ".join(name.split()[:1]), " ".join(name.split()[:2]), " ".join(name.split()[:3])}:
                found[i].update(j for j in by_outlet.get(outlet, ()) if j < i)
    return found


def _retells(face: _Face, source: _Face) -> bool:
    """Whether a record that credits an outlet tells what that outlet's record tells: most of its headline is there."""
    told = set(content(" ".join(face.title) or face.record.text[:300]))
    given = set(content(source.record.text[:1500]))
    titled = set(content(" ".join(source.title)))
    return len(told) >= 4 and len(told & given) >= 0.6 * len(told) and len(told & titled) >= 2


def group(records: Sequence[Record], known: Sequence[tuple[Record, str]] = ()) -> tuple[Origin, ...]:
    """Origins of `records`, given the records of the window whose origin is `known`; sorted by id.

    Each origin names all its records in the window, earliest first; one that takes in a known record keeps the known
    id. The answer does not depend on the order of either argument. Origins of known records alone are left out.
    """
    origin_of = {record.id: origin for record, origin in known}
    fresh = {record.id: record for record in records if record.id not in origin_of}
    every = {record.id: record for record, _ in known} | fresh
    faces = [_face(record) for record in sorted(every.values(), key=lambda r: (r.published, r.id))]
    candidates, credited = _pairs(faces), _credits(faces)
    later: dict[int, set[int]] = defaultdict(set)  # known copies that were published after a record that came in late
    for i in sorted(candidates):
        if faces[i].record.id in origin_of:
            for j in candidates[i]:
                later[j].add(i)
    reasons: dict[str, str] = {}
    for i, face in enumerate(faces):
        record = face.record
        if record.id in origin_of and record.id not in fresh:
            continue
        origin, reason = _first(face, [faces[j] for j in sorted(candidates[i] | credited[i] | later[i])])
        origin_of[record.id] = origin_of[origin] if origin else record.id
        if reason:
            reasons.setdefault(origin_of[record.id], reason)
    return _origins(faces, origin_of, fresh, reasons)


def _first(face: _Face, others: Sequence[_Face]) -> tuple[str | None, str]:
    """The id of the earliest record that `face` copies or retells, and why."""
    for other in others:
        reason = _copied(face, other)
        if reason:
            return other.record.id, reason
    for other in others:
        if (
            _outlet(other.record) in " ".join(tokens(face.record.text[:400]))
            and _retells(face, other)
            and _named_outlets(face)
        ):
            return other.record.id, f"credits {other.record.publisher or other.record.source}"
    return None, ""


def _origins(
    faces: Sequence[_Face], origin_of: Mapping[str, str], fresh: Mapping[str, Record], reasons: Mapping[str, str]
) -> tuple[Origin, ...]:
    """Origin nouns of the groups that hold a fresh record."""
    members: dict[str, list[str]] = defaultdict(list)
    for face in faces:
        members[origin_of[face.record.id]].append(face.record.id)
    return tuple(
        Origin(origin, tuple(ids), reasons.get(origin, "itself"))
        for origin, ids in sorted(members.items())
        if any(i in fresh for i in ids)
    )


def credit(claims: Sequence[Claim], records: Sequence[Record], origin_of: Mapping[str, str]) -> tuple[Claim, ...]:
    """`claims`, those made on another outlet's word with that outlet's origin: "..., Harbour Wire reports" counts as
    Harbour Wire's where a record of it among `records`, not later, says most of it. `origin_of`: record id to origin.
    """
    by_outlet: dict[str, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda r: (r.published, r.id)):
        by_outlet[_outlet(record)].append(record)
    credited = []
    for claim in claims:
        source = _source_of(claim, by_outlet)
        origin = origin_of.get(source.id, source.id) if source else None
        credited.append(replace(claim, origin_id=origin) if origin else claim)
    return tuple(credited)


def _source_of(claim: Claim, by_outlet: Mapping[str, Sequence[Record]]) -> Record | None:
    """The earliest record of the outlet that a claim names as its speaker, where it tells most of the claim."""
    if not claim.speaker:
        return None
    told = set(content(claim.text)) - set(content(claim.speaker))
    for record in by_outlet.get(" ".join(tokens(re.sub(r"^[Tt]he ", "", claim.speaker))), ()):
        if record.id != claim.record_id and record.published <= claim.published:
            given = set(content(record.text[:_READ]))
            if len(told) >= 3 and len(told & given) >= 0.6 * len(told):
                return record
    return None
