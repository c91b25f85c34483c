"""Attribution frames: who is said to say a sentence, peeled off so that what is said can be judged by itself.

"X writes that A", "A, X said", "said X", "According to X, A", "X: A". A sentence may stand in several frames at once
("A, the mayor said, the Post reports"). Verbs that carry a stance of their own (projects, denies, plans) are no frames:
they are part of what is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.gate import lexicon as lex
from pipeline.gate.reading import Reading, fold, read
from pipeline.gate.verbs import FORMS

_LEMMAS = frozenset(
    "say tell write report add state claim argue note explain confirm insist allege acknowledge admit"
    " declare tweet post testify"
    " rule decide conclude believe think hold maintain caution recall contend assert stress remark observe comment"
    " reveal announce disclose warn put describe find estimate predict forecast expect show suggest cite".split()
)
VERB = "|".join(
    sorted(
        (form for form, kinds in FORMS.items() if set(kinds.values()) & _LEMMAS and "ing" not in kinds),
        key=lambda form: (-len(form), form),
    )
)
_WHO = r"(?P<who>[^\s,;:\"()](?:[^,;:\"()]|(?<=\d),(?=\d)){0,90}?)(?<!\ba)(?<!\ban)(?<!\bthe)(?<!\bits)"
_ASIDE = r"(?:, (?P<aside>[^,\"]{1,90}),)?"
_HAS = r"(?:(?:has|have|had|also|later|then|recently|previously) )*"
_TAIL = (
    r"(?P<tail> (?:in|on|at|during|after|before|from|to|as|while|for|with|by) [^\",]{1,70}"
    r"|,? (?:citing|on the strength of|pointing to) [^\"]{1,90}(?:\"[^\"]*\")?"
    r"| (?:yesterday|today|last \w+|earlier|\w+day)[^\",]{0,30})?"
)
_TRAILING = re.compile(rf"^(?P<core>.{{3,}}?)(?:,\"?|[?!.,]?\") {_WHO}{_ASIDE} {_HAS}(?P<verb>{VERB}){_TAIL}\.?$", re.I)
_INVERTED = re.compile(
    rf"^(?P<core>.{{3,}}?)(?:,\"?|[?!.,]?\") (?P<verb>{VERB}) {_WHO}"
    r"(?:, (?P<aside>(?!after |before |when |while |as )[^\",]{1,90}))?"
    r"(?P<tail>,? (?:after|before|when|while|as|on \w+day|in an?|at an?|during) [^\"]{4,200})?\.?$",
    re.I,
)
_INVERTED_LONG = re.compile(
    rf"^(?P<core>.{{3,}}?)(?:,\"?|[?!.,]?\") (?P<verb>{VERB}) {_WHO}(?:, (?P<aside>[^\"]{{1,120}}?))?\.?$", re.I
)
_MIDDLE = re.compile(rf"^(?P<core>.{{8,}}?)(?:,\"?|\",?) {_WHO} {_HAS}(?P<verb>{VERB})[,;] (?P<rest>.{{3,}})$", re.I)
_LEADING = re.compile(
    rf"^{_WHO}{_ASIDE} {_HAS}(?P<verb>{VERB})"
    r"(?P<tail> (?:on|in|at|by|during|after|last|yesterday|today|late|earlier)\b[^,\"]{0,60}?"
    r"|, [^,]{3,90}(?:\"[^\"]*\")?,| \w+day)?"
    r" (?P<that>that) (?P<core>.{3,})$",
    re.I,
)
_WHEN = r"(?: (?:on|late on|early on) \w+day| yesterday| today| last \w+| this \w+)"
_BARE = re.compile(rf"^{_WHO}{_ASIDE} {_HAS}(?P<verb>{VERB})(?P<tail>{_WHEN})?(?P<colon>:|,)? (?P<core>.{{3,}})$", re.I)
_TOLD = re.compile(
    rf"^{_WHO}{_ASIDE} {_HAS}(?P<verb>tell|tells|told)(?P<tail> (?:[\w'.]+ ){{1,6}}?)that (?P<core>.{{3,}})$", re.I
)
_TOLD_LAST = re.compile(
    rf"^(?P<core>.{{3,}}?)(?:,\"?|[?!.,]?\") {_WHO}{_ASIDE} {_HAS}(?P<verb>tell|tells|told)"
    r"(?P<tail> (?:[\w'.]+ ?){1,8}?(?:, (?:which|who) [^\"]{4,120})?)\.?$",
    re.I,
)
_COLON = re.compile(r"^(?P<who>[^\s,;:\"()?!.][^,;:\"()?!.]{0,60}): (?P<core>.{3,})$")
_ACCORDING_FIRST = re.compile(
    rf"^(?:According to|As reported by|In the words of|As) {_WHO}{_ASIDE}(?: (?P<verb>{VERB}))?, (?P<core>.{{3,}})$",
    re.I,
)
_ACCORDING_ASIDE = re.compile(
    rf"^(?:According to|In the words of) {_WHO}, (?P<aside>[^,\"]{{1,60}}), (?P<core>.{{3,}})$", re.I
)
_ACCORDING_LAST = re.compile(
    r"^(?P<core>.{3,}?),? (?:according to|as reported by|in the words of) (?P<who>[^;:\"()]{1,120}?)\.?$", re.I
)
_HEADLINE = re.compile(
    r"^(?P<who>[^;:\"()]{2,80}?)'s? headline (?:reads|says|said|read)(?: that)?[:,]? (?P<core>.{3,})$", re.I
)
_TITLED = re.compile(
    rf"^(?:the|an?) (?:{'|'.join(sorted(lex.DOCUMENTS))}) \"(?P<who>[^\"]{{3,160}})\" (?P<verb>{VERB})"
    r"(?: that)?[:,]? (?P<core>.{3,})$",
    re.I,
)
# "Analysts expect sales to fall" is "sales are expected to fall, analysts say".
_EXPECTING = re.compile(
    rf"^{_WHO}{_ASIDE} (?P<verb>expects?|forecasts?|predict(?:s|ed)?|anticipates?) (?P<what>[^,;:\"()]{{2,90}}?) to "
    r"(?P<rest>[a-z].{2,})$"
)
_ADDING = re.compile(
    r"^(?P<main>.{8,}?), (?:and )?(?:adding|noting|saying|stressing|explaining)(?: that)? (?P<more>.{8,})$"
)
_OPENING = re.compile(
    r"^(?P<when>(?:(?:In|On|At|During|Speaking|Addressing|Late|Early|Earlier|Last|Yesterday|Today|This)\b"
    r"[^,;:\"()]{0,60}),|On \w+day) (?P<rest>.{8,})$"
)
_TOLD_OF = frozenset("say tell write report add note explain argue state".split())  # of which a fragment may be said
_DANGLING = ("determiner", "preposition", "conjunction")
_SUBORDINATE = frozenset("after before when while although though because if unless since until".split())
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """One attribution: the speaker as the sentence names them (with an aside such as a title), and the verb's lemma."""

    who: str
    verb: str
    aside: str = ""
    pronoun: str = ""  # what the sentence says where `who` is what that means: "it" of "X will close, it said"


@dataclass(frozen=True, slots=True)
class Framed:
    """What is said, and by whom: frames from the outermost in."""

    core: str
    frames: tuple[Frame, ...]
    extras: tuple[str, ...] = ()  # what trails a frame ("on Tuesday", "citing two letters")

    @property
    def text(self) -> str:
        """What is said, and what trails the frames, which is said too."""
        return "; ".join((self.core.rstrip(" ."), *self.extras)) if self.extras else self.core


_APART = re.compile(r"^([^,]+), (?:an?|the|its) [^,]+$")  # a subject and what it is: "Ann Lee, a former minister"
_PERSONAL = frozenset({"it", "he", "she", "they"})


def _meant(core: str, frame: Frame) -> Frame:
    """A frame whose speaker is a pronoun after what is said, with the subject of what is said in its place."""
    low = frame.who.lower()
    reading = read(core)
    first = next((item for item in reading.predicates if item.finite == "finite"), None)
    if low not in _PERSONAL or first is None or not first.subject:
        return frame
    subject = reading.text[: reading.words[first.first].start].strip(" ,")
    subject = subject.rpartition(", ")[2] if reading.words[0].low.endswith("ing") else subject
    subject = _APART.sub(r"\1", subject)
    plain = "," not in subject and '"' not in subject and len(subject.split()) <= 8 and _speaker(subject)
    return Frame(subject, frame.verb, frame.aside, low) if plain and low != subject.lower() else frame


def _lemma(form: str | None) -> str:
    if form is None:
        return "say"
    return next((name for _, name in sorted(FORMS[form.lower()].items()) if name in _LEMMAS), "say")


def _speaker(who: str) -> bool:
    """Whether a stretch of text can be a speaker: a short noun phrase, no clause."""
    reading = read(who)
    parts = [word.part for word in reading.words]
    first, last = (reading.words[0], reading.words[-1]) if reading.words else (None, None)
    if first is not None and first.low in ("as", "than", "like", "unlike"):
        return False
    if first is None or last is None or (first.low.endswith("ing") and not first.capital) or last.part in _DANGLING:
        return False
    if len(parts) > 14 or not parts or {"auxiliary", "relative", "negation"} & set(parts):
        return False
    if any(word.low in _SUBORDINATE or word.low == "than" for word in reading.words) or (
        len(parts) > 1 and parts[-1] == "pronoun"
    ):
        return False
    if any(
        word.part == "verb" and not word.capital and word.low not in lex.DOCUMENTS and not _reduced(reading, at)
        for at, word in enumerate(reading.words)
    ):
        return False
    return "noun" in parts or (
        len(parts) == 1 and parts[0] == "pronoun" and reading.words[0].low in ("he", "she", "they", "it", "we", "i")
    )


def _reduced(reading: Reading, at: int) -> bool:
    """Whether a verb is a participle that describes the noun before it: "economists polled by Bloomberg"."""
    words = reading.words
    form = words[at].low.endswith("ed") or "part" in FORMS.get(words[at].low, {})
    follows = at + 1 < len(words) and words[at + 1].part == "preposition"
    return form and follows and at > 0 and words[at - 1].part == "noun"


def _clausal(text: str) -> bool:
    """Whether a text has a finite verb of its own, or is a quotation."""
    return text.startswith('"') or any(predicate.finite == "finite" for predicate in read(text).predicates)


def _only_relative(text: str) -> bool:
    """Whether the only finite verbs of a text stand in relative clauses: "101 yards for the Chiefs, who had 352".

    A quotation is what somebody said, however it begins, and "despite that plan" begins no clause.
    """
    if text.startswith('"'):
        return False
    reading = read(text)
    first = next((item for item in reading.predicates if item.finite == "finite"), None)
    return first is not None and any(
        word.part == "relative" and not (word.low == "that" and at and reading.words[at - 1].part == "preposition")
        for at, word in enumerate(reading.words[: first.first])
    )


def _one(text: str) -> tuple[str, Frame, str] | None:
    """The statement inside the outermost frame of `text`, the frame, and what trails it."""
    for pattern in (
        _HEADLINE,
        _TITLED,
        _ACCORDING_ASIDE,
        _ACCORDING_FIRST,
        _LEADING,
        _TOLD,
        _TOLD_LAST,
        _TRAILING,
        _INVERTED,
        _INVERTED_LONG,
        _ACCORDING_LAST,
        _MIDDLE,
        _BARE,
        _COLON,
    ):
        match = pattern.match(text)
        if match is None:
            continue
        groups = match.groupdict()
        who, core = groups["who"].strip(), groups["core"].strip()
        if (pattern is not _TITLED and not _speaker(who)) or (
            pattern is not _ACCORDING_LAST and not _fits(pattern, groups, core)
        ):
            continue
        if pattern is _MIDDLE:
            core = f"{core}, {groups['rest']}"
        aside = groups.get("aside") or ""
        return core, Frame(who, _lemma(groups.get("verb")), aside), (groups.get("tail") or "").strip(" ,")
    return _expecting(text)


def _expecting(text: str) -> tuple[str, Frame, str] | None:
    """The same for an expectation with an object: who expects it, and what is expected."""
    match = _EXPECTING.match(text)
    if match is None or not _speaker(match["who"]) or not _speaker(match["what"]):
        return None
    if read(match["who"]).words[0].part == "pronoun" or match["rest"].split(" ", 1)[0] not in FORMS.keys() | {
        "be",
        "have",
    }:
        return None
    return f"{match['what']} is expected to {match['rest']}", Frame(match["who"], "say", match["aside"] or ""), ""


def _fits(pattern: re.Pattern[str], groups: dict[str, str | None], core: str) -> bool:
    """Whether the rest of a match makes sense as something said."""
    if pattern is _COLON:
        return _clausal(core) and len((groups["who"] or "").split()) <= 6 and (groups["who"] or " ")[0].isupper()
    if pattern is _BARE:
        first = core.split(" ", 1)[0].lower().strip('"')
        bounded = core.lower().startswith(("at least ", "at most ", "up to "))
        closed = first in ("to", "by", "in", "on", "for", "at", "against", "from", "up", "no", "of")
        opens = not closed or bounded or core.startswith('"')
        verb = _lemma(groups.get("verb"))
        return (
            opens
            and verb
            in (
                "say",
                "write",
                "report",
                "note",
                "add",
                "argue",
                "claim",
                "state",
                "warn",
                "insist",
                "think",
                "believe",
                "hold",
            )
            and _clausal(core)
            and not _only_relative(core)
        )
    if pattern is _ACCORDING_ASIDE:
        return _speaker(groups["aside"] or "") and _clausal(core)
    if pattern in (_HEADLINE, _TITLED) or (pattern is _ACCORDING_FIRST and groups.get("verb") is None):
        return True
    if pattern in (_INVERTED, _INVERTED_LONG):
        return _clausal(core) or _lemma(groups.get("verb")) in _TOLD_OF
    return _clausal(core) or pattern in (_TRAILING, _LEADING)


def _late(text: str) -> tuple[str, Frame, str] | None:
    """ "In an interview on Sunday, X said ...": the same, with where and when it was said."""
    match = _OPENING.match(text)
    found = _one(match["rest"]) if match else None
    if match is None or found is None or not match["rest"].endswith(found[0]):
        return None
    return found[0], found[1], "; ".join(part for part in (match["when"].strip(" ,"), found[2]) if part)


def _going_on(text: str) -> tuple[str, Frame, str] | None:
    """ "..., X said, adding that ...": both statements are X's."""
    match = _ADDING.match(text)
    found = _one(match["main"]) if match else None
    if match is None or found is None or not _clausal(match["more"]):
        return None
    return f"{found[0]}; {match['more']}", found[1], found[2]


def text_before(text: str, core: str) -> bool:
    """Whether what is said opens the sentence, and its speaker follows."""
    return text.startswith(core[:20])


def _tidy(text: str) -> str:
    return text.strip().strip(",").strip()


def _unquoted(core: str) -> str:
    """What a core that is one quotation says, where it has a frame of its own; else the core as it stands."""
    inner = core.rstrip(".").strip('"')
    whole = core.startswith('"') and core.rstrip(".").endswith('"') and '"' not in inner
    return inner if whole and _one(inner) else core


@lru_cache(maxsize=16384)
def peel(text: str) -> Framed:
    """The frames of a sentence, outermost first, and the statement inside them."""
    core, frames, extras = _tidy(fold(text)), [], []
    for _ in range(_DEEPEST):
        found = _going_on(core) or _late(core) or _one(core)
        if found is None:
            break
        before = text_before(core, found[0])
        core = _unquoted(_tidy(found[0]))
        frames.append(_meant(core, found[1]) if before else found[1])
        extras += [found[2]] if found[2] else []
    return Framed(core, tuple(frames), tuple(extras))


def outer(text: str) -> Framed:
    """The outermost frame alone, what is said inside it with its own frames: "According to A, B found that ..."."""
    whole = _tidy(fold(text))
    found = _going_on(whole) or _late(whole) or _one(whole)
    if found is None:
        return Framed(whole, ())
    return Framed(_tidy(found[0]), (found[1],), (found[2],) if found[2] else ())


@lru_cache(maxsize=8192)
def speaker_words(who: str) -> tuple[str, ...]:
    """Content words of a speaker's name, folded, in order."""
    return tuple(
        word.low
        for word in read(who).words
        if word.part in ("noun", "verb", "number", "pronoun") and word.low not in lex.KIN
    )
