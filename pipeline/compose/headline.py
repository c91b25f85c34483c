"""Headlines and short titles: candidates from all claims of a dossier, each supported by its own span.

A headline has at most 14 words and keeps its source's hedge; an opinion or a disputed matter carries its source.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from datetime import timedelta

from pipeline.compose.central import Central
from pipeline.compose.forms import speaks_for_itself
from pipeline.compose.ledger import Ledger
from pipeline.compose.readable import leans, own_voice, points_back, title_case
from pipeline.compose.selection import ESSAY, echoes
from pipeline.compose.trim import Piece, pieces, shorter
from pipeline.domain import Claim, ClaimKind, Dossier, DraftSentence
from pipeline.gate.reading import read
from pipeline.gate.voices import thesis
from pipeline.language import words

MAX_WORDS = 14
SHORT_TITLE = 60


def candidates(ledger: Ledger, disputed: Set[str], lead: Sequence[str]) -> tuple[DraftSentence, ...]:
    """Headlines, best first: what most records speak of, in the newest words.

    `disputed` are ids of disputed claims, `lead` claims of the body's best points in order: a headline that they bear
    out goes before.
    """
    led = {claim: position for position, claim in reversed(list(enumerate(lead)))}
    dossier = ledger.dossier
    central = Central.of(dossier)
    echoes = _Echoes(ledger, central)
    found: list[tuple[float, str, DraftSentence]] = []
    for claim in dossier.claims.values():
        if claim.record_id not in dossier.records:
            continue
        for piece in _short_pieces(claim, ledger):
            others, repeats = echoes.of(piece, claim)
            text = _signed(piece, claim, ledger, claim.id in disputed or not others)
            if text is not None:
                key = ledger.cite(claim, piece.start, piece.end)
                score = _fitness(piece, claim, central, dossier)
                score += 0.6 * (1 - led[claim.id] / len(lead)) if claim.id in led else 0.0
                score += 0.25 * math.log2(1 + others) + 0.4 * min(2, repeats)
                found.append((-round(score, 6), claim.id, DraftSentence(text, (key,))))
    found.sort(key=lambda item: (item[0], item[1], item[2].text))
    return tuple(dict.fromkeys(sentence for _, _, sentence in found))


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
    text = f"{piece.text}, {source.first} writes" if source.named else f"{piece.text}, article says"
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
    score += 0.2 if claim.quantities else 0.0
    score += 0.8 * central.depth(claim.record_id, content)
    score -= 0.4 if central.passing(claim) else 0.0
    score += 0.2 if claim.in_headline else 0.0
    score += 0.15 if dossier.records[claim.record_id].publisher else 0.0
    score -= 0.5 if title_case(piece.text) else 0.0
    score -= 0.25 if ": " in piece.text or " - " in piece.text else 0.0
    score -= 0.3 if piece.text[:1] in "“\"'‘" or len(piece.text.split()) < 6 else 0.0
    return score - (0.4 if claim.kind is ClaimKind.OPINION else 0.0)


def _short_pieces(claim: Claim, ledger: Ledger) -> Iterator[Piece]:
    """Everything short enough that a claim offers."""
    offered = list(pieces(claim, ledger.dossier.records[claim.record_id]))
    offered.extend(short for piece in tuple(offered) for short in shorter(piece))
    for piece in offered:
        text = piece.text
        if 4 <= len(text.split()) <= MAX_WORDS and not (leans(text) or points_back(text) or own_voice(text)):
            yield piece


def short_title(headline: str, label: str) -> str:
    """Title of the page: the headline when it is short, else the storyline's own names; never a cut sentence."""
    if len(headline) <= SHORT_TITLE:
        return headline
    kept: list[str] = []
    for name in (part.strip() for part in label.split(",")):
        if name and len(", ".join([*kept, name])) <= SHORT_TITLE:
            kept.append(name)
    return ", ".join(kept) or headline[:SHORT_TITLE].rsplit(" ", 1)[0]
