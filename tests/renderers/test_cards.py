"""Cards: one picture per story, the same each time, drawn anew only where its words change, never with empty boxes."""

from __future__ import annotations

import dataclasses
import sys
from datetime import timedelta
from typing import Any

import pytest
from site_factory import NIGHT, edition, settings, stories

from pipeline import resources
from pipeline.amends import Tombstone
from pipeline.edition import Edition
from pipeline.publishing.site_check import check
from pipeline.renderers import cards
from pipeline.renderers.cards import HEIGHT, PLAIN, WIDTH, Card, drawable, picture
from pipeline.renderers.places import Places

CARD = Card("The Harbour Desk", "Power & Grid", "Grid operator counts 61 gigawatts in its queue", "20 November 2026")
PNG = b"\x89PNG\r\n\x1a\n"


def size(png: bytes) -> tuple[int, int]:
    """Width and height, as the header of a PNG has them."""
    assert png.startswith(PNG)
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def resting(one: Edition) -> dict[str, Any]:
    return {page.path: page.rests_on for page in cards.cards(one, Places.of(one))}


def test_every_story_has_a_card_and_the_site_has_one() -> None:
    one = edition()
    found = {page.path: page.make() for page in cards.cards(one, Places.of(one))}
    assert set(found) == {PLAIN, *(f"stories/{slug}/card.png" for slug in Places.of(one).versions)}
    assert {size(body) for body in found.values()} == {(WIDTH, HEIGHT)}
    assert check(found, "x") == ()
    assert max(map(len, found.values())) < 60_000


def test_the_card_of_a_withdrawn_story_says_so_at_its_address() -> None:
    gone = stories()[2]
    tomb = Tombstone(
        gone.id, gone.storyline_id, gone.slug, 1, gone.beat, gone.written, "en", "k1", NIGHT, "A hoax.",
        "0" * 32, (), (), (), False,
    )  # fmt: skip
    left = edition(stories=tuple(one for one in stories() if one.slug != gone.slug), tombstones=(tomb,))
    (page,) = [page for page in cards.cards(left, Places.of(left)) if page.path == cards.of(gone)]
    assert page.make() == picture(Card("The Harbour Desk", gone.beat, "Withdrawn", "20 November 2026"))
    assert resting(left)[page.path] != resting(edition())[page.path]


def test_a_card_rests_on_headline_beat_date_and_site_alone() -> None:
    old = stories()
    retold = dataclasses.replace(old[2], short_title="x", sections=(), rank={"total": 9.0})
    assert resting(edition(stories=(*old[:2], retold, old[3]), now=NIGHT + timedelta(days=2))) == resting(edition())
    for change in (
        {"headline": dataclasses.replace(old[2].headline, text="News")},
        {"beat": "Sea"},
        {"written": NIGHT + timedelta(days=1)},
    ):
        now = resting(edition(stories=(*old[:2], dataclasses.replace(old[2], **change), old[3])))
        assert [path for path in now if now[path] != resting(edition())[path]] == [
            "stories/cormorant-lindholm-77aa/card.png"
        ]
    renamed = resting(edition(settings=settings(site={"name": "Another"})))
    assert all(renamed[path] != rests_on for path, rests_on in resting(edition()).items())


def test_without_the_extra_every_card_is_the_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = resting(edition())
    cards._pillow.cache_clear()
    monkeypatch.setitem(sys.modules, "pipeline.renderers.cards.drawing", None)
    try:
        assert picture(CARD) == resources.data("cards", "plain.png")
        assert size(picture(CARD)) == (WIDTH, HEIGHT)
        assert not set(resting(edition()).values()) & set(drawn.values())  # with the extra they are drawn after all
    finally:
        cards._pillow.cache_clear()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ångström føder žluťoučký kůň", "Ångström føder žluťoučký kůň"),
        ("Сетевой оператор", "Сетевой оператор"),
        ("“quotes” – 5 €…", "“quotes” – 5 €…"),
        ("a\u0301 composed", "á composed"),
        ("a\u202eb\x00c", "abc"),
        ("  two\n lines ", "two lines"),
        ("أحصى حراس الغابات", ""),
        ("電力網", ""),
        ("Ελληνικά", ""),
        ("fire 🔥", ""),
    ],
)
def test_only_what_the_font_has_is_drawn(text: str, shown: str) -> None:
    assert drawable(text) == shown


def test_the_font_has_every_letter_that_is_drawn() -> None:
    pil = pytest.importorskip("PIL.Image")
    draw = pytest.importorskip("PIL.ImageDraw")
    from pipeline.renderers.cards import drawing

    def glyph(letter: str) -> bytes:
        image = pil.new("L", (90, 90))
        draw.Draw(image).text((15, 15), letter, fill=255, font=drawing._font(44))
        return bytes(image.tobytes())

    missing = glyph("\uffff")
    known = [chr(code) for code in range(0x21, 0x3000) if drawable(chr(code)) == chr(code)]
    assert len(known) > 800
    assert [letter for letter in known if glyph(letter) == missing] == []


@pytest.mark.parametrize(
    "headline",
    [
        "",
        "x",
        "word " * 200,
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 4,
        "電力網",
        "W" * 5000,
    ],
)
def test_any_headline_makes_a_card_and_stays_inside(headline: str) -> None:
    pil = pytest.importorskip("PIL.Image")
    import io

    body = picture(Card(headline[:300], headline[:300], headline, "20 November 2026"))
    assert size(body) == (WIDTH, HEIGHT)
    image = pil.open(io.BytesIO(body)).convert("L")
    paper = image.getpixel((WIDTH - 2, 2))
    assert all(image.getpixel((x, y)) == paper for y in range(HEIGHT) for x in (30, 60, WIDTH - 40, WIDTH - 5))


@pytest.mark.parametrize("text", ["電力網", "Ελληνικά", "شبكة الكهرباء"])
def test_a_card_in_letters_that_the_font_lacks_is_not_empty(text: str) -> None:
    pytest.importorskip("PIL")
    from pipeline.renderers.cards.drawing import CREED

    assert picture(Card(text, text, text, "")) == picture(Card("", "", CREED, ""))
    assert picture(Card("Desk", "Energy", text, "")) == picture(Card("Desk", "Energy", "Energy", ""))


def test_a_card_is_the_same_each_time() -> None:
    pytest.importorskip("PIL")
    from pipeline.renderers.cards import drawing

    drawing._font.cache_clear()
    first = picture(CARD)
    drawing._font.cache_clear()
    assert picture(CARD) == first
    assert picture(dataclasses.replace(CARD, headline="Another")) != first
