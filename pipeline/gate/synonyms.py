"""Words that may stand for each other in a faithful paraphrase, and words that turn a statement round.

Groups hold lemmas. They are narrow on purpose: a word belongs to a group only where putting it for another member in
a news sentence changes nothing that a reader would check.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from pipeline.gate.verbs import FORMS
from pipeline.language.words import stem

_GROUPS = """
acquire acquisition buy purchase takeover take-over|build construct erect construction|install erect place
|begin start commence launch open kick-off|end finish conclude stop cease close
|rise increase climb grow growth gain jump|fall drop decline decrease decreased slip
|cut reduce lower reduction slash trim|surge soar jump|plunge tumble plummet|say tell state note add write report
|announce unveil reveal disclose|hire recruit employ|fire sack dismiss lay layoff
|quit resign leave depart departure resignation step|appoint name appointment
|employee worker staff personnel workforce|company firm business corporation|buyer purchaser acquirer
|show indicate find reveal|use utilise utilize employ deploy|help assist aid|get obtain receive secure
|need require necessity|want seek wish|plan intend intention aim|pledge promise vow commit commitment
|expect anticipate forecast project predict projection prediction expectation|postpone delay defer
|cancel scrap axe abandon|approve approval clear authorise authorize endorse ratify|reject refuse rebuff turn
|deny refute|kill die dead death|hurt injure wound injury|arrest detain detention
|accuse allege accusation allegation|sue lawsuit suit|film movie|car vehicle automobile
|plane aircraft airplane jet|ship vessel boat|house home|child kid|doctor physician|lawyer attorney
|policeman officer|city town|ten 10|worldwide globally global|yearly annually annual|per each
|centre center facility|datacenter datacentre|plant factory|power electricity|new fresh|big large|biggest largest
|huge massive enormous giant|quick fast rapid|near close|roughly about around approximately some nearly
|over more exceed above|under less fewer below|price cost|pay spend|expense cost spending expenditure
|revenue turnover|income earnings profit|deal agreement accord contract|vote ballot|election poll
|talks negotiations discussions negotiation discussion talk|law legislation|bill legislation|rule regulation
|ban prohibit bar outlaw|allow permit let|stop halt|force compel oblige|win victory triumph beat defeat|lose loss
|lead head run|boss chief head|chief ceo executive|head leader|leader head|founder cofounder
|create establish found set set-up|make produce manufacture production|maker producer manufacturer
|move shift relocate|shift move|send dispatch ship|supply provide deliver|give provide grant hand
|offer propose proposal|ask request|order command|sell sale|release publish issue|publish release print
|record post|test trial|treat treatment|cure heal|vaccine jab|study research survey|researcher scientist
|investigate probe investigation inquiry|storm hurricane|flood flooding|quake earthquake|blaze fire
|evacuate evacuation|destroy demolish destruction|damage harm|repair fix restore|rebuild reconstruct
|expand expansion enlarge extend extension|double twofold|triple threefold|halve half|join enter
|merge merger combine|split separate divide|invest investment|fund finance funding|raise collect
|donate give donation|owner proprietor|own possess|hold keep|live reside|resident inhabitant|visit tour
|travel journey trip|return come-back|attack assault strike|strike walkout|protest demonstrate demonstration
|protester demonstrator|clash fight|ceasefire truce|soldier troop|army military|weapon arm|shoot shooting
|explosion blast|crash collision collide|hit strike|generate generation|schedule due slate plan set|schedule slate
|complete finish completion completed|miss missed|last previous|per-cent percent|us u.s usa american america
|uk u.k britain british|eu european|un u.n|gpu chip|chip semiconductor processor|ai artificial|pair combine
|pair couple|house hold|house accommodate|host hold|serve service|cover span|span cover|extend span
|explore consider weigh mull|consider weigh mull|bid offer|reach hit|top exceed surpass|exceed surpass
|allegedly reportedly|suspect accuse|convict guilty conviction|sentence jail|jail prison imprison|charge indict
|elect choose pick select|choose pick select|replace substitute|replace succeed|introduce bring|adopt pass enact
|pass approve|sign ink|back support endorse|support backing|oppose opposition against
|criticise criticize criticism slam blast|praise laud|thank thanks|warn caution warning|urge call
|discover find discovery|detect spot|locate find|measure gauge|weigh weight|site location place|area region
|main principal|key crucial|early earlier|late later|quarter three-month|third-quarter q3|because due|so therefore
|children kids|men man|women woman|people person persons|suspend pause suspension|resume restart
|shut close closure shutdown|reopen open|unveil introduce present|debut premiere|ranking rank|position post role
|spokesman spokeswoman spokesperson|store shop outlet|customer client|user customer|drug medicine medication
|disease illness|cancer tumour tumor|jobless unemployed|unemployment joblessness|job post position|wage pay salary
|tax levy|tariff duty levy|debt borrowing|loan lend|share stock|shareholder investor|stake share holding
|value worth valuation|estimate reckon|loss deficit|budget spending|satellite spacecraft|mission flight
|launch liftoff|orbit circle|rocket launcher|energy power|solar photovoltaic|wind turbine|emission pollution
|warming heating|drought dry|harvest crop yield|farmer grower|fish catch|museum gallery|painting picture canvas
|book novel|author writer|song track|album record|award prize honour honor|team side club squad|match game fixture
|goal score|coach manager|player footballer|champion titleholder|stadium arena ground|fan supporter|bridge span
|road highway street|rail railway railroad|train service|airport airfield|harbour harbor port|ferry boat
|passenger traveller traveler|driver motorist|crew staff|court tribunal|ruling decision verdict judgment judgement
|judge justice|appeal challenge|trial hearing|mayor leader|minister secretary|parliament legislature
|senator lawmaker|lawmaker legislator|voter elector|government administration cabinet|council authority
|official authority|school college|pupil student|teacher educator|university college
"""
_OPPOSITES = """
rise fall|gain lose|increase decrease|climb drop|grow shrink|gain lose|up down|more less|more fewer|above below
|over under|before after|approve reject|accept refuse|accept reject|support oppose|win lose|buy sell|open close
|start end|begin end|hire fire|import export|allow ban|permit prohibit|confirm deny|admit deny|arrive leave
|enter leave|arrive depart|early late|first last|most least|high low|higher lower|highest lowest|largest smallest
|biggest smallest|north south|east west|male female|man woman|men women|boy girl|increase cut|raise cut
|raise lower|expand cut|expand shrink|add remove|strengthen weaken|improve worsen|ease tighten|succeed fail
|pass fail|acquit convict|innocent guilty|join quit|join leave|lend borrow|best worst|majority minority
|with without|for against|legal illegal|public private|positive negative|profit loss|surplus deficit
|appoint dismiss|keep drop|resume suspend|lift impose|increase reduce|increase fall|rise drop|rise decline
|grow decline|grow fall|gain fall|surge plunge|soar plunge|jump slump|back oppose|attack defend|include exclude
|accelerate slow|advance delay|save spend|heat cool|warm cool|hot cold|wet dry|rich poor|near far
"""


@lru_cache(maxsize=65536)
def lemma(word: str) -> str:
    """Dictionary form of a folded word, as far as verbs go; other words by their stem."""
    kinds = FORMS.get(word)
    if kinds:
        return stem(next(iter(sorted(kinds.values()))))
    return stem(word)


def _table() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, entry in enumerate(_GROUPS.replace("\n", "").split("|")):
        for word in entry.split():
            groups.setdefault(lemma(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}


def _pairs() -> frozenset[tuple[str, str]]:
    pairs = set()
    for entry in _OPPOSITES.replace("\n", "").split("|"):
        first, second = (lemma(word) for word in entry.split())
        pairs |= {(first, second), (second, first)}
    return frozenset(pairs)


GROUPS: Mapping[str, frozenset[int]] = MappingProxyType(_table())
OPPOSITES = _pairs()
_SUFFIXES = frozenset(
    " s es e ed d er ers or ors ing ings tion tions ition itions ation ations ion ions ment ments al als"
    " ive ance ence ity"
    " ly y ies ied sion sions ant ants ent ents ure ures age able ible ness ual ous ist ists ism ian ians"
    " an n t sis".split(" ")
)


@lru_cache(maxsize=131072)
def derived(first: str, second: str) -> bool:
    """Whether two folded words are forms of one root: "acquire" and "acquisition", "explore" and "exploration"."""
    shared = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= 5 and first[shared:] in _SUFFIXES and second[shared:] in _SUFFIXES


@lru_cache(maxsize=131072)
def same(first: str, second: str) -> bool:
    """Whether two folded words may stand for each other in a paraphrase."""
    if first == second:
        return True
    a, b = lemma(first), lemma(second)
    if a == b or derived(first, second):
        return not opposite(first, second)
    return bool(GROUPS.get(a, frozenset()) & GROUPS.get(b, frozenset()))


@lru_cache(maxsize=131072)
def opposite(first: str, second: str) -> bool:
    """Whether putting one word for the other turns a statement round."""
    return (lemma(first), lemma(second)) in OPPOSITES
