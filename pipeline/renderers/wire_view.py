"""The signals wire: what was measured each night, fired or held, with its figures, its evidence and why it was held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain import Record, Signal, Weighted, digest
from pipeline.edition import Edition
from pipeline.renderers import phrases, signal_words
from pipeline.renderers.entity_kin import publisher_of
from pipeline.renderers.places import Places, part
from pipeline.renderers.sentences import Link, outward

MAX_EVIDENCE = 6
RARE, SURE = 1e-9, 0.99  # beyond these a figure says nothing more
KINDS = {
    "novelty": "somebody tells what neither this story nor recent reports had told",
    "velocity": "more independent reports on one story than usual, and not in one burst",
    "volume_anomaly": "more independent reports than usual on a beat, or from a source",
    "divergence": "platforms or publishers judge one thing differently, by more than chance",
    "sentiment_shift": "a story is judged otherwise than it was",
    "register_shift": "a story is spoken of in another manner than it was",
    "entity_surge": "a firm, a place or a public person is named more than usual",
    "phrase_trending": "a phrase is used more than usual, or for the first time",
    "corroboration": "enough independent sources tell the same",
    "contradiction": "two sources disagree on one thing: a number, a date, yes or no",
    "cross_beat": "stories of two beats have begun to share names",
    "split": "one story has become two",
    "merge": "two stories have become one",
}


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A claim or record that a signal rests on, with its share of the score."""

    percent: str
    title: str
    publisher: str
    time: str
    note: str
    lang: str | None
    link: Link | None


@dataclass(frozen=True, slots=True)
class WireSignal:
    """A signal with all its figures. `against` are score and threshold as lengths of two bars of at most 100."""

    anchor: str
    kind: str
    label: str
    severity: str
    says: str
    summary: str
    title: str
    href: str | None
    figures: tuple[tuple[str, str], ...]  # name, value
    against: tuple[str, str]
    window: str
    held: str
    evidence: tuple[EvidenceRow, ...]
    unseen: str  # evidence that is not shown, in words


@dataclass(frozen=True, slots=True)
class Night:
    """A night in the list of nights."""

    date: str
    date_iso: str
    href: str
    fired: int
    held: int
    current: bool


@dataclass(frozen=True, slots=True)
class WirePage:
    """The wire of one night, strongest signals first; in front all nights there are, else the two beside it."""

    date: str
    date_iso: str
    fired: tuple[WireSignal, ...]
    held: tuple[WireSignal, ...]
    reasons: tuple[tuple[str, int], ...]  # why signals were held: how many each
    nights: tuple[Night, ...]
    earlier: str | None
    later: str | None
    kinds: tuple[tuple[str, str, int], ...]  # kind, what it is, how many tonight


def by_night(edition: Edition) -> dict[date, tuple[Signal, ...]]:
    """Signals by the day on which their window ended, the newest first."""
    nights: dict[date, list[Signal]] = defaultdict(list)
    for signal in edition.signals:
        nights[signal.window_end.date()].append(signal)
    return {when: tuple(sorted(nights[when], key=strength)) for when in sorted(nights, reverse=True)}


def strength(signal: Signal) -> tuple[int, float, str, str]:
    """Sort key: the most severe first, within that what is most above its threshold."""
    rank = {"high": 0, "medium": 1, "low": 2}
    return (rank.get(signal.severity, 3), -(signal.score / (signal.threshold or 1.0)), signal.kind, signal.id)


def address(when: date) -> str:
    """Where the wire of one night stands."""
    return f"signals/{when.isoformat()}/index.html"


def anchor(signal: Signal) -> str:
    """The place of a signal on its night's page."""
    return f"s-{part(signal.id, 'signal')}"


def subject_of(signal: Signal, edition: Edition, places: Places) -> tuple[str | None, str]:
    """Address and name of what a signal is about, where a page of the site is about it."""
    stories = places.by_storyline.get(signal.subject, ())
    if stories:
        return places.story(stories[0]), stories[0].short_title
    if (beat := places.beat(signal.subject)) and signal.about in {"storyline", "beat"}:
        return beat, signal.subject
    if signal.about == "source" and signal.subject in {source.name for source in edition.settings.sources}:
        return "sources/index.html", signal.subject
    if signal.about == "entity" and (heir := places.heirs.get(signal.subject)):
        return f"entities/{places.entities[heir]}/index.html", edition.featured.entities[heir].name
    return None, ""


def wire_page(
    when: date | None, edition: Edition, places: Places, nights: Mapping[date, Sequence[Signal]], *, front: bool = False
) -> WirePage:
    """The wire of the night `when`; None: there was none yet. `nights` is what `by_night` gives."""
    tonight = nights.get(when, ()) if when else ()
    views = [_signal(signal, edition, places) for signal in tonight]
    earlier, later = _beside(when, nights)
    return WirePage(
        date=phrases.weekday(when) if when else "",
        date_iso=when.isoformat() if when else "",
        fired=tuple(view for view in views if not view.held),
        held=tuple(view for view in views if view.held),
        reasons=_counted(signal.held for signal in tonight if signal.held),
        nights=tuple(_night(day, nights[day], day == when) for day in nights) if front else (),
        earlier=None if front or earlier is None else address(earlier),
        later=None if front or later is None else address(later),
        kinds=tuple(
            (signal_words.label(kind), KINDS.get(kind, ""), number)
            for kind, number in _counted(signal.kind for signal in tonight)
        ),
    )


def _night(day: date, signals: Sequence[Signal], current: bool) -> Night:
    held = sum(1 for signal in signals if signal.held)
    return Night(phrases.day(day), day.isoformat(), address(day), len(signals) - held, held, current)


def _beside(when: date | None, nights: Mapping[date, Sequence[Signal]]) -> tuple[date | None, date | None]:
    """The nights before and after `when`."""
    order = list(nights)  # the newest first
    if when is None or when not in nights:
        return None, None
    at = order.index(when)
    return (order[at + 1] if at + 1 < len(order) else None), (order[at - 1] if at else None)


def rests_on(when: date, edition: Edition, places: Places, nights: Mapping[date, Sequence[Signal]]) -> str:
    """Digest of what the page of one night depends on besides templates and settings."""
    told: list[object] = [when, _beside(when, nights)]
    for one in nights[when]:
        owners = [edition.owners.get(row.id, "") for row in one.evidence]
        told += [edition.tokens[owner] for owner in owners if owner]
        records = (_record(row, edition) for row, owner in zip(one.evidence, owners, strict=True) if not owner)
        told.append((one.id, one.summary, one.held, one.confidence, subject_of(one, edition, places)))
        told += [(r.id, r.title, r.publisher, r.published, r.url, r.lang) for r in records if r is not None]
    return digest("wire", repr(told), size=32)


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = defaultdict(int)
    for word in words:
        counts[word] += 1
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _signal(signal: Signal, edition: Edition, places: Places) -> WireSignal:
    href, title = subject_of(signal, edition, places)
    rows = [_row(row, edition) for row in sorted(signal.evidence, key=lambda row: (-row.weight, row.id))]
    shown = [row for row in rows if row is not None][:MAX_EVIDENCE]
    rest = len(rows) - len(shown)
    peak = max(signal.score, signal.threshold, 1e-9)
    figures = [
        ("score", phrases.figure(signal.score)),
        ("threshold", phrases.figure(signal.threshold)),
        ("baseline", phrases.figure(signal.baseline)),
        ("n", f"{signal.n:,}"),
    ]
    if signal.confidence is not None:
        figures.append(("confidence", f"{signal.confidence:.2f}" if signal.confidence < SURE else f"over {SURE}"))
    if signal.chance is not None:
        figures.append(("by chance", _chance(signal.chance)))
    return WireSignal(
        anchor=anchor(signal),
        kind=signal.kind.replace("_", " "),
        label=signal_words.label(signal.kind),
        severity=signal.severity,
        says=signal_words.sentence(signal),
        summary=signal_words.without_subject(signal.summary),
        title=title or signal_words.subject_in(signal.summary),
        href=href,
        figures=tuple(figures),
        against=(f"{100 * max(signal.score, 0) / peak:.1f}", f"{100 * max(signal.threshold, 0) / peak:.1f}"),
        window=f"{phrases.stamp(signal.window_start)} to {phrases.stamp(signal.window_end)}",
        held=signal.held or "",
        evidence=tuple(shown),
        unseen=f"{phrases.count(rest, 'more row')} of evidence in the store" if rest else "",
    )


def _chance(chance: float) -> str:
    """A probability as readers take it: once in so many."""
    if chance <= RARE:
        return f"under 1 in {1 / RARE:,.0f}"
    return f"1 in {1 / chance:,.0f}" if chance < 0.5 else phrases.figure(chance)


def _record(row: Weighted, edition: Edition) -> Record | None:
    """The record of an evidence row: a claim's, or the one that it names."""
    claim = edition.claims.get(row.id)
    return edition.records.get(claim.record_id if claim else row.id) or edition.witnesses.get(row.id)


def _row(row: Weighted, edition: Edition) -> EvidenceRow | None:
    record = _record(row, edition)
    if record is None:
        return None
    return EvidenceRow(
        percent=f"{100 * row.weight:.0f} %",
        title=record.title or "Untitled",
        publisher=publisher_of(record),
        time=phrases.stamp(record.published),
        note=row.note,
        lang=record.lang if record.lang and record.lang != edition.settings.site.lang else None,
        link=outward(record.url),
    )
