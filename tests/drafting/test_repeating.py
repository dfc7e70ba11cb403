from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.repeating import pause_before, retry_after

NOW = datetime(2026, 10, 21, 7, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "20"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "20"}, 20.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 -0000"}, 60.0),
        ({"retry-after": "Wed, 21 Oct 2020 07:28:00 GMT"}, 0.0),
        ({"retry-after": "in a while"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
def test_what_an_endpoint_asks_to_wait_is_read(headers: dict[str, str], seconds: float | None):
    assert retry_after(headers, now=NOW) == seconds


@given(st.integers(2, 2_000), st.none() | st.floats(0, 1e4), st.floats(0, 1))
def test_a_pause_is_never_shorter_than_asked_for_nor_longer_than_a_minute_more(
    attempt: int, asked: float | None, chance: float
):
    pause = pause_before(attempt, asked=asked, chance=chance)
    assert (asked or 0) <= pause <= (asked or 0) + 60
