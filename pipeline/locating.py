"""Where a key stands in the text of a TOML file, for messages that name file and line."""

from __future__ import annotations

import re

_TABLE = re.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]\]?")
_KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*=""")


def line_of(text: str, loc: tuple[int | str, ...]) -> int | None:
    """Line of the key at `loc` (names and numbers of tables), or of its table's header; None for the whole file."""
    if not loc:
        return None
    table, index, key = str(loc[0]), next((part for part in loc if isinstance(part, int)), None), str(loc[-1])
    current, seen, header = "", -1, None
    for number, line in enumerate(text.splitlines(), 1):
        if opened := _TABLE.match(line):
            current = opened.group(1)
            seen += current == table
            if current == table and index in (None, seen):
                header = number
        elif (named := _KEY.match(line)) and key in named.groups():
            in_place = current == table and index in (None, seen)
            if in_place or (len(loc) == 1 and current == ""):
                return number
    return header
