"""Article extraction against marked pages: DIR holds truth.json and one KEY.html.gz for each of its keys.

Tokens are words, or single characters in scripts that write none. A page's precision and recall come from the overlap
of the two bags of tokens; pages weigh the same; f1 is the harmonic mean of the two averages (as in the article
extraction benchmark of Scrapinghub, 2020). Where the truth is phrases that must and must not occur (`with`, `without`,
as in trafilatura's own evaluation), each phrase counts with its tokens. What is measured is the reading, before ingest
refuses texts too short for an article. `trafilatura_...` measures trafilatura alone, as it comes, on the same pages.
"""

from __future__ import annotations

import gzip
import json
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from pipeline.errors import ExtractionError, UsageError
from pipeline.extract import extract

_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")
MAX_PAGE = 20_000_000


def run(path: Path, *, embedder: str = "auto") -> dict[str, float | int]:
    """Measure the folder `path`; `embedder` plays no part. Raises UsageError when truth or a page cannot be read."""
    truth = sorted(_truth(path).items())
    pages = [_page(path / f"{key}.html.gz") for key, _ in truth]
    rows = [row for _, row in truth]
    ours = _measured(_ours, pages, rows)
    alone = _measured(_trafilatura, pages, rows)
    return {**ours, **{f"trafilatura_{name}": value for name, value in alone.items() if name != "pages"}}


def _measured(
    reader: Callable[[bytes, str | None], str], pages: Sequence[bytes], rows: Sequence[Mapping[str, Any]]
) -> dict[str, float | int]:
    """What `reader` finds on `pages`, against the truth in `rows`, and how long it takes."""
    started = time.perf_counter()
    found = [reader(html, row.get("url")) for html, row in zip(pages, rows, strict=True)]
    seconds = time.perf_counter() - started
    scored = [score(text, row) for text, row in zip(found, rows, strict=True)]
    precision = fmean(p for p, _ in scored) if scored else 0.0
    recall = fmean(r for _, r in scored) if scored else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(_harmonic(precision, recall), 4),
        "pages": len(scored),
        "seconds": round(seconds, 2),
    }


def score(found: str, row: Mapping[str, Any]) -> tuple[float, float]:
    """(precision, recall) of the extracted text against one row of truth. Nothing found where something is scores 0."""
    if "with" in row:
        return _score_phrases(" ".join(tokens(found)), row["with"] or [], row.get("without") or [])
    ours, true = Counter(tokens(found)), Counter(tokens(row.get("text") or ""))
    shared = sum((ours & true).values())
    return _share(shared, sum(ours.values()), sum(true.values())), _share(
        shared, sum(true.values()), sum(ours.values())
    )


def tokens(text: str) -> list[str]:
    """Case-folded words; characters of scripts without spaces stand alone."""
    return _TOKEN.findall(text.casefold())


def _share(part: int, whole: int, other: int) -> float:
    """`part` of `whole`; of nothing it is all when the other side has nothing either."""
    return part / whole if whole else float(not other)


def _score_phrases(found: str, wanted: list[str], unwanted: list[str]) -> tuple[float, float]:
    padded = f" {found} "

    def weight(phrases: list[str], *, inside: bool) -> int:
        cut = [tokens(phrase) for phrase in phrases]
        return sum(len(words) for words in cut if (f" {' '.join(words)} " in padded) is inside)

    hit, missed, wrong = weight(wanted, inside=True), weight(wanted, inside=False), weight(unwanted, inside=True)
    return _share(hit, hit + wrong, missed), _share(hit, hit + missed, wrong)


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


def _truth(path: Path) -> dict[str, dict[str, Any]]:
    try:
        truth = json.loads((path / "truth.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}/truth.json cannot be read ({error}); give the folder that holds it") from None
    if not isinstance(truth, dict) or not all(isinstance(row, dict) for row in truth.values()):
        raise UsageError(f"{path}/truth.json must map page names to objects")
    return truth


def _page(page: Path) -> bytes:
    try:
        with gzip.open(page) as file:
            return file.read(MAX_PAGE)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{page} cannot be read ({error})") from None


def _ours(html: bytes, url: str | None) -> str:
    """Extracted text of a page, empty where nothing could be extracted."""
    try:
        return extract(html, url).text
    except ExtractionError:
        return ""


def _trafilatura(html: bytes, url: str | None) -> str:
    import trafilatura  # noqa: PLC0415  heavy, and wanted for the comparison only

    return trafilatura.extract(html, url=url, include_comments=False) or ""
