"""The disputes that nights over real rows raise, a number of them drawn by a fixed seed, to be judged by reading.

    python benchmarks/flags.py FILE --from 2023-10-16 --days 5 --draw 50 [--seed 4] [--embedder lexical] > flags.jsonl

FILE holds JSON Lines (plain or gzipped) whose rows carry `seen` or `published`; night D is run at midnight after day D,
ingest and analyze only.

    python benchmarks/flags.py FILE --half read --draw 100000 > flags.jsonl

takes a file of labelled storylines instead (rows with `story`): half of the stories by SHA-256 of their id, `read` or
`held`, and every day that has rows. A row without a source is published by the host of its address, else by nobody
else; rows without a time are told on one day for each story, a minute apart.

One JSON line per dispute drawn: kind, what, values, whether its sides lie in two storylines,
and for each side the sentence, publisher, time and headline. The count of all, by kind, goes to stderr; so does the
number of findings in each state. Nothing is judged here: a person reads the pairs.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.nights import desk, kept
from pipeline.app import App
from pipeline.domain import Dispute
from pipeline.run import night

_UNDATED = datetime(2010, 1, 1, 6, tzinfo=UTC)  # the first story without times is told on this day


def half(file: Path, which: str) -> list[dict[str, object]]:
    """The rows of the stories of one half, "read" or "held", each with a publisher and a time, in order of time."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        rows: list[dict[str, object]] = [json.loads(line) for line in lines if line.strip()]
    stories = sorted({str(row.get("story") or row["id"]) for row in rows})
    kept = {story for story in stories if hashlib.sha256(story.encode()).digest()[0] % 2 == (which == "held")}
    made = []
    for number, row in enumerate(rows):
        story = str(row.get("story") or row["id"])
        if story not in kept:
            continue
        told = _UNDATED + timedelta(days=3 * stories.index(story), minutes=number % 600)
        host = urlsplit(str(row.get("url") or "")).hostname or str(row["id"])
        row |= {"source": row.get("source") or host, "published": row.get("published") or told.isoformat()}
        made.append({key: value for key, value in row.items() if key not in ("story", "seen")})
    return sorted(made, key=lambda row: (str(row["published"])[:10], str(row["id"])))


def raised(app: App) -> list[Dispute]:
    """Every dispute in the store once, in a fixed order."""
    findings = app.store.findings([line.id for line in app.store.storylines()])
    print(dict(sorted(Counter(one.state.value for one in findings).items())), file=sys.stderr)
    found = {(one.kind, one.a, one.b): one for finding in findings for one in finding.disputes}
    print(dict(sorted(Counter(kind.value for kind, _, _ in found).items())), file=sys.stderr)
    return [found[key] for key in sorted(found)]


def told(app: App, disputes: Sequence[Dispute]) -> list[dict[str, object]]:
    """Each dispute with the words of both sides."""
    claims = app.store.claims(sorted({side for one in disputes for side in (one.a, one.b)}))
    records = app.store.records(sorted({claim.record_id for claim in claims.values()}))
    lines = {claim: line.id for line in app.store.storylines() for claim in line.claim_ids}
    rows: list[dict[str, object]] = []
    for one in disputes:
        row: dict[str, object] = {
            "kind": one.kind.value,
            "what": one.what,
            "values": [one.a_value, one.b_value],
            "across": lines.get(one.a) != lines.get(one.b),
        }
        for side, key in (("a", one.a), ("b", one.b)):
            record = records[claims[key].record_id]
            row[side] = claims[key].text
            row[f"{side}_from"] = f"{record.publisher or record.source}, {record.published:%Y-%m-%d %H:%M}"
            row[f"{side}_headline"] = record.title
        rows.append(row)
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the nights, print the draw; returns 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--from", dest="first", type=datetime.fromisoformat, metavar="DAY")
    parser.add_argument("--half", choices=["read", "held"], help="run a half of the stories of a labelled file")
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--draw", type=int, default=50)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--output", type=Path, help="keep the desk here (default: a folder that is deleted)")
    parser.add_argument("--embedder", default="lexical")
    args = parser.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(kept(args.output))
        file, nights = args.file.resolve(), []
        if args.half:
            rows = half(file, args.half)
            file = folder / "rows.jsonl"
            file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
            days = sorted({str(row["published"])[:10] for row in rows})
            nights = [datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1) for day in days]
        elif args.first:
            nights = [args.first.replace(tzinfo=UTC) + timedelta(days=number) for number in range(1, args.days + 1)]
        else:
            parser.error("give --from or --half")
        app = stack.enter_context(desk(folder, file, args.embedder))
        for now in nights:
            night(app, now, stages=("ingest", "analyze"))
        every = raised(app)
        drawn = random.Random(args.seed).sample(every, min(args.draw, len(every)))  # noqa: S311 - no secret
        for row in told(app, drawn):
            print(json.dumps(row, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
