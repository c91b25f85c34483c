"""The model's side of writing: what it is shown, the shape of its answer, and how the answer becomes slots.

A model sees claims of one dossier, between markers, and returns texts with claim ids; nothing else of its answer is
used. Every sentence then has the extractive wordings of its claims behind it, so the gate's repair is to fall back to
the source's own words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.amends import Answered
from pipeline.compose.article import Manuscript
from pipeline.compose.casing import Casing
from pipeline.compose.forms import Place
from pipeline.compose.layout import point_slot
from pipeline.compose.ledger import Ledger
from pipeline.compose.naming import Voices
from pipeline.compose.questions import ASKED
from pipeline.compose.selection import Point, point_of, points
from pipeline.compose.shapes import SHAPES
from pipeline.compose.slots import Slot, SlotSection
from pipeline.compose.standing import disputes
from pipeline.domain import Dossier, DraftSentence, StoryKind
from pipeline.errors import ModelError

MAX_CLAIMS = 60
MAX_TEXT = 400
MAX_CITED = 4

_SENTENCE: Mapping[str, Any] = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "claims": {"type": "array", "items": {"type": "string"}}},
    "required": ["text", "claims"],
    "additionalProperties": False,
}
SCHEMA: Mapping[str, Any] = {
    "title": "story",
    "type": "object",
    "properties": {
        "headline": _SENTENCE,
        "dek": _SENTENCE,
        "sections": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"heading": {"type": "string"}, "sentences": {"type": "array", "items": _SENTENCE}},
                "required": ["heading", "sentences"],
                "additionalProperties": False,
            },
        },
        "questions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "question": {"type": "string", "enum": list(ASKED)},
                    "answer": _SENTENCE,
                },
                "required": ["question", "answer"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["headline", "dek", "sections", "questions"],
    "additionalProperties": False,
}
_FOREIGN = re.compile(r"https?:|www\.|[<>`{}|\\]|\]\(|\*\*|[\x00-\x08\x0b-\x1f]")
_MARKERS = re.compile(r"\s*\[(?:\d+|c[0-9a-f]{8,})(?:, ?(?:\d+|c[0-9a-f]{8,}))*\]")


def shown(dossier: Dossier, sentences: int, asked: str = SHAPES[StoryKind.STORY].asked) -> dict[str, str]:
    """The variables of the prompt write_story, without its fence: everything the model may know.

    `asked`: the form that it is to write (pipeline/compose/shapes.py).
    """
    chosen = [p.claim for p in points(dossier)[:MAX_CLAIMS]]
    sides = disputes(dossier)
    ids = list(dict.fromkeys([c.id for c in chosen] + [side for d in sides for side in (d.a, d.b)]))
    lines = []
    voices = Voices()
    for claim_id in ids:
        claim = dossier.claims[claim_id]
        record = dossier.records[claim.record_id]
        name = voices.of(record)
        lines.append(
            json.dumps(
                {
                    "id": claim.id,
                    "source": name.first,
                    "published": claim.published.date().isoformat(),
                    "hedge": claim.hedge.value,
                    "quote": " ".join(claim.evidence[0].quote.split()),
                },
                ensure_ascii=False,
            )
        )
    wide = [list(f.claim_ids) for f in dossier.findings if len(f.origin_ids) > 1]
    return {
        "beat": dossier.beat,
        "label": " ".join(dossier.storyline.label.split()),
        "now": dossier.now.strftime("%Y-%m-%d %H:%M UTC"),
        "form": asked,
        "claims": "\n".join(lines),
        "single": json.dumps(_single(dossier, ids)) if _single(dossier, ids) else "none",
        "earlier": _earlier(dossier),
        "overused": "\n".join(dossier.overused) or "none",
        "findings": "\n".join(json.dumps(ids) for ids in wide) or "none",
        "disputes": "\n".join(json.dumps([d.a, d.b, d.kind.value]) for d in sides) or "none",
        "sentences": str(sentences),
    }


def _single(dossier: Dossier, ids: Sequence[str]) -> list[str]:
    """Those of `ids` that give a figure and whose finding rests on one origin, where the storyline has several."""
    if len(set(dossier.origins.values())) < 2:
        return []
    wide = {c for f in dossier.findings if len(f.origin_ids) > 1 for c in f.claim_ids}
    return [c for c in ids if c not in wide and any(q.unit for q in dossier.claims[c].quantities)]


def _earlier(dossier: Dossier) -> str:
    """The version before: when it was written, its headline, dek and key points; none for a first one."""
    last = dossier.previous
    if last is None:
        return "none"
    points = [s.text for part in last.sections if part.role == "takeaways" for p in part.paragraphs for s in p]
    told = [last.headline.text, *([last.dek.text] if last.dek else []), *points]
    return "\n".join([f"version {last.version} of {last.written:%Y-%m-%d}", *dict.fromkeys(told)])


def manuscript(
    answer: Mapping[str, Any],
    dossier: Dossier,
    *,
    writer: str,
    prompts: Mapping[str, str],
    answers: tuple[Answered, ...] = (),
) -> Manuscript:
    """The slots of a model's answer. Unknown claim ids and foreign text (addresses, markup) leave nothing behind.

    `answers`: what the version keeps of it. Raises ModelError when the answer has no usable body.
    """
    reader = _Reader(dossier)
    body = []
    for section in _list(answer.get("sections")):
        slots = [s for s in map(reader.slot, _list(_get(section, "sentences"))) if s is not None]
        if slots:
            body.append(SlotSection("body", reader.heading(_get(section, "heading")), (tuple(slots),)))
    if not body:
        raise ModelError("the model's answer holds no sentence with a known claim")
    asked = []
    for item in _list(answer.get("questions")):
        slot = reader.slot(_get(item, "answer"))
        if slot is not None and _get(item, "question") in ASKED:
            asked.append(SlotSection("question", str(_get(item, "question")), ((slot,),)))
    headline, dek = reader.sentence(answer.get("headline")), reader.sentence(answer.get("dek"))
    return Manuscript(
        headlines=(headline,) if headline else (),
        dek=(dek,) if dek else (),
        body=tuple(body),
        questions=tuple(asked),
        ledger=reader.ledger,
        writer=writer,
        answers=answers,
        prompts=dict(prompts),
    )


class _Reader:
    """Reads an answer against its dossier."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.ledger = Ledger(dossier)
        self.casing = Casing.of(dossier.records.values())

    def sentence(self, item: object) -> DraftSentence | None:
        """A model's sentence with the evidence keys of the claims it cites; None when either is unusable."""
        text = _get(item, "text")
        if not isinstance(text, str) or _FOREIGN.search(text):
            return None
        text = " ".join(_MARKERS.sub("", text).split())
        claims = self._claims(item)
        keys = tuple(dict.fromkeys(k for c in claims for k in self.ledger.claim_keys(self.dossier.claims[c])))
        return DraftSentence(text, keys) if text and len(text) <= MAX_TEXT and keys else None

    def slot(self, item: object) -> Slot | None:
        """The sentence and, behind it, its claims in their sources' own words."""
        claims = self._claims(item)
        own = self.sentence(item)
        if not claims:
            return None
        point: Point | None = point_of(self.dossier.claims[claims[0]], self.dossier)
        fallback = point_slot(point, self.ledger, Place(), self.casing) if point and not point.leans else None
        forms = (*((own,) if own else ()), *(fallback.forms if fallback else ()))
        if not forms:
            return None
        finding = point.finding.id if point else None
        return Slot(forms, forms, tuple(claims), finding, point.score if point else 0.0)

    def heading(self, text: object) -> str:
        """A model's heading as it stands; settling keeps it only where it is furniture or a name in the evidence."""
        plain = " ".join(text.split()) if isinstance(text, str) else ""
        return plain if plain and len(plain) <= 60 and not _FOREIGN.search(plain) else "More detail"

    def _claims(self, item: object) -> list[str]:
        named = [c for c in _list(_get(item, "claims")) if isinstance(c, str) and c in self.dossier.claims]
        return list(dict.fromkeys(named))[:MAX_CITED]


def _get(item: object, name: str) -> object:
    return item.get(name) if isinstance(item, Mapping) else None


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
