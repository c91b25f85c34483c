"""How far the claims of a text cover the atomic facts that people took it apart into.

Rows are `{text, claims}`. A fact counts as covered when at least 80 % of its content words (stems, no stop words)
stand in one claim span together with its context; a span counts as on the point when it covers a fact, or a fact covers
it, in the same measure. This is the containment of Broder (1997) on sets of words, in the role that entailment has in
FActScore (Min et al., EMNLP 2023), which needs a model. `facts_per_claim` says how coarse the spans are: 1 is atomic.
"""

from __future__ import annotations

import time
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from pipeline.claiming.claims import extract
from pipeline.domain import Record, TextQuality
from pipeline.errors import UsageError
from pipeline.evals.rows import rows
from pipeline.language.words import content
from pipeline.settings import AnalyzeSettings

COVERED = 0.8
_WRITTEN = datetime(2023, 6, 1, tzinfo=UTC)  # no row says when it was written; no measure depends on it


def contained(part: frozenset[str], whole: frozenset[str]) -> float:
    """Share of `part` that stands in `whole`; 0 for an empty part."""
    return len(part & whole) / len(part) if part else 0.0


def _record(text: str, number: int) -> Record:
    """A record of one row's text."""
    return Record(
        id=f"r{number}",
        source="eval",
        platform="eval",
        kind="article",
        native_id=str(number),
        url=None,
        publisher=None,
        author=None,
        title="",
        text=unicodedata.normalize("NFC", text),
        quality=TextQuality.FULL,
        lang="en",
        published=_WRITTEN,
        fetched=_WRITTEN,
    )


def run(path: Path, *, embedder: str = "auto") -> dict[str, float]:
    """Recall, precision and F1 of claim spans; `embedder` plays no part. Raises UsageError for other rows."""
    began = time.perf_counter()
    chosen = AnalyzeSettings()
    facts = found = covered = right = pairs = 0
    for number, row in enumerate(rows(path), 1):
        text, listed = row.get("text"), row.get("claims")
        if not isinstance(text, str) or not isinstance(listed, list):
            raise UsageError(f'{path}, row {number}: "text" must be a text and "claims" a list of texts')
        wanted = [words for fact in listed if (words := frozenset(content(str(fact))))]
        spans = [
            frozenset(content(f"{claim.text} {claim.context or ''}"))
            for claim in extract(_record(text, number), min_worth=chosen.min_worth, max_claims=chosen.max_claims)
        ]
        held = [[contained(fact, span) >= COVERED for fact in wanted] for span in spans]
        inside = [[contained(span, fact) >= COVERED for fact in wanted] for span in spans]
        facts, found = facts + len(wanted), found + len(spans)
        covered += sum(any(one[at] for one in held) for at in range(len(wanted)))
        right += sum(any(a) or any(b) for a, b in zip(held, inside, strict=True))
        pairs += sum(map(sum, held))
    recall, precision = covered / facts if facts else 0.0, right / found if found else 0.0
    return {
        "recall": round(recall, 4),
        "precision": round(precision, 4),
        "f1": round(2 * recall * precision / (recall + precision), 4) if recall + precision else 0.0,
        "facts_per_claim": round(pairs / found, 4) if found else 0.0,
        "facts": facts,
        "claims": found,
        "seconds": round(time.perf_counter() - began, 3),
    }
