"""The check that stands between a built site and its readers."""

from collections.abc import Iterator

import pytest

from pipeline.publishing.site_check import check, leftovers

PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head><title>A // Desk</title></head>'
    '<body><main id="top">{body}</main></body></html>'
)
REST = f"<h1>A</h1><p>{'It says enough to be a page. ' * 6}</p>"
FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>t</title><updated>2026-11-20T05:00:00Z</updated>'
    "<entry><id>{id}</id><title>e</title><updated>2026-11-20T05:00:00Z</updated></entry></feed>"
)


def site(body: str, **more: bytes) -> dict[str, bytes]:
    return {
        "index.html": PAGE.format(body=body and body + REST).encode(),
        "other/index.html": PAGE.format(body=REST).encode(),
    } | more


def test_a_good_site_passes():
    body = '<a href="other/index.html#top">in</a> <a rel="ugc nofollow noreferrer noopener" href="https://a.example/">out</a>'
    assert check(site(body) | {"feed.xml": FEED.format(id="urn:y").encode(), "a/story.json": b"{}"}, "Desk") == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<a href="gone.html">x</a>', "leads nowhere"),
        ('<a href="../index.html">x</a>', "leads nowhere"),
        ('<a href="other/index.html#none">x</a>', "names no anchor"),
        ('<a href="#none">x</a>', "names no anchor"),
        ('<a href="https://a.example/">x</a>', "lacks rel"),
        ('<a href="javascript:alert(1)">x</a>', "leads out of the site"),
        ('<a href="//a.example/">x</a>', "leads out of the site"),
        ('<a href="data:text/html,x">x</a>', "leads out of the site"),
        ("<script>x</script>", "more than a block of data"),
        ('<script src="x.js"></script>', "more than a block of data"),
        ('<script type="module">x</script>', "more than a block of data"),
        ('<script type="application/ld+json" src="x.js">{}</script>', "more than a block of data"),
        ('<script type="application/ld+json">{"@context": "https://schema.org"} alert(1)</script>', "does not parse"),
        ('<script type="application/ld+json">{"a": "&lt;/script&gt;"}</script>', "holds markup"),
        ('<script type="application/ld+json">{"a": "<b>x</b>"}</script>', "holds markup"),
        ('<script type="application/ld+json">{"@context": "https://evil.example"}</script>', "none of schema.org"),
        ('<script type="application/ld+json">[]</script>', "none of schema.org"),
        ('<link rel="canonical" href="javascript:alert(1)"/>', "leads out of the site"),
        ('<link rel="stylesheet" href="https://a.example/x.css"/>', "leads out of the site"),
        ('<iframe title="x">x</iframe>', "tag <iframe>"),
        ('<img href="x"></img>', "tag <img>"),
        ('<p onclick="x">x</p>', "attribute onclick"),
        ('<p style="color:red">x</p>', "attribute style"),
        ('<p id="top">x</p>', "stands twice"),
        ('<button type="button" popovertarget="gone">x</button>', "opens 'gone'"),
        ('<p popovertarget="top">x</p>', "<p> opens 'top'"),
        ("<button>x</button>", "only opens something"),
        ("<p>x", "does not parse"),
        ("<p>x<p/></p>", "closed in itself"),
        ("", "has no content"),
        ("<p>&undefined;</p>", "does not parse"),
        ("<p>\x00</p>", "does not parse"),
    ],
)
def test_each_fault_is_named(body, says):
    problems = check(site(body), "Desk")
    assert any(says in problem and problem.startswith("index.html") for problem in problems), problems


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (REST.replace("<h1>A</h1>", ""), "has 0 headings"),
        (REST.replace("<h1>A</h1>", "<h1> </h1>"), "has 0 headings"),
        (REST + "<h1>B</h1>", "has 2 headings"),
        ("<h1>A</h1><p>x</p>", "says 2 characters, fewer than"),
        ("<h1>A</h1><p>  \n </p>", "says 1 characters, fewer than"),
    ],
)
def test_a_page_that_is_not_whole_is_named(body, says):
    problems = check({**site("<p>x</p>"), "index.html": PAGE.format(body=body).encode()}, "Desk")
    assert any(says in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("feed.xml", b"<feed>", "does not parse"),
        ("feed.xml", b"<rss></rss>", "is no Atom feed"),
        ("feed.xml", FEED.format(id="urn:x").encode(), "share an id"),
        ("feed.xml", FEED.format(id="").encode(), "lacks its id"),
        ("story.json", b"{", "does not parse"),
        ("story.md", b"\xff", "does not parse"),
        ("story.md", b" \n", "is empty"),
        ("../up.md", b"x", "no allowed address"),
        ("a//b.md", b"x", "no allowed address"),
        ("UP.md", b"x", "no allowed address"),
        (".hidden.md", b"x", "no allowed address"),
        ("run.js", b"x", "no allowed address"),
    ],
)
def test_each_bad_file_is_named(path, body, says):
    problems = check(site("<p>x</p>") | {path: body}, "Desk")
    assert any(says in problem for problem in problems), problems


def test_titles_carry_the_name_of_the_site():
    assert any("title" in problem for problem in check(site("<p>x</p>"), "Other desk"))


def test_a_flood_of_problems_is_cut():
    assert len(check(site("".join(f"<a href='gone-{n}'>x</a>" for n in range(100))), "Desk")) == 20


@pytest.mark.parametrize(
    "left",
    [
        "None",
        "undefined",
        "NaN",
        "{{ story.title }}",
        "{% endif %}",
        "[]",
        "&lt;Story object at 0x7f&gt;",
        "lorem ipsum",
    ],
)
def test_what_a_template_left_behind_holds_the_site(left):
    body = f"<p>One.</p><p>{left}</p>"
    assert any("left by a template" in problem for problem in check(site(body), "Desk"))
    theirs = left.replace("&lt;", "<").replace("&gt;", ">")
    assert check(site(body), "Desk", lambda: [theirs, f"A source wrote {theirs}"]) == ()


def test_t107_a_marker_of_a_prompt_on_a_page_holds_the_site():
    assert check(site("<p>data-0123456789abcdef0123456789abcdef</p>"), "Desk")


def test_words_that_only_look_like_leftovers_do_not():
    assert check(site("<p>None of them is undefined.</p><p title='x'>A null result.</p>"), "Desk") == ()


def test_a_block_of_linked_data_and_the_pages_own_address_may_stand():
    head = '<link rel="canonical" href="https://desk.example/"/><meta property="og:title" content="x"/>'
    told = r'{"@context": "https://schema.org", "name": "\u003c/script\u003e"}'
    data = f'<script type="application/ld+json">{told}</script>'
    assert check(site(f"{head}{data}<p>x</p>"), "Desk") == ()


def test_what_a_template_left_in_a_block_of_data_is_found_and_its_brackets_are_none():
    block = '<script type="application/ld+json">{"@context": "https://schema.org", "a": {"b": {"c": "%s"}}}</script>'
    assert check(site(f"{block % 'x'}<p>x</p>"), "Desk") == ()
    assert any("left by a template" in one for one in check(site(f"{block % '{{ name }}'}<p>x</p>"), "Desk"))
    assert check(site(f"{block % '{{ name }}'}<p>x</p>"), "Desk", lambda: ["{{ name }}"]) == ()


SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("sitemap.xml", SITEMAP.format("<url><loc>index.html</loc></url>").encode(), "no whole address"),
        ("sitemap.xml", SITEMAP.format("<url><loc>https://a.example/</loc></url>" * 2).encode(), "twice"),
        (
            "sitemap.xml",
            SITEMAP.format("".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(50_001))).encode(),
            "more than 50000",
        ),
        ("card.png", b"<svg/>", "no .png file"),
        ("bundles/x.jsonl.gz", b"{}", "no .gz file"),
        ("bundles/x.jsonl.gz", b"\x1f\x8b\x08\x00\x12\x34\x56\x78\x02\xff", "no .gz file"),
        ("robots.txt", b" \n", "is empty"),
        ("robots.txt", b"\xff", "does not parse"),
        ("sources.opml", b"<opml>", "does not parse"),
        ("app.js", b"alert(1)", "no allowed address"),
    ],
)
def test_files_that_are_no_pages_are_judged_too(path, body, says):
    problems = check(site("<p>x</p>") | {path: body}, "Desk")
    assert [problem for problem in problems if says in problem and problem.startswith(path)], problems
    good = {"sitemap.xml": SITEMAP.format("<url><loc>https://a.example/</loc></url>").encode(), "robots.txt": b"x"}
    assert check(site("<p>x</p>") | good, "Desk") == ()


def test_once_the_writer_of_what_looks_like_a_leftover_is_found_nothing_more_is_read() -> None:
    def outside() -> Iterator[str]:
        yield "The port opened {{ twice"
        yield "and closed }} once"
        raise AssertionError("read on")

    assert leftovers({"index.html": ("{{ and }}",)}, outside) == []
    assert leftovers({"index.html": ()}, outside) == []
    assert leftovers({"index.html": ("{{ and %}",)}, lambda: ["{{", "}}"]) == [
        "index.html: '{{ and %}' was left by a template"
    ]
