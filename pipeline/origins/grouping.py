"""Origins: records that say the same because one was copied from another; copies are not counted as voices.

A record joins the earliest record, by (published, id), that it copies (copies.py), shares and adds nothing to, credits
and retells (pipeline/outlets), or whose owner tells the same thing once more. Two outlets' own words on one event stay
two origins, and so do two reports of one press conference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from pipeline import outlets
from pipeline.domain import Claim, Origin, Record
from pipeline.language import quotes
from pipeline.language.words import content, tokens
from pipeline.origins import copies, faces, traces
from pipeline.origins.copies import NEAR
from pipeline.origins.faces import Face
from pipeline.origins.traces import Trace, Traces

_TOLD = 0.6  # share of a headline's words that the record holds from which it is retold
_HEARSAY = 0.75  # the same where no source is named
_UPDATED = timedelta(days=1)  # how much later the record that is credited may be dated: outlets date anew
_SPREAD = 200  # records that share a word of their subject beyond which the word tells nothing
_ASKED = 32  # records that one is compared with for each rule
_OWN_WORDS = 4  # content words below which a post adds nothing to what it links to
_ADDS = 0.7  # share of a post's words that stand in what it links to from which it adds nothing
_HELD = 1_024  # faces that are kept for further questions: 30 kilobytes each, and who asks comes in order of time
Rule = Callable[[int, int], str | None]


@dataclass(slots=True)
class _Desk:
    """All traces of a night in order of time, what is known of them, and why each joined its origin."""

    traces: Sequence[Trace]
    origin_of: dict[str, str]
    credits: Sequence[tuple[str, ...]]  # outlets that each record credits
    reasons: dict[str, str] = field(default_factory=dict)
    _faces: dict[int, Face] = field(default_factory=dict)

    def near(self, a: int, b: int) -> bool:
        """Whether two records were published within days."""
        return abs(self.traces[a].record.published - self.traces[b].record.published) <= NEAR

    def face(self, at: int) -> Face:
        """The face of a record, made when it is asked about."""
        if at not in self._faces:
            if len(self._faces) >= _HELD:
                self._faces.pop(next(iter(self._faces)))
            one = self.traces[at]
            self._faces[at] = faces.face(one.record, frozenset(one.bare.tolist()))
        return self._faces[at]


def group(
    records: Sequence[Record],
    known: Sequence[tuple[Record, str]] = (),
    ours: Sequence[tuple[Record, str]] = (),
    memory: Traces | None = None,
) -> tuple[Origin, ...]:
    """Origins of `records`, given the records of the window whose origin is `known`; sorted by id.

    Each origin names all its records in the window, earliest first; one that takes in a known record keeps the known
    id. `ours` are texts of our own editions, each with the origin of what it rests on: what copies or credits them
    adds no voice, and they are in no answer. The answer does not depend on the order of any argument, nor on what
    `memory` holds. Origins of known records alone are left out.
    """
    origin_of = {record.id: origin for record, origin in (*ours, *known)}
    fresh = {record.id: record for record in records if record.id not in origin_of}
    every = {record.id: record for record, _ in (*ours, *known)} | fresh
    ordered = sorted(every.values(), key=lambda one: (one.published, one.id))
    desk = _desk((memory or Traces()).of(ordered), origin_of)
    new = {at for at, one in enumerate(ordered) if one.id in fresh}
    rules = _rules(desk, new)
    for at in sorted(new):
        _join(desk, at, rules)
    mine = {record.id for record, _ in ours}
    return _told(desk, fresh, mine)


def _desk(traces: Sequence[Trace], origin_of: Mapping[str, str]) -> _Desk:
    """The desk of these traces, and whom each record credits."""
    known = frozenset[str]().union(*(one.aliases for one in traces))
    credited = [
        tuple(name for name in outlets.named(one.named, known) if not _own(name, one.aliases)) if one.named else ()
        for one in traces
    ]
    return _Desk(traces, dict(origin_of), credited)


def _own(name: str, aliases: Iterable[str]) -> bool:
    """Whether an outlet credits itself: "nbc" and "nbc news" are nbcnews.com's."""
    return any(alias.replace(" ", "").startswith(name.replace(" ", "")) for alias in aliases)


def _rules(desk: _Desk, new: Collection[int]) -> tuple[tuple[Mapping[int, Sequence[int]], Rule], ...]:
    """Candidates of what is `new` and verdict of each rule, the surest first."""
    copied = copies.pairs(desk.traces, new)
    return (
        (_both_ways(desk, copied), lambda a, b: copies.copied(desk.face(a), desk.face(b))),
        (_both_ways(desk, _linked(desk)), lambda a, b: _shares(desk, a, b)),
        (_credits(desk, new), lambda a, b: _credit(desk, a, b)),
        (_of_one_owner(desk, new), lambda a, b: _owned(desk, a, b)),
    )


def _both_ways(desk: _Desk, earlier: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """`earlier` with the known records that were published after one that came in late."""
    found = {at: list(before) for at, before in earlier.items()}
    for at in sorted(earlier):
        if desk.traces[at].record.id in desk.origin_of:
            for before in earlier[at]:
                found.setdefault(before, []).append(at)
    return found


def _join(desk: _Desk, at: int, rules: Sequence[tuple[Mapping[int, Sequence[int]], Rule]]) -> None:
    """Let a record join the origin of the earliest record that the surest rule gives it, else found its own."""
    record = desk.traces[at].record
    for candidates, rule in rules:
        for other in candidates.get(at, ()):
            origin = desk.origin_of.get(desk.traces[other].record.id)
            reason = rule(at, other) if origin else None
            if origin and reason:
                desk.origin_of[record.id] = origin
                desk.reasons.setdefault(origin, reason)
                return
    desk.origin_of[record.id] = record.id


def _told(desk: _Desk, fresh: Mapping[str, Record], mine: Iterable[str]) -> tuple[Origin, ...]:
    """Origin nouns of the groups that hold a fresh record, without our own texts."""
    members: dict[str, list[str]] = defaultdict(list)
    for one in desk.traces:
        members[desk.origin_of[one.record.id]].append(one.record.id)
    own = frozenset(mine)
    return tuple(
        Origin(origin, tuple(key for key in ids if key not in own), desk.reasons.get(origin, "itself"))
        for origin, ids in sorted(members.items())
        if any(key in fresh for key in ids)
    )


# --- links -----------------------------------------------------------------------------------------------------------


def _linked(desk: _Desk) -> dict[int, list[int]]:
    """Index -> earlier indices of records that point to it, that it points to, or that point where it points."""
    holders: dict[str, list[int]] = defaultdict(list)
    found: dict[int, set[int]] = defaultdict(set)
    for at, one in enumerate(desk.traces):
        pages = one.pages | ({one.address} if one.address else set())
        for page in sorted(pages) if len(pages) > 1 or pages - {one.address} or one.address else ():
            found[at].update(holders[page][:_ASKED])
            holders[page].append(at)
    return {at: sorted(earlier) for at, earlier in found.items() if earlier}


def _shares(desk: _Desk, a: int, b: int) -> str | None:
    """Whether one of two linked records only hands on the other: it adds no words of its own."""
    one, other = desk.traces[a], desk.traces[b]
    for post, page in ((one, other), (other, one)):
        if post.record.kind == "article" and (page.record.kind != "article" or page.address not in post.pages):
            continue  # an article hands on what it links to, not the post that led to it, nor what is linked beside it
        words = set(content(faces.without_links(post.record.text[:2000])))
        held = set(content(page.record.text[:8000]))
        if len(words) < _OWN_WORDS or (len(words & held) >= _ADDS * len(words) and len(words) <= len(held)):
            return "links to it and adds nothing"
    return None


# --- credits ---------------------------------------------------------------------------------------------------------


class _Subjects:
    """Indices of records by a key and the words of their subject, as far as these are `asked` for: most are not."""

    def __init__(self, asked: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._held: dict[str, dict[str, list[int]]] = defaultdict(dict)
        for key, words in asked:
            self._held[key].update((word, []) for word in words)

    def __contains__(self, key: object) -> bool:
        """Whether anything is asked for under `key`."""
        return key in self._held

    def add(self, key: str, words: Iterable[str], at: int) -> None:
        """Make `at` findable under `key` by any two of `words`."""
        if key in self._held:
            held = self._held[key]
            for word in words:
                if word in held:
                    held[word].append(at)

    def like(self, key: str, words: Iterable[str]) -> Iterator[int]:
        """Indices under `key` that share two of `words` which are not everywhere there, in order."""
        counts: Counter[int] = Counter()
        held = self._held.get(key, {})
        for word in words:
            holders = held.get(word, ())
            if len(holders) <= _SPREAD:
                counts.update(holders)
        best = sorted((at for at, shared in counts.items() if shared >= 2), key=lambda at: (-counts[at], at))
        return iter(sorted(best[:_ASKED]))


def _credits(desk: _Desk, new: Collection[int]) -> dict[int, list[int]]:
    """Index -> indices of records by an outlet that it credits, of those that credit its outlet, or a third one too."""
    subjects = _Subjects((key, desk.traces[at].subject) for at in new for key in _owing(desk, at))
    for at, one in enumerate(desk.traces):
        words = one.subject
        subjects.add("any", words, at)
        for name in sorted(one.aliases):
            subjects.add("by " + name, words, at)
        for name in desk.credits[at]:
            subjects.add("on " + name, words, at)
    found: dict[int, list[int]] = {}
    for at in sorted(new):
        words, keys = desk.traces[at].subject, _owing(desk, at)
        others = {other for key in keys for other in subjects.like(key, words) if other != at and desk.near(at, other)}
        if others:
            found[at] = sorted(others)
    return found


def _owing(desk: _Desk, at: int) -> list[str]:
    """Under what the records are found that one may rest on, or that may rest on it."""
    one = desk.traces[at]
    keys = [f"{side} {name}" for name in desk.credits[at] for side in ("by", "on")]
    keys += ["on " + name for name in sorted(one.aliases)]
    return keys + (["any"] if one.hearsay and not desk.credits[at] else [])


def _credit(desk: _Desk, a: int, b: int) -> str | None:
    """Why a record rests on another's report, or on the report that the other rests on; `b` is asked about."""
    one, other = desk.traces[a], desk.traces[b]
    if one.voice and one.voice == other.voice:
        return None
    names = desk.credits[a]
    owed, owing = any(n in other.aliases for n in names), any(n in one.aliases for n in desk.credits[b])
    if (a > b and (owed or owing)) or abs(one.record.published - other.record.published) <= _UPDATED:
        if owed and _retells(desk, a, b):
            return "they credit each other" if owing else f"credits {other.record.publisher or other.record.source}"
        if owing and _retells(desk, b, a):
            return f"credits {one.record.publisher or one.record.source}"
    if third := next((name for name in names if name in desk.credits[b]), None):
        return f"both credit {third}" if a > b and (_retells(desk, a, b) or _retells(desk, b, a)) else None
    if one.hearsay and not names and a > b and _retells(desk, a, b, _HEARSAY):
        return "rests on reports that it does not name"
    return None


def _retells(desk: _Desk, a: int, b: int, least: float = _TOLD) -> bool:
    """Whether a record tells what another tells: most of its headline is there, two words of it in the headline."""
    one, source = desk.traces[a].record, desk.traces[b]
    told = set(content(" ".join(tokens(one.title))) or content(one.text[:300]))
    given = set(content(source.record.text[:1500]))
    return len(told) >= 4 and len(told & given) >= least * len(told) and len(told.intersection(source.subject)) >= 2


# --- owners ----------------------------------------------------------------------------------------------------------


def _of_one_owner(desk: _Desk, new: Collection[int]) -> dict[int, list[int]]:
    """Index -> earlier indices of records of the same voice that share words of its subject."""
    subjects = _Subjects((one.voice, _told_of(desk, at)) for at in new if (one := desk.traces[at]).voice)
    found: dict[int, list[int]] = {}
    for at, one in enumerate(desk.traces):
        if one.voice in subjects:
            words = _told_of(desk, at)
            if at in new:
                others = [other for other in subjects.like(one.voice, words) if desk.near(at, other)]
                if others:
                    found[at] = others
            subjects.add(one.voice, words, at)
    return found


def _told_of(desk: _Desk, at: int) -> Sequence[str]:
    """The words by which an owner's records on one thing find each other."""
    return sorted(desk.face(at).stems) if desk.traces[at].record.owner else desk.traces[at].subject


def _owned(desk: _Desk, a: int, b: int) -> str | None:
    """Whether one owner tells one thing twice; what he copied from others stays theirs and takes in nothing of his."""
    one, other = desk.traces[a], desk.traces[b]
    if desk.origin_of[other.record.id] != other.record.id:
        return None
    one_outlet = outlets.outlet(one.record) == outlets.outlet(other.record)
    if one_outlet and not copies.one_head(one.subject, other.subject):
        return None
    if not copies.told_again(desk.face(a), desk.face(b)):
        return None
    return "one outlet, told again" if one_outlet else "one owner, told again"


# --- claims ----------------------------------------------------------------------------------------------------------


def credit(
    claims: Sequence[Claim],
    records: Sequence[Record],
    origin_of: Mapping[str, str],
    memory: Traces | None = None,
) -> tuple[Claim, ...]:
    """`claims`, those made on another's word with that one's origin; `origin_of`: record id to origin.

    "..., Harbour Wire reports" counts as Harbour Wire's where a record of it among `records`, not later, says most of
    it; a sentence that stands word for word in an earlier record of another origin counts as of that.
    """
    ordered = (memory or Traces()).any(sorted(records, key=lambda one: (one.published, one.id)))
    by_name: dict[str, list[Record]] = defaultdict(list)
    for one in ordered:
        for name in sorted(one.aliases):
            by_name[name].append(one.record)
    told = {claim.id: key for claim in claims if (key := _wording(claim.text))}
    first = _first_told(frozenset(told.values()), ordered)
    taken = []
    for claim in claims:
        own = origin_of.get(claim.record_id, claim.record_id)
        source = _source_of(claim, by_name) or first.get(told.get(claim.id, ""))
        origin = origin_of.get(source.id, source.id) if source else own
        later = source is not None and source.id != claim.record_id and source.published <= claim.published
        taken.append(replace(claim, origin_id=origin) if later and origin != own else claim)
    return tuple(taken)


def _wording(sentence: str) -> str:
    """A sentence as it is recognised, empty where too few of its words are the writer's own."""
    spans = quotes.find(sentence)
    words = tokens(sentence)
    outer = [span for span in spans if not any(one.start < span.start < one.end for one in spans)]
    quoted = sum(len(tokens(sentence[span.start : span.end])) for span in outer)
    return traces.wording(words) if len(words) - quoted >= traces.VERBATIM else ""


def _first_told(wanted: frozenset[str], ordered: Sequence[Trace]) -> dict[str, Record]:
    """Wording -> the earliest record that holds it as a sentence."""
    if not wanted or not ordered:
        return {}
    names = sorted(wanted)
    codes = traces.coded(names)
    held, holder = traces.holders(ordered, lambda one: one.wordings, np.unique(codes))
    every, first = np.unique(held, return_index=True)  # the first of each: they stand in order of time
    earliest = dict(zip(every.tolist(), holder[first].tolist(), strict=True))
    return {
        name: ordered[earliest[code]].record
        for name, code in zip(names, codes.tolist(), strict=True)
        if code in earliest
    }


def _source_of(claim: Claim, by_name: Mapping[str, Sequence[Record]]) -> Record | None:
    """The earliest record of the outlet that a claim names as its speaker, where it tells most of the claim."""
    if not claim.speaker:
        return None
    told = set(content(claim.text)) - set(content(claim.speaker))
    for record in by_name.get(outlets.folded(claim.speaker), ()):
        if record.id != claim.record_id and record.published <= claim.published:
            given = set(content(record.text[:20_000]))
            if len(told) >= 3 and len(told & given) >= 0.6 * len(told):
                return record
    return None
