"""Hostile strings in every text, in a real browser: nothing runs, nobody else is asked for anything."""

from pipeline.preview import Preview


def test_a_browser_runs_nothing_and_asks_nobody(readers, poisoned_site):
    with Preview(poisoned_site, reload=False) as preview, readers.visitor(390) as visitor:
        visitor.home = preview.url
        shown = [path for pages in readers.kinds_of(poisoned_site).values() for path in pages]
        assert len(shown) > 15
        for path in shown:
            page = visitor.open(path)
            assert page.evaluate("() => document.querySelectorAll('main script, main iframe, main img').length") == 0
            if path.startswith("stories/") and page.locator("main .cite").count():
                page.locator("main .cite").first.click()
        page = visitor.open("search/index.html")
        page.get_by_role("searchbox").fill("script")
        page.wait_for_function("() => document.getElementById('found').textContent !== ''")
        assert page.locator("#results li").count() >= 1
        assert page.locator("#results script, #results img, #results svg").count() == 0
    assert not visitor.faults, "\n".join(visitor.faults)
