"""How the cost of a night grows with its records: exponents fitted to several nights, and a drawing of them.

    python benchmarks/night.py ROWS --records 1000 2> 1000.log      # and so on, one file a night
    python benchmarks/growth.py 1000.log 3000.log 10000.log [--plot docs/performance.svg]

An exponent is the slope of the least-squares line through the logarithms (1 is linear). Each stage is told with what
n log n would come to between the smallest and the largest night, and the largest is carried on to 100,000 records.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

WANTED = 100_000
_WIDE, _HIGH, _LEFT, _TOP = 640, 360, 56, 24
_COLOURS = ("#1b5e91", "#b3541e", "#3c7a3c", "#7b4b94", "#8a6d00", "#444444")

Points = Sequence[tuple[float, float]]  # records, cost


def nights(files: Sequence[Path]) -> dict[str, list[tuple[float, float]]]:
    """Stage -> (records, processor seconds) of each night, and "memory" in MiB; by number of records."""
    found: dict[str, list[tuple[float, float]]] = {}
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        stages = [json.loads(line) for line in lines if line.startswith('{"stage"')]
        records = float(stages[0]["seen"])
        for one in stages:
            found.setdefault(one["stage"], []).append((records, one["processor"]))
        found.setdefault("whole night", []).append((records, sum(one["processor"] for one in stages)))
        found.setdefault("memory", []).append((records, max(one["mib"] for one in stages)))
    return {name: sorted(points) for name, points in found.items()}


def exponent(points: Points) -> float:
    """Slope of the least-squares line through the logarithms; 0 for a single point."""
    logs = [(math.log(x), math.log(max(y, 1e-9))) for x, y in points]
    across = sum(x for x, _ in logs) / len(logs)
    up = sum(y for _, y in logs) / len(logs)
    spread = sum((x - across) ** 2 for x, _ in logs)
    return sum((x - across) * (y - up) for x, y in logs) / spread if spread else 0.0


def linearithmic(points: Points) -> float:
    """The exponent that n log n would show between the first and the last of `points`."""
    first, last = points[0][0], points[-1][0]
    return 1.0 + math.log(math.log(last) / math.log(first)) / math.log(last / first) if last > first else 1.0


def carried(points: Points, records: float = WANTED) -> float:
    """The cost of the largest night, carried on along the fitted line."""
    most, cost = points[-1]
    return float(cost * (records / most) ** exponent(points))


def straight(points: Points, records: float = WANTED) -> float:
    """The same along a straight line through the first and the last: memory has a part that every night needs."""
    (first, low), (last, high) = points[0], points[-1]
    return high + (records - last) * (high - low) / (last - first) if last > first else high


def drawn(found: Mapping[str, Points]) -> str:
    """The stages as lines over records, both axes logarithmic, as SVG."""
    lines = {name: points for name, points in found.items() if name != "memory"}
    xs = [math.log10(x) for points in lines.values() for x, _ in points]
    ys = [math.log10(max(y, 0.1)) for points in lines.values() for _, y in points]
    left, right, low, high = min(xs), max(xs), math.floor(min(ys)), math.ceil(max(ys))

    def place(x: float, y: float) -> str:
        across = _LEFT + (math.log10(x) - left) / max(1e-9, right - left) * (_WIDE - _LEFT - 120)
        return f"{across:.1f},{_HIGH - _TOP - (math.log10(max(y, 0.1)) - low) / (high - low) * (_HIGH - 2 * _TOP):.1f}"

    parts = ['<rect width="100%" height="100%" fill="#fff"/>']
    for power in range(low, high + 1):
        x, y = place(10**left, 10**power).split(",")
        parts.append(f'<path d="M{x},{y}H{_WIDE - 120}" stroke="#ccc"/>')
        parts.append(f'<text x="8" y="{float(y) + 4:.1f}">{10**power:g} s</text>')
    free = 0.0  # labels stand in the order of their lines, none on another
    for number, (name, points) in enumerate(sorted(lines.items(), key=lambda one: -one[1][-1][1])):
        colour, path = _COLOURS[number % len(_COLOURS)], " ".join(place(x, y) for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        free = max(free + 14, float(path.rpartition(",")[2]) + 4)
        parts.append(f'<text x="{_WIDE - 112}" y="{free:.1f}" fill="{colour}">{name}</text>')
    for x, _ in next(iter(lines.values())):
        across = place(x, 10**low).partition(",")[0]
        parts.append(f'<text x="{across}" y="{_HIGH - 6}" text-anchor="middle">{x:,.0f}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" font-family="sans-serif"'
    title = "<title>Processor seconds of each stage of a night by its number of records</title>"
    return f'{head} font-size="12">{title}\n' + "\n".join(parts) + "\n</svg>\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print a table, draw where wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("nights", type=Path, nargs="+")
    parser.add_argument("--plot", type=Path)
    asked = parser.parse_args(arguments)
    found = nights(asked.nights)
    sizes = " | ".join(f"{x:,.0f}" for x, _ in next(iter(found.values())))
    print(f"| | {sizes} | exponent | of n log n | at {WANTED:,}, carried on |")
    print("|---|" + "---|" * (len(found["memory"]) + 3))
    whole = sum(carried(points) for name, points in found.items() if name not in ("memory", "whole night"))
    for name, points in found.items():
        unit = "MiB" if name == "memory" else "s"
        ends = straight(points) if name == "memory" else whole if name == "whole night" else carried(points)
        costs = " | ".join(f"{y:,.1f} {unit}" if unit == "s" else f"{y:,.0f} {unit}" for _, y in points)
        slopes = f"{exponent(points):.2f} | {linearithmic(points):.2f}"
        print(f"| {name} | {costs} | {slopes} | {ends:,.0f} {unit} |")
    if asked.plot:
        asked.plot.write_text(drawn(found), encoding="utf-8")


if __name__ == "__main__":
    main()
