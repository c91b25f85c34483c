"""Logins of a run: made once, shared by every source that needs them, and kept in the vault from one run to the next.

A fetcher stands for its run. A login that failed is not tried again in the same run: a wrong password, sent once per
source, locks accounts.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from weakref import WeakKeyDictionary

from pipeline.domain import Source
from pipeline.errors import ConfigurationError, SourceError
from pipeline.protocols import Fetcher
from pipeline.sources import Tools, answers
from pipeline.vault import Vault

Held = Mapping[str, str]
MARGIN = 120.0  # seconds before its end that a token counts as over


class Session:
    """One login. All times are of the real clock, which is the one that servers go by."""

    def __init__(self, vault: Vault | None, name: str) -> None:
        self._vault, self._name = vault, name
        self._lock = threading.Lock()
        self._held: Held | None = None
        self._failed: SourceError | None = None
        self._made = False

    def held(self, good: Callable[[Held], bool], make: Callable[[Held], Held]) -> Held:
        """What the login gave: kept from before where it is still `good`, else of `make`, which gets what was kept.

        Raises what `make` raises, and raises it again for whoever asks later in the run.
        """
        with self._lock:
            if self._failed is not None:
                raise self._failed
            if self._held is None:
                self._held = self._vault.read(self._name) if self._vault else {}
            if not good(self._held):
                try:
                    self._held = make(self._held)
                except SourceError as error:
                    self._failed = error
                    raise
                self._made = True
                if self._vault:
                    self._vault.write(self._name, self._held)
            return self._held

    def refused(self, held: Held, rest: Held) -> bool:
        """The service refuses `held`: keep `rest` of it. False where it is of this run: a new one is no help."""
        with self._lock:
            if self._held is held:
                if self._made:
                    return False
                self._held = rest
            return True


_guard = threading.Lock()
_runs: WeakKeyDictionary[Fetcher, dict[str, Session]] = WeakKeyDictionary()


def of(tools: Tools, name: str) -> Session:
    """The session `name` of the run that `tools` belong to."""
    with _guard:
        return _runs.setdefault(tools.fetcher, {}).setdefault(name, Session(tools.vault, name))


def pair(tools: Tools, source: Source, names: tuple[str, str, str], key: str, what: str) -> tuple[str, str] | None:
    """Name and key of a login; None where neither is set.

    `names`: the option that holds the name itself, the option that names its variable, that variable's default.
    `key`: the default variable of the key, which the option `key_env` overrides. Raises ConfigurationError where only
    one of the two is set, or where an option names a variable that is not.
    """
    option, variable_option, default = names
    variable = answers.option(source, variable_option)
    name = answers.option(source, option) or tools.secret(variable or default)
    secret = answers.key(tools, source, key, what=f"the key of {what}")
    if name and secret:
        return name, secret
    if not name and not secret and not variable:
        return None
    missing = (variable or default) if not name else (answers.option(source, "key_env") or key)
    raise ConfigurationError(
        f"{source.name}: {what} needs a name and a key, and the environment variable {missing} is not set",
        key=f"source.{variable_option if not name else 'key_env'}",
        fix=f"export {missing}=... before the run",
    )


def bearer(token: str) -> dict[str, str]:
    """The header that carries `token`."""
    return {"Authorization": f"Bearer {token}"}


def basic(name: str, key: str) -> dict[str, str]:
    """The header that carries a name and a key (RFC 7617)."""
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{key}".encode()).decode("ascii")}


def plain(token: str) -> bool:
    """Whether `token` can stand in a header: visible ASCII of a sane length."""
    return 0 < len(token) <= 8192 and token.isascii() and token.isprintable() and " " not in token


def ends(token: str) -> float:
    """When a JSON Web Token ends, in seconds since 1970; 0 where it does not say (RFC 7519, `exp`)."""
    parts = token.split(".")
    if len(parts) != 3:
        return 0.0
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return 0.0
    end = answers.value(claims, "exp")
    return float(end) if type(end) in (int, float) and 0 < end < 1e12 else 0.0


def lasts(end: float) -> bool:
    """Whether something that ends at `end` can still be used."""
    return end - MARGIN > time.time()
