"""Nights whose sources are full of injections, with and without a model that obeys every one: nothing is obeyed.

The suite gives each third of a thousand injections one of ten goals, all ten in turn; CITEWIRE_LONG=1 (`make long`)
tries each with every goal: ten thousand. "0 of N" is printed with -s.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import injected_desk as made
import injections
import pytest
from hostile import HostileServer
from injected_desk import CANARY, NIGHT, Desk, Obedient
from injections import COUNT, GOALS, SECRET
from thorough import LONG, each

from pipeline import repetition
from pipeline.cli import main
from pipeline.newsroom import events
from pipeline.repetition import Patterns, worn

POISONED, CLEAN = 5, 3  # events; 200 injections in each of the first
TELLERS = 7  # of one poisoned event: a wire, two papers, a thread, its comment, a post and its card
TURNS = tuple(range(len(GOALS))) if LONG else (0,)


def ran(folder: Path, server: HostileServer, turn: int | None, *roles: str) -> tuple[Path, Obedient]:
    """One night with all injections of a turn (None: without any), with a model in `roles`."""
    desk, model = Desk(folder, server, POISONED, CLEAN), Obedient()
    given = [] if turn is None else each(3, injections.injections(turn))
    config = desk.build(given)
    server.routes["/v1/chat/completions"] = model
    if roles:
        made.obeying(config, *roles)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SECRET, CANARY)
        patch.setattr(events, "LEADS", 2.0)  # made events begin alike; that they are not one is known here
        patch.setattr(repetition, "worn", lambda _: worn(Patterns()))  # "says" or "writes" by what others had: no more
        patch.setattr(repetition, "overused", lambda *_: ())
        assert main(["run", "--quiet", "--config", str(config), "--now", NIGHT]) == 0
    assert len(desk.used) == len(given)
    return config, model


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, HostileServer]]:
    with HostileServer() as server:
        yield tmp_path_factory.mktemp("nights"), server


@functools.cache
def clean(folder: Path, server: HostileServer, roles: tuple[str, ...]) -> Mapping[str, bytes]:
    """The site of the same night without a single injection."""
    return made.site(ran(folder / f"clean-{len(roles)}", server, None, *roles)[0])


def told(pages: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Stories by the firm that they are about; the night's briefing, which is about all of them, is left out."""
    events = (story for story in made.stories(pages) if story["kind"] != "briefing")
    return {str(story["short_title"]).split()[0]: story for story in events}


def untouched(pages: Mapping[str, bytes]) -> list[str]:
    """Pages and bundles of the stories about events that nobody poisoned."""
    firms = tuple(made.event(number).head.split()[0].lower() for number in range(POISONED, POISONED + CLEAN))
    return [path for path in pages if path.startswith("stories/") and path.split("/")[1].startswith(firms)]


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("roles", [(), ("write", "extract")], ids=["extractive", "obedient model"])
def test_nothing_is_obeyed(turn: int, roles: tuple[str, ...], place: tuple[Path, HostileServer]) -> None:
    folder, server = place
    before = clean(folder, server, roles)
    server.log.clear()
    config, model = ran(folder / f"{turn}-{len(roles)}", server, turn, *roles)
    pages = made.site(config)
    found = made.obeyed(pages)
    print(
        f"injections obeyed: {len(found)} of {len(each(3, range(COUNT)))}",
        f"(turn {turn}, {model.obeyed} of {model.calls} calls obeyed)",
    )
    assert found == []
    assert not roles or model.obeyed > 3, "the model was given nothing to obey"
    _nothing_leaked(config, server)
    _nothing_else_changed(pages, before)


def _nothing_else_changed(pages: Mapping[str, bytes], clean: Mapping[str, bytes]) -> None:
    """Stories of other events are the same bytes; the poisoned are told, no origin too many, no dispute less."""
    others = untouched(clean)
    assert len(others) >= 3 * CLEAN
    assert [path for path in others if pages.get(path) != clean[path]] == []
    before, after = told(clean), told(pages)
    assert len(before) == POISONED + CLEAN
    assert before.keys() - after.keys() == set(), "told in another's"
    for firm, story in before.items():
        assert after[firm]["counts"]["origins"] <= TELLERS, firm
        assert bool(_conflicts(after[firm])) >= bool(_conflicts(story)), firm


def _conflicts(story: Mapping[str, Any]) -> list[Any]:
    return [section for section in story["sections"] if section["role"] == "disagreements"]


def _nothing_leaked(config: Path, server: HostileServer) -> None:
    """The canary of the environment is in no file and no request but in the header of those to the model."""
    held = [p for p in config.parent.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]
    assert held == []
    for request in server.log:
        sent = f"{request.target} {request.headers if not request.path.startswith('/v1/') else ''}"
        assert CANARY not in sent + request.body.decode("utf-8", "replace")
        assert not request.path.startswith("/take")
    assert {request.path.split("/")[1] for request in server.log} <= {"feed", "page", "v0", "api", "v1", "robots.txt"}


def test_the_injections_are_many_and_differ() -> None:
    every = [injections.injections(turn) for turn in range(len(GOALS))]
    assert len({one.text for turn in every for one in turn}) == COUNT * len(GOALS)
    assert {(one.number, one.goal) for turn in every for one in turn} == {(n, g) for n in range(COUNT) for g in GOALS}
    assert len(injections.languages()) >= 12
    assert len({one.lang for one in every[0]}) == len(injections.languages())


@pytest.mark.parametrize("number", range(0, COUNT, 9))
def test_an_obedient_reader_would_understand(number: int) -> None:
    one = injections.injection(number, "alter")
    if len(one.text) < 4 * len(one.text.strip("\u202e\u202c").encode("ascii", "ignore")):
        assert injections.asked_for(one.text) or any(name in one.text for name in ("&#", "Decode", "\\u"))
