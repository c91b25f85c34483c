"""What a sentence is about: the words before its finite verb, without what merely leads up to them.

A shallow reading of the English clause (subject before verb; Quirk et al. 1985, ch. 10): the attribution is left out,
then leading adverbials up to their comma; a reduced relative ("the plant owned by Globex was closed") and an aside
between commas are passed over. Where no English verb is found, a name that opens the sentence stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.domain import Mention, Span
from pipeline.language.speakers import Attribution
from pipeline.language.verbs import AUXILIARIES, is_finite, is_past
from pipeline.language.words import fold

__all__ = ["find"]

_MOST_WORDS = 16
_ARTICLE = 4  # code points that may stand before a name that opens a sentence
_OWN_DEEDS = frozenset(
    "announced announces announce revealed reveals denies denied".split()
)  # of the speaker: "X announced its plan"
_READ = 600  # code points in which a subject is looked for
_WORD = re.compile(r"[^\W_](?:[\w.&/$%’'-]*[\w%])?")
_JOINING = re.compile(
    r"(?:(?:and|but|so|yet|still|also|however|meanwhile|moreover|separately|instead|therefore|in addition|in fact"
    r"|for example|for instance|as a result|on the other hand|elsewhere|overall|now|then|often|sometimes"
    r"|today|yesterday)\b,? +)+",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    r"(?:even |just |only |not |both |soon |shortly )?(?:in|on|at|by|for|from|after|before|during|since|until"
    r"|while|when|as|although|though|despite|because|if|once"
    r"|with|without|under|over|amid|amidst|following|among|between|across|through|throughout|according|last|this|next"
    r"|earlier|later|yesterday|today|recently|currently|late|early|nearly|about|unlike|like|to|citing|speaking|asked|given"
    r"|[a-z]+(?:ly|ed|ing)(?= (?-i:[a-z])))\b",
    re.IGNORECASE,
)
_OWNING = frozenset(
    "the a an its their his her our my your this that these those new no any all some more most".split()
)
_LINKING = frozenset("which who that whose where and or".split())
_PREPOSITIONS = frozenset("to of in on at for from with by between among against into over under about".split())
_RELATIVES = frozenset("which who that whose where".split())
_ADVERBS = frozenset(
    "also now already once recently then later just only still never always often again not currently reportedly"
    " allegedly soon finally even both".split()
)
_AMBIGUOUS = frozenset(  # third persons that are as often plural nouns
    """plans claims reports shows calls talks rules orders fires charges needs hopes fears rises falls cuts gains
    losses moves turns deals signs ends starts stops bans blocks backs threats offers returns funds tops costs uses
    designs tests trains controls plays features notes estimates projects forecasts signals accounts tracks works
    lives lies attacks bombs votes names picks votes views hits wins leads looks aims tries changes""".split()
)
_PLURALS = frozenset("people men women children police we they you i who".split())
_PRONOUNS = frozenset("it he she they we you i who this".split())
_CONTRACTED = re.compile(r"(?:i|we|you|they|he|she|it|that|there)(?=['’](?:d|s|ll|ve|re|m)\b)", re.IGNORECASE)
_DAY = re.compile(r" (?:on |late |early )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: \w+)?$")
_BASES = frozenset(  # plain presents of plurals that are seldom nouns; told by the plural before them
    """say come go make take get know think become begin remain continue seem appear want believe expect hope include
    provide require allow suggest mean keep lose win receive earn spend pay agree argue warn follow represent live
    find give see tell tend struggle fail reach become bring buy sell build lead leave hold prepare try seek""".split()
)
_DATELINE = re.compile(r"[A-Z][A-Z ]{3,30}: |\[[^\]\n]{2,40}\] (?:[A-Z]\w{2,20} -- )?")
_BE = frozenset("is are was were has have had will would could may might be been remain remains".split())
_STOPS = re.compile(
    r"(?:in|on|at|for|from|that|who|which|to|when|as|after|before|between|among|with|against|over|by)\Z"
)
_BEFORE_NOUN = re.compile(r"(?:['’]s|['’])$")


class _Word:
    """A word where it stands: its folded form and its place in the text."""

    __slots__ = ("end", "folded", "start", "text")

    def __init__(self, match: re.Match[str], text: str) -> None:
        self.start, self.end = match.span()
        self.text = text[self.start : self.end]
        self.folded = fold(self.text)


def _opening(text: str, start: int, end: int) -> int:
    """Where the clause itself begins: past joining words, quotation marks and leading adverbials up to their comma."""
    dateline = _DATELINE.match(text, start, end)
    start = dateline.end() if dateline else start
    for _ in range(3):
        while start < end and not text[start].isalnum():
            start += 1
        joined = _JOINING.match(text, start, end)
        if joined:
            start = joined.end()
        comma = text.find(", ", start, end)
        if comma < 0 or not _ADVERBIAL.match(text, start, comma) or len(text[start:comma].split()) > 30:
            break
        if not _goes_on(text, comma + 2, end):
            break
        start = comma + 2
    return start


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a clause with a verb follows, and no second part of a list of adverbials."""
    return any(is_finite(word) for word in map(fold, _WORD.findall(text, start, min(end, start + 300))[1:]))


def _is_verb(words: Sequence[_Word], at: int, text: str, *, titled: bool) -> bool:  # noqa: PLR0911 - one return a rule
    """Whether the word at `at` is the finite verb of the clause rather than a noun, a participle or a relative's."""
    word, before = words[at], words[at - 1]
    if word.text[:1].isupper() and not titled:
        return False
    if word.folded in _BASES:
        return before.folded in _PLURALS or (before.folded.endswith("s") and not before.folded.endswith("ss"))
    if word.folded == "to":  # headlines: "Globex to close plant"
        return at + 1 < len(words) and at <= 4 and before.text[:1].isupper() and _base(words[at + 1].folded)
    if not is_finite(word.folded) or before.folded in _LINKING or before.folded in _PREPOSITIONS:
        return False
    if word.folded in AUXILIARIES or before.folded in _PRONOUNS:
        return True
    if before.folded in _OWNING or _BEFORE_NOUN.search(before.text):
        return False
    if at == 1 and before.folded.endswith("ly") and _finite_soon(words, 2):
        return False
    if word.folded in _AMBIGUOUS and (at + 1 < len(words) and _finite_soon(words, at + 1)):
        return False
    if is_past(word.folded) and at + 1 < len(words):
        following = words[at + 1].folded
        if following == "by" or (
            following in ("in", "on", "at", "from", "with", "to", "for") and _bare(words, at, text)
        ):
            return not _finite_soon(words, at + 2)
    return True


def _base(word: str) -> bool:
    """Whether a folded word can be the infinitive of a listed verb."""
    return word in _BASES or is_finite(f"{word}s") or is_finite(f"{word}es")


def _bare(words: Sequence[_Word], at: int, text: str) -> bool:
    """Whether no comma stands between the word at `at` and the next finite auxiliary."""
    for later in words[at + 1 : at + 10]:
        if later.folded in AUXILIARIES:
            return "," not in text[words[at].end : later.start] and ";" not in text[words[at].end : later.start]
    return False


def _finite_soon(words: Sequence[_Word], at: int) -> bool:
    """Whether another finite verb of the same clause follows within a few words."""
    for number in range(at, min(at + 8, len(words))):
        if words[number].folded in _LINKING or words[number].folded in ("as", "after", "when", "while", "if"):
            return False
        if is_finite(words[number].folded) and words[number - 1].folded not in _OWNING | {"to"}:
            return True
    return False


def _past_aside(text: str, words: Sequence[_Word], at: int) -> int:
    """Index of the first word after an aside between commas or dashes that begins before `at`; else `at`."""
    gap = text[words[at - 1].end : words[at].start]
    if "," not in gap and "(" not in gap and "–" not in gap and "—" not in gap:
        return at
    for number in range(at + 1, min(at + 14, len(words))):
        if words[number].folded in AUXILIARIES and _listed(words[at:]):
            return at
        between = text[words[number - 1].end : words[number].start]
        if any(mark in between for mark in (",", ")", "–", "—")):
            return number
    return at


def find(text: str, said: Attribution | None = None, mentions: Sequence[Mention] = ()) -> Span | None:
    """The subject of `text` (of what is said, where `said` gives an attribution); None where nothing names one.

    `mentions` are the names of `text`, with spans in it; one that opens the sentence stands in where no verb is found.
    """
    if said and said.verb in _OWN_DEEDS and not text.startswith("that ", max(0, said.said.start - 5)):
        return said.span
    first, last = (said.said.start, said.said.end) if said else (0, len(text))
    start = _opening(text, first, min(last, first + _READ))
    words = [_Word(match, text) for match in _WORD.finditer(text, start, min(last, start + _READ))][: 3 * _MOST_WORDS]
    titled = _titled(words)
    if words and (short := _CONTRACTED.match(words[0].text)):
        return Span(words[0].start, words[0].start + short.end())
    if words and words[0].folded == "there":
        return _existing(words)
    at = 1
    while at < len(words):
        at = _past_relative(words, at) if words[at].folded in _RELATIVES else _past_aside(text, words, at)
        if at < len(words) and _is_verb(words, at, text, titled=titled):
            return _trimmed(words[:at], text)
        at += 1
    return next((m.span for m in mentions if first <= m.span.start <= start + _ARTICLE and m.span.end <= last), None)


def _titled(words: Sequence[_Word]) -> bool:
    """Whether the words are set in title case, where a capital says nothing."""
    long = [word.text for word in words[1:] if len(word.text) > 3]
    return bool(long) and sum(text[0].isupper() for text in long) >= 0.7 * len(long)


def _existing(words: Sequence[_Word]) -> Span | None:
    """What there is, in "there is little sympathy for ...": the words after the verb up to a preposition."""
    begin = next((n for n in range(1, min(4, len(words))) if words[n].folded not in _BE), 0)
    if begin < 2:
        return None
    end = begin
    while end < len(words) and end - begin < 8 and not _STOPS.match(words[end].folded):
        end += 1
    return Span(words[begin].start, words[end - 1].end) if end > begin else None


def _past_relative(words: Sequence[_Word], at: int) -> int:
    """Index of the first word after the verb of the relative clause that begins at `at`."""
    verb = next((n for n in range(at + 1, min(at + 10, len(words))) if is_finite(words[n].folded)), at)
    while verb + 1 < len(words) and (is_finite(words[verb + 1].folded) or words[verb + 1].folded in _ADVERBS):
        verb += 1
    return verb + 1


def _trimmed(words: Sequence[_Word], text: str) -> Span | None:
    """The words without adverbs at their end and without an aside there; None where too many are left."""
    kept = list(words)
    while len(kept) > 1 and (
        kept[-1].folded in _ADVERBS or (kept[-1].text.islower() and kept[-1].folded.endswith("ly") and len(kept) > 2)
    ):
        kept.pop()
    for number in range(1, len(kept)):
        gap = text[kept[number - 1].end : kept[number].start]
        if "(" in gap or "—" in gap or " – " in gap or ("," in gap and not _listed(kept[number:])):
            kept = kept[:number]
            break
    if not kept or len(kept) > _MOST_WORDS:
        return None
    start, end = kept[0].start, kept[-1].end
    day = _DAY.search(text, start, end)
    end = day.start() if day else end
    opened = start > 0 and text[start - 1] in '"“' and any(mark in text[start:end] for mark in '"”')
    return Span(start - opened, end)


def _listed(rest: Sequence[_Word]) -> bool:
    """Whether what follows a comma goes on with a list ("Globex, Initech and Hooli")."""
    return any(word.folded in ("and", "or") for word in rest[:6]) and not any(
        w.folded in _LINKING - {"and", "or"} for w in rest[:2]
    )
