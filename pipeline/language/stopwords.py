"""Words that carry no content, per language. Short on purpose: a word that can change a claim's sense is not listed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_EN = """
a about after again all also am an and any are aren't as at be because been before being both but by can could did do
does doing don't during each for from further had has have having he her here hers herself him himself his how i if in
into is isn't it it's its itself just let's me more most my myself nor of off on once only or other our ours ourselves
out over own same she should so some such than that that's the their theirs them themselves then there these they this
those through to too under until up very was we were what when where which while who whom why will with would you your
yours yourself yourselves i'm i've you're we're they're he'll it'll there's may might must shall us via per upon among
"""
_ES = """
a al algo ante antes como con contra cual cuando de del desde donde durante e el ella ellas ellos en entre era es esa
ese eso esta estaba este esto está están fue fueron ha había han hasta hay la las le les lo los me mi mis muy más nos o
os otra otro otros para pero por porque que quien se ser si sin sobre son su sus también te tiene todo todos tras tu un
una unas uno unos y ya yo él ella será sido
"""
_FR = """
a ai au aux avec c ce ces cet cette comme d dans de des du elle elles en entre est et eu il ils j je l la le les leur
leurs lui m ma mais me mes moi mon même n ne nos notre nous on ont ou où par pas plus pour qu que qui s sa se ses si son
sont sur t ta te tes toi ton tu un une vos votre vous y à été être était
"""
_DE = """
aber als am an auch auf aus bei bin bis bist da damit das dass dein dem den der des dessen die dies diese dieser dieses
doch du durch ein eine einem einen einer eines er es für hat hatte hatten haben ich ihm ihn ihr ihre im in ist ja kann
man mehr mein mit nach noch nun nur ob oder ohne sehr sein seine sich sie sind so um und uns unter vom von vor war waren
was wenn wer wie wird wir wird wurde wurden zu zum zur über
"""
_PT = """
a ao aos as com como da das de do dos e ela elas ele eles em entre era essa esse esta este eu foi foram há isso já lhe
mais mas me meu na nas no nos não o os ou para pela pelas pelo pelos por que quem se sem ser seu sua são também te tem
um uma você à às é está
"""
_IT = """
a ad ai al alla alle anche che chi ci come con da dai dal dalla de degli dei del della delle di e ed era essere gli ha
hanno i il in io la le lei li lo loro lui ma mi nel nella non o per più quella quello questa questo se si sia sono su
sua sue sui sul sulla suo tra un una uno è
"""

STOP: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        lang: frozenset(words.split())
        for lang, words in (("en", _EN), ("es", _ES), ("fr", _FR), ("de", _DE), ("pt", _PT), ("it", _IT))
    }
)
