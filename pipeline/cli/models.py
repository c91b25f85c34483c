"""`citewire models`: which models play which role, where they are, and whether they answer."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipeline.cli.console import columns, print_json
from pipeline.errors import discreet
from pipeline.settings import load

if TYPE_CHECKING:
    from pipeline.llms.roster import Entry, Tried


def commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Declare the command."""
    made = command("models", models, "which models are configured, and whether they answer")
    made.add_argument("--check", action="store_true", help="ask each of them one question")


def models(args: argparse.Namespace) -> int:
    """Print the configured models; with --check ask each one question. 1 where anything is wrong with one."""
    from pipeline.llms.providers import known_providers  # noqa: PLC0415  heavy, and worker processes import this module
    from pipeline.llms.roster import roster, tried  # noqa: PLC0415

    settings = load(args.config)
    known_providers(settings.served)
    entries = roster(settings.models, settings.served)
    answers = {e.name: tried(e.llm) for e in entries if args.check and e.llm is not None}
    if args.json:
        print_json([_as_json(entry, answers.get(entry.name)) for entry in entries])
    elif not entries:
        print("no model is configured: rules find claims and the extractive writer writes ([models] in citewire.toml)")
    else:
        print("\n".join(columns(_row(entry, answers.get(entry.name)) for entry in entries)))
    wrong = any(e.problem or ((answer := answers.get(e.name)) and answer.fault) for e in entries)
    return 1 if wrong else 0


def _row(entry: Entry, answer: Tried | None) -> tuple[str, ...]:
    key = "with a key" if entry.keyed else "without a key"
    state = entry.problem or (_told(answer) if answer else "not asked (--check asks)")
    place = discreet(entry.address)
    return (entry.name, ", ".join(entry.roles), place, "" if entry.problem else key, _price(entry), state)


def _price(entry: Entry) -> str:
    if entry.problem:
        return ""
    if entry.prices is None:
        return "price unknown: no budget in USD holds it"
    if not (entry.prices.tokens_in or entry.prices.tokens_out):
        return "free"
    return f"{entry.prices.tokens_in:g} in, {entry.prices.tokens_out:g} out, USD per million tokens"


def _told(answer: Tried) -> str:
    if answer.fault:
        return answer.fault
    return f"answers ({answer.usage.tokens} tokens, {answer.usage.cost:.4f} USD; probabilities: {answer.basis})"


def _as_json(entry: Entry, answer: Tried | None) -> dict[str, Any]:
    return {
        "name": entry.name,
        "roles": list(entry.roles),
        "address": discreet(entry.address),
        "keyed": entry.keyed,
        "usd_per_million_in": entry.prices.tokens_in if entry.prices else None,
        "usd_per_million_out": entry.prices.tokens_out if entry.prices else None,
        "problem": entry.problem,
        "answer": asdict(answer) if answer else None,
    }
