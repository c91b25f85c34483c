"""The gate: whether one sentence may be printed, judged against its cited spans and nothing else.

The rules (`rules.py`) look, one by one, at one statement beside one span and say what is wrong. A sentence is supported
when one span passes every rule, or when it joins statements each of which has such a span; and when no other span that
it cites says otherwise. What cannot be checked is uncertain, and is not printed either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.domain import CitedSpan, Computation, Label, Reason, SentenceClass, Verdict
from pipeline.gate import accounts, lint
from pipeline.gate.alignment import calendar
from pipeline.gate.alignment import figures as figures_of
from pipeline.gate.case import Fault, case, contradicted, uncertain
from pipeline.gate.frames import Framed, outer, peel
from pipeline.gate.levels import TO_COME, standing
from pipeline.gate.mastheads import named_plainly
from pipeline.gate.parties import of_itself
from pipeline.gate.reading import Reading, read
from pipeline.gate.rules import READ_AGAIN, Found, faults
from pipeline.gate.slots import misplaced
from pipeline.gate.synonyms import lemma
from pipeline.gate.whole import UNSURE, carried
from pipeline.gate.wordings import converse, plain

_MOST_REASONS = 4
_FORECASTS = frozenset(
    lemma(word)
    for word in "expect forecast project predict anticipate estimate foresee projection prediction expectation".split()
)


def judge(
    sentence: str,
    evidence: Sequence[CitedSpan],
    *,
    computation: Computation | None = None,
    neighbours: Sequence[CitedSpan] | None = None,
    rendering: str | None = None,
) -> Verdict:
    """The verdict on one sentence.

    `evidence` are the spans that it cites. A sentence bound to a `computation` must equal its `rendering`; one without
    evidence is a link sentence and is held to the evidence of its `neighbours`. Never raises for any text.
    """
    if computation is not None:
        return _verdict(tuple(("analysis", fault) for fault in accounts.analysis(sentence, rendering)), 1.0)
    if not any(word.part not in ("mark", "determiner", "preposition", "conjunction") for word in read(sentence).words):
        return Verdict(Label.UNSUPPORTED, (Reason("empty", "there is no sentence"),), 0.0)
    if traces := lint.faults(sentence, evidence):
        return Verdict(Label.UNSUPPORTED, traces[:_MOST_REASONS], 0.0)
    if not evidence:
        return _verdict(tuple(("link", fault) for fault in accounts.link(sentence, neighbours or ())), 1.0)
    if accounts.cohort_size(sentence) is not None:
        return _cohort(sentence, evidence)
    return _claim(sentence, tuple(evidence))


def _claim(sentence: str, evidence: tuple[CitedSpan, ...]) -> Verdict:
    """The verdict on a claim: the reading of it that fares best."""
    sentence, evidence = named_plainly(sentence, evidence)
    misquoted = tuple(("quote", fault) for fault in accounts.misquoted(sentence, evidence))
    if misquoted:
        return _verdict(misquoted, 0.0)
    if name := of_itself(sentence, " | ".join(span.quote for span in evidence)):
        return _verdict((("part", contradicted(f"the sentence makes {name} somebody of {name}")),), 0.0)
    if strayed := misplaced(sentence, [span.quote for span in evidence]):
        return _verdict((("name", contradicted(strayed)),), 0.0)
    attempts: list[tuple[Found, float]] = []
    for text, spans in _worded(sentence, evidence):
        for units in _readings(text, len(spans)):
            for parsed in (False, True):
                found, score = _units(text, units, spans, parsed)
                if not found:
                    return _whole(text, spans, score)
                attempts.append((found, score))
                if not {name for name, _ in found} <= READ_AGAIN:
                    break  # a parse would not help
    return _verdict(*min(attempts, key=lambda attempt: (len(attempt[0]), -attempt[1])))


def _worded(sentence: str, evidence: tuple[CitedSpan, ...]) -> Iterator[tuple[str, tuple[CitedSpan, ...]]]:
    """A claim and its spans as they stand; then, where that differs, both in plainer wording."""
    yield sentence, evidence
    text, spans = plain(sentence), tuple(replace(span, quote=plain(span.quote)) for span in evidence)
    if text != sentence or spans != evidence:
        yield text, spans
    turned = converse(text)
    if turned != text:
        yield turned, spans
    told = tuple(replace(span, quote=converse(span.quote)) for span in spans)
    if told != spans:
        yield text, told


def _whole(sentence: str, evidence: tuple[CitedSpan, ...], score: float) -> Verdict:
    """The verdict on a claim in which no rule found fault: the support model may still find its spans too thin.

    Dates are left out, for the rules have resolved them ("yesterday" is 9 June), which the model cannot; and once
    numbers too, which the rules have rounded and worked out."""
    quotes = [span.quote for span in evidence]
    texts = dict.fromkeys((_undated(peel(sentence).text), _undated(sentence), _uncounted(_undated(sentence))))
    if any(carried(text, quotes) >= UNSURE for text in texts):
        return _verdict((), score)
    return _verdict((("support", uncertain("the cited spans together hold too little of the sentence")),), score)


def _undated(text: str) -> str:
    """A text without its dates."""
    for mention in sorted(calendar(text), key=lambda mention: -mention.span.start):
        text = text[: mention.span.start] + text[mention.span.end :]
    return text


def _uncounted(text: str) -> str:
    """A text without its numbers."""
    for quantity in sorted(figures_of(text), key=lambda quantity: -quantity.span.start):
        text = text[: quantity.span.start] + text[quantity.span.end :]
    return text


def _readings(sentence: str, spans: int) -> Iterator[tuple[tuple[str, Framed], ...]]:
    """Ways to take a sentence apart: as one statement inside its frames, or as the clauses it joins."""
    framed = peel(sentence)
    whole = framed.text
    yield ((whole, framed),)
    parts = clauses(framed.text)
    if len(parts) > 1:
        yield tuple(
            (part, Framed(part, (*framed.frames, *peel(part).frames)))
            if not peel(part).frames
            else (peel(part).core, Framed(peel(part).core, (*framed.frames, *peel(part).frames)))
            for part in parts
        )
    if len(framed.frames) > 1:
        first = outer(sentence)
        yield ((first.text, first),)
    if framed.frames:
        yield ((sentence, Framed(sentence, ())),)
    raw = clauses(sentence)
    if len(raw) > 1 and framed.frames:
        yield tuple((peel(part).text, peel(part)) for part in raw)


def _units(
    sentence: str, units: tuple[tuple[str, Framed], ...], evidence: tuple[CitedSpan, ...], parsed: bool
) -> tuple[Found, float]:
    """Faults of the worst statement of a reading against its best span, then of the spans that say otherwise."""
    total: list[tuple[str, Fault]] = []
    score = 1.0
    for statement, framed in units:
        best, chosen, covered = _best(sentence if len(units) == 1 else statement, statement, framed, evidence, parsed)
        score = min(score, covered)
        total += best
        for index, other in enumerate(evidence):
            if index != chosen:
                total += [("dispute", fault) for fault in accounts.dispute(statement, sentence, other)]
    return tuple(total), score


def _voices(span: CitedSpan) -> tuple[CitedSpan, ...]:
    """The statements of a span that joins several, each somebody's own: "A, X said; Y denies it"."""
    parts = (*clauses(span.quote), *_adding(span.quote))
    if len(parts) < 2 or span.quote.count('"') % 2:
        return ()
    first = peel(parts[0]).frames
    named = [_renamed(part, first[0].who) if first else part for part in parts]
    return tuple(replace(span, quote=part) for part in named if peel(part).frames)


_SAYING = re.compile(
    r"^(?P<main>.{12,}?), (?:saying|arguing|warning|insisting|claiming|explaining|stressing|noting)(?: that)?"
    r" (?P<more>.{8,})$"
)


def _adding(quote: str) -> tuple[str, ...]:
    """What "X did this, saying that ..." says that X said, as a statement of its own."""
    match = _SAYING.match(quote)
    subject = _subject_text(read(match["main"])).rstrip(",") if match and not peel(match["main"]).frames else ""
    return (f"{subject} said that {match['more']}",) if match and subject else ()


def _renamed(part: str, who: str) -> str:
    """A statement that "they", "he" or "it" makes, with the speaker of the statement before it."""
    frames = peel(part).frames
    low = frames[0].who.lower() if frames else ""
    if low not in ("they", "he", "she", "it") or not part.lower().startswith(f"{low} "):
        return part
    return f"{who} {part[len(low) + 1 :]}"


def _best(
    sentence: str, statement: str, framed: Framed, evidence: tuple[CitedSpan, ...], parsed: bool
) -> tuple[Found, int, float]:
    """The faults of a statement beside the span that suits it best, that span's number, and what it covers."""
    options = []
    for index, span in enumerate(evidence):
        voices_ = [(voice, entire) for voice in _voices(span) for entire in (False, True)]
        for part, entire in ((span, False), (span, True), *voices_):
            one = case(sentence, framed, statement, part, evidence, whole=entire, full=span)
            found = faults(one, parsed=parsed)
            options.append((len(found), -one.alignment.covered, index, found))
            if not found:
                break
    _count, covered, index, found = min(options, key=lambda option: option[:3])
    return found, index, -covered


def _cohort(sentence: str, evidence: Sequence[CitedSpan]) -> Verdict:
    """A counted statement: each span is judged by itself, those that support it are counted."""
    statement = accounts.cohort_statement(sentence)
    verdicts = [(span, _claim(statement, (span,))) for span in evidence]
    supporting = [span for span, verdict in verdicts if verdict.publish]
    if not supporting:
        return verdicts[0][1]
    found = [("cohort", fault) for fault in accounts.cohort(sentence, supporting)]
    found += [
        ("dispute", fault)
        for span, verdict in verdicts
        if not verdict.publish
        for fault in accounts.dispute(statement, sentence, span)
    ]
    return _verdict(tuple(found), 1.0)


def _verdict(found: Found, score: float) -> Verdict:
    """Faults as a verdict: a contradiction outweighs, and only what is merely unknown is uncertain."""
    if not found:
        return Verdict(Label.SUPPORTED, (), round(score, 6))
    labels = {fault.label for _, fault in found}
    if Label.CONTRADICTED in labels:
        label = Label.CONTRADICTED
    else:
        label = Label.UNCERTAIN if labels == {Label.UNCERTAIN} else Label.UNSUPPORTED
    reasons = dict.fromkeys(Reason(name, fault.detail) for name, fault in found)
    return Verdict(label, tuple(reasons)[:_MOST_REASONS], round(min(score, 0.99), 6))


# --- taking sentences apart ------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def clauses(text: str) -> tuple[str, ...]:
    """The statements that a sentence joins, each by itself: a clause without subject gets that of the first."""
    reading = read(text)
    parts: list[str] = []
    subject = _subject_text(reading)
    start = 0
    for at in range(1, len(reading.words)):
        if reading.clauses[at] != reading.clauses[at - 1] and _splits(reading, at):
            parts.append(text[reading.words[start].start : reading.words[at - 1].end])
            start = at
    parts.append(text[reading.words[start].start :] if reading.words else text)
    return tuple(_complete(part, subject) for part in parts if part.strip(" ,;."))


def _splits(reading: Reading, at: int) -> bool:
    """Whether a clause that begins at `at` is a statement of its own, and no part of the one before."""
    word = reading.words[at]
    return (
        word.low in ("and", "but", "while", "whereas", "though", "although", ";", "-", "--")
        and reading.clauses[at] > reading.clauses[at - 1]
    )


def _subject_text(reading: Reading) -> str:
    """The words before the first verb."""
    first = next((item.first for item in reading.predicates if item.finite == "finite"), 0)
    return reading.text[: reading.words[first].start].strip() if first else ""


def _complete(part: str, subject: str) -> str:
    """A clause without its conjunction, with a subject."""
    body = part.strip(" ,;.-")
    head, _, rest = body.partition(" ")
    if head.lower() in ("and", "but", "while", "whereas", "though", "although"):
        body = rest.strip()
    reading = read(body)
    opening = next((word for word in reading.words if word.part != "mark"), None)
    if opening is not None and opening.part in ("verb", "auxiliary") and subject:
        return f"{subject} {body.lstrip(chr(34))}"
    return body


# --- classes ---------------------------------------------------------------------------------------------------------


def classify(sentence: str, evidence: Sequence[CitedSpan], computation: Computation | None = None) -> SentenceClass:
    """What kind of sentence this is, from its content alone."""
    if computation is not None:
        return SentenceClass.ANALYSIS
    if not evidence:
        return SentenceClass.LINK
    size = accounts.cohort_size(sentence)
    if size is not None and size >= 3:
        return SentenceClass.COHORT
    return SentenceClass.FORECAST if _forecast(sentence) else SentenceClass.CLAIM


def _forecast(sentence: str) -> bool:
    """Whether a sentence tells what someone says is to come."""
    framed = peel(sentence)
    reading = read(framed.core)
    if any(lemma(word.low) in _FORECASTS for word in reading.words if word.part == "verb"):
        return True
    finite = [item for item in reading.predicates if item.finite == "finite"]
    return bool(framed.frames and finite) and standing(reading, finite[0].at).level >= TO_COME
