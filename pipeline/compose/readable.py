"""Whether a sentence can stand on a page by itself: no fragment, furniture or shout, no pointer to what is not there.

Lexicons and shapes only; nothing is said here about truth. Patterns are made from word lists, so that a reader can
check a list without reading a pattern.
"""

from __future__ import annotations

import re

from pipeline.gate.reading import read
from pipeline.gate.syntax.trees import Tree, tree
from pipeline.gate.verbs import FORMS
from pipeline.language.words import is_stop

SHORTEST, LONGEST = 4, 48  # words of a printable statement


def alternatives(text: str) -> str:
    """The phrases of `text`, split at bars and spaces ("_" joins a phrase), as one group of a pattern."""
    phrases = sorted({p.replace("_", " ") for p in text.split()}, key=lambda p: (-len(p), p))
    return "(?:" + "|".join(phrases) + ")"


_POINTERS = alternatives(
    "it he she they this that these those his her hers its their theirs him them such similar both neither either"
    " another others? one_of_(?:them|these|those) some_of_(?:them|these|those) most_of_(?:them|these|those)"
    " there, here then so"
)
_GENERIC = alternatives(
    "latter former same two pair trio move decision deal company firm group agency announcement report study incident"
    " attack ruling news case man woman suspect victims? country team club bank bill law project plan facility system"
    " platform service tool product model device app update release launch vote meeting operation programme program"
    " initiative agreement figures? number increase drop changes? results? startup start-up manufacturer maker"
    " organi[sz]ation department ministry council committee panel court judge film movie series show game match win"
    " loss defeat victory crash accident fire blast storm quake earthquake"
)
_LEANING = re.compile(rf"^[“\"'‘]?(?:{_POINTERS}|the (?-i:{_GENERIC}))(?![\w-])(?!['’]?s? (?-i:[A-Z]))", re.IGNORECASE)
_TIMES = alternatives(
    "week weekend month year summer winter spring autumn fall morning afternoon evening season time quarter century"
    " decade"
)
_SHARE = re.compile(r"^\W*(?:\d[\d.,]*|[A-Z][a-z]+) ?(?:%|per ?cent) (?P<next>[a-z]+)")  # "31 % feel ...": of whom?
_INNER_POINTER = re.compile(
    rf"\b(?:this|these|those|such)\s+(?!(?:{_TIMES}|who|that|as|is|was|a|an|of)\b)[a-z]+|\bthe (?:former|latter)\b"
    r"|\b(?:of|to|for|with|about|from) (?:this|these|those)$",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|she|him|his|hers?)\b", re.IGNORECASE)
_SOMEONE = re.compile(  # nouns of one person
    r"man|woman|boy|girl|child|son|daughter|wife|husband|king|queen|prince|princess|pope|judge|coach|captain|star|chief"
    r"|president|victim|suspect|student|resident|patient|nominee|expert|ceo|actress|spokes\w+|teen\w*|\w{2,}(?:er|or|ist|ian)"
)
_THINGS = frozenset(  # nouns with such an ending that are no person
    "power water paper number winter summer order offer center quarter letter chapter matter computer server tower"
    " factor error river weather labor cancer fever corner border dinner disorder register sector motor terror".split()
)
_OWN_VOICE = re.compile(
    r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me|[Yy]ou|[Yy]our|[Yy]ours|[Ll]et['’]s)\b(?!-)"
    r"|\b(?:I|[Ww]e|[Yy]ou)['’](?:m|re|ve|d|ll)\b"
)
_BIDDING = alternatives(
    "get watch read follow see listen find_out check_out click join catch here['’]s here_are here_is meet photos? video"
    " gallery live opinion analysis quiz podcast exclusive recap review"
)
_FURNITURE = alternatives(
    "live_updates live_blog live_coverage live_scores? latest_news latest_scores latest_updates as_it_happened"
    " at_a_glance what_(?:we|you|to)_(?:need_to_)?know click_here subscribe sign_up read_more"
    " appeared_first photo(?:graph)?_by getty_images continue_reading watch_(?:the_)?(?:video|live) all_rights_reserved"
    " good_morning good_afternoon good_evening welcome_to_(?:our|the) blog_readers"
    " newsletter comments_url article_url how_to_watch where_to_watch when_is_it full_schedule"
    " today['’]s_(?:show|episode|programme|podcast)"
)
_JUNK = re.compile(
    rf"^{_BIDDING}\b(?! (?:to|of)\b)|\b{_FURNITURE}\b|\blive:|\bimage:|https?://|www\.|\||[#@]\w+"
    r"|\((?:left|right|above|below|pictured|from left)\)|^[A-Z]\w+ [A-Z]\w+/[A-Z]|[\u2190-\u2bff\U0001f000-\U0001faff]",
    re.IGNORECASE,
)
_AUXILIARIES = frozenset("have has had is are was were will would can could may might must do does did should".split())
_RELATIVE = re.compile(r" (?:that|which|who) (?=(?P<next>[\w’']+))[^,;]*")
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
_WORD = re.compile(r"[^\W\d_]+")
_CUT_SHORT = re.compile(
    r"(?:^|[\s-])(?:Sens?|Reps?|Gov|Mrs?|Ms|Dr|St|Gen|Lt|Col|Sgt|Capt|Prof|Rev|No|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.?$"
)
_STITCHED = re.compile(  # a subtitle run into the first sentence: "... turns away The company said"
    r"[a-z]{3,}[”\"']? (?:The|A|An|It|He|She|They|We|In|On|At|But|And|This|There|After|When|If|For|As|More|Here)"
    r"(?: [a-z]|[’'][a-z])"
)
_OF_ANOTHER = frozenset({"compound", "amod", "nmod"})  # labels of a name that only tells which thing is meant
_FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})  # Penn Treebank's tags of them
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass", "expl")
_MAIN = frozenset("ROOT ccomp conj parataxis aux".split())  # labels of verbs of main clauses; "aux" of "there is"
_JOINED = re.compile(r"['’](?:s|re|m|ve|d|ll)$")
_ARTICLES = alternatives(
    "an? the this that these those his her its their my our some any each every no another all most"
)
_ARTICLE = re.compile(rf"\b{_ARTICLES}\b", re.IGNORECASE)
_TWICE = re.compile(
    r"\b(\w[\w'’-]*(?: [\w'’-]+){2,}) \1\b"
)  # a caption run into its text: "Ana Reyes of Corvane Ana ..."
_LEFTOVER = re.compile(r"&(?:#\d+|[a-z]{2,6});|\bchr\(|\\u[0-9a-f]{4}")  # of the code that made the page
_UNFINISHED = ("…", "...", "?", "!", ":", ",", "-", "—", "[")


def sound(text: str) -> bool:
    """Whether `text` has the shape of a statement: length, pairs, case, an end; and is no furniture of a page."""
    words = text.split()
    if not SHORTEST <= len(words) <= LONGEST or not balanced(text):
        return False
    if "?" in _QUOTED.sub(" ", text) or "…" in text or "..." in text or text.endswith(_UNFINISHED):
        return False
    shouted = (w for w in _WORD.findall(text) if len(w) > 1 and w.isupper() and w not in {"US", "IT"})
    if (
        _CUT_SHORT.search(text)
        or (_STITCHED.search(text) and not title_case(text))
        or any(is_stop(w.lower()) for w in shouted)
    ):
        return False
    first = next((c for c in text if c.isalnum()), "")
    if not first or (first.islower() and not words[0][1:2].isupper()):
        return False
    long_words = [w for w in words if len(w) > 3 and w.isalpha()]
    if long_words and sum(w.isupper() for w in long_words) * 2 > len(long_words):
        return False
    return not (_JUNK.search(text) or _TWICE.search(text) or _LEFTOVER.search(text))


def has_verb(text: str) -> bool:
    """Whether a sentence has a finite verb outside its relative clauses; one set in capitals is read in small."""
    plain = text[:1] + text[1:].lower() if title_case(text) else text

    def cut(match: re.Match[str]) -> str:
        following = match.group("next").lower()
        return "" if following in FORMS or following in _AUXILIARIES else match.group()

    return _finite(_RELATIVE.sub(cut, plain))


def whole(text: str, raw: str) -> bool:
    """Whether a body sentence is one: a finite verb, or, where no verb is known at all, length and a final stop."""
    return has_verb(text) or (not _finite(text) and len(text.split()) >= 7 and raw.rstrip(' ”"’)').endswith("."))


def _finite(text: str) -> bool:
    return any(p.finite == "finite" for p in read(text).predicates)


def stands(text: str) -> bool:
    """Whether a text reads as prose: its parse has a finite verb with a subject in a main clause, or the gate's tags
    have one in the third person ("charges"), which the parser may take for a noun. True without a parse.

    Not: "Two held after raid" (no helping verb), "A map showing the coast" (no verb of its own), "Pay less with this".
    """
    reading = read(text)
    found = tree(reading)
    if found is None or any(_states(found, at) for at in range(len(found.heads))):
        return True
    third = (p for p in reading.predicates if "s" in FORMS.get(reading.words[p.at].low, {}))
    return any(p.finite == "finite" and p.subject for p in third)


def bids(text: str) -> bool:
    """Whether a text tells its reader to do something: it opens with the bare verb that heads its parse."""
    found = tree(read(text))
    return found is not None and found.heads[0] == 0 and found.tags[0] == "VB" and not found.of(0, *_SUBJECTS)


def _states(found: Tree, at: int) -> bool:
    """Whether a word is the verb of a main clause with its subject; "it's" is both in one word.

    A past form that the tagger took for a participle is one where it has a subject and an object.
    """
    if found.tags[at] in {"PRP", "EX"} and _JOINED.search(found.reading.words[at].text):
        return not found.of(found.heads[at], "mark")
    if found.labels[at] not in _MAIN or found.of(at, "mark"):
        return False
    subject = found.of(at, *_SUBJECTS)
    finite = _FINITE.intersection(found.tags[one] for one in (at, *found.of(at, "aux", "auxpass")))
    if found.labels[at] == "conj":
        subject = subject or found.of(found.heads[at], *_SUBJECTS)
    active = found.tags[at] == "VBN" and found.of(at, "nsubj") and found.of(at, "dobj", "ccomp")
    return bool(subject and (finite or active))


def leans(text: str) -> bool:
    """Whether a sentence opens with words that point to the sentence before it, or with a share of nobody named, or
    says "he" or "she" with nobody before it who may be meant."""
    share = _SHARE.match(text)
    return bool(_LEANING.match(text)) or (share is not None and _does(share["next"])) or _adrift(text)


def _adrift(text: str) -> bool:
    """Whether a sentence speaks of a person by a pronoun, outside quotation marks, before it has named one.

    A name counts where it is no adjective of another noun: nobody is named by "a string of Tory ministers".
    """
    plain = _QUOTED.sub(" ", text)
    found = tree(read(plain)) if _PERSON.search(plain) else None
    if found is None:
        return False
    for at, tag in enumerate(found.tags):
        if _PERSON.fullmatch(found.low(at)):
            return True
        someone = tag == "NN" and _SOMEONE.fullmatch(found.low(at)) and found.low(at) not in _THINGS
        if someone or (tag == "NNP" and found.labels[at] not in _OF_ANOTHER):
            return False
    return False


def _does(word: str) -> bool:
    """Whether a word is rather a verb in the plural than a noun."""
    return word in _AUXILIARIES or (word in FORMS and not word.endswith("ing"))


def points_back(text: str) -> bool:
    """Whether a sentence points to an earlier one inside it: "these structures", "the latter"."""
    return bool(_INNER_POINTER.search(_QUOTED.sub(" ", text)))


def own_voice(text: str) -> bool:
    """Whether a sentence speaks as "I", "we" or to "you" outside quotation marks: it can only be quoted."""
    return bool(_OWN_VOICE.search(_QUOTED.sub(" ", text)))


def title_case(text: str) -> bool:
    """Whether a headline is set in capitals: nearly every longer word begins with one."""
    longer = re.findall(r"[^\W\d_]{4,}", text)[1:]
    return len(longer) >= 3 and sum(w[0].isupper() for w in longer) >= 0.75 * len(longer)


def telegraphic(text: str) -> bool:
    """Whether a headline is no sentence as prose has it: without any article or the like, or a label and a colon."""
    return ": " in text or not _ARTICLE.search(text)


def balanced(text: str) -> bool:
    """Whether brackets and quotation marks come in pairs."""
    return (
        text.count("(") == text.count(")")
        and text.count("“") == text.count("”")
        and text.count('"') % 2 == 0
        and text.count("[") == text.count("]")
    )
