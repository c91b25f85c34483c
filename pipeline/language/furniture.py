"""Words on a page that say nothing about the world: bylines, captions, invitations, listings, link boards' labels."""

from __future__ import annotations

import re

_LINE = re.compile(
    r"^\W*(?:read (?:more|on|also|next|the full|our|it)|click |tap |sign up|sign in|log in|subscribe"
    r"|follow (?:us|me|@)|share (?:this|on)|related(?: (?:articles?|stories|coverage|content"
    r"|video))?\b"
    r"|see also|more (?:from|on this|to come|stories)|advertisement|sponsored|continue reading|source:"
    r"|sources:|photo(?:s|graph)?(?: by| credit|:)|image(?:s)?(?: by| credit|:| source)|credit:"
    r"|caption|getty"
    r"|by [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}\W*(?:$|\||,|updated|published|posted)|(?:published"
    r"|updated|posted|last updated|first published)\b[: ]|©|copyright|all rights reserved"
    r"|article url:|comments url:|points:|# comments:|tags?:|filed under|topics?:|category:|listen "
    r"(?:to|here|now)|watch (?:live|now|here|the|more|:)|live:|live updates|download (?:the|our)|get "
    r"(?:the|our) (?:app|newsletter|latest)"
    r"|join (?:us|our|the (?:conversation|discussion))|enter your|your email|this (?:article|story"
    r"|post|piece) (?:was|is|has been|originally|first|appeared)|the post .{1,200} appeared first"
    r"|(?:it|this) (?:was )?first appeared"
    r"|editor'?s note|disclosure:|disclaimer|correction:|cookie|we use cookies|terms of|privacy policy"
    r"|transcript|skip to|menu$|home$|comments?$|leave a (?:comment|reply)|\d+ comments?$|\d+ "
    r"min(?:ute)?s? read|submitted by|\[link\]|\[comments\])",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:\((?:[^()]{0,40}\b)?(?:photo|image|getty|reuters|afp|ap photo|file photo|shutterstock|picture"
    r"|via ap|credit)[^()]{0,60}\)\W*$|(?:getty images|shutterstock|/ ?(?:getty|afp|reuters|ap)"
    r"|\bfile photo|ap photo)\W*$|\bis pictured\b|\bpictured (?:above|here|left|right)\b)",
    re.IGNORECASE,
)
_TEASER = re.compile(
    r"^\W*(?:here(?:'|’)?s (?:what|why|how|everything|the|a look)|here (?:are|is)|what (?:to|you|we)\b"
    r"|why\b|how\b|everything (?:you|we)|\d+ (?:things|ways|best|reasons|tips|takeaways|must|of the "
    r"best|facts|questions)|the (?:\d+ )?best\b|best\b.{0,60}\b(?:deals|of \d{4})"
    r"|(?:top|our) \d+|these (?:are|\d+)|meet |inside |a look at|in pictures|in photos|photos:|watch:"
    r"|video:|podcast|quiz|review:|opinion:|letters?:|the papers|morning briefing|daily briefing|week "
    r"in review|weekly|roundup|wordle|crossword|horoscope|today(?:'|’)s (?:wordle|horoscope))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|www\.\w|\S+@\S+\.\w")
_CODE = re.compile(
    r"[{};=<>\\|]{1}.*[{};=<>\\|]|^\s*(?:\$|>>>|//|#include|import |def |class |const |var |let |function )|\w\(\)|::"
)
_BRIDGE = re.compile(r"\s[|·•›»]\s")


def is_furniture(text: str) -> bool:
    """Whether a sentence or line belongs to the page and not to its report."""
    head = text[:400]
    return bool(
        _LINE.match(head) or _CAPTION.search(head[-200:]) or _ADDRESS.search(head) or len(_BRIDGE.findall(head)) > 1
    )


def is_code(text: str) -> bool:
    """Whether a line looks like a program's or a terminal's."""
    return _CODE.search(text[:400]) is not None


def is_teaser(text: str) -> bool:
    """Whether a line promises a statement and makes none ("Here's what to know")."""
    return _TEASER.match(text[:200]) is not None
