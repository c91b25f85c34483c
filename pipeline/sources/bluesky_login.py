"""A login at an atproto server (PDS): made with an app password, refreshed, reused, and kept in the vault.

https://docs.bsky.app/docs/api/com-atproto-server-create-session: logins are few a day, so that a session is used until
its end, and refreshed after that, before another one is made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.domain import Raw, Source
from pipeline.errors import HttpStatus, ParseError
from pipeline.protocols import Reply
from pipeline.sources import Tools, answers, sessions
from pipeline.sources.listings import answer, explained, with_parameters
from pipeline.sources.sessions import Held, Session

PDS = "https://bsky.social"
_HINT = (
    "nothing was searched. Make an app password (Settings, Privacy and security, App passwords) and compare "
    "BLUESKY_IDENTIFIER and BLUESKY_APP_PASSWORD"
)
_ADVICE = dict.fromkeys((400, 401, 403), _HINT)


@dataclass(frozen=True, slots=True)
class Login:
    """An account at `pds`."""

    tools: Tools
    pds: str
    account: tuple[str, str]
    session: Session

    @staticmethod
    def of(tools: Tools, source: Source) -> Login | None:
        """The login that `source` may use; None where none is configured. Raises ConfigurationError for half of one."""
        names = ("identifier", "identifier_env", "BLUESKY_IDENTIFIER")
        account = sessions.pair(tools, source, names, "BLUESKY_APP_PASSWORD", "a Bluesky account")
        if account is None:
            return None
        pds = answers.base(source, "pds", PDS)
        return Login(tools, pds, account, sessions.of(tools, f"bluesky {pds} {account[0]}"))

    def ask(self, method: str, asked: Mapping[str, str]) -> tuple[Any, Raw]:
        """The JSON value that `method` gives, and its bytes. Raises FetchError or ParseError."""
        url = with_parameters(f"{self.pds}/xrpc/{method}", asked)
        held = self.session.held(_good, self._session)
        try:
            return answer(self.tools, url, headers=sessions.bearer(held["access"]))
        except HttpStatus as error:
            if not _over(error) or not self.session.refused(held, {"refresh": held["refresh"]}):
                raise
        held = self.session.held(_good, self._session)
        return answer(self.tools, url, headers=sessions.bearer(held["access"]))

    def _session(self, before: Held) -> Held:
        """A session: of the refresh token that is held, else of the password. Raises FetchError or ParseError."""
        token = before.get("refresh", "")
        if sessions.plain(token) and sessions.lasts(sessions.ends(token)):
            try:
                return _tokens(self._post("refreshSession", b"", sessions.bearer(token)))
            except ParseError:
                pass  # a login gives another one
            except HttpStatus as error:
                if not _over(error):
                    raise
        name, password = self.account
        body = json.dumps({"identifier": name, "password": password}).encode()
        with explained(f"The login of {name} at {self.pds}", _ADVICE, password):
            return _tokens(self._post("createSession", body))

    def _post(self, method: str, body: bytes, headers: Mapping[str, str] | None = None) -> Reply:
        return self.tools.fetcher.post(f"{self.pds}/xrpc/com.atproto.server.{method}", body, headers=headers)


def _over(error: HttpStatus) -> bool:
    """Whether a refusal means that the token has ended: atproto servers say so with 400 and a name (ExpiredToken)."""
    return error.status == 401 or (error.status == 400 and (not error.body or b"Token" in error.body))


def _tokens(reply: Reply) -> Held:
    given = answers.read(reply)
    access, refresh = answers.text(given, "accessJwt"), answers.text(given, "refreshJwt")
    if not sessions.plain(access) or not sessions.plain(refresh):
        raise ParseError("the login gave no session; nothing was searched. Check the address in `pds`")
    return {"access": access, "refresh": refresh}


def _good(held: Held) -> bool:
    """Whether the access token can still be used; one that does not tell its end is taken at its word."""
    access = held.get("access", "")
    end = sessions.ends(access)
    return sessions.plain(access) and bool(held.get("refresh")) and (end == 0.0 or sessions.lasts(end))
