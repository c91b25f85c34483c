"""A Reddit app: its token, and what it asks of the API (https://github.com/reddit-archive/reddit/wiki/OAuth2).

Application-only OAuth: id and secret give a token for an hour or a day, kept in memory and in the vault until its end.
The quota that answers tell in X-Ratelimit-Remaining and -Reset is the fetcher's to keep.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pipeline.domain import Raw, Source
from pipeline.errors import HttpStatus, ParseError
from pipeline.sources import Tools, answers, sessions
from pipeline.sources.listings import answer, explained
from pipeline.sources.sessions import Held, Session

TOKEN = "https://www.reddit.com/api/v1/access_token"  # noqa: S105  an address
_UNAUTHORISED = 401
_HINT = "nothing was asked. Compare REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET with https://www.reddit.com/prefs/apps"
_ADVICE = dict.fromkeys((400, 401, 403), _HINT)


@dataclass(frozen=True, slots=True)
class App:
    """An app that asks the API below `base`."""

    tools: Tools
    base: str
    token_url: str
    client: tuple[str, str]
    session: Session

    @staticmethod
    def of(tools: Tools, source: Source, base: str) -> App | None:
        """The app that `source` may use; None where none is configured. Raises ConfigurationError for half a login."""
        names = ("client_id", "client_id_env", "REDDIT_CLIENT_ID")
        client = sessions.pair(tools, source, names, "REDDIT_CLIENT_SECRET", "a Reddit app")
        if client is None:
            return None
        token_url = answers.base(source, "token", TOKEN)
        return App(tools, base, token_url, client, sessions.of(tools, f"reddit {token_url} {client[0]}"))

    def ask(self, path: str, asked: Mapping[str, str]) -> tuple[Any, Raw]:
        """The JSON value of `path`, and its bytes. Raises FetchError or ParseError."""
        url = f"{self.base}{path}.json?" if path != "/" else f"{self.base}/.json?"
        url += urlencode({**asked, "raw_json": "1"}, errors="replace")
        held = self._held()
        try:
            return self._get(url, held)
        except HttpStatus as error:
            if error.status != _UNAUTHORISED or not self.session.refused(held, {}):
                raise
        return self._get(url, self._held())

    def _get(self, url: str, held: Held) -> tuple[Any, Raw]:
        return answer(self.tools, url, headers=sessions.bearer(held["token"]), home=True)

    def _held(self) -> Held:
        return self.session.held(_good, self._token)

    def _token(self, _: Held) -> Held:
        """A new token. Raises FetchError or ParseError."""
        body = urlencode({"grant_type": "client_credentials"}).encode()
        with explained("Reddit's login of the app", _ADVICE, self.client[1]):
            reply = self.tools.fetcher.post(
                self.token_url,
                body,
                content_type="application/x-www-form-urlencoded",
                headers=sessions.basic(*self.client),
            )
        given = answers.read(reply)
        token, lasting = answers.text(given, "access_token"), answers.value(given, "expires_in")
        if not sessions.plain(token):
            raise ParseError("Reddit gave no token to the app; nothing was asked. Check the kind of app: script or web")
        seconds = min(lasting, 86400) if type(lasting) is int else 3600
        return {"token": token, "ends": str(time.time() + seconds)}


def _good(held: Held) -> bool:
    try:
        return sessions.plain(held.get("token", "")) and sessions.lasts(float(held.get("ends", "0")))
    except ValueError:
        return False
