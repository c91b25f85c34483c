"""In what manner claims speak: their stance and register, where the configuration asks for them.

Both are read off each claim's own words by rules that measure poorly on unseen news (docs/quality.md), so they are off
unless they are asked for; a claim that was not asked has the neutral stance and no register.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pipeline.domain import Claim
from pipeline.language import registers as speech
from pipeline.language import stance

__all__ = ["mannered"]


def mannered(
    claims: Sequence[Claim], lang: str | None, *, stances: bool = False, registers: bool = False
) -> tuple[Claim, ...]:
    """`claims` of a record in language `lang` (None: unknown), in order, with what is asked for."""
    if not (stances or registers):
        return tuple(claims)
    return tuple(
        dataclasses.replace(
            claim,
            stance=stance.classify(claim.text, lang) if stances else claim.stance,
            register=speech.classify(claim.text, lang) if registers else claim.register,
        )
        for claim in claims
    )
