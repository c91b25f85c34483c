"""Verbs of news prose with their forms: enough grammar to tell who did what, without a parser.

Regular forms are made by rule; irregular ones are listed. A form that is not known but ends in -ed is still taken for
a verb where one can stand (`reading`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_REGULAR = """
caution contend reiterate remark swap inaugurate quarantine infect diagnose prescribe relapse ratify impeach
imprison deport interrogate confess laud hail liberate capture educate mentor sack demote mediate outlaw trim tumble
fluctuate divest repay delist compose curate collide capsize inundate submerge drown melt analyse analyze imply
compel retrieve relegate loot shield shelter haul sail paint monitor audit
abandon abolish absorb accelerate accept access accommodate accompany accuse achieve acknowledge acquire add address
adjust admire admit adopt advance advise affect agree aid aim air alert allege allocate allow alter amass amend
amount announce answer anticipate apologise apologize appeal appear apply appoint approach approve argue arrange
arrest arrive ask assemble assert assess assign assist assume assure attach attack attempt attend attract attribute
auction authorise authorize average avoid await award back ban base batter battle beg believe benefit bill blame
block board bolster bomb book boost border borrow brand brief broker buffer burn bypass calculate call campaign
cancel carry cast cause cede celebrate certify challenge change charge chart chase cheer cite claim clash classify
clean clear climb close coach collaborate collapse collect combine commence comment commission commit compare
compete compile complain complete comply comprise concede conclude condemn conduct confirm confront connect consider
consist consolidate construct consult consume contact contain continue contract contradict contribute control
convene convert convict convince cool cooperate coordinate copy correct cost counter cover crack crash create
criticise criticize cross crush cultivate curb cure curtail damage date deal debate debut decide declare decline
decommission decrease dedicate default defeat defend defer define delay delete deliver demand demolish demonstrate
denounce deny depart depend deploy deposit derail describe deserve design destroy detail detain detect deteriorate
determine develop devote die differ diminish direct disagree disappear disclose discontinue discover discuss
dismantle dismiss displace display dispute disrupt dissolve distribute divert divide dominate donate double
downgrade draft drain dominate drop dry dump earn ease edge edit elect eliminate embrace emerge emit employ enable
enact encounter encourage end endanger endorse enforce engage enhance enjoy enlist ensure enter entitle equip erect
erupt escape establish estimate evacuate evaluate examine exceed exchange exclude execute exercise exempt exhibit
exist exit expand expect expel experience expire explain explode exploit explore export expose express extend
extract extradite face fail fall feature figure file fill finalise finalize finance finish fine fire fix flag flee
flood flow focus fold follow force forecast form foster found free freeze fuel fulfil function fund gain gather
generate govern grade graduate grant grind guarantee guard guide halt halve hammer hamper hand handle happen harass
harm harvest head heal heat help highlight hike hinder hire honour honor hope host house identify ignite ignore
illustrate impact implement import impose improve impress include incorporate increase incur indicate indict induce
influence inform inject injure innovate inspect inspire install instruct insure integrate intend intensify interact
intercept interrupt intervene interview introduce invade invent invest investigate invite involve isolate issue jail
join judge jump justify kick kill knock label lack land last launch lay lead leak lease lend level license lift like
limit link list litigate live load loan lobby locate lock log look loom loosen lose lower maintain manage
manufacture march mark market match matter measure mention merge migrate miss mobilise mobilize mount move murder
name near need negotiate neglect nominate note notify number oblige observe obtain occupy occur offer offset open
operate oppose opt order organise organize originate oust outline outnumber outpace outperform outsource overhaul
overlook oversee overtake overturn owe own pair park part participate partner pass pause peak penalise penalize
perform permit persuade phase pick pilot place plague plan plant play plead please pledge plot plunge point poll
post postpone pour power practise praise preach predict prefer prepare present preserve press prevent price print
probe proceed process produce profit prohibit project promise promote prompt propose prosecute protect protest prove
provide publish pull pump punish purchase pursue push qualify question quote race raid raise rally range rank rate
reach react read rebound rebuild recall receive recognise recognize recommend reconsider record recover recruit
recycle redesign redirect reduce refer refine reflect reform refund refuse regain regard register regret regulate
reinforce reinstate reject relate relaunch relax release relocate rely remain remove rename renew renovate rent
reopen repair repeal repeat replace reply report represent request require rescue research resemble reserve reshape
resign resist resolve respond rest restart restore restrict restructure result resume retain retire retreat return
reunite reveal reverse review revise revive revoke reward risk rival roll rotate row rule rush sample sanction save
scale scan scatter schedule score scrap scrape screen seal search secure seize select sentence separate serve settle
shape share shatter shelve shift ship shorten show shrink shut sign signal simplify skip slam slash slip slow
smuggle soar solve sort spark specialise specialize specify sponsor spot squeeze stabilise stabilize staff stage
star stall standardise start starve state stay steer stem step stimulate stockpile stop store strain strengthen
stress stretch strip struggle study stumble submit subpoena subsidise subsidize succeed suffer suggest suit summon
supervise supply support surge surpass surprise surrender surround survey survive suspect suspend sustain switch
tackle talk target tax tear tell tempt terminate test testify thank threaten throttle tie tighten top total tour
trace track trade trail train transfer transform transition translate transmit transport travel treat trigger triple
trust try turn uncover undercut unveil update upgrade uphold urge use utilise utilize vaccinate vacate value vanish
vary veto view violate visit voice vote vow wait walk want warn warrant waste watch water weaken weigh welcome widen
wipe wish withdraw witness work worry worsen wrap yield acquit fear doubt applaud resent mourn overrule outbid smash
pack stun hold whisper equal
total pit rise
accomplish accumulate activate adapt adhere administer advertise advocate affirm afford allay amplify apprehend
assail associate augment automate avert belong betray blend boast breathe broaden bury cater cease circulate coincide
commandeer commemorate communicate commute compensate complicate conceal confer confine confiscate conquer constitute
contaminate cope crawl crumble culminate curse decorate decry deem deepen defraud defy degrade delve deprive depict
derive descend deter detonate devastate dictate disable disappoint disconnect discourage discriminate dispose
disqualify distract disturb dodge dwindle elevate embark embarrass embolden emphasise emphasize emulate encompass
endure engulf enrol enroll entice envision equate eradicate erase erode evade evolve exacerbate exaggerate exhaust
expedite facilitate fade fetch flatten flourish forge frighten frustrate garner greet hesitate hijack humiliate
illuminate imagine incite inflate inflict inherit initiate insert insist instal invoke kidnap lament legalise legalize
linger liquidate lodge lure manipulate marry massacre materialise maximise migrate minimise mitigate modernise
modernize modify motivate mull mutilate nab nationalise nationalize navigate neutralise obstruct offend oppress
overshadow overwhelm paralyse perceive perpetrate persecute persist pierce pivot plummet possess pray precede prevail
proclaim prolong propel prosper provoke pummel raze reaffirm realise realize reassure recapture reclaim reconstruct
recuperate refinance refurbish rehabilitate relieve remind render repel reproduce rescind reside resort restrain
retaliate revamp rob salvage satisfy scare scrutinise scrutinize simulate slaughter soften spare spearhead speculate
spill sprawl stab startle stifle stir strangle subscribe substantiate suppress symbolise tailor tend thrash thwart
tolerate topple toss undermine underline underscore unearth unfold unify unite unleash unlock usher validate verify
victimise vie waive wander wed wield wrestle clock oversee sequence unload renounce dissuade
"""
_IRREGULAR = """
be was been|become became become|begin began begun|bet bet bet|bid bid bid|bind bound bound|bite bit bitten
|blow blew blown|break broke broken|bring brought brought|broadcast broadcast broadcast|build built built
|burst burst burst|buy bought bought|cast cast cast|catch caught caught|choose chose chosen|cling clung clung
|come came come|cost cost cost|cut cut cut|deal dealt dealt|dig dug dug|do did done|draw drew drawn
|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed fed|feel felt felt
|fight fought fought|find found found|flee fled fled|fly flew flown|forbid forbade forbidden
|forecast forecast forecast|forget forgot forgotten|freeze froze frozen|get got gotten|give gave given
|go went gone|grind ground ground|grow grew grown|hang hung hung|have had had|hear heard heard|hide hid hidden
|hit hit hit|hold held held|hurt hurt hurt|keep kept kept|know knew known|lay laid laid|lead led led
|leave left left|lend lent lent|let let let|light lit lit|lose lost lost|make made made|mean meant meant
|meet met met|outbid outbid outbid|overcome overcame overcome|overrun overran overrun|oversee oversaw overseen
|overtake overtook overtaken|overthrow overthrew overthrown|pay paid paid|put put put|quit quit quit
|read read read|rebuild rebuilt rebuilt|reset reset reset|ride rode ridden|ring rang rung|rise rose risen
|run ran run|say said said|see saw seen|seek sought sought|sell sold sold|send sent sent|set set set
|shake shook shaken|shine shone shone|shoot shot shot|shrink shrank shrunk|shut shut shut|sing sang sung
|sink sank sunk|sit sat sat|sleep slept slept|slide slid slid|speak spoke spoken|spend spent spent|spin spun spun
|split split split|spread spread spread|stand stood stood|steal stole stolen|stick stuck stuck
|strike struck struck|strive strove striven|sue sued sued|sweep swept swept|swim swam swum|swing swung swung
|take took taken|teach taught taught|tear tore torn|tell told told|think thought thought|throw threw thrown
|undergo underwent undergone|understand understood understood|undertake undertook undertaken|uphold upheld upheld
|upset upset upset|wear wore worn|win won won|withdraw withdrew withdrawn|withhold withheld withheld
|withstand withstood withstood|write wrote written|undercut undercut undercut|overspend overspent overspent
|tie tied tied|die died died|lie lied lied|plead pleaded pleaded|beat beat beaten|offset offset offset
"""
_DOUBLED = frozenset(
    "abet admit ban commit control cut defer drop equip fit grab incur omit permit plan plot prefer ship"
    " shut skip slip snap"
    " star bar stir kidnap spot step stop strip submit suspect tap top trim win scrap knit rebut transfer"
    " refer occur compel expel swap trim repel flag pin rip".split()
) - {"suspect"}
_VOWELS = "aeiou"


def _s(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2] not in _VOWELS else base + "s"


def _ed(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ied"
    return base + base[-1] + "ed" if base in _DOUBLED else base + "ed"


def _ing(base: str) -> str:
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith("ee") and base != "be":
        return base[:-1] + "ing"
    doubled = base in _DOUBLED or base in (
        "begin",
        "bet",
        "bid",
        "dig",
        "forget",
        "get",
        "hit",
        "let",
        "put",
        "quit",
        "run",
        "set",
        "sit",
        "spin",
        "split",
        "swim",
        "cut",
    )
    return base + base[-1] + "ing" if doubled else base + "ing"


def _forms() -> dict[str, dict[str, str]]:
    """Form -> {kind of form: lemma}; kinds are base, s, past, part, ing."""
    table: dict[str, dict[str, str]] = {}

    def put(form: str, kind: str, lemma: str) -> None:
        table.setdefault(form, {}).setdefault(kind, lemma)

    irregular = [entry.split() for entry in _IRREGULAR.replace("\n", "").split("|")]
    for base, past, part in irregular:
        put(past, "past", base)
        put(part, "part", base)
    known = {entry[0] for entry in irregular}
    for base in sorted(known | set(_REGULAR.split())):
        put(base, "base", base)
        put(_s(base), "s", base)
        put(_ing(base), "ing", base)
        if base not in known:
            put(_ed(base), "past", base)
            put(_ed(base), "part", base)
            if base.endswith(("el", "al")):  # British: cancelled, signalled
                for form, kind in ((base + "led", "past"), (base + "led", "part"), (base + "ling", "ing")):
                    put(form, kind, base)
    for stray in ("be", "have", "do"):
        table.pop(stray, None)
    return table


FORMS: Mapping[str, Mapping[str, str]] = MappingProxyType(_forms())
