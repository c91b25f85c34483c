"""A desk in a folder that has told the sample, for tests of what reads a desk."""

from __future__ import annotations

import contextlib
from pathlib import Path

from factories import NOW, make_signal, sample_claims
from stored import analysed

from pipeline.domain import Weighted
from pipeline.settings import DATABASE, load
from pipeline.stores import open_store
from pipeline.write import write

CONFIGURATION = '[site]\nname = "Harbour Desk"\n[write]\nmin_sentences = 3\n[[beat]]\nname = "Energy"\n'


def told(folder: Path, more: str = "") -> Path:
    """The configuration file of a desk in `folder` with records, a signal and a story; `more` ends the file."""
    file = folder / "citewire.toml"
    file.write_text(CONFIGURATION + more, encoding="utf-8")
    settings = load(file)
    settings.output_path.mkdir()
    with contextlib.closing(open_store(settings.output_path / DATABASE)) as store:
        analysed(store)
        fired = make_signal(id="gaa11" + "0" * 12, evidence=(Weighted(sample_claims()[1].id, 0.75, "an origin"),))
        store.save_signals([fired], NOW)
        write(store, settings, llm=None, now=NOW)
    return file
