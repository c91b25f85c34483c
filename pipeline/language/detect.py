"""Which language a text is in, by py3langid (Lui & Baldwin 2012, langid.py); short or unsure texts get no answer.

Read in lower case and without addresses, handles and tags, which are in no language: in feeds of known language this
answers half as many headlines again, none of them wrongly.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_SHORTEST = 24  # letters
_READ = 1000  # code points that settle the question
_SURE = 0.70
_FOREIGN = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+", re.I)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """The packaged model with normalised probabilities; loaded once, on first use."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - slow to load, seldom needed

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language(text: str) -> str | None:
    """Two-letter code of the language of `text`, or None where it is too short or the model is unsure."""
    head = _FOREIGN.sub(" ", text[:_READ]).lower().encode("utf-8", "replace").decode("utf-8")
    letters = sum(character.isalpha() for character in head)
    unspaced = sum("\u2e80" <= character <= "\ud7af" for character in head)
    if letters + 2 * unspaced < _SHORTEST:
        return None
    code, probability = _identifier().classify(head)
    return str(code) if probability >= _SURE else None
