"""Reading together: several workers share the sources of a desk, and one of them stores what all have read.

What crosses from one to another is what a source said and what stands behind its links. Everything that depends on
other sources is decided by the one that stores, over all of them, so the desk holds what a single worker had given it.
"""

from __future__ import annotations

from pipeline.protocols.sharing import Claimed, Duty, Workers
from pipeline.sourcing import handing
from pipeline.sourcing.choosing import Read
from pipeline.sourcing.night import Reading
from pipeline.sourcing.reading import Round, lane


def share(reading: Reading, round_: Round, workers: Workers) -> list[Read] | None:
    """Every source that is asked, by this worker and the others; None where one of those has stored it all."""
    night, plan = reading.night, reading.plan
    workers.join(plan.lanes)
    duty = Duty.WAIT
    while duty is Duty.WAIT:
        with workers.claim(night.settings.hosts) as claim:
            if claim is not None:
                _hand_over(reading, round_, claim)
        if claim is None:
            night.checkpoint("ingest.waiting")
            duty = workers.duty()
    if duty is Duty.LEAVE:
        return None
    named = {source.name: source for source in plan.sources}
    reads = []
    for name, handed in sorted(workers.handed().items()):
        if name in named:
            read, pages = handing.unpacked(named[name], handed)
            reading.behind(read)
            round_.found(pages)
            reads.append(read)
    return reads


def _hand_over(reading: Reading, round_: Round, claim: Claimed) -> None:
    """Read the lanes of a claim, and the pages behind what they list."""
    night = reading.night
    night.checkpoint("ingest.claimed")
    asked = [source for source in reading.plan.asked if lane(source) in claim.lanes]
    reads = round_.sources(asked, reading.cursors(asked), reading.ask, reading.behind)
    behind = {read.source.name: night.pages_of(reading.alone[read.source.name]) for read in reads if read.batch}
    found = {read.source.name: (read, round_.pages(behind.get(read.source.name, ()))) for read in reads}
    night.checkpoint("ingest.handing")  # a worker that has lost its lock hands nothing over
    claim.hand_over({name: handing.packed(read, pages) for name, (read, pages) in found.items()})
    night.checkpoint("ingest.handed")
