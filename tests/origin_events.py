"""Invented events, each as an agency and as another desk would tell it: what groups with known origins are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One event: an agency's text, another desk's own text, quotations from a press conference, headlines."""

    name: str
    wire: tuple[str, ...]
    own: tuple[str, ...]
    said: tuple[str, ...]
    heads: tuple[str, str, str, str]  # of the wire, two desks that print it, the desk with its own text
    speaker: str
    brief: str  # one sentence that retells the wire
    altered: tuple[tuple[str, str], ...]
    place: str


EVENTS = (
    Event(
        "plant",
        (
            "Globex will close its turbine plant in Harlow at the end of March, the company announced on Monday.",
            "About 400 people work at the site, which opened in 1998 and has made blades for wind farms in the north.",
            "Managers blamed power prices that have doubled in three years and weak demand from shipyards.",
            "Workers were told in a short meeting before the morning shift and then sent home with full pay.",
            "The union said it would challenge the decision in court and asked ministers to step in.",
            "Production is to move to a larger factory near Ostrava, where the firm employs 1,200 people.",
        ),
        (
            "Four hundred families in Harlow learned this week that their biggest employer has no future there.",
            "Electricity has become too dear to cast blades at a profit, according to an internal note to staff.",
            "Union leaders want judges to stop the firm, and the mayor has begged the cabinet for help.",
            "Suppliers along the estuary fear that orders for resin and steel will dry up before summer.",
            "Globex, a maker of turbines since the seventies, declined to say what becomes of the halls.",
        ),
        (
            "We have asked for talks eleven times and nobody has ever come to the table with a plan",
            "This town built the blades that light half of the country and it deserves a better answer",
            "If the gates close in March there will be nobody left who knows how to cast a blade",
        ),
        (
            "Globex to close Harlow turbine plant in March",
            "Turbine maker shuts northern factory, 400 jobs go",
            "End of an era as Harlow loses its blade works",
            "A town waits for answers after factory news",
        ),
        "Mary Vance, the union's secretary",
        "Globex is closing its Harlow turbine plant in March with the loss of 400 jobs",
        (("400", "650"), ("Harlow", "Marlow"), ("1998", "1987"), ("Ostrava", "Brno"), ("1,200", "2,900")),
        "Harlow",
    ),
    Event(
        "storm",
        (
            "A winter storm cut power to 85,000 homes along the Selmouth coast on Tuesday, the operator said.",
            "Gusts of 140 kilometres an hour tore roofs off two schools and threw a ferry against the harbour wall.",
            "Rescue crews brought 37 people to safety from caravans that had been surrounded by rising water.",
            "Trains between Selmouth and the capital will not run before Thursday while fallen trees are cleared.",
            "Repair teams hope to have every household back on the network by Friday evening at the latest.",
            "It is the fourth gale this season, and insurers put the damage so far at 300 million crowns.",
        ),
        (
            "People in Selmouth spent the night by candlelight after the worst weather in a decade hit the town.",
            "Nobody died, but doctors treated a dozen residents for cuts and two for smoke from makeshift heaters.",
            "On the seafront, volunteers shovelled sand out of cafés that had only just reopened for the season.",
            "The ferry lies on its side, and divers are looking for leaks in its fuel tanks.",
            "Schoolchildren will be taught in the sports hall until engineers have looked at the classrooms.",
        ),
        (
            "I have worked on this coast for thirty years and I have never seen the water come so fast",
            "Stay away from the harbour wall because the next tide will be higher than the last one",
            "We will not send anybody up a pole while the wind is strong enough to throw a boat",
        ),
        (
            "Storm cuts power to 85,000 homes on Selmouth coast",
            "Tens of thousands without electricity after winter gale",
            "Selmouth ferry thrown against wall as storm rages",
            "By candlelight: a night in battered seaside town",
        ),
        "Piet Lorne, the harbour master",
        "A storm has left 85,000 homes on the Selmouth coast without power",
        (("85,000", "58,000"), ("140", "170"), ("37", "73"), ("Selmouth", "Tynemouth"), ("300", "800")),
        "Selmouth",
    ),
    Event(
        "court",
        (
            "The supreme court of Nordia struck down a law that let police read private messages without a warrant.",
            "Seven of nine judges held that the act of 2021 breached the right to confidential correspondence.",
            "Parliament has until January to write new rules, and data already gathered must be destroyed by then.",
            "The case was brought by a group of doctors whose patients had been identified through their phones.",
            "Two judges dissented and warned that investigations of smugglers would become slower and dearer.",
            "The ministry of justice said that it would study the ruling and present a bill before the autumn.",
        ),
        (
            "Four doctors who took on the security services have won the most important privacy case in years.",
            "Their patients' phones gave them away, and the judges found that no one had been asked for leave.",
            "Campaigners danced on the steps of the palace while officials slipped out through a side door.",
            "Smugglers will be harder to catch, the minority wrote, in a dissent of eleven pages.",
            "What comes next is up to lawmakers, who have tried and failed twice to agree on such powers.",
        ),
        (
            "A letter does not become public property because it is written on a telephone and not on paper",
            "The state has read what patients told their doctors and it never asked a judge for permission",
            "We will publish the list of what was kept so that everybody can see who was followed",
        ),
        (
            "Nordia supreme court strikes down message surveillance law",
            "Judges void act that let police read private chats",
            "Doctors win privacy case against Nordia police powers",
            "How four physicians beat the security services",
        ),
        "Ines Falk, counsel for the doctors",
        "Nordia's supreme court has struck down the law that let police read private messages without a warrant",
        (("2021", "2017"), ("Seven", "Five"), ("Nordia", "Sudia"), ("January", "June"), ("nine", "eleven")),
        "Nordia",
    ),
    Event(
        "vaccine",
        (
            "A malaria vaccine cut severe illness in small children by 71 percent in a trial across four countries.",
            "Researchers of the Tarn Institute followed 5,400 children for two years and reported on Thursday.",
            "The shot needs three doses and can be kept in an ordinary refrigerator for as long as six months.",
            "Side effects were mild, with fever in one child of eight and no deaths that were linked to the product.",
            "Regulators in Accra are expected to decide on a licence by December after looking at factory records.",
            "A dose should cost less than four dollars once two plants in the region reach their full output.",
        ),
        (
            "Nurses in dusty clinics along the Volta may soon have a new weapon against the oldest of fevers.",
            "What sets the candidate apart is that it survives without a deep freezer, which few villages own.",
            "Mothers who took part walked up to nine miles for each visit, and hardly any of them dropped out.",
            "Independent statisticians praised the design but want to see how long the protection will last.",
            "The team at Tarn now has to persuade donors to pay for factories before approval is certain.",
        ),
        (
            "For the first time we can look a mother in the eye and say that this will protect her child",
            "A vaccine that needs a deep freezer is of no use in a village that has no power line",
            "We have counted every fever in every child for two years and the difference is beyond doubt",
        ),
        (
            "Malaria vaccine cuts severe illness by 71 percent in trial",
            "New shot shields children from malaria, study finds",
            "Fridge-stable malaria jab clears big trial in four countries",
            "Along the Volta, hope arrives in a cool box",
        ),
        "Ama Boate, who led the trial",
        "A malaria vaccine from the Tarn Institute cut severe illness in children by 71 percent in a trial",
        (("71", "48"), ("5,400", "9,100"), ("Tarn", "Lorn"), ("Accra", "Lagos"), ("eight", "twenty")),
        "Accra",
    ),
    Event(
        "transfer",
        (
            "Striker Tomas Veld will leave Rovers for Atletico Sur in a deal worth 48 million crowns, both clubs said.",
            "The 24-year-old signed for five seasons on Wednesday after passing a medical at the club's ground.",
            "He scored 31 goals in 62 league games and led Rovers to their first cup final in nineteen years.",
            "A fifth of any later sale will go to the village side in Ardal where he learned the game as a boy.",
            "Rovers have bid for two forwards to fill the gap before the window shuts at midnight on Friday.",
            "Veld could play for his new team in Sunday's derby if the paperwork arrives from the federation in time.",
        ),
        (
            "Grown men wept outside the Mill Lane ground when word spread that their favourite had packed his boots.",
            "The boy from Ardal had turned down three richer offers since Christmas before the south called.",
            "His old coach on the fjord will get a new clubhouse out of the bargain, and floodlights too.",
            "Supporters wonder who is left to find the net, for the bench holds two teenagers and a veteran.",
            "In the southern city they have already printed his shirt, with the number nine and an extra stripe.",
        ),
        (
            "I came here as a boy with one bag and I leave with the love of a whole city behind me",
            "No club of our size can say no when a player tells you that his dream has called",
            "The money will be spent on the pitch and on the academy and not on the balance sheet",
        ),
        (
            "Tomas Veld leaves Rovers for Atletico Sur in 48 million deal",
            "Record sale as Rovers let star striker go south",
            "Veld signs for five seasons with Atletico Sur",
            "Tears on Mill Lane for the boy with one bag",
        ),
        "Jon Arkle, the chairman of Rovers",
        "Tomas Veld is leaving Rovers for Atletico Sur in a deal worth 48 million crowns",
        (("48", "84"), ("24", "29"), ("31", "13"), ("Ardal", "Sundal"), ("62", "26")),
        "Ardal",
    ),
    Event(
        "chip",
        (
            "Quillon unveiled a processor on Tuesday that it says trains language models with a third less "
            "electricity.",
            "The part, called Lumen 4, packs 96 gigabytes of memory and goes on sale to data centres in September.",
            "Two cloud providers have placed orders worth 2.6 billion dollars, chief executive Rhea Sand told "
            "developers.",
            "Shares of the company rose 9 percent in late trading while those of its larger rival slipped by two.",
            "Analysts cautioned that the figures come from Quillon's own laboratory and that no outsider has "
            "repeated them.",
            "Export rules will keep the fastest version out of several markets unless the government grants a licence.",
        ),
        (
            "It took eleven years, three near bankruptcies and a borrowed clean room to make the little square "
            "of silicon.",
            "On stage Rhea Sand held it between two fingers like a coin and let the applause run on for a minute.",
            "Engineers in the audience asked about heat, about drivers, and above all about when they could have one.",
            "Whether it is as frugal as promised will be known when independent benchmarks appear later this year.",
            "For now the giants of the trade have little to fear, said a consultant who has followed the firm "
            "since its garage days.",
        ),
        (
            "We did not want to build the biggest engine in the world, we wanted to build the one that drinks least",
            "Every watt that we do not burn is a watt that a hospital or a bakery can use on the same night",
            "Try it on your own models and then tell me and everybody else if we have lied about a single number",
        ),
        (
            "Quillon unveils Lumen 4 chip that trains models with less power",
            "New AI processor uses a third less electricity, maker says",
            "Lumen 4: Quillon's frugal chip to go on sale in September",
            "The little square that took eleven years",
        ),
        "Rhea Sand, the chief executive",
        "Quillon has unveiled Lumen 4, a chip that trains language models with a third less power",
        (("96", "192"), ("2.6", "6.1"), ("9 percent", "4 percent"), ("Quillon", "Parallon"), ("September", "November")),
        "Portmere",
    ),
    Event(
        "huelga",
        (
            "Los maquinistas de la red ferroviaria de Almera iniciaron el lunes una huelga de tres días que "
            "afecta a 600 trenes.",
            "El sindicato reclama una subida salarial del 8 por ciento y más descanso entre los turnos de noche.",
            "La empresa ofreció un 4 por ciento en la última reunión, que terminó sin acuerdo de madrugada.",
            "Unos 210.000 viajeros tuvieron que buscar otro medio de transporte, según cálculos del ministerio.",
            "Las autoridades fijaron servicios mínimos del 50 por ciento en las horas de mayor demanda.",
            "Una nueva ronda de negociación está prevista para el jueves en la sede del gobierno regional.",
        ),
        (
            "En la estación central, las pantallas amanecieron en rojo y los cafés se llenaron de gente con maletas.",
            "Marta Ríos, enfermera, caminó una hora y media hasta su hospital porque los autobuses iban repletos.",
            "Los huelguistas repartían caldo caliente junto a las vías y pedían paciencia a quienes protestaban.",
            "Un portavoz de la compañía lamentó las molestias y acusó a los líderes obreros de intransigencia.",
            "Si nadie cede, el próximo fin de semana podría ser todavía peor para quienes viajan a la costa.",
        ),
        (
            "No se puede conducir un tren de cuatrocientas toneladas después de dormir apenas cinco horas en una "
            "litera",
            "Hemos esperado dos años a que la empresa cumpla lo que firmó y ya no podemos esperar más",
            "El jueves iremos a la mesa con la misma propuesta porque es lo mínimo que exige la seguridad",
        ),
        (
            "Huelga de maquinistas en Almera afecta a 600 trenes",
            "Miles de viajeros sin tren por el paro ferroviario",
            "Sin acuerdo: tres días de huelga en los trenes de Almera",
            "Caldo caliente junto a las vías",
        ),
        "Julio Mena, secretario del sindicato",
        "Los maquinistas de Almera iniciaron una huelga de tres días que afecta a 600 trenes",
        (("600", "950"), ("210.000", "340.000"), ("Almera", "Talvera"), ("50", "35"), ("jueves", "viernes")),
        "Almera",
    ),
    Event(
        "audit",
        (
            "The city of Vell lost 14 million pounds through a contract for buses that were never delivered, "
            "auditors found.",
            "Their report, published on Friday, says that payments were approved by an official who had no "
            "authority to sign.",
            "Three managers have been suspended, and the file has been handed to the public prosecutor.",
            "Only six of the 40 vehicles ordered in 2022 reached the depot, and two of those do not run.",
            "The supplier, a firm registered to a flat above a bakery, went into liquidation last month.",
            "Council leader Dora Hume apologised to residents and promised that every invoice would be checked again.",
        ),
        (
            "For two winters, passengers in the hill districts have stood in the rain for buses that existed on paper.",
            "Now they know why: nobody at the town hall looked at what they were signing, or at who was being paid.",
            "The baker downstairs says she never saw anyone enter the office except a man who came for his letters.",
            "Opposition members want the leader gone before the vote in May, and some in her own party agree.",
            "Insurers are unlikely to cover the hole, which equals what the libraries cost in a year and a half.",
        ),
        (
            "I am sorry, I am ashamed, and I will not hide behind the officials who should have stopped this",
            "There was no depot, there were no mechanics, there was only a telephone that rang in an empty room",
            "Anybody who took a penny of this money will be asked to give it back in front of a judge",
        ),
        (
            "Vell lost 14 million on buses that never came, auditors say",
            "Auditors: city paid millions for undelivered buses",
            "Three suspended over Vell bus contract",
            "Above the bakery: the firm that sold ghost buses",
        ),
        "Dora Hume, the council leader",
        "Vell lost 14 million pounds on a contract for buses that were never delivered",
        (("14", "41"), ("six", "nine"), ("40", "75"), ("Vell", "Dell"), ("2022", "2019")),
        "Vell",
    ),
)
