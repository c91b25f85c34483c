"""A story of another desk before our gate: python benchmarks/reference_story.py STORY RECORDS [--show]

STORY is a text whose paragraphs are the story's; RECORDS is JSON Lines with `id`, `title`, `source` and `text`. Every
sentence of a paragraph (headings, questions and the methodology are left out) is held against the spans that the gate's
own selector finds for it in each record, and against those of all records together. The selector knows neither the
story's own sources nor its citations, so a refusal says that these records do not bear it, not that it is false.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.domain import CitedSpan, Verdict
from pipeline.gate import judge, pick, split

_CITED = re.compile(r"\s*\[\d+(?:, ?\d+)*\]")
_END = "Methodology"
_SHORTEST = 8  # words of a paragraph; shorter lines are headings and badges


def sentences(story: str) -> Iterator[tuple[str, bool]]:
    """Each sentence of the story's paragraphs, its markers removed, and whether it has one."""
    for line in story.split(f"\n{_END}\n", maxsplit=1)[0].splitlines():
        if len(line.split()) < _SHORTEST or line.rstrip().endswith("?") or line.rstrip()[-1:] not in '.!"”':
            continue
        for sentence in split(line):
            yield _CITED.sub("", sentence).strip(), bool(_CITED.search(sentence))


def best(sentence: str, records: Sequence[dict[str, str | None]]) -> Verdict:
    """The kindest verdict: against the spans of one record, or of all of them."""
    every: list[CitedSpan] = []
    verdicts = []
    for record in records:
        text = record["text"] or ""
        spans = tuple(
            CitedSpan(text[one.start : one.end], record=record["id"], origin=record["id"], publisher=record["source"])
            for one in pick(text, sentence)
        )
        every += spans
        verdicts += [judge(sentence, spans)] if spans else []
    verdicts.append(judge(sentence, tuple(every)))
    return max(verdicts, key=lambda verdict: (verdict.publish, verdict.score))


def main(arguments: list[str] | None = None) -> int:
    """Print shares and reasons as JSON."""
    parser = argparse.ArgumentParser(description="A story of another desk before our gate.")
    parser.add_argument("story", type=Path)
    parser.add_argument("records", type=Path)
    parser.add_argument("--show", action="store_true", help="print each sentence with its verdict")
    given = parser.parse_args(arguments)
    records = [json.loads(line) for line in given.records.read_text().splitlines()]
    found = [(text, cited, best(text, records)) for text, cited in sentences(given.story.read_text())]
    first = Counter(verdict.reasons[0].rule for _, _, verdict in found if verdict.reasons)
    if given.show:
        for text, cited, verdict in found:
            why = "; ".join(f"{one.rule}: {one.detail}" for one in verdict.reasons)
            print(f"[{verdict.label.value}{', cited' if cited else ''}] {text}\n    {why}", file=sys.stderr)
    print(
        json.dumps(
            {
                "sentences": len(found),
                "with_a_citation": sum(cited for _, cited, _ in found),
                "supported": sum(verdict.publish for _, _, verdict in found),
                "verdicts": dict(Counter(verdict.label.value for _, _, verdict in found)),
                "first_reason": dict(first.most_common()),
            }
        )
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
