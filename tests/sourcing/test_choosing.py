"""Who is who: records under other addresses, ids and texts, across nights. Every case is a story of two nights."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import records
from pipeline.domain import Batch, Cursor, Record, Source, TextQuality
from pipeline.records import Item
from pipeline.sourcing import choosing
from pipeline.sourcing.choosing import Choice, Known, Read

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
DAY = timedelta(days=1)
WIRE = Source("Harbour Wire", "feed", "https://harbour.example/feed")
TEXTS = (
    "The mayor opened the new quay of the harbour on Monday.",
    "A ferry ran aground near the lighthouse; nobody was hurt.",
    "Fish prices rose by a tenth after three weeks of storms.",
    "Dockers accepted a pay rise of four percent for two years.",
)
TITLES = ("Quay opens", "Ferry runs aground", "Fish prices rise", "Dockers accept offer")


def item(n: int, **fields: object) -> Record:
    given_fields = {
        "native_id": f"g{n}",
        "url": f"https://harbour.example/page/{n}",
        "title": TITLES[n],
        "body": TEXTS[n],
        "quality": TextQuality.SUMMARY,
        "platform": "News",
        "published": NOW - timedelta(hours=n + 1),
    }
    made = records.record(Item(**{**given_fields, **fields}), WIRE, NOW)  # type: ignore[arg-type]
    assert made is not None
    return made


class Store:
    """What a store would hold, so far as choosing asks."""

    def __init__(self) -> None:
        self.known = Known({}, {})

    def night(self, *listed: Record, limit: int | None = None, taken: frozenset[str] = frozenset()) -> Choice:
        read = Read(WIRE, Batch(listed, Cursor()))
        choice = choosing.choose(read, self.known, taken, limit, NOW, last=NOW - DAY)
        stored = {record.id: record for record in (*choice.new, *choice.changed)}
        assert set(choice.aliases.values()) <= stored.keys() | self.known.records.keys()
        self.known = Known({**self.known.records, **stored}, {**self.known.aliases, **choice.aliases})
        return choice


@pytest.fixture
def store() -> Store:
    return Store()


ALL = tuple(item(n) for n in range(4))


def test_the_same_list_again_in_any_order_brings_nothing(store: Store) -> None:
    assert len(store.night(*ALL).new) == 4
    again = store.night(*reversed(ALL))
    assert (again.new, again.changed, again.aliases, again.dropped) == ((), (), {}, {"known already": 4})


@pytest.mark.parametrize(
    "relisted",
    [
        pytest.param({"native_id": "other"}, id="another id"),
        pytest.param({"native_id": None}, id="no id"),
        pytest.param({"url": "http://www.harbour.example/page/{n}/?utm_source=rss&at_medium=x"}, id="tracking, http"),
        pytest.param({"url": "https://m.harbour.example/page/{n}/amp"}, id="mobile and AMP"),
        pytest.param({"url": "https://harbour.example/2026/05/story-{n}"}, id="another address, same id"),
        pytest.param({"native_id": "new", "url": "https://harbour.example/2026/05/story-{n}"}, id="address and id"),
        pytest.param({"url": None}, id="no address any more"),
    ],
)
def test_a_source_that_renames_its_items_is_not_taken_twice(store: Store, relisted: dict[str, str]) -> None:
    store.night(*ALL)
    fields = [{k: v.format(n=n) if v and k == "url" else v for k, v in relisted.items()} for n in range(4)]
    if relisted.get("native_id"):
        fields = [{**one, "native_id": f"{relisted['native_id']}{n}"} for n, one in enumerate(fields)]
    second = store.night(*(item(n, **fields[n]) for n in range(4)))
    assert (second.new, second.changed) == ((), ())
    third = store.night(*(item(n, **fields[n]) for n in range(4)))
    assert (third.new, third.aliases) == ((), {})


def test_ids_made_anew_by_a_source_without_addresses_are_known_by_their_text(store: Store) -> None:
    first = store.night(*(item(n, url=None) for n in range(4)))
    second = store.night(*(item(n, url=None, native_id=f"new{n}") for n in range(4)))
    assert (second.new, second.regiven) == ((), 4)
    edited = store.night(item(0, url=None, native_id="new0", body=TEXTS[0] + " It cost 12 million."))
    assert [record.id for record in edited.changed] == [next(r.id for r in first.new if r.title == TITLES[0])]


def test_an_id_used_again_for_another_article_overwrites_nothing(store: Store) -> None:
    for listing in (item(0, url=None, native_id="x"), item(1, url=None, native_id="x")):
        choice = store.night(listing)
        assert ([record.text for record in choice.new], choice.changed) == ([listing.text], ())
    assert len(store.known.records) == 2
    again = store.night(item(1, url=None, native_id="x"))
    assert (again.new, again.changed) == ((), ())
    edited = store.night(item(1, url=None, native_id="x", body=TEXTS[1] + " The captain was asked."))
    assert [record.title for record in edited.changed] == [TITLES[1]]
    assert len(store.known.records) == 2


def test_items_whose_addresses_are_swapped_stay_who_they_are(store: Store) -> None:
    store.night(item(0), item(1))
    a, b = item(0, url=item(1).url), item(1, url=item(0).url)
    for listing in ((a, b), (item(0), item(1)), (b, a)):
        choice = store.night(*listing)
        assert (choice.new, choice.changed, choice.dropped) == ((), (), {"known already": 2})


def test_articles_at_one_address_are_told_apart_by_their_ids(store: Store) -> None:
    """A changelog's items all lead to the changelog."""
    at = "https://wire.example/changelog"
    assert len(store.night(item(0, url=at), item(1, url=at)).new) == 2
    assert [record.title for record in store.night(item(2, url=at), item(1, url=at), item(0, url=at)).new] == [
        TITLES[2]
    ]
    again = store.night(item(1, url=at), item(0, url=at), item(2, url=at))
    assert (again.new, again.changed, again.dropped) == ((), (), {"known already": 3})
    edited = store.night(item(1, url=at, body=TEXTS[1] + " The captain was asked."))
    assert [record.title for record in edited.changed] == [TITLES[1]]
    assert len(store.known.records) == 3


def test_an_id_that_all_items_bear_tells_nobody_from_anybody(store: Store) -> None:
    """Their texts are alike, as those of a feed of headlines are, and only their addresses differ."""
    every = [item(0, url=f"https://wire.example/{n}", native_id="x", title=f"Quay {n} opens") for n in range(8)]
    assert len(store.night(*every[:4]).new) == 4
    later = store.night(*every[2:])
    assert ({record.url for record in later.new}, later.changed) == ({record.url for record in every[4:]}, ())


def test_of_two_items_at_one_address_the_first_speaks_from_the_first_night(store: Store) -> None:
    a, b = item(0), item(0, body=TEXTS[0] + " More is known.", native_id="b")
    assert [record.text for record in store.night(a, b).new] == [a.text]
    assert store.night(a, b).changed == ()


def test_an_id_used_again_at_another_address_is_another_record(store: Store) -> None:
    store.night(item(0, native_id="x"))
    assert [record.title for record in store.night(item(1, native_id="x")).new] == [TITLES[1]]
    assert [r.title for r in store.night(item(2, native_id="x"), item(3, native_id="x")).new] == [TITLES[3], TITLES[2]]
    assert store.night(*(item(n, native_id="x") for n in range(4))).new == ()


def test_short_undated_texts_may_be_any_days(store: Store) -> None:
    for day in range(3):
        listing = item(0, native_id=f"w{day}", url=f"https://harbour.example/w/{day}", published=None, body="")
        assert len(store.night(listing).new) == 1


def test_a_page_whose_better_text_is_stored_is_read_again_for_a_new_headline_only(store: Store) -> None:
    listed = item(0)
    store.night(listed)
    full = records.with_full_text(listed, "", "The whole report of the opening. " * 20, None, None)
    store.known = Known({listed.id: full}, store.known.aliases)
    assert store.night(listed).dropped == {"known already": 1}
    summary = store.night(item(0, body="Another summary of the same opening."))
    assert (len(summary.changed), summary.retitled) == (1, ())
    store.known = Known({listed.id: full}, store.known.aliases)
    assert len(store.night(item(0, title="Quay opens late")).retitled) == 1


def test_who_waits_has_no_other_ids_yet(store: Store) -> None:
    choice = store.night(*ALL, limit=2)
    assert [record.title for record in choice.new] == [TITLES[1], TITLES[0]]
    assert set(choice.aliases.values()) == {record.id for record in choice.new}
    assert choice.dropped == {"postponed to the next night": 2}


def test_pages_of_others_are_left_to_them(store: Store) -> None:
    assert store.night(ALL[0], taken=frozenset([ALL[0].id])).dropped == {"page of another source": 1}
    store.known = Known({ALL[0].id: replace(ALL[0], source="Echo")}, {})
    assert store.night(ALL[0]).dropped == {"page of another source": 1}


@pytest.mark.parametrize(
    ("last", "published", "history"),
    [
        (None, NOW - timedelta(hours=20), False),
        (None, NOW - timedelta(hours=30), True),
        (None, None, True),
        (NOW - 30 * DAY, NOW - timedelta(hours=30), True),
        (NOW - DAY, NOW - timedelta(hours=60), False),
        (NOW - DAY, NOW - timedelta(hours=80), True),
        (NOW - DAY, None, False),
        (NOW - 3 * DAY, NOW - timedelta(hours=60), False),
    ],
)
def test_what_came_out_before_anybody_read_is_history(
    last: datetime | None, published: datetime | None, history: bool
) -> None:
    read = Read(WIRE, Batch((item(0, published=published),), Cursor()))
    assert choosing.choose(read, Known(), frozenset(), None, NOW, last=last).new[0].backfill is history


nights = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["g", "h", None]), st.booleans()), max_size=5), max_size=4
)


@given(nights)
def test_no_listing_of_four_articles_makes_a_fifth_and_every_night_is_settled(listings: list) -> None:  # type: ignore[type-arg]
    """Whatever ids and addresses a source gives its articles from night to night: each is one record for ever."""
    store = Store()
    for night in listings:
        listed = []
        for n, native, tracked in night:
            url = f"https://harbour.example/page/{n}" + ("?utm_medium=feed" if tracked else "")
            listed.append(item(n, native_id=f"{native}{n}" if native else None, url=url))
        store.night(*listed)
        again = store.night(*listed)
        assert (again.new, again.changed, again.aliases) == ((), (), {})
    assert len(store.known.records) == len({n for night in listings for n, _, _ in night})


# --- pages -----------------------------------------------------------------------------------------------------------


def settled(*found: tuple[Record, Record], known: Known | None = None) -> dict[str, tuple[str, bool]]:
    """Where records stand in the end: id as chosen -> id in the end, and whether somebody else holds the page."""
    done = choosing.settle(found, known or Known())
    return {key: (record.id, held) for key, (record, held) in done.items()}


def at(record: Record, url: str) -> Record:
    """`record` whose page names `url` as its address."""
    return replace(record, url=url)


def test_a_page_that_names_its_address_is_known_there() -> None:
    chosen = item(0)
    read = at(chosen, "https://harbour.example/2026/05/quay-opens")
    own = choosing.at_page(read)
    assert settled((chosen, read)) == {chosen.id: (own, False)}
    holder = replace(read, id=own, source="Echo")
    assert settled((chosen, read), (holder, holder)) == {chosen.id: (own, True), own: (own, False)}
    for known in (Known({own: holder}), Known({"r1": replace(holder, id="r1")}, {own: "r1"})):
        (id_,) = known.records
        assert settled((chosen, read), known=known) == {chosen.id: (id_, True)}


def test_a_site_that_gives_all_its_pages_one_address_is_not_believed() -> None:
    first, second = item(0), item(1)
    section = "https://harbour.example/news"
    done = choosing.settle(((first, at(first, section)), (second, at(second, section))), Known())
    assert [record.id for record, _ in done.values()] == [choosing.at_page(at(first, section)), second.id]
    assert done[second.id] == (second, False)  # its link too stays its own


def test_pages_that_name_each_other_are_two_pages_or_one_of_them() -> None:
    first, second = item(0), item(1)
    crossed = (first, at(first, second.url or "")), (second, at(second, first.url or ""))
    assert settled(*crossed) == {first.id: (first.id, False), second.id: (second.id, False)}
    twin = replace(second, title=first.title, text=first.text)
    crossed = (first, at(first, twin.url or "")), (twin, at(twin, first.url or ""))
    assert settled(*crossed) == {first.id: (first.id, False), twin.id: (first.id, True)}


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=4, max_size=4))
def test_wherever_pages_lead_every_article_stays_and_every_id_leads_to_a_record(leads: list[tuple[int, bool]]) -> None:
    listed = [replace(one, title="Quay") if twin else one for one, (_, twin) in zip(ALL, leads, strict=True)]
    pairs = [(one, at(one, ALL[lead].url or "")) for one, (lead, _) in zip(listed, leads, strict=True)]
    done = choosing.settle(pairs, Known())
    kept = {record.id: record for record, held in done.values() if not held}
    assert len(kept) == sum(not held for _, held in done.values())  # nobody takes another's place
    assert all(choosing.same_article(one, kept[done[one.id][0].id]) for one in listed)  # and nobody is lost


def test_two_items_that_lead_to_one_page_do_not_take_turns(store: Store) -> None:
    url = "https://harbour.example/one"
    pair = item(0, native_id="a", url=url), item(0, native_id="b", url=url, title="Quay 0 opens at last")
    store.night(*pair)
    assert [len(store.night(*pair).changed) for _ in range(4)][1:] == [0, 0, 0]


@pytest.mark.parametrize(
    ("said", "text", "found"),
    [
        ("de", TEXTS[0], "de"),
        (None, " ".join(TEXTS), "en"),
        (None, "Der Bürgermeister hat am Montag den neuen Kai im Hafen eröffnet und die Schiffe begrüßt.", "de"),
        (None, "Oh!", None),
    ],
)
def test_the_language_is_what_source_or_text_say(said: str | None, text: str, found: str | None) -> None:
    assert choosing.language_of(item(0, title="", body=text, lang=said)) == found
