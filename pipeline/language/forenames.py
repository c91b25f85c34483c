"""Given names and family names that tell a person from a firm or a place. Our own lists, from general knowledge.

Given names that are common words or places ("Will", "Georgia", "Paris") are left out; family names are those that in
news written in English stand alone most often, so that nobody takes two people of one name for one.
"""

from __future__ import annotations

GIVEN = frozenset(
    """aaron abbie abby abdul abdullah abdulla abigail abraham adam adama adele adnan adrian adriana ahmad ahmed ai-ling
    aidan aileen aisha akira alan alana alastair albert alberto alec alejandra alejandro aleksandr aleksei alessandro
    alex alexa alexander alexandra alexandre alexandria alexei alexis alfonso alfred alfredo ali alice alicia alina
    alison allan allen allison alyssa amalia amanda amber amelia amina amir amit amy ana anastasia anders andre andrea
    andreas andrei andres andrés andrew andrey andrii andriy andrzej andy angela angelica angelina angelo angus anil
    anita ann anna annabel anne annette annie anthony antoine anton antonia antonio antónio antony anwar april ariana
    ariel arjun arnaud arnold arthur arturo arun asher ashley ashraf asif astrid audrey august augustin aurora austin
    ava avi avraham ayesha aziz barack barbara barry bart bashar beatrice beatriz becky ben benedict benito benjamin
    bernard bernardo bernie bert beth bethany betsy betty beverly bianca bilal bill billie billy bjorn bob bobby
    bonnie boris brad bradley brandon brenda brendan brent brett brian briana brianna bridget britney brittany brooke
    bruce bruno bryan bryce byron caitlin calvin cameron camila camille carl carla carlo carlos carmen carol carole
    carolina caroline carolyn carrie carson casey cassandra cassidy catherine cathy cecilia cedric celia celine cesar
    chad chandra charlene charles charlie charlotte chelsea cheryl chloe chris christian christiane christina
    christine christoph christophe christopher chuck cindy claire clara clarence claude claudia claudio clay clayton
    clement cliff clifford clinton clive cody colin colleen connie connor conor constance cooper corey cory courtney
    craig cristian cristiano cristina crystal curtis cynthia cyril daisy dale damian damien dan dana daniel daniela
    daniele danielle danny daphne darren darryl daryl dave david davide dawn dean deb debbie deborah debra declan
    deepak deirdre delia denis denise dennis derek desmond devin devon dexter diana diane diego dieter dimitri dina
    dinesh dirk dmitri dmitry dolores dominic dominique don donald donna doris dorothy doug douglas drew duncan dustin
    dwayne dylan eamonn earl ed eddie edgar edith edmund eduardo edward edwin eileen elaine eleanor elena eli elias
    elijah elin elisa elisabeth elise elizabeth ella ellen ellie elliot elliott elon elsa elvis emil emilia emilio
    emily emine emma emmanuel enrique eric erica erich erik erika erin ernest ernesto esteban esther ethan eugene eva
    evan eve evelyn evgeny fabian fabio faith faisal farah farid farooq fatima federico felicia felicity felipe felix
    fernanda fernando fiona florian francesca francesco frances francis francisco franco francois françois frank
    frankie franz fred freddie freddy frederic frederick frederik frida fritz fumio gabriel gabriela gabriele
    gabrielle gareth gary gavin gemma gene genevieve geoff geoffrey george georges georgina gerald gerard gerardo
    gerhard gerry giancarlo gianni gideon gilbert giles gina giorgia giorgio giovanni giulia giuseppe glen glenn
    gloria gonzalo gordon graham grant greg gregg gregor gregory greta guido guillaume guillermo gustav gustavo guy
    gwen gwyneth hadi hailey hakan hal hamid hamish hamza hank hannah hans hanson harald harold harriet harrison harry
    harvey hasan hassan hazel heather hector heidi heinrich helen helena helene helga henri henrik henrique henry
    herbert herman hilary hillary hiroshi holly horst howard hubert hugh hugo humza hunter hussein hussain ian ibrahim
    ida ignacio igor ilan ilana ilhan ilya imran ines ingrid ioannis ira irene irina iris irving isaac isabel isabella
    isabelle isaiah ishaan ismail itamar ivan ivana jack jackie jackson jacob jacqueline jacques jade jaime jair jake
    jakob jakub jamal james jamie jan jana jane janet janice janine jared jasmine jason javier jay jayden jean
    jean-claude jean-luc jean-pierre jeanette jeanne jeff jeffrey jen jenna jennie jennifer jenny jens jeremiah jeremy
    jermaine jerome jerry jess jesse jessica jessie jill jim jimmy jin jo joan joanna joanne joaquin jodi jodie joe
    joel joey johan johann johanna johannes john johnny jon jonah jonas jonathan jonny jordi jorge jose josé josef
    joseph josephine josh joshua josie joy joyce juan juana juanita judith judy jules julia julian juliana julie
    julien juliet julio julius june jurgen jürgen justin justine kai kaitlyn kamal kamala karen karim karin karina
    karl karla kat kate katherine kathleen kathryn kathy katie katrina katy kay kayla keir keith kelly kelsey kemi ken
    kendall kendra kenneth kenny kerry kevin khalid khaled kiara kieran kim kimberly kirk kirsten kirsty klaus knut
    kofi konstantin kristen kristi kristin kristina kumar kurt kyle kylie kyriakos lachlan laila lara larry lars
    latoya laura lauren laurence laurent laurie lawrence lea leah lee leigh leila lena lenny leo leon leona leonard
    leonardo leonid leroy leslie lester leticia levi lewis liam lidia lila lillian lily lina linda lindsay lindsey
    linus lionel lisa liu livia liz lizzie lloyd logan lois lola lorenzo loretta lori lorraine lou louis louisa louise
    luca lucas lucia luciana luciano lucinda lucy luigi luis luiz luka lukas luke lula luna lydia lyle lyndon lynn
    mackenzie madeleine madeline madison mads magdalena magnus mahmoud mahmud malala malcolm malik manuel manuela mara
    marc marcel marcelo marcia marco marcos marcus margaret margarita margot maria mariam mariana marianne marie
    marilyn marina mario marion marisa marissa marjorie mark markus marlene marsha marta martha martin martina marty
    marvin mary masoud mateo mateusz mathew mathias matt matteo matthew matthias maureen maurice mauricio mauro max
    maxim maxime maximilian maya mayra megan meghan mehdi mehmet mei mel melanie melinda melissa melvin meredith
    mervyn mia micah michael michal micheal michel michele michelle miguel mika mike mikhail mila milan milena millie
    milton min mina minnie miranda miriam misha mitch mitchell mitt mohamad mohamed mohammad mohammed mohsin moira
    molly mona monica monika morgan moritz moses muhammad mukesh murray mustafa myra myriam nabil nadia nadine nancy
    naomi narendra natalia natalie natasha nathan nathaniel neal ned neha neil nelson nicholas nick nicky nicola
    nicolas nicole nigel niall niels nikita nikki niklas nikola nikolai nikolaj nikos nina nitin noah noam noel noemi
    noor nora norma norman nova octavia oleg oleh oleksandr oleksii olena olga oliver olivia olivier olaf omar orlando
    oscar osama oskar otto owen pablo paige pam pamela paola paolo parker pascal pat patricia patricio patrick patty
    paul paula paulina pauline paulo pavel pedro peggy penelope penny perry pete peter petr petra petro phil philip
    philipp philippa philippe phillip phoebe phyllis pierre piers pietro piotr polly prakash pratik priya priyanka
    prue quentin quinn rachael rachel rafael raheem rahul raj rajesh rajiv rakesh ralph ram ramesh ramon ramón ramona
    randall randy rania raphael raquel rashad rashid rashida raul raúl ravi ray raymond rebecca reece regina reinhard
    remy renata renee reuben reza rhonda ricardo riccardo richard rick ricky rita rob robbie robert roberta roberto
    robin robyn rocco rochelle rod roderick rodney rodrigo roger rohan rohit roland rolf roman romeo ron ronald ronan
    ronda ronnie rory rosa rosalind rosanna rosemary rosie ross roxanne roy ruben rubén rudolf rudy rufus rupert russ
    russell ruth ryan sabina sabrina sadiq sajid salim sally salman salvador salvatore sam samantha samir samira sammy
    samuel sandra sandy sanjay sanjeev sanna santosh sara sarah sasha saskia saul scarlett scott sean sebastian
    sebastián selena selma serena serge sergei sergey sergio seth shane shannon sharon shaun shawn sheila shelley
    sherry shirley shiv shreya sidney siegfried sienna silvia silvio simon simona simone siobhan sofia solomon sonia
    sophia sophie spencer stacey stacy stan stanislav stanley stefan stefano stella stephan stephanie stephen steve
    steven stewart stuart subhash sue suella sultan sunil suresh surinder susan susanna susie suzanne sven sveta
    svetlana syed sylvia sylvie tabitha taha tamara tammy tania tanya tara tariq tatiana taylor ted terence teresa
    terry tess thea thelma theo theodore theresa therese thierry thomas tiago tiffany tim timothy tina tobias toby
    todd tom tomas tomás tommy toni tony tracey tracy travis trevor tricia trish tristan tucker tyler tyrone umar
    ursula usha uwe valentina valeria valerie vanessa vasily venkat vera vernon veronica vicente vicki vicky victor
    victoria vijay vikram viktor viktoria vince vincent vinod viola violet virginie vitali vivek vivian vivienne vlad
    vladimir volodymyr wade wallace walter wanda warren wayne wendy werner wes wesley whitney wilbur wilfred wilhelm
    willem william willie wilson winston wolfgang xavier xiaoping yael yair yan yasmin yasser yoav yolanda yosef
    youssef yuan yuki yulia yuri yusuf yvette yvonne zach zachary zack zadie zahra zainab zara zeina zeke zoe zoey
    zoltan zuzana ada satya sundar tedros xi kyrie lebron kanye beyonce novak rafa virat sachin shubman ange pep erling
    kylian tulsi pramila ayanna rishi nadhim priti aung nguyen tran minh thi jae sung hyun young-ho jong shinzo naoto
    yoshihide taro ichiro kenji satoshi haruki emiko mohd siti nur mahathir najib fahmi rafizi azmin zahid tengku wan
    nawaz shehbaz bilawal omer yossi benny itzhak yitzhak shlomo moshe avigdor bezalel yahya djibril sergiu wojciech
    krzysztof lukasz zbigniew vaclav ondrej jiri kaja mette ulf pekka sauli alar gitanas ingrida maia
    evika krisjanis""".split()
)
SURNAMES = frozenset(
    """smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson
    anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis
    robinson walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera
    campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart
    morris morales murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim
    cox ward richardson watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo
    sanders patel myers long ross foster jimenez powell jenkins perry russell sullivan bell coleman butler
    henderson barnes gonzales fisher vasquez simmons romero jordan patterson alexander hamilton graham reynolds
    griffin wallace moreno west cole hayes bryant herrera gibson ellis tran medina aguilar stevens murray ford
    castro marshall owens harrison fernandez mcdonald woods washington kennedy wells vargas henry chen freeman
    webb tucker guzman burns crawford olson simpson porter hunter gordon mendez silva shaw snyder mason dixon
    munoz hunt hicks holmes palmer wagner black robertson boyd stone salazar fox warren mills meyer rice schmidt
    garza daniels ferguson nichols stephens soto weaver ryan gardner payne grant dunn kelley spencer hawkins
    arnold pierce hansen peters santos hart bradley knight elliott cunningham duncan armstrong hudson carroll lane
    riley andrews alvarado ray delgado berry perkins hoffman johnston matthews pena richards contreras willis
    carpenter lawrence sandoval khan singh kumar sharma gupta shah ali ahmed hussain hussein hassan begum wang li
    zhang liu yang huang zhao wu zhou xu sun park choi jung kang cho tanaka suzuki sato watanabe ito yamamoto
    muller müller schneider fischer weber becker schulz dubois bernard moreau laurent rossi russo ferrari bianchi
    ivanov petrov jansen bakker johansson andersson nilsson larsen nielsen jensen novak kowalski papadopoulos
    cohen levy mizrahi goldberg katz friedman rosenberg o'brien o'connor byrne walsh doyle mcbride mccarthy biden
    trump obama clinton bush pence desantis haley ramaswamy pelosi schumer mcconnell scalise jeffries gaetz greene
    romney blinken austin yellen garland sunak starmer truss braverman cameron reeves badenoch farage corbyn
    sturgeon yousaf macron scholz merkel meloni orban orbán erdogan erdoğan putin zelensky zelenskyy zelenskiy
    lavrov medvedev prigozhin shoigu netanyahu gantz gallant lapid abbas haniyeh sinwar nasrallah khamenei raisi
    modi gandhi kejriwal jaishankar jinping mao kishida trudeau poilievre albanese dutton lula bolsonaro milei
    massa petro maduro boric piñera kast bachelet duterte marcos ardern hipkins luxon musk bezos zuckerberg gates
    altman nadella pichai murdoch soros buffett swift kelce beckham messi ronaldo mbappe haaland kane djokovic
    nadal federer alcaraz spears beyonce drake kardashian markle epstein weinstein bankman-fried navalny assange
    snowden thunberg guterres tedros lagarde leyen borrell stoltenberg rutte tusk duda sánchez""".split()
)
