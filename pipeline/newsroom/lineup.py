"""The lineup: which places a night has left, for how many stories of one beat and of one storyline's family.

Pure bookkeeping: limits come from settings, what takes a place is told it by the write stage.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipeline.settings import Settings


@dataclass(slots=True)
class Lineup:
    """The places of one night. A desk of one beat has no limit for it, nor have stories of no beat: it would only empty
    the pages."""

    settings: Settings
    beats: Counter[str] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    stories: int = 0

    def full(self, beat: str, family: str) -> str:
        """Why one more story of `beat` and `family` has no place, in plain words; empty where it has one."""
        most, limits = self.settings.write.max_stories, self.settings.ranking
        if self.stories >= most:
            return f"over the night's {_stories(most)}"
        limited = len(self.settings.beats) > 1 and beat in {known.name for known in self.settings.beats}
        if limited and self.beats[beat] >= limits.beat_stories:
            return f"over {_stories(limits.beat_stories)} of the beat {beat}"
        if self.families[family] >= limits.storyline_stories:
            return f"over {_stories(limits.storyline_stories)} of one storyline and what split from it"
        return ""

    def take(self, beat: str, family: str) -> None:
        """A story of `beat` and `family` has its place."""
        self.stories += 1
        self.beats[beat] += 1
        self.families[family] += 1


def _stories(number: int) -> str:
    return f"{number} story" if number == 1 else f"{number} stories"
