"""Made cases of the rule on people (people.jsonl): invented names and news, in the order in which they were written.

`python tests/quality/people.py [tuned|"held back"|fresh|insinuation|"second look"|"third look"]` prints the sentences
that are published against the rule and those that are held without need. "insinuation" and the two looks after it were
each written before the rule was run on them: what it did at first sight stands in docs/people.md.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipeline.domain import CitedSpan
from pipeline.people.rule import judge

FILE = Path(__file__).with_name("people.jsonl")
NIGHT = datetime(2026, 3, 1, 6, tzinfo=UTC)


def cases(half: str | None = None) -> list[dict]:
    """The cases, of one half or all."""
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if half in (None, row["half"])]


def ruled(row: dict):
    """What the rule says of a case."""
    spans = [CitedSpan(published=NIGHT, **span) for span in row["spans"]]
    return judge(row["sentence"], spans, [*(span["quote"] for span in row["spans"]), *row["records"]])


def tally(rows: list[dict]) -> tuple[list[tuple[dict, object]], list[tuple[dict, object]]]:
    """Cases published against the rule, and cases held or dropped that could be printed."""
    found = [(row, ruled(row)) for row in rows]
    return (
        [(row, one) for row, one in found if one.publish and row["expect"] != "publish"],
        [(row, one) for row, one in found if not one.publish and row["expect"] == "publish"],
    )


if __name__ == "__main__":
    rows = cases(next((one for one in sys.argv[1:] if not one.startswith("-")), None))
    against, needless = tally(rows)
    allowed = sum(row["expect"] == "publish" for row in rows)
    for title, found in (("published against the rule", against), ("held without need", needless)):
        print(f"{title}: {len(found)} of {len(rows) - allowed if found is against else allowed}")
        if "--quiet" not in sys.argv:
            for row, one in found:
                print(
                    f"  {row['id']} [{row['form']}, {row['expect']}] {row['sentence']} -> {one.decision}: {one.reason}"
                )
