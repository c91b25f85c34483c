"""Claims from a model: the shape of its answer, and which of what it points at are claims of the record.

A model sees one record, between markers, and answers with quotes. A quote is looked up in the record letter for letter;
what is not there, or leaves out a hedge, a denial or a speaker of its sentence, is refused with its reason. Of its
readings only names that the record holds are taken; numbers, dates, entities and worth are read by the same code as
without a model, so nothing that the model invents reaches a claim.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.claiming.claims import MOST_WORDS, Reader
from pipeline.domain import Claim, ClaimKind, Hedge, Record, Span
from pipeline.language import clauses, hedges, speakers
from pipeline.prompts import envelope

__all__ = ["SCHEMA", "Pointed", "claims_of", "shown"]

_SHOWN = 16_000  # code points of a record that a model sees
_MOST_NAME = 120  # code points of a speaker, subject or context
_LEAST_WORDS = 3
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


class Pointed(BaseModel):
    """One statement that a model points at."""

    model_config = ConfigDict(extra="forbid", strict=True)

    quote: str = Field(min_length=1, max_length=1_000)
    occurrence: int = Field(ge=1, le=100)
    subject: str
    speaker: str
    context: str
    hedge: Literal["states", "plans", "expects", "could", "reported", "denies"]
    kind: Literal["statistic", "quote", "event", "forecast", "opinion", "context"]


SCHEMA: Mapping[str, Any] = {
    "title": "claims",
    "type": "object",
    "properties": {"claims": {"type": "array", "items": Pointed.model_json_schema()}},
    "required": ["claims"],
    "additionalProperties": False,
}


def shown(record: Record, most: int) -> dict[str, str]:
    """The variables of the prompt extract_claims: everything the model may know of `record`."""
    language = record.lang if record.lang and _LANGUAGE.fullmatch(record.lang) else "unknown"  # a feed may say anything
    return envelope({"text": record.text[:_SHOWN]}) | {"language": language, "most": str(most)}


def claims_of(
    answer: Mapping[str, Any], record: Record, *, max_claims: int
) -> tuple[tuple[Claim, ...], Mapping[str, int]]:
    """Claims that `answer` points at, in order of appearance, and how many were refused for which reason."""
    reader = Reader(record)
    places = list(reader.sentences())
    refused: Counter[str] = Counter()
    kept: dict[str, Claim] = {}
    listed = answer.get("claims")
    for item in listed if isinstance(listed, list) else ():
        try:
            pointed = Pointed.model_validate(item)
        except ValidationError:
            refused["not of the asked shape"] += 1
            continue
        found = _claim(pointed, record, reader, places)
        if isinstance(found, str):
            refused[found] += 1
        elif found.id in kept:
            refused["given twice"] += 1
        elif len(kept) >= max_claims:
            refused["more than were asked for"] += 1
        else:
            kept[found.id] = found
    ordered = sorted(kept.values(), key=lambda claim: (claim.evidence[0].start, claim.evidence[0].end))
    return tuple(ordered), dict(sorted(refused.items()))


def _claim(pointed: Pointed, record: Record, reader: Reader, places: Sequence[tuple[int, Span]]) -> Claim | str:
    """The claim of one pointer, or why it is refused."""
    span = _found(pointed, record.text)
    if isinstance(span, str):
        return span
    home = next(((number, line) for number, line in places if line.start <= span.start and span.end <= line.end), None)
    if home is None:
        return "not inside one sentence that can hold a claim"
    number, line = home
    sentence = record.text[line.start : line.end]
    if lost := _lost(pointed.quote, sentence):
        return lost
    return _read(reader.claim(span, number), pointed, record, sentence)


def _found(pointed: Pointed, text: str) -> Span | str:
    """Where the quote stands in `text`, whole words only, or why it is refused."""
    quote = pointed.quote
    if not _LEAST_WORDS <= clauses.words_in(quote) <= MOST_WORDS and quote.isascii():
        return "too short or too long"
    if len(quote) > _SHOWN or quote != quote.strip():
        return "not letter for letter in the record"
    start = -1
    for _ in range(pointed.occurrence):
        start = text.find(quote, start + 1)
        if start < 0:
            return "not letter for letter in the record"
    end = start + len(quote)
    if _cuts(text, start) or _cuts(text, end):
        return "begins or ends inside a word"
    return Span(start, end)


def _cuts(text: str, at: int) -> bool:
    """Whether a cut at `at` would part a word or a number of a script that is written with spaces."""
    before, after = text[at - 1 : at], text[at : at + 1]
    if before.isalnum() and after.isalnum():
        return max(before, after) < "\u2e80"
    inner = (text[at - 2 : at - 1], after) if before in (".", ",") else (before, text[at + 1 : at + 2])
    mark = before if before in (".", ",") else after
    return mark in (".", ",") and all(side.isdigit() for side in inner)


def _lost(quote: str, sentence: str) -> str:
    """What of `sentence` that decides its meaning `quote` leaves out; "" where nothing."""
    if quote == sentence:
        return ""
    if len(hedges.negations(quote)) < len(hedges.negations(sentence)):
        return "leaves out a denial of its sentence"
    if hedges.firmer(quote, sentence):
        return "leaves out a hedge of its sentence"
    return ""


def _read(claim: Claim, pointed: Pointed, record: Record, sentence: str) -> Claim:
    """The claim with what of the model's reading the record bears out; else with the reading of the words."""
    said = speakers.find(sentence)
    speaker = claim.speaker or (said.speaker if said else None)
    if pointed.speaker and _borne_out(pointed.speaker, record):
        speaker = pointed.speaker
    own = Hedge(pointed.hedge)
    hedge = (
        own if hedges.strength(own) < hedges.strength(claim.hedge) and claim.hedge is not Hedge.DENIES else claim.hedge
    )
    named = 0 < len(pointed.subject) <= _MOST_NAME and pointed.subject in claim.text
    context = pointed.context if pointed.context and _borne_out(pointed.context, record) else claim.context
    return dataclasses.replace(
        claim,
        speaker=speaker,
        hedge=hedge,
        kind=ClaimKind(pointed.kind),
        subject=pointed.subject if named else claim.subject,
        context=context if context not in (None, pointed.subject) else claim.context,
    )


def _borne_out(name: str, record: Record) -> bool:
    """Whether a name stands in the record, its author or its publisher, letter for letter."""
    held = name == name.strip() and 0 < len(name) <= _MOST_NAME and "\n" not in name
    return held and (name in record.text or name in (record.author, record.publisher))
