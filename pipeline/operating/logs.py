"""Logs: a JSON object a line for machines, plain lines for people; neither holds a secret or can steer a terminal.

One source that logs in a loop does not fill a disk: of one message at most MOST are written, and the last says so.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from pipeline.errors import discreet
from pipeline.events import LOGGER

FORMATS = ("text", "json")
MOST = 200  # lines of one message in one process
_LONGEST = 4000  # characters of one value
_SHORTEST = 6  # a secret that is shorter would tear holes into every line
_SECRET = re.compile(r"(KEY|TOKEN|SECRET|PASS|PASSWORD|PASSWD|CREDENTIALS?|AUTH|WEBHOOK|ADDRESS)(_FILE)?\Z")
_HEADER = re.compile(
    r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(\W{1,4})(?:(?:basic|bearer)\s+)?[^\s,;'\"]+"
)


def secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Values of variables that by their names are secrets, and the texts of files that such variables name."""
    found = set()
    for name, value in environ.items():
        if not _SECRET.search(name.upper()):
            continue
        found.add(value)
        if name.endswith("_FILE"):
            try:
                found.add(Path(value).read_text(encoding="utf-8").strip())
            except (OSError, UnicodeDecodeError):
                continue
    return tuple(sorted((value for value in found if len(value) >= _SHORTEST), key=lambda value: (-len(value), value)))


class Redactor:
    """Takes out of any text what must not stand in a log."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = tuple(known)

    def __call__(self, text: str) -> str:
        """`text` without known secrets, logins and keys of addresses, and headers that carry either."""
        for value in self._known:
            text = text.replace(value, "***")
        return _HEADER.sub(r"\1\2***", discreet(text))[:_LONGEST]


class JsonLines(logging.Formatter):
    """A record as one JSON object: at, level, event, the run, the event's fields; no traceback, no local variable."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact, self._run = redact, ""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without its end."""
        fields: dict[str, Any] = dict(getattr(record, "fields", {}))
        event = record.msg if fields or record.name == LOGGER.name else "log"
        if event == "run.began":
            self._run = str(fields.get("run", ""))
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "level": record.levelname.lower(),
            "event": event,
        }
        if self._run:
            told["run"] = self._run
        if event == "log":
            told |= {"logger": record.name, "message": record.getMessage()}
        if record.exc_info and record.exc_info[1] is not None:
            told |= {"error": f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"}
        if event == "run.ended":
            self._run = ""
        return json.dumps(self._clean({**told, **fields}), ensure_ascii=True, default=str)

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, Mapping):
            return {self._redact(str(key)): self._clean(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(one) for one in value]
        return value


class PlainLines(logging.Formatter):
    """A record as one line for people, whatever line ends and control characters its words came with."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(levelname)s %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """One line, without its end."""
        record = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        text = self._redact(super().format(record))
        return "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)


class Bounded(logging.Filter):
    """Lets a message pass `MOST` times; the last of them says that it is the last. Of foreign packages only warnings.

    A library may have set a level of its own, which passes by that of the root.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: Counter[tuple[str, object]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        if record.name == LOGGER.name:
            return True  # as many as there are sources and stages
        if record.levelno < logging.WARNING and record.name.partition(".")[0] != "pipeline":
            return False
        key = (record.name, record.msg)
        self._seen[key] += 1
        if self._seen[key] == MOST:
            record.msg = f"{record.msg} (said {MOST} times; not said again)"
        return self._seen[key] <= MOST


def configure(
    kind: str, level: int, environ: Mapping[str, str], stream: TextIO | None = None
) -> list[tuple[logging.Logger, logging.Handler]]:
    """Send what is logged to stderr, as `kind` of FORMATS; which handlers were added to which loggers.

    Foreign packages are heard from "warning" on. What an earlier call added in this process goes first.
    """
    release(_added)
    redact = Redactor(secrets(environ))
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(redact) if kind == "json" else PlainLines(redact))
    handler.addFilter(Bounded())
    root = logging.getLogger()
    _added.append((root, handler))
    if kind == "json":
        _added.append((LOGGER, handler))
    for logger, one in _added:
        logger.addHandler(one)
    handler.setLevel(level if kind == "json" else logging.NOTSET)
    root.setLevel(logging.WARNING)
    logging.getLogger("pipeline").setLevel(level)
    return list(_added)


def release(added: list[tuple[logging.Logger, logging.Handler]]) -> None:
    """Take handlers away again."""
    for logger, handler in added:
        logger.removeHandler(handler)
    added.clear()


_added: list[tuple[logging.Logger, logging.Handler]] = []
