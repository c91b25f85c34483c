"""Word lists of the gate, each with what it is for. Forms are folded; nothing here names a subject of the news."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


DETERMINERS = _set(
    "a an the this that these those each every some any no its his her their our my your both such all another"
)
PREPOSITIONS = _set(
    "of to in for on at by with from about into onto over under after before since until till during through"
    " throughout between among amongst against without within across per via despite toward towards near amid like"
    " than as alongside above below behind beyond outside inside around upon off out up down besides including"
    " excluding except regarding concerning following versus unlike"
)
CONJUNCTIONS = _set("and or but nor while whereas although though because if unless when whether so yet")
RELATIVES = _set("who which that whom whose where")
PRONOUNS = _set(
    "it he she they we i you there him them us me itself themselves himself herself one who which that what"
)
BE = _set("is are was were be been being am 's 're isn aren wasn weren")
HAVE = _set("has have had having hasn haven hadn")
DO = _set("do does did doesn don didn")
MODALS = _set("will would can could may might shall should must wouldn couldn can't cannot ll")
AUXILIARIES = BE | HAVE | DO | MODALS
NEGATIONS = _set("not never no nobody none nothing neither nor without cannot n't hardly barely scarcely")
DENIAL_VERBS = _set("fail refuse decline deny reject cancel scrap abandon halt stop prevent block avoid lack")

# Words a sentence may hold though its span does not: grammar, not content.
FREE = (
    DETERMINERS - _set("each every some any no both such all another")
    | _set(
        "of to in for on at by with from into about as and or that which who whom whose it he she they we i you there"
    )
    | _set("is are was were be been being am has have had having do does did 's 're itself themselves also")
    | _set("him them us me one ones what upon onto where when will 'll ll s t m re ve d")
)
# Small words that change what is said: a sentence may hold one only where its span holds it or a word of its group.
SENSITIVE_GROUPS: tuple[frozenset[str], ...] = tuple(
    _set(group)
    for group in (
        "all every each entire whole everyone everything always",
        "most majority mostly mainly largely",
        "some several certain few",
        "many numerous",
        "only just solely exclusively sole",
        "first",
        "last final latest",
        "now currently today present already",
        "still remain remains continue continues continued stay stays stayed",
        "again once repeatedly",
        "because since due cause caused causes owing thanks reason amid",
        "after following follows followed",
        "before ahead prior",
        "until till",
        "despite although though while whereas however but",
        "more over exceed exceeds exceeded exceeding than above least minimum",
        "less under fewer below than most",
        "than",
        "record highest largest biggest best",
        "largest biggest greatest",
        "smallest least lowest",
        "nearly almost about roughly around approximately some estimated circa",
        "if unless provided",
        "both two",
        "no not never without neither nor none cannot n't",
        "another other others additional further second more",
        "soon shortly",
        "allegedly reportedly purportedly supposedly apparently alleged reported purported",
        "recently recent",
        "so",
        "during",
        "same",
        "up",
        "through via",
    )
)
# Words before another that may not be dropped from it: the thing is then no longer the same thing.
LIMITERS = _set(
    "some several few most many nearly almost partly partially only alleged suspected accused purported proposed"
    " planned potential possible prospective draft interim provisional preliminary tentative acting former ex"
    " deputy vice fake false failed attempted would-be rumoured rumored unconfirmed reported non half part initial"
    " temporary temporarily conditional conditionally provisionally projected expected estimated likely unlikely"
    " potentially possibly perhaps probably presumably"
    " suspicion suspicions allegation allegations accusation accusations hypothetical simulated mock assistant"
    " associate apparent allegedly reportedly purportedly supposedly"
    " apparently virtually initially rarely sometimes often usually"
)
# Adverbs that say how sure or how frequent: kept with the verb they belong to.
RATES = _set("each per every daily weekly monthly annually yearly hourly annual combined apiece")

# Verbs that, beside their subject's name, make a sentence that subject's word.
TELLING = _set(
    "say tell announce report warn estimate call describe find predict expect forecast accuse claim deny argue promise"
    " pledge plan project suggest show confirm disclose reveal according"
)
# What is measured "of" or "for" something.
MEASURES = _set(
    "sales price number share production output exports imports rate cost demand supply amount level use deaths cases"
    " shipments value volume proportion percentage spending"
    " rent rents share average wage wages pay salary salaries income earnings fees premiums turnout support revenue"
    " profit consumption"
)
DOCUMENTS = _set(
    "record report article post outlet account page story source piece item column essay analysis blog paper"
    " newspaper site publication magazine newsletter column entry bulletin dispatch website"
)
COUNTED_SOURCES = _set(
    "outlets publishers sources records origins reports articles papers newspapers sites publications accounts"
)

# How firmly: levels from fact to mere possibility. A sentence may not stand on a lower level than its span.
MAY = _set("may might could would can")
WILL = _set("will shall 'll ll going")
PLANNING = _set(
    "plan intend aim pledge promise vow agree commit commitment intention seek want prepare propose slate"
    " schedule target earmark hope expect forecast project projection predict prediction anticipate estimate"
    " likely probably due set proposal offer bid ambition goal try attempt ask demand call urge recommend request"
    " apply move threaten order push promise must should need require ready poise apply decide wish willing"
)
PLANNING_BEFORE_NOUN = _set(
    "planned proposed projected expected scheduled intended promised pledged forecast upcoming anticipated"
    " estimated likely commitment plan plans proposal intention pledge offer bid promise ambition goal"
)
POSSIBLE = _set(
    "could may might would can possibly possible possibility potential potentially perhaps maybe explore"
    " exploring consider weigh mull eye contemplate evaluate examine discuss discussion talk talks negotiation"
    " negotiate study appear seem suggest if unless whether option hypothetical theoretically assess review debate"
    " pending awaiting"
)
HEARSAY = _set(
    "reportedly allegedly alleged purportedly purported supposedly supposed rumoured rumored unconfirmed leaked"
    " unverified apparently"
)

# Agents whose doing is an event, named or not.
ACTORS = _set(
    "police officer official company firm court judge jury government ministry minister council committee"
    " commission agency regulator parliament senate congress president mayor governor prosecutor lawyer attorney"
    " union worker employee staff scientist researcher doctor nurse hospital patient school university student"
    " teacher bank investor shareholder analyst army military soldier troop force navy rebel militant protester"
    " crowd crew firefighter rescuer resident villager farmer driver passenger pilot owner operator manager"
    " director executive board spokesman spokeswoman spokesperson authority administration department party"
    " lawmaker senator voter team club player coach manager club league airline carrier retailer supplier"
    " manufacturer producer developer engineer builder contractor utility startup maker publisher man woman child"
    " boy girl family people victim suspect group organisation organization charity foundation museum church storm"
    " fire flood earthquake hurricane volcano train plane aircraft ship ferry bus truck car vehicle bridge road"
    " dam factory plant mill mine reactor airport station port building house tower ruling verdict vote election"
    " strike trial law bill treaty survey study poll census budget deal contract merger price rate share stock"
    " sale profit revenue court tribunal city town village county state country nation province district region"
    " island river lake server satellite rocket spacecraft telescope drone vaccine drug virus outbreak explosion"
    " crash attack shooting tornado"
)
# Subjects of theses: what such a sentence says cannot be checked, only ascribed.
ABSTRACT = _set(
    "bottleneck era age future battle battlefield race game lesson story question problem challenge answer truth"
    " reality power moat advantage constraint factor logic economics economy intelligence progress innovation"
    " technology trust culture politics democracy history war momentum narrative bubble hype promise shift balance"
    " centre center key secret winner availability scarcity abundance ambition illusion dream myth paradox irony"
    " danger hope fear risk threat opportunity everything everyone nobody nothing something success failure"
    " loyalty leadership attention complexity simplicity silence time money scale speed growth talent software"
    " hardware compute capital infrastructure energy data design journalism art freedom music literature sport"
    " fashion taste value beauty convenience cost"
)
THESIS_MARKS = _set(
    "should must ought truly simply clearly obviously inevitably ultimately arguably fundamentally essentially"
    " merely finally true real defining decisive best worst wrong right foolish brilliant doomed dead king"
    " inevitable impossible crucial vital essential beautiful terrible wonderful disgraceful shameful absurd"
    " ridiculous reckless dangerous overrated underrated mediocre stunning boring myth illusion folly gamble"
    " mistake masterpiece triumph disaster failure betrayal nonsense scandalous soul heartbeat engine backbone"
)

ALLEGATIONS = _set(
    "fraud fraudulent murder murderer rape rapist abuse abuser harass harassment bribe bribery corrupt corruption"
    " embezzle embezzlement launder laundering theft thief steal stole rob robbery manslaughter extort extortion"
    " blackmail forgery perjury plagiarise plagiarize plagiarism plagiarist racketeering kickback misconduct"
    " molest stalk arson kidnap abduct treason collude collusion evasion defraud swindle swindler scam scammer"
    " bankrupt insolvent crook criminal"
)
INSTITUTIONS = _set(
    "court judge jury tribunal prosecutor police regulator convict sentence plead indict charge acquit verdict"
    " magistrate commission inquiry inspector ombudsman authority ministry officer sheriff detective guilty trial"
)
KIN = _set("inc corp ltd llc plc co company group holdings")
