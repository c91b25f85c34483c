"""The only scripts a site may hold: that of the search page, as it is shipped, and the files of its index.

A file of the index is one call with one JSON value, in ASCII and without "<", so whatever a source wrote stays data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipeline import resources

PAGE, SCRIPT = "search/index.html", "search/search.js"
_CALL = re.compile(r'citewire\.take\("([a-z0-9-]{1,80})",([\x20-\x7e]*)\);\n\Z')


def problems(path: str, text: str) -> Iterator[str]:
    """What is wrong with a script file of a site."""
    if path == SCRIPT:
        if text != resources.text("templates", "search.js"):
            yield "is not the script that is shipped"
        return
    found = _CALL.match(text)
    if found is None or path != f"search/{found[1]}.js" or "<" in text:
        yield "is no script of the search"
        return
    try:
        json.loads(found[2])
    except json.JSONDecodeError as error:
        yield f"holds more than data: {error}"
