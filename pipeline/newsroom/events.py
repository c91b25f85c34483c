"""Whether two stories are about one event: by their evidence, by what they say, by how they begin. One rule.

Two stories of one edition are about one event where any of these holds, tried in this order:

* evidence: both cite more than half of the records of the one that cites fewer;
* findings: of the statements that the shorter one quotes, the other makes more than half too (half or more of the
  content words of both in common, by stem);
* headlines: one says nearly what the other says (0.85 of the shorter's content words, see compose/selection.py);
* leads: the spans behind headline, dek and key points share 0.35 of the words of the shorter, words weighed by how
  rare they are (inverse document frequency, pipeline/terms.py), and at least six words.

Against stories of earlier nights only the first two count, and of the new story's own records and statements: a second
storm in the same town begins in the same words. The shares were set on stories of two nights and held on others
(docs/signals.md). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.compose.selection import same
from pipeline.domain import Sentence, Story
from pipeline.language import words
from pipeline.terms import rarity

ALIKE = 0.85  # share of the shorter headline's content words beyond which two say the same
SAYS = 0.5  # Jaccard index of content words from which two statements are one
LEADS = 0.35  # weighed share of the shorter lead's words
FEWEST = 6  # words that two leads share at least

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Telling:
    """What of a story is compared with others: cited records, quoted statements, the words it begins with."""

    name: str
    records: frozenset[str]
    statements: tuple[Words, ...]
    headline: Words
    lead: Words

    @classmethod
    def of(cls, story: Story) -> Telling:
        """The telling of a story."""
        quotes = {citation.key: citation.evidence.quote for citation in story.citations}
        leading = [key for sentence in _leading(story) for key in sentence.citations if key in quotes]
        statements = dict.fromkeys(frozenset(words.content(quote)) for quote in quotes.values())
        return cls(
            name=story.headline.text,
            records=frozenset(citation.evidence.record_id for citation in story.citations),
            statements=tuple(one for one in statements if one),
            headline=frozenset() if story.headline.computation else frozenset(words.content(story.headline.text)),
            lead=frozenset(word for key in leading for word in words.content(quotes[key])),
        )


def _leading(story: Story) -> Iterable[Sentence]:
    """Headline, dek and key points."""
    yield story.headline
    if story.dek is not None:
        yield story.dek
    for section in story.sections:
        if section.role == "takeaways":
            for paragraph in section.paragraphs:
                yield from paragraph


def one_event(a: Telling, b: Telling) -> str:
    """By what two stories of one edition are about one event: evidence, findings, headlines, leads; empty if not."""
    fewer = min(len(a.records), len(b.records))
    if 2 * len(a.records & b.records) > fewer > 0:
        return "evidence"
    short, long = sorted((a, b), key=lambda told: (len(told.statements), told.name))
    if _says(short, long):
        return "findings"
    if a.headline and b.headline and same(a.headline, b.headline, ALIKE):
        return "headlines"
    shared = a.lead & b.lead
    least = min(_weight(a.lead), _weight(b.lead))
    return "leads" if len(shared) >= FEWEST and _weight(shared) >= LEADS * least else ""


def retold(new: Telling, earlier: Telling) -> str:
    """By what a new story only tells again what an earlier night's story told: evidence or findings; empty if not."""
    if 2 * len(new.records & earlier.records) > len(new.records) > 0:
        return "evidence"
    return "findings" if _says(new, earlier) else ""


def _says(one: Telling, other: Telling) -> bool:
    """Whether more than half of the statements of `one` are made by `other` too."""
    if not one.statements:
        return False
    made = sum(any(_jaccard(mine, theirs) >= SAYS for theirs in other.statements) for mine in one.statements)
    return 2 * made > len(one.statements)


def _jaccard(a: Words, b: Words) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def _weight(lead: Words) -> float:
    return sum(rarity(word) for word in sorted(lead))
