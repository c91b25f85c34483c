"""Sixteen invented events as newspapers tell them, for roundups made of several and for long articles about one.

Each event: a headline; how a digest puts it, in one to three sentences; the body of an article about it, whose later
paragraphs turn to other people, earlier cases and the surroundings, as articles do. Of each pair of neighbours the
first was looked at while the rules were made, the second was held back.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One event in the words of a paper."""

    title: str
    brief: tuple[str, ...]
    body: tuple[str, ...]


EVENTS = (
    Event(
        "Northwind Power orders 12 gas turbines for Harlow data campus",
        (
            "Northwind Power has ordered 12 gas turbines for the data campus at Harlow.",
            "The machines will supply 480 megawatts from March 2027.",
            "Shares in Northwind fell 3 percent after the order was announced.",
        ),
        (
            "Northwind Power has ordered 12 gas turbines for its data campus at Harlow, the company said on Tuesday.",
            "The turbines will supply 480 megawatts, enough for three server halls, from March 2027.",
            "The regional grid refused the campus a link last year because the line from Dunmore is full.",
            "“We could not wait nine years for a cable,” said Marta Quill, who runs the campus.",
            "Residents of Little Parnell have asked for a public inquiry into the noise of the machines.",
            "Air quality inspectors measured 31 micrograms of nitrogen dioxide beside the site in April.",
            "Two other operators, Ostrava Cloud and Fennmark, are building gas plants of their own nearby.",
            "Parliament is to vote in June on a levy for power that is made behind the meter.",
        ),
    ),
    Event(
        "Brenna dam breaks, 14 dead in Port Brenna",
        (
            "Fourteen people died when the Brenna dam broke above Port Brenna.",
            "Rescuers are still searching two villages for 30 missing people.",
        ),
        (
            "The dam above Port Brenna broke at dawn on Sunday and the flood killed 14 people, rescuers said.",
            "About 2,300 residents were taken to schools and a sports hall in Aldmoor.",
            "Army helicopters lifted families from roofs along the lower river until nightfall.",
            "“The siren never sounded,” said Tomas Reyl, whose bakery was swept away.",
            "Engineers had warned of cracks in the spillway in 2021, a report seen by this newspaper shows.",
            "The operator, Vale Hydro, said that it had carried out every repair it was told to make.",
            "Insurers put the damage at 400 million euros.",
            "In 1968 a smaller dam at Corrie failed in the same valley and killed nine.",
        ),
    ),
    Event(
        "Halden Motors recalls 9,000 delivery vans over brakes",
        (
            "Halden Motors is recalling 9,000 delivery vans because their brake hoses can leak.",
            "The company knows of six accidents.",
        ),
        (
            "Halden Motors is recalling 9,000 delivery vans built in Kessel, because brake hoses can chafe and leak.",
            "Six accidents are known, one of which left a courier in Orsay with a broken leg.",
            "Owners will receive a letter within two weeks and the repair takes an hour.",
            "The transport authority opened its own investigation in February after complaints by drivers.",
            "“A hose for four euros has cost us our summer,” said Ilse Brandt of the couriers' union.",
            "The supplier, Ferro Tubes, delivered the same part to a maker of ambulances.",
            "Hospitals in three districts have taken 40 ambulances off the road as a precaution.",
            "It is the third recall in the industry this year, after Veldt and Kiyomi.",
        ),
    ),
    Event(
        "Selmouth bans diesel ferries from its harbour",
        (
            "Selmouth will close its harbour to diesel ferries from 2028, the city council decided by 31 votes to 12.",
            "Captains say that no electric ship can make the crossing in winter.",
        ),
        (
            "Selmouth will close its harbour to ferries that burn diesel from 2028, the city council has decided.",
            "Thirty-one councillors voted for the ban and 12 against it, after a debate of six hours.",
            "The five ships of Sound Lines carry 1.2 million passengers a year to the outer islands.",
            "“Show me the battery that crosses the Sound in January,” said captain Oona Mair.",
            "Doctors at the harbour clinic count twice as many cases of asthma as elsewhere in the country.",
            "A yard in Tromvik has offered to convert two of the ships for 60 million.",
            "Islanders fear that fares will double and that the school boat will stop.",
            "Norway has closed two of its fjords to diesel since 2026.",
        ),
    ),
    Event(
        "Central bank of Arvania cuts rate to 3.5 percent",
        (
            "The Arvanian central bank cut its key rate by a quarter point to 3.5 percent.",
            "Inflation has fallen to 2.1 percent.",
        ),
        (
            "The central bank of Arvania cut its key rate to 3.5 percent on Thursday, the third cut this year.",
            "Consumer prices rose by 2.1 percent in April, the slowest pace since 2020.",
            "Governor Lev Sarkis said that wages still grow too fast for comfort.",
            "The crown fell against the dollar and closed at 22.4.",
            "Mortgage lenders followed within hours, with Union Credit offering 4.2 percent for ten years.",
            "Builders in Lorne, where work has stood still at 60 sites, hope that buyers will return.",
            "Pensioners' groups complained that savings lose value.",
            "Economists at Halle University expect one more cut before winter.",
        ),
    ),
    Event(
        "Researchers at Oster find malaria vaccine works for three years",
        (
            "A malaria vaccine made in Oster protected 71 percent of children for three years, a trial found.",
            "The results come from 4,800 children in Mbeya and Kisoro.",
        ),
        (
            "A vaccine against malaria protected 71 percent of children for three years, researchers at Oster report.",
            "The trial followed 4,800 children in clinics at Mbeya and Kisoro since 2022.",
            "One dose costs less than 4 dollars, said Amara Dube, who led the study.",
            "Fever was the commonest side effect and lasted a day.",
            "The health ministry of Tavala wants to start with infants in the lake districts next spring.",
            "Bed nets, which cut cases by half in the last decade, have lost effect as mosquitoes become resistant.",
            "An earlier candidate by Genmere failed in its last trial in 2019.",
            "Donors have pledged 90 million of the 300 million that a campaign would cost.",
        ),
    ),
    Event(
        "Teachers in Calder walk out over class sizes",
        (
            "About 18,000 teachers in Calder walked out on Monday over classes of more than 30 pupils.",
            "Talks with education minister Petra Lund resume on Wednesday.",
        ),
        (
            "Some 18,000 teachers in the province of Calder walked out on Monday and 900 schools stayed shut.",
            "Their union wants a limit of 24 pupils in a class and 1,200 more posts.",
            "Education minister Petra Lund called the strike irresponsible in the weeks before examinations.",
            "“I have 34 children and 28 chairs,” said Joan Adeyemi, who teaches in Millgate.",
            "Parents set up day care in churches and in the hall of the fire brigade.",
            "The province spends less on each pupil than any of its neighbours, figures of the audit office show.",
            "A walkout in Dorn in 2018 ended after 11 days with a rise of 4 percent.",
            "Bus drivers voted on Friday to support the teachers with a day of their own.",
        ),
    ),
    Event(
        "Painting by Irene Vask sold for 48 million at auction",
        (
            "A painting by Irene Vask was sold for 48 million at Lambourne's, a record for the artist.",
            "The buyer bid by telephone.",
        ),
        (
            "“Blue Orchard” by Irene Vask was sold for 48 million at Lambourne's auction house on Wednesday night.",
            "It is the highest price ever paid for a work of the painter, who died poor in 1951.",
            "Four bidders drove the price from 12 million within nine minutes.",
            "The canvas hung in a school at Teviot for decades before a caretaker recognised the signature.",
            "Her great-nephew Paul Vask said that the family would see nothing of the money.",
            "Museums can no longer compete with private buyers, said the director of the Norland Gallery.",
            "A law that gives heirs 4 percent of resales is before the courts.",
            "Lambourne's sold works for 310 million in its spring week, a fifth more than last year.",
        ),
    ),
    Event(
        "Rovers win the cup after penalty shoot-out against Athletic",
        (
            "Kingsbridge Rovers won the cup, 5-4 on penalties against Wexley Athletic.",
            "Keeper Dario Stamm saved twice.",
        ),
        (
            "Kingsbridge Rovers won the cup for the first time since 1974, beating Wexley Athletic 5-4 on penalties.",
            "Keeper Dario Stamm saved twice before Emil Okoro scored the last.",
            "It had been 1-1 after extra time before 61,000 spectators.",
            "Coach Hanne Friis, the first woman to win the trophy, walked round the pitch alone.",
            "Wexley had led through a header by Luis Prat.",
            "Police arrested 23 people in the old town of Kingsbridge during the night.",
            "Rovers will play in the continental league in autumn, which is worth 20 million.",
            "The club was insolvent nine years ago and was bought by 4,000 of its supporters.",
        ),
    ),
    Event(
        "Probe of the Meridian mission lands on asteroid Tuva",
        (
            "The probe Meridian landed on the asteroid Tuva after a flight of six years.",
            "It is to bring 200 grams of dust to Earth in 2031.",
        ),
        (
            "The space probe Meridian has landed on the asteroid Tuva, 190 million kilometres from Earth.",
            "Controllers at Kourane received the signal at 4:12 in the morning.",
            "The craft is to collect 200 grams of dust and set off for home in December.",
            "“We hit a parking space from the other side of the Sun,” said flight director Noor Haddad.",
            "Two of four thrusters had failed on the way and were replaced by a manoeuvre never tried before.",
            "Geologists hope for organic molecules older than the planets.",
            "A Japanese probe brought 5 grams from Ryugu in 2020.",
            "The mission cost 740 million, a tenth more than planned.",
        ),
    ),
    Event(
        "Fire destroys paper mill in Varnby",
        ("A fire destroyed the paper mill in Varnby overnight.", "None of the 140 workers of the late shift was hurt."),
        (
            "A fire has destroyed the paper mill in Varnby, which has stood on the river since 1889.",
            "All 140 workers of the late shift got out in time, the fire brigade said.",
            "Flames were seen from Ekholm, 20 kilometres away, until four in the morning.",
            "It began in the drying hall, where a bearing had run hot.",
            "Mayor Signe Dahl said that every second family in the town lives by the mill.",
            "Newspapers in three countries buy their paper from Varnby and have stocks for two weeks.",
            "Fish died along the lower river after foam ran into the water.",
            "The owner, Skogar Group, closed its mill at Nyhamn in 2022.",
        ),
    ),
    Event(
        "Telkora fined 75 million for selling location data",
        (
            "Telkora must pay a fine of 75 million for selling the location of its customers to advertisers.",
            "The company will appeal.",
        ),
        (
            "The data protection authority has fined the telephone company Telkora 75 million.",
            "For three years it sold the places of 8 million customers to advertisers without asking them.",
            "The buyers could tell who had visited a clinic or a church, said commissioner Edda Roth.",
            "Telkora said that the data were anonymous and that it would appeal.",
            "A student in Vellin found the files on an open server in 2024.",
            "Consumer groups prepare a joint suit and have 40,000 signatures.",
            "Fines for such sales have tripled since the law was changed, and Mobilis paid 12 million last year.",
            "Shares of the company closed almost unchanged.",
        ),
    ),
    Event(
        "Wolves return to the Karst for the first time in a century",
        ("Wolves have returned to the Karst after a hundred years, camera traps show.", "Shepherds ask for fences."),
        (
            "A pair of wolves has raised four pups in the Karst, the first there in a century, camera traps show.",
            "The animals came from the Velm range, their droppings tell.",
            "Shepherd Bruno Kos lost seven sheep in a night and wants the state to pay for fences.",
            "Compensation comes to 180 for each ewe.",
            "Hunters in Ledno demand that two may be shot each year.",
            "Deer have eaten a third of the young firs, so foresters welcome the pack.",
            "Lynx, released in 2015, number about 30 in the same mountains.",
            "A court in Brdo is to decide in autumn whether the cull is lawful.",
        ),
    ),
    Event(
        "Prime minister Ilves resigns over housing scandal",
        (
            "Prime minister Kaarel Ilves resigned after it was shown that a builder had paid for his house.",
            "President Maris calls elections for 9 September.",
        ),
        (
            "Prime minister Kaarel Ilves resigned on Friday after receipts showed that a builder paid for his house.",
            "The firm, Baltbau, won contracts for 210 million from his ministry when he ran public works.",
            "President Eva Maris accepted the resignation and called elections for 9 September.",
            "His deputy, Jaan Teder, will lead the government until then.",
            "“I did nothing that the law forbids,” Ilves told reporters on the steps of his office.",
            "Prosecutors searched three flats in the capital and took computers away.",
            "The opposition Greens lead in polls with 29 percent.",
            "Two of his predecessors also left over gifts, in 2009 and 2016.",
        ),
    ),
    Event(
        "Cholera spreads in camps around Deraan",
        ("Cholera has killed 62 people in the camps around Deraan.", "Aid workers lack chlorine and clean water."),
        (
            "Cholera has killed 62 people in the camps around Deraan since the beginning of the month.",
            "More than 3,000 have fallen ill, half of them children, the relief agency Salus said.",
            "Wells were flooded when the rains came early.",
            "Trucks with chlorine wait at the border at Umm Said, where papers are checked for days.",
            "“We wash our hands in the water that makes us ill,” said Halima Noor, a mother of five.",
            "A vaccine would reach 200,000 people if the road were open.",
            "The militia that holds the bridge wants a toll for each lorry.",
            "An outbreak in 2017 ended only with the dry season.",
        ),
    ),
    Event(
        "Lumen Books to be bought by Atwater Press",
        (
            "Atwater Press buys its rival Lumen Books for 1.3 billion.",
            "Authors fear lower advances, and regulators will look at the deal.",
        ),
        (
            "Atwater Press is to buy its smaller rival Lumen Books for 1.3 billion in cash.",
            "Together they would print every third novel in the language.",
            "Novelist Greta Sand said that one bidder fewer means lower advances for all.",
            "Lumen was founded in a garage in Harrow Lane in 1962 and publishes 400 titles a year.",
            "About 250 posts are to go in sales and storage.",
            "The competition authority has 30 working days to open a review.",
            "It stopped a merger of two bookshop chains in 2023.",
            "Paper prices, which doubled after the fire in a large mill, weigh on all publishers.",
        ),
    ),
)
