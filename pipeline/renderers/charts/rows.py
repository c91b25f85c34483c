"""Rows of named bars: how records spread over publishers and platforms, and how each source judges.

The name of a row stands above its bar, so that long names have room on a narrow page; the figure stands at its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.renderers.charts.drawing import WIDTH, Chart, Lettering, Shape, Table, rect, units
from pipeline.renderers.phrases import count

ROW, BAR, NAME = 40, 8, 25  # units: a row, its bar, from its top down to the bar
MOST = 6
LONGEST = 40  # characters of a name that a row shows; the table has it whole
LEAST_SPREAD = 3  # publishers below which there is no spread to look at
LEAST_JUDGED = 3  # claims that judge, over two sources at least
STANCES = ("critical", "neutral", "favourable")


@dataclass(frozen=True, slots=True)
class Judged:
    """How many claims of a source judge what they speak of, and which way."""

    name: str
    critical: int
    neutral: int
    favourable: int


def spread(chart_id: str, counts: Mapping[str, int], origins: Mapping[str, int]) -> Chart | None:
    """Records by publisher, the most first, with how many origins these are; None for fewer than three publishers or
    where each has as many as the others: a sentence says that better.
    """
    if len(counts) < LEAST_SPREAD or len(set(counts.values())) == 1:
        return None
    names = sorted(counts, key=lambda name: (-counts[name], name))
    said = f"{count(sum(counts.values()), 'record')} of {count(len(counts), 'publisher')}"
    shown, rest = names[:MOST], names[MOST:]
    scale = WIDTH / counts[names[0]]
    shapes = [
        rect("b-origins", (0, n * ROW + NAME), (counts[name] * scale, BAR), f"{name}: {count(counts[name], 'record')}")
        for n, name in enumerate(shown)
    ]
    rows = [(name, counts[name]) for name in shown]
    rows += [(count(len(rest), "other"), sum(counts[name] for name in rest))] if rest else []
    return Chart(
        id=chart_id,
        title="Who reports it",
        description=f"{said}; most of {_short(names[0])}, {counts[names[0]]}.",
        height=len(rows) * ROW,
        shapes=tuple(shapes),
        labels=tuple(one for n, (name, value) in enumerate(rows) for one in _named(n, name, str(value))),
        legend=(),
        table=Table(
            ("Publisher", "Records", "Origins"),
            tuple((name, str(counts[name]), str(origins.get(name, 0))) for name in names),
        ),
    )


def mix(chart_id: str, counts: Mapping[str, int]) -> Chart | None:
    """Records by platform on one bar; None for a single platform."""
    if len(counts) < 2:
        return None
    names = sorted(counts, key=lambda name: (-counts[name], name))
    total = sum(counts.values())
    shapes: list[Shape] = []
    x = 0.0
    for n, name in enumerate(names):
        wide = WIDTH * counts[name] / total
        says = f"{name}: {count(counts[name], 'record')}"
        shapes.append(rect(f"mix-{min(n, 4)}", (x, 4), (max(wide - 2, 1), 16), says))
        x += wide
    return Chart(
        id=chart_id,
        title="Platforms",
        description=f"{count(total, 'record')} on {count(len(counts), 'platform')}: "
        + ", ".join(f"{_short(name)} {counts[name]}" for name in names)
        + ".",
        height=24,
        shapes=tuple(shapes),
        labels=(),
        legend=tuple((f"mix-{min(n, 4)}", f"{_short(name)} {counts[name]}") for n, name in enumerate(names[:5])),
        table=Table(("Platform", "Records"), tuple((name, str(counts[name])) for name in names)),
    )


def stances(chart_id: str, judged: Sequence[Judged]) -> Chart | None:
    """How the claims of each source judge what they speak of, critical to the left; None where hardly any do."""
    telling = [one for one in judged if one.critical + one.favourable]
    if len(telling) < 2 or sum(one.critical + one.favourable for one in telling) < LEAST_JUDGED:
        return None
    rows = sorted(telling, key=lambda one: (-(one.critical + one.favourable), -one.critical, one.name))[:MOST]
    scale = WIDTH / max(one.critical + one.neutral + one.favourable for one in rows)
    shapes: list[Shape] = []
    labels: list[Lettering] = []
    for n, one in enumerate(rows):
        x = 0.0
        parts = (one.critical, one.neutral, one.favourable)
        for kind, value in zip(STANCES, parts, strict=True):
            if value:
                says = f"{one.name}: {count(value, kind + ' claim')}"
                shapes.append(rect(f"is-{kind}", (x, n * ROW + NAME), (value * scale, BAR), says))
                x += value * scale
        labels += _named(n, one.name, " · ".join(str(value) for value in parts))
    critical, favourable = sum(one.critical for one in judged), sum(one.favourable for one in judged)
    return Chart(
        id=chart_id,
        title="Who judges it how",
        description=f"{count(critical, 'claim')} critical, {count(favourable, 'claim')} favourable in wording, "
        f"of {count(len(judged), 'source')}.",
        height=len(rows) * ROW,
        shapes=tuple(shapes),
        labels=tuple(labels),
        legend=tuple((f"is-{kind}", kind) for kind in STANCES),
        table=Table(
            ("Source", *(kind.capitalize() for kind in STANCES)),
            tuple((one.name, str(one.critical), str(one.neutral), str(one.favourable)) for one in rows),
        ),
    )


def _named(n: int, name: str, value: str) -> list[Lettering]:
    """The name of row `n` and the figure at its end."""
    y = units(n * ROW + NAME - 7)
    return [Lettering("0", y, _short(name), kind="row-name"), Lettering(units(WIDTH), y, value, "end", "value")]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
