"""Words that give away what a name names: inside it, right before it, right after it. General English."""

from __future__ import annotations

import re

STATE_WORDS = frozenset(
    """court courts ministry department parliament congress senate police army navy government embassy consulate
    legislature treasury tribunal constabulary sheriff's sheriff prosecutor's marines military assembly commission
    administration agency authority council forces troops directorate gendarmerie dept ministerio gobierno municipalidad
    fiscalía intendencia senado congreso corte tribunal delegación seremi subsecretaría ejército armada ministère
    ministerium bundesamt guard prosecutors battalion brigade regiment consulate cabinet admin""".split()
)
FIRM_WORDS = frozenset(
    """alliance coalition network society club magazine daily weekly gazette herald tribune chronicle studios pictures
    records bros brothers airlines airways railways railway rail broadcasting corporation brewery hotels stores
    supermarkets pharmacy pharma biotech semiconductor electronics automotive aerospace insurance securities equity
    trust federation confederation league team band orchestra choir institute institution academy ngo charity fund
    movement front militia brigades cartel gang mafia brotherhood watch initiative project consortium forum chamber
    guild teamsters democrats republicans conservatives greens universidad banco empresa partido asociación fundación
    federación sindicato comité caucus campaign radio television tv podcast publishing press books""".split()
) - {"team", "project", "initiative", "watch", "front", "trust"}
LAW_WORDS = frozenset(
    """act bill amendment treaty accord accords directive statute ordinance ley decreto constitution gesetz verordnung
    doctrine""".split()
)
PLACE_HEADS = frozenset("lake mount mt river port cape fort gulf isle strait île río cerro isla playa camp".split())
EVENT_WORDS = frozenset(
    """cup olympics olympic games festival awards award championship championships week weekend open summit war wars
    marathon grand prix final finals oscars emmys grammys election elections day month season conference expo
    convention revolution pandemic attack massacre crisis prize halloween thanksgiving ramadan diwali eid hanukkah
    friday monday""".split()
) - {"open", "final", "convention", "games"}
PRODUCT_WORDS = frozenset(
    """app pro max ultra plus mini os edition browser plugin smartphone tablet laptop console game trailer vaccine
    engine sdk api suite mobile cloud""".split()
)
ACRONYM = re.compile(r"[A-Z]{2,6}s?")


def _after(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:['’]s?)? (?:{words})\b")


def _before(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words}) (?:the )?[\"“‘']?$", re.IGNORECASE)


_PERSON_VERBS = "said|says|told|tweeted|wrote|added|argued|recalled|resigned|testified|pleaded|dies|died"
AFTER = {
    "law": re.compile(r"(?:['’]s?)? (?:law|bill|act|legislation|treaty|regulation|ruling)\b"),
    "product": _after(
        "apps?|smartphones?|phones?|video ?games?|games?|consoles?|software|chips?|processors?|vaccines?|drugs?|pills?"
        "|browsers?|chatbots?|malware|ransomware|trojan|botnet|operating system|laptops?|tablets?|SUVs?"
        "|pickups?|sedans?"
        "|plug-?ins?|TV series|movies?|films?|novels?|albums?|songs?|rockets?|missiles?|drones?|jets?|helicopters?"
        "|satellites?|spacecraft|telescope|model|users?|library|framework|engine|users|extension|toolkit|headsets?"
        "|trailer|season|sequel|remake|DLC"
    ),
    "organisation": re.compile(
        r"(?:['’]s?)? (?:shares|stock|CEO|CFO|CTO|chief executive|spokes(?:man|woman|person)|employees|workers|staff"
        r"|executives?|founders?|co-founders?|investors|customers|researchers|headquarters|subsidiary|fans"
        r"|players?|coach"
        r"|manager|midfielder|striker|quarterback|militants|fighters|gunmen|terrorists|leaders?|journalists?|reporters?"
        r"|lawmakers?|MPs?|stores?|supermarkets?|boss|owner|board|revenues?|profits?|earnings|sales|report|survey|poll"
        r"|acquires?|acquired|announces?|announced|launches|launched|unveils?|unveiled|to acquire|plans to|raises \$"
        r"|raised \$|reported that|owned|parent company|engineers|promo codes?|coupon codes?)\b"
    ),
    "place": re.compile(
        r"(?:['’]s)? (?:region|province|city|cities|district|coast|border|peninsula|airport|hotel|neighbou?rhood|suburb"
        r"|county|island|islands|river|capital|government|president|prime minister|foreign minister|parliament|military"
        r"|army|police|mayor|residents?|voters|economy|authorities|officials|hospital|street|beach|area|metro"
        r"|state|embassy|woman|man|couple|teenager|family|house|home|apartment|court|school|park)\b"
        r"|, (?:Texas|California|Florida|Ohio|N\.?Y\.?|Illinois|Michigan|Georgia|Pennsylvania|Virginia|England|Scotland"
        r"|Wales|France|Germany|Italy|Spain|India|Pakistan|China|Japan|Canada|Australia|Israel|Ukraine|Russia|Mexico"
        r"|Brazil|Nigeria|Kenya|South Africa|Ireland|Minn\.|Mass\.|Calif\.|Nev\.|Colo\.|Ariz\.|Wash\.|Conn\."
        r"|Ill\.|Fla\."
        r"|Mich\.|Tenn\.|N\.J\.|N\.C\.|S\.C\.|Va\.|Md\.|Pa\.|Chile)(?!\w)"
    ),
    "person": re.compile(
        rf",? (?:{_PERSON_VERBS}|who|whose|has died|was born)\b|, (?:aged )?\d{{1,2}}[,.)]| \(\d{{1,2}}\)"
        r"|/(?:Getty|AFP|Reuters|AP|The Epoch|Bloomberg)|['’]s? (?:wife|husband|son|daughter|mother|father"
        r"|lawyer|attorney"
        r"|girlfriend|boyfriend|brother|sister|memoir|family|death|killer|body)\b"
    ),
    "kin": re.compile(
        r"['’]s? (?:wife|husband|son|daughter|mother|father|lawyer|attorney|girlfriend|boyfriend|brother|sister|memoir"
        r"|killer|body|departure|tenure)\b"
    ),
}
BEFORE = {
    "product": _before(
        r"app|game|film|movie|novel|album|series|software|browser|malware|ransomware|trojan|drug|model|version of"
        r"|available on|tablet|smartphone|chatbot|musical|sitcom|documentary|podcast|song|single"
    ),
    "organisation": _before(
        r"company|firm|startup|start-up|maker|giant|retailer|carmaker|automaker|airline|publisher|nonprofit|non-profit"
        r"|charity|think tank|broadcaster|newspaper|militant group|terror group|group|developer|owned by|acquired"
        r"|acquires|acquire|acquisition of|shares of|shares in|stake in|works? (?:at|for)|worked (?:at|for)"
        r"|CEO of|chief"
        r" executive of|spokes(?:man|woman|person) for|founder of|co-founder of|subsidiary|supplier|rival|brand"
        r"|platform|magazine|club|band|agency|published by|according to|analysts at|researchers at|partnership with"
        r"|professor at|sued|suing|posted on|invest in|streaming on"
    ),
    "person": _before(
        r"his wife|her husband|his son|her son|his daughter|her daughter|actor|actress|singer|rapper|journalist"
        r"|activist"
        r"|comedian|author|director|lawyer|footballer|player|striker|goalkeeper|quarterback|midfielder|defender"
        r"|president"
        r"|minister|senator|mayor|judge|coach|captain|manager|mr|mrs|ms|by name|named|rival [A-Z][a-z]+"
    ),
    "place": _before(
        r"in|near|outside|across|throughout|northern|southern|eastern|western|central|north|downtown|mayor of|governor"
        r" of|city of|town of|province of|capital of|village of|residents of|suburb of|island of|people of|president of"
        r"|border with|port of|coast of|streets of|living in|visit to|trip to|travel to|arrived in|flights to"
        r"|border town"
        r" of|parts of|upstate|invasion of|airstrikes on|strikes on|troops in"
    ),
    "state body": _before(r"regulator|ministry|watchdog|regulators at|officials at"),
}
