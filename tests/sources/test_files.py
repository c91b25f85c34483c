"""Files of the operator: every format, the calendar of `seen` and `published`, and positions that survive."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk import article, tools

from pipeline.domain import Batch, Cursor, Source, TextQuality
from pipeline.errors import ParseError
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
    started = time.perf_counter()
    second = read(path, day + timedelta(days=4, hours=6), first.cursor)
    assert len(first.records) == 2_000
    assert names(second) == [str(n) for n in range(2_000, 2_500)]
    assert time.perf_counter() - started < 5
