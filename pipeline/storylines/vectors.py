"""Dense rows and counted words of texts, each made once: kept in the store under the text's hash and a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from pipeline import spill, terms
from pipeline.domain import digest
from pipeline.language import orders
from pipeline.protocols import Embedder, Store
from pipeline.storylines.cluster import finite

_AT_ONCE = 1000  # texts whose words are asked of the store at a time

Rows = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Vectors:
    """`rows` of the asked texts, unit length or zero; `fresh` are those the store does not hold yet (key -> bytes)."""

    rows: Rows
    fresh: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Words:
    """`counts` of the asked texts; `fresh` are those the store does not hold yet (key -> bytes)."""

    counts: terms.Bags
    fresh: Mapping[str, bytes]


class Remembering:
    """An embedder that makes each text's dense row once in its life, whoever asks. Fits protocols.Embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._rows: dict[str, Rows] = {}

    @property
    def name(self) -> str:
        """The name of the embedder that it asks."""
        return self._embedder.name

    def embed(self, texts: Sequence[str]) -> Any:
        """Rows of `texts`: sparse ones are passed on, dense ones remembered."""
        new = sorted({text for text in texts if text not in self._rows})
        if new or not texts:
            made = self._embedder.embed(new)
            if not isinstance(made, np.ndarray):
                return self._embedder.embed(texts)
            self._rows.update(zip(new, made, strict=True))
            if not texts:
                return made
        return np.stack([self._rows[text] for text in texts])


def joined(first: Vectors, second: Vectors) -> Vectors:
    """The rows of `first`, then those of `second`; both of one embedder."""
    return Vectors(np.concatenate([first.rows, second.rows]), {**first.fresh, **second.fresh})


def key(text: str) -> str:
    """Under which a text's row is kept: the hash of the text."""
    return digest("vector", text, size=32)


def dense(embedder: Embedder, texts: Sequence[str], store: Store, *, make: bool = True) -> Vectors | None:
    """Rows of `texts` from the store, else from `embedder`; None where the embedder gives sparse rows.

    Without `make` the embedder is left alone: a text whose row the store lacks has a zero row.
    Kept bytes of a wrong size, and rows that are not finite, count as not kept. Raises ModelError and StoreError.
    """
    probe = embedder.embed([""])
    if not isinstance(probe, np.ndarray):
        return None
    width = int(probe.shape[1])
    keys = [key(text) for text in texts]
    rows = spill.zeros((len(texts), width), np.float32)
    missing: dict[str, str] = {}
    for begin in range(0, len(keys), _AT_ONCE):
        some = range(begin, min(begin + _AT_ONCE, len(keys)))
        kept = store.vectors({keys[at] for at in some}, embedder.name)
        held = [at for at in some if len(kept.get(keys[at], b"")) == 4 * width]
        if held:
            rows[held] = finite(np.stack([np.frombuffer(kept[keys[at]], dtype="<f4") for at in held]))
        if make:
            missing |= {keys[at]: texts[at] for at in sorted(set(some) - set(held))}
    names = sorted(missing)
    read = [orders.without(missing[name]) for name in names]  # an order that was planted in two texts joins neither
    made = finite(np.asarray(embedder.embed(read), dtype=np.float32)) if names else probe
    place, unit = {name: at for at, name in enumerate(names)}, finite(made)
    for at, name in enumerate(keys):
        if name in place:
            rows[at] = unit[place[name]]
    return Vectors(rows, {name: made[at].astype("<f4").tobytes() for name, at in place.items()})


def words(texts: Iterable[str], store: Store, counted: Mapping[str, bytes] | None = None) -> Words:
    """Counted words of `texts` from the store, of those `counted` already (key -> packed), else counted now.

    Raises StoreError.
    """
    fresh: dict[str, bytes] = {}

    def told() -> Iterator[terms.Terms]:
        asked = iter(texts)
        while some := [(key(text), text) for text in islice(asked, _AT_ONCE)]:
            kept = store.vectors({name for name, _ in some}, terms.NAME)
            for name, text in some:
                found = terms.unpacked(kept[name]) if name in kept else None
                if found is None and (raw := fresh.get(name) or (counted or {}).get(name)):
                    found = terms.unpacked(raw)
                    fresh[name] = raw
                if found is None:
                    found = terms.count(text)
                    fresh[name] = terms.packed(found)
                yield found

    return Words(terms.Bags.of(told()), dict(sorted(fresh.items())))


class Remembered:
    """Counted words of the texts of a window, kept from one round of a night to the next: each is asked for once."""

    def __init__(self) -> None:
        self._bags = terms.Bags.of(())
        self._rows: dict[str, int] = {}

    def words(self, texts: Sequence[str], store: Store, counted: Mapping[str, bytes] | None = None) -> Words:
        """As `words` above. What an earlier call gave back as fresh is held to be in the store. Raises StoreError."""
        keys = [key(text) for text in texts]
        new = {name: at for at, name in enumerate(keys) if name not in self._rows}
        made = words((texts[at] for at in new.values()), store, counted)
        place = self._rows | {name: len(self._bags) + at for at, name in enumerate(new)}
        self._bags = terms.Bags.joined(self._bags, made.counts, [place[name] for name in keys])
        self._rows = {name: at for at, name in enumerate(keys)}
        return Words(self._bags, made.fresh)
