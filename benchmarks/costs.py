"""What a desk of a given size needs, on paper: workers, desks, memory, storage and money, from measured rates.

    python benchmarks/costs.py [--records 30000 10000000] [--set map_ms=22 ...] [--json]

Every input is in `Rates`, with what it was measured by or that it is assumed; `--set` gives others. Formulas are in
`estimate`, one line each. What one owner decides is not spread over workers, so beyond what one owner can do in a night
the records are those of several desks, each with its own store, parted by beat or language.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace


@dataclass(frozen=True)
class Rates:
    """Inputs. Milliseconds are of one core of the machine in docs/performance.md."""

    fetch_ms: float = 34.0  # parse and extract one page: benchmarks/extracting.py
    map_ms: float = 20.0  # read one record of 2,470 characters: benchmarks/engines.py
    owner_ms: float = 19.0  # decide, store, signal and write, for each record of 100,000: benchmarks/night.py
    embed_ms: float = 0.0  # one dense row: 105 by benchmarks/embedding.py; 0 for the lexical embedder
    record_mib: float = 0.013  # memory of the owner for each record of the night: benchmarks/night.py
    base_mib: float = 400.0  # memory before the first
    page_kb: float = 100.0  # bytes of a page as fetched (assumed)
    store_kb: float = 35.0  # bytes in the store for each record with all that follows from it: benchmarks/night.py
    night_hours: float = 6.0  # in which all must be done (chosen)
    busy: float = 0.7  # share of a core that work gets (assumed)
    kept_days: float = 30.0  # of full texts (chosen)
    memory_mib: float = 8192.0  # of one desk's machine (chosen)
    stories: float = 25.0  # written by a model in a night (settings)
    story_in: float = 8_000.0  # tokens to the model for each, its dossier and rules (assumed)
    story_out: float = 1_500.0  # tokens back (assumed)
    read_in: float = 0.0  # tokens for each record, where a model reads records too: 1,200 for these texts (assumed)
    read_out: float = 0.0  # and back: 400 (assumed)
    core_hour: float = 0.04  # money for an hour of a core (assumed, US dollars)
    gb_month: float = 0.10  # for a gigabyte of disk and month (assumed)
    million_in: float = 1.0  # for a million tokens to the model (assumed)
    million_out: float = 5.0  # and back (assumed)


def estimate(records: int, rates: Rates) -> dict[str, float]:
    """What a day of `records` needs."""
    seconds = rates.night_hours * 3600 * rates.busy
    spread_hours = records * (rates.fetch_ms + rates.map_ms + rates.embed_ms) / 3.6e6
    owner_hours = records * rates.owner_ms / 3.6e6
    by_time = math.ceil(owner_hours * 3600 / seconds)
    by_memory = math.ceil(records * rates.record_mib / max(1.0, rates.memory_mib - rates.base_mib))
    desks = max(1, by_time, by_memory)
    workers = max(1, math.ceil(spread_hours * 3600 / seconds))
    stored_gb = records * rates.store_kb * rates.kept_days / 1e6
    tokens_in = desks * rates.stories * rates.story_in + records * rates.read_in
    tokens_out = desks * rates.stories * rates.story_out + records * rates.read_out
    machines = (spread_hours + owner_hours) / rates.busy * rates.core_hour
    disk = stored_gb * rates.gb_month / 30
    models = (tokens_in * rates.million_in + tokens_out * rates.million_out) / 1e6
    return {
        "records": records,
        "desks": desks,
        "workers": workers,
        "core hours a day": round(spread_hours + owner_hours, 2),
        "owner hours a desk": round(owner_hours / desks, 2),
        "memory of an owner, MiB": round(rates.base_mib + records / desks * rates.record_mib),
        "fetched a day, GB": round(records * rates.page_kb / 1e6, 2),
        "average Mbit/s in the night": round(records * rates.page_kb * 8e-3 / (rates.night_hours * 3600), 2),
        "store of the kept days, GB": round(stored_gb, 1),
        "machines a day": round(machines, 2),
        "disk a day": round(disk, 2),
        "models a day": round(models, 2),
        "money a month": round(30 * (machines + disk + models), 2),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the inputs, then what each size needs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, nargs="+", default=[30_000, 10_000_000])
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="other inputs")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    given = {name: float(value) for name, _, value in (pair.partition("=") for pair in asked.set)}
    unknown = sorted(set(given) - {field.name for field in fields(Rates)})
    if unknown:
        parser.error(f"no such input: {', '.join(unknown)}")
    rates = replace(Rates(), **given)
    found = [estimate(records, rates) for records in asked.records]
    if asked.json:
        print(json.dumps({"inputs": asdict(rates), "rows": found}))
        return
    print("inputs:", ", ".join(f"{name} {value:g}" for name, value in asdict(rates).items()))
    for row in found:
        print(", ".join(f"{name} {value:,}" for name, value in row.items()))


if __name__ == "__main__":
    main()
