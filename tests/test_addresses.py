"""Addresses: one form per page, refused when they are tricks, the same id however a feed writes them."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import addresses

HOSTS = st.sampled_from(
    ["example.com", "m.example.com", "www.example.co.uk", "bücher.example", "127.0.0.1:8080", "[2001:db8::1]"]
)
PIECES = st.text(alphabet="abcZ09-._~%/:@!$&'()*+,;=äπ ", max_size=20)
ADDRESSES = st.builds(
    lambda scheme, host, path, query, fragment: f"{scheme}://{host}/{path}?{query}#{fragment}",
    st.sampled_from(["http", "https", "HTTP"]),
    HOSTS,
    PIECES,
    PIECES,
    PIECES,
)


@given(ADDRESSES | st.text(max_size=60))
def test_every_form_is_stable(url: str) -> None:
    for form in (addresses.safe, addresses.tidy, addresses.canonical):
        once = form(url)
        if once is not None:
            assert form(once) == once
            assert once.isascii()
            assert len(once) <= addresses.MAX_LENGTH


@given(ADDRESSES)
def test_the_client_dials_the_host_that_is_shown(url: str) -> None:
    shown = addresses.safe(url)
    if shown is not None:
        assert httpx.URL(shown).raw_host.decode().strip("[]") == addresses.host(url)
        assert httpx.URL(shown).raw_path.decode() == shown.split("#")[0].split("/", 3)[3].join(["/", ""])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.com/",
        "//example.com/x",
        "http:example.com",
        "http://user:pass@example.com/",
        "http://a@b",
        "http://example.com\\@evil.example/",
        "http://exa\tmple.com/",
        "http://example.com/\r\nHost: x",
        "http://example.com/%00",
        "http://[fe80::1%25eth0]/",
        "http://[::1",
        "http://exam ple.com/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://example.com:99999/",
        "http://",
        "http://xn--a/",
        "http://-x-.example/",
        "http://a..b/",
        "https://" + "a" * 2000 + ".example/",
        "http://example.com:8o/",
        "",
        "x",
        "http://127%2e0.0.1/",
        "http://example.com\u202e/",
    ],
)
def test_tricks_are_refused(url: str) -> None:
    assert addresses.safe(url) is None
    assert addresses.canonical(url) is None


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("HTTPS://Example.COM:443/a/../b?utm_source=rss&z=1&a=2#top", "https://example.com/b?a=2&z=1"),
        ("https://m.example.co.uk/story/amp/", "https://example.co.uk/story"),
        ("https://en.m.wikipedia.org/wiki/X", "https://en.wikipedia.org/wiki/X"),
        ("https://www.google.com/amp/s/www.example.com/x/amp/", "https://www.example.com/x"),
        ("https://www-foo-com.cdn.ampproject.org/c/s/www.foo.com/bar", "https://www.foo.com/bar"),
        ("https://example.com/story.amp.html", "https://example.com/story.html"),
        ("https://example.com/?p=12&cmp=rss", "https://example.com/?p=12"),
        ("https://example.com/x?a=2&a=1", "https://example.com/x?a=2&a=1"),
        ("https://example.com/x?a=1=0&a=2", "https://example.com/x?a=1=0&a=2"),
        ("https://example.com/x?src=rss&page=2", "https://example.com/x?page=2"),
        ("https://example.com/x?src=archive", "https://example.com/x?src=archive"),
        ("https://m.com/x", "https://m.com/x"),
        ("https://mobile.example.com/x", "https://example.com/x"),
        ("https://amp.example.com/x", "https://example.com/x"),
        ("https://example.com/amp", "https://example.com/amp"),
        ("https://example.com/amp/7", "https://example.com/7"),
        ("https://google.com/amp/s/www.example.com/x?a=1", "https://www.example.com/x?a=1"),
        ("https://example.com/amp/s/www.other.example/x", "https://example.com/amp/s/www.other.example/x"),
        ("https://x.cdn.ampproject.org/c/www.example.com/bar", "http://www.example.com/bar"),
        ("https://example.com/?utm_source=a=b&p=1", "https://example.com/?p=1"),
        ("https://example.com/?utm_source%3Drss&p=1", "https://example.com/?p=1"),
        ("https://example.com/?src%3Drss&p=1", "https://example.com/?p=1"),
        ("https://example.com/?src=rss%26x&p=1", "https://example.com/?p=1"),
        ("http://Bücher.example/ä b", "http://xn--bcher-kva.example/%C3%A4%20b"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
    ],
)
def test_canonical(url: str, page: str) -> None:
    assert addresses.canonical(url) == page


def test_tidy_keeps_the_link_working() -> None:
    assert (
        addresses.tidy("https://m.example.com/amp/x?b=1&utm_medium=rss&a=2#f") == "https://m.example.com/amp/x?b=1&a=2"
    )


def test_relative_links() -> None:
    assert addresses.absolute("../x y", "https://example.com/a/b/") == "https://example.com/a/x%20y"
    assert addresses.absolute("javascript:alert(1)", "https://example.com/") is None
    assert addresses.absolute("http://[", "https://example.com/") is None


def test_who_owns_a_host() -> None:
    assert addresses.registrable("https://news.example.co.uk/x") == "example.co.uk"
    assert addresses.registrable("someone.github.io") == "someone.github.io"
    assert addresses.registrable("http://192.0.2.7/") == "192.0.2.7"
    assert addresses.registrable("not a host") is None
    assert addresses.origin("http://example.com/x") == "http://example.com:80"
    assert addresses.origin("https://example.com:8443/x") == "https://example.com:8443"
    assert addresses.origin("not a host") is None


@pytest.mark.parametrize(
    ("url", "site", "inside"),
    [
        ("https://desk.example/stories/a/", "https://desk.example", True),
        ("http://www.desk.example/?p=1", "https://desk.example/", True),
        ("https://m.desk.co.uk/x?utm_source=rss#top", "https://www.desk.co.uk", True),
        ("https://people.example/~ada/desk", "https://people.example/~ada/desk/", True),
        ("https://people.example/~ada/desk/x", "https://people.example/~ada/desk", True),
        ("https://people.example/~ada/desks", "https://people.example/~ada/desk", False),
        ("https://people.example/~bo/", "https://people.example/~ada", False),
        ("https://desk.example.evil.example/", "https://desk.example", False),
        ("https://other.example/?u=https://desk.example/", "https://desk.example", False),
        ("https://desk.example/a", "https://desk.example/?lang=en", True),
        ("https://desk.example/", "https://desk.example/X", False),
        ("https://desk.example/a/x", "https://desk.example/a://b", False),
        (None, "https://desk.example", False),
        ("", "https://desk.example", False),
        ("https://desk.example/", "", False),
        ("no address", "https://desk.example", False),
        ("https://desk.example/", "no address", False),
    ],
)
def test_pages_of_a_site_are_known_however_they_are_written(url: str | None, site: str, inside: bool) -> None:
    assert addresses.within(url, site) is inside


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://example.com", True),
        ("https://example.com/?", True),
        ("https://example.com/#top", True),
        ("https://example.com/a", False),
        ("https://example.com/?p=1", False),
        ("no address", False),
    ],
)
def test_a_home_page_is_no_page_of_its_site(url: str, bare: bool) -> None:
    assert addresses.bare(url) is bare


def test_one_page_has_one_id() -> None:
    forms = (
        "http://www.example.com/a/",
        "https://example.com/a",
        "https://m.example.com/a/amp?utm_source=x",
        "https://example.com/a#c",
    )
    assert len({addresses.record_id(url, f"source {n}", str(n), f"text {n}") for n, url in enumerate(forms)}) == 1


def test_ids_without_a_page() -> None:
    home = addresses.record_id("https://example.com/", "s", "7", "t")
    assert home == addresses.record_id(None, "s", "7", "u") != addresses.record_id(None, "s", "8", "u")
    assert addresses.record_id(None, "s", None, "t") != addresses.record_id(None, "s", None, "u")


def test_ids_are_for_ever() -> None:
    """Stores, bundles and addresses of pages hold them: whoever changes how they are made breaks every desk."""
    assert addresses.record_id("https://www.example.com/a/?p=1", "s", "7", "t") == "r1d8e3952bbf6310c"
    assert addresses.record_id("https://example.com/", "s", None, "t") == "r7be712a947606218"
    assert addresses.record_id("https://example.com/", "s", "7", "t") == "r70974c74122509f1"
    assert addresses.record_id(None, "s", None, "t") == "rb057d7195cafc48b"


def test_pages_that_differ_have_ids_that_differ() -> None:
    at = "https://example.com/"
    forms = [
        f"{at}x?u=https://a.example/",
        f"{at}x?u=https://b.example/",
        f"{at}a",
        f"{at}aX",
        f"{at}?p=1",
        f"{at}?p=2",
    ]
    assert len({addresses.record_id(url, "s", "7", "t") for url in forms}) == len(forms)
