"""What kind of thing a name names: person, organisation, state body, place, product, technology, law or concept.

`names.find` says where names stand; this module says what they are, from the name's own words, from lists of
well-known names and from the words beside it. What the rules cannot tell stays "name": a wrong kind does more harm
than none. A state body is a part of a state, or one that states have set up together (ministries, courts, police,
armies, the UN, central banks); works (films, games, books) are products; beliefs, diseases, events and eras are
concepts; a demonym stands for its place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain import Mention, Span
from pipeline.language import gazetteer, names
from pipeline.language.forenames import GIVEN, SURNAMES
from pipeline.language.keys import fold
from pipeline.language.kindcues import (
    ACRONYM,
    AFTER,
    BEFORE,
    EVENT_WORDS,
    FIRM_WORDS,
    LAW_WORDS,
    PLACE_HEADS,
    PRODUCT_WORDS,
    STATE_WORDS,
)
from pipeline.language.lexicon import COMMON, CORPORATE, DEMONYMS, MASS, OPENERS, ORGANISATION, PARTICLES, PLACE
from pipeline.language.verbs import is_finite

KINDS = ("person", "organisation", "state body", "place", "product", "technology", "law", "concept")
UNTOLD = "name"

_BESIDE = 48  # characters beside a name that are read
_FAITHS = frozenset(
    "islamic christian christians jewish muslim muslims catholic hindu arab arabs latin western".split()
)
_POSTS = frozenset(
    "speaker principal president chairman chairwoman minister secretary ceo director senator governor officer manager "
    "commissioner spokesman spokeswoman spokesperson professor chancellor ambassador editor".split()
)
_WIDE = frozenset("western eastern northern southern".split())
_SHOUTED = re.compile(r"[A-Z]{2,}[^a-z]{0,40}$")
_TERM_EDGE = re.compile(r"\w")
_THOUSANDS = re.compile(r",\d{3}")
_CREDITED = re.compile(r"/[A-Z]")
_RUNNING = re.compile(r"(?:^|\s)(?!in |at |near |from )[a-z]+,? $")
_ON_A_NAME = re.compile(r"[’']?s? [A-Z(]|-|[’']s")
_PLAIN = frozenset().union(COMMON, MASS, OPENERS, DEMONYMS, PRODUCT_WORDS, EVENT_WORDS, PLACE_HEADS, PLACE)
_ENGLISH = (
    *(
        "tion",
        "sion",
        "ment",
        "ness",
        "ity",
        "ism",
        "ance",
        "ence",
        "ship",
        "hood",
        "ing",
        "ed",
        "ic",
        "ics",
        "ous",
        "ive",
    ),
    *(
        "able",
        "ible",
        "ful",
        "less",
        "al",
        "ly",
        "ers",
        "ors",
        "ts",
        "ns",
        "ds",
        "ps",
        "ls",
        "gs",
        "ms",
        "ys",
        "rs",
        "ks",
    ),
)
_CAMEL = re.compile(r"[A-Z][a-z]+[A-Z][A-Za-z]+")
_AI = re.compile(r"\bA\.?I\b\.?(?!\w)")


def find(text: str, lang: str | None = None) -> tuple[Mention, ...]:
    """The mentions of `names.find` with their kinds, and technologies and concepts that are written without capitals.

    In order, not overlapping, in time linear in `text`.
    """
    return tell(text, names.find(text, lang))


def tell(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """`mentions` of `text` with their kinds, and the known terms between them."""
    alone = [_kind(text, mention) for mention in mentions]
    voted = _by_key(mentions, alone)
    people = _people(mentions, voted)
    told = []
    for mention, kind in zip(mentions, voted, strict=True):
        words = mention.key.split()
        if len(words) == 1 and words[0] in people and kind in (UNTOLD, "place", "person"):
            kind = "person"  # noqa: PLW2901
        told.append(replace(mention, kind=kind))
    return tuple(sorted([*told, *_terms(text, mentions)], key=lambda mention: mention.span.start))


def _by_key(mentions: Sequence[Mention], kinds: Sequence[str]) -> list[str]:
    """One kind for all mentions of one key in a text: the commonest that was told, ties to the earliest."""
    votes: dict[str, Counter[str]] = {}
    for mention, kind in zip(mentions, kinds, strict=True):
        votes.setdefault(mention.key, Counter())
        if kind != UNTOLD:
            votes[mention.key][kind] += 1
    best = {key: counted.most_common(1)[0][0] if counted else UNTOLD for key, counted in votes.items()}
    return [best[mention.key] for mention in mentions]


def _people(mentions: Sequence[Mention], kinds: Sequence[str]) -> frozenset[str]:
    """Family and given names of the people that a text names in full."""
    found: set[str] = set()
    for mention, kind in zip(mentions, kinds, strict=True):
        words = mention.key.split()
        if kind == "person" and len(words) > 1:
            found.add(words[-1])
            if words[0] in GIVEN:
                found.add(words[0])
    return frozenset(found)


def _kind(text: str, mention: Mention) -> str:
    """The kind of one mention where it stands."""
    words = mention.key.split()
    before = text[max(0, mention.span.start - _BESIDE) : mention.span.start]
    after = text[mention.span.end : mention.span.end + _BESIDE]
    return (
        _known(mention, words, before)
        or _by_words(mention, words)
        or _by_person(mention, words, before, after)
        or _by_head(mention, words, after)
        or _beside(mention, words, before, after)
        or UNTOLD
    )


def _known(mention: Mention, words: Sequence[str], before: str) -> str | None:
    """The kind of a well-known name, unless a title before it says that it is a person."""
    if mention.kind == "person" and len(words) == 1:
        return "person"
    found = gazetteer.kinds().get(mention.key)
    if found is None and mention.key.endswith("s") and mention.text[-1] == "s":
        found = next((kind for kind in [gazetteer.kinds().get(mention.key[:-1])] if kind == "product"), None)
    if found is None and mention.text.endswith(")"):
        return None
    if found is None and words[0] in ("us", "uk", "british", "american") and len(words) > 1:
        found = gazetteer.kinds().get(" ".join(words[1:]))
    if found in ("product", "organisation") and len(words) == 1 and BEFORE["person"].search(before):
        return "person"
    return found


def _by_words(mention: Mention, words: Sequence[str]) -> str | None:  # noqa: PLR0911 - one return per rule
    """The kind that a name's own words give away."""
    last, inside = words[-1], set(words)
    if len(words) > 1 and last in PLACE - SURNAMES:
        return "place"
    if len(words) > 1 and words[0] in GIVEN and not inside & (ORGANISATION | STATE_WORDS | FIRM_WORDS | {"act"}):
        return None  # a person, or named after one: _by_person decides
    if len(words) > 1 and (last in LAW_WORDS or " act of " in mention.key):
        return "law"
    if re.fullmatch(r"(?:section|article|title|proposition|prop) (?:\d+|[ivx]+)", mention.key):
        return "law"
    if last in EVENT_WORDS or (len(words) > 1 and words[-2] in EVENT_WORDS and last[0].isdigit()):
        return "concept"
    if _ends_corporate(mention.text):
        return "organisation"
    if len(words) > 1 and (last in STATE_WORDS or words[0] in STATE_WORDS) and not inside & {"news", "press", "party"}:
        return "state body"
    if "committee" in inside and inside & {"house", "senate", "select", "parliamentary", "judiciary", "oversight"}:
        return "state body"
    if len(words) > 1 and (last in PLACE or words[0] in PLACE_HEADS):
        return "place"
    heads = words[: words.index("of")] if "of" in words else words
    if len(words) > 1 and (
        (heads[-1:] and heads[-1] in ORGANISATION | FIRM_WORDS) or last in ORGANISATION | FIRM_WORDS
    ):
        return "organisation"
    if all(word in DEMONYMS for word in words):
        return "concept" if words[0] in _FAITHS else UNTOLD if words[0] in _WIDE else "place"
    return None


def _ends_corporate(name: str) -> bool:
    """Whether a name ends like a company ("Inc.", "GmbH")."""
    parts = name.split()
    return len(parts) > 1 and (fold(parts[-1].rstrip(".,")) in CORPORATE - {"co", "se", "sa"} or parts[-1] == "Co.")


def _by_person(mention: Mention, words: Sequence[str], before: str, after: str) -> str | None:  # noqa: PLR0911
    """Whether a name is a person's: by title, given name, family name, or what it is said to do."""
    plain = all(word.replace("-", "").replace("'", "").isalpha() or len(word) == 1 for word in words)
    if not plain or set(words) & (ORGANISATION | FIRM_WORDS | STATE_WORDS) or words[-1] in _POSTS:
        return None
    if len(words) > 1 and words[-1].endswith("s") and words[-1] not in SURNAMES and is_finite(words[-1]):
        return None  # a headline's verb with a capital
    if mention.kind == "person":
        return "person"
    if 2 <= len(words) <= 5 and words[0] in GIVEN and words[1] not in ("and", "&", "of"):
        return "person"
    if len(words) == 2 and _unlike_english(words) and _RUNNING.search(before) and not _ON_A_NAME.match(after):
        return "person"
    surname = words[-1] in SURNAMES and not set(words) & PARTICLES
    credited = before.endswith("(") and _CREDITED.match(after)
    if 2 <= len(words) <= 4 and (surname or credited or AFTER["person"].match(after)):
        return "person"
    return "person" if len(words) == 1 and surname else None


def _unlike_english(words: Sequence[str]) -> bool:
    """Whether no word of a name looks like an English word or a known name: two such words are a person's, mostly."""
    known = gazetteer.kinds()
    return not any(
        len(word) < 3 or word in known or word in _PLAIN or is_finite(word) or word.endswith(_ENGLISH) for word in words
    )


def _by_head(mention: Mention, words: Sequence[str], after: str) -> str | None:  # noqa: PLR0911 - one return per rule
    """The kind of a longer name that begins with a known one: "Galaxy S25", "Google Cloud", "Dallas Mavericks"."""
    known = gazetteer.kinds()
    if "-" in mention.key and all(known.get(part) == "place" for part in mention.key.split("-")):
        return "place"
    if any(any(c.isdigit() for c in word) for word in words):
        money = _THOUSANDS.match(after) is not None
        return UNTOLD if money or words[0][0].isdigit() or words[0] in ("rs", "under", "over") else "product"
    if len(words) == 1:
        return None
    head = next((known[" ".join(words[:n])] for n in range(len(words) - 1, 0, -1) if " ".join(words[:n]) in known), "")
    if head == "product" or words[-1] in PRODUCT_WORDS:
        return "product"
    if head == "organisation":
        return "product"
    if words[-1] in known and known[words[-1]] in ("organisation", "state body") and words[0] in DEMONYMS:
        return known[words[-1]]
    if head == "place":
        parts = mention.text.split()
        if ACRONYM.fullmatch(parts[-1]):
            return "state body"
        return "organisation" if words[-1].endswith("s") and not words[-1].endswith("ss") else None
    return None


def _beside(mention: Mention, words: Sequence[str], before: str, after: str) -> str | None:
    """The kind that the words beside a name give away, then that of its letters."""
    for kind in ("law", "product", "organisation", "place", "person"):
        if AFTER[kind].match(after) and (kind != "person" or len(words) > 1 or AFTER["kin"].match(after)):
            return kind
    for kind in ("product", "organisation", "person", "place", "state body"):
        if BEFORE[kind].search(before) and (kind != "place" or (len(words) <= 2 and after[:4] != " of ")):
            return kind
    if len(words) == 1:
        if words[0].endswith("ism") and len(words[0]) > 5:
            return "concept"
        if _CAMEL.fullmatch(mention.text):
            return "organisation"
        bare = mention.text.replace(".", "").replace("&", "")
        if ACRONYM.fullmatch(bare) and not _SHOUTED.search(before) and not re.match(r"[ :]*[A-Z]{3}", after):
            return "organisation"
    return None


def _terms(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Known technologies and concepts outside `mentions`, in any case."""
    low = text.lower()
    if len(low) != len(text):  # some scripts change length when folded: no place would be right
        return []
    taken = bytearray(len(text))
    for mention in mentions:
        taken[mention.span.start : mention.span.end] = b"\1" * (mention.span.end - mention.span.start)
    known, found = gazetteer.kinds(), []
    spans = [match.span() for match in _AI.finditer(text)]
    for term in gazetteer.terms():
        at = low.find(term)
        while at >= 0:
            spans.append((at, at + len(term)))
            at = low.find(term, at + len(term))
    for start, end in spans:
        edges = _TERM_EDGE.match(text, end) or (start and _TERM_EDGE.match(text, start - 1))
        if not edges and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            name = text[start:end]
            folded = names.key(name)
            found.append(Mention(Span(start, end), name, folded, known.get(folded, "technology")))
    return found
