"""What is new tonight, what newer words have overtaken, and what only reacts: the order of an inverted pyramid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.compose.readable import alternatives
from pipeline.domain import Claim, Dossier, FindingState, Hedge, Record
from pipeline.language import dates, words

FRESH = timedelta(hours=20)  # before the newest record: with it, the news of a first version
LATEST = timedelta(hours=10)  # before the newest record: news still, though an early version had it
BACKFILLED = timedelta(days=3)  # a record read tonight that is older than this is no news
PAST = timedelta(days=60)  # before its publication: what a claim announces for such a day, an old article announced
PASSING = timedelta(hours=3)  # after which what was about to happen may have happened
LATER = timedelta(hours=1)  # what makes one statement newer than another
_DONE = 0.6  # share of a prospect's content words in a newer plain statement: it has come about

_PROSPECT = alternatives(
    "set_to on_course_(?:to|for) on_track_(?:to|for) poised_(?:to|for) about_to expected_to"
    " prepar(?:es?|ing)_(?:to|for)"
    " brac(?:es?|ing)_for faces? looms? looming scheduled_to due_to_[a-z]+ likely_to ready_to"
    " (?:hope|plan|seek|want)s?_to"
    " will would could may might to_(?:vote|decide|meet|appear|begin|start|face|hear|announce|rule)"
)
_REACTION = alternatives(
    r"welcom(?:e[sd]?|ing) critici[sz]\w+ condemn\w* prais\w+ applaud\w* hail(?:s|ed) slam\w* blast(?:s|ed)"
    r" denounc\w+ thank(?:s|ed) mourn\w* disappoint\w* react(?:s|ed|ion\w*) regret\w* congratulat\w+ lament\w*"
    r" cheer(?:s|ed) disgrace\w* called_(?:the|it)"
)
_AHEAD = re.compile(rf"\b{_PROSPECT}\b", re.IGNORECASE)
_REACTS = re.compile(rf"\b{_REACTION}\b", re.IGNORECASE)
_UNDER_WAY = re.compile(
    r"\b(?:is|are) (?:now |currently |still )?(?:voting|meeting|deciding|debating|considering|preparing|resuming)\b"
    r"|\b(?:introduces?|vows?|threatens?|moves) (?:a |the )?(?:motion|to)\b",
    re.IGNORECASE,
)
_SCALE = alternatives(
    "percent per_cent million billion trillion weeks? days? months? years? hours? megawatts? gigawatts? [MG]W"
)
_VALUE = rf"((?:[$€£]?\d[\d.,]*%?|(?:the )?(?:spring|summer|autumn|fall|winter))(?: (?:of \d{{4}}|{_SCALE}|[A-Z]\w+))?)"
_MOVED = (
    re.compile(rf"\bfrom {_VALUE} to {_VALUE}"),
    re.compile(rf"\bto {_VALUE} from {_VALUE}"),
)


@dataclass(frozen=True, slots=True)
class Night:
    """Which records of a dossier are tonight's news, and which of its claims newer ones have overtaken."""

    news: frozenset[str]  # record ids
    overtaken: frozenset[str]  # claim ids
    first: datetime  # when the first and the last of tonight's records were published
    last: datetime

    @staticmethod
    def of(dossier: Dossier) -> Night:
        """The night of a dossier."""
        newest = max((r.published for r in dossier.records.values()), default=dossier.now)
        fresh = frozenset(r.id for r in dossier.records.values() if _new(r, dossier, newest))
        times = [dossier.records[key].published for key in fresh] or [newest]
        return Night(fresh, overtaken(dossier), min(times), max(times))

    def late(self, record: Record) -> float:
        """How late in the night a record was published: 0 for the first, 1 for the last; 0 where all came at once."""
        span = self.last - self.first
        return min(1.0, max(0.0, (record.published - self.first) / span)) if span > LATER else 0.0

    def passed(self, claim: Claim) -> bool:
        """Whether a claim told of what was under way or to come, and the night went on for hours after it."""
        return self.last - claim.published >= PASSING and (ahead(claim) or bool(_UNDER_WAY.search(claim.text)))

    def new(self, record: Record) -> bool:
        """Whether a record is tonight's."""
        return record.id in self.news


def _new(record: Record, dossier: Dossier, newest: datetime) -> bool:
    """Of the newest record's hours; after a version also what was read since and is not old."""
    if dossier.previous is None:
        return record.published >= newest - FRESH
    since = dossier.previous.written
    read_since = record.fetched > since and record.published > since - BACKFILLED
    return read_since or record.published >= newest - LATEST


def ahead(claim: Claim) -> bool:
    """Whether a claim tells of what is to come."""
    return claim.hedge in {Hedge.PLANS, Hedge.EXPECTS, Hedge.COULD} or bool(_AHEAD.search(claim.text))


def reacts(text: str) -> bool:
    """Whether a statement tells how somebody took what another statement tells."""
    return bool(_REACTS.search(text))


def overtaken(dossier: Dossier) -> frozenset[str]:
    """Claims that a newer one of another record leaves behind: its finding was superseded, its number or date was
    moved ("from X to Y"), or what it announced has come about; and those that announce what was due long ago."""
    gone = {c for f in dossier.findings if f.state is FindingState.SUPERSEDED for c in f.claim_ids}
    claims = sorted(dossier.claims.values(), key=lambda c: (c.published, c.id))
    content = {c.id: frozenset(words.content(c.text)) for c in claims}
    moves = [(c, old, new) for c in claims for old, new in _moves(c.text)]
    plain = [c for c in claims if not ahead(c)]
    for claim in claims:
        own = content[claim.id]
        moved = any(
            _newer(other, claim)
            and _holds(claim.text, old)
            and not _holds(claim.text, new)
            and _kin(own, other, content)
            for other, old, new in moves
        )
        if (
            moved
            or _long_due(claim)
            or (ahead(claim) and any(_newer(o, claim) and _come(own, content[o.id]) for o in plain))
        ):
            gone.add(claim.id)
    return frozenset(gone)


def _long_due(claim: Claim) -> bool:
    """Whether a claim tells of what is to come and every day it names was over long before it was published."""
    days = [dates.bounds(day.value) for day in claim.dates]
    last = (claim.published - PAST).date()
    return bool(days) and ahead(claim) and all(day is not None and day[1] < last for day in days)


def _newer(other: Claim, claim: Claim) -> bool:
    return other.record_id != claim.record_id and other.published - claim.published >= LATER


def _moves(text: str) -> list[tuple[str, str]]:
    """(old, new) values of a statement that tells of a change."""
    found = [(m.group(1), m.group(2)) for m in _MOVED[0].finditer(text)]
    found.extend((m.group(2), m.group(1)) for m in _MOVED[1].finditer(text))
    return [(old, new) for old, new in found if not re.fullmatch(r"\d{1,2}", old)]


def _holds(text: str, value: str) -> bool:
    return re.search(rf"(?<![\w.,]){re.escape(value.casefold())}(?!\w|[.,]\d)", text.casefold()) is not None


def _kin(own: frozenset[str], other: Claim, content: dict[str, frozenset[str]]) -> bool:
    """Whether two statements are of the same thing: two content words besides their numbers."""
    return len({w for w in own & content[other.id] if not any(ch.isdigit() for ch in w)}) >= 2


def _come(own: frozenset[str], newer: frozenset[str]) -> bool:
    """Whether a newer plain statement says most of what a prospect says."""
    return len(own & newer) >= max(3, _DONE * len(own))
