"""Headlines and short titles: candidates from all claims of a dossier, each supported by its own span.

A headline has at most 14 words and keeps its source's hedge; an opinion or a disputed matter carries its source.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from datetime import timedelta

from pipeline.compose.central import Central
from pipeline.compose.forms import speaks_for_itself
from pipeline.compose.ledger import Ledger
from pipeline.compose.readable import has_verb, leans, own_voice, points_back, title_case
from pipeline.compose.selection import ESSAY, echoes
from pipeline.compose.timing import Night, reacts
from pipeline.compose.tongues import foreign, home
from pipeline.compose.trim import Piece, pieces, shorter
from pipeline.domain import Claim, ClaimKind, Dossier, DraftSentence
from pipeline.gate.reading import read
from pipeline.gate.verbs import FORMS
from pipeline.gate.voices import thesis
from pipeline.language import names, words
from pipeline.language.words import is_stop
from pipeline.people.contexts import sensitive
from pipeline.repetition import skeleton

MAX_WORDS = 14
SHORT_TITLE = 76
FULL = 8  # words from which a headline tells enough
NEWEST = 2.0  # how much more a headline of tonight weighs
WORN = 0.1  # how much less, at most, one whose pattern stories had before: it decides between near equals
OFTEN = 5  # times that make a pattern worn out
DISPUTED = 2.0  # how much less one that others dispute
_STATIC = re.compile(  # matter that stands for days: no news
    r"^(?:who|what|why|how|where|when|which|inside|meet|timeline)\b"
    r"|\b(?:explained|explainer|key moments|in pictures|history of|guide)\b"
    r"|^(?:first thing|morning|evening|daily|weekly|the week)\b|\bat a glance\b|\bneeds? to know\b",
    re.IGNORECASE,
)
DEFINITE = re.compile(
    r"^(?:The|Its|Their|His|Her|Such|Both|Most) (?:[a-z-]+ ){1,2}(?![A-Z])"
)  # the what? is told before
_VERBS = ("writes", "says", "reports")
_SIGNED = re.compile(rf", [^,]+ (?:{'|'.join(_VERBS)})$")
_JOINT = re.compile(
    r"(?:,|;)? (?:and|as|after|before|following|amid|while|to|for|in|on|over|with|from|at|by|because)\b "
)
_KEPT = re.compile(
    r"\b(?:not|no|never|if|unless|until|denies|den(?:y|ied)|alleged\w*|accus\w+|sa(?:id|ys)|claims?)\b", re.IGNORECASE
)


def candidates(ledger: Ledger, disputed: Set[str], lead: Sequence[str]) -> tuple[DraftSentence, ...]:
    """Headlines, best first: what most records speak of, in the newest words.

    `disputed` are ids of disputed claims, `lead` claims of the body's best points in order: a headline that they bear
    out goes before.
    """
    led = {claim: position for position, claim in reversed(list(enumerate(lead)))}
    dossier = ledger.dossier
    central, night, language = Central.of(dossier), Night.of(dossier), home(dossier)
    echoes, wires = _Echoes(ledger, central), _Wires(dossier, night)
    found: list[tuple[float, str, DraftSentence]] = []
    for claim in dossier.claims.values():
        record = dossier.records.get(claim.record_id)
        if record is None or claim.id in night.overtaken or foreign(record, language):
            continue
        for piece in _short_pieces(claim, ledger):
            others, repeats = echoes.of(piece, claim)
            text = _signed(piece, claim, ledger, claim.id in disputed or not others)
            if text is not None:
                key = ledger.cite(claim, piece.start, piece.end)
                score = _fitness(piece, claim, central, dossier)
                score += 0.6 * (1 - led[claim.id] / len(lead)) if claim.id in led else 0.0
                score += 0.25 * math.log2(1 + others) + 0.4 * min(2, repeats)
                score += wires.of(piece) + (NEWEST if night.new(record) else 0.0)
                score -= DISPUTED if claim.id in disputed else 0.0
                score -= WORN * min(1.0, dossier.worn.get(skeleton(text), 0) / OFTEN)
                found.append((-round(score, 6), claim.id, DraftSentence(text, (key,))))
    found.sort(key=lambda item: (item[0], item[1], item[2].text))
    return tuple(dict.fromkeys(sentence for _, _, sentence in found))


class _Wires:
    """What the headlines of a storyline's origins have in common, tonight's where three or more origins have one."""

    def __init__(self, dossier: Dossier, night: Night) -> None:
        heads: dict[str, set[str]] = {}
        fresh: dict[str, set[str]] = {}
        for claim in dossier.claims.values():
            if claim.in_headline:
                origin = dossier.origins.get(claim.id, claim.record_id)
                heads.setdefault(origin, set()).update(words.content(claim.text))
                if claim.record_id in night.news:
                    fresh.setdefault(origin, set()).update(words.content(claim.text))
        chosen = fresh if len(fresh) > 2 else heads
        self._count = len(chosen)
        self._shares = Counter(w for head in chosen.values() for w in head)

    def of(self, piece: Piece) -> float:
        """How much of a statement is in the origins' headlines: the mean share that use its words, doubled at most."""
        content = set(words.content(piece.text))
        if self._count < 2 or not content:
            return 0.0
        return (
            2.0
            * sum((self._shares[w] - 1) / (self._count - 1) for w in content if self._shares[w])
            / max(5, len(content))
        )


class _Echoes:
    """How many other origins, and other claims of its own origin, say nearly the same as a short statement."""

    def __init__(self, ledger: Ledger, central: Central) -> None:
        dossier = ledger.dossier
        self._common = central.common
        self._origins = {c.id: dossier.origins.get(c.id, c.record_id) for c in dossier.claims.values()}
        self._said = [(c.id, self._origins[c.id], set(words.content(c.text))) for c in dossier.claims.values()]

    def of(self, piece: Piece, claim: Claim) -> tuple[int, int]:
        """(other origins, other claims of the same origin). Sharing only what all speak of is no echo."""
        own, content = self._origins[claim.id], set(words.content(piece.text))
        near = [
            (ident, origin)
            for ident, origin, other in self._said
            if ident != claim.id and echoes(content, other, self._common)
        ]
        return len({o for _, o in near} - {own}), sum(o == own for _, o in near)


def _signed(piece: Piece, claim: Claim, ledger: Ledger, alone: bool) -> str | None:
    """The headline's text, with its source where it is an opinion, a forecast, disputed or said by one origin alone.

    None where that makes it too long.
    """
    theirs = alone or claim.kind in {ClaimKind.OPINION, ClaimKind.FORECAST} or thesis(read(piece.text))
    if not theirs or speaks_for_itself(piece.text):
        return piece.text
    source = ledger.voices.of(ledger.dossier.records[claim.record_id])
    text = f"{piece.text}, article says"
    if source.named:
        signed = (f"{piece.text}, {source.first} {verb}" for verb in _VERBS)
        text = min(signed, key=lambda one: ledger.dossier.worn.get(skeleton(one), 0))
    return text if len(text.split()) <= MAX_WORDS + 2 else None


def _fitness(piece: Piece, claim: Claim, central: Central, dossier: Dossier) -> float:
    """How well a short statement stands for the storyline: what many records share, said fully, newly and plainly."""
    content = set(words.content(piece.text))
    shared = sum(central.words.get(w, 0.0) for w in content) / max(8, len(content))
    named = max((central.names.get(e, 0.0) for e in claim.entities), default=0.0)
    age = max(0.0, (dossier.now - claim.published) / timedelta(days=1))
    score: float = (
        1.5 * shared
        + 1.0 * central.echoed.get(claim.id, 0.0)
        + 0.8 * named
        + 0.4 * 0.5**age
        + (1.2 if len(dossier.records[claim.record_id].text) > ESSAY else 0.5) * claim.worth
    )
    score += 0.2 * min(2, len(claim.quantities) + len(claim.dates))
    score += 1.2 * central.on_subject(piece.text)
    score += 0.8 * central.depth(claim.record_id, content)
    score -= 0.4 if central.passing(claim) else 0.0
    score += 1.0 if claim.in_headline else 0.0
    score -= 0.7 if _said_last(piece.text) else 0.0
    score -= 0.7 if reacts(piece.text) else 0.0
    score -= 1.0 if DEFINITE.match(piece.text) else 0.0
    score -= 0.5 if claim.in_headline and not (has_verb(piece.text) or _acts(piece.text)) else 0.0
    score -= 1.0 if _STATIC.search(piece.text) else 0.0
    score += 0.15 if dossier.records[claim.record_id].publisher else 0.0
    score -= 0.5 if title_case(piece.text) else 0.0
    score -= 0.6 if ": " in piece.text or " - " in piece.text else 0.0
    score -= 0.3 if piece.text[:1] in "“\"'‘" else 0.0
    score -= 0.05 * max(0, FULL - len(piece.text.split()))
    return score - (0.4 if claim.kind is ClaimKind.OPINION else 0.0)


def _short_pieces(claim: Claim, ledger: Ledger) -> Iterator[Piece]:
    """Everything short enough that a claim offers."""
    offered = list(pieces(claim, ledger.dossier.records[claim.record_id], headline=True))
    offered.extend(short for piece in tuple(offered) for short in shorter(piece))
    for piece in (p for p in offered if not p.fragment):
        text = piece.text
        if 4 <= len(text.split()) <= MAX_WORDS and not (leans(text) or points_back(text) or own_voice(text)):
            yield piece


def _said_last(text: str) -> bool:
    """Whether a statement ends in who said it: a remark, not the news."""
    return bool(re.search(r", (?:the )?[\w.'’ -]{2,60} (?:said|says|told [\w ]+)$|\b(?:said|says|told)\b", text))


def _acts(text: str) -> bool:
    """Whether a headline has a word after its first that may be its verb in the present ("moves", "delays")."""
    return any(w.endswith("s") and w in FORMS for w in text.split()[1:])


def _named(headline: str) -> str:
    """The names in a headline, as many as a title holds."""
    kept: list[str] = []
    for mention in names.find(headline):
        if mention.text not in kept and len(", ".join([*kept, mention.text])) <= SHORT_TITLE:
            kept.append(mention.text)
    return ", ".join(kept) or headline[:SHORT_TITLE].rsplit(" ", 1)[0]


def short_title(headline: str, label: str) -> str:
    """Title of the page: the headline when it is short, else its first clause, else the names in it that the label has.

    Nothing of a label that the headline does not say: it was made when the storyline began. A headline that lays
    something to somebody keeps who says so: it is the title as it stands, or the names in it are.
    """
    if sensitive(headline):
        return headline if len(headline) <= SHORT_TITLE else _named(headline)
    unsigned = _SIGNED.sub("", headline)
    if len(unsigned) <= SHORT_TITLE:
        return unsigned
    for match in reversed(list(_JOINT.finditer(unsigned))):
        head, tail = unsigned[: match.start()].rstrip(" ,;:"), unsigned[match.end() :]
        if len(head) <= SHORT_TITLE and len(head.split()) >= 5 and has_verb(head) and not _KEPT.search(tail):
            return head
    kept: list[str] = []
    for name in (part.strip() for part in label.split(",")):
        if name and name in headline and len(", ".join([*kept, name])) <= SHORT_TITLE:
            kept.append(name)
    if kept:
        return ", ".join(kept)
    words_of = headline[:SHORT_TITLE].rsplit(" ", 1)[0].split()
    while len(words_of) > 3 and (is_stop(words_of[-1].lower()) or not words_of[-1][-1:].isalpha()):
        words_of.pop()
    cut = " ".join(words_of).rstrip(" ,;:-–—")
    head = cut.rpartition(",")[0]
    return head if len(head.split()) >= 4 else cut
