"""The words behind a sentence open at a click, a touch and a key, with scripts off as well as on."""

import pytest

STORIES = "stories/*/index.html"
OPEN = "[popover]:popover-open"


def inside(page, box):
    """Whether a box can be seen whole."""
    size = page.viewport_size
    across = box["x"] >= 0 and box["x"] + box["width"] <= size["width"] + 1
    return across and box["y"] >= 0 and box["y"] + box["height"] <= size["height"] + 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize(("how", "width"), [("mouse", 1280), ("mouse", 820), ("touch", 390), ("touch", 320)])
def test_evidence_opens_under_a_finger_and_a_pointer(readers, how, width, scripts):
    touch = {"has_touch": True, "is_mobile": True} if how == "touch" else {}
    with readers.visitor(width, java_script_enabled=scripts, **touch) as visitor:
        for path in readers.kinds[STORIES][:1] if how == "mouse" else readers.kinds[STORIES]:
            page = visitor.open(path)
            buttons = page.locator("main .cite[popovertarget]")
            for number in sorted({0, 1, buttons.count() // 2, buttons.count() - 1} & set(range(buttons.count()))):
                button = buttons.nth(number)
                button.scroll_into_view_if_needed()
                button.tap() if how == "touch" else button.click()
                shown = page.locator(OPEN)
                assert shown.count() == 1, f"{path}: the button {number} opens nothing"
                assert shown.get_attribute("id") == button.get_attribute("popovertarget")
                assert shown.inner_text().strip()
                assert inside(page, shown.bounding_box()), f"{path}: {number} opens out of sight"
                shown.get_by_role("button", name="Close").click()
                assert page.locator(OPEN).count() == 0
    assert not visitor.faults, "\n".join(visitor.faults)


def test_evidence_opens_from_the_keyboard_and_gives_the_focus_back(readers):
    with readers.visitor() as visitor:
        page = visitor.open(readers.kinds[STORIES][0])
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("() => document.activeElement.matches('.cite[popovertarget]')"):
                break
        focused = page.evaluate("() => document.activeElement.getAttribute('popovertarget')")
        assert focused, "the tab key reaches a mark"
        page.keyboard.press("Enter")
        assert page.locator(OPEN).get_attribute("id") == focused
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.closest('[popover]')?.id") == focused
        page.keyboard.press("Escape")
        assert page.locator(OPEN).count() == 0
        assert page.evaluate("() => document.activeElement.getAttribute('popovertarget')") == focused
        page.keyboard.press("Space")
        assert page.locator(OPEN).count() == 1
        page.mouse.click(5, 5)
        assert page.locator(OPEN).count() == 0, "a click beside it closes it"
    assert not visitor.faults, "\n".join(visitor.faults)


def test_a_screen_reader_hears_whose_evidence_it_is(readers):
    with readers.visitor() as visitor:
        page = visitor.open(readers.kinds[STORIES][0])
        for button in page.locator("main .cite[popovertarget]").all()[:5]:
            target = button.get_attribute("popovertarget")
            name = page.locator(f"#{target}").get_attribute("aria-label")
            assert name
            assert page.get_by_role("button", name=name).count() >= 1
    assert not visitor.faults, "\n".join(visitor.faults)
