"""What a script of the site may be: the one that is shipped, and data."""

import pytest

from pipeline import resources, scripts
from pipeline.publishing.site_check import check

SHIPPED = resources.text("templates", "search.js")


def test_the_shipped_script_and_files_of_the_index_pass():
    assert not list(scripts.problems(scripts.SCRIPT, SHIPPED))
    assert not list(scripts.problems("search/2026-11-w0.js", 'citewire.take("2026-11-w0",{"a":"0:3"});\n'))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (scripts.SCRIPT, SHIPPED + "alert(1)"),
        ("search/a.js", "alert(1)"),
        ("search/a.js", 'citewire.take("b",{});\n'),
        ("search/a.js", 'citewire.take("a",{});alert(1);\n'),
        ("search/a.js", 'citewire.take("a",alert(1));\n'),
        ("search/a.js", 'citewire.take("a",["</script><script>"]);\n'),
        ("search/a.js", 'citewire.take("a",["\u2028"]);\n'),
        ("assets/a.js", 'citewire.take("a",{});\n'),
    ],
)
def test_anything_else_is_named(path, text):
    assert list(scripts.problems(path, text))


PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head><title>A // Desk</title>'
    "{head}</head><body><main><h1>A</h1>{body}" + f"<p>{'It says enough. ' * 9}</p></main></body></html>"
)


def test_a_script_may_stand_on_the_search_page_alone():
    body = PAGE.format(
        head='<script src="search.js" defer="defer"></script>', body="<form><label>x</label><input/></form>"
    ).encode()
    own = {"search/search.js": SHIPPED.encode()}
    assert check({"search/index.html": body, **own}, "Desk") == ()
    assert any("<script>" in one for one in check({"index.html": body, **own}, "Desk"))
    other = body.replace(b"search.js", b"https://a.example/x.js")
    assert any("<script>" in one for one in check({"search/index.html": other}, "Desk"))


def test_the_page_for_missing_addresses_links_from_the_root():
    head = '<link rel="stylesheet" href="{base}assets/site.css"/>'
    for base in ("/", "/desk/"):
        page = PAGE.format(head=head.format(base=base), body=f'<a href="{base}a/index.html">x</a>').encode()
        rest = {"assets/site.css": b"a", "a/index.html": PAGE.format(head="", body="x").encode()}
        assert check({"404.html": page, **rest}, "Desk") == ()
        assert check({"404.html": page.replace(b"a/index.html", b"b/index.html"), **rest}, "Desk")
