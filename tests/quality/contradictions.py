"""Make pairs of sentences that contradict each other, and pairs that only look so, from templates made for this test.

    python tests/quality/contradictions.py > pairs.jsonl

Every name is invented. Planted pairs differ in one number, date, denial or speaker; the others are paraphrases, other
things of the same kind, bounds that agree, parts of a whole, later periods, and figures that merely stand close by.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

FIRMS = ("Corvane", "Northwind Power", "Halden Motors", "Orbisk", "Tallis Foods")
PLACES = ("Valdeluna", "Harlow", "Port Brenna", "Ostrava Bay", "Kessel")
PEOPLE = ("Mara Oduya", "Ivo Brandt", "Lena Castell", "Tomas Reik", "Ada Nwosu")

Row = dict[str, str]


def _number() -> Iterator[tuple[str, str]]:
    for firm, place, person in zip(FIRMS, PLACES, PEOPLE, strict=True):
        yield (
            f"{firm} has installed six gas turbines at its {place} site.",
            f"{firm} built five gas turbines at {place}, permits show.",
        )
        yield f"{firm} will cut 1,250 jobs in {place}.", f"{firm} is cutting 1,840 jobs at its {place} works."
        yield (
            f"The blast at {place} killed 14 people, officials said.",
            f"Officials said 23 people were killed in the blast at {place}.",
        )
        yield (
            f"{firm} paid a fine of $45 million over the spill in {place}.",
            f"{firm} was fined $60 million over the spill in {place}.",
        )
        yield (
            f"Unemployment in {place} rose to 7.4 percent in March.",
            f"The unemployment rate in {place} rose to 5.9 percent in March.",
        )
        yield (
            f"{person} won 52 percent of the vote in {place}.",
            f"{person} won 47 percent of the vote in {place}, the count showed.",
        )


def _date() -> Iterator[tuple[str, str]]:
    for firm, place, person in zip(FIRMS, PLACES, PEOPLE, strict=True):
        yield (
            f"{firm} will open its {place} plant on 4 March 2027.",
            f"{firm} will open its {place} plant on 19 May 2027.",
        )
        yield (
            f"{firm} signed the {place} contract in June 2025.",
            f"{firm} signed the {place} contract in September 2025.",
        )
        yield (
            f"{person} resigned as mayor of {place} on 3 January 2026.",
            f"{person} resigned as mayor of {place} on 11 January 2026.",
        )
        yield (
            f"The {place} bridge collapsed on 12 November 2025, the ministry said.",
            f"The {place} bridge collapsed on 14 November 2025, the ministry said.",
        )


def _polarity() -> Iterator[tuple[str, str]]:
    for firm, place, person in zip(FIRMS, PLACES, PEOPLE, strict=True):
        yield f"{firm} has closed its {place} plant.", f"{firm} has not closed its {place} plant."
        yield f"{person} approved the {place} pipeline.", f"{person} did not approve the {place} pipeline."
        yield (
            f"{firm} dismissed workers in {place} who joined the strike.",
            f"{firm} denied that it dismissed workers in {place} who joined the strike.",
        )
        yield (
            f"{firm} told regulators in {place} about the leak.",
            f"{firm} never told regulators in {place} about the leak.",
        )


def _attribution() -> Iterator[tuple[str, str]]:
    for firm, place, person, other in zip(FIRMS, PLACES, PEOPLE, (*PEOPLE[1:], PEOPLE[0]), strict=True):
        said = f"the {place} grid cannot carry another large smelter before winter"
        yield f"{person} said {said}.", f"{other} said {said}."
        claim = f"the turbines at {place} were shipped without their safety papers"
        yield f"{firm} said {claim}.", f"{person} said {claim}."


def _none() -> Iterator[tuple[str, str]]:
    for firm, rival, place, town, person in zip(
        FIRMS, (*FIRMS[1:], FIRMS[0]), PLACES, (*PLACES[1:], PLACES[0]), PEOPLE, strict=True
    ):
        yield (
            f"{firm} has installed six gas turbines at its {place} site.",
            f"{firm} installed five gas turbines at {town}.",
        )  # elsewhere
        yield (
            f"{firm} is investing up to $145 million in capital spending.",
            f"{firm} has pledged over $600 million to grid storage.",
        )  # other money
        yield (
            f"More than 700 people were killed in {place}.",
            f"The flood killed 1,200 people in {place}.",
        )  # a bound that agrees
        yield (
            f"{firm} ordered 15 GW of turbines for {place}.",
            f"{firm} ordered 15,000 MW of turbines for {place}.",
        )  # the same amount
        yield (
            f"{firm} sold 1,200 trucks in {place} in 2024.",
            f"{firm} sold 1,900 trucks in {place} in 2025.",
        )  # other periods
        yield f"Police in {place} arrested 12 people.", f"In {place}, 31 people were injured."  # other events
        yield f"{firm} hired 300 workers in {place}.", f"{rival} hired 450 workers in {place}."  # other firms
        yield f"{person} won the {place} vote.", f"The vote in {place} went to {person}."  # a paraphrase
        yield (
            f"{firm} may close its {place} plant.",
            f"{firm} could shut the plant in {place}.",
        )  # a paraphrase with hedges
        yield f"{firm} did not close its {place} plant.", f"{firm} closed its {town} plant."  # another plant
        yield f"About 1,200 people marched in {place}.", f"Some 1,150 people marched in {place}."  # rounding
        yield (
            f"Another 40 people were injured in {place} on Sunday.",
            f"In {place}, 90 people were injured in all.",
        )  # a part
        yield (
            f"{firm} opened a plant in {place} in May 2025.",
            f"{firm} opened a depot in {town} in June 2025.",
        )  # other openings
        yield f"Profit at {firm} rose 12 percent.", f"Sales at {firm} rose 8 percent."  # other measures
        yield f"{firm} shares fell 5 percent.", f"{rival} shares fell 9 percent."
        yield f"{person} said the {place} line will open in spring.", f"{person} said the fares will rise in autumn."
        yield f"{firm} said it had fixed the {place} leak.", f"{firm} said that the {place} leak has been repaired."
        yield f"Two of the six turbines in {place} are running, {firm} said.", f"{firm} runs six turbines in {place}."
        yield f"{firm} cut prices by 3 percent in {place}.", f"{firm} raised wages by 5 percent in {place}."
        yield f"The storm left 3 people dead in {place}.", f"Three people died in the storm in {place}."


def pairs() -> list[Row]:
    """Every pair, the planted ones first, in a fixed order."""
    made = (
        ("number", _number()),
        ("date", _date()),
        ("polarity", _polarity()),
        ("attribution", _attribution()),
        ("none", _none()),
    )
    return [{"a": a, "b": b, "label": label} for label, found in made for a, b in found]


if __name__ == "__main__":
    for row in pairs():
        print(json.dumps(row))
