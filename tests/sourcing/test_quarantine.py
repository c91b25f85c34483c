"""Documents that kill their parser: tried twice, known by their bytes, named with their source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.domain import Quarantined
from pipeline.engines.local import LocalEngine
from pipeline.extract import Page
from pipeline.protocols import Outcome, Wary
from pipeline.sourcing.quarantine import WaryEngine, reader

NOW = datetime(2026, 5, 4, 2, tzinfo=UTC)


@dataclass
class Fragile:
    """An engine whose worker dies of pages that hold the word "deadly". `asked` counts what reached it."""

    asked: int = 0
    apart = True

    def map(
        self, function: Callable[[Page], object], items: Sequence[Page], *, timeout: float | None = None
    ) -> Iterator[Outcome]:
        for item in items:
            self.asked += 1
            deadly = b"deadly" in item.html
            yield Outcome(error="stopped after 30 s", killed=True) if deadly else Outcome(function(item))

    def close(self) -> None:
        """Nothing to end."""


def size(page: Page) -> int:
    return len(page.html)


GOOD, BAD = Page(b"<p>fine", "https://a.example/1"), Page(b"<p>deadly", "https://a.example/2")


def test_a_killer_is_tried_twice_and_then_refused_until_it_changes() -> None:
    inner = Fragile()
    engine = WaryEngine(inner)  # type: ignore[arg-type]
    assert isinstance(engine, Wary)
    reader.set("wire")
    engine.recall([])
    assert [o.value for o in engine.map(size, [GOOD, BAD, GOOD])] == [7, None, 7]
    (first,) = engine.changed(NOW)
    assert (first.url, first.source, first.why, first.since, first.tries) == (
        "https://a.example/2",
        "wire",
        "stopped after 30 s",
        NOW,
        1,
    )
    assert engine.changed(NOW) == ()
    engine.recall([first])  # the next night, another process
    list(engine.map(size, [BAD]))
    (second,) = engine.changed(NOW)
    assert (second.hash, second.tries) == (first.hash, 2)
    engine.recall([second])
    asked = inner.asked
    elsewhere = Page(BAD.html, "https://a.example/another", "text/html", "2026-05-06")
    refused, fine = engine.map(size, [elsewhere, GOOD])
    assert inner.asked == asked + 1
    assert refused.error == "it stopped its parser 2 times (stopped after 30 s); it is in quarantine until it changes"
    assert not refused.killed
    assert fine.value == 7
    assert [o.killed for o in engine.map(size, [Page(BAD.html + b"!", BAD.url)])] == [True]
    assert engine.changed(NOW)[0].tries == 1


def test_an_item_without_bytes_is_known_by_all_it_holds() -> None:
    engine = WaryEngine(LocalEngine())
    engine.recall([Quarantined("x", "", "", "", NOW, 9)])
    assert [o.value for o in engine.map(abs, [-1, 2])] == [1, 2]
    engine.close()
