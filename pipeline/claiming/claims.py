"""Claims without a model: each sentence that says something checkable, with the exact words it rests on.

A claim is a verbatim span of at most 40 words. What it leans on ("It", "The company") is named in `context`, beside the
span and never inside it. Sentences that a feed cut off, page furniture and questions yield no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.domain import Claim, ClaimKind, DateMention, Evidence, Hedge, Mention, Quantity, Record, Span, digest
from pipeline.language import (
    clauses,
    datelines,
    dates,
    furniture,
    hedges,
    names,
    orders,
    quantities,
    quotes,
    sentences,
    speakers,
    subjects,
    verbs,
    whens,
)
from pipeline.language.worth import dangling, rate, worth

__all__ = ["MOST_WORDS", "Reader", "extract", "worth"]

MOST_WORDS = 40
_READ = 60_000  # code points of a record that are read for claims
_MOST_SENTENCES = 600
_LONGEST = 1_500  # code points of a sentence; longer ones are lists or markup
_CUT_OFF = re.compile(r"(?:\.\.\.|…|\[(?:…|\.\.\.|&hellip;)\]|\bread more|\bcontinue reading)\W*$", re.IGNORECASE)
_PUBLISHER_TAIL = re.compile(r"\s(?:[|–—-]|::)\s[^|–—]{2,40}$")
_LABEL = re.compile(
    r"^(?:updated?|breaking|exclusive|live|watch|analysis|opinion|just in|video)\s*[:|–-]\s+", re.IGNORECASE
)
_BULLET = re.compile(r"^(?:[*•‣▪●◦–—-]|\d{1,2}[.)])\s+")
_BACK = re.compile(
    r"^\W*(?:(?:but|and|so|however|meanwhile|still|also|in addition|moreover|then),? )?(?P<word>it"
    r"|they|he|she|its|their|his|her|the (?:company|firm|group|agency|startup|start-up|organi[sz]ation"
    r"|bank|team|government|ministry|court|carmaker|chipmaker|airline|retailer|giant|maker|regulator"
    r"|union|university|party|club|minister|president|senator|governor|judge|actor|singer|author"
    r"|executive|ceo|chief executive|founder))(?:['’]s)?\b",
    re.IGNORECASE,
)
_FULL_STOP = re.compile(r"[.!?][\"”'’)]?[ \u00a0]+$")
_PERSON_WORDS = (
    "he",
    "she",
    "his",
    "her",
    "the minister",
    "the president",
    "the senator",
    "the governor",
    "the judge",
    "the actor",
    "the singer",
    "the author",
    "the executive",
    "the ceo",
    "the chief executive",
    "the founder",
)
_OPINION = re.compile(
    r"\b(?:should|must|ought|i think|i believe|best|worst|need to|needs to|deserves?|it is time"
    r"|unacceptable|outrageous|wrong|arguably)\b",
    re.IGNORECASE,
)


_SUBJECT = re.compile(
    r"(?:, [^,]{3,80},)?(?: (?:also|now|already|once|recently|then|quietly|later))? "
    r"(?P<verb>[a-z]+(?:n['’]t)?)\b(?<! of)(?<! in)(?<! and)(?<! to)(?<! for)(?<! with)(?<! on)(?<! "
    r"at)(?<! from)(?<! by)(?<! or)(?<! as)|['’]s\s(?=[a-z])"
)
_LEAD_IN = re.compile(
    r"^[^:]{0,120}\b(?:here(?:['’]s| is| are)|the (?:headline|truth|point|reality|result|upshot"
    r"|bottom line)|consider this|one thing)\b[^:]{0,120}: (?=[A-Z])"
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One sentence of a record and where it stands."""

    span: Span
    headline: bool
    last: bool


def _headline_end(record: Record) -> int:
    """Where the headline line of a record ends; 0 where its text has none."""
    title = record.title.strip()
    if title and record.text.startswith(title):
        line_end = record.text.find("\n")
        return line_end if line_end >= 0 else len(record.text) if len(record.text) == len(title) else 0
    return 0


def _sentences(record: Record) -> list[_Line]:
    """Sentences of a record in order; the headline is one."""
    text = record.text[:_READ]
    end = min(_headline_end(record), len(text))
    found = [_Line(Span(0, end), True, False)] if end else []
    body = [Span(span.start + end, span.end + end) for span in sentences.split(text[end:], record.lang)]
    for i, span in enumerate(body[:_MOST_SENTENCES]):
        found.append(_Line(span, False, i == len(body) - 1))
    return found


def _trim(text: str, span: Span, headline: bool) -> Span | None:
    """The span without its bullet, a headline's label and publisher, a lead-in; None if nothing is left."""
    start, end = span.start, span.end
    piece = text[start:end]
    lead = _LABEL.match(piece) if headline else _BULLET.match(piece) or _LEAD_IN.match(piece)
    start += lead.end() if lead else 0 if headline else datelines.length(piece)
    if headline:
        tail = _PUBLISHER_TAIL.search(text[start:end])
        if tail and clauses.words_in(text[start : start + tail.start()]) >= 5:
            end = start + tail.start()
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if end > start else None


def _unusable(text: str, line: _Line, record: Record) -> bool:
    """Whether a sentence yields no claim whatever it says: cut off, furniture, a question, a label."""
    piece = text[line.span.start : line.span.end]
    if _CUT_OFF.search(piece) or (line.last and (record.truncated or _breaks_off(text, line.span))):
        return True
    if furniture.is_furniture(piece) or furniture.is_code(piece):
        return True
    if piece.rstrip("\"'”’)").endswith("?"):
        return True
    if line.headline:
        return furniture.is_teaser(piece)
    if _wrapped(text, line.span):
        return True
    return piece[-1] not in ".!\"”'’)。！؟۔" and _is_label(piece)


def _goes_on(text: str, order: Span, after: Span) -> bool:
    """Whether a sentence stands in the paragraph of an order before it, or is what that order ends its line for."""
    between = text[order.end : after.start]
    return "\n" not in between or (text[order.end - 1] == ":" and between.count("\n") < 3)


def _wrapped(text: str, span: Span) -> bool:
    """Whether a sentence is a piece that a hard line break cut: this line, or the next, goes on in lower case."""
    before, after = text[: span.start][-1:], text[span.end : span.end + 2].lstrip(" ")
    lead = before == "\n" and text[span.start].islower() and text[max(0, span.start - 2)].isalnum()
    follows = text[span.end - 1].isalnum() or text[span.end - 1] == ","
    return lead or (follows and after[:1] == "\n" and text[span.end : span.end + 3].strip()[:1].islower())


def _breaks_off(text: str, span: Span) -> bool:
    """Whether a last sentence stops without a stop although the one before it on the same line has one."""
    return text[span.end - 1].isalnum() and _FULL_STOP.search(text, max(0, span.start - 4), span.start) is not None


def _is_label(piece: str) -> bool:
    """Whether a line without a full stop is a heading: in title case, or short and without a verb or a measure."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", piece) if len(word) > 3]
    if len(words) >= 2 and sum(word[0].isupper() for word in words) >= 0.8 * len(words):
        return True
    return len(piece.split()) <= 12 and not verbs.finite(piece) and not any(q.unit for q in quantities.find(piece))


def _antecedent(text: str, word: str, mentions: tuple[Mention, ...], before: list[Span]) -> str | None:
    """The name a leading pronoun stands for: the nearest earlier sentence's subject that fits, three sentences back."""
    person = word.lower() in _PERSON_WORDS
    for span in reversed(before[-3:]):
        for mention in mentions:
            if not (span.start <= mention.span.start and mention.span.end <= span.end):
                continue
            human = mention.kind == "person" or (mention.kind == "name" and " " in mention.text)
            fits = human if person else mention.kind not in ("person", "place")
            if fits and _SUBJECT.match(text, mention.span.end, span.end):
                return mention.text
    return None


def _kind(text: str, hedge: Hedge, numbers: tuple[Quantity, ...]) -> ClaimKind:
    """What sort of statement a span is."""
    if any(clauses.words_in(text[span.start : span.end]) >= 4 for span in quotes.find(text)):
        return ClaimKind.QUOTE
    if hedge in (Hedge.EXPECTS, Hedge.PLANS):
        return ClaimKind.FORECAST
    if any(number.unit and number.unit != "ordinal" for number in numbers):
        return ClaimKind.STATISTIC
    if _OPINION.search(text):
        return ClaimKind.OPINION
    return ClaimKind.EVENT if verbs.past(text) else ClaimKind.CONTEXT


def _claim(record: Record, span: Span, line: _Line, mentions: tuple[Mention, ...], before: list[Span]) -> Claim:
    """The claim of one span."""
    quote = record.text[span.start : span.end]
    evidence = Evidence(record.id, record.content_hash, span.start, span.end, quote)
    back = _BACK.match(quote)
    context = _antecedent(record.text, back["word"], mentions, before) if back else None
    hedge = hedges.classify(quote)
    calendar = dates.find(quote, record.published)
    numbers = quantities.find(quote, calendar)
    within = _within(span, mentions)
    attribution = speakers.find(quote)
    speaker = attribution.speaker if attribution else None
    if speaker and speaker.lower() in ("he", "she", "it", "they"):
        speaker = context or speaker
    elif speaker and speaker.lower() in ("i", "we"):
        speaker = record.author or speaker
    return Claim(
        id=digest("claim", evidence.key),
        record_id=record.id,
        text=quote,
        evidence=(evidence,),
        kind=_kind(quote, hedge, numbers),
        hedge=hedge,
        speaker=speaker,
        entities=tuple(dict.fromkeys(mention.key for mention in within)),
        quantities=numbers,
        dates=calendar,
        worth=_rated(quote, (numbers, within, calendar, attribution is not None), context, headline=line.headline),
        published=record.published,
        in_headline=line.headline,
        context=context,
        subject=_subject(quote, attribution, within),
        when=whens.find(quote, calendar, record.published, hedge, attribution.said if attribution else None),
    )


def _within(span: Span, mentions: tuple[Mention, ...]) -> list[Mention]:
    """The names inside `span`, their places counted from its start."""
    return [
        Mention(Span(m.span.start - span.start, m.span.end - span.start), m.text, m.key, m.kind)
        for m in mentions
        if span.start <= m.span.start and m.span.end <= span.end
    ]


def _subject(quote: str, attribution: speakers.Attribution | None, within: list[Mention]) -> str | None:
    """The words of a span that name what it is about."""
    found = subjects.find(quote, attribution, within)
    return quote[found.start : found.end] if found else None


_Told = tuple[tuple[Quantity, ...], list[Mention], tuple[DateMention, ...], bool]


def _rated(quote: str, told: _Told, context: str | None, *, headline: bool) -> float:
    """Check-worthiness of a span where it stands: a resolved pronoun costs less, an open quotation more."""
    numbers, within, calendar, said = told
    score = rate(quote, numbers, within, calendar, said, headline=headline)
    if context:
        score = min(1.0, score + 0.08)
    elif dangling(quote):
        score *= 0.75
    return round(score if clauses.balanced(quote) else score * 0.7, 6)


class Reader:
    """A record read for claims: its sentences, its names, and the claim of any span inside one sentence."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._lines = _sentences(record)
        self._mentions = names.find(record.text[:_READ], record.lang)

    def sentences(self) -> Iterator[tuple[int, Span]]:
        """Number and trimmed span of every sentence that may hold a claim, in order.

        What follows an order to the reader in its paragraph, or after its colon, is what the order wants said.
        """
        told: Span | None = None
        for number, line in enumerate(self._lines):
            if told is not None and not line.headline and _goes_on(self.record.text, told, line.span):
                told = line.span
                continue
            told = line.span if orders.addressed(self.record.text[line.span.start : line.span.end]) else None
            if told is not None:
                continue
            span = _trim(self.record.text, line.span, line.headline)
            if (
                span is None
                or line.span.end - line.span.start > _LONGEST
                or _unusable(self.record.text, line, self.record)
            ):
                continue
            yield number, span

    def claim(self, span: Span, number: int) -> Claim:
        """The claim of `span`, which lies in sentence `number`."""
        earlier = [line.span for line in self._lines[max(0, number - 3) : number]]
        return _claim(self.record, span, self._lines[number], self._mentions, earlier)


def extract(record: Record, *, min_worth: float = 0.35, max_claims: int = 40) -> tuple[Claim, ...]:
    """The claims of `record` in order of appearance: the `max_claims` worthiest of at least `min_worth`."""
    reader = Reader(record)
    claims: dict[str, Claim] = {}
    for number, span in reader.sentences():
        for piece in clauses.cut(record.text[span.start : span.end], MOST_WORDS):
            claim = reader.claim(Span(span.start + piece.start, span.start + piece.end), number)
            if claim.worth >= min_worth:
                claims.setdefault(claim.text.casefold(), claim)
    best = sorted(claims.values(), key=lambda claim: (-claim.worth, claim.evidence[0].start))[:max_claims]
    return tuple(sorted(best, key=lambda claim: claim.evidence[0].start))
