"""A desk on a folder of invented papers, for tests of whole nights."""

from __future__ import annotations

import json
from pathlib import Path

CONFIG = """
[site]
name = "Quay desk"

[[beat]]
name = "Harbours"
description = "Ports, quays, ships and the power they need."
keywords = ["port", "harbour", "turbines", "quay"]

[[source]]
name = "Papers"
kind = "files"
address = "papers.jsonl"
"""

ROWS = (
    (
        "Harbour Wire",
        "2026-05-03T08:00:00Z",
        "Selmouth port orders 12 gas turbines",
        "The port of Selmouth ordered 12 gas turbines from Corvane on Saturday, port director Ana Reyes said. "
        "The turbines will supply 90 megawatts to the new container terminal. "
        "Corvane plans to deliver the first turbine in October 2026. "
        "The order is worth $240 million, the port said in a statement.",
    ),
    (
        "Daily Ledger",
        "2026-05-03T11:00:00Z",
        "Corvane wins turbine order from Selmouth port",
        "Corvane said it won an order for 14 gas turbines from the port of Selmouth. "
        "The port of Selmouth will pay $240 million for the gas turbines, according to Corvane. "
        "Residents of the Tarn quarter oppose the turbines because of noise, said Olav Brandt of their council. "
        "The air board of Selmouth is to vote on the permit on 20 May 2026.",
    ),
    (
        "Grid Post",
        "2026-05-03T15:00:00Z",
        "Why Selmouth port buys its own gas turbines",
        "Selmouth port buys gas turbines because the grid will not come before 2029, director Ana Reyes said. "
        "The gas turbines from Corvane could run for eight years, the port's planners expect. "
        "The grid operator Tarn Valley Grid listed 31 projects ahead of the port in its queue.",
    ),
    (
        "Selmouth Echo",
        "2026-05-03T16:00:00Z",
        "Lake Orrel freezes over for the first time since 2018",
        "Lake Orrel froze over on Sunday for the first time since 2018, the weather office said. "
        "Ice on the lake was 11 centimetres thick near the village of Orrel.",
    ),
)
LATER = (
    "Harbour Wire",
    "2026-05-04T09:00:00Z",
    "Air board of Selmouth postpones vote on port's gas turbines",
    "The air board of Selmouth postponed its vote on the gas turbines of the port to 3 June 2026. "
    "The board wants a noise study first, chair Mina Okafor said.",
)


def row(publisher: str, published: str, title: str, text: str) -> str:
    """One line of the folder's JSONL."""
    slug = title.lower().replace(" ", "-").replace("'", "")
    host = publisher.lower().replace(" ", "-")
    url = f"https://{host}.example/{slug}"
    fields = {"title": title, "text": text, "url": url, "source": publisher, "published": published, "lang": "en"}
    return json.dumps(fields | {"seen": published}) + "\n"


def desk(folder: Path, rows=ROWS, config: str = CONFIG) -> Path:
    """A desk in `folder`; returns its configuration file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "papers.jsonl").write_text("".join(row(*one) for one in rows), encoding="utf-8")
    path = folder / "citewire.toml"
    path.write_text(config, encoding="utf-8")
    return path


def add(folder: Path, paper: tuple[str, str, str, str]) -> None:
    """One more paper for the next night."""
    with (folder / "papers.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(row(*paper))


def site(folder: Path) -> dict[str, bytes]:
    """Every published file below `folder`'s output/site."""
    root = (folder / "output" / "site").resolve()
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}
