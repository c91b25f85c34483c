"""What tokens cost: as configured, else as the list has it that comes with the kit and is never fetched."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.roles import ServedSettings

__all__ = ["FREE", "Prices", "listed", "prices"]

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """USD per million tokens in and out. What providers take off for repeated prompts is left out: an upper bound."""

    tokens_in: float
    tokens_out: float

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """USD for so many tokens."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / _MILLION


FREE = Prices(0.0, 0.0)


def prices(provider: str, model: str, served: ServedSettings, *, own: bool) -> Prices | None:
    """Prices of a model; free where the server is one's `own` and no price is given; None where nobody knows."""
    if served.price_in is not None or served.price_out is not None:
        return Prices(served.price_in or 0.0, served.price_out or 0.0)
    return FREE if own else listed(provider, model)


def listed(provider: str, model: str) -> Prices | None:
    """Prices in the list that comes with the kit (package genai-prices); None for a model that it does not know."""
    from genai_prices import Usage, calc_price  # noqa: PLC0415

    try:
        each = [
            calc_price(usage, model_ref=model, provider_id=provider).total_price
            for usage in (Usage(input_tokens=1000), Usage(output_tokens=1000))
        ]
    except (LookupError, ValueError):
        return None
    return Prices(float(each[0]) * 1000, float(each[1]) * 1000)
