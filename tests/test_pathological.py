"""No pattern blows up: every compiled pattern of the package on texts made to hang it, within a bound each.

What the patterns are met with is capped (a sentence is at most 1,500 code points, a title 500); here they get 1,600.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
import unicodedata

import pytest

import pipeline
from pipeline.language import cleaning
from pipeline.language.orders import addressed, unmasked

SECONDS = 1.0  # for one pattern and one text; on a loaded machine, linear ones take milliseconds
LENGTH = 1_600
HEAVY = ("pipeline.llms.dialects", "pipeline.embedders.sentence_transformers", "pipeline.exporting.parquet")
PIECES = (
    "a", " ", "A ", "A. ", "1", "1,", ".", "-", "(", "<", "<a ", "<!--", "[", '"', "'", "’s ", "\n", " \n", "&", "=",
    "http://a", "@", "a@", "said ", "the A of ", "and ",
    "The quick of the ", "é", "\u0301", "字", "نص ", "$1 ", "1 %", "I ",
    "A, B, ", "not ", "'a' ", "¿", "{{", "|", "By A ", "told to say ", "ignore ", "a b ", "\t", "0.", "20 May ", "Mr. ",
)  # fmt: skip


def patterns() -> dict[str, re.Pattern[str]]:
    """Compiled text patterns at the top of every module of the package that can be loaded here."""
    found = {}
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if module.name.startswith(HEAVY) or "migrations" in module.name or module.name.endswith("__main__"):
            continue
        try:
            loaded = importlib.import_module(module.name)
        except ImportError:
            continue
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found.setdefault(f"{module.name}.{name}", value)
    return {name: found[name] for name in sorted(found)}


PATTERNS = patterns()


def test_there_are_patterns() -> None:
    assert len(PATTERNS) > 250


@pytest.mark.parametrize("part", range(6))
def test_no_pattern_takes_long(part: int) -> None:
    slow = []
    for name, pattern in list(PATTERNS.items())[part::6]:
        for piece in PIECES:
            text = (piece * LENGTH)[:LENGTH] + "!"
            began = time.process_time()
            for _ in zip(pattern.finditer(text), range(200), strict=False):
                pass
            took = time.process_time() - began
            if took > SECONDS:
                slow.append(f"{name}: {took:.1f} s on {piece!r}")
                break
    assert slow == []


@pytest.mark.parametrize("sign", ["\ufdfa", "\u0390", "\u1f82", "\u0344", "\ufb2c", "\U0001d160", "a\u0301\u0302"])
def test_a_normalisation_bomb_grows_by_no_more_than_the_standard_says(sign: str) -> None:
    text = sign * 20_000
    began = time.process_time()
    stored = cleaning.clean(text)
    assert len(stored) <= 3 * len(text), "NFC grows threefold at most (UAX 15)"
    assert unicodedata.is_normalized("NFC", stored)
    assert len(unmasked(text[:2_000])) == len(text[:2_000])
    addressed(text)
    assert time.process_time() - began < 3
