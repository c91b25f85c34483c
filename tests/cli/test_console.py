"""What commands print: lines that cannot steer a terminal, aligned columns, a bar on a terminal only."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.console import Progress, columns, shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@given(st.text(), st.integers(2, 50))
def test_text_from_outside_is_one_harmless_line(text, width):
    line = shown(text, width)
    assert len(line) <= width
    assert all(unicodedata.category(char)[0] != "C" for char in line)
    assert line == " ".join(line.split())


def test_columns_align_and_none_but_the_last_is_wide():
    lines = columns([("a", "b" * 99, "c"), ("long\x1b[31m name", "d", "e" * 99)])
    assert lines[0].index("c") == lines[1].index("e" * 9)
    assert "\x1b" not in "".join(lines)
    assert len(lines[1]) > 99
    assert columns([]) == []


@pytest.mark.parametrize(
    ("screen", "quiet", "total", "drawn"),
    [
        (Terminal(), False, 4, True),
        (Terminal(), True, 4, False),
        (io.StringIO(), False, 4, False),
        (Terminal(), False, 1, False),
    ],
)
def test_the_bar_is_for_a_person_who_waits(monkeypatch, screen, quiet, total, drawn):
    monkeypatch.setattr("sys.stderr", screen)
    with Progress(total, "checking", quiet=quiet) as bar:
        bar.tell(2, "Wire\x1b[2J")
    told = screen.getvalue()
    assert bool(told) == drawn
    if drawn:
        assert "[############............] 2/4 Wire" in told
        assert "\x1b[2J" not in told
        assert told.endswith("\r\x1b[K")
