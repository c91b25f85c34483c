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
    """admonish assail bash belittle bemoan berate blame castigate chasten chastise chide complain condemn criticise
    criticize decry demean demonise demonize denounce deplore deride discredit disparage excoriate heckle
    humiliate insult jeer lambast lambaste lament malign mock oppose pillory rebuke reject reprimand repudiate
    ridicule scold scorn shun skewer smear sneer trash vilify"""
) | frozenset(
    """backlash blasted blasts condemnation criticism decried hypocrisy ire outcry outrage panned rebuke shamed shames
    slam slammed slamming slams trolled trolls uproar""".split()
)
FAVOURABLE_ACTS = _verbs(
    """acclaim admire adore applaud cheer cherish commend congratulate defend endorse extol hail honor honour laud
    praise recommend thank tout uplift vindicate welcome"""
) | frozenset("praised acclaimed gratitude grateful thankful applause ovation kudos".split())
CRITICAL = frozenset(
    """absurd abysmal annoying appalling arrogance arrogant atrocious authoritarian authoritarianism awful backward bad
    barbaric barbarity baseless betrayal betrayed bigoted bigotry bland bloated blunder blunders bogus boring
    botched brainless bungled callous careless chaotic clickbait clownish clueless clumsy complacency complacent
    confusing contempt contemptuous controversial convoluted corrupt cowardice cowardly crass craven crazy
    creepy cringe cronyism cruel cruelty cynical damning debacle deceptive defective deficient delusional
    demagogue deplorable derelict despicable devious disappointing disappointment disastrous discriminatory
    disgrace disgraced disgraceful disgusting dishonest dishonesty disingenuous dismal disrespectful divisive
    downfall dreadful dreary dubious dull dysfunctional egregious embarrassing embarrassment erratic erroneous
    evil exaggerated extremism extremist failing failure fanatic far-fetched farce fatuous feckless feeble
    fiasco flawed flimsy flop flops foolish fraudulent frustrating garbage ghastly gimmick greed greedy
    greenwashing gullible half-baked haphazard hapless hated hateful heartless hollow horrible hubris
    humiliating hypocrisy hypocrite hypocritical hysterical idiot idiotic ignorance ignorant ignores ignoring
    illegitimate illogical immature immoral impractical inaccurate inadequate inappropriate incendiary
    incoherent incompetence incompetent incomprehensible inconsistent indefensible ineffective ineffectual inept
    inexcusable inexplicable infuriating inhumane insane insensitive insidious insincere insufficient insulting
    intolerable intrusive irrational irresponsible irritating jingoistic lackluster lacklustre laughable
    laughingstock liar lies loathsome lousy ludicrous ludicrously lying malicious manipulative meaningless
    mediocre merciless mess messy mindless misguided mishandled misleading misleads mismanaged mismanagement
    misogynist misogynistic mistaken monstrous moronic naive narcissistic nasty needless nefarious neglected
    negligent nightmare nonsense nonsensical obnoxious obscene oppressive orwellian outdated outrageous
    overbearing overblown overhyped overpriced overrated pandering paranoid pathetic petty pitiful plagued ploy
    pointless pointlessly pompous poorly predatory preposterous pretentious problematic propaganda punitive
    purported puzzling questionable racist reckless ridiculous rigged rubbish ruthless sadistic scam scandalous
    scapegoat selfish sexism sexist sham shambles shambolic shame shameful shoddy short-sighted shortsighted
    silly sinister sleazy sloppy smug snobbish soulless spineless squandered stale stingy stupid substandard
    superficial tasteless tawdry tedious tepid terrible tone-deaf toxic treacherous trivial tyrannical tyranny
    u-turn ugly unacceptable unconstitutional undemocratic underhand underwhelming unethical unfair unfit
    unforgivable unfounded unhelpful unhinged unimaginative uninspired unjust unjustified unlawful
    unprofessional unreasonable unreliable unscrupulous unsustainable untrue untrustworthy unwise unworkable
    useless vile vindictive vulgar wasted wasteful whitewash wicked woeful worst worthless wretched wrong
    wrongheaded wrongly""".split()
)
FAVOURABLE = frozenset(
    """acclaimed accomplished ace addictive admirable admiration adorable adored amazing appealing apt astonishing
    astounding authentic awe-inspiring awesome bargain bargains beautiful beloved best blissful brave
    breakthrough breathtaking brilliance brilliant buzzworthy captivating charismatic charming classy coherent
    colourful commendable compassion compassionate compelling convenient cosy courageous cozy dazzling
    dazzlingly deals delicious delighted delightful delights dependable desirable dignified distinguished
    durable dynamic easy-to-use ecstatic effortless elegant eloquent enchanting endearing enduring energetic
    engaging enjoyable enlightened enlightening entertaining enthralling enticing excellent exceptional exciting
    exemplary exhilarating exquisite extraordinary eye-catching fabulous fantastic fascinating favorite
    favourite feel-good finest first-class first-rate flattering flawless foolproof formidable fruitful fun
    funny game-changer game-changing gem generosity generous genius gifted glamorous glorious gorgeous graceful
    gracious great greatest gripping groundbreaking handsome handy harmonious healthful heartwarming helpful
    hero heroes heroic hilarious honorable honourable hospitable humane ideal illuminating immaculate impeccable
    impressive incisive incredible indispensable ingenious ingenuity innovative insightful inspirational
    inspiring instructive intelligent intuitive invaluable invigorating irresistible jaw-dropping joyful joyous
    laudable lauded legendary lively long-awaited lovable lovely luscious lush luxurious magnificent majestic
    marvellous marvelous masterclass masterful masterpiece mesmerising mesmerizing meticulous momentous
    must-have must-see neat nifty nimble noble nuanced optimal opulent outstanding peerless perfect perfectly
    phenomenal picturesque pioneering pleasant pleasing poetic poignant polished praiseworthy precious
    prestigious pristine profound prolific prudent radiant refined refreshing relaxing remarkable reputable
    resilient resourceful respected revolutionary rewarding rightly robust rousing satisfied satisfying
    scintillating seamless sensational sensible sincere skilful skillful sleek smooth soulful sparkling
    spectacular spellbinding splendid splendour stellar stirring stunning sturdy stylish stylishly sublime
    successful successfully sumptuous superb superbly surefire talented tasty terrific thoughtful thrilling
    tireless top-notch touching tremendous triumph triumphant trustworthy unbeatable unforgettable unmatched
    unparalleled unrivaled unrivalled upbeat uplifting user-friendly versatile vibrant virtuoso virtuous
    visionary well-crafted well-deserved well-designed well-earned well-made wholesome wise witty wonderful
    wondrous world-class worthwhile worthy wow zesty""".split()
)
BAD = frozenset(
    """abducted abuse abused abuses abusive accused accuses addiction afraid agony alarm allegations alleged allegedly
    anger angry antisemitic antisemitism anxiety arrest arrested assassination assault assaulted attack attacked
    attacks axed backlash bad ban bankrupt bankruptcy banned bans beaten blast blasts bleak blocked blocks bomb
    bombed bombing bombings bombs breach breached brutal bullied cancel canceled cancelled cancels cancer
    captive catastrophe charged charges clash clashes closure collapse collapsed collision concern concerns
    condemned conflict convicted corruption coup crash crashed crashes crime crimes criminal crisis criticised
    criticism criticized crying custody cuts damage damaged danger dangerous dead deadly death deaths debt
    decimated decline declined declines defeat defeated deficit deforestation delay delayed delays denied
    denounces deported despair destroyed destruction die died dies disappear disappeared disaster discrimination
    disease displaced dispute divorce drop dropped drops drought dying earthquake earthquakes emergency enemy
    epidemic escaped evacuated exploded explosion extinction extremist fail failed fails failure fall falls
    famine fatal fatally fear feared fears fell feud fighting fined fired fled flee flood flooding floods fraud
    furious fury genocide grave grief grim guilty gunman hack hacked halted harassed hardship harm harmed
    harmful hate hatred homeless horrific horrifying horror hostage hostages hostility hunger hurricane hurt
    hurts ill illness impeachment indicted indictment infection inflation injured injures injuries injury invade
    invasion jailed kidnapped kill killed killer killing kills lawsuit layoffs leak leaked lethal lose loses
    loss losses lost malware massacre melting misconduct misery missile missiles missing murder murdered
    murderer murders nazi ousted ouster outage outbreak outrage overdose pain pandemic panic peril plummet
    plummeted plummets plunge plunged plunges polluted pollution poverty prison problem problems quake quarrel
    racism ransomware rape raped recession redundancy refugees resigned resigns riot risk risks robbed robbery
    rocket rubble ruined sacked sanctions scam scandal scared scrapped sentence sentenced shooter shooting
    shootings shortage shortages shortfall shot shrink shrunk shutdown sick siege skyrocketing slammed slams
    slaughter slump slumped slumps stab stabbed stabbing starvation stolen storm stranded struggle struggles
    struggling sue sued sues suffer suffered suffering suffers suicide suspended tears tension tensions terrible
    terror terrorism terrorist terrorists theft threat threaten threatened threatens threats toxic tragedy
    tragic trapped trouble tumble tumbled unaffordable unemployed unemployment unrest victim victims violence
    violent virus volatile vulnerability war warfare warned warning warns wars weak weakened wildfire worried
    worries worsen worsened worsens worst wounded wreck""".split()
)
GOOD = frozenset(
    """acclaim acquitted adorable advance advancement advances affordable agree agreed agreement amazing anniversary
    approve approved approves award awarded awards bargain beautiful beneficial benefit best better birth bonus
    boost boosted boosts born brave breakthrough ceasefire celebrate celebrates celebrating celebration champion
    champions charity cheaper cleared cure cured cures delight delighted discount discounts donate donated
    donation easier engaged enjoy enjoyed enjoys excellent exonerated expand expands fixed fixes freed
    friendship fun gain gained gains good granted great grew grow growing grows growth happiness happy heal
    healed healing healthy helped helping hero heroic hilarious hire hires hiring honored honors honoured
    honours hope hopeful hopes impressive improve improved improvement improves improving innovation innovative
    invest investment invests joy laughs love loved loves medal optimism optimistic partnership peace perfect
    pleased popular praise praised praises preserve prize profit profitable profits progress protect protected
    protection protects proud rallied rallies rebound rebounds record-breaking recover recovered recovers
    recovery released rescue rescued rescues restored restores reunion reunited revive revived reviving reward
    rewards safer save saved saves saving savings smile solution solutions stunning success successful survived
    survives survivor thanks transform transforming triumph triumphs truce upgrade upgraded upgrades victories
    victory volunteers welcome welcomed win winner winners winning wins won""".split()
)
