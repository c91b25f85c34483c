"""Whom a sentence names and what they are in it: accused, victim, minor, relative, witness, official or speaker.

Read from the words beside a name, in the sentence, its spans and whatever else of the same records is at hand. A name
that nothing excuses counts as that of the accused: a false hold costs a look, a false allegation a reputation. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise

from pipeline.gate.frames import Framed
from pipeline.language import kinds
from pipeline.language.forenames import SURNAMES
from pipeline.language.lexicon import COMMON, MASS, ORGANISATION, PLACE
from pipeline.people import charges

_BEFORE, _AFTER = 70, 110  # characters beside a name that are read
_READ = 20_000  # characters of one text that are looked through for names
_PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_SUFFERED = re.compile(r"ed (?:her|him|me)\b|\b(?:she|he|I) (?:was|had been) ", re.IGNORECASE)
_INITIAL = re.compile(r"[A-Z][\w'’-]+")
_THINGS = frozenset(
    "tower wall alert seashore forest bridge square stadium arena award prize act bowl cup chemicals foods motors "
    "airlines airways systems industries brands stores markets resources minerals metals mines timber energy "
    "electric electronics robotics semiconductors software games studios pictures pharma pharmaceuticals biotech "
    "laboratories capital partners ventures securities insurance logistics shipping railways records".split()
)
_STAFF = re.compile(  # whose firm a name is: what is said behind it is said of them
    r"\b(?:executives?|employees?|directors?|managers?|traders?|staff|workers?|officials?|members?|founders?|owners?"
    r"|bosses|chiefs?|heads?|men|women|people) (?:\w+ )?(?:of|at|from) (?:[\w'-]+ ){0,5}$"
)
_AGES = 2  # of the words for minors, those that give an age


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or a firm, that a sentence names. `part` is what they are in it; `public` whether an office is shown.

    `kind` is "person" or "firm"; `part` one of accused, victim, relative, witness, official, bystander.
    """

    name: str
    kind: str
    part: str
    minor: bool = False
    public: bool = False
    sexual: bool = False  # a victim of a sexual offence who has not given up anonymity
    several: bool = False  # two people of this name stand in the texts


def surname(name: str) -> str:
    """The last word of a name, folded."""
    return name.replace("’", "'").split()[-1].removesuffix("'s").casefold()


@cache
def _any(section: str) -> str:
    return "(?:" + "|".join(charges.words()["persons"][section]) + ")"


@cache
def _pattern(name: str, side: str) -> re.Pattern[str]:
    """What stands on one `side` ("before", "after") of a name and tells that it is a `name` ("office", "minor" ...)."""
    beside = charges.words()["beside"]
    lists = {section: _any(section) for section in charges.words()["persons"]}
    lists["ages"] = "(?:" + "|".join(charges.words()["persons"]["minors"][:_AGES]) + ")"
    source = "|".join(beside[side][name])
    for key in ("link", "plain", "suffered", "passive"):
        source = source.replace("{" + key + "}", beside[key])
    for key, pattern in lists.items():
        source = source.replace("{" + key + "}", pattern)
    return re.compile(f"(?:{source})", re.IGNORECASE)


def _beside(text: str, start: int, end: int) -> tuple[str, str]:
    return text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]


def _tells(what: str, before: str, after: str) -> bool:
    """Whether the words beside a name tell `what` of it."""
    return bool(_pattern(what, "before").search(before) or _pattern(what, "after").match(after))


@lru_cache(maxsize=512)
def _people_in(text: str) -> tuple[str, ...]:
    """Full names of people in `text`, each once, in order."""
    found = (m.text for m in kinds.find(charges.folded(text[:_READ])) if m.kind == "person" and " " in m.key)
    return tuple(dict.fromkeys(_untitled(" ".join(name.split()).removesuffix("'s")) for name in found))


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of some texts, and where these name them."""

    texts: tuple[str, ...]

    def full(self, name: str) -> tuple[str, ...]:
        """The full names in the texts that a name may be short for: itself, where it has two words."""
        if " " in name:
            return (name,)
        names = (one for text in self.texts if surname(name) in text.casefold() for one in _people_in(text))
        return tuple(dict.fromkeys(one for one in names if surname(one) == surname(name)))

    def shared(self, name: str) -> bool:
        """Whether the texts hold another person of the same surname."""
        names = (one for text in self.texts if surname(name) in text.casefold() for one in _people_in(text))
        kin = {one.casefold() for one in names if surname(one) == surname(name)}
        return len(_apart(kin | ({name.casefold()} if " " in name else set()))) > 1

    def places(self, name: str) -> Iterator[tuple[str, str]]:
        """The words before and behind every place that names somebody, in full or by an unshared surname."""
        wanted = [re.escape(charges.folded(name))]
        if not self.shared(name):
            wanted.append(re.escape(charges.folded(name).split()[-1]))
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)")
        for text in self.texts:
            plain = charges.folded(text[:_READ])
            for match in pattern.finditer(plain):
                yield _beside(plain, match.start(), match.end())

    def says(self, what: str, name: str) -> bool:
        """Whether the words beside any of these places tell `what`."""
        return any(_tells(what, before, after) for before, after in self.places(name))

    def ages(self, name: str) -> set[int]:
        """Ages that the texts give for somebody by full name."""
        pattern = re.compile(rf"(?<!\w){re.escape(charges.folded(name))},? \(?(?:aged |age )?(\d{{1,3}})(?=[,.;)]| )")
        return {int(m[1]) for text in self.texts for m in pattern.finditer(charges.folded(text[:_READ]))}


def _apart(names: set[str]) -> set[str]:
    """Full names without those that are a longer or shorter form of another ("Ann Lee", "Ann M Lee")."""
    kept: set[str] = set()
    for name in sorted(names, key=len):
        parts = name.split()
        if not any(parts[0] == other.split()[0] for other in kept):
            kept.add(name)
    return kept


def find(framed: Framed, sentence: str, texts: Sequence[str]) -> tuple[Person, ...]:
    """Who is named in what a sentence says, and as what; speakers of its frames only where they are witnesses.

    `texts` are the spans and whatever else is known of the same records.
    """
    cast = Cast((charges.folded(sentence), *map(charges.folded, texts)))
    core = charges.folded(framed.text)
    found: dict[str, Person] = {}
    for name, kind, start, end in _names(core, cast):
        before, after = _beside(core, start, end)
        full = (cast.full(name) or (name,))[0] if kind == "person" else name
        part = _part(kind, core, start, before, after)
        person = _person(
            full, kind, part, cast, (before, after), several=len(_apart({f.casefold() for f in cast.full(name)})) > 1
        )
        known = found.get(full)
        found[full] = person if known is None or _weight(person) > _weight(known) else known
    if not any(one.kind == "person" for one in found.values()) and charges.find(core):
        for name in _meant(core, framed, texts):
            found.setdefault(name, _person(name, "person", "accused", cast, ("", "")))
    for frame in framed.frames:
        told = charges.folded(f"{frame.who}, {frame.aside}" if frame.aside else frame.who)
        found |= {one.name: one for one in _speakers(told, core, cast)}
    return tuple(found.values())


def _weight(person: Person) -> tuple[bool, bool, bool]:
    return person.part == "accused", person.part == "victim", person.sexual


def _names(core: str, cast: Cast) -> Iterator[tuple[str, str, int, int]]:
    """Names of people and firms in a statement: text, "person" or "firm", start, end."""
    for mention in kinds.find(core):
        name = " ".join(mention.text.split()).removesuffix("'s").removesuffix("'")
        end = mention.span.start + len(mention.text.removesuffix("'s").removesuffix("'"))
        kind = {"person": "person", "organisation": "firm"}.get(mention.kind, "")
        if mention.kind == kinds.UNTOLD:
            kind = "person" if cast.full(name) and (" " not in name or _personal(name)) else "firm"
        if kind == "person" and _thing(name):
            kind = "firm"
        if kind:
            bare = _untitled(name) if kind == "person" else name
            yield bare, kind, end - len(bare), end


def _thing(name: str) -> bool:
    """Whether the last word of a name says that it is no person's ("Trump Tower", "Amber Alert")."""
    last = name.rsplit(maxsplit=1)[-1].casefold()
    return " " in name and last not in SURNAMES and last in PLACE | COMMON | MASS | ORGANISATION | _THINGS


def _untitled(name: str) -> str:
    """A name without the office, kinship or other word that stands before it with a capital ("Witness Dora Finch")."""
    words = name.split()
    while len(words) > 1 and _title().fullmatch(words[0]):
        words = words[1:]
    return " ".join(words)


@cache
def _title() -> re.Pattern[str]:
    sections = ("offices", "officers", "witnesses", "relatives", "minors")
    return re.compile("|".join(_any(section) for section in sections), re.IGNORECASE)


def _personal(name: str) -> bool:
    """Whether a name of untold kind looks like a person's: two to four plain capitalised words."""
    parts = name.split()
    return 2 <= len(parts) <= 4 and all(_INITIAL.fullmatch(part) and not part.isupper() for part in parts)


def _part(kind: str, core: str, start: int, before: str, after: str) -> str:
    """What somebody named at `start` is in a statement."""
    charged = bool(_pattern("charged", "after").match(after)) and not _pattern("victim", "after").match(after)
    if kind == "firm":
        own = not _STAFF.search(before)
        return "accused" if own and (charged or _firm(core, start, before, after)) else "bystander"
    if charged:
        return "accused"
    for part in ("victim", "witness", "relative"):
        if _tells(part, before, after):
            return part
    official = _tells("official", before, after) and not _pattern("object", "before").search(before)
    return "official" if official and _dutiful(after) else "accused"


def _dutiful(after: str) -> bool:
    """Whether an official does what the office is for, or nothing is laid to anybody behind the name."""
    return not charges.find(after) or bool(_pattern("duty", "after").match(after))


def _firm(core: str, start: int, before: str, after: str) -> bool:
    """Whether something is laid to a firm: it is the object of an accusation, or what it did follows at once."""
    if _pattern("victim", "before").search(before):
        return False
    if _pattern("charged", "before").search(before) or (after.startswith("'s") and charges.find(after[:60])):
        return True
    return any(one.firms and one.start <= 45 and not _another(after[: one.start]) for one in charges.find(after))


def _another(between: str) -> bool:
    """Whether words between a firm and a charge name somebody else, or begin another clause."""
    return any(m.kind == "person" for m in kinds.find(between)) or bool(
        re.search(r"[;:]| (?:that|which|whose)\b", between)
    )


def _person(name: str, kind: str, part: str, cast: Cast, beside: tuple[str, str], *, several: bool = False) -> Person:
    """Somebody with what the texts tell of them; `beside` are the words beside the name in the sentence."""
    if kind == "firm":
        return Person(name, kind, part)
    places = [beside, *cast.places(name)]
    ages = sorted(cast.ages(name))
    return Person(
        name=name,
        kind=kind,
        part=part,
        minor=any(_tells("minor", before, after) for before, after in places),
        public=any(_tells("office", before, after) for before, after in places),
        sexual=part != "accused" and any(_sexual(*place) for place in places) and not _waived(cast),
        several=several or any(older - younger > 2 for younger, older in pairwise(ages)),
    )


def _sexual(before: str, after: str) -> bool:
    """Whether the words beside a name speak of the victim of a sexual offence."""
    return _tells("victim", before, after) and bool(charges.proven(before[-50:] + " " + after[:50], "sexual"))


def _waived(cast: Cast) -> bool:
    """Whether the texts say that somebody gave up anonymity."""
    return any(charges.proven(text, "waived") for text in cast.texts)


def _meant(core: str, framed: Framed, texts: Sequence[str]) -> tuple[str, ...]:
    """Whom a statement means that names nobody: the speaker of its frame, else the last person named in its texts."""
    match = _PRONOUN.search(core)
    if match is None or _pattern("duty", "after").match(core[match.end() :]):
        return ()
    for frame in framed.frames:
        if own := _people_in(frame.who):
            return own[-1:]
    every = [name for text in texts for name in _people_in(text)]
    return tuple(every[-1:])


def _speakers(told: str, core: str, cast: Cast) -> Iterator[Person]:
    """People whom a frame names as witnesses of what it tells, or who tell what was done to themselves."""
    suffered = _SUFFERED.search(core) and charges.proven(core, "sexual")
    for name, kind, start, end in _names(told, cast):
        before, after = _beside(told, start, end)
        if kind == "person" and suffered:
            yield replace(_person(name, kind, "victim", cast, (before, after)), sexual=not _waived(cast))
        elif kind == "person" and _tells("witness", before, after):
            yield _person(name, kind, "witness", cast, (before, after))
