"""Lies of wording: a quotation altered, a hedge taken away, a statement denied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from benchmarks import negating
from benchmarks.lies.lie import Form, Lie, attempt, put

_QUOTED = re.compile(r"[\"“](?P<in>[^\"“”]+)[\"”]")
_CONTENT = re.compile(r"\b[a-z]{4,}\b")
_LIGHT = frozenset(
    "that this with from have been were they their there what when which will would could should about into than then"
    " them these those very just some such also more most other being because where while your ours".split()
)
_PUT_IN = ("never", "secretly", "hardly", "deliberately", "finally", "illegally", "completely")
_INSTEAD = ("failure", "doubtful", "weakness", "refuse", "tragedy", "profit", "danger", "scandal")


def _quotation(text: str, chance: Random) -> re.Match[str] | None:
    found = [m for m in _QUOTED.finditer(text) if len(m["in"].split()) > 2 and m["in"][0] != " "]
    return chance.choice(found) if found else None


def _inside(text: str, match: re.Match[str], new: str, form: str) -> Lie:
    return Lie(text[: match.start("in")] + new + text[match.end("in") :], form)


def _word_changed(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    match = _quotation(text, chance)
    words = [w for w in _CONTENT.finditer(match["in"]) if w.group() not in _LIGHT] if match else []
    if not match or not words:
        return None
    word = chance.choice(words)
    new = chance.choice([other for other in _INSTEAD if other not in match["in"]])
    return _inside(text, match, match["in"][: word.start()] + new + match["in"][word.end() :], "a word changed")


def _word_dropped(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """A word out of the middle of a quotation."""
    match = _quotation(text, chance)
    words = match["in"].split() if match else []
    inner = [
        at for at in range(1, len(words) - 1) if len(words[at]) > 3 and words[at].isalpha() and words[at] not in _LIGHT
    ]
    if not match or not inner:
        return None
    at = chance.choice(inner)
    return _inside(text, match, " ".join(words[:at] + words[at + 1 :]), "a word dropped")


def _word_added(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    match = _quotation(text, chance)
    words = match["in"].split() if match else []
    if not match or len(words) < 4:
        return None
    at = chance.randrange(1, len(words) - 1)
    return _inside(text, match, " ".join([*words[:at], chance.choice(_PUT_IN), *words[at:]]), "a word put in")


def _ends_joined(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """The beginning and the end of a quotation without what stands between."""
    match = _quotation(text, chance)
    words = match["in"].split() if match else []
    if not match or len(words) < 9:
        return None
    return _inside(text, match, " ".join(words[:3] + words[-4:]), "the middle left out")


def _invented(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Words in quotation marks that nobody said."""
    if '"' in text or "“" in text or len(text.split()) > 26:
        return None
    said = chance.choice(
        [
            "a turning point for all of us",
            "the worst we have ever seen",
            "only the beginning",
            "nobody could have known",
        ]
    )
    return Lie(f'{text.rstrip(".")}, calling it "{said}".', "one made up")


def _marked(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Reworded narrative set in quotation marks."""
    if '"' in text or "“" in text:
        return None
    words = text.rstrip(".").split()
    inner = [at for at in range(3, len(words) - 4) if words[at].islower() and len(words[at]) > 4]
    if not inner:
        return None
    at = chance.choice(inner)
    quoted = [*words[at : at + 4]]
    quoted[1:1] = [chance.choice(("very", "quite", "really"))]
    return Lie(" ".join([*words[:at], '"' + " ".join(quoted) + '"', *words[at + 4 :]]) + ".", "reworded, in marks")


_QUOTES: tuple[Form, ...] = (
    ("changed", _word_changed),
    ("dropped", _word_dropped),
    ("added", _word_added),
    ("joined", _ends_joined),
    ("changed", _word_changed),
    ("invented", _invented),
    ("marked", _marked),
)


def quote(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """A quotation that is not what was said."""
    return attempt(_QUOTES, text, near, chance)


# --- hedges ----------------------------------------------------------------------------------------------------------

_BEGIN = r"(?<![\w-])"
_BEFORE = ("not", "n't", "n’t", "might", "could", "may", "would", "were", "was", "are", "is", "no")  # no plan follows
_PLANS = "plan intend aim hope want seek agree promise pledge vow"
_DUE = r"(?:is|are|was|were) (?:expected|likely|due|scheduled|set)"
_DOUBTS = "reportedly allegedly apparently possibly potentially probably perhaps likely supposedly"
_DOUBTED = "suspected alleged potential possible proposed planned preliminary unconfirmed purported"
_LIMITS = r"(?:more than|over|at least|up to|nearly|almost|as many as|less than|fewer than)"


def _any(words: str, ending: str = "") -> str:
    return rf"(?:{'|'.join(words.split())}){ending}"


_HEDGES: tuple[tuple[str, str, str], ...] = (
    (_any(_PLANS, "(?:s|d|ed)?") + r" to (?=[a-z])", "will ", "a plan as certain"),
    (r"(?:could|(?-i:may)|might) (?=[a-z])", "will ", "could as will"),
    (r"would (?!in |on |at |for )(?=[a-z]+ )", "will ", "would as will"),
    (_DUE + r" to be (?=[a-z])", "is ", "expected as fact"),
    (_DUE + r" to (?=[a-z])", "will ", "expected as certain"),
    (_any(_DOUBTS) + r" (?=[a-z])", "", "an adverb dropped"),
    (_any(_DOUBTED) + r" (?=[a-z])", "", "an adjective dropped"),
    (_LIMITS + r" (?=[$€£]?\d)", "", "a limit dropped"),
    (r"(?:appears?|seems?|appeared|seemed) to (?=be )", "is certain to ", "seeming as certain"),
    (r"(?:some|many|several|most) (?=[a-z]+s )", "all ", "some as all"),
    (r"(?:some|many|several|most) of (?=(?:the|its|their|his|her) )", "all of ", "some as all"),
    (r"one of the (?=(?:[a-z]{3,}est|most|first|last|best) )", "the ", "one of as the"),
)
_ATTRIBUTED = re.compile(
    r"^(?P<core>[^\"“]{30,}), (?:(?:the|a|an) )?(?:[\w.'’-]+ ){1,6}(?:said|says|claimed|claims|alleged|argued|warned)"
    r"(?: (?:on|in) \w+)?\.$"
)
_SAID_THAT = re.compile(
    r"^(?:[A-Z][\w.'’-]*)(?: [\w.'’-]+){0,5} (?:said|says|claimed|claims|alleged|argued|warned|believes?) that "
    r"(?P<core>[^\"“]{25,})$"
)
_IF = re.compile(r",? (?:if|unless) [^,.]{8,80}(?=\.$)|^If [^,]{8,80}, ")


def hedge(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """Firmer than it was: a plan, a possibility, a part, a limit or somebody's word stated as fact, or for all."""
    options = []
    for pattern, new, form in _HEDGES:
        for match in re.finditer(_BEGIN + pattern, text, re.I):
            lead = text[: match.start()].rsplit(None, 1)[-1:] or [""]
            if (
                lead[0]
                .lower()
                .endswith(("not", "n't", "n’t", "might", "could", "may", "would", "were", "was", "are", "is", "no"))
            ):
                continue
            if lead[0].lower() in ("to", "the", "no") and form in ("could as will", "would as will"):
                continue
            if form == "would as will" and re.search(r"\b(?:said|told|announced)\b", text):
                continue  # the tense of reported speech
            options.append(Lie(put(text, match, new), form))
    for pattern in (_ATTRIBUTED, _SAID_THAT):
        found = pattern.match(text)
        if found:
            core = found["core"].rstrip(".")
            options.append(Lie(core[0].upper() + core[1:] + ".", "somebody's word as fact"))
    condition = _IF.search(text)
    if condition and re.search(r"\b(?:will|would|could|may|might|can)\b", text):
        options.append(Lie(put(text, condition, ""), "a condition dropped"))
    forms = sorted({option.form for option in options})
    if not forms:
        return None
    form = chance.choice(forms)
    return chance.choice([option for option in options if option.form == form])


# --- denials ---------------------------------------------------------------------------------------------------------

_NO = re.compile(
    r"\b(?:no|without) (?=[a-z]{3,})|\b(?:cannot|can't|can’t)\b|\b(?:failed|refused|declined) to (?=[a-z])"
)
_NONE = {"no": "", "without": "with", "cannot": "can", "can't": "can", "can’t": "can"}


def _denied(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    found = negating.polarity(text, chance)
    return Lie(found.text, found.way) if found else None


def _denial_out(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    match = _NO.search(text)
    if match is None:
        return None
    word = match.group().split()[0].lower()
    if word in ("failed", "refused", "declined"):
        return Lie(put(text, match, "did "), "a failure as done")
    if re.match(r"(?:no|without) (?:longer|doubt|later|less|more|fewer|one|matter)\b", text[match.start() :], re.I):
        return None
    return Lie(put(text, match, f"{_NONE[word]} "), "no or without taken out")


_NEGATIONS: tuple[Form, ...] = (("denied", _denied), ("denied", _denied), ("out", _denial_out))


def negation(text: str, near: Sequence[str], chance: Random) -> Lie | None:
    """The statement denied, its opposite stated, or a denial taken out."""
    return attempt(_NEGATIONS, text, near, chance)
