"""`citewire search`: stories, storylines, claims and records of the desk's own store on a question."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from pipeline.cli.console import print_json, shown
from pipeline.cli.desk import beat_of, library
from pipeline.serial import to_json
from pipeline.settings import load

if TYPE_CHECKING:
    from pipeline.retrieval import Found, Hit

_KINDS = ("records", "claims", "stories", "storylines")
_WIDE = 400  # characters of a snippet


def options(parser: argparse.ArgumentParser) -> None:
    """What the command takes beside the usual."""
    parser.add_argument("query", type=_question, metavar="QUERY", help="what to look for, in plain words")
    parser.add_argument("--kind", choices=_KINDS, help="only these (default: all)")
    parser.add_argument("--limit", type=_limit, default=10, metavar="N", help="most of each kind (default 10)")


def search(args: argparse.Namespace) -> int:
    """Print what was found, best first. Finding nothing is an answer, too. Raises UsageError and StoreError."""
    from pipeline import embedders, retrieval  # noqa: PLC0415  heavy, and worker processes import this module
    from pipeline.protocols.library import Within  # noqa: PLC0415

    settings = load(args.config)
    within = Within(args.since, args.until, beat_of(settings, args.beat))
    kinds = (args.kind,) if args.kind else retrieval.KINDS
    with closing(library(settings)) as store:
        embedder = embedders.build(settings.analyze.embedder)
        found = retrieval.search(store, args.query, embedder=embedder, within=within, kinds=kinds, limit=args.limit)
    if args.json:
        print_json(to_json(found))
    else:
        print("\n".join(_lines(found)))
    return 0


def _question(text: str) -> str:
    if len(text.strip()) < 2:
        raise argparse.ArgumentTypeError("a query needs at least two characters")
    return text.strip()


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 500):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number from 1 to 500")
    return int(text)


def _lines(found: Found) -> Iterator[str]:
    if not any(found.hits.values()):
        yield f"nothing is stored on {shown(found.query)!r}"
        return
    for kind, hits in found.hits.items():
        if hits:
            yield f"{kind} ({len(hits)})"
            for hit in hits:
                yield from _hit(hit)


def _hit(hit: Hit) -> Iterator[str]:
    places = ", ".join(f"{name} {rank}" for name, rank in hit.ranks.items())
    of = "; ".join(filter(None, (shown(hit.publisher or ""), ", ".join(map(shown, hit.beats)))))
    yield f"  {shown(hit.title)}  [{hit.slug or hit.id}]"
    yield f"    {hit.when:%Y-%m-%d %H:%M}{f'  {of}' if of else ''}  score {hit.score:.4f} ({places})"
    if hit.snippet and hit.kind != "storylines":
        first = (hit.start or 0) + hit.snippet.start
        where = f" {first}-{first + len(hit.snippet.quote)}" if hit.kind != "stories" else ""
        yield f"    “{shown(hit.snippet.quote, _WIDE)}”{where}"
    if hit.url:
        yield f"    {shown(hit.url)}"
