"""Every kind of page in a real browser: narrow to wide, light and dark, with and without scripts."""

import pytest

WIDTHS = (320, 390, 820, 1280)
TOO_WIDE = """() => {
  const root = document.documentElement, wide = root.clientWidth;
  if (root.scrollWidth <= wide) return null;
  const out = [...document.body.querySelectorAll("*")].filter(one => {
    for (let box = one.parentElement; box; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== "visible" && box !== document.body && box !== root) return false;
    return one.getBoundingClientRect().right > wide + 1;
  });
  const last = out[out.length - 1];
  const what = last ? last.tagName + "." + last.className + " " + last.textContent : "?";
  return root.scrollWidth + " px: " + what.slice(0, 90);
}"""
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "without scripts": {"color_scheme": "light", "java_script_enabled": False},
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_kind_of_page_at_every_width(readers, look):
    found = []
    with readers.visitor(**LOOKS[look]) as visitor:
        for path in readers.pages:
            page = visitor.open(path)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                if said := page.evaluate(TOO_WIDE):
                    found.append(f"{path} at {width}: {said}")
            if page.locator("main h1").count() != 1:
                found.append(f"{path} has not one heading")
    assert not found + visitor.faults, "\n".join(found + visitor.faults)


def test_the_kinds_of_pages_are_those_of_the_site(readers):
    kinds = set(readers.kinds)
    assert {"index.html", "stories/*/index.html", "beats/*/index.html", "storylines/*/index.html"} <= kinds
    assert len(readers.pages) >= len(kinds) > 10


def test_the_schemes_are_two(readers):
    seen = set()
    for scheme in ("light", "dark"):
        with readers.visitor(color_scheme=scheme) as visitor:
            seen.add(visitor.open().evaluate("() => getComputedStyle(document.body).backgroundColor"))
    assert len(seen) == 2


def test_the_keyboard_reaches_the_text_at_once(readers):
    with readers.visitor() as visitor:
        page = visitor.open()
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert "skip" in (skip.get_attribute("class") or "")
        assert skip.bounding_box()["y"] >= 0, "what has the focus can be seen"
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "content"
    assert not visitor.faults, "\n".join(visitor.faults)


def test_the_longest_pages_print(readers):
    with readers.visitor(color_scheme="dark") as visitor:
        for kind in ("index.html", "stories/*/index.html", "storylines/*/index.html"):
            page = visitor.open(readers.kinds[kind][0])
            page.emulate_media(media="print")
            ground, ink = page.evaluate(
                "() => ['backgroundColor', 'color'].map(one => getComputedStyle(document.body)[one])"
            )
            assert len(page.pdf()) > 5000
            assert sum(map(int, ink[4:-1].split(", ")[:3])) < 200, f"dark words on paper, not {ink} on {ground}"
    assert not visitor.faults, "\n".join(visitor.faults)
