"""Echoes: our own stories as texts that others may copy, so that what comes back to us is not taken for a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC

from pipeline.domain import Record, Story, TextQuality


def texts(stories: Iterable[Story], site: str) -> tuple[tuple[Record, str], ...]:
    """Stories as records of an outlet called `site`, each with the origin that most of its citations rest on.

    Ties go to the origin that is cited first. A story without citations, or a site without a name, echoes nothing.
    """
    found = []
    for story in stories:
        counts = Counter(citation.origin_id for citation in story.citations)
        if counts and site:
            found.append((_record(story, site), counts.most_common(1)[0][0]))
    return tuple(found)


def _record(story: Story, site: str) -> Record:
    """A story's words as a record: its headline, then its sentences in order, without the computed ones."""
    said = [sentence for section in story.sections for paragraph in section.paragraphs for sentence in paragraph]
    lead = [story.dek] if story.dek else []
    body = list(dict.fromkeys(one.text for one in (*lead, *said) if one.computation is None))
    return Record(
        id=story.id,
        source=site,
        platform="ours",
        kind="article",
        native_id=story.id,
        url=None,
        publisher=site,
        author=None,
        title=story.headline.text,
        text=f"{story.headline.text}\n\n{' '.join(body)}",
        quality=TextQuality.FULL,
        lang=story.lang,
        published=story.written.astimezone(UTC),
        fetched=story.written.astimezone(UTC),
    )
