"""Search finds stories in the browser, from a server and from a folder, and says so where scripts are off."""

import pytest

PAGE = "search/index.html"
SAID = "() => document.getElementById('found').textContent !== ''"
TYPED = ("<img src=x onerror=alert(1)>", "__proto__ constructor", "\u202e](javascript:alert(1))", "%00%0a a")


def asked(page, words):
    """What the page lists for `words`: addresses, best first."""
    page.get_by_role("searchbox").fill("")
    page.wait_for_function("() => document.getElementById('found').textContent === ''")
    page.get_by_role("searchbox").fill(words)
    page.wait_for_function(SAID)
    return [link.get_attribute("href") for link in page.locator("#results li a").all()]


def story(readers):
    """The longest story that tells of one event: a briefing repeats others, and is not searched."""
    found = [path for path in readers.root.glob("stories/*/index.html") if not path.parent.name.startswith("briefing-")]
    return max(found, key=lambda path: path.stat().st_size).relative_to(readers.root).as_posix()


def headline(visitor, path):
    """The words of a story's headline, without its marks."""
    said = "() => [...document.querySelector('h1 .s').childNodes].map(n => n.nodeType === 3 ? n.data : '').join('')"
    return visitor.open(path).evaluate(said).strip()


@pytest.mark.parametrize("place", ["a server", "a folder"])
def test_a_story_is_found_by_its_headline_and_by_the_beginning_of_a_word(readers, place):
    with readers.visitor() as visitor:
        if place == "a folder":
            visitor.home = readers.root.as_uri() + "/"
        path = story(readers)
        words = " ".join(headline(visitor, path).split()[:5])
        found = asked(visitor.open(PAGE), words)
        assert f"../{path}" in found[:3], f"{words!r} finds {found}"
        found = asked(visitor.open(PAGE), words[:-1])
        assert f"../{path}" in found, "what is typed is the beginning of a word"
        visitor.page.locator(f"#results a[href='../{path}']").first.click()
        visitor.page.wait_for_url(f"**/{path}")
    assert not visitor.faults, "\n".join(visitor.faults)


def test_what_is_typed_is_words_and_nothing_else(readers):
    with readers.visitor() as visitor:
        page = visitor.open(PAGE)
        for typed in (
            "<img src=x onerror=alert(1)>",
            "__proto__ constructor",
            "\u202e](javascript:alert(1))",
            "%00%0a",
            "qqqzzz",
        ):
            assert all(href.startswith("../") for href in asked(page, typed))
        assert asked(page, "qqqzzz") == []
        assert "qqqzzz" in page.locator("#found").inner_text()
        assert page.locator("main img, main script").count() == 0
    assert not visitor.faults, "\n".join(visitor.faults)


def test_a_search_has_an_address_and_takes_one(readers):
    with readers.visitor() as visitor:
        words = headline(visitor, story(readers)).split()[0]
        page = visitor.open(f"{PAGE}?q={words}")
        page.wait_for_function(SAID)
        assert page.locator("#results li").count() >= 1
        assert page.get_by_role("searchbox").input_value() == words
    assert not visitor.faults, "\n".join(visitor.faults)


def test_without_scripts_the_page_says_where_else_to_look(readers):
    with readers.visitor(java_script_enabled=False) as visitor:
        page = visitor.open(PAGE)
        assert "Search needs a script" in page.locator("main").inner_text()
        assert not page.get_by_role("searchbox").is_visible()
    assert not visitor.faults, "\n".join(visitor.faults)
