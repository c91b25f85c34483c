"""The takedown file: names and addresses that are never printed, whatever anybody writes.

One entry a line, "#" begins a comment: a name as it is written ("Elena Marsh"), the address of a record
("https://..."), or a domain ("example.org", with everything below it). Names are compared without case, diacritics,
punctuation and possessive, whole words only, also in addresses. A file that cannot be read, or an entry that would
take nearly everything down, is an error: a desk that publishes past a broken file publishes what it was asked not to.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.domain import digest
from pipeline.errors import ConfigurationError
from pipeline.settings import Settings

_SHORTEST, _LONGEST, _MOST = 4, 300, 10_000  # letters of a name, characters of a line, entries
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_TAGS = re.compile(r"<[^<>]*>")
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_APART = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """`text` as words in small letters without diacritics, possessives and punctuation, a space on each side."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    plain = re.sub(r"['’ʼ]s\b", "", plain)
    return f" {_APART.sub(' ', plain).strip()} "


@dataclass(frozen=True)
class Takedown:
    """The entries of a file: names folded, hosts, and addresses without scheme and trailing slash."""

    names: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.hosts or self.addresses)

    @property
    def mark(self) -> str:
        """A hash of the entries, for what has to change with them; "" for none."""
        return digest("takedown", *self.names, "", *self.hosts, "", *self.addresses) if self else ""

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        every = [*self.names, *(folded(host) for host in self.hosts), *(folded(one) for one in self.addresses)]
        listed = "|".join(re.escape(one.strip()) for one in every)
        return re.compile(f"(?<= )(?:{listed})(?= )") if every else None

    def names_in(self, text: str | None) -> tuple[str, ...]:
        """The listed names (folded) that stand in `text`."""
        plain = folded(text or "")
        return tuple(name for name in self.names if name in plain)

    def in_text(self, text: str | None) -> bool:
        """Whether anything listed stands in `text`, as whole words."""
        return bool(text and self._pattern is not None and self._pattern.search(folded(text)))

    def of(self, texts: Iterable[str]) -> Takedown:
        """The same for texts that belong together: where one names somebody in full, the last name alone counts."""
        met = {name for text in texts for name in self.names_in(text)}
        last = (f" {name.split()[-1]} " for name in self.names if name in met and len(name.split()) > 1)
        more = [one for one in last if len(one) > _SHORTEST]
        return replace(self, names=tuple(dict.fromkeys((*self.names, *more)))) if more else self

    def is_listed(self, address: str | None) -> bool:
        """Whether an address, or the domain it lies under, is listed; or a name stands in it."""
        if not address:
            return False
        parts = urlsplit(address)
        host = (parts.hostname or "").casefold().rstrip(".")
        if any(host == one or host.endswith(f".{one}") for one in self.hosts):
            return True
        return _bare(address) in self.addresses or bool(self.names_in(unquote(address)))

    def in_page(self, body: str) -> bool:
        """Whether anything listed stands in a published file, as it is or as a reader sees it."""
        escaped = _JSON_ESCAPE.sub(lambda m: chr(int(m[1], 16)), body) if "\\u" in body else body
        seen = html.unescape(_TAGS.sub(" ", escaped))
        joined = html.unescape(_TAGS.sub("", escaped))
        return any(self.in_text(text) for text in (escaped, unquote(escaped), seen, joined))


def _bare(address: str) -> str:
    """An address without scheme, "www.", fragment and trailing slash, the host in small letters."""
    parts = urlsplit(address)
    host = (parts.hostname or "").casefold().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def parse(lines: Sequence[str], where: str) -> Takedown:
    """The takedown of some lines. Raises ConfigurationError with the line of the first entry that cannot be meant."""
    names: dict[str, None] = {}
    hosts: dict[str, None] = {}
    addresses: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        entry = line.partition("#")[0].strip() if "://" not in line else line.strip()
        if not entry or entry.startswith("#"):
            continue
        wrong = _wrong(entry)
        if wrong or number > _MOST:
            raise ConfigurationError(
                f"{where}, line {number}: {wrong or 'too many lines'}; nothing is published until it is mended",
                key="desk.takedown",
                fix="one name, address or domain a line",
            )
        if "://" in entry:
            addresses[_bare(entry)] = None
        elif _DOMAIN.fullmatch(entry.casefold()):
            hosts[entry.casefold()] = None
        else:
            names[folded(entry)] = None
    return Takedown(tuple(names), tuple(hosts), tuple(addresses))


def _wrong(entry: str) -> str:
    """What is wrong with an entry; the entry itself is not told, it may be in a log for years."""
    if len(entry) > _LONGEST:
        return f"longer than {_LONGEST} characters"
    if any(unicodedata.category(char)[0] == "C" for char in entry):
        return "holds control characters"
    if "://" in entry:
        return "" if urlsplit(entry).hostname else "an address without a host"
    letters = sum(char.isalnum() for char in folded(entry))
    return "" if letters >= _SHORTEST else f"shorter than {_SHORTEST} letters: it would take nearly everything down"


def of(settings: Settings) -> Takedown:
    """The takedown of a desk; none where none is configured. Raises ConfigurationError as `load` does."""
    return load((settings.root / settings.desk.takedown).resolve()) if settings.desk.takedown else Takedown()


def load(path: Path) -> Takedown:
    """The takedown of a file.

    Raises ConfigurationError for a file that is not there, cannot be read, is not UTF-8 or holds what cannot be meant.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the takedown file {path} cannot be read ({type(error).__name__}); nothing is published without it",
            key="desk.takedown",
            fix="mend the file, or take the setting out",
        ) from None
    return parse(text.splitlines(), str(path))
