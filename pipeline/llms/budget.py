"""What a night's calls may take, in money, tokens and calls: for all together, for each role, for each source.

A call is entered with an estimate before it is made and refused where it would go over a limit; when it is done, what
it really took stands in place of the estimate. Answers kept from before never come here. Safe between threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.errors import BudgetExhausted, ModelError
from pipeline.llms.around import Answer, Around, Load
from pipeline.llms.pricing import FREE, Prices
from pipeline.protocols import LLM, NOTHING, Usage

__all__ = ["BudgetedLLM", "Ledger", "Limit"]


@dataclass(frozen=True, slots=True)
class Limit:
    """Most USD, tokens and calls; None: no such limit."""

    cost: float | None = None
    tokens: int | None = None
    calls: int | None = None

    def exceeded(self, spent: Usage, more: Usage) -> str:
        """What of this limit `more` would go over after `spent`, in words; "" where it fits.

        A call that may cost something finds no room in a limit that is reached to the cent; a free one does.
        """
        whole = spent + more
        if self.cost is not None and more.cost > 0 and whole.cost > self.cost:
            return f"{self.cost:.2f} USD"
        if self.tokens is not None and whole.tokens > self.tokens:
            return f"{self.tokens:,} tokens"
        if self.calls is not None and whole.calls > self.calls:
            return f"{self.calls:,} calls"
        return ""


class Ledger:
    """What a night has taken so far. `limits` by scope: "night", a role, or "source" for each source by itself."""

    def __init__(self, limits: Mapping[str, Limit]) -> None:
        self._limits = dict(limits)
        self._spent: dict[tuple[str, str], Usage] = {}  # (scope, name) -> taken or entered
        self._models: dict[tuple[str, str], Usage] = {}  # (role, model) -> really taken
        self._lock = threading.Lock()

    def enter(self, role: str, source: str, estimate: Usage) -> None:
        """Enter a call before it is made. Raises BudgetExhausted, and enters nothing, where a limit forbids it."""
        with self._lock:
            for scope in self._scopes(role, source):
                over = self._limits.get(scope[0], Limit()).exceeded(self._spent.get(scope, NOTHING), estimate)
                if over:
                    raise BudgetExhausted(
                        f"{_whose(scope)} model budget of {over} would be gone over after "
                        f"{self._spent.get(scope, NOTHING).calls} calls",
                        of_source=scope[0] == "source",
                    )
            self._add(role, source, estimate)

    def settle(self, role: str, source: str, model: str, estimate: Usage, taken: Usage) -> None:
        """Put what a call took in place of its estimate."""
        with self._lock:
            self._add(role, source, taken - estimate)
            self._models[role, model] = self._models.get((role, model), NOTHING) + taken

    def taken(self) -> Mapping[tuple[str, str], Usage]:
        """What each model took so far, by role and name, sorted."""
        with self._lock:
            return dict(sorted(self._models.items()))

    def _add(self, role: str, source: str, usage: Usage) -> None:
        for scope in self._scopes(role, source):
            self._spent[scope] = self._spent.get(scope, NOTHING) + usage

    @staticmethod
    def _scopes(role: str, source: str) -> list[tuple[str, str]]:
        return [("night", ""), (role, ""), *([("source", source)] if source else [])]


class BudgetedLLM(Around):
    """A model whose calls are entered into a ledger before they are made."""

    def __init__(self, inner: LLM, ledger: Ledger, role: str, prices: Prices | None) -> None:
        super().__init__(inner)
        self._ledger, self._role, self._prices = ledger, role, prices or FREE

    def _through(self, call: Callable[[], Answer], load: Load) -> Answer:
        """Raises BudgetExhausted instead of calling where the estimate does not fit."""
        most = self._prices.of(load.tokens_in, load.tokens_out)
        estimate = Usage(load.tokens_in, load.tokens_out, 1, most)
        self._ledger.enter(self._role, load.source, estimate)
        taken = estimate  # of an error that nobody expected, as if all had been used
        try:
            answer = call()
            taken = answer.usage
        except ModelError as error:
            taken = Usage(*error.took, max(error.calls, 0), self._prices.of(*error.took))
            raise
        finally:
            self._ledger.settle(self._role, load.source, self.name, estimate, taken)
        return answer


def _whose(scope: tuple[str, str]) -> str:
    kind, name = scope
    return {"night": "the night's", "source": f"the source {name!r}'s"}.get(kind, f"the role {kind}'s")
