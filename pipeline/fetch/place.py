"""Where a request goes: an address that has been checked, taken apart once.

`addresses.safe` decides what an address means and gives it one normal form; the parts are read off that form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline import addresses
from pipeline.errors import AddressRefused

WEB_PORTS = frozenset({80, 443})
_DEFAULT_PORT = {"http": 80, "https": 443}
_LOGIN = re.compile(r"(?<=//)[^/?#\s]*@")


@dataclass(frozen=True, slots=True)
class Place:
    """A checked address without its fragment. `host` has no brackets, `target` is path and query.

    `origin` is what robots.txt and secrets belong to ("https://host:443"). `key` is what pace and closures belong to:
    the host, whatever its scheme; on a port that is not the web's, the server on that port, because only ports of the
    operator's own servers are dialled there and several of these share one machine.
    """

    url: str
    scheme: str
    authority: str
    host: str
    port: int
    target: str
    origin: str
    key: str


def checked(url: str) -> Place:
    """`url` as a place. Raises AddressRefused for what is no plain http or https address."""
    safe = addresses.safe(url)
    if safe is None:
        raise AddressRefused(
            f"refused: {shown(url)!r} is not a plain http or https address; nothing was requested. "
            "Write the address as a browser shows it"
        )
    return _parted(safe.partition("#")[0])


def redirected(here: Place, headers: Mapping[str, str]) -> Place:
    """Where a redirect at `here` leads, checked like any other address. Raises AddressRefused."""
    location = headers.get("location", "").encode("latin-1").decode("utf-8", "replace")
    target = addresses.absolute(location, here.url) if location.strip() else None
    if target is None:
        raise AddressRefused(f"refused: {here.url} redirects to {shown(location)!r}, which is not a web address")
    if here.scheme == "https" and target.startswith("http:"):
        raise AddressRefused(f"refused: {here.url} redirects from https to plain http ({target[:200]})")
    return _parted(target.partition("#")[0])


def shown(address: str) -> str:
    """`address` for a message: cut, and without the login that somebody may have written into it."""
    return _LOGIN.sub("...@", address)[:200]


def _parted(url: str) -> Place:
    scheme, _, rest = url.partition("://")
    authority, _, tail = rest.partition("/")
    host, port = authority, _DEFAULT_PORT[scheme]
    if authority[-1] != "]" and ":" in authority:
        host, _, digits = authority.rpartition(":")
        port = int(digits)
    key = host if port in WEB_PORTS else f"{host}:{port}"
    return Place(url, scheme, authority, host.strip("[]"), port, f"/{tail}", f"{scheme}://{host}:{port}", key)
