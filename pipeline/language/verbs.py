"""Finite verbs, told from other words by form and short lists: enough to know a statement from a label.

English only. Irregular pasts and common third persons are listed; regular pasts are known by their ending.
"""

from __future__ import annotations

import re

from pipeline.language.words import tokens

AUXILIARIES = frozenset(
    """am is are was were be been has have had having do does did will would can could may might must shall should
    cannot isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't
    shouldn't it's he's she's that's there's they're we're you're i'm they've we've i've you've they'll we'll
    it'll he'll she'll you'll i'll i'd he'd she'd they'd we'd""".split()
)
_PASTS = frozenset(
    """said told made took gave went came saw got found left held won lost rose fell grew cut hit set put led paid
    sold bought built met sent kept began became ran spent brought wrote drew broke chose drove fought thought
    struck shot stood spoke threw knew felt heard taught caught sought swore tore wore beat bet bid burst cost
    dealt dug fed fled flew forbade forgot forgave froze hid hung hurt laid lay lent let lit meant overcame quit
    read rode rang sang sank sat shook shone shrank shut slept slid split spread sprang stole stuck stung swept
    swam swung undertook underwent understood upheld withdrew withstood woke wound shed outdid oversaw foresaw
    retook overtook saw bore bound bred forged sped spun strode""".split()
)
_PRESENTS = frozenset(
    """says tells warns announces launches plans wins loses takes makes gets goes comes sees finds leaves holds
    leads pays sells buys builds meets sends keeps begins becomes runs spends brings writes draws breaks chooses
    drives fights thinks strikes shoots stands speaks claims calls urges asks seeks wants needs hopes expects
    believes argues suggests shows reveals confirms denies rejects accepts approves adopts passes signs joins
    quits resigns dies kills injures arrests charges sues faces fears hits rises falls grows cuts raises lowers
    drops jumps surges soars slumps tumbles plunges climbs gains slides adds opens closes starts ends stops
    halts bans blocks backs supports opposes threatens vows pledges promises offers gives receives earns reports
    releases publishes unveils introduces replaces reaches exceeds returns remains continues moves turns expands
    acquires merges agrees invests funds hires fires lays recalls withdraws delays postpones cancels extends
    allows requires orders rules finds fines sentences convicts acquits accuses blames admits apologises
    apologizes celebrates marks visits travels arrives flees escapes survives beats defeats tops matches draws
    costs contains includes produces provides delivers uses creates develops designs tests trains operates
    serves employs owns controls plays features stars explains describes notes writes estimates projects
    predicts forecasts signals indicates means represents accounts affects causes threatens tracks follows
    replaces relies depends aims tries works lives lies sits appears seems looks feels knows likes loves hates
    helps hurts saves loses protects attacks bombs fires invades retreats deploys shows gets puts sets lets
    hosts holds votes elects appoints names nominates picks drops urges slams hails blasts mulls eyes weighs
    explores considers reviews probes investigates examines searches""".split()
)
_NOT_PAST = frozenset(
    """need speed feed seed deed weed breed indeed red bed shed sled hundred hatred sacred naked wicked rugged aged
    united based related limited used-to unprecedented so-called alleged kindred embed exceed proceed succeed
    bleed heed greed agreed-upon advanced experienced""".split()
)
_FIRST = re.compile(r"\w")


def is_past(word: str) -> bool:
    """Whether a folded word can be a finite past: listed, or a regular one by its ending."""
    return word in _PASTS or (len(word) > 4 and word.endswith("ed") and word not in _NOT_PAST)


def is_finite(word: str) -> bool:
    """Whether a folded word can be a finite verb: an auxiliary, a past or a listed third person."""
    return word in AUXILIARIES or word in _PRESENTS or is_past(word)


def finite(text: str) -> bool:
    """Whether `text` holds a word that can be its finite verb, past its first word."""
    return any(is_finite(word) for word in tokens(text)[1:])


def past(text: str) -> bool:
    """Whether `text` tells of something that happened: a past or a perfect."""
    words = tokens(text)
    return any(is_past(word) or word in ("has", "have", "had", "was", "were") for word in words[1:])
