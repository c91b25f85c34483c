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
|accuse allege accusation allegation|sue lawsuit suit|film movie|car vehicle automobile|plane aircraft airplane jet
|ship vessel boat|house home|child kid|doctor physician|lawyer attorney|policeman officer|city town|ten 10
|worldwide globally global|yearly annually annual|per each|centre center facility|datacenter datacentre
|plant factory|power electricity|new fresh|big large|biggest largest|huge massive enormous giant|quick fast rapid
|near close|roughly about around approximately some nearly|over more exceed above|under less fewer below|price cost
|pay spend|expense cost spending expenditure|revenue turnover|income earnings profit
|deal agreement accord contract agree|vote ballot|election poll
|talks negotiations discussions negotiation discussion talk|law legislation|bill legislation|rule regulation
|ban prohibit bar outlaw|allow permit let|stop halt|force compel oblige|win victory triumph|beat defeat overcome
|win beat|lose loss|lead head run|boss chief head|chief ceo executive|head leader|leader head|founder cofounder
|create establish found set set-up|make produce manufacture production|maker producer manufacturer
|move shift relocate|shift move|send dispatch ship|supply provide deliver|give provide grant hand
|offer propose proposal|ask request|order command|sell sale|release publish issue|publish release print|record post
|test trial|treat treatment|cure heal|vaccine jab|study research survey|researcher scientist
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
|main principal key|key crucial|earlier previous prior|raise rise hike|post report record
|win receive|run stand|laboratory lab|shipyard yard
|suspect suspicion|wolf wolves|knife knives|wife wives|thief thieves|calf calves|half halves
|defect fault flaw|spend invest|sell divest|get receive|early earlier
|late later|quarter three-month|third-quarter q3|because due|so therefore
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
|judge justice|trial hearing|mayor leader|minister secretary|parliament legislature|senator lawmaker
|lawmaker legislator|voter elector|government administration cabinet|council authority|official authority
|school college|pupil student|teacher educator|university college|replace swap|hide conceal|jointly together
|cut dismiss|undergo have|stop halt|fetch sell|deal bargain|miner mining|slip fall|pay fund|cover fund|pay cover
|parliament lawmaker legislator|regulator watchdog|novelist author writer|poet author|last continue
|persist continue remain|favour favor prefer preference|fine penalty penalise|fine penalize|authority regulator
|police officer|start kick-off|finish wrap|deadly fatal lethal|dead killed|casualty victim|blaze inferno wildfire
|injure hospitalise|sick ill|patient sufferer|infect infection|vaccinate vaccination inoculate|hospital clinic
|surgery operation|academic scholar|journal publication|trial study|method technique|phone smartphone handset
|app application|software program|network grid|hack breach|flaw vulnerability bug|attack raid|raid search
|missile rocket|gun firearm weapon|navy fleet|border frontier|refugee migrant|migrant immigrant|asylum refuge
|deport expel|expel oust remove|oust topple depose|coup putsch|rebel insurgent|militant fighter|hostage captive
|free release liberate|prison jail|trial case|case lawsuit|plaintiff claimant|defendant accused|verdict ruling
|overturn quash annul void|uphold confirm|compensate compensation damages|settle settlement|contract agreement
|treaty pact accord agreement|summit meeting|meet meeting|visit trip|speech address|speak address|letter note
|email message|message post|tweet post|interview conversation|poll survey|pollster surveyor|turnout participation
|candidate contender nominee|campaign bid|rival opponent|ally partner|coalition alliance|opposition opponent
|premier minister|governor head|mayor head|deputy vice|aide adviser advisor assistant
|chairman chair chairwoman chairperson|manager head|director head|founder creator|owner holder
|subsidiary unit arm division|unit division arm|branch outlet|headquarters base|factory works|warehouse depot
|shipment delivery cargo|cargo freight|freight goods|goods product merchandise|product item|brand label
|supplier vendor|retailer seller|grocer supermarket|shopper customer consumer|consumer customer|demand appetite
|output production|capacity volume|reserve stockpile stock|oil crude|petrol gasoline|dam reservoir|farm ranch
|crop plant|cattle cow|sheep flock|forest woodland|river stream|lake reservoir|coast shore|coast seaside|island isle
|mountain peak|valley basin|village hamlet|town municipality|district borough neighbourhood|neighborhood district
|suburb outskirts|street avenue|square plaza|building tower block|flat apartment|tenant renter|landlord owner
|rent lease|mortgage loan|lender bank creditor|borrower debtor|rate yield|growth expansion
|shrink contract contraction|boost lift raise increase|lift raise|ease loosen relax|ease slow|slow slowdown
|tighten harden|double twice|half halve|quarter fourth|dozen twelve|score goal|point mark|draw tie|final decider
|semi-final semifinal|league division|tournament competition championship|race contest|qualify advance
|eliminate knock|trophy cup|title championship crown|record best|fan spectator supporter|crowd audience
|audience viewer|viewer watcher|concert gig|band group|singer vocalist|actor star performer|actress star
|director filmmaker|film picture|exhibition show display|exhibit show display|auction sale|sculpture statue
|artwork work|theatre theater|stage theatre|play drama|pupil schoolchild|tuition fee|exam examination test
|degree qualification|graduate alumnus|railway line|tram streetcar|subway metro underground|lorry truck|van truck
|bicycle bike|motorbike motorcycle|runway airstrip|pilot captain|sailor seaman crew|fisherman fisher|harbor dock
|dock berth|tunnel passage|wind gale|landslide mudslide|eruption erupt|quake tremor|aftershock tremor|rescue save
|rescuer saviour|survive survivor|search hunt|find locate|recover retrieve|burst rupture break|leak spill|spill leak
|contaminate pollute taint|clean purify|recycle reuse|waste rubbish garbage trash|trigger cause spark prompt provoke
|cause lead|insist maintain assert|stress emphasise emphasize|underline stress|note observe remark|mention cite
|quote cite|publish post|broadcast air|shut close|withdraw pull|withdraw retreat|recall withdraw|remove withdraw
|remove take|ban forbid|halt suspend|halt pause|freeze halt|scrap drop|drop abandon|shelve suspend
|curb limit restrict|restrict limit|cap limit ceiling|ceiling limit|target goal aim|objective goal|mandate require
|oblige require|order require|instruct order|recommend advise|advise urge|suggest propose|plan propose
|review examine|examine inspect check|inspect check|monitor track watch|track follow|measure assess|assess evaluate
|calculate compute|count tally|toll tally|total sum|sum amount|number figure|figure statistic|data statistic
|percentage proportion share|proportion share|majority most|minority few|average mean|typical usual|normal usual
|rare unusual|common widespread|frequent common|severe serious|serious grave|minor slight|small little tiny
|tall high|wide broad|narrow thin|deep low|young youthful|modern contemporary|ancient old|former previous ex
|initial first|current present|future coming upcoming|next following|local regional|national federal nationwide
|international global|foreign overseas|domestic home|public state|private personal|secret confidential
|official formal|illegal unlawful illicit|legal lawful|mandatory compulsory obligatory|voluntary optional
|free complimentary|cheap inexpensive|expensive costly|profitable lucrative|bankrupt insolvent|bankruptcy insolvency
|empty vacant|damaged broken|hand give|hand pass|receive get|earn make|earn receive|collect gather|gather assemble
|hold contain|contain include|consist comprise|comprise include|belong own|carry transport|transport haul ship
|haul catch|drive travel|fly travel|sail travel|arrive reach|arrive land|depart leave|flee escape|escape evade
|reveal expose|expose uncover|uncover discover|identify recognise recognize|name identify|call name|call describe
|describe label|warn alert|alert notify|notify inform tell|inform tell|brief inform|request call|demand call
|invite ask|answer reply respond|respond react|reaction response|reject dismiss|dismiss fire sack
|dispute contest challenge|deny reject|condemn denounce|praise welcome|welcome hail|celebrate mark|mark commemorate
|honour commemorate|award grant|award give|grant award|win secure|win gain|gain obtain|lose forfeit|miss lack
|try attempt|manage succeed|complete conclude|begin open|open inaugurate|inaugurate launch|unveil launch
|launch introduce|introduce implement|implement apply enforce|enforce apply|renew extend|revise update|update revise
|amend change alter|change alter modify|adjust alter|transform change|convert turn|develop create|design develop
|invent create|build make|assemble build|install fit|equip fit|upgrade improve modernise modernize
|renovate refurbish restore|restore repair|maintain keep|keep retain|preserve protect conserve|protect defend shield
|guard protect|secure protect|threaten endanger|emergency urgency|chaos disorder|rally protest demonstration
|march protest rally|activist campaigner|campaigner advocate|advocate supporter|critic opponent|donor contributor
|contribute give|volunteer helper|charity nonprofit|organisation organization group body|body organisation
|agency body|panel committee|committee commission|commission panel|board council|member representative
|representative delegate|envoy ambassador diplomat|diplomat envoy|spokesman representative|people resident
|people individual|citizen national|population people|teenager teen adolescent|mother mum mom|father dad
|husband spouse|wife spouse|couple pair|sibling brother|relative family|friend companion|colleague coworker peer
|stab knife|shoot gun|wound hurt|abduct kidnap|smuggle traffic|launch fire|fire dismiss|fire shoot|probe spacecraft
|telescope observatory|bloom outbreak|virus pathogen|bacteria microbe|dose shot|pill tablet|diet nutrition
|restaurant eatery|hotel inn|guest visitor|visitor tourist|tourist traveller|tourism travel|beach shore
|stadium ground|zoo menagerie|pet animal|fishing fishery|wood timber|steel metal|cash money|money funds|fund money
|aid assistance|aid help relief|relief aid|grant subsidy|subsidy aid|subsidise subsidize fund|licence license permit
|permit licence|visa permit|passport document|document paper|file document|archive record|letter document
|bidder suitor|crown krona krone|per-cent %|pct percent|euro eur|dollar usd
"""
# General words for what a span names more closely: the sentence may say "fish" of salmon, never the other way round.
_KINDS = """
fish:salmon trout tuna cod herring|animal:dog cat horse cow sheep pig bear wolf whale elephant
|bird:eagle gull penguin owl|vehicle:car bus truck lorry van motorcycle tram
|aircraft:plane jet helicopter airliner drone|ship:tanker ferry freighter
|vessel:tanker ferry freighter trawler yacht ship|storm:hurricane typhoon cyclone tornado blizzard
|disaster:earthquake flood hurricane landslide
|scientist:physicist chemist biologist microbiologist astronomer geologist virologist neuroscientist
|researcher:physicist chemist biologist microbiologist astronomer economist epidemiologist
|company:airline bank retailer carmaker automaker chipmaker startup insurer utility brewer manufacturer supermarket
|firm:airline bank retailer carmaker automaker chipmaker startup insurer utility brewer manufacturer lender
|lawmaker:senator congressman congresswoman mp|politician:senator minister mayor governor lawmaker candidate
|official:minister mayor governor commissioner|leader:president chancellor premier
|writer:novelist poet playwright essayist|author:novelist poet playwright
|musician:singer drummer guitarist pianist violinist rapper|artist:painter sculptor
|athlete:runner swimmer cyclist skier gymnast boxer
|player:striker goalkeeper midfielder defender quarterback pitcher winger|worker:nurse teacher driver miner farmer
|medic:doctor nurse paramedic
|people:passenger worker resident villager student pupil patient protester demonstrator migrant refugee customer
 shopper tourist visitor soldier civilian man woman child employee pilgrim spectator inmate prisoner
|person:man woman|metal:copper lithium nickel steel aluminium gold iron|fuel:gasoline petrol diesel kerosene
|grain:wheat corn maize rice barley|building:school hospital hotel warehouse house church mosque
|weapon:rifle pistol gun missile|disease:cancer malaria cholera measles diabetes dengue influenza
|illness:cancer malaria cholera measles diabetes dengue influenza|tax:vat tariff|sum:fine payment loan|penalty:fine
|plane:airliner|house:bungalow villa cottage mansion|river:creek|school:kindergarten
|crop:wheat corn maize soybean rice
"""
_OPPOSITES = """
rise fall|gain lose|increase decrease|climb drop|grow shrink|gain lose|up down|more less|more fewer|above below
|over under|before after|approve reject|accept refuse|accept reject|support oppose|win lose|buy sell|open close
|start end|begin end|hire fire|import export|allow ban|permit prohibit|confirm deny|admit deny|arrive leave
|enter leave|arrive depart|early late|first last|most least|high low|higher lower|highest lowest|largest smallest
|biggest smallest|north south|east west|male female|man woman|men women|boy girl|increase cut|raise cut|raise lower
|expand cut|expand shrink|add remove|strengthen weaken|improve worsen|ease tighten|succeed fail|pass fail
|acquit convict|innocent guilty|join quit|join leave|lend borrow|best worst|majority minority|with without
|for against|legal illegal|public private|positive negative|profit loss|surplus deficit|appoint dismiss|keep drop
|resume suspend|lift impose|increase reduce|increase fall|rise drop|rise decline|grow decline|grow fall|gain fall
|surge plunge|soar plunge|jump slump|back oppose|attack defend|include exclude|win defeat|victory defeat
|triumph defeat|rise slow|quicken slow|exceed miss|beat miss|top miss|acquit guilty|dead alive|alive kill
|survive die|survive kill|rescue kill|free jail|release detain|release arrest|innocent convict|reopen close
|reopen shut|launch end|hire dismiss|elect oust|welcome condemn|praise criticise|praise condemn|tighten relax
|tighten loosen|widen narrow|lengthen shorten|extend shorten|early delay|unite divide|ally enemy|friend enemy
|victim suspect|buyer seller|lender borrower|landlord tenant|employer employee|teacher pupil|parent child
|mother father|son daughter|brother sister|husband wife|king queen|doctor patient|guest host|winner loser
|attacker victim|plaintiff defendant|prosecutor defendant|creditor debtor|import export|urban rural|domestic foreign
|ancient modern|temporary permanent|mandatory voluntary|fixed floating|daily weekly|weekly monthly|monthly annual
|monthly yearly|quarterly annual|quarterly yearly|quarterly monthly|gross net|left right|summer winter|day night
|morning evening|single double|major minor|senior junior|upper lower|inner outer|accelerate slow|advance delay
|save spend|heat cool|warm cool|hot cold|wet dry|rich poor|near far
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


def _kinds() -> dict[str, frozenset[str]]:
    table = {}
    for entry in _KINDS.replace("\n", "").split("|"):
        general, _, special = entry.partition(":")
        table[lemma(general)] = frozenset(lemma(word) for word in special.split())
    return table


KINDS: Mapping[str, frozenset[str]] = MappingProxyType(_kinds())
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
    if shared >= 5 and first[shared:] in _SUFFIXES and second[shared:] in _SUFFIXES:
        return True
    shorter, longer = sorted((first, second), key=len)
    verb = shorter == longer[: len(shorter)] and "base" in FORMS.get(shorter, {}) and len(shorter) > 3
    return verb and longer[len(shorter) :] in ("ment", "ments", "al", "als", "age", "ure", "ance")


def akin(first: str, second: str) -> bool:
    """Whether two stems of nouns stand in one group."""
    return bool(GROUPS.get(first, frozenset()) & GROUPS.get(second, frozenset()))


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
def broader(general: str, special: str) -> bool:
    """Whether the first folded word is a general word for the second: "fish" for "salmon"."""
    return lemma(special) in KINDS.get(lemma(general), frozenset())


@lru_cache(maxsize=131072)
def opposite(first: str, second: str) -> bool:
    """Whether putting one word for the other turns a statement round."""
    return (lemma(first), lemma(second)) in OPPOSITES
