"""A year of nights on a small desk among random faults: nothing lost, nothing doubled, growth linear, nights no slower.

    python tests/simulated_year.py 365 --seed 1

Six feeds are served over loopback. Nights fail at their sources, are killed one to three times and run again, are
missed, meet a clock that is wrong; items are copied, edited and deleted, and carry harm; stories and records are
retracted, sentences dropped, people listed for takedown. After each night all of `invariants.broken` must hold.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, redirect_stdout
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import invariants
from hostile import HostileServer
from killing import KillAt, Recording, ended, forked
from simulated_world import DAY, FIRST, OUTLETS, TROUBLES, Item, World, feed

from pipeline import app as joining
from pipeline.addresses import record_id
from pipeline.cli import main
from pipeline.engines.local import LocalEngine
from pipeline.fetch import HttpFetcher
from pipeline.protocols import Checkpoint, no_checkpoint
from pipeline.publishing import site_check
from pipeline.run import night
from pipeline.settings import DATABASE, load
from pipeline.stores import open_store

OFTEN = {
    "trouble": 0.12,
    "all down": 0.02,
    "kill": 0.25,
    "missed": 0.03,
    "clock": 0.04,
    "retract": 0.06,
    "takedown": 0.01,
}
LOOK = site_check.look
THOROUGH = 30  # nights between two on which every bundle is judged again
CONFIG = """
[site]
name = "Quay desk"

[desk]
takedown = "takedown.txt"

[ingest]
pace = 0
timeout = 1.0
full_text = false
workers = 1
allow_private = [{places}]

[[beat]]
name = "Works"
description = "Ports, power stations, ferries and what towns buy."
keywords = ["port", "turbines", "ferries", "trams", "cranes", "pumps", "buses", "boilers", "transformers"]
{sources}"""
SOURCE = '\n[[source]]\nname = "{outlet}"\nkind = "feed"\naddress = "{url}"\n'


@dataclass
class Night:
    """What one night came to; sizes in bytes, times in seconds."""

    day: int
    outcome: str
    records: int
    stories: int
    seconds: float
    processor: float
    database: int
    site: int
    files: int
    memory: int


@dataclass
class Looks:
    """What the check of a file found, by its bytes: a page that stays is not parsed every night again."""

    last: dict[tuple[str, str], site_check.Look] = field(default_factory=dict)
    now: dict[tuple[str, str], site_check.Look] = field(default_factory=dict)

    def of(self, path: str, body: bytes, site: str) -> site_check.Look:
        """As `site_check.look` of a desk whose name stays."""
        key = path, hashlib.sha256(body).hexdigest()
        self.now[key] = self.last[key] if key in self.last else LOOK(path, body, site)
        return self.now[key]

    def turn(self) -> None:
        """A night is over: what it did not ask about is forgotten."""
        self.last, self.now = self.now, {}


@dataclass
class Year:
    """One desk in `folder`, its servers and its world."""

    folder: Path
    seed: int
    often: dict[str, float] = field(default_factory=lambda: dict(OFTEN))
    nights: list[Night] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)
    offered: dict[str, str] = field(default_factory=dict)  # id of a page -> the title under which a feed offered it
    gone: list[str] = field(default_factory=list)  # words that no page may hold any more
    looked: dict[tuple[int, int, int], int] = field(default_factory=dict)  # file -> how many of them it is without
    looks: Looks = field(default_factory=Looks)

    def __post_init__(self) -> None:
        self.random = random.Random(f"faults {self.seed}")  # a simulation
        self.world = World(self.seed)
        self.servers = {outlet: HostileServer() for outlet in OUTLETS}
        self.points: list[str] = ["run.after.ingest"]  # what the last whole night passed
        self.config = self.folder / "citewire.toml"
        sources = "".join(SOURCE.format(outlet=o, url=f"{s.url}/feed") for o, s in self.servers.items())
        places = ", ".join(f'"{server.place}"' for server in self.servers.values())
        self.config.write_text(CONFIG.format(places=places, sources=sources), encoding="utf-8")
        (self.folder / "takedown.txt").write_text("# who asked to be left out\n", encoding="utf-8")

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def chance(self, what: str) -> bool:
        """Whether `what` happens now; it is counted."""
        happens = self.random.random() < self.often[what]
        self.faults[what] += happens
        return happens

    def live(self, days: int) -> None:
        """So many days, each with its night unless the machine was off."""
        for day in range(1, days + 1):
            self.world.turn(day)
            if day > 1 and self.chance("missed"):
                continue
            now = FIRST + day * DAY
            if day > 7 and self.chance("clock"):
                now += timedelta(hours=self.random.uniform(-60, 40))
            self.one(day, now)
        self.end()

    def one(self, day: int, now: datetime) -> None:
        """One night with its faults, then everything that must hold."""
        whole = self.serve()
        for server in self.servers.values():
            server.log.clear()
        if day > 1 and self.chance("kill"):
            for _ in range(self.random.randint(1, 3)):
                self.kill(now)
        if day > 3 and self.chance("retract"):
            self.retract(now)
        if day > 10 and self.chance("takedown"):
            self.take_down()
        began, used = time.perf_counter(), processor()
        recording = Recording()
        outcome = self.run(now, recording)
        took, burnt = time.perf_counter() - began, processor() - used
        self.points = recording.names or self.points
        self.expect({outlet: items for outlet, items in whole.items() if self.servers[outlet].log})
        self.check(day, thorough=day % THOROUGH == 0)
        self.nights.append(self.measured(day, outcome, took, burnt))
        with (self.folder / "nights.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(self.nights[-1])) + "\n")

    def serve(self) -> dict[str, list[Item]]:
        """Feeds as they are tonight, or trouble; the items of those that answer whole."""
        down = self.chance("all down")
        whole = {}
        for outlet, server in self.servers.items():
            items = self.world.feeds[outlet]
            good = feed(outlet, items)
            if down or self.chance("trouble"):
                name = "503" if down else self.random.choice(sorted(TROUBLES))
                self.faults[f"source: {name}"] += 1
                server.routes["/feed"] = TROUBLES[name](good)
            else:
                server.routes["/feed"] = good
                whole[outlet] = list(items)
        return whole

    def run(self, now: datetime, checkpoint: Checkpoint = no_checkpoint) -> str:
        """A whole night by the world's clock, in this process: starting parsers takes longer than such a night."""
        settings = load(self.config)
        ports = [server.port for server in self.servers.values()]
        fetcher = HttpFetcher(settings.ingest, ports=ports, wall=lambda: now, sleep=lambda _: None)
        with (
            patch.object(joining, "_parsers", lambda _: LocalEngine()),
            closing(fetcher),
            closing(joining.make_app(settings, fetcher=fetcher, checkpoint=checkpoint)) as app,
        ):
            return night(app, now).outcome

    def kill(self, now: datetime) -> None:
        """A night in a child that is shot at one of the points that the night before passed."""
        at = self.random.randrange(len(self.points))
        name = self.points[at]

        def shot() -> None:
            sys.stderr = sys.stdout = open(os.devnull, "w")  # noqa: SIM115
            self.run(now, KillAt(name, self.points[: at + 1].count(name)))

        self.faults["killed" if ended(forked(shot)) < 0 else "not killed"] += 1

    def command(self, now: datetime, *argv: str) -> int:
        with redirect_stdout(StringIO()):
            return main([*argv, "--config", str(self.config), "--now", now.isoformat(), "--quiet"])

    def retract(self, now: datetime) -> None:
        """A story or a record goes, or a sentence; what it said may be on no page from tonight."""
        with closing(open_store(self.output / DATABASE)) as store:
            stories = [one for one in store.all_stories() if one.citations]
        if not stories:
            return
        story = self.random.choice(sorted(stories, key=lambda one: one.id))
        if self.random.random() < 0.5:
            self.faults["retracted story"] += self.command(now, "retract", story.slug, "--why", "It was a hoax.") == 0
            return
        cited = self.random.choice(sorted(story.records, key=lambda one: one.id))
        if self.command(now, "retract", cited.id, "--why", "Its publisher took it back.") == 0:
            self.faults["retracted record"] += 1
            self.gone += [cited.title]

    def take_down(self) -> None:
        """Somebody who was in the news asks to be left out."""
        name = self.random.choice(self.world.told[-40:])
        with (self.folder / "takedown.txt").open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
        self.gone.append(name)

    def expect(self, whole: dict[str, list[Item]]) -> None:
        """What was offered whole to a night that ended must be stored."""
        for items in whole.values():
            self.offered |= {
                record_id(item.url, item.outlet, None, ""): item.title for item in items if not item.hostile
            }

    def lost(self) -> list[str]:
        with closing(open_store(self.output / DATABASE)) as store:
            return sorted(self.offered[one] for one in self.offered.keys() - store.known(self.offered))

    def check(self, day: int, *, thorough: bool) -> None:
        """All that must hold after a night."""
        with patch.object(site_check, "look", self.looks.of):
            found = invariants.broken(self.config, thorough=thorough)
        self.looks.turn()
        found += [f"lost: {title}" for title in self.lost()]
        if self.gone and (self.output / "site").exists():
            found += self.remains()
        self.breaches += [f"night {day}: {line}" for line in found]
        for line in found:
            sys.stderr.write(f"night {day}: {line}\n")

    def remains(self) -> list[str]:
        """Words that were taken back and stand in some file of the site; a file that stays is not read twice."""
        words = [(one, json.dumps(one, ensure_ascii=False)[1:-1].encode()) for one in self.gone]
        found, looked = [], {}
        for path in sorted((self.output / "site").resolve().rglob("*")):
            if not path.is_file():
                continue
            state = path.stat()
            mark = state.st_ino, state.st_mtime_ns, state.st_size
            asked = words[self.looked.get(mark, 0) :]
            body = path.read_bytes() if asked else b""
            held = [one for one, raw in asked if raw in body]
            found += [f"{one!r} still stands in {path.name}" for one in held]
            looked[mark] = 0 if held else len(words)
        self.looked = looked
        return found

    def measured(self, day: int, outcome: str, seconds: float, burnt: float) -> Night:
        site = self.output / "site"
        sizes = [path.stat().st_size for path in site.resolve().rglob("*") if path.is_file()] if site.exists() else []
        with closing(open_store(self.output / DATABASE)) as store:
            counts = store.counts()
        memory = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if PROC else 0
        database = (self.output / DATABASE).stat().st_size
        made = counts["records"], counts["stories"]
        return Night(day, outcome, *made, round(seconds, 3), round(burnt, 3), database, sum(sizes), len(sizes), memory)

    def end(self) -> None:
        """The last night is checked in full."""
        self.check(self.nights[-1].day, thorough=True)


PROC = Path("/proc/self/statm").exists()


def processor() -> float:
    """Seconds of processor that this process and its children have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def straight(values: list[float]) -> tuple[float, float]:
    """Slope and share of variance (r squared) of the straight line through a series."""
    line = statistics.linear_regression(range(len(values)), values)
    return line.slope, statistics.correlation(range(len(values)), values) ** 2


def summary(year: Year) -> dict[str, object]:
    """The figures of a year: growth, times, faults, breaches."""
    nights, most = year.nights, max(1, min(30, len(year.nights) // 3))
    first, last = nights[2 : 2 + most], nights[-most:]
    told: dict[str, object] = {"nights": len(nights), "faults": dict(sorted(year.faults.items()))}
    for name in ("database", "site", "files", "records", "stories"):
        slope, fit = straight([float(getattr(one, name)) for one in nights])
        told[name] = {"last": getattr(nights[-1], name), "a night": round(slope, 1), "r2": round(fit, 4)}
    shown = [one for one in nights[2:] if one.outcome == "published"]
    for title, early_nights, late_nights in (("", first, last), (" that published", shown[:most], shown[-most:])):
        for name in ("seconds", "processor", "memory"):
            early, late = (
                statistics.median(getattr(one, name) for one in part) for part in (early_nights, late_nights)
            )
            ratio = round(late / max(early, 1e-9), 2)
            told[name + title] = {"first nights": early, "last nights": late, "ratio": ratio}
    told["offered"], told["lost"] = len(year.offered), len(year.lost())
    told["breaches"] = year.breaches[:20]
    return told


def program() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("nights", type=int, nargs="?", default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the desk; it stays")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="year-"))
    folder.mkdir(parents=True, exist_ok=True)
    year = Year(folder, asked.seed)
    try:
        year.live(asked.nights)
        told = summary(year)
    finally:
        if not asked.keep:
            shutil.rmtree(folder)
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return 1 if told["breaches"] or told["lost"] else 0


if __name__ == "__main__":
    sys.exit(program())
