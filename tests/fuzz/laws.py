"""What must hold of any bytes whatever, one law a field: for hypothesis in the suite, for atheris by the hour.

A law takes bytes, breaks with an AssertionError or whatever the code under it lets through, and returns nothing.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
from factories import make_record

from pipeline import addresses
from pipeline.claiming.claims import MOST_WORDS, extract
from pipeline.domain import CitedSpan, Source
from pipeline.errors import AddressRefused, NotReached, ParseError
from pipeline.fetch.guard import Guard, deadline
from pipeline.gate import judge
from pipeline.language import cleaning, quantities, sentences
from pipeline.language.clauses import words_in
from pipeline.sources.feed import Payload, take

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
SOURCE = Source("Harbour Wire", "feed", "https://harbour.example/feed", lang="en")
_CONTROLS = {chr(code) for code in (*range(33), 127)}
_WRAPPED = (ipaddress.IPv6Network("::ffff:0:0/96"), ipaddress.IPv6Network("64:ff9b::/96"))


def text_of(data: bytes) -> str:
    """Text with whatever a decoder may leave in it."""
    return data.decode("utf-8", "replace")


def url(data: bytes) -> None:
    """An address has one form that is stable, plain and of the web; the client dials the host that is shown."""
    text, _, base = text_of(data).partition("\n")
    for form in (addresses.safe, addresses.tidy, addresses.canonical):
        once = form(text)
        if once is not None:
            assert form(once) == once
            assert once.isascii()
            assert not _CONTROLS & set(once)
            assert once.startswith(("http://", "https://"))
            assert len(once) <= addresses.MAX_LENGTH
            assert httpx.URL(once).raw_host.decode().strip("[]") == addresses.host(once)
            assert not httpx.URL(once).userinfo
    joined = addresses.absolute(text, base)
    assert joined is None or joined == addresses.safe(joined)
    assert addresses.record_id(text, "s", None, text) == addresses.record_id(text, "s", None, text)


def guard(data: bytes) -> None:
    """What may be dialled is public by the standard library's tables, too, whatever wraps it."""
    deadline.set(time.monotonic() + 10)
    answers = [str(ipaddress.ip_address(data[at : at + 16])) for at in range(0, len(data) - 15, 16)]
    answers += [str(ipaddress.ip_address(data[at : at + 4])) for at in range(0, min(len(data) - 3, 64), 4)]
    for host in ("feed.example", *answers, text_of(data)):
        try:
            allowed = Guard(resolve=lambda *_: answers).addresses(host, 443)
        except (AddressRefused, NotReached):
            continue
        for one in allowed:
            address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(one)
            if any(address in block for block in _WRAPPED):
                address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
            assert address.is_global, address
            assert not address.is_multicast, address


def feed(data: bytes) -> None:
    """A feed is entries or a reason; entries have text that can be stored and addresses of the web."""
    kind, _, body = data.partition(b"\n")
    try:
        taken = take(Payload(body, SOURCE.address, kind.decode("latin-1")), source=SOURCE, now=NOW, raw="")
    except ParseError:
        return
    for record in taken.records:
        record.text.encode("utf-8")
        assert record.url is None or record.url == addresses.safe(record.url)
        assert "\x00" not in record.text


def span(data: bytes) -> None:
    """Cleaning twice is cleaning once; sentences and claims are spans that hold their own words."""
    text = cleaning.clean(text_of(data))
    assert cleaning.clean(text) == text
    end = 0
    for one in sentences.split(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end
    for claim in extract(make_record(text, title="", id="r1"), min_worth=0.0) if text.strip() else ():
        (evidence,) = claim.evidence
        assert text[evidence.start : evidence.end] == claim.text
        assert words_in(claim.text) <= MOST_WORDS


def number(data: bytes) -> None:
    """Quantities are spans in order that equal themselves."""
    text, end = text_of(data), 0
    for one in quantities.find(text):
        assert text[one.span.start : one.span.end] == one.text
        assert one.span.start >= end
        assert quantities.equal(one, one)
        end = one.span.end


def gate(data: bytes) -> None:
    """Any sentence has one verdict, with reasons exactly when it is not printed."""
    sentence, _, quote = text_of(data).partition("\n")
    cited = [CitedSpan(quote or sentence or "x", publisher="A", origin="o", published=NOW)]
    first = judge(sentence, cited)
    assert first == judge(sentence, cited)
    assert first.publish == (not first.reasons)


LAWS: dict[str, Callable[[bytes], None]] = {
    "url": url, "guard": guard, "feed": feed, "span": span, "number": number, "gate": gate,
}  # fmt: skip
