"""A story in other forms, for a card, a briefing, a post, an e-mail, of its own printed sentences; and its length.

Whole sentences that passed the gate are taken, never cut and never joined by words of ours, so that what is said of a
story elsewhere is what the story says. Only such as stand by themselves are: dek, key points, then the first sentences
of paragraphs of the body. A card stands under its headline and tells what that does not; a blurb stands alone and
begins with what bears the headline out; a post opens with the headline. What no sentence fits stays empty. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.domain import Length, Section, Sentence, Story, Variants
from pipeline.language import words
from pipeline.language.readability import reading

CARD = 2  # sentences
BLURB = 80  # words
POST = 280  # characters, a link not counted
SUBJECT = 78  # characters that a line of an e-mail's head should hold (RFC 5322, 2.1.1)
TEASER = 160  # characters that a list of e-mails may show
_READS = " headline reads: "  # how a headline is quoted as one (pipeline/compose/forms.py)
EARLIER = "Earlier"  # the heading of what is told for background (pipeline/compose/layout.py)
SAME = 0.6  # share of the shorter's content words from which two sentences tell a reader the same


def of(headline: Sentence, dek: Sentence | None, short_title: str, sections: Sequence[Section]) -> Variants:
    """The forms of a story that has these parts."""
    told = _distinct([s.text for s in _standing(dek, sections)])
    fresh = [text for text in told if not _alike(text, headline.text)] or told[:1]
    return Variants(
        card=" ".join(fresh[:CARD]),
        blurb=_within([*(t for t in told if t not in fresh), *fresh], lambda text: len(text.split()) <= BLURB),
        post=_within([stopped(headline.text), *fresh], lambda text: len(text) <= POST),
        subject=headline.text if len(headline.text) <= SUBJECT else short_title[:SUBJECT],
        teaser=_within(fresh, lambda text: len(text) <= TEASER),
    )


def measured(sections: Sequence[Section], lang: str) -> Length:
    """How long a story is to read and how hard; key points are left out, they are said again below."""
    parts = [section for section in sections if section.role != "takeaways"]
    return reading([s.text for section in parts for paragraph in section.paragraphs for s in paragraph], lang)


def made_of(text: str, pieces: Iterable[str]) -> bool:
    """Whether `text` is some of `pieces`, one after the other with a space between; empty text is."""
    known = sorted(set(pieces), key=lambda piece: (-len(piece), piece))
    left = [text]
    while left:
        rest = left.pop()
        if not rest:
            return True
        for piece in known:
            if piece and rest.startswith(piece) and rest[len(piece) : len(piece) + 1] in {"", " "}:
                left.append(rest[len(piece) + 1 :])
    return False


def foreign(story: Story) -> tuple[str, ...]:
    """Names of the forms of a story that hold what none of its printed sentences is."""
    body = [s.text for section in story.sections for paragraph in section.paragraphs for s in paragraph]
    dek = [story.dek.text] if story.dek else []
    pieces = [story.headline.text, stopped(story.headline.text), story.short_title, *dek, *body]
    forms = story.variants
    named = {"card": forms.card, "blurb": forms.blurb, "post": forms.post, "teaser": forms.teaser}
    wrong = [name for name, text in named.items() if not made_of(text, pieces)]
    return (*wrong, *(["subject"] if forms.subject not in {"", story.headline.text, story.short_title} else []))


def stopped(headline: str) -> str:
    """A headline with a full stop, to stand before sentences."""
    return headline if headline.endswith((".", "!", "?", '."', ".”")) else headline + "."


def _standing(dek: Sentence | None, sections: Sequence[Section]) -> Iterator[Sentence]:
    """Cited sentences that stand by themselves, the best first."""
    found = [dek] if dek is not None else []
    found += [s for section in sections if section.role == "takeaways" for p in section.paragraphs for s in p]
    fresh = (section for section in sections if section.role == "body" and section.heading != EARLIER)
    found += [paragraph[0] for section in fresh for paragraph in section.paragraphs if paragraph]
    cited = (s for s in found if s.citations and s.computation is None)
    return iter(sorted(cited, key=lambda s: _READS in s.text))  # a quoted headline last


def _distinct(texts: Sequence[str]) -> list[str]:
    """The texts without those that tell what an earlier one told."""
    kept: list[str] = []
    for text in texts:
        if not any(_alike(text, other) for other in kept):
            kept.append(text)
    return kept


def _alike(one: str, other: str) -> bool:
    a, b = set(words.content(one)), set(words.content(other))
    return len(a & b) >= SAME * min(len(a), len(b))


def _within(texts: Sequence[str], fits: Callable[[str], bool]) -> str:
    """The texts in order, each that still fits."""
    kept: list[str] = []
    for text in texts:
        if fits(" ".join([*kept, text])):
            kept.append(text)
    return " ".join(kept)
