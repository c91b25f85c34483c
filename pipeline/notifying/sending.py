"""Sending through apprise (extra `notify`; BSD-2-Clause): some hundred services, each by one address.

An address holds passwords and tokens. It goes to apprise and nowhere else: what apprise logs is caught, and only a
reason with every part of the address taken out is told.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

import apprise

from pipeline.notifying.ledger import State

_SECONDS = 30.0  # for one sending
_SHORTEST = 4  # characters of a part of an address that are taken out wherever they stand
_REASON = 300  # characters
_TALKATIVE = ("apprise", "urllib3", "requests", "requests_oauthlib", "smtplib")
_SURE = re.compile(  # signs that the other side has not taken the message
    r"error=[345]\d\d|\[Errno (?:111|113|101|-\d+)\]|refused|not known|connect timeout|unreachable|\([45]\d\d, b|"
    r"authentication|certificate|resolve",
    re.IGNORECASE,
)


def problem(address: str) -> str:
    """Why nothing can be sent to `address`, in words that hold no part of it; "" where it can.

    One address is one recipient: with several, some of whom fail, the others would be told twice.
    """
    with _silenced():
        service = apprise.Apprise.instantiate(address, asset=_asset())
    if service is None:
        return "no service has such an address, or a part of it is missing (github.com/caronc/apprise has the forms)"
    if len(service) > 1:
        return "this address names several recipients; write one [[notify]] for each, so that none is told twice"
    return ""


def send(address: str, title: str, body: str) -> tuple[State, str]:
    """Send once. What is known of it then, and why, without any part of `address`. Never raises."""
    wrong = problem(address)
    if wrong:
        return State.FAILED, wrong
    with _silenced() as said:
        try:
            service = apprise.Apprise(asset=_asset())
            service.add(address)
            if service.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT):
                return State.SENT, ""
        except Exception as error:  # of any of a hundred services; none of them may end the night
            said.append(f"{type(error).__name__}: {error}")
    text = " ".join(" ".join(said).split())
    why = discreet(text, address)[:_REASON] or "the service refused it and gave no reason"
    return (State.FAILED, why) if _SURE.search(text) else (State.UNSURE, f"{why}; it may have arrived")


def discreet(text: str, address: str) -> str:
    """`text` without any part of `address`, as it is written or decoded, however it is cut at its punctuation."""
    parts: set[str] = set()
    for form in (address, unquote(address), unquote(unquote(address))):
        parts |= {form, *re.split(r"[\s:/?#\[\]@!$&'()*+,;=\"<>]+", form)}
        parts |= {piece for part in list(parts) for piece in re.split(r"[^\w-]+", part)}
    for part in sorted((part for part in parts if len(part) >= _SHORTEST), key=lambda part: (-len(part), part)):
        text = re.sub(re.escape(part), "...", text, flags=re.IGNORECASE)
    return text


def _asset() -> apprise.AppriseAsset:
    """How apprise works here: alone, without files, without following redirects that would carry a token elsewhere."""
    return apprise.AppriseAsset(
        app_id="Citewire",
        app_desc="Citewire",
        app_url="",
        async_mode=False,
        http_redirects=False,
        allow_templates=False,
        secure_logging=True,
        pgp_autogen=False,
        pem_autogen=False,
        service_timeout=_SECONDS,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )


class _Listening(logging.Handler):
    """Keeps what is said."""

    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self._said.append(record.getMessage())


@contextmanager
def _silenced() -> Iterator[list[str]]:
    """What apprise and its libraries log meanwhile, in place of anybody else hearing it."""
    said: list[str] = []
    listening = _Listening(said)
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [(logger, logger.propagate, logger.level, list(logger.handlers)) for logger in loggers]
    for logger in loggers:
        logger.propagate, logger.handlers = False, [listening]
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some of them quote what they were given
            yield said
    finally:
        for logger, propagate, level, handlers in before:
            logger.propagate, logger.handlers = propagate, handlers
            logger.setLevel(level)
