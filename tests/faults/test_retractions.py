"""What was retracted is in no file that anybody may see: after one command, a kill in it, and five more nights."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import papers
import pytest
from killing import KillAt
from rehearsing import BRIDGE, PARTS, Part, Rehearsal
from thorough import LONG

Rehearse = Callable[[Part], Rehearsal]
Point = tuple[str, int]
Some = Callable[[str, list[Point], int], list[Point]]
KILLS = ("point store.save_correction.committed", "point publish.written", "point publish.swapped")
PRIVATE = ("citewire.db", "backups/", "private/", "runs/")  # what only the operator has: the archive keeps its records
LATER = [f"2026-05-{day:02}T02:00:00Z" for day in range(6, 11)]


def flat(text: str) -> str:
    """The words of a text, without tags, marks and escapes."""
    return re.sub(r"\W+", " ", re.sub(r"<[^>]+>", "", text)).casefold()


def said(config: Path) -> set[str]:
    """The sentences and quotes of the desk's story."""
    pages = papers.site(config.parent)
    path = next(p for p in sorted(pages) if p.startswith("stories/") and p.endswith("/story.json") and "brief" not in p)
    story = json.loads(pages[path])["story"]
    sections = [s["text"] for part in story["sections"] for paragraph in part["paragraphs"] for s in paragraph]
    quotes = [citation["evidence"]["quote"] for citation in story["citations"]]
    return {text for text in map(flat, (*sections, *quotes)) if len(text.split()) > 5}


def holding(config: Path, texts: set[str]) -> list[str]:
    """Files beside the store, of every edition that is kept, that hold one of `texts`."""
    output = config.parent / "output"
    found = []
    for path in sorted(output.rglob("*")):
        inside = path.relative_to(output).as_posix()
        if path.is_file() and not inside.startswith(PRIVATE):
            body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            words = flat(body.decode("utf-8", "replace"))
            found += [f"{inside}: {text[:60]}" for text in texts if text in words]
    return found


def test_killed_at_any_point_of_a_retraction_one_more_command_leaves_nothing(rehearsed: Rehearse, some: Some) -> None:
    rehearsal = rehearsed(next(part for part in PARTS if part.name == "retract a story"))
    texts = said(rehearsal.copy())
    points = [point for point in rehearsal.points if not point[0].startswith("sql ") or point[0] == "sql COMMIT"]
    chosen, wrong = some("retraction", points, 1), []
    for name, nth in chosen:
        config = rehearsal.copy()
        rehearsal.run(config, KillAt(name, nth))
        began = time.monotonic()
        again = rehearsal.run(config, again=True)
        took = time.monotonic() - began
        wrong += [f"{name} {nth}: {one}" for one in holding(config, texts)]
        if again.code not in rehearsal.part.codes or took > 60:
            wrong.append(f"{name} {nth}: ended with {again.code} after {took:.0f} s")
    print(f"\nretraction killed at {len(chosen)} of {len(points)} points: {len(wrong)} wrong")
    assert wrong == []


@pytest.mark.parametrize("kill", KILLS if LONG else KILLS[:1])
def test_one_command_takes_a_story_from_every_file_and_it_stays_gone(rehearsed: Rehearse, kill: str) -> None:
    rehearsal = rehearsed(next(part for part in PARTS if part.name == "retract a story"))
    config = rehearsal.copy()
    texts = said(config)
    assert len(texts) > 3
    assert holding(config, texts)
    rehearsal.run(config, KillAt(kill))
    began = time.monotonic()
    assert rehearsal.run(config, again=True).code in rehearsal.part.codes
    assert time.monotonic() - began < 60
    assert holding(config, texts) == []
    for number, now in enumerate(LATER):
        more = ("Grid Post", now, f"Grid mends line {number}", f"Tarn Valley Grid mended {number + 3} lines, it said.")
        papers.desk(config.parent, (*papers.ROWS, papers.LATER, BRIDGE, more), config.read_text(encoding="utf-8"))
        rehearsal.part = replace(rehearsal.part, commands=(("run", "--now", now),))
        assert rehearsal.run(config).code == 0
        assert holding(config, texts) == [], now
