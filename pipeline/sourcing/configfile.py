"""citewire.toml as people wrote it: sources are added and addresses changed, and no other letter moves.

The functions that make a new text are pure and check themselves: what the new text means must be what the old one
meant and the change, nothing else. `edit` puts a new text in the old one's place, whole or not at all.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from pipeline.errors import ConfigurationError
from pipeline.settings import Settings, parse

_SOURCE = re.compile(r"""[ \t]*\[\[[ \t]*["']?source["']?[ \t]*\]\]""")
_OF_SOURCE = re.compile(r"""[ \t]*\[{1,2}[ \t]*["']?source["']?[ \t]*\.""")
_HEADER = re.compile(r"[ \t]*\[")
FIRST_KEYS = ("name", "kind", "address", "beat")


def edit(path: Path, change: Callable[[str], str]) -> Settings:
    """Replace the configuration at `path` by `change` of its text, atomically; returns the settings it now holds.

    The caller holds the run lock. Raises ConfigurationError, and then the file stays as it was: where it cannot be read
    or written, and where the new text is no configuration.
    """
    target = path.resolve()  # a link stays a link
    try:
        text = target.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read ({error}); nothing was changed", file=str(path)) from None
    new = change(text)
    settings = parse(new, root=target.parent, file=str(path))
    if new != text:
        _replace(target, new.encode("utf-8"), shown=str(path))
    return settings


def table(entry: Mapping[str, object]) -> str:
    """One [[source]] as TOML, common keys first, ending with a newline."""
    made = tomlkit.table()
    for key in (*FIRST_KEYS, *sorted(entry.keys() - set(FIRST_KEYS))):
        if entry.get(key) is not None:
            made.add(key, tomlkit.item(entry[key]))
    return f"[[source]]\n{made.as_string()}"


def with_sources(text: str, entries: Sequence[Mapping[str, object]], *, file: str) -> str:
    """`text` with a [[source]] for each of `entries`, after its last one; at the end where that place is none.

    Raises ConfigurationError where it has no room for a [[source]], as when `source` is an array in one line.
    """
    if not entries:
        return text
    wanted = _data(text)
    kept = [{key: value for key, value in entry.items() if value is not None} for entry in entries]
    wanted["source"] = [*wanted.get("source", ()), *kept]
    ending = "\r\n" if "\r\n" in text else "\n"
    block = "\n".join(table(entry) for entry in entries).replace("\n", ending)
    lines = text.splitlines(keepends=True)
    for place in (_after_sources(lines), len(lines)):
        head, tail = "".join(lines[:place]), "".join(lines[place:])
        gap = "" if not head else ending if head.endswith(("\n", "\r")) else ending * 2
        new = f"{head}{gap}{block}{tail}"
        if _means(new, wanted):
            return new
    raise ConfigurationError(
        "its sources are not written as [[source]] tables, so none can be added; nothing was changed",
        file=file,
        key="source",
        fix=block.replace(ending, "\n         ").rstrip(),
    )


def with_address(text: str, name: str, address: str, *, file: str) -> str:
    """`text` with the address of the source called `name` replaced. Raises ConfigurationError where there is none."""
    wanted = _data(text)
    places = [n for n, entry in enumerate(wanted.get("source", ())) if entry.get("name") == name]
    if not places:
        raise ConfigurationError(f"no [[source]] is called {name!r}; nothing was changed", file=file, key="source.name")
    wanted["source"][places[0]]["address"] = address
    try:
        document: Any = tomlkit.parse(text)
        document["source"][places[0]]["address"] = address
        new = tomlkit.dumps(document)
    except TOMLKitError:
        new = ""
    if not _means(new, wanted):
        raise ConfigurationError(
            f"the address of {name!r} could not be changed without changing more; nothing was changed",
            file=file,
            key="source.address",
            fix=f"address = {tomlkit.item(address).as_string()}",
        )
    return new


def places(text: str) -> dict[str, int]:
    """Name of each source -> the line on which its [[source]] stands; empty where the file is not written that way."""
    heads = [number for number, line in enumerate(text.splitlines(), 1) if _SOURCE.match(line)]
    names = [str(entry.get("name")) for entry in _data(text).get("source", ())]
    return dict(zip(names, heads, strict=True)) if len(names) == len(heads) else {}


def _after_sources(lines: Sequence[str]) -> int:
    """Number of the line after the last [[source]], its own lines and what is remarked right under them."""
    heads = [n for n, line in enumerate(lines) if _SOURCE.match(line)]
    if not heads:
        return len(lines)
    end = heads[-1] + 1
    while end < len(lines) and (not _HEADER.match(lines[end]) or _OF_SOURCE.match(lines[end])):
        end += 1
    last = max(n for n in range(heads[-1], end) if lines[n].strip() and not lines[n].lstrip().startswith("#"))
    while last + 1 < end and lines[last + 1].strip():
        last += 1
    return last + 1


def _data(text: str) -> dict[str, Any]:
    """What `text` means. Raises ConfigurationError where it is no TOML: a file that no command could read before."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"not TOML: {error}; nothing was changed") from None


def _means(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _replace(target: Path, content: bytes, *, shown: str) -> None:
    """Put `content` in the place of `target`, keeping owner and permissions; a crash leaves the old file or the new."""
    partial = target.with_name(f".{target.name}.tmp")  # one name under the run lock: what a kill leaves is overwritten
    try:
        with partial.open("wb") as file:
            was = target.stat()
            with suppress(PermissionError):  # only root may give files away
                os.fchown(file.fileno(), was.st_uid, was.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(was.st_mode))
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise ConfigurationError(
            f"cannot be written ({error.strerror}); it stays as it was", file=shown, fix="chmod u+w, or free some space"
        ) from None
