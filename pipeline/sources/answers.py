"""What every adapter of a JSON API does: ask, and read values that may be of any type, or missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipeline.domain import Source
from pipeline.errors import ConfigurationError, ParseError
from pipeline.protocols import Reply
from pipeline.sources import Tools

ACCEPT = "application/json"


def ask(
    tools: Tools, url: str, *, headers: Mapping[str, str] | None = None, home: bool = False, pace: float = 0.0
) -> Any:
    """The JSON value at `url`; `home` and `pace` as of `Fetcher.get`. Raises FetchError, or ParseError."""
    limit = tools.settings.max_feed_bytes
    return read(tools.fetcher.get(url, limit=limit, accept=ACCEPT, home=home, headers=headers, pace=pace))


def read(reply: Reply) -> Any:
    """The JSON value in `reply`. Raises ParseError."""
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        where = reply.url.partition("?")[0]
        raise ParseError(f"{where} is not JSON ({str(error)[:100]}); check the address") from None


def text(values: object, *path: str) -> str:
    """The string at `path` inside nested objects; "" where there is none."""
    found = value(values, *path)
    return found if isinstance(found, str) else ""


def value(values: object, *path: str) -> Any:
    """Whatever stands at `path` inside nested objects; None where there is nothing."""
    for step in path:
        values = values.get(step) if isinstance(values, Mapping) else None
    return values


def objects(values: object, *path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at `path`; other members are left out."""
    found = value(values, *path)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def counts(values: object, **names: str) -> dict[str, int]:
    """Engagement: shown name -> whole number found under the given key; what is no whole number is left out."""
    found = {name: value(values, key) for name, key in names.items()}
    return {name: number for name, number in found.items() if type(number) is int}


def option(source: Source, key: str, default: str = "") -> str:
    """A text option of `source`."""
    found = source.options.get(key)
    return found.strip() if isinstance(found, str) and found.strip() else default


def base(source: Source, key: str, default: str) -> str:
    """An option that holds the base of an API, without its closing slash; tests and own servers set it."""
    return option(source, key, default).rstrip("/")


def number(source: Source, key: str, default: int, *, most: int) -> int:
    """A whole-number option of `source`, from 1 to `most`."""
    found = source.options.get(key)
    return max(1, min(found, most)) if type(found) is int else default


def key(tools: Tools, source: Source, default: str, *, what: str) -> str | None:
    """The secret in the environment variable that the option `key_env` names, else in `default`.

    Raises ConfigurationError where `key_env` names a variable that is not set: a typo must not become "no key".
    """
    variable = option(source, "key_env")
    found = tools.secret(variable or default)
    if variable and not found:
        raise ConfigurationError(
            f"{source.name}: the environment variable {variable} that should hold {what} is not set",
            key="source.key_env",
            fix=f"export {variable}=... before the run",
        )
    return found
