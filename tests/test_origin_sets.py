"""Origins of groups that were made to have known ones: copies, releases, credits, owners, links."""

from __future__ import annotations

import pytest
from origin_sets import OriginSet, every

from pipeline.origins.grouping import group

SETS = every()


def test_there_are_enough_sets() -> None:
    assert len(SETS) >= 60
    assert len({one.name for one in SETS}) == len(SETS)


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
def test_known_origins_are_found(one: OriginSet) -> None:
    found = group(one.records, one.known, one.ours)
    assert {origin.record_ids for origin in found} == one.groups, one.why
    backwards = group(one.records[::-1], one.known, one.ours)
    assert backwards == found
