"""A new story is checked against live ones: what they tell otherwise stands on both pages, with both sentences."""

from dataclasses import replace
from datetime import timedelta

import papers
import pytest
from factories import NOW, make_claim, make_dispute, make_finding, make_record, make_story

from pipeline.claiming import claims
from pipeline.cli import main
from pipeline.domain import DisputeKind, Section, StoryKind
from pipeline.edition import Edition
from pipeline.findings import conflicts
from pipeline.settings import Settings

PAIRS = [
    (
        "Corvane will deliver 12 turbines to Selmouth",
        "Corvane will deliver 40 turbines to Selmouth",
        DisputeKind.NUMBER,
    ),
    (
        "Corvane will open its Selmouth plant on 3 June 2026",
        "Corvane will open its Selmouth plant on 9 July 2026",
        DisputeKind.DATE,
    ),
]


def told(text: str, line: str, *, publisher: str, hours: int = 0, version: int = 1, kind: StoryKind = StoryKind.STORY):
    """A story that prints one claim of one outlet, with the claim and its record."""
    record = make_record(  # the claim as the desk reads it
        f"News\n\n{text}.",
        publisher=publisher,
        url=f"https://{publisher}.example/a",
        published=NOW - timedelta(hours=hours),
    )
    read = [claim for claim in claims.extract(record, min_worth=0) if claim.text.startswith(text)]
    claim = (*read, make_claim(record, text))[0]
    base = make_story()
    citation = replace(
        base.citations[0], key=claim.evidence[0].key, claim_id=claim.id, evidence=claim.evidence[0], before="", after=""
    )
    sentence = replace(base.headline, text=f"{text}, {publisher} reports.", citations=(citation.key,))
    story = replace(
        base,
        id=f"y{line}{version}",
        storyline_id=line,
        version=version,
        headline=replace(sentence, text=text),
        sections=(Section("body", None, ((sentence,),)),),
        citations=(citation,),
        kind=kind,
    )
    return story, claim, record


def found(*parts, findings=()):
    return conflicts.find(
        Edition(
            NOW,
            Settings(),
            tuple(story for story, _, _ in parts),
            findings={"s": tuple(findings)},
            claims={claim.id: claim for _, claim, _ in parts},
            records={record.id: record for _, _, record in parts},
        )
    )


@pytest.mark.parametrize(("one", "other", "kind"), PAIRS)
def test_two_live_stories_that_cannot_both_hold_say_so_on_both_pages(one, other, kind):
    a, b = told(one, "s1", publisher="wire"), told(other, "s2", publisher="ledger")
    both = found(a, b)
    assert {key: [(c.kind, c.story_id) for c in shown] for key, shown in both.items()} == {
        a[0].id: [(kind, b[0].id)],
        b[0].id: [(kind, a[0].id)],
    }
    assert both[a[0].id][0].mine == f"{one}, wire reports."
    assert both[a[0].id][0].theirs == f"{other}, ledger reports."


def test_a_dispute_that_a_finding_holds_is_enough():
    a = told("The council voted for the quay", "s1", publisher="wire")
    b = told("The council rejected the quay", "s2", publisher="ledger")
    finding = make_finding([a[1]], disputes=(make_dispute(a[1], b[1]),))
    assert set(found(a, b, findings=[finding])) == {a[0].id, b[0].id}


@pytest.mark.parametrize(
    ("one", "other", "more"),
    [
        (PAIRS[0][0], PAIRS[0][0], {}),  # they say the same
        (PAIRS[0][0], "Halden will deliver 40 boats to Oldport", {}),  # another matter
        (PAIRS[0][0], PAIRS[0][1], {"hours": 24 * 9}),  # another time
        (PAIRS[0][0], PAIRS[0][1], {"kind": StoryKind.BRIEFING}),  # a briefing repeats
    ],
)
def test_other_things_are_no_conflict(one, other, more):
    assert found(told(one, "s1", publisher="wire"), told(other, "s2", publisher="ledger", **more)) == {}


def test_versions_of_one_story_are_no_conflict_and_old_versions_have_none():
    old = told(PAIRS[0][0], "s1", publisher="wire")
    new = told("Corvane built a plant", "s1", publisher="wire", version=2)
    assert found(old, new) == {}
    assert found(old, new, told(PAIRS[0][1], "s2", publisher="ledger")) == {}


def test_the_order_of_stories_changes_nothing():
    parts = [told(PAIRS[0][0], "s1", publisher="wire"), told(PAIRS[0][1], "s2", publisher="ledger")]
    assert found(*parts) == found(*reversed(parts))


def test_both_pages_link_to_each_other(tmp_path, monkeypatch):
    config = papers.desk(tmp_path / "desk", papers.ROWS[:3])
    made = {}

    def two(edition):
        """A conflict of the first version with itself: what the page shows is under test, not what is found."""
        for story in edition.stories:
            made[story.id] = (conflicts.Conflict(DisputeKind.NUMBER, "12 <b>mine</b>", "14 theirs", story.id),)
        return made

    monkeypatch.setattr(conflicts, "find", two)
    assert main(["run", "--config", str(config), "--now", "2026-05-04T06:00:00Z", "--quiet"]) == 0
    site = papers.site(config.parent)
    [page] = [
        body.decode() for path, body in site.items() if path.startswith("stories/") and path.endswith("index.html")
    ][:1]
    assert "Told otherwise on this desk" in page
    assert "12 &lt;b&gt;mine&lt;/b&gt;" in page
    assert "14 theirs" in page
    assert any("Told otherwise on this desk" in body.decode() for path, body in site.items() if path.endswith(".md"))
