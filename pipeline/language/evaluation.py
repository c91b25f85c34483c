"""Words that judge and words that tell of good or bad: closed lists of general English, none taken from a corpus.

Four lists for judgement (acts of speech and descriptions, favourable and critical), two for what is told (gain and
harm). Entries are folded forms; a verb stands with the endings that news gives it. After the idea of appraisal (Martin
and White 2005) that to judge a thing and to tell of a bad thing are two matters, which lexicons of sentiment mix.
"""

from __future__ import annotations

__all__ = ["BAD", "CRITICAL", "CRITICAL_ACTS", "FAVOURABLE", "FAVOURABLE_ACTS", "GOOD"]


def _verbs(stems: str) -> frozenset[str]:
    """Forms of regular verbs: base, third person, past and -ing, as English spells them."""
    forms: set[str] = set()
    for verb in stems.split():
        if verb.endswith("e"):
            forms |= {verb, verb + "s", verb + "d", verb[:-1] + "ing"}
        elif verb.endswith("y") and verb[-2] not in "aeiou":
            forms |= {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
        elif verb.endswith(("s", "sh", "ch", "x", "z")):
            forms |= {verb, verb + "es", verb + "ed", verb + "ing"}
        else:
            forms |= {verb, verb + "s", verb + "ed", verb + "ing"}
    return frozenset(forms)


CRITICAL_ACTS = _verbs(
    """condemn denounce blame criticise criticize mock skewer rebuke lambast lambaste decry deride deplore ridicule
    scold chide castigate berate lament complain oppose protest scorn disparage chastise assail vilify smear
    discredit reprimand admonish bash"""
) | frozenset(
    """slam slams slammed slamming trolls trolled shames shamed decried panned criticism backlash outcry condemnation
    rebuke outrage ire uproar hypocrisy blasts blasted""".split()
)
FAVOURABLE_ACTS = _verbs(
    """praise hail laud applaud welcome endorse thank congratulate commend admire recommend cheer acclaim vindicate
    honour honor defend extol tout"""
) | frozenset("backs backed praised   acclaimed gratitude grateful thankful applause ovation kudos".split())
CRITICAL = frozenset(
    """bad awful terrible horrible dreadful appalling disgraceful disgraced shameful embarrassing embarrassment shame
    disgrace disastrous farce fiasco mess messy failure failing flawed flop flops misguided mistaken wrong
    unfair unjust unacceptable inexcusable absurd ridiculous ludicrous laughable pathetic useless pointless
    worthless worst worse poorly lousy shoddy incompetent incompetence inept reckless irresponsible careless
    negligent dishonest lies lying liar hypocritical hypocrite cynical corrupt greedy greed selfish cruel
    callous heartless barbaric vile evil despicable disgusting toxic racist sexist bigoted bigotry extremist
    extremism misleading deceptive baseless unfounded bogus sham scam propaganda overpriced overrated outdated
    boring dull bland disappointing disappointment frustrating annoying confusing clumsy questionable dubious
    inadequate insufficient troubling troubled problematic damning scandalous outrageous infuriating hated
    hateful undemocratic authoritarian unconstitutional unworkable unsustainable nonsense stupid foolish silly
    cowardly blunder blunders chaotic dysfunctional clueless ignores ignoring neglected squandered wasted
    wasteful betrayal betrayed mishandled mismanaged mismanagement botched rigged unhinged disingenuous gimmick
    overhyped lacklustre lackluster mediocre downfall scapegoat dangerous purported wrongly unjustified
    indefensible scandal hypocrisy incoherent ineffective unreliable""".split()
)
FAVOURABLE = frozenset(
    """great excellent superb brilliant stunning amazing astonishing fantastic wonderful marvellous marvelous terrific
    outstanding remarkable impressive beautiful gorgeous lovely delightful charming elegant perfect perfectly
    flawless best finest greatest favourite favorite favourites favorites ideal must-have must-see stellar
    sublime magnificent spectacular breathtaking dazzling hilarious witty thoughtful inspiring inspirational
    heroic hero heroes brave courage courageous innovative ingenious groundbreaking visionary revolutionary
    game-changer game-changing breakthrough worthy worthwhile deserved deserves triumph triumphant masterpiece
    masterclass gem legendary beloved adored successful successfully admirable generous noble fun funny
    enjoyable entertaining compelling gripping captivating engaging exciting thrilling refreshing rewarding
    satisfying useful helpful handy robust effortless seamless smooth comfortable stylish bargain bargains
    discount discounts discounted deals invaluable adorable delicious tasty cosy cozy genius virtuoso splendid
    rightly commendable acclaimed unmatched unbeatable unrivalled glorious delights delighted achievement
    achievements feat feats eye-catching talented skilful skillful masterful enthralling heartwarming uplifting
    well-made well-deserved long-awaited""".split()
)
BAD = frozenset(
    """dead death deaths die dies died dying kill kills killed killing killer murder murders murdered murderer suicide
    stabbed stabbing stab shot shooting shootings gunman shooter massacre slaughter genocide assassination
    wounded injured injures injury injuries hurt hurts harm harmed harmful victim victims attack attacks
    attacked assault assaulted rape raped abuse abused abusive abuses violence violent terror terrorism
    terrorist terrorists war wars warfare bomb bombs bombing bombed bombings missile missiles rocket invasion
    invade siege hostage hostages kidnapped abducted captive conflict fighting clash clashes riot unrest coup
    crash crashes crashed collision wreck explosion exploded blast wildfire flood flooding floods earthquake
    earthquakes quake storm hurricane drought famine hunger starvation disaster catastrophe tragedy tragic
    crisis emergency collapse collapsed disease virus infection outbreak cancer illness ill sick epidemic
    pandemic pain suffering suffer suffers suffered grief agony despair misery fear fears feared afraid scared
    panic anxiety worried worries concern concerns anger angry fury furious outrage hate hatred racism
    antisemitism antisemitic discrimination poverty homeless unemployed unemployment layoffs cuts debt bankrupt
    bankruptcy recession inflation slump slumps slumped plunge plunges plunged plummet plummets plummeted tumble
    tumbled fall falls fell decline declines declined drop drops dropped loss losses lose loses lost shrink
    shrunk weak weakened worsen worsens worsened deficit shortage shortages delay delays delayed cancel cancels
    cancelled canceled ban bans banned blocked blocks suspended halted shutdown closure fined fraud scam theft
    stolen robbery robbed crime crimes criminal arrested arrest charged charges guilty convicted jailed prison
    sentenced sentence lawsuit sued sues sue indicted indictment custody allegations alleged allegedly accused
    accuses misconduct scandal corruption hacked hack breach breached leak leaked vulnerability malware
    ransomware threat threats threatens threatened threaten risk risks danger dangerous warns warned warning
    alarm peril toxic pollution polluted deforestation melting extinction trapped stranded missing escaped fled
    flee refugees displaced evacuated destroyed destruction damage damaged ruined rubble failure failed fails
    fail defeat defeated problem problems struggle struggles struggling trouble worst bad terrible brutal deadly
    fatal lethal fatally injured overdose addiction divorce feud dispute quarrel tensions tension sanctions
    hostility enemy condemned denied denounces slams slammed blasts criticised criticized criticism backlash
    ousted ouster resigns resigned fired sacked axed scrapped impeachment deported nazi extremist bleak grim
    horror horrific horrifying beaten bullied harassed outage disappear disappeared redundancy shortfall crying
    tears hardship unaffordable unrest volatile decimated peril grave skyrocketing""".split()
)
GOOD = frozenset(
    """win wins won winner winners winning victory victories triumph triumphs success successful award awards awarded
    prize medal champion champions record-breaking celebrate celebrates celebrating celebration honoured honored
    honours honors rescue rescued rescues saved saves save saving survived survivor survives recover recovers
    recovered recovery reunited reunion freed released peace ceasefire truce agreement agree agreed boost boosts
    boosted gain gains gained growth grow grows grew growing improve improves improved improvement improving
    upgrade upgrades upgraded breakthrough cure cured cures heal healed healing healthy progress advance
    advances advancement benefit beneficial helped helping hope hopes hopeful optimistic optimism joy happy
    happiness delighted delight pleased proud love loved loves thanks praised praise praises acclaim best great
    excellent good better perfect impressive stunning amazing beautiful popular safer protect protects protected
    protection welcome welcomed hire hires hiring invest investment invests expand expands innovative innovation
    solution solutions easier cheaper affordable discount discounts savings bargain bonus reward rewards profit
    profits profitable rebound rebounds rallies rallied acquitted cleared exonerated granted approve approves
    approved born birth engaged anniversary adorable hero heroic brave friendship partnership donation donate
    donated charity volunteers preserve restored restores revive reviving revived transform transforming fixed
    fixes fun enjoy enjoys enjoyed smile laughs hilarious""".split()
)
