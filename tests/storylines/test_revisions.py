"""Revisions: which claims of a new version stay, which are news, and why."""

from __future__ import annotations

import dataclasses

from factories import NOW
from lives import CUP, TURBINES, article, news

from pipeline.claiming import claims as extractor
from pipeline.domain import Membership, Record
from pipeline.storylines.revisions import Revised, settle
from pipeline.storylines.window import Earlier


def revise(old: Record, new: Record, homes: dict[str, str] | None = None) -> Revised:
    """What becomes of `old`, whose claims are in storyline "s" (or where `homes` says by a word), when `new` comes."""
    before = extractor.extract(old)
    placed = {
        claim.id: next((line for word, line in (homes or {}).items() if word in claim.text), "s") for claim in before
    }
    members = tuple(Membership(placed[claim.id], claim.id, old.id, NOW, "first") for claim in before)
    earlier = {old.id: Earlier(members, {claim.id: claim for claim in before})}
    return settle({new.id: new}, {new.id: extractor.extract(new)}, earlier, {})


def version(old: Record, text: str) -> Record:
    return dataclasses.replace(old, text=f"{old.title}\n\n{text}")


def test_what_says_the_same_stays_and_says_which_old_claim_it_stands_for() -> None:
    old = article("r", CUP, NOW)
    done = revise(old, version(old, "\n\n".join(CUP.body).replace("23 people", "31 people")))
    (homes,) = done.kept.values()
    assert set(homes) == {"s"}
    assert len(done.leaving) == len(extractor.extract(old))
    whys = set(done.why.values())
    assert "a new version of a record that is in it says this as before" in whys
    assert any("in place of “Police arrested 23 people" in why and "content words are the same" in why for why in whys)
    assert set(done.why) == {claim.id for claims in homes.values() for claim in claims}


def test_another_text_leaves_altogether() -> None:
    old = article("r", CUP, NOW)
    done = revise(old, dataclasses.replace(article("r", TURBINES, NOW)))
    assert not done.kept
    assert not done.news
    assert done.leaving


def test_an_item_that_is_new_in_a_roundup_is_news_and_the_others_stay_where_they_were() -> None:
    items = [
        "Kingsbridge Rovers won the cup, 5-4 on penalties against Wexley Athletic.",
        "Northwind Power has ordered 12 gas turbines for the data campus at Harlow.",
        "Fourteen people died when the Brenna dam broke above Port Brenna.",
        "A fire destroyed the paper mill in Varnby overnight.",
    ]
    old = news("r", "Morning briefing", "\n".join(f"• {item}" for item in items[:3]))
    new = version(old, "\n".join(f"• {item}" for item in [items[3], *items[:3]]))
    done = revise(old, new, {"Rovers": "cup", "Northwind": "gas", "Brenna": "dam"})
    assert {line: [claim.text for claim in found] for line, found in done.kept["r"].items()} == {
        "cup": [items[0]],
        "gas": [items[1]],
        "dam": [items[2]],
    }
    assert [part.text for part in done.news] == [items[3]]
    assert all("Varnby" not in part.text for found in done.parts.values() for part in found)


def test_a_version_without_a_claim_leaves() -> None:
    old = article("r", CUP, NOW)
    done = revise(old, dataclasses.replace(old, text="Gone", title=""))
    assert not done.kept
