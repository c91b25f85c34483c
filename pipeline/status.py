"""Where a story stands when a version of it is written: breaking, developing, ongoing or resolved, by rule.

* resolved: the version is its story's last (newsroom/closing.py: merged into another, or silent for `close_days`);
* breaking: its first record is at most a day older than the version, and three or more origins tell it;
* ongoing: its first record is more than a week older;
* developing: anything else.

The rule reads the counts that the version ships, so anyone can apply it again. A page shows "breaking" for two days at
most, however long no newer version comes. Pure.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.domain import Ending, Status, Story, StoryCounts

NEW = timedelta(hours=24)  # first record to version, of what breaks
HEARD = 3  # origins without which nothing is called breaking
LONG = timedelta(days=7)
SHOWN = timedelta(hours=48)  # after which a page no longer says "breaking"


def status(counts: StoryCounts, written: datetime, ending: Ending | None = None) -> Status:
    """The status of a version with these counts."""
    if ending is not None:
        return Status.RESOLVED
    age = written - counts.window_start
    if age <= NEW and counts.origins >= HEARD:
        return Status.BREAKING
    return Status.ONGOING if age > LONG else Status.DEVELOPING


def shown(story: Story, now: datetime) -> Status:
    """What a page of `now` says of a version."""
    stale = story.status is Status.BREAKING and now - story.written > SHOWN
    return Status.DEVELOPING if stale else story.status
