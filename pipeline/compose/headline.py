"""Headlines, decks and short titles: candidates from the best points, each supported by its own span.

A headline has at most 14 words and keeps its source's hedge; an opinion or a disputed matter carries its source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.compose.ledger import Ledger
from pipeline.compose.selection import Point
from pipeline.compose.trim import Piece, leans, own_voice, pieces, shorter, title_case
from pipeline.domain import ClaimKind, DraftSentence

MAX_WORDS = 14
SHORT_TITLE = 60


def candidates(points: Sequence[Point], ledger: Ledger, disputed: frozenset[str]) -> tuple[DraftSentence, ...]:
    """Headlines, best first: of each point its headline claim, then its own words when short enough."""
    found: list[tuple[tuple[float, int], DraftSentence]] = []
    for position, point in enumerate(points):
        for penalty, piece, claim_id in _short_pieces(point, ledger):
            claim = ledger.dossier.claims[claim_id]
            record = ledger.dossier.records[claim.record_id]
            named = claim.kind is ClaimKind.OPINION or point.finding.id in disputed or claim_id in disputed
            text = piece.text
            if named:
                source = ledger.voices.of(record)
                if not source.named or len(text.split()) > MAX_WORDS - 2:
                    continue
                text = f"{text}, {source.first} writes"
            key = ledger.cite(claim, piece.start, piece.end)
            found.append(((penalty - point.score, position), DraftSentence(text, (key,))))
    found.sort(key=lambda item: (round(item[0][0], 6), item[0][1], item[1].text))
    return tuple(dict.fromkeys(sentence for _, sentence in found))


def _short_pieces(point: Point, ledger: Ledger) -> Iterator[tuple[float, Piece, str]]:
    """(penalty, piece, claim id) of everything short enough that the finding's claims offer."""
    dossier = ledger.dossier
    for claim_id in point.finding.claim_ids:
        claim = dossier.claims.get(claim_id)
        if claim is None or claim.record_id not in dossier.records:
            continue
        offered = list(pieces(claim, dossier.records[claim.record_id]))
        offered.extend(short for piece in tuple(offered) for short in shorter(piece))
        for piece in offered:
            words = len(piece.text.split())
            if not 4 <= words <= MAX_WORDS or leans(piece.text) or own_voice(piece.text):
                continue
            penalty = 0.0 if claim.in_headline else 0.25
            penalty += 0.4 if title_case(piece.text) else 0.0
            penalty += 0.1 if words < 6 else 0.0
            yield penalty, piece, claim_id


def short_title(headline: str, label: str) -> str:
    """Title of the page: the headline when it is short, else the storyline's own names; never a cut sentence."""
    if len(headline) <= SHORT_TITLE:
        return headline
    kept: list[str] = []
    for name in (part.strip() for part in label.split(",")):
        if name and len(", ".join([*kept, name])) <= SHORT_TITLE:
            kept.append(name)
    return ", ".join(kept) or headline[:SHORT_TITLE].rsplit(" ", 1)[0]
