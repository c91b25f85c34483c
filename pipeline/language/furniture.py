"""Words on a page that say nothing about the world: bylines, captions, invitations, listings, link boards' labels."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.language import verbs

_LINE = re.compile(
    r"^\W*(?:read (?:more|on\W*$|also|next|the full|our)|(?:click|tap) (?:here|to|on|the)|sign (?:up"
    r"|in) (?:to|for|now|here|\W*$)|log in"
    r"|subscribe\b|follow (?:us|me|@|live)|share (?:this|on)\b|related(?: (?:articles?|stories"
    r"|coverage|content|video|topics)\b|\W*$)"
    r"|see also\b|more (?:from|on this|to come|stories)\b|advertisement\W*$|sponsored(?: (?:content"
    r"|post|by)\b|\W*$)|continue reading"
    r"|(?:sources?|credit|caption|tags?|topics?|category|points|# comments|article url|comments url):"
    r"|(?:photo(?:s|graphs?)?|images?|pictures?|illustration|video)(?: by| credit|:| source)"
    r"|(?:published|updated|posted|last (?:updated|modified)|first published)(?: (?:on|at|by)\b|:| \d)"
    r"|©|copyright\b|all rights reserved"
    r"|filed under|listen (?:to this|to the|here|now)|watch (?:live|now|here|the (?:full )?video|more"
    r"|:)|live updates|(?:rolling|live|minute[- ]by[- ]minute|full) coverage (?:of|as)\b|download (?:the|our)"
    r"|get (?:the|our) (?:app|newsletter|latest)|join (?:us|our|the (?:conversation|discussion))|enter your|your email"
    r"|this (?:article|story|post|piece) (?:was (?:originally|first|updated|produced|published)|has "
    r"been (?:updated|corrected)|originally|first|appeared)"
    r"|the post .{1,200} appeared first|(?:it|this) (?:was )?first appeared|editor['’]?s note"
    r"|disclosure:|disclaimer|correction:"
    r"|(?:we use )?cookies? (?:policy|settings|notice|to)|terms of (?:use|service)|privacy policy"
    r"|transcript\W*$|skip to|(?:menu|home|comments?)\W*$"
    r"|leave a (?:comment|reply)|\d+ (?:comments?\W*$|min(?:ute)?s? read)|submitted by /?u/|\[link\]|\[comments\])",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"\((?:[^()]{0,40}\b)?(?:photo|image|getty|reuters|afp|ap photo|file photo|shutterstock|picture"
    r"|via ap|credit)[^()]{0,60}\)\W*$"
    r"|(?:getty images|shutterstock|/ ?(?:getty|afp|reuters|ap)|\bfile photo|ap photo)\W*$|\b(?:is|are) pictured\b"
    r"|\bpictured (?:above|here|left|right)\b"
    r"|^\W*(?:[\w'’-]+ ){0,8}(?:map|chart|graph|photo|photograph|image|illustration|screenshot|diagram"
    r"|infographic|logo|rendering)"
    r" (?:of|showing|depicting)\b[^.]*$",
    re.IGNORECASE,
)
# What a picture shows is told in the present tense with the full date on which it was taken.
_PICTURED = re.compile(
    r"\b(?:(?:is|are) (?:seen|shown|displayed|photographed|silhouetted)|takes?|poses?|speaks?|walks?|looks?|arrives?"
    r"|attends?|stands?|sits?|waves?|leaves?|reacts?|gestures?|delivers?|address(?:es)?|listens?|answers?"
    r"|shakes?|smiles?|watch(?:es)?|appears?|talks?|carry|carries|drives?|passes|rises?|competes?|performs?|celebrates?"
    r"|embraces?|hugs?|kisses|cheers?|kneels?|prays?|holds?|raises?|plays?|patrols?|secures?|clears?|works?|fires?"
    r"|billows?|flies|fly|gathers?|protests?|marche?s?|queues?|waits?|is set up|are (?:made|fired|launched)|shows?)\b"
    r".{0,120}\b(?:during|at|in|outside|near|after|before|from)\b.{0,120}"
    r"\bon (?:\w+day, )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, \d{4}\W*$"
)
# The same without any verb: "The nuclear power plant in Selmouth, northern Ardmere, on Aug. 24, 2023".
_SHOWN = re.compile(
    r", on (?:\w+day, )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, \d{4}\W*$"
)
_TEASER = re.compile(
    r"^\W*(?:here(?:'|’)?s (?:what|why|how|everything|the|a look)|here (?:are|is)|what (?:to|you|we)\b"
    r"|why\b|how\b|everything (?:you|we)|\d+ (?:things|ways|best|reasons|tips|takeaways|must|of the "
    r"best|facts|questions)|the (?:\d+ )?best\b|best\b.{0,60}\b(?:deals|of \d{4})"
    r"|(?:top|our) \d+|these (?:are|\d+)|meet |inside |a look at|in pictures|in photos|photos:|watch:"
    r"|(?:[\w.]+(?:'|’)s? )?(?:(?-i:[A-Z])[\w'’-]+ ){2,3}(?:explains?|breaks? down|discusse?s?|joins us|has more)"
    r" (?:wh\w+|how|on (?:the|how|wh\w+)|the (?:latest|impact|details))\b"
    r"|(?:(?-i:[A-Z])[\w'’-]+ ){1,3}(?:looks? at|takes? a look at) (?:why|how|what)\b"
    r"|video:|podcast|quiz|review:|opinion:|letters?:|the papers|morning briefing|daily briefing|week "
    r"in review|weekly|roundup|wordle|crossword|horoscope|today(?:'|’)s (?:wordle|horoscope))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S*|www\.\w\S*|[\w.+-]+@\w[\w-]*\.\w+")
_CODE = re.compile(
    r"[{}=<>|].*[{}=<>|]|;\s*$|^\s*(?:\$ |>>>|//|#include|import \w+$|def |class \w+[:(]|const "
    r"|var |let \w+ ?=|function )|\w\(\)|::\w"
)
_INLINE = re.compile(r"</?[A-Za-z][\w-]{0,30} ?/?>|`[^`\n]{1,80}`|(?<= )[<>](?= )")  # named in a sentence
_PROSE = 6  # words of a sentence around them
_BYLINE = re.compile(
    r"^\W*[Bb]y [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}(?:(?:,| and| &) [A-Z][\w.'’-]+(?: "
    r"[A-Z][\w.'’-]+){0,3})*\W*(?:$|\||[Uu]pdated|[Pp]ublished|[Pp]osted)"
)
_BRIDGE = re.compile(r"\s[|·•›»]\s")


@lru_cache(maxsize=4096)
def is_furniture(text: str) -> bool:
    """Whether a sentence or line belongs to the page and not to its report."""
    head = text[:400]
    if _LINE.match(head) or _BYLINE.match(head) or len(_BRIDGE.findall(head)) > 1:
        return True
    if _CAPTION.search(head) or _PICTURED.search(head) or (_SHOWN.search(head) and not verbs.finite(head)):
        return True
    return _ADDRESS.search(head) is not None and len(_ADDRESS.sub(" ", head).split()) < 8


@lru_cache(maxsize=4096)
def is_code(text: str) -> bool:
    """Whether a line looks like a program's or a terminal's. A sentence about a tag or a command is prose."""
    head = text[:400]
    if _CODE.search(head) is None:
        return False
    prose = _INLINE.sub("it", head)
    told = prose != head and len(prose.split()) >= _PROSE and prose[:1].isupper() and verbs.finite(prose)
    return not told or _CODE.search(prose) is not None


def is_teaser(text: str) -> bool:
    """Whether a line promises a statement and makes none ("Here's what to know")."""
    return _TEASER.match(text[:200]) is not None
