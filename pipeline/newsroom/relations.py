"""Which earlier stories a new one has to do with, and how: it follows, contradicts, elaborates, or they are background.

Tried in this order, for every live story of another subject:

* contradicts: a finding of its storyline disputes a claim that the other cites;
* follows: its storyline split from the other's or took it in; or they share a subject, and the newest record that the
  other cites is half a day older, or more, than its own newest;
* background: they share a subject, and the other was written a week before or earlier;
* elaborates: they share a subject, or a cited record, and were told of the same hours.

Two stories share a subject where the words behind their headlines, deks and key points share two names that few of
the stories carry: what a tenth of them names relates nothing, nor do countries and the world's cities. Pure; the rule
was made by thought and read on two nights of real feeds, not fitted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.domain import Finding, Related, Relation, Story, StoryKind, Storyline, TurnKind
from pipeline.language import gazetteer, names

MOST = 4
SHARED = 2  # names in common that make two stories of one subject
COMMON = 0.1  # share of the stories from which a name relates nothing
FEW = 3  # stories that may always carry a name that relates
LATER = timedelta(hours=12)
OLD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Subject:
    """What of a story is compared: names it begins with (key -> as written), claims and records it cites, its hours."""

    story: Story
    names: dict[str, str]
    claims: frozenset[str]
    records: frozenset[str]
    newest: datetime

    @classmethod
    def of(cls, story: Story) -> Subject:
        """The subject of a story."""
        leading = [story.headline, *([story.dek] if story.dek else [])]
        leading += [s for one in story.sections if one.role == "takeaways" for p in one.paragraphs for s in p]
        quotes = {citation.key: citation.evidence.quote for citation in story.citations}
        cited = dict.fromkeys(key for sentence in leading for key in sentence.citations if key in quotes)
        found = [m for key in cited for m in names.find(quotes[key]) if gazetteer.kinds().get(m.key) != "place"]
        return cls(
            story=story,
            names={mention.key: mention.text for mention in reversed(found)},
            claims=frozenset(citation.claim_id for citation in story.citations),
            records=frozenset(citation.evidence.record_id for citation in story.citations),
            newest=max((record.published for record in story.records), default=story.written),
        )


def related(
    story: Story, line: Storyline | None, findings: Iterable[Finding], others: Sequence[Subject]
) -> tuple[Related, ...]:
    """The stories that `story` of the storyline `line` has to do with, the closest first.

    findings: those of its storyline. others: live stories, of its own night too.
    """
    own = Subject.of(story)
    pool = [o for o in others if o.story.storyline_id != story.storyline_id and o.story.kind is not StoryKind.BRIEFING]
    counts = Counter(name for other in pool for name in other.names)
    limit = max(FEW, COMMON * len(pool))
    disputed = _disputed(findings, own.claims)
    kin = {turn.other for turn in line.turns if turn.kind in _BEFORE} if line is not None else set()
    found = []
    for other in pool:
        shared = sorted(name for name in own.names.keys() & other.names.keys() if counts[name] <= limit)
        if one := _relation(own, other, shared, disputed, kin):
            weight = (one.relation is not Relation.CONTRADICTS, -len(shared), -other.newest.timestamp(), one.story_id)
            found.append((weight, one))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0])[:MOST])


_BEFORE = frozenset({TurnKind.SPLIT_FROM, TurnKind.TOOK_IN})


def _disputed(findings: Iterable[Finding], claims: frozenset[str]) -> frozenset[str]:
    """Claims of others that dispute one of `claims`."""
    pairs = [(d.a, d.b) for finding in findings for d in finding.disputes]
    return frozenset(b if a in claims else a for a, b in pairs if (a in claims) != (b in claims))


def _relation(
    own: Subject, other: Subject, shared: Sequence[str], disputed: frozenset[str], kin: set[str]
) -> Related | None:
    ident = other.story.id
    if disputed & other.claims:
        return Related(Relation.CONTRADICTS, ident, "a claim of one denies a claim of the other")
    if other.story.storyline_id in kin:
        return Related(Relation.FOLLOWS, ident, "its storyline split from the other, or took it in")
    records = len(own.records & other.records)
    if len(shared) < SHARED and not records:
        return None
    named = ", ".join(own.names[name] for name in shared[:3])
    common = "one record" if records == 1 else f"{records} records"
    why = f"both speak of {named}" if len(shared) >= SHARED else f"{common} cited by both"
    if own.story.written - other.story.written >= OLD:
        return Related(Relation.BACKGROUND, ident, why)
    return Related(Relation.FOLLOWS if own.newest - other.newest >= LATER else Relation.ELABORATES, ident, why)
