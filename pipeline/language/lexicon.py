"""Closed lists that tell names from other capitalised words: titles, heads of organisations, demonyms, words that open
a sentence. General English, kept small; nothing here is taken from a corpus.
"""

from __future__ import annotations

TITLES = frozenset(
    """mr mrs ms miss dr prof professor sir dame lord lady president senator sen rep representative gov governor
    minister premier chancellor king queen prince princess pope judge justice gen general col colonel capt
    captain lt lieutenant sgt sergeant ceo cfo cto coo chief secretary ambassador mayor congressman
    congresswoman director chairman chairwoman chair speaker coach founder co-founder spokesman spokeswoman
    spokesperson commissioner officer detective sheriff minister archbishop bishop cardinal rabbi imam sheikh
    ayatollah emperor duke duchess analyst economist editor author rev""".split()
)
ROLES = frozenset(
    """comedian actor actress singer rapper journalist activist republican democrat democratic conservative tory
    billionaire entrepreneur lawyer rep former star striker defender midfielder goalkeeper quarterback""".split()
)
TITLE_MODIFIERS = frozenset(
    """prime vice deputy foreign finance defence defense interior attorney acting former chief executive managing
    major brigadier house senate assistant junior senior interim incoming outgoing late ex trade health energy
    education housing home treasury labour labor financial lead staff press police police""".split()
)
CORPORATE = frozenset(
    """inc incorporated corp corporation co company ltd limited llc plc ag sa gmbh nv se ab oyj group holdings
    holding lp llp spa kk pte pty bv""".split()
)
ORGANISATION = frozenset(
    """university institute bank council ministry department agency commission committee court party union
    association foundation police army government parliament congress senate airlines airways labs laboratory
    laboratories technologies technology systems group motors pharmaceuticals therapeutics news times post
    journal media authority board federation organisation organization service services administration bureau
    center centre centers college school hospital interconnection partners capital ventures industries energy
    software networks platforms studios entertainment records club fc society church museum league command navy
    force guard office reserve exchange inc corp ltd llc plc co""".split()
)
PLACE = frozenset(
    """city county river lake mountain mount island islands street avenue bay beach park airport ocean sea valley
    province state states republic kingdom strip bank coast desert strait peninsula district region territory
    village town""".split()
)
OF_HEADS = frozenset(
    """bank university department ministry house city bay gulf isle state states republic court board council
    institute church office bureau museum association federation league strait cape port duke duchess prince
    king queen lord game college school academy academies chamber centers center centre society kingdom people union
    organization organisation conference confederation parliament bureau library hall order sea tower tomb
    statue museum district province town county""".split()
)
FOR_HEADS = frozenset(
    "center centre centers institute organization organisation campaign committee agency foundation ministry alliance "
    "coalition council association society fund office partnership network movement doctors citizens department".split()
)
PARTICLES = frozenset("de la le du des da do dos del van von der den bin ibn al el y di ter ten zu".split())
DEMONYMS = frozenset(
    """american british english scottish welsh irish french german italian spanish portuguese dutch belgian swiss
    austrian swedish norwegian danish finnish icelandic polish czech slovak hungarian romanian bulgarian greek
    turkish russian ukrainian belarusian serbian croatian bosnian albanian estonian latvian lithuanian chinese
    japanese korean taiwanese vietnamese thai malaysian indonesian filipino philippine indian pakistani
    bangladeshi nepali afghan iranian iraqi syrian lebanese israeli palestinian jordanian saudi emirati qatari
    kuwaiti yemeni egyptian libyan tunisian algerian moroccan sudanese ethiopian kenyan ugandan nigerian
    ghanaian south-african african european asian canadian mexican brazilian argentine argentinian chilean
    colombian peruvian venezuelan cuban haitian australian armenian azerbaijani georgian kazakh arab latin
    western eastern northern southern islamic christian jewish muslim catholic hindu americans russians
    ukrainians israelis palestinians britons germans chileans canadians europeans arabs muslims christians""".split()
)
_COUNTRY = {
    "american": "united states", "americans": "united states", "british": "united kingdom",
    "britons": "united kingdom", "french": "france", "dutch": "netherlands",
    "german": "germany", "germans": "germany", "greek": "greece", "danish": "denmark", "swedish": "sweden",
    "finnish": "finland", "polish": "poland",
    "spanish": "spain", "swiss": "switzerland", "turkish": "turkey", "irish": "ireland",
    "scottish": "scotland", "welsh": "wales", "english": "england",
    "thai": "thailand", "filipino": "philippines", "philippine": "philippines", "chinese": "china",
    "japanese": "japan", "palestinian": "palestine", "palestinians": "palestine",
    "israelis": "israel", "portuguese": "portugal", "norwegian": "norway", "lebanese": "lebanon",
    "taiwanese": "taiwan", "czech": "czech republic", "afghan": "afghanistan",
    "european": "europe", "europeans": "europe", "african": "africa", "asian": "asia",
    "argentine": "argentina", "saudi": "saudi arabia", "emirati": "united arab emirates",
}  # fmt: skip
OPENERS = frozenset(
    """although despite unlike amid following since like even still also however instead whether because former
    late acting senior top ex today yesterday meanwhile earlier later recently now currently according another
    other others every each both many several few some most all any one two three four five six seven eight nine
    ten eleven twelve twenty thirty forty fifty dozens hundreds thousands millions half last next first second
    third nearly almost around about over under more less least everyone everybody someone somebody anyone
    anybody nobody nothing something everything anything here there where when why how what who whose which
    whoever whatever yes no not never always often sometimes perhaps maybe please thanks thank dear hello hi
    welcome breaking exclusive update updated watch read photo image source opinion analysis editorial video
    live review interview report reports people police women men children officials critics experts scientists
    researchers analysts investors authorities residents local young old long short big small high low early
    good bad best worst right left real such same given based using including see look get make take let just
    only once rather than then thus hence therefore moreover furthermore besides inside outside within without
    beyond behind between among along across against during throughout until till per via plus minus down up off
    out onto upon toward towards near far back away again ever yet already soon sure true false free full open
    major minor key main total overall average annual daily weekly monthly quarterly early mid""".split()
)
NOT_NAMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov
    dec i i'm i've i'll i'd ok okay tv am pm est edt gmt utc pst pdt bst cet ai api apis llm llms gpu gpus cpu
    cpus ceo cfo cto coo it's pc pcs pr hr vc ipo etf etfs gdp dna rna usb url urls saas iot vr ar ui ux faq pdf
    id diy q1 q2 q3 q4 h1 h2 gw mw kw gb tb mb kwh gwh mwh usd eur gbp vs re lgbtq suv suvs ev evs atm sms seo
    kpi roi r&d b2b m&a covid's easter christmas""".split()
)
MASS = frozenset(
    """inflation power energy electricity demand supply growth revenue profit income trade traffic water oil gas
    gold food rain snow fire music art science technology work money time life death love war peace justice law
    nature history health crime data software hardware news staff control access use age change climate weather
    business industry progress support pressure speed output spending unemployment intelligence latency capacity
    compute cash debt credit interest tax property transport travel tourism sport football everything research
    evidence help hope trouble damage luck fun beauty truth faith trust fear anger pain joy success failure
    space earth heat cold light sound noise air land soil wood paper metal steel iron copper silicon plastic
    glass coffee tea milk bread meat sugar salt rice wheat corn cotton silk leather training learning teaching
    marketing banking farming fishing hunting shopping cooking reading writing running half part advice
    knowledge wisdom skill talent effort labor labour security safety privacy freedom democracy capitalism
    politics congestion voting turnout attendance membership leadership ownership competition participation
    mankind humanity construction production consumption nobody winter summer spring autumn fall noon midnight
    morning evening night dawn management government hollywood""".split()
) - {"hollywood"}
COMMON = frozenset(
    """man woman boy girl teen teenager youth cop court judge govt government mayor minister pm president blast
    quake earthquake storm hurricane typhoon flood outbreak crash driver pilot teacher student mother father
    couple family suspect gunman victim company firm bank team study report survey poll book film movie show
    game app star actor singer player coach boss chief official expert doctor nurse soldier army rebel protest
    ban bill deal plan vote election market stock price dollar euro rupee economy city town village school
    university hospital church museum airport train plane bus car truck ship boat bridge road river lake dog cat
    bear shark whale bird horse baby child kid world nation country state county region parliament senate
    congress opposition council jury union prosecutor lawyer founder startup retailer carmaker airline regulator
    watchdog lawmaker senator governor king queen prince pope""".split()
)
ING_PLACES = frozenset("beijing nanjing chongqing wyoming".split())
OWNERS = frozenset("children women men people king queen queens farmers workers teachers veterans world nurses".split())
UNITED = frozenset("US UK UN EU WHO UAE U.S. U.K. U.N. E.U. U.S.A. USA".split())
BODIES = frozenset(
    "administration council commission department ministry committee initiative agency authority act "
    "association bureau board".split()
)
FIXED = frozenset("new los san santa north south east west saint st el la le las".split())
OFFICES = frozenset(
    "state defense defence commerce treasury homeland security health energy education war finance "
    "affairs justice".split()
)
NOUN_ENDINGS = (
    "tion",
    "sion",
    "ment",
    "ness",
    "ity",
    "ism",
    "ance",
    "ence",
    "ship",
    "hood",
    "ing",
    "ology",
    "ics",
    "ly",
)


def country_of(demonym: str) -> str | None:
    """The folded country name of a folded demonym, where it cannot be told from its spelling."""
    return _COUNTRY.get(demonym)
