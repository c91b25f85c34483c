"""How common everyday news words are, before any record has been read: the sane first night.

A small hand-made table in three tiers. It stands for `DOCUMENTS` imagined news items, of which a word of a tier occurs
in the share given there. It holds no names: what is a rare name and what is not, only the records can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.language.words import stem

DOCUMENTS = 4000

_EVERY_FEW = """
said say says new year years people time day days first one two three week weeks last month months make made take took
report reported reports get show world back like according news know come still next just
"""

_COMMON = """
man woman men women police officials official government country state city home house life work working way good best
top big high long old group company business market game team play player season win won lost lead fight find found
help use used using need want look think tell told call called say give given keep set put end start started began
begin run open close move change plan plans part place point case fact number many much million billion percent
thousand hundred four five six seven eight nine ten half second third minister president leader party election vote
law court judge former public national international local force forces war attack attacked killed kill dead death die
died injured hit fire shot shooting school student family child children son daughter mother father wife husband
friend night morning today yesterday tomorrow sunday monday tuesday wednesday thursday friday saturday january
february march april june july august september october november december hour hours minute minutes ago early late
later near area south north east west region street road car water food money price cost pay deal trade bank service
services health hospital doctor study research science technology tech online video photo image post media social
press statement interview story book film movie music star fans fan show series watch release released update launch
launched announce announced announcement expect expected likely warn warned warning claim claimed accuse accused
charge charged arrest arrested investigate investigation question answer ask asked reveal revealed share shared left
right face faces see seen saw meet meeting met talk talks speak spoke speech visit support power rights security
safety issue problem crisis concern fear risk threat threatened pressure future history live living member members
staff worker workers job jobs chief head director executive officer spokesman spokeswoman secretary general major
minor small large great real better worse bad hard easy free full short several least around across against within
including amid despite without following due among along since while even never always often already another every
each few
"""

_FAMILIAR = """
ability accept access accident account act action actor actress address administration admit adult advice affair
agency agent agree agreement ahead aid aim air aircraft airline airport alert allegation allege alleged allow ally
alone analysis analyst anger animal anniversary annual appeal appear approach approve approval argue argument arm army
arrive artist assault asset association athlete attempt attend attention attorney audience author authority award
aware baby backed balance ball ban band base battle beach beat become behavior believe benefit bid bill birth black
blame block blood board boat body bomb bombing bond border boss bottle boy break breaking brief bring brother brought
budget build building built bus buy buyer campaign camp campus cancel cancer candidate capital captain card care
career carry cash catch cause celebrate center central centre century ceremony chance channel chapter charity check
chemical choice choose church citizen civil civilian claim class clean clear climate climb clinic clock clothes club
coach coal coast code cold collapse collect college color column combat comment commission commit committee common
community compare compete competition complain complaint complete computer conclude condition conference confidence
confirm conflict congress consider construction consumer contact contain contest continue contract contribute control
convict conviction cooperation corner coronavirus correspondent corruption council count county couple course cover
coverage covid crash create credit crew crime criminal critic critical criticism cross crowd cup current custody
customer cut daily damage danger dangerous dark data date dead deadline deadly deal debate debt decade decide decision
declare decline deep defeat defend defence defense degree delay deliver demand democracy democrat democratic
department depend deploy deputy describe deserve design destroy detail detain develop development device diplomat
direct disaster discover discuss disease dismiss display district document dog dollar domestic donate door double
doubt draft drama draw dream dress drink drive driver drone drop drug dry earn earth earthquake easily economic
economy edge editor education effect effort elect electric emergency emission emotional employ employee encourage
enemy energy enforcement engage engine engineer enjoy ensure enter entertainment entire environment equipment escape
essential establish estate estimate evacuate event evidence exactly examine example exchange exclusive execute exist
exit expand expensive experience expert explain explode explosion express extend extra extreme eye facility factor
factory fail failed failure fair faith fall false famous farm farmer fashion fast fatal favor feature federal feel
female festival field figure file filed fill final finally finance financial finish firm fish fit fix flag flee flight
flood floor fly focus follow foot football force forecast foreign forest form formal fort forward foundation frame
fraud freedom fresh front fuel fund funding funeral gain gallery gang gas gather gay gear gender generation gift girl
global goal gold golden grand grant green ground grow growth guard guest guide guilty gun gunman hand handle happen
happy harm hate hear heart heat heavy held hero hide highway hire historic hold holiday hope hopes horror horse host
hostage hot hotel huge human humanitarian hunt hurt ice idea identify illegal immediately immigrant immigration impact
implement important impose improve incident include income increase independent index indict individual industry
infection inflation influence inform information infrastructure initiative injury inmate innocent inside insist
inspire instead institution insurance intelligence intend interest internal internet introduce invest investigator
investor involve island item jail join joint journalist journey judge jump jury justice key kick kid king kitchen
knife lack lady land landmark language large largest launch lawmaker lawsuit lawyer lay leave legacy legal legend
legislation lesson letter level liberal license lie lift light limit line link list listen loan long-term lose loss
lot love low luxury machine magazine mail main maintain male manage management manager mark marriage married mass
massive master match material matter mayor meal mean measure medical medicine memory mental message method midnight
migrant mile military mind mine minute miss missile missing mission mistake mobile model modern moment monitor mood
moon moral mosque motion mountain mouth movement murder museum muslim mystery name nation natural nature navy
negotiate negotiation neighborhood neighbour network newspaper nice none normal note notice nuclear numerous object
offer office oil operate operation opinion opportunity oppose opposition option order organization origin outside
owner owned page pain paint pair panel paper parent park parliament participate partner partnership pass passenger
past path patient pattern peace peaceful peak performance perform period permanent person personal phone photograph
physical pick picture piece pilot plane plant platform plead pleaded pocket poison policy political politician
politics poll poor pop popular population port position positive possible potential poverty practice praise prepare
presence present presidential prevent previous previously prime prince princess prison prisoner private prize probe
process produce product production professional professor profit program programme progress project promise promote
proof property proposal propose prosecutor protect protection protest protester proud prove provide province publish
pull punish purchase push quality quarter queen quick quickly quit race racial radio raid rail rain raise rally range
rank rate rather reach react reaction read ready reality reason rebel recall receive recent recently recession
recommend record recover recovery red reduce reform refugee refuse regime regional register regret regular regulation
regulator reject relation relationship relative release relief religious rely remain remark remember remove rent
repair repeat replace republican request require rescue resident resign resignation resist resolution resource respond
response responsibility rest restaurant restore restriction result retail retire retirement return review revolution
rich ride rise rising rival river rocket role roll romance room rose round route row royal rule ruling rush safe sale
sanction save scale scandal scene schedule scheme scientist score scream screen sea search season seat secret section
sector secure seek sell senate senator send senior sense sentence sentenced separate serious servant serve session
settle settlement severe sex sexual shape shell shift ship shock shop shore shot shoulder shut side sign signal
significant silence similar simple single sister sit site situation size skill sleep slow smart smoke society software
soldier solution someone song soon sort sound source space speaker special speed spend spending spirit split
spokesperson sport spot spread spring staff stadium stage stake stand standard star state station status stay step
stick stock stop store storm strategy stream strength stress strike strikes strong struck structure struggle studio
stuff style subject success successful suddenly sue suffer suggest suicide suit summer summit sunny supply supporter
supreme surface surge surgery surprise surrender survey survive survivor suspect suspend sweep swing system tackle
talent tank target task tax taxpayer teach teacher tear teen teenager television temperature term terror terrorism
terrorist test text thank theater theatre theft theory thing thought threaten ticket tie tiny title together tool
total touch tour tourist tower town track traffic tragedy tragic train training transfer transform transport travel
treat treatment treaty trend trial tribute trick trip troops trouble truck true trust truth try turn twice type union
unit unite university unlikely unveil urge user value van vehicle version veteran victim victory view viewer village
violence violent virus visa visible vision visitor voice volunteer voter wage wait walk wall wanted warm weapon wear
weather website wedding weekend weight welcome welfare white wide wife wild wildfire wind window winner winter wish
witness wonder word worry worth wound wounded write writer wrong yard yellow young youth zone
"""


def _table() -> Mapping[str, float]:
    """Stem -> imagined number of documents that hold it; the commonest tier wins."""
    counts: dict[str, float] = {}
    for words, share in ((_FAMILIAR, 0.006), (_COMMON, 0.02), (_EVERY_FEW, 0.07)):
        for word in words.split():
            counts[stem(word)] = share * DOCUMENTS
    return MappingProxyType(counts)


COUNTS = _table()
