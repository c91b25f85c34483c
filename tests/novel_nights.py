"""Generated nights with the truth about news: storylines told again in other words, copied, explained; some change.

Run as a program it prints precision and recall of novelty: `python tests/novel_nights.py`. Claims are read by the rules
and become findings by `pipeline.findings.settling`, night by night, as in a run; only grouping into storylines is
given. Affairs of `TUNED` were looked at while the detector was made; of `HELD_BACK` one night was, once.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse.linalg import svds
from tonight import HOUR, NOW, Tonight, storyline

from pipeline.detectors.content import detect_novelty
from pipeline.detectors.frame import History
from pipeline.detectors.spread import Rows
from pipeline.domain import Claim, Finding
from pipeline.embedders import build
from pipeline.findings import settling as findings
from pipeline.settings import SignalSettings

Wordings = tuple[str, ...]


@dataclass(frozen=True)
class Affair:
    """What is told of one kind of event: facts and developments in several wordings each, background, quotations."""

    facts: tuple[Wordings, ...]
    turns: tuple[Wordings, ...]  # each begins with one that a lone headline can tell: an outcome, a number or a date
    past: tuple[str, ...]
    quotes: tuple[Wordings, ...]


TUNED = (
    Affair(
        facts=(
            ("{f} has ordered {n} gas turbines for its {p} campus.", "{n} gas turbines were ordered by {f} for {p}."),
            (
                "{p} council approved the {f} site after a long debate.",
                "After a long debate the {f} site was approved in {p}.",
            ),
            (
                "Residents of {p} fear the noise of the {f} turbines.",
                "The noise of {f} turbines worries residents of {p}.",
            ),
            ("The {p} campus of {f} will need {m} megawatts.", "{f} needs {m} megawatts for its campus in {p}."),
            (
                "{f} promised jobs for welders and drivers in {p}.",
                "Welders and drivers in {p} were promised jobs by {f}.",
            ),
        ),
        turns=(
            (
                "Police arrested {f} finance chief over bribes in {p}.",
                "The finance chief of {f} was arrested in a bribery case in {p}.",
            ),
            (
                "{f} recalls {k} cracked rotor blades, halting {p} work.",
                "Work in {p} stopped as {f} recalled {k} cracked blades.",
            ),
            (
                "A judge fined {f} ${k} million for poisoning the {p} river.",
                "{f} was fined ${k} million by a judge over the {p} river.",
            ),
        ),
        past=(
            "{f} was founded in 1971 by two brothers.",
            "In 2009 a fire at {f} closed an older plant in {p} for a year.",
        ),
        quotes=(('"We will be good neighbours to {p}," {f} said.', '{f} said: "We will be good neighbours to {p}."'),),
    ),
    Affair(
        facts=(
            ("A ferry of {f} sank off {p} in heavy fog.", "In heavy fog off {p} a {f} ferry went down."),
            (
                "Divers are searching the wreck of the {f} ferry near {p}.",
                "Near {p} divers search the wreck of the ferry of {f}.",
            ),
            (
                "The {f} ferry carried {n} passengers and lorries from {p}.",
                "{n} passengers and lorries were aboard the {f} ferry from {p}.",
            ),
            (
                "Relatives gathered at the harbour of {p} waiting for {f}.",
                "At {p} harbour relatives waited for word from {f}.",
            ),
            (
                "The government ordered {f} to keep its boats in {p}.",
                "Boats of {f} must stay in {p}, the government ordered.",
            ),
        ),
        turns=(
            (
                "Prosecutors charged the {f} captain with manslaughter in {p}.",
                "The captain of {f} was charged with manslaughter by {p} prosecutors.",
            ),
            (
                "{f} chairwoman resigned, blaming rusty doors, as {p} mourned.",
                "Blaming rusty doors, the chairwoman of {f} resigned, {p} heard.",
            ),
            (
                "Insurers will pay {f} victims ${k} million, a {p} court heard.",
                "Victims of {f} get ${k} million from insurers, a court in {p} heard.",
            ),
        ),
        past=("{f} opened its first line to {p} in 1962.", "A storm in 2004 sank another boat of {f} near {p}."),
        quotes=(
            (
                '"Nobody told us anything," a widow in {p} said of {f}.',
                'A widow in {p} said of {f}: "Nobody told us anything."',
            ),
        ),
    ),
)
HELD_BACK = (
    Affair(
        facts=(
            (
                "{f} closed its hospital ward in {p} after infections.",
                "After infections the ward of {f} in {p} was closed.",
            ),
            (
                "{n} patients of {f} in {p} caught a rare fungus.",
                "A rare fungus has struck {n} patients of {f} in {p}.",
            ),
            (
                "Nurses at {f} complained about dirty pipes in {p}.",
                "Dirty pipes in {p} were a complaint of nurses at {f}.",
            ),
            (
                "Health inspectors took water samples from {f} in {p}.",
                "Samples of water from {f} were taken by inspectors in {p}.",
            ),
            (
                "{f} moved newborn babies from {p} to another clinic.",
                "Newborn babies were moved by {f} from {p} to another clinic.",
            ),
        ),
        turns=(
            (
                "Families in {p} sued {f} over hidden laboratory letters.",
                "{f} was sued by families in {p} over letters a laboratory hid.",
            ),
            (
                "{f} sacked its director, and {p} appointed a retired army surgeon.",
                "A retired army surgeon replaces the director whom {f} sacked in {p}.",
            ),
            (
                "Parliament approved ${k} million to rebuild {f} in {p}.",
                "Rebuilding {f} in {p} gets ${k} million that parliament approved.",
            ),
        ),
        past=("{f} was built in 1958 as a tram depot in {p}.", "In 2011 {f} won a prize for its garden in {p}."),
        quotes=(
            (
                '"My son was fine on Monday," a mother told {f} in {p}.',
                'A mother in {p} told {f}: "My son was fine on Monday."',
            ),
        ),
    ),
    Affair(
        facts=(
            (
                "Miners of {f} walked out in {p} over unpaid overtime.",
                "Over unpaid overtime, {p} miners of {f} walked out.",
            ),
            (
                "The {f} strike in {p} has idled {n} trucks and a smelter.",
                "{n} trucks and a smelter stand idle in the {f} strike in {p}.",
            ),
            (
                "Unions in {p} demand that {f} repair its ventilation shafts.",
                "{f} should repair its ventilation shafts, unions in {p} demand.",
            ),
            ("Shops in {p} give free bread to strikers of {f}.", "Strikers of {f} get free bread from shops in {p}."),
            ("{f} says copper deliveries from {p} will be late.", "Copper from {p} will be delivered late, {f} says."),
        ),
        turns=(
            (
                "{f} and miners signed a wage agreement in {p}, ending pickets.",
                "Pickets end in {p}: miners and {f} signed an agreement on wages.",
            ),
            (
                "Soldiers killed {k} protesters outside {f} gates in {p}.",
                "{k} protesters were killed by soldiers at the gates of {f} in {p}.",
            ),
            (
                "A Norwegian fund sold its {f} shares for ${k} million, {p} learned.",
                "For ${k} million a Norwegian fund sold shares of {f}, {p} learned.",
            ),
        ),
        past=("{f} came to {p} in 1934 to dig for tin.", "A shaft of {f} in {p} collapsed in 1987."),
        quotes=(
            (
                '"We breathe dust every day," a driller of {f} said in {p}.',
                'In {p} a driller of {f} said: "We breathe dust every day."',
            ),
        ),
    ),
)
_ONE = "Bel Cor Dal Fen Gar Hol Jor Kel Lun Mor Nor Pel Quin Ros Sel Tor Ul Ven Wex Yar".split()
_TWO = "vane mont dine stead wick brook lund mere more ton".split()
_OUTLETS = tuple(f"{a} {b}" for a in ("Harbour", "Valley", "North", "City", "County") for b in ("Post", "Echo", "Wire"))


@dataclass
class Night:
    """A desk's night, the storylines in which something changed, and what each was made of."""

    desk: Tonight = field(default_factory=Tonight)
    changed: set[str] = field(default_factory=set)
    made: dict[str, str] = field(default_factory=dict)


def night(seed: int, affairs: Sequence[Affair], lines: int = 24) -> Night:
    """A desk of `lines` storylines; in every second one something changes."""
    dice = random.Random(seed)
    found = Night()
    worlds = [_world(dice) for _ in range(lines)]
    known: list[str] = []
    for n, world in enumerate(worlds):
        key, affair = f"s{n:03}", affairs[n % len(affairs)]
        told = list(_past(found.desk, affair, world, dice))
        known += [text for text, _ in told]
        claims = [claim for _, claim in told] + _same(found.desk, affair, world, dice, known)
        if n % 2:
            kind = ("two voices", "a lone headline", "several voices")[n // 2 % 3]
            claims += _change(found.desk, affair, world, dice, kind)
            found.changed.add(key)
            found.made[key] = kind
        found.desk.findings[key] = list(_settled(found.desk, key, claims))
        found.desk.lines[key] = storyline(key, [claim.id for claim in claims], label=f"{world['f']} in {world['p']}")
    return found


def _world(dice: random.Random) -> dict[str, object]:
    firm, place = (dice.choice(_ONE) + dice.choice(_TWO) for _ in range(2))
    numbers = dice.sample(range(11, 400), 3)
    return {
        "f": f"{firm} {dice.choice(['Group', 'Trust', 'Line'])}",
        "p": place,
        **dict(zip("nmk", numbers, strict=True)),
    }


def _past(desk: Tonight, affair: Affair, world: dict[str, object], dice: random.Random) -> Iterator[tuple[str, Claim]]:
    """What was told on the five nights before, each fact by one or two outlets."""
    for wordings in (*affair.facts, *affair.quotes):
        for outlet in dice.sample(_OUTLETS, dice.randint(1, 2)):
            text = dice.choice(wordings).format(**world)
            yield text, desk.claim(text, dice.uniform(26, 120), outlet)


def _same(
    desk: Tonight, affair: Affair, world: dict[str, object], dice: random.Random, known: Sequence[str]
) -> list[Claim]:
    """More of the same: other words, copies of one origin, background, what other storylines told long ago."""
    found = []
    for _ in range(dice.randint(2, 8)):
        text = dice.choice(dice.choice((*affair.facts, *affair.quotes))).format(**world)
        sort = dice.randint(0, 3)
        if sort == 0:
            first = desk.claim(text, dice.uniform(12, 23), dice.choice(_OUTLETS))
            origin = desk.told[first.record_id].origin_id
            found += [
                first,
                *(desk.claim(text, dice.uniform(1, 11), one, origin=origin) for one in dice.sample(_OUTLETS, 4)),
            ]
        elif sort == 1:
            past = dice.choice(affair.past).format(**world)
            found += [desk.claim(past, dice.uniform(1, 23), one, deep=True) for one in dice.sample(_OUTLETS, 2)]
        elif sort == 2 and known:
            found.append(desk.claim(dice.choice(known), dice.uniform(1, 23), dice.choice(_OUTLETS)))
        else:
            found.append(desk.claim(text, dice.uniform(1, 23), dice.choice(_OUTLETS)))
    return found


def _change(desk: Tonight, affair: Affair, world: dict[str, object], dice: random.Random, kind: str) -> list[Claim]:
    """Something new: one development by two outlets, by one in a headline, or several by one outlet each."""
    turns, outlets = list(affair.turns), dice.sample(_OUTLETS, 6)
    dice.shuffle(turns)
    if kind == "two voices":
        return [desk.claim(turns[0][0].format(**world), dice.uniform(1, 23), one) for one in outlets[:2]]
    if kind == "a lone headline":
        return [desk.claim(turns[0][0].format(**world), dice.uniform(1, 23), outlets[0])]
    told = zip(turns, outlets, strict=False)
    return [
        desk.claim(dice.choice(turn).format(**world), dice.uniform(1, 23), one, headline=False) for turn, one in told
    ]


def _settled(desk: Tonight, key: str, claims: Sequence[Claim]) -> Sequence[Finding]:
    """The findings of a storyline after six nights."""
    known: Sequence[Finding] = ()
    for nights in range(6, -1, -1):
        now = NOW - 24 * nights * HOUR
        there = [claim for claim in claims if desk.told[claim.record_id].at <= now]
        voices = {
            claim.id: findings.Voice(arrival.origin_id, arrival.voice)
            for claim in there
            for arrival in [desk.told[claim.record_id]]
        }
        known = findings.settle(key, there, voices, known, now)
    return known


def dense(texts: Sequence[str]) -> np.ndarray:
    """Dense rows of unit length, on which distances differ from lexical ones: 48 latent dimensions of the texts."""
    rows = build("lexical").embed(texts).astype(float)
    left, weights, _ = svds(rows, k=min(48, min(rows.shape) - 1), random_state=0)
    found = left * weights
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


@dataclass
class Score:
    """Signals that were right and wrong, changes that were missed, by what they were made of."""

    right: int = 0
    wrong: int = 0
    missed: list[str] = field(default_factory=list)
    quiet: int = 0  # storylines without a change

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))


def measure(seeds: Sequence[int], affairs: Sequence[Affair], embed: Rows | None = None, lines: int = 24) -> Score:
    """What novelty says of the nights of these seeds."""
    score = Score()
    for seed in seeds:
        made = night(seed, affairs, lines)
        found = detect_novelty(made.desk.window(embed=embed), History(), NOW, SignalSettings())
        fired = {one.subject for one in found if not one.held}
        score.right += len(fired & made.changed)
        score.wrong += len(fired - made.changed)
        score.missed += [made.made[key] for key in sorted(made.changed - fired)]
        score.quiet += len(made.desk.findings) - len(made.changed)
    return score


def main() -> None:
    """Print the figures of docs/signals.md."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for name, affairs, first in (("tuned", TUNED, 0), ("held back", HELD_BACK, 1000)):
        for vectors, embed in (("lexical", None), ("latent", dense)):
            found = measure(range(first, first + number), affairs, embed)
            kinds = ", ".join(f"{found.missed.count(kind)} {kind}" for kind in sorted(set(found.missed)))
            print(
                f"{name}, {vectors}: precision {found.precision:.3f}, recall {found.recall:.3f}; false in "
                f"{found.wrong} of {found.quiet} storylines without a change; missed: {kinds or 'none'}"
            )


if __name__ == "__main__":
    main()
