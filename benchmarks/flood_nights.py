"""Which floods stand in the nights of a desk's own store, and which groups of alike texts do not count as one.

    python benchmarks/flood_nights.py DATABASE --from 2023-10-08 --days 7 [--whole]

Reads the storylines as they stand now (a copy of DATABASE is opened) and looks at every day's window as the stage does
at the midnight after it. `--whole` takes all records of a day for one storyline, which asks more of the rules than
any night does.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import addresses
from pipeline.detectors import floods
from pipeline.detectors.frame import About, Arrival, History, Subject, Window
from pipeline.evening import arrival, as_series
from pipeline.protocols import Store
from pipeline.settings import SignalSettings
from pipeline.stores import open_store

DAY = timedelta(days=1)


def window(store: Store, end: datetime, *, whole: bool) -> Window:
    """The day before `end`, by storyline, or all of it as one."""
    ids = store.arrivals(end - DAY, end)
    origins, lines = store.origins_of(ids), store.storylines_of_records(ids)
    found: dict[Subject, list[Arrival]] = defaultdict(list)
    for key, record in sorted(store.records(ids).items()):
        for line in ["day"] if whole else lines.get(key, ()):
            found[Subject(About.STORYLINE, line)].append(arrival(record, origins.get(key, key)))
    night = Window(end - DAY, end, arrivals=found)
    records = store.records(floods.candidates(night)).values()
    chosen = {addresses.registrable(state.address) or "" for state in store.health().values() if state.address}
    since = store.sites(floods.site_of(record) for record in records)
    return replace(night, prints=floods.prints(records, since, chosen))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each night's flags and groups."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("database", type=Path)
    parser.add_argument("--from", dest="first", type=datetime.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--whole", action="store_true")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(shutil.copy(args.database, folder)))
        for number in range(1, args.days + 1):
            end = args.first.replace(tzinfo=UTC) + number * DAY
            night = window(store, end, whole=args.whole)
            hourly = store.hourly(About.STORYLINE.value, end - 28 * DAY, end - DAY, end)
            past = History(since=end - 30 * DAY, series={About.STORYLINE: as_series(About.STORYLINE, hourly)})
            found = floods.find(night, past, SignalSettings())
            large = [some for some in night.arrivals.values() if len(some) >= floods.LEAST]
            records = sum(map(len, night.arrivals.values()))
            print(f"{end - DAY:%Y-%m-%d} {records:>5} records, {len(large)} large storylines, {len(found)} flagged")
            for flood in found:
                print(f"    flagged: {floods.summary(flood)}")
            for some in large:
                for group, _ in floods.groups(some, night.prints):
                    voices = Counter(night.prints[one.record_id].voice for one in group)
                    print(f"    {len(group)} alike of {len(voices)} voices, {voices.most_common(1)[0][1]} of one")
        store.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
