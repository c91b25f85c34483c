"""Groups of invented records whose origins are known by how they were made: events, and what newsrooms do to texts.

`every()` gives one set for each way of making (copy, cut, republish, credit, link, ...) and each event; the reason why
the records are as many origins as they are stands in `why`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from factories import make_record
from origin_events import EVENTS, Event

from pipeline.domain import Record

DAWN = datetime(2026, 3, 2, 6, tzinfo=UTC)


@dataclass(frozen=True)
class OriginSet:
    """Records, what they should be told to be (groups of ids, the origin first), and why."""

    name: str
    records: tuple[Record, ...]
    groups: frozenset[tuple[str, ...]]
    why: str
    known: tuple[tuple[Record, str], ...] = ()
    ours: tuple[tuple[Record, str], ...] = ()


_FILLER = (
    "Our reporter found the streets around the {place} market unusually quiet on the day after.",
    "Readers have written to us about little else, and most of the letters are printed on page nine.",
    "A year ago this paper asked the same question and was told that there was nothing to report.",
)
_NOTICE = (
    "Dawn Mercury is read in ninety countries and paid for by nobody but its subscribers.",
    "If you value journalism without advertisements, please consider a gift to our foundation today.",
    "You can write to the newsroom at any hour, and every letter is answered by one of our editors.",
    "The editors of Dawn Mercury have signed the charter of the press council and publish corrections weekly.",
)


def rec(name: str, title: str, body: str, outlet: str, hours: float = 0.0, **fields: object) -> Record:
    """A record of an invented outlet, `hours` after dawn."""
    made = make_record(
        f"{title}\n\n{body}" if title else body,
        id=name,
        title=title,
        publisher=outlet,
        source=outlet,
        url=f"https://{outlet.lower().replace(' ', '')}.example/{name}",
        published=DAWN + timedelta(hours=hours),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def _text(sentences: Sequence[str]) -> str:
    return " ".join(sentences)


def _quoting(sentences: Sequence[str], said: Sequence[str], speaker: str) -> str:
    """Sentences with quotations between them."""
    parts = list(sentences)
    for place, quote in enumerate(said):
        parts.insert(min(len(parts), 2 * place + 1), f"“{quote},” said {speaker}.")
    return _text(parts)


def _set(name: str, why: str, records: Sequence[Record], *groups: str, **more: object) -> OriginSet:
    """`groups`: ids that are one origin, in order of time, separated by blanks."""
    made = OriginSet(name, tuple(records), frozenset(tuple(one.split()) for one in groups), why)
    return replace(made, **more)  # type: ignore[arg-type]


def copied(e: Event) -> Iterator[OriginSet]:
    """Agency texts as newsrooms print them."""
    wire, body = e.wire, _text(e.wire)
    first = rec("a", e.heads[0], body, "Harbour Wire")
    other = rec("o", e.heads[3], _text(e.own), "Weekly Lantern", 1)
    again = rec("b", e.heads[1], body, "Daily Ledger", 2)
    bylined = rec("b", e.heads[0], f"By Our Correspondent in {e.place}. {body} (Agencies)", "Daily Ledger", 2)
    cut = rec("b", e.heads[2], _text(wire[:3]), "Daily Ledger", 2)
    fill = [line.format(place=e.place) for line in _FILLER]
    filled = rec("b", e.heads[1], _text([wire[0], fill[0], *wire[1:3], fill[1], *wire[3:]]), "Daily Ledger", 2)
    short = rec("b", e.heads[1], _text([wire[0], wire[1], fill[0], wire[2]]), "Daily Ledger", 2)
    yield _set(f"{e.name}: other headline", "the same text", [first, again, other], "a b", "o")
    yield _set(f"{e.name}: other byline", "the same text under another name", [first, bylined, other], "a b", "o")
    yield _set(f"{e.name}: cut short", "the first half of the text", [first, cut, other], "a b", "o")
    yield _set(
        f"{e.name}: cut copy came first",
        "the earliest is the origin",
        [replace(first, published=DAWN + timedelta(hours=3)), cut, other],
        "b a",
        "o",
    )
    yield _set(f"{e.name}: paragraphs put in", "most of it is the agency's", [first, filled, other], "a b", "o")
    yield _set(
        f"{e.name}: cut, and a paragraph put in", "most of it is the agency's", [first, short, other], "a b", "o"
    )
    altered = body
    for old, new in e.altered:
        altered = altered.replace(old, new)
    variant = rec("b", e.heads[0], altered, "Nova Digest", 2)
    yield _set(
        f"{e.name}: altered figures and names", "one text, altered by a machine", [first, variant, other], "a b", "o"
    )
    farms = [
        rec(f"c{n:02}", e.heads[n % 3], body if n % 2 else _text(wire[: 3 + n % 4]), f"Site {n}", 1 + n / 10)
        for n in range(49)
    ]
    yield _set(
        f"{e.name}: one report on 49 sites",
        "49 copies are one voice",
        [first, *farms, replace(other, id="zz")],
        " ".join(["a", *(one.id for one in farms)]),
        "zz",
    )


def released(e: Event) -> Iterator[OriginSet]:
    """Press releases, and what is said before many."""
    release = rec("a", e.heads[0], _quoting(e.wire, e.said[:1], e.speaker), "Newsroom Link")
    local = _text(
        [f"For {e.place}, the news could hardly be bigger, and people spoke of nothing else.", _FILLER[1], *e.wire[:4]]
    )
    one = rec("b", e.heads[1], local, "Valley Post", 3)
    two = rec("c", e.heads[2], _text(["The news reached us at noon.", *e.wire[:3], _FILLER[2]]), "Hill Gazette", 5)
    yield _set(f"{e.name}: release with a local lead", "both print the release", [release, one, two], "a b c")
    there = rec("a", e.heads[0], _quoting(e.wire[:4], e.said[:1], e.speaker), "Harbour Wire")
    too = rec("b", e.heads[3], _quoting(e.own, e.said[:1], e.speaker), "Weekly Lantern", 1)
    yield _set(f"{e.name}: one press conference", "two desks heard one sentence", [there, too], "a", "b")
    short = rec("a", e.heads[0], f"{e.wire[0]} “{e.said[0]},” said {e.speaker}.", "Harbour Wire")
    brief = rec("b", e.heads[3], f"{e.own[0]} “{e.said[0]},” said {e.speaker}.", "Weekly Lantern", 1)
    yield _set(f"{e.name}: one quotation in two briefs", "two desks heard one sentence", [short, brief], "a", "b")
    talk = rec("a", e.heads[0], _quoting(e.wire[:4], e.said, e.speaker), "Harbour Wire")
    lifted = rec("b", e.heads[1], _quoting([e.brief + ".", *e.own[3:]], e.said, e.speaker), "Nova Digest", 4)
    yield _set(f"{e.name}: an interview rewritten", "all three quotations, in the same order", [talk, lifted], "a b")


def told(e: Event) -> Iterator[OriginSet]:
    """Reports that rest on another outlet's."""
    first = rec("a", e.heads[0], _text(e.wire), "Harbour Wire")
    own = rec("o", e.heads[3], _text(e.own), "Weekly Lantern", 1)
    retold = rec("b", e.heads[0].replace(" to ", " will "), f"{e.brief}, Harbour Wire reported.", "Nova Digest", 2)
    yield _set(f"{e.name}: credits an outlet at hand", "its only source is a", [first, retold, own], "a b", "o")
    earlier = replace(retold, published=DAWN - timedelta(hours=2))
    yield _set(
        f"{e.name}: credits what was dated anew", "a was updated after b read it", [first, earlier, own], "b a", "o"
    )
    spanish = replace(retold, text=retold.text.replace(", Harbour Wire reported", ", según Harbour Wire"))
    yield _set(f"{e.name}: credits in another language", "its only source is a", [first, spanish, own], "a b", "o")
    chain = rec("c", e.heads[0], f"{e.brief}. The news was first reported by Nova Digest.", "Evening Kite", 5)
    yield _set(f"{e.name}: a chain of credits", "c rests on b, b on a", [first, retold, chain, own], "a b c", "o")
    back = replace(first, text=first.text + " The closure was first reported by Nova Digest.")
    yield _set(f"{e.name}: they cite each other", "neither has another source", [back, retold, own], "a b", "o")
    absent = [rec("b", e.heads[0], f"{e.brief}, according to a report by the Southern Times.", "Nova Digest", 2)]
    absent += [
        rec(
            "c",
            e.heads[0].replace(" in ", ", "),
            f"{e.brief}. The Southern Times first reported it.",
            "Evening Kite",
            3,
        )
    ]
    yield _set(f"{e.name}: both credit an outlet not at hand", "one report, not seen", [*absent, own], "b c", "o")
    hearsay = rec("b", e.heads[0], f"{e.brief}, according to media reports.", "Nova Digest", 4)
    yield _set(f"{e.name}: unnamed reports", "it has no source of its own", [first, hearsay, own], "a b", "o")
    who = e.speaker.split(",")[0]
    against = f"{who} denied that {e.brief[0].lower()}{e.brief[1:]}, contradicting a report by Harbour Wire."
    denial = rec("b", f"{who} denies {e.place} report", against, "Daily Ledger", 6)
    yield _set(f"{e.name}: a denial", "it has its own source", [first, denial], "a", "b")
    desk = rec(
        "b", e.heads[3], f"{_text(e.own)} Officials confirmed the figures to this paper on Monday.", "Daily Ledger", 6
    )
    yield _set(f"{e.name}: two desks", "each wrote its own", [first, desk], "a", "b")
    edition = rec("ours", e.heads[0], _text(e.wire[:4]), "Citewire", 8)
    scraped = rec("b", e.heads[1], _text(e.wire[:4]), "Nova Digest", 12)
    names = rec("c", e.heads[0], f"{e.brief}, Citewire reported.", "Evening Kite", 12)
    yield _set(
        f"{e.name}: our own edition",
        "we rest on a",
        [scraped, names],
        "a b c",
        known=((first, "a"),),
        ours=((edition, "a"),),
    )


def owned(e: Event) -> Iterator[OriginSet]:
    """Outlets with one owner, and what an outlet prints under everything."""
    first = rec("a", e.heads[0], _text([e.brief + ".", *e.wire[1:4]]), "Harbour Wire", owner="Quay Media")
    sister = rec("b", e.heads[1], _text([e.brief + ", it emerged.", *e.own[:2]]), "Coast Mail", 3, owner="Quay Media")
    stranger = rec("c", e.heads[3], _text(e.own[1:]), "Weekly Lantern", 4)
    yield _set(f"{e.name}: one owner", "two titles of one house", [first, sister, stranger], "a b", "c")
    house = [
        rec(f"n{n}", one.heads[0], f"{one.brief}. {_text(_NOTICE)}", "Dawn Mercury", n) for n, one in enumerate(EVENTS)
    ]
    yield _set(
        f"{e.name}: notices of one outlet",
        "they share nothing else",
        house if e is EVENTS[0] else house[::-1],
        *(one.id for one in house),
    )
    live = [
        rec(f"v{n}", f"{e.heads[0]}: live", _text([*reversed(e.wire[: n + 3]), _NOTICE[0]]), "Dawn Mercury", n)
        for n in range(4)
    ]
    yield _set(f"{e.name}: versions of a live page", "one page grows", live, "v0 v1 v2 v3")
    others = [one for one in EVENTS if one is not e][:2]
    texts = [
        rec("a", e.heads[0], _text(e.wire[:3]), "Harbour Wire"),
        rec("b", others[0].heads[0], _text(others[0].wire[:3]), "Coast Mail", 1),
    ]
    digest = rec(
        "d",
        "The week in brief",
        _text([*others[1].own, *e.wire[:3], *others[0].wire[:3], *others[1].wire]),
        "Weekly Lantern",
        9,
    )
    yield _set(f"{e.name}: a digest", "it holds two texts and is neither", [*texts, digest], "a", "b", "d")
    before = replace(digest, published=DAWN - timedelta(hours=4))
    yield _set(f"{e.name}: a digest that came first", "what it joins stays apart", [*texts, before], "a", "b", "d")


def linked(e: Event) -> Iterator[OriginSet]:
    """Posts about articles."""
    first = rec("a", e.heads[0], _text(e.wire), "Harbour Wire")
    link = str(first.url)
    post = {"platform": "Bluesky", "kind": "post", "publisher": "Bluesky", "author": "kestrel.example"}
    hands = rec("p", "", f"{e.heads[0]} {link}?utm_source=feed", "bsky", 2, **post, url="https://bsky.example/p/1")
    yield _set(f"{e.name}: a post with the headline", "it adds nothing", [first, hands], "a p")
    says = rec(
        "p",
        "",
        f"I stood at the gate this morning and saw three lorries leave with machines under tarpaulin. {link}",
        "bsky",
        2,
        **post,
        url="https://bsky.example/p/1",
    )
    yield _set(f"{e.name}: a post with words of its own", "it says what it saw", [first, says], "a", "p")
    wordless = rec("p", "", f"wow {link}", "bsky", 2, **post, url="https://bsky.example/p/1")
    led = replace(
        first,
        id="b",
        url="https://mirror.example/b",
        publisher="mirror.example",
        via=("Bluesky", "https://bsky.example/p/1"),
        text=f"{e.heads[1]}\n\n{_text(e.own)}",
        title=e.heads[1],
    )
    yield _set(
        f"{e.name}: what a post led to", "the post hands it on", [replace(wordless, text="look at this"), led], "b p"
    )
    show = rec(
        "h", f"{e.heads[0]} (discussion)", "Link post", "Forum", 3, url=link.replace("https://", "http://www.") + "/"
    )
    yield _set(f"{e.name}: one address", "both are the page", [first, show], "a h")
    reposts = [
        rec(
            f"r{n}",
            "",
            f"{e.brief} and {word} nobody talks about it",
            f"u{n}",
            n,
            platform="X",
            kind="post",
            publisher="X",
            author=f"u{n}",
            url=f"https://x.example/{n}",
        )
        for n, word in enumerate(("still", "yet", "somehow"))
    ]
    yield _set(f"{e.name}: reposts", "one post with a word exchanged", reposts, "r0 r1 r2")


def every() -> list[OriginSet]:
    """All sets, in a fixed order."""
    return [one for event in EVENTS for make in (copied, released, told, owned, linked) for one in make(event)]
