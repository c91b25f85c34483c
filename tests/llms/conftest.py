"""What tests of models share: a second server, for what the first does not answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hostile import HostileServer


@pytest.fixture
def other() -> Iterator[HostileServer]:
    """Another loopback server without a route."""
    with HostileServer() as running:
        yield running
