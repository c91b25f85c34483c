"""Derive pipeline/people/wrongs.tsv from WordNet: python benchmarks/derive_wrongs.py FOLDER --write

FOLDER holds the database files of WordNet 3.0 (data.noun, index.noun, noun.exc, cntlist.rev ...), as Debian's package
`wordnet-base` has them in /usr/share/wordnet. What lies below some synsets (crime, wrongdoer, illness ...) becomes a
table of forms by ground and kind: `act` (a wrong), `doer` (of it), `deed` (a verb's forms), `illness`, `sufferer`.
A word is kept only where at least half of its uses, as WordNet's tagged counts have them (half a use for every sense
never met), lie below such a synset: "peculation" is, "job" is not. Method: hyponym closure (Fellbaum 1998, WordNet).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "pipeline" / "people" / "wrongs.tsv"
POS = {"noun": "n", "verb": "v", "adj": "a"}
LEAST = 0.5  # of a word's uses
SHORTEST = 4  # letters: shorter ones are abbreviations and names

# ground, kind, synsets (lemma, part of speech, number of the sense); the first that reaches a word keeps it.
ROOTS: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("sexual", "act", ("sexual_activity n 1", "perversion n 1", "rape n 3", "sex_crime n 1", "prostitution n 1")),
    ("sexual", "doer", ("pervert n 1", "libertine n 1", "prostitute n 1", "adulterer n 1", "sex_offender n 1")),
    ("fraud", "act", ("fraud n 1", "theft n 1", "fraud n 3", "bribery n 1", "misappropriation n 1", "forgery n 2")),
    ("fraud", "doer", ("thief n 1", "deceiver n 1", "briber n 1", "forger n 1", "usurer n 1")),
    ("fraud", "deed", ("steal v 1", "cheat v 1", "cheat v 3", "bribe v 1")),
    ("dishonesty", "act", ("dishonesty n 2", "falsification n 2")),
    ("dishonesty", "doer", ("liar n 1", "plagiarist n 1", "traitor n 1", "double-crosser n 1")),
    ("dishonesty", "deed", ("deceive v 1",)),
    ("crime", "act", ("crime n 1", "murder n 1")),
    ("crime", "doer", ("criminal n 1", "killer n 1", "terrorist n 1")),
    ("misconduct", "act", ("wrongdoing n 2", "cruelty n 1", "persecution n 1")),
    ("misconduct", "doer", ("wrongdoer n 1", "bad_person n 1", "extremist n 1", "racist n 1")),
    ("misconduct", "deed", ("mistreat v 1", "misbehave v 1")),
    ("health", "illness", ("ill_health n 1", "mental_illness n 1", "disorder n 1", "syndrome n 1", "addiction n 1")),
    ("health", "sufferer", ("sick_person n 1", "addict n 2", "drunkard n 1", "neurotic n 1")),
    ("insolvency", "doer", ("bankrupt n 1",)),
)
# Below them, but no wrong of anybody's: games, fouls, manners, love, farms, minor ills, and who seeks a doctor.
LEFT_OUT = (
    "gambling n 1", "foul n 1", "arrogance n 1", "affectation n 1", "hybridization n 1", "caressing n 1", "sin n 2",
    "reproduction n 5", "animal_disease n 1", "plant_disease n 1", "patient n 1", "pretense n 1", "tort n 1",
    "snobbery n 1", "cliquishness n 1", "infringement n 2", "cold n 1", "collaborator n 1", "fugitive n 1",
    "front_man n 1", "iconoclast n 1", "avenger n 1", "hypocrite n 1", "pirate n 2", "fabricator n 1", "gluttony n 2",
    "sexual_activity n 1 *", "lying n 1 *", "sex_act n 1 *", "crime n 1 *", "illness n 1 *", "disease n 1 *",
    "condition n 1 *", "flu n 1", "influenza n 1", "indigestion n 1", "seasickness n 1", "offender n 1 *",
    "criminal n 1 *", "wrongdoing n 2 *", "smoothie n 2", "name_dropper n 1", "pretender n 1", "victim n 1",
    "injustice n 2", "injury n 1", "disservice n 1", "radical_chic n 1", "nonattender n 1", "mischief n 1 *",
    "abnormality n 3 *",
)  # fmt: skip
# Words whose everyday sense, a team, a film or a game, outweighs what WordNet's small counts have of them.
EVERYDAY = frozenset(
    "piquet executioner public_executioner hangman headman headsman terminator liquidator iceman violation "
    "servicing pairing mating inbreeding screwing assortative_mating disassortative_mating heterosexualism "
    "heterosexuality safe_sex imitator raider snatcher dodger pirate padder steerer role_player rounder heist "
    "holdup hoax pyramiding inroad spoiling spiller shedder taking_apart electric_shock phrenologist craniologist "
    "moneylender waster shocker committal stick_up walk_off beguile glom snarf play_around play_tricks "
    "play_a_joke_on play_a_trick_on pull_someone's_leg pull_a_fast_one_on act_up delude ensnare gazump injustice "
    "dereliction shoot-down mayhem carnage bloodbath bloodshed escapee moll iconoclast piranha sinner stoner "
    "uprooter supplanter eradicator exterminator annihilator killer obscurantism overrefinement betrayal sellout "
    "head_game monkey_business drinking_bout wile love_life foreplay infantilism ghoul paperhanger muscleman "
    "tough_guy toughie sharpy take-in humbug magdalen attacker aggressor defector deserter black_sheep slasher "
    "infringement patent_infringement copyright_infringement oppression nonfeasance madness daftness collywobbles "
    "crazy fool lush petty pseudo shark tough bravo cyprian decoy mimic rummy endemic invalid lisp sunburn "
    "twisting decadent incurable trick hustle stammer stutter".split()
)
_EXCEPTED = re.compile(r"[\d.]")
HEADER = """\
# Wrongs and ills, by ground and kind: derived from WordNet 3.0 by benchmarks/derive_wrongs.py, not by hand.
#
# WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved.
# This software and database is being provided to you, the LICENSEE, by Princeton University under the following
# license. By obtaining, using and/or copying this software and database, you agree that you have read, understood, and
# will comply with these terms and conditions.: Permission to use, copy, modify and distribute this software and
# database and its documentation for any purpose and without fee or royalty is hereby granted, provided that you agree
# to comply with the following copyright notice and statements, including the disclaimer, and that the same appear on
# ALL copies of the software, database and documentation, including modifications that you make for internal use or for
# distribution. THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR
# WARRANTIES, EXPRESS OR IMPLIED. BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS
# OR WARRANTIES OF MERCHANT- ABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE OF THE LICENSED SOFTWARE,
# DATABASE OR DOCUMENTATION WILL NOT INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS. The name
# of Princeton University or Princeton may not be used in advertising or publicity pertaining to distribution of the
# software and/or database. Title to copyright in this software, database and any associated documentation shall at all
# times remain with Princeton University and LICENSEE agrees to preserve same.
"""


@dataclass(frozen=True, slots=True)
class Net:
    """What of WordNet is needed: synset -> its words and the synsets below it; word -> its synsets, commonest first."""

    words: Mapping[str, tuple[str, ...]]
    below: Mapping[str, tuple[str, ...]]
    senses: Mapping[str, tuple[str, ...]]
    counts: Mapping[tuple[str, str, int], int]  # (word, part of speech, number of the sense) -> uses tagged
    irregular: Mapping[str, tuple[str, ...]]  # word -> its irregular forms

    def synset(self, name: str) -> str:
        """The synset that "crime n 1" names. Raises LookupError."""
        lemma, pos, number, *_ = name.split()
        return [one for one in self.senses[lemma] if one[0] == pos][int(number) - 1]

    def under(self, names: Iterable[str], left_out: frozenset[str] = frozenset()) -> set[str]:
        """Some synsets with all below them, without those left out."""
        found: set[str] = set()
        todo = [self.synset(name) for name in names]
        while todo:
            one = todo.pop()
            if one not in found and one not in left_out:
                found.add(one)
                todo += self.below[one]
        return found

    def share(self, word: str, pos: str, within: set[str]) -> float:
        """Which part of a word's uses lies within some synsets; of a noun's, of those as a noun."""
        numbers: dict[str, int] = defaultdict(int)
        inside = total = 0.0
        for one in self.senses[word]:
            numbers[one[0]] += 1
            uses = self.counts.get((word, one[0], numbers[one[0]]), 0) + 0.5 if pos in ("v", one[0]) else 0.0
            total += uses
            inside += uses if one in within else 0.0
        return inside / total


def load(folder: Path) -> Net:
    """WordNet as its files in `folder` have it (format: wndb(5WN)). Raises OSError."""
    words: dict[str, tuple[str, ...]] = {}
    below: dict[str, tuple[str, ...]] = {}
    senses: dict[str, tuple[str, ...]] = defaultdict(tuple)
    irregular: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for name, pos in POS.items():
        for parts in _rows(folder / f"data.{name}"):
            many = int(parts[3], 16)
            at = 4 + 2 * many
            pointers = [parts[at + 1 + 4 * n : at + 5 + 4 * n] for n in range(int(parts[at]))]
            words[pos + parts[0]] = tuple(parts[4 + 2 * n].partition("(")[0] for n in range(many))
            below[pos + parts[0]] = tuple(p[2] + p[1] for p in pointers if p[0] == "~")
        for parts in _rows(folder / f"index.{name}"):
            senses[parts[0]] += tuple(pos + offset for offset in parts[-int(parts[2]) :])
        for line in (folder / f"{name}.exc").read_text(encoding="utf-8").splitlines():
            form, *lemmas = line.split()
            for lemma in lemmas:
                irregular[f"{pos} {lemma}"] += (form,)
    counts = {}
    for line in (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        key, number, uses = line.split()
        lemma, _, rest = key.partition("%")
        counts[lemma, "_nvaras"[int(rest[0])], int(number)] = int(uses)
    return Net(words, below, senses, counts, irregular)


def _rows(path: Path) -> Iterator[list[str]]:
    """The fields of each row of a data or index file, without the licence above and the gloss behind."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("  "):
            yield line.partition(" | ")[0].split()


def forms(net: Net, word: str, pos: str) -> tuple[str, ...]:
    """A word and its inflected forms; of several words the last is a noun's head, the first a verb's."""
    head, tail = (word, "") if pos == "n" else (word.partition("_")[0], word[len(word.partition("_")[0]) :])
    known = net.irregular.get(f"{pos} {head}", ())
    plural = head + "es" if head.endswith(("s", "x", "z", "ch", "sh")) else head + "s"
    if head.endswith("y") and head[-2] not in "aeiou":
        plural = head[:-1] + "ies"
    if pos == "n" and head.endswith(("man", "woman")):
        plural = head[:-2] + "en"
    if pos == "n" and "_of_" in head:
        plural = head
    if pos == "n":
        return (word, *(known or (plural,)))
    stem = head[:-1] if head.endswith("e") else head
    past = stem[:-1] + "ied" if stem.endswith("y") and stem[-2] not in "aeiou" else stem + "ed"
    regular = (*(known or (past,)), *(() if any(f.endswith("ing") for f in known) else (stem + "ing",)))
    return tuple(one + tail for one in dict.fromkeys((head, plural, *regular)))


def table(net: Net) -> list[tuple[str, str, list[str]]]:
    """Rows of the table: ground, kind, forms in order."""
    alone = {net.synset(name) for name in LEFT_OUT if name.endswith("*")}
    left_out = frozenset(net.under(name for name in LEFT_OUT if not name.endswith("*")))
    families = {
        health: net.under((n for g, _, names in ROOTS if (g == "health") is health for n in names), left_out)
        for health in (True, False)
    }
    taken: set[str] = set()
    rows = []
    for ground, kind, names in ROOTS:
        pos = "v" if kind == "deed" else "n"
        mine = {word for one in net.under(names, left_out) - alone for word in net.words[one]}
        kept = sorted(
            word
            for word in mine - taken - EVERYDAY
            if word.islower()
            and len(word) >= SHORTEST
            and not _EXCEPTED.search(word)
            and net.share(word, pos, families[ground == "health"]) >= LEAST
            and not any(net.synset(name) in net.senses[word][:1] for name in LEFT_OUT if name.endswith("*"))
        )
        taken |= set(kept)
        rows.append(
            (
                ground,
                kind,
                sorted({form for word in kept for form in ((word,) if kind == "illness" else forms(net, word, pos))}),
            )
        )
    return rows


def main(arguments: list[str] | None = None) -> int:
    """Print the table, or write it where the rule on people reads it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args(arguments)
    rows = (f"{ground}\t{kind}\t{' '.join(found)}\n" for ground, kind, found in table(load(given.folder)))
    text = HEADER + "".join(rows)
    if given.write:
        TABLE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
