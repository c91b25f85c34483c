"""What many pages ask of a storyline or a version, worked out of each once, while it is at hand.

Pages about names, beats and months ask for it in no order; each would read the same things from the store again.
"""

from __future__ import annotations

from pipeline.edition import Edition
from pipeline.renderers import beat_view, search_view, site_view, storyline_index, telling
from pipeline.renderers.places import Places


def survey(edition: Edition, places: Places) -> None:
    """Have everything remembered of storylines and versions that was not; nothing where nothing can be remembered."""
    if edition.memory is None:
        return
    told = (line for line in places.by_storyline if line in edition.tokens)
    for line in edition.ready("telling", told):
        if not edition.remembers("telling", line):
            telling.of_line(line, edition)
            beat_view.records_of(edition.storylines[line], edition)
            storyline_index.counted(edition.storylines[line], edition)
    for story in edition.stories:
        if not edition.remembers("document", story.id):
            search_view.words_of(story, edition)
            site_view.drawn_of(story, edition)
