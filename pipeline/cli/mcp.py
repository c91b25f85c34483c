"""`citewire mcp`: the desk for assistants, over stdin and stdout."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from pipeline.cli.desk import library
from pipeline.errors import MissingExtra
from pipeline.settings import load


def mcp(args: argparse.Namespace) -> int:
    """Serve until stdin ends. Raises MissingExtra without the SDK, UsageError where nothing is stored yet."""
    settings = load(args.config)
    try:
        from pipeline.mcp_server.server import serve  # noqa: PLC0415  of an extra
    except ImportError as error:
        raise MissingExtra(
            f"the protocol's SDK is not installed ({error}). Run: pip install 'citewire[mcp]'"
        ) from error
    from pipeline import embedders  # noqa: PLC0415  heavy, and worker processes import this module
    from pipeline.people import takedown  # noqa: PLC0415

    library(settings).close()  # says at once what a first question would
    server = serve(
        settings.site.name,
        settings.output_path / "site",
        library=lambda: library(settings),
        embedder=lambda: embedders.build(settings.analyze.embedder),
        listed=lambda: takedown.of(settings),
        clock=lambda: args.now or datetime.now(UTC),
    )
    server.run("stdio")
    return 0
