"""What lists and figures say of a version, remembered from one edition to the next: its words are not read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from pipeline.domain import SentenceClass, Story
from pipeline.edition import Edition
from pipeline.renderers.kin_view import printed


def classes(stories: Iterable[Story], edition: Edition) -> Mapping[SentenceClass, int]:
    """How many printed sentences of stories there are of each class."""
    found: Counter[SentenceClass] = Counter()
    for story in stories:
        told = edition.remember("classes", lambda one=story: _classes(one), story.id)  # type: ignore[misc]
        found.update({SentenceClass(name): number for name, number in told.items()})
    return found


def refused(story: Story, edition: Edition) -> list[str]:
    """The rule that refused each sentence which was left out of a version, "" where none is named."""
    rules: list[str] = edition.remember("refused", lambda: _refused(story), story.id)
    return rules


def left(story: Story, edition: Edition) -> int:
    """How many sentences were left out of a version."""
    return max(story.counts.dropped, len(refused(story, edition)))


def _classes(story: Story) -> dict[str, int]:
    return dict(Counter(sentence.kind.value for sentence in printed(story)))


def _refused(story: Story) -> list[str]:
    return [one.verdict.reasons[0].rule if one.verdict.reasons else "" for one in story.dropped]
