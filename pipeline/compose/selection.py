"""Selection: from the findings of a storyline to points, one printable claim for each, best first, none said twice.

The score of a point is a sum of named terms; ties fall to the earlier claim, then to the id.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import timedelta

from pipeline.compose.central import Central, voiced
from pipeline.compose.forms import speaks_for_itself
from pipeline.compose.readable import leans, own_voice, points_back, title_case
from pipeline.compose.timing import Night, reacts
from pipeline.compose.tongues import foreign, home
from pipeline.compose.trim import Piece, pieces
from pipeline.domain import Claim, ClaimKind, Dossier, Finding, FindingState, Hedge, Record, TextQuality
from pipeline.gate.reading import read
from pipeline.gate.voices import thesis
from pipeline.language import words

_AHEAD = frozenset({Hedge.PLANS, Hedge.EXPECTS})  # a day later it may have happened
_SOFT = frozenset({Hedge.COULD, Hedge.REPORTED, Hedge.DENIES})
SAME = 0.6  # share of the shorter statement's content words beyond which two say the same
NEAR = 0.5  # share of a statement's words that makes another its echo
ESSAY = 2500  # characters from which a record argues as well as tells: what can be checked counts more there
TONIGHT = 0.8  # how much more tonight's news weighs
LATE = 0.3  # how much more the last word of a night weighs than its first
PASSED = -0.8  # for what was still to come when it was told, and later records of the night tell otherwise
ECHO_AMONG = 150  # best points that echoes are looked for among
SHARES = frozenset({"ratio", "%", "percent"})  # units of a part of a whole: such a number speaks of all
_BEST_WORDS = 20
_RHETORIC = re.compile(
    r"^(?:While|When|Whether|Even|In an? (?:world|era|industry|age)) |\b(?:era|defining|story|tells? the|signals?"
    r"|underscor\w+"
    r"|illustrat\w+|reflects?|magic|hype|like watching|looked like|tells? the)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing worth saying: a finding, the claim that says it best, and the words to say it in."""

    finding: Finding
    claim: Claim
    record: Record
    pieces: tuple[Piece, ...]
    score: float
    terms: Mapping[str, float]
    content: frozenset[str]
    new: bool = True  # of a record that is tonight's

    @property
    def piece(self) -> Piece:
        """The wording of first choice."""
        return self.pieces[0]

    @property
    def leans(self) -> bool:
        """Whether the claim opens by pointing to the sentence before it."""
        return leans(self.piece.text)

    @property
    def points_back(self) -> bool:
        """Whether the claim points to an earlier sentence somewhere inside it."""
        return points_back(self.piece.text)


def points(dossier: Dossier) -> tuple[Point, ...]:
    """All points of the dossier in its story's language, best first, without repeats and what was overtaken."""
    central, night, language = Central.of(dossier), Night.of(dossier), home(dossier)
    found: list[Point] = []
    for finding in _all_findings(dossier):
        point = _best_of(finding, dossier, central, night, language)
        if point is not None:
            found.append(point)
    found.sort(key=rank)
    return distinct(sorted(echoed(found, central.common, voiced(dossier)), key=rank))


def echoed(ordered: Sequence[Point], common: Set[str], voices: Mapping[str, str]) -> tuple[Point, ...]:
    """The points with a term for those that say nearly the same, in other voices above all: what many dwell on.

    Sharing only `common` words, which most voices use, is no echo. voices: claim id -> the origin that it counts as.
    """
    near = ordered[:ECHO_AMONG]
    out = []
    for point in ordered:
        others = [o for o in near if o is not point and echoes(point.content, o.content, common)]
        apart = {voices[o.claim.id] for o in others} - {voices[point.claim.id]}
        term = min(1.2, 0.3 * math.log2(1 + len(apart)) + 0.3 * min(2, len(others) - len(apart)))
        out.append(replace(point, score=point.score + term, terms={**point.terms, "echo": term}))
    return tuple(out)


def echoes(content: Set[str], other: Set[str], common: Set[str]) -> bool:
    """Whether `other` says nearly what `content` says: a good part of its words, two of them not common."""
    both = content & other
    return len(both) >= NEAR * len(content) and len(both - common) >= 2


def point_of(claim: Claim, dossier: Dossier) -> Point | None:
    """The point of the finding that `claim` belongs to, said in this claim's words; None when it cannot be printed."""
    finding = next((f for f in _all_findings(dossier) if claim.id in f.claim_ids), None)
    if finding is None:
        return None
    one = replace(finding, claim_ids=(claim.id,))
    return _best_of(one, dossier, Central.of(dossier), Night.of(dossier), home(dossier))


def rank(point: Point) -> tuple[float, str, str]:
    """Sort key of points: highest score, then the earlier claim, then the id."""
    return (-round(point.score, 6), point.claim.published.isoformat(), point.claim.id)


def distinct(ordered: Iterable[Point]) -> tuple[Point, ...]:
    """`ordered` without points that say what an earlier one said that can stand by itself."""
    kept: list[Point] = []
    for point in ordered:
        if not any(same(point.content, other.content) for other in kept if not other.leans):
            kept.append(point)
    return tuple(kept)


def same(a: frozenset[str], b: frozenset[str], share: float = SAME) -> bool:
    """Whether two statements, as content-word sets, say the same for a reader: `share` of the shorter's words."""
    smaller = min(len(a), len(b))
    if not smaller:
        return True
    shared = len(a & b)
    return shared / smaller >= (share if smaller >= 5 else max(share, 0.75))


def _all_findings(dossier: Dossier) -> Sequence[Finding]:
    return sorted(
        (
            f
            for f in dossier.findings
            if f.state is not FindingState.SUPERSEDED and any(c in dossier.claims for c in f.claim_ids)
        ),
        key=lambda f: f.id,
    )


def _best_of(finding: Finding, dossier: Dossier, central: Central, night: Night, language: str | None) -> Point | None:
    """The point of a finding: the claim with the highest score among those that can be printed."""
    candidates = []
    for claim_id in finding.claim_ids:
        claim = dossier.claims.get(claim_id)
        record = dossier.records.get(claim.record_id) if claim else None
        if claim is None or record is None or claim.id in night.overtaken or foreign(record, language):
            continue
        printable = pieces(claim, record)
        if printable:
            content = frozenset(words.content(printable[0].text))
            terms = {
                **_terms(finding, claim, record, printable[0], dossier),
                **_about(claim, printable[0].text, content, central),
            }
            terms["tonight"] = TONIGHT if night.new(record) else 0.0
            terms["late"] = LATE * night.late(record) if record.kind == "article" else 0.0
            terms["passed"] = PASSED if night.passed(claim) else 0.0
            score = sum(terms.values())
            candidates.append(Point(finding, claim, record, printable, score, terms, content, night.new(record)))
    return min(candidates, key=rank) if candidates else None


def _about(claim: Claim, text: str, content: frozenset[str], central: Central) -> dict[str, float]:
    """The terms that say how near a point is to what the storyline is about."""
    shares = [central.names.get(entity, 0.0) for entity in claim.entities]
    subject = central.on_subject(text)
    return {
        "names": 0.8 * max(shares, default=0.0),
        "subject": 1.5 * subject,
        "hard": min(1.0, 2.0 * subject) * (0.6 if any(q.unit for q in claim.quantities) else 0.0),
        "measure": 0.8 * max((central.units.get(q.unit, 0.0) for q in claim.quantities), default=0.0),
        "topic": 0.8 * central.topical(content),
        "echoed": 1.0 * central.echoed.get(claim.id, 0.0),
        "passing": -0.8 if central.passing(claim) else 0.0,
        "depth": 0.6 * central.depth(claim.record_id, content),
    }


def _terms(finding: Finding, claim: Claim, record: Record, piece: Piece, dossier: Dossier) -> dict[str, float]:
    """The terms of a point's score that need no look at the others."""
    text, count = piece.text, piece.words
    return {
        "worth": (1.2 if len(record.text) > ESSAY else 0.5) * claim.worth,
        "bare": -0.3 if not (claim.entities or claim.quantities) else 0.0,
        "origins": 0.6 * math.log2(max(1, len(finding.origin_ids))),
        "numbers": 0.15 * min(3, len(claim.quantities)),
        "event": 0.2
        if claim.kind in {ClaimKind.EVENT, ClaimKind.STATISTIC, ClaimKind.FORECAST} and claim.hedge not in _SOFT
        else 0.0,
        "speaker": 0.1 if speaks_for_itself(text) else 0.0,
        "fresh": 0.4 * 0.5 ** (max(0.0, (dossier.now - claim.published) / timedelta(days=1))),
        "share": 0.3 if any(q.unit in SHARES for q in claim.quantities) and claim.entities else 0.0,
        "contested": 0.4 if finding.disputes else 0.0,
        "fragment": -0.1 if piece.fragment else 0.0,
        "length": -0.02 * abs(count - _BEST_WORDS) if not 12 <= count <= 28 else 0.0,
        "headline": (-1.2 if ": " in text else -0.7) if claim.in_headline else 0.0,
        "title case": -0.9 if claim.in_headline and title_case(text) else 0.0,
        "second hand": -0.3 if record.kind in {"post", "comment"} else 0.0,
        "own voice": -0.8 if own_voice(text) else 0.0,
        "stale": -0.4 if claim.hedge in _AHEAD and dossier.now - claim.published > timedelta(days=1) else 0.0,
        "leaning": -0.9 if leans(text) else -0.3 if points_back(text) else 0.0,
        "rhetoric": -1.5 if _RHETORIC.search(text) else 0.0,
        "reaction": -0.3 if reacts(text) else 0.0,
        "opinion": -0.2 if claim.kind is ClaimKind.OPINION else 0.0,
        "thesis": -0.4 if thesis(read(text)) else 0.0,
        "thin": -0.1 if record.quality is TextQuality.TITLE else 0.0,
    }
