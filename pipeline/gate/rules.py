"""The rules of the gate, in order: each looks at one statement beside one span and says what is wrong.

Those in `ORDERLY` read who does what to whom from the order of words. Where nothing but them finds fault, parses of
statement and span are asked instead (`pipeline/gate/syntax`).
"""

from __future__ import annotations

from pipeline.gate import bonds, figures, modality, orders, places, portions, roles, scope, substance, times, voices
from pipeline.gate.case import Case, Fault, Rule
from pipeline.gate.syntax.agreement import accused, disagreements
from pipeline.gate.syntax.owners import owned_alike
from pipeline.gate.syntax.standings import denies_alike, firm_alike

Found = tuple[tuple[str, Fault], ...]

RULES: tuple[tuple[str, Rule], ...] = (
    ("attribution", voices.attribution),
    ("told", voices.told),
    ("own word", voices.of_itself),
    ("order", orders.ordered),
    ("quote", substance.quote),
    ("number", figures.number),
    ("bound", figures.bound),
    ("rate", figures.rate),
    ("share", portions.share),
    ("number", portions.part),
    ("place", figures.exchanged),
    ("place", portions.amounting),
    ("range", figures.span_of_values),
    ("date", times.date),
    ("period", times.dated),
    ("name", substance.name),
    ("content", substance.content),
    ("opposite", substance.opposed),
    ("quoted", substance.unquoted),
    ("particular", substance.singled),
    ("polarity", modality.polarity),
    ("aside", modality.refused),
    ("hedge", modality.hedge),
    ("tense", modality.future),
    ("hearsay", modality.passed_on),
    ("condition", scope.condition),
    ("limit", scope.limits),
    ("particle", scope.particle),
    ("extent", scope.extent),
    ("generic", scope.generic),
    ("plural", scope.plural),
    ("whole", scope.whole),
    ("measure", scope.measured),
    ("subject", roles.subject),
    ("object", roles.complete),
    ("order", places.order),
    ("direction", places.direction),
    ("time", places.timing),
    ("object", bonds.direct),
    ("part", bonds.belonging),
    ("phrase", bonds.compound),
    ("head", bonds.headed),
    ("clause", bonds.mixed),
    ("clause", places.strayed),
    ("counted", figures.counted),
    ("clause", figures.within),
    ("opinion", voices.opinion),
    ("allegation", voices.allegation),
)
ORDERLY: frozenset[Rule] = frozenset(
    {
        roles.subject,
        bonds.direct,
        bonds.compound,
        bonds.headed,
        bonds.mixed,
        places.strayed,
        figures.within,
    }
)


READ_AGAIN = frozenset(name for name, rule in RULES if rule in ORDERLY) | {"polarity", "hedge", "tense", "part"}


def faults(one: Case, *, parsed: bool = False) -> Found:
    """What every rule finds in one case, in the order of `RULES`; with `parsed`, who does what to whom, what is denied
    and which modals stand are read from parses of both."""
    if not parsed:
        plainly = tuple((name, fault) for name, rule in RULES for fault in rule(one))
        return plainly or tuple(("subject", fault) for fault in accused(one))
    found = tuple((name, fault) for name, rule in RULES if rule not in ORDERLY for fault in rule(one))
    if any(name == "polarity" for name, _ in found) and denies_alike(one):
        found = tuple((name, fault) for name, fault in found if name != "polarity")
    if any(name in ("hedge", "tense") for name, _ in found) and firm_alike(one, modality.told(one)):
        found = tuple((name, fault) for name, fault in found if name not in ("hedge", "tense"))
    if any(name == "part" for name, _ in found) and owned_alike(one):
        found = tuple((name, fault) for name, fault in found if name != "part")
    return found or tuple(("parse", fault) for fault in disagreements(one))
