"""Names of publishers that do not read as names: "the singularity is nearer", "Tedium: The Dull Side of the Internet."

Where a sentence names its publisher as the one who says it, a plain name is put for such a one, in the sentence and in
its spans alike, so that what frames the statement is read as a frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain import CitedSpan
from pipeline.gate.frames import VERB

_PLAIN = re.compile(r"(?:The )?[A-Z][\w'&.-]*(?: (?:of|and|the|for|[A-Z&][\w'&.-]*)){0,5}")
_ENDS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")


def named_plainly(sentence: str, evidence: Sequence[CitedSpan]) -> tuple[str, tuple[CitedSpan, ...]]:
    """The sentence and its spans with plain names for publishers whose own would not be read as one."""
    spans = tuple(evidence)
    awkward = sorted({span.publisher for span in spans if span.publisher and not _plainly(span.publisher)})
    for publisher, end in zip(awkward, _ENDS, strict=False):
        plain = f"Masthead {end}"
        for name in dict.fromkeys((publisher, publisher.split(" - ")[0])):
            put = _framing(name).sub(lambda match, plain=plain: match["before"] + plain, sentence)  # type: ignore[misc]
            if put != sentence:
                sentence = put
                spans = tuple(replace(one, publisher=plain) if one.publisher == publisher else one for one in spans)
                break
    return sentence, spans


def _plainly(publisher: str) -> bool:
    return bool(_PLAIN.fullmatch(publisher))


def _framing(name: str) -> re.Pattern[str]:
    """Where a sentence gives a name as the one who tells it."""
    literal = re.escape(name)
    return re.compile(
        rf"(?P<before>^|^According to |, according to |, )(?:the )?{literal}(?=(?: (?:{VERB})\b|[,.]?$|, ))", re.I
    )
