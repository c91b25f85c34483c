"""What holds of every published story, whoever wrote it; tests ask it of the demo and of nights that they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline import variants
from pipeline.compose.carrying import carried
from pipeline.compose.shapes import DISPATCH_WORDS, SHAPES
from pipeline.domain import Story, StoryKind
from pipeline.language import words


def broken(story: Story) -> Iterator[str]:
    """The laws that a story breaks, in words."""
    body = [s.text for part in story.sections if part.role == "body" for p in part.paragraphs for s in p]
    if story.headline.computation is None and not carried(story.headline.text, body):
        yield f"the body does not carry the headline {story.headline.text!r}"
    if story.dek is not None and story.dek.text not in body and not carried(story.dek.text, body):
        yield f"the body does not carry the dek {story.dek.text!r}"
    points = [s.text for part in story.sections if part.role == "takeaways" for p in part.paragraphs for s in p]
    if not set(points) <= set(body):
        yield "a key point is no sentence of the body"
    if variants.foreign(story):
        yield f"{variants.foreign(story)} hold what no sentence says"
    roles = {part.role for part in story.sections} - {"takeaways", "body"}
    if story.ending is None and not roles <= SHAPES[story.kind].parts:
        yield f"a {story.kind} has the parts {roles}"
    if story.kind is StoryKind.DISPATCH and sum(len(text.split()) for text in body) > DISPATCH_WORDS:
        yield "a dispatch of more than eighty words"
    cited = [s for part in story.sections for p in part.paragraphs for s in p if s.computation is None]
    if any(not s.citations for s in cited if s.kind != "link"):
        yield "a claim sentence without a citation"


def drifting(versions: Sequence[Story]) -> bool:
    """Whether a later version under one address has another subject: no claim and hardly a word of the first."""
    first, *later = versions
    claims, said = {c.claim_id for c in first.citations}, set(words.content(first.headline.text))
    return any(
        story.slug != first.slug
        or not (
            claims & {c.claim_id for c in story.citations}
            or len(said & {w for c in story.citations for w in words.content(c.evidence.quote)}) >= 0.2 * len(said)
        )
        for story in later
    )
