"""What reply headers ask for: pauses, quotas, and that machines do not read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch.headers import MAX_RETRY_AFTER, facts, quota_reset, reserved, retry_after

NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["noai"], "X-Robots-Tag: noai"),
        (["NoAI, noimageai"], "X-Robots-Tag: noai"),
        (["noindex, follow"], "X-Robots-Tag: noindex"),
        (["none"], "X-Robots-Tag: none"),
        (["index", "max-snippet:-1, noai"], "X-Robots-Tag: noai"),
        (["Citewire: noai"], "X-Robots-Tag: noai"),
        (["citewire:nofollow, noindex"], "X-Robots-Tag: noindex"),
        (["unavailable_after: 25 Jun 2026 15:00:00 PST", "noai"], "X-Robots-Tag: noai"),
        (["otherbot: noai, noindex"], None),
        (["otherbot: noindex", "index"], None),
        (["noimageai, nofollow, nosnippet"], None),
        (["max-image-preview: large, follow"], None),
        (["all"], None),
        ([""], None),
    ],
)
def test_robots_tags(lines: list[str], found: str | None) -> None:
    assert reserved([(b"X-Robots-Tag", line.encode()) for line in lines], "Citewire") == found


@pytest.mark.parametrize(("value", "found"), [("1", "TDM-Reservation: 1"), (" 1 ", "TDM-Reservation: 1"), ("0", None)])
def test_reservation_of_text_and_data_mining(value: str, found: str | None) -> None:
    assert reserved([(b"tdm-reservation", value.encode())], "Citewire") == found


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "57"}, 57),
        ({"ratelimit-remaining": "0", "ratelimit-reset": str(int(NOW.timestamp()) + 300)}, 300),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOW.timestamp()) - 5)}, 0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"}, MAX_RETRY_AFTER),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "57"}, None),
        ({"x-ratelimit-remaining": "0"}, None),
        ({"x-ratelimit-remaining": "nan", "x-ratelimit-reset": "inf"}, None),
        ({}, None),
    ],
)
def test_quotas(headers: dict[str, str], seconds: float | None) -> None:
    assert quota_reset(headers, NOW) == seconds


@given(
    st.dictionaries(st.sampled_from(["retry-after", "date", "x-ratelimit-remaining", "x-ratelimit-reset"]), st.text())
)
def test_no_header_asks_for_more_than_a_week(headers: dict[str, str]) -> None:
    for wait in (retry_after(headers, NOW), quota_reset(headers, NOW)):
        assert wait is None or 0 <= wait <= MAX_RETRY_AFTER


@given(st.lists(st.tuples(st.binary(), st.binary())))
def test_any_bytes_are_headers(raw: list[tuple[bytes, bytes]]) -> None:
    assert set(facts(raw)) == {name.decode("latin-1").lower() for name, _ in raw}
    reserved(raw, "Citewire")


def test_a_date_without_the_servers_own_is_read_by_our_clock() -> None:
    assert retry_after({"retry-after": "Mon, 04 May 2026 06:10:00 GMT"}, NOW) == 600
    assert (
        retry_after({"retry-after": "Mon, 04 May 2026 06:10:00 GMT", "date": "Mon, 04 May 2026 06:09:00 GMT"}, NOW)
        == 60
    )
