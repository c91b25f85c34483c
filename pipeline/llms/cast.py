"""Who plays which role tonight: every configured model built once, wrapped, and joined into one LLM for each role.

A call passes, in this order: the cache, the budget, pace, retries, the circuit breaker, the model; where all of that
fails, the same of the next model named. A role without a model is played by rules, and so is one whose models all fail.
Pace, breaker and ledger are shared by the roles: two roles of one model wait for each other and count together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pipeline.amends import ModelUse
from pipeline.domain import StageReport
from pipeline.llms.breaker import BreakerLLM
from pipeline.llms.budget import BudgetedLLM, Ledger, Limit
from pipeline.llms.cached import Answers, CachedLLM
from pipeline.llms.fallback import FallbackLLM
from pipeline.llms.guarded import GuardedLLM
from pipeline.llms.pacing import PacedLLM
from pipeline.llms.pricing import FREE, Prices
from pipeline.llms.providers import build, known_providers, served
from pipeline.llms.retrying import RetryingLLM
from pipeline.protocols import LLM, NOTHING
from pipeline.roles import ROLES, LimitSettings, Role, RolesSettings, ServedSettings

__all__ = ["Cast"]


class Cast:
    """The models of one desk for one night.

    Raises ConfigurationError or MissingExtra when it is made: a typo, a missing key or kit stops a night before it
    starts.
    """

    def __init__(
        self, roles: RolesSettings, known: Sequence[ServedSettings] = (), limits: Sequence[LimitSettings] = ()
    ) -> None:
        known_providers(known)
        self._roles = roles
        self._bare = {name: build(name, known) for role in ROLES for name in roles.of(role)}
        self._called = {name: _careful(llm, served(name, known)) for name, llm in self._bare.items()}
        self.ledger = Ledger(_limits(roles, limits))

    def role(self, role: Role, answers: Answers, now: datetime) -> LLM | None:
        """The model of `role`, with the answers kept in `answers`; None where the configuration names none."""
        names = self._roles.of(role)
        if not names:
            return None
        return FallbackLLM(
            [
                CachedLLM(BudgetedLLM(self._called[name], self.ledger, role, self.prices(name)), answers, now)
                for name in names
            ]
        )

    def bare(self) -> Mapping[str, LLM]:
        """Every configured model by name, without cache and budget: for a check that asks it something."""
        return dict(sorted(self._bare.items()))

    def prices(self, name: str) -> Prices | None:
        """What tokens of the model `name` cost; None where nobody knows, and no money is counted."""
        found = getattr(self._bare[name], "prices", FREE)
        return found if isinstance(found, Prices) else None

    def counted(self, stage: Callable[[], StageReport]) -> StageReport:
        """Run a stage; its report says what each model took in it."""
        before = self.ledger.taken()
        report = stage()
        taken = {key: used - before.get(key, NOTHING) for key, used in self.ledger.taken().items()}
        models = tuple(
            ModelUse(*key, used.calls, used.input_tokens, used.output_tokens, round(used.cost, 6))
            for key, used in taken.items()
            if used.calls
        )
        return dataclasses.replace(report, models=models, cost=round(sum(used.cost for used in models), 6))


def _careful(llm: LLM, settings: ServedSettings) -> LLM:
    """A model that is paced, retried and left alone when it is down."""
    retried = RetryingLLM(BreakerLLM(GuardedLLM(llm)), attempts=settings.attempts)
    return PacedLLM(retried, per_minute=settings.per_minute, at_once=settings.at_once)


def _limits(roles: RolesSettings, limits: Sequence[LimitSettings]) -> dict[str, Limit]:
    found = {"night": Limit(roles.budget, roles.tokens or None, roles.calls or None)}
    for limit in limits:
        found[limit.of] = Limit(limit.budget, limit.tokens or None, limit.calls or None)
    return found
