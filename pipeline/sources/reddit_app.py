"""A Reddit app: its token, its quota, and what it asks of the API (https://github.com/reddit-archive/reddit/wiki/OAuth2).

Application-only OAuth: id and secret give a token for an hour or a day, kept in memory and in the vault until its end.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pipeline.domain import Raw, Source
from pipeline.errors import HttpStatus, ParseError
from pipeline.protocols import Reply
from pipeline.sources import Tools, answers, sessions
from pipeline.sources.listings import raw_of
from pipeline.sources.sessions import Held, Session

TOKEN = "https://www.reddit.com/api/v1/access_token"  # noqa: S105  an address
_UNAUTHORISED = 401
_BUSY = 429


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
        """The JSON value of `path`, and its bytes.

        Raises FetchError or ParseError; HttpStatus 429 while the quota is used up.
        """
        self.session.check_open("the Reddit app")
        url = f"{self.base}{path}.json?" if path != "/" else f"{self.base}/.json?"
        url += urlencode({**asked, "raw_json": "1"})
        held = self._held()
        try:
            reply = self._get(url, held)
        except HttpStatus as error:
            if error.status != _UNAUTHORISED or not self.session.refused(held, {}):
                raise
            reply = self._get(url, self._held())
        if _number(reply.headers, "x-ratelimit-remaining", 1.0) < 1:
            self.session.pause(_number(reply.headers, "x-ratelimit-reset", 60.0))
        return answers.read(reply), raw_of(reply)

    def spent(self) -> float:
        """Seconds until the quota allows another request; 0 for now."""
        return self.session.closed_for()

    def _get(self, url: str, held: Held) -> Reply:
        limit = self.tools.settings.max_feed_bytes
        try:
            return self.tools.fetcher.get(
                url, limit=limit, accept=answers.ACCEPT, home=True, headers=sessions.bearer(held["token"])
            )
        except HttpStatus as error:
            if error.status == _BUSY:
                wait = error.retry_after or _number(error.headers, "x-ratelimit-reset", 60.0)
                self.session.pause(wait)
                raise HttpStatus(
                    f"{error} (its quota opens again in {wait:.0f} s)",
                    status=_BUSY,
                    retry_after=wait,
                    headers=error.headers,
                ) from None
            raise

    def _held(self) -> Held:
        return self.session.held(_good, self._token)

    def _token(self, _: Held) -> Held:
        """A new token. Raises FetchError or ParseError."""
        body = urlencode({"grant_type": "client_credentials"}).encode()
        try:
            reply = self.tools.fetcher.post(
                self.token_url,
                body,
                content_type="application/x-www-form-urlencoded",
                headers=sessions.basic(*self.client),
            )
        except HttpStatus as error:
            if error.status not in (400, 401, 403):
                raise
            raise HttpStatus(
                f"Reddit refused the app's login ({error.status}); nothing was asked. Compare REDDIT_CLIENT_ID and "
                "REDDIT_CLIENT_SECRET with https://www.reddit.com/prefs/apps",
                status=error.status,
                headers=error.headers,
            ) from None
        answer = answers.read(reply)
        token, lasting = answers.text(answer, "access_token"), answers.value(answer, "expires_in")
        if not sessions.plain(token):
            raise ParseError("Reddit gave no token to the app; nothing was asked. Check the kind of app: script or web")
        seconds = min(lasting, 86400) if type(lasting) is int else 3600
        return {"token": token, "ends": str(time.time() + seconds)}


def _good(held: Held) -> bool:
    try:
        return sessions.plain(held.get("token", "")) and sessions.lasts(float(held.get("ends", "0")))
    except ValueError:
        return False


def _number(headers: Mapping[str, str], name: str, default: float) -> float:
    """The number in a header, between 0 and a day; `default` where there is none."""
    try:
        found = float(headers.get(name, "")[:20])
    except ValueError:
        return default
    return min(max(found, 0.0), 86400.0) if not math.isnan(found) else default
