"""Delivering a message: to every target that does not have it yet, each for itself, with what came of it in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.errors import CitewireError
from pipeline.notifying.briefing import Message
from pipeline.notifying.ledger import Ledger, State

Send = Callable[[str, str, str], tuple[State, str]]
"""(address, title, body) -> what is known of the sending now, and why in words that hold no part of the address."""

_MAY_HAVE = "an earlier attempt broke off and may have arrived; if it did not: citewire notify --again --to {name!r}"


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to tell. `address` gives the secret address, and raises ConfigurationError where it is missing."""

    name: str
    address: Callable[[], str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one target. `state` is what is known now; `tried` whether anything was sent just now."""

    target: str
    state: State
    tried: bool
    why: str = ""

    @property
    def ok(self) -> bool:
        """Whether the target has the message, as far as anybody can know."""
        return self.state is State.SENT


def deliver(
    message: Message, targets: Sequence[Target], ledger: Ledger, send: Send, *, now: datetime, again: bool = False
) -> tuple[Delivery, ...]:
    """Send `message` to those of `targets` that do not have it, in their order. Raises StoreError.

    With `again` it is also sent where an earlier attempt may have arrived. One that surely failed is tried anyway; one
    that has the message never gets it twice.
    """
    found = []
    for target in targets:
        state = ledger.state(message.key, target.name)
        if state is State.SENT:
            found.append(Delivery(target.name, state, False, "has it already"))
        elif state in (State.BEGUN, State.UNSURE) and not again:
            found.append(Delivery(target.name, state, False, _MAY_HAVE.format(name=target.name)))
        else:
            found.append(_one(message, target, ledger, send, now))
    return tuple(found)


def _one(message: Message, target: Target, ledger: Ledger, send: Send, now: datetime) -> Delivery:
    try:
        address = target.address()
    except CitewireError as error:
        return Delivery(target.name, State.FAILED, False, str(error))
    ledger.enter(message.key, target.name, State.BEGUN, now)
    state, why = send(address, message.title, message.body)
    ledger.enter(message.key, target.name, state, now)
    return Delivery(target.name, state, True, why)
