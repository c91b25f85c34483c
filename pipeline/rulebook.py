"""The hash of the rules: the code and data that judge sentences, as one number that a bundle can carry.

Whoever repeats a judgement can tell whether it is made under the same rules. The hash is over the files themselves, so
it is the same wherever this version of Citewire is installed, and another one after any change to them.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from pipeline.domain import digest

_JUDGING = ("pipeline.gate", "pipeline.language", "pipeline.people")  # all that decides on a sentence
_READ = (".py", ".toml", ".txt", ".tsv", ".csv", ".json", ".jsonl")


@cache
def rules() -> str:
    """Hash of the code and data that judge sentences, the shipped support model's weights included."""
    parts: list[str] = []
    for package in _JUDGING:
        for path, text in _files(resources.files(package), package):
            parts += [path, text]
    return digest("rules", *parts, size=32)


def _files(folder: Traversable, name: str) -> list[tuple[str, str]]:
    """Path and text of the files below a folder, by path."""
    found: list[tuple[str, str]] = []
    for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if one.is_dir() and one.name != "__pycache__":
            found += _files(one, f"{name}/{one.name}")
        elif one.name.endswith(_READ):
            found.append((f"{name}/{one.name}", one.read_text(encoding="utf-8")))
    return found
