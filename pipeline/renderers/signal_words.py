"""What a signal says to somebody who reads newspapers and not statistics; its figures stand behind it, at a touch.

Everything is said from the signal's own fields. An origin is a report that was copied from no other, so readers are
told of "independent reports"; a voice is a source. What the detector wrote (`Signal.summary`) begins with the name of
its subject, which a page that is about that subject need not repeat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.domain import Signal
from pipeline.renderers.phrases import count

LABELS: dict[str, str] = {
    "novelty": "Something new",
    "velocity": "Spreading fast",
    "volume_anomaly": "Unusually much",
    "divergence": "Judged differently",
    "sentiment_shift": "Change of tone",
    "register_shift": "Change of manner",
    "entity_surge": "Much named",
    "phrase_trending": "Phrase on the rise",
    "corroboration": "Told by several",
    "contradiction": "Sources disagree",
    "cross_beat": "Across beats",
    "split": "Divided",
    "merge": "Joined",
    "coordination": "Acting as one",
}
_COUNTED = frozenset(("velocity", "volume_anomaly", "entity_surge", "phrase_trending"))
_SAID: dict[str, str] = {
    "divergence": "outlets judge it differently, by more than chance would have it",
    "sentiment_shift": "reports judge it otherwise than they did",
    "register_shift": "reports speak of it in another manner than they did",
    "cross_beat": "it has begun to share names with another beat",
    "split": "what was one story has become two",
    "merge": "what were two stories have become one",
    "coordination": "many accounts say the same as if they were one",
}
_BODY = re.compile(r": (?=\d+ (?:origin|finding|storyline|record|account|post)s? |sources differ on )|: (?=took up \d)")
_HOURS = 72  # most that are said as hours
_DIFFER = re.compile(r"sources differ on ([a-z, ]+?) \(")


def label(kind: str) -> str:
    """A kind of signal by the name that readers are shown."""
    return LABELS.get(kind, kind.replace("_", " ").capitalize())


def without_subject(summary: str) -> str:
    """What a detector wrote, without the name of the subject in front."""
    found = _BODY.search(summary)
    return summary[found.end() :] if found else summary


def subject_in(summary: str) -> str:
    """The name of the subject that a detector's words begin with; "" where they do not."""
    found = _BODY.search(summary)
    return summary[: found.start()] if found else ""


def sentence(signal: Signal) -> str:
    """What a signal says, as a sentence of its own."""
    said = plainly(signal)
    return f"{said[:1].upper()}{said[1:]}."


def plainly(signal: Signal) -> str:
    """What a signal says, as the end of a sentence that began with its subject; no full stop."""
    if signal.kind in _COUNTED:
        return _counted(signal)
    if signal.kind == "novelty":
        return f"{count(signal.n, 'source')} {'tells' if signal.n == 1 else 'tell'} something that was not known before"
    if signal.kind == "corroboration":
        return f"{round(signal.score)} independent sources now tell the same"
    if signal.kind == "contradiction":
        found = _DIFFER.search(signal.summary)
        return f"sources disagree on {found[1]}" if found else "sources disagree"
    return _SAID.get(signal.kind, label(signal.kind).lower())


def strongest(signal: Signal) -> tuple[float, str, str]:
    """Sort key: what is most above its threshold first."""
    return (-signal.score / (signal.threshold or 1.0), signal.kind, signal.id)


def together(signals: Sequence[Signal], most: int) -> tuple[str, ...]:
    """The strongest signals that fired, one of each kind and at most `most`, each said plainly."""
    fired = sorted((s for s in signals if not s.held), key=strongest)
    kinds = {signal.kind: signal for signal in reversed(fired)}
    return tuple(plainly(signal) for signal in fired if kinds[signal.kind] is signal)[:most]


def _counted(signal: Signal) -> str:
    """How many reports came in, in which time, and how many do otherwise."""
    hours = round((signal.window_end - signal.window_start).total_seconds() / 3600)
    whose = {"entity_surge": "named in ", "phrase_trending": "used in "}.get(signal.kind, "")
    time = count(hours, "hour") if hours <= _HOURS else count(round(hours / 24), "day")
    came = f"{whose}{count(round(signal.score), 'independent report')} in {time}"
    if signal.held and not signal.baseline:
        return f"{came}; what is usual is not known yet"
    usual = round(signal.baseline)
    return f"{came}, where {f'about {usual:,} are' if usual > 1 else 'one is' if usual else 'fewer than one is'} usual"
