"""The briefing of a night as a message: headline, at most eighty words, counts, other headlines, address. Pure.

All of it is printed in the edition; nothing is written for it. `key` names the versions that it tells of, so that the
same edition built again is the same message, whatever else has been counted since.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain import Signal, Story, StoryKind, digest
from pipeline.edition import by_prominence
from pipeline.language.cleaning import line

TITLE = 140  # characters
BODY = 1_800  # characters: the shortest limit of a usual chat is 2,000
MORE = 6  # headlines beside the lead's
_MENTION = re.compile(r"@(?=\w)|<(?=[@!#&])")  # what chats take for a call to somebody


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: title and body in plain text; `key` is the same for the same news of the same night."""

    key: str
    night: date
    title: str
    body: str


def briefing(stories: Sequence[Story], signals: Sequence[Signal], *, site: str, address: str) -> Message | None:
    """The message about the newest night of `stories`, which are latest versions; None where there is none.

    `signals` are those of any time; `address`: that of the published site, "" for none.
    """
    told = [story for story in stories if story.kind is not StoryKind.BRIEFING]
    if not told:
        return None
    night = max(story.written.date() for story in told)
    mine = sorted((story for story in told if story.written.date() == night), key=by_prominence)
    lead, others = mine[0], mine[1:]
    fired = sum(1 for signal in signals if signal.window_end.date() == night and not signal.held)
    sample = "Sample, invented: " if any(story.sample for story in mine) else ""
    parts = [
        sample + plain(lead.headline.text),
        plain(lead.variants.blurb),
        _counts(mine, fired, night),
        "\n".join(f"- {plain(story.headline.text)}" for story in others[:MORE])
        + (f"\n- and {len(others) - MORE} more" if len(others) > MORE else ""),
        f"{address.rstrip('/')}/archive/{night.isoformat()}/" if address else "",
    ]
    title = plain(f"{site}: {sample}{lead.variants.subject or lead.headline.text}")
    key = "n" + digest("briefing", night.isoformat(), *sorted(story.id for story in mine))
    return Message(key, night, _cut(title, TITLE), _within(parts))


def plain(text: str) -> str:
    """`text` on one line, without anything invisible, and calling nobody in a chat."""
    return _MENTION.sub(lambda match: match[0] + "\u200b", line(text))


def _counts(mine: Sequence[Story], fired: int, night: date) -> str:
    new = sum(1 for story in mine if story.version == 1)
    updated = len(mine) - new
    told = f"{new} new {'story' if new == 1 else 'stories'}, {updated} updated"
    return f"{night.day} {night:%B %Y}: {told}, {fired} signal{'' if fired == 1 else 's'}."


def _within(parts: Sequence[str]) -> str:
    """The parts one below the other; what does not fit goes from the middle, so that the address stays."""
    kept = [part for part in parts if part]
    while len("\n\n".join(kept)) > BODY and len(kept) > 2:
        del kept[-2]
    return _cut("\n\n".join(kept), BODY)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
