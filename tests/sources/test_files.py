"""Files of the operator: every format, the calendar of `seen` and `published`, and positions that survive."""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk import article, tools
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import ParseError
from pipeline.sources import archives
from pipeline.sources.files import FilesSource


def at(day: int, hour: int = 6) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def lines(*rows: Mapping[str, object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def read(path: Path, now: datetime | None = None, cursor: Cursor | None = None) -> Batch:
    return FilesSource(tools()).read(Source("Archive", "files", str(path)), cursor or Cursor(), now or at(10))


def names(batch: Batch) -> list[str]:
    return [record.native_id for record in batch.records]


def test_a_full_row(tmp_path: Path) -> None:
    row = {
        "id": "a1",
        "title": "Quay opens",
        "text": "The quay has opened.",
        "url": "https://x.example/1",
        "source": "Harbour Wire",
        "published": "2026-05-02T10:00:00Z",
        "seen": "2026-05-03",
        "lang": "en",
        "platform": "hackernews",
        "author": "Ada",
        "discussion": "https://d.example/1",
        "points": 40,
        "comments": 3,
    }
    path = tmp_path / "rows.jsonl"
    path.write_text(lines(row))
    record = read(path, at(4)).records[0]
    assert record.text == "Quay opens\n\nThe quay has opened."
    assert (record.publisher, record.platform, record.kind, record.author) == (
        "Harbour Wire",
        "Hacker News",
        "post",
        "Ada",
    )
    assert (record.url, record.discussion_url) == ("https://x.example/1", "https://d.example/1")
    assert record.engagement == {"points": 40, "comments": 3}
    assert (record.published.day, record.fetched.day, record.date_doubtful) == (2, 4, False)


def test_an_almost_empty_row_gets_nothing_invented(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(lines({"text": "The quay has opened.", "title": None, "source": None}))
    record = read(path).records[0]
    assert (record.title, record.publisher, record.url, record.platform) == ("", None, None, "News")
    assert (record.published, record.date_doubtful, record.native_id) == (at(10), True, "rows.jsonl:1")


ROWS = lines(
    {"id": "seen first", "title": "A thing", "published": "2026-05-01", "seen": "2026-05-03"},
    {"id": "published", "title": "B thing", "published": "2026-05-02T09:00:00Z"},
    {"id": "neither", "title": "C thing"},
    {"id": "late", "title": "D thing", "seen": "2026-05-09"},
)


def test_rows_enter_on_the_first_night_after_they_were_seen(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(ROWS)
    nights, cursor = {}, Cursor()
    for day in range(1, 12):
        batch = read(path, at(day), cursor)
        cursor = batch.cursor
        if batch.records:
            nights[day] = names(batch)
    assert nights == {1: ["neither"], 3: ["seen first", "published"], 9: ["late"]}


def test_a_bare_date_counts_from_the_start_of_its_day(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(lines({"id": "a", "title": "A thing", "seen": "2026-05-03"}))
    assert names(read(path, at(3, 0))) == []
    assert names(read(path, at(3, 0) + timedelta(seconds=1))) == ["a"]


def test_the_same_night_again_adds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(ROWS)
    first = read(path, at(10))
    again = read(path, at(10), first.cursor)
    assert (names(again), again.cursor) == ([], first.cursor)
    earlier = read(path, at(5), first.cursor)
    assert (names(earlier), earlier.cursor) == ([], first.cursor)


def test_a_file_that_grew_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(ROWS)
    first = read(path, at(10))
    path.write_text(ROWS + lines({"id": "older", "title": "E thing", "seen": "2026-05-01"}))
    assert "older" in names(read(path, at(11), first.cursor))


def test_a_folder_of_everything(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines({"id": "row", "title": "A thing"}).encode()))
    (tmp_path / "b.md").write_text(
        "---\ntitle: 'Quay *opens*'\ndate: 2026-05-02\nsource: Harbour Wire\n---\n## Part\n"
        "The [mayor](https://x.example/(a)) said **yes** to `12` ships.\n\n- one\n"
    )
    (tmp_path / "c.txt").write_bytes("Fünf Schiffe kamen.\n\nSie fuhren ab.".encode("cp1252"))
    (tmp_path / "sub" / "d.html").write_text(article(7))
    (tmp_path / "e.pdf").write_bytes(b"%PDF")
    (tmp_path / ".hidden.txt").write_text("no")
    batch = read(tmp_path)
    by_id = {record.native_id: record for record in batch.records}
    assert sorted(by_id) == ["b.md", "c.txt", "row", "sub/d.html"]
    assert by_id["b.md"].text == "Quay opens\n\nPart\nThe mayor said yes to 12 ships.\n\none"
    assert (by_id["b.md"].publisher, by_id["b.md"].published.day) == ("Harbour Wire", 2)
    assert by_id["c.txt"].text == "Fünf Schiffe kamen.\n\nSie fuhren ab."
    assert "12 million euros" in by_id["sub/d.html"].text
    assert {record.quality for record in batch.records} == {TextQuality.FULL, TextQuality.TITLE}


def test_bad_lines_are_counted_and_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(
        b'{"title": "A thing"}\nnot json\n[1]\n\n{"title": "\xff"}\n{"title": "<br>", "text": "<img>"}\n{}\n'
    )
    batch = read(path)
    assert batch.dropped == {"unreadable": 3, "only markup": 1, "empty": 1}
    assert batch.notes[0].startswith("rows.jsonl: line 2 is not JSON")
    assert "(and 2 more)" in batch.notes[0]


def test_markup_in_rows_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(lines({"title": "A <b>thing</b>", "text": 'It is &amp; was. <a href="https://x.example/cut'}))
    assert read(path).records[0].text == "A thing\n\nIt is & was."


@pytest.mark.parametrize("content", [b"not gzip", gzip.compress(b'{"title": "x"}', mtime=0)[:-8]], ids=["none", "cut"])
def test_broken_archives(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(ParseError, match="cannot be read"):
        read(path)


def test_places_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="does not exist"):
        read(tmp_path / "none")
    (tmp_path / "x.docx").write_bytes(b"PK")
    with pytest.raises(ParseError, match=r"only \.jsonl"):
        read(tmp_path / "x.docx")


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "secret.txt").write_text("secret words")
    (tmp_path / "inner" / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert read(tmp_path / "inner").records == ()


def test_a_damaged_position_starts_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(ROWS)
    for position in ("", "{", "[]", '{"until": 3, "files": []}'):
        assert len(read(path, at(10), Cursor(position=position)).records) == 4


def test_fifty_thousand_rows_stay_fast(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    day = datetime(2026, 1, 1, tzinfo=UTC)
    rows = (
        {
            "id": str(n),
            "title": f"Quay {n} opens",
            "text": "The quay has opened. " * 8,
            "url": f"https://x.example/{n}",
            "seen": f"{day + timedelta(days=n // 500):%Y-%m-%d}",
        }
        for n in range(50_000)
    )
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode(), 1))
    first = read(path, day + timedelta(days=3, hours=6))
    started = time.process_time()
    second = read(path, day + timedelta(days=4, hours=6), first.cursor)
    assert len(first.records) == 2_000
    assert names(second) == [str(n) for n in range(2_000, 2_500)]
    assert time.process_time() - started < 5


def warc(*answers: tuple[str, str, bytes, str]) -> bytes:
    """A web archive of (address, date, body, content type), after a record that is no answer."""
    made = [archive_record("warcinfo", "", "2026-05-01T00:00:00Z", b"software: a test\r\n", "application/warc-fields")]
    for url, date, body, kind in answers:
        status = "404 Not Found" if "gone" in url else "200 OK"
        block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        made.append(archive_record("response", url, date, block, "application/http; msgtype=response"))
    return b"".join(made)


def archive_record(kind: str, url: str, date: str, block: bytes, media: str) -> bytes:
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: {date}\r\nWARC-Record-ID: <urn:x:{url}>\r\n"
    return f"{head}Content-Type: {media}\r\nContent-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def archived(*days: int) -> bytes:
    html = "text/html; charset=utf-8"
    pages = [(f"https://x.example/{day}", f"2026-05-{day:02}T08:00:00Z", article(day).encode(), html) for day in days]
    return warc(
        *pages,
        ("https://x.example/gone", "2026-05-01T00:00:00Z", article(0).encode(), html),
        ("https://x.example/a.png", "2026-05-01T00:00:00Z", b"PNG", "image/png"),
        ("https://x.example/empty", "2026-05-01T00:00:00Z", b"<html></html>", html),
    )


@pytest.mark.parametrize("record_by_record", [True, False])
def test_a_web_archive(tmp_path: Path, record_by_record: bool) -> None:
    path = tmp_path / "crawl.warc.gz"
    parts = archived(2, 4, 8).split(b"WARC/1.0") if record_by_record else []
    members = [gzip.compress(b"WARC/1.0" + part) for part in parts[1:]] or [gzip.compress(archived(2, 4, 8))]
    path.write_bytes(b"".join(members))
    batch = read(path, at(5))
    assert [record.url for record in batch.records] == ["https://x.example/2", "https://x.example/4"]
    first = batch.records[0]
    assert (first.title, first.quality) == ("Quay 2 opens in harbour", TextQuality.FULL)
    assert first.text_score is not None
    assert first.extractor in ("trafilatura", "resiliparse")
    assert batch.dropped == {"unreadable": 1}
    assert "https://x.example/empty" in batch.notes[0]
    later = read(path, at(9), batch.cursor)
    assert [record.url for record in later.records] == ["https://x.example/8"]
    assert read(path, at(10), later.cursor).records == ()


def test_a_web_archive_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    whole = archived(2, 4)
    path.write_bytes(whole[: whole.index(b"https://x.example/4") + 300])
    assert [record.url for record in read(path).records][:1] == ["https://x.example/2"]
    path.write_bytes(b"no archive at all " * 50)
    with pytest.raises(ParseError, match="no web archive"):
        read(path)


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=40))
def test_a_damaged_web_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at_: int, put: bytes
) -> None:
    path = tmp_path_factory.mktemp("warc") / "crawl.warc"
    whole = archived(2, 4)
    spot = at_ % len(whole)
    path.write_bytes(whole[:spot] + put + whole[spot + len(put) :])
    with suppress(ParseError):
        assert all(isinstance(one, str) or one.url for one in archives.pages(path, limit=1 << 20))


def printed(*lines: str) -> bytes:
    """A PDF of one page with these lines."""
    text = "BT /F1 12 Tf 72 720 Td " + " ".join(f"({line}) Tj 0 -14 Td" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Title (Harbour report) /Author (Port authority) >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")


def test_a_pdf(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    path = tmp_path / "report.pdf"
    path.write_bytes(printed("The harbour was re-", "opened on Monday by", "the mayor.", "It cost 12 million."))
    record = read(path).records[0]
    assert record.text == "Harbour report\n\nThe harbour was reopened on Monday by the mayor.\nIt cost 12 million."
    assert (record.author, record.extractor, record.quality) == ("Port authority", "pypdf", TextQuality.FULL)


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4\nnonsense", printed()])
def test_a_pdf_without_text_is_named(tmp_path: Path, body: bytes) -> None:
    pytest.importorskip("pypdf")
    (tmp_path / "bad.pdf").write_bytes(body)
    batch = read(tmp_path)
    assert (batch.records, batch.dropped) == ((), {"unreadable": 1})
    assert "bad.pdf: " in batch.notes[0]


def test_a_pdf_without_the_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (tmp_path / "report.pdf").write_bytes(printed("The harbour was opened."))
    assert "pip install 'citewire[pdf]'" in read(tmp_path).notes[0]
