"""A place says of an address what `addresses` says of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import addresses
from pipeline.errors import AddressRefused
from pipeline.fetch.place import checked, shown

names = ["outlet.example", "OUTLET.Example.", "93.184.216.34", "[2606:4700::1111]", "b\u00fccher.example"]
ports = st.sampled_from(["", ":", ":80", ":443", ":8080"])
tails = st.text(st.sampled_from("/a?b=c#d%20.&[]:@ \u00e4"), max_size=20)
urls = st.builds("{}://{}{}{}".format, st.sampled_from(["http", "HTTPS"]), st.sampled_from(names), ports, tails)


@given(urls | st.text())
def test_parts_agree_with_the_parser_of_addresses(url: str) -> None:
    safe = addresses.safe(url)
    if safe is None:
        with pytest.raises(AddressRefused):
            checked(url)
        return
    place = checked(url)
    assert place.url == safe.partition("#")[0] == f"{place.scheme}://{place.authority}{place.target}"
    assert (place.host, place.origin.replace("[", "").replace("]", "")) == (
        addresses.host(url),
        (addresses.origin(url) or "").replace("[", "").replace("]", ""),
    )
    assert place.origin.endswith(f":{place.port}")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://a.example/", "a.example"),
        ("https://a.example/", "a.example"),
        ("https://a.example:80/", "a.example"),
        ("http://a.example:8080/", "a.example:8080"),
        ("http://[2606:4700::1]:8080/", "[2606:4700::1]:8080"),
    ],
)
def test_what_a_pause_belongs_to(url: str, key: str) -> None:
    assert checked(url).key == key


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("http://user:pass@host/a@b", "http://...@host/a@b"),
        ("//user@host/", "//...@host/"),
        ("http://a@b@c/?x=//d@e", "http://...@c/?x=//...@e"),
        ("http://host/a", "http://host/a"),
    ],
)
def test_a_login_is_not_shown(address: str, text: str) -> None:
    assert shown(address) == text
