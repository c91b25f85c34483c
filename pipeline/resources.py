"""Where the files that travel with the code lie: prompts, page templates and the example configuration.

In a checkout they are the folders `prompts/` and `templates/` at its root, where people look for them and edit them;
in an installed wheel they stand inside the package. Nothing else computes a path from a module's own place.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import UsageError

_PACKAGE = Path(__file__).parent
_PLACES = {
    "prompts": (_PACKAGE / "_prompts", _PACKAGE.parent / "prompts"),
    "templates": (_PACKAGE / "_templates", _PACKAGE.parent / "templates"),
    "example": (_PACKAGE / "_example", _PACKAGE.parent),
    "figures": (_PACKAGE / "evals",),
    "cards": (_PACKAGE / "renderers" / "cards",),
}


def folder(kind: str) -> Path:
    """The folder of `kind`: "prompts", "templates", "figures" (floors.toml), "cards", "example" (citewire.toml).

    Raises UsageError.
    """
    if kind not in _PLACES:
        raise UsageError(f"no resources of kind {kind!r}; there are {', '.join(sorted(_PLACES))}")
    for place in _PLACES[kind]:
        if place.is_dir():
            return place
    raise UsageError(f"the {kind} folder is missing from this installation; install citewire again")


def text(kind: str, name: str) -> str:
    """Content of the file `name` in the folder of `kind`. Raises UsageError when there is no such file."""
    path = folder(kind) / name
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise UsageError(f"{kind} has no file {name!r}; there are {', '.join(names(kind)) or 'none'}") from None


def data(kind: str, name: str) -> bytes:
    """Content of the file `name`, which is no text, in the folder of `kind`. Raises UsageError where there is none."""
    try:
        return (folder(kind) / name).read_bytes()
    except OSError:
        raise UsageError(f"{kind} has no file {name!r}; install citewire again") from None


def names(kind: str, pattern: str = "*") -> tuple[str, ...]:
    """Names of the files of `kind` that match `pattern`, sorted; "/" separates folders."""
    base = folder(kind)
    found = base.glob(pattern) if kind == "example" else base.rglob(pattern)
    return tuple(sorted(path.relative_to(base).as_posix() for path in found if path.is_file()))
