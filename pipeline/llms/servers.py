"""What is known of a provider before anything is configured, and what a call needs once it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.errors import ConfigurationError
from pipeline.llms.pricing import Prices, prices
from pipeline.roles import ServedSettings
from pipeline.settings import secret

__all__ = ["NO_KEY", "Known", "Served", "Server", "resolve"]

NO_KEY = "none-needed"  # what kits send that insist on a key where the server wants none


@dataclass(frozen=True, slots=True)
class Known:
    """A provider: its address and key variable; `own` servers are one's own, free and without a key.

    `listed`: its name in the price list, where that is another.
    """

    provider: str
    base_url: str
    key_env: str
    own: bool = False
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Where one model answers, with its key, which no repr shows; `prices` None: nobody knows them."""

    provider: str
    model: str
    base_url: str
    key: str = field(repr=False)
    prices: Prices | None

    @property
    def name(self) -> str:
        """Provider and model, as configured."""
        return f"{self.provider}:{self.model}"


class Served:
    """What every model at a server tells of itself."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def name(self) -> str:
        """Provider and model, as configured."""
        return self._server.name

    @property
    def server(self) -> Server:
        """Where it is served."""
        return self._server

    @property
    def prices(self) -> Prices | None:
        """What its tokens cost; None where nobody knows."""
        return self._server.prices


def resolve(known: Known, model: str, served: ServedSettings) -> Server:
    """The server of `model`. Raises ConfigurationError where a key is needed and there is none."""
    variable = served.key_env or known.key_env
    key = secret(variable) or ""
    own = known.own or (bool(served.base_url) and served.base_url != known.base_url)
    if not key and not own:
        raise ConfigurationError(
            f"{known.provider}:{model} needs a key in the environment variable {variable}, or in a file of mode 0600 "
            f"that {variable}_FILE names",
            key="models",
            fix=f"export {variable}_FILE=/path/to/key   (or leave the model out of [models])",
        )
    found = prices(known.listed or known.provider, model, served, own=own)
    return Server(known.provider, model, served.base_url or known.base_url, key, found)
