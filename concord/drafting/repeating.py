"""When a failed request is repeated, and after how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from concord.errors import EndpointFault

ATTEMPTS: Mapping[EndpointFault, int] = {
    "rate_limited": 8,
    "server": 5,
    "dropped": 5,
    "unreachable": 3,
    # Each may have been worked on, and paid for, although no answer came.
    "timeout": 3,
}
"""How often a request is made at most, by what went wrong, where it may pass."""
OTHER_ATTEMPTS = 3
LONGEST_WAIT = 300.0
"""Seconds: an endpoint that asks for more is not waited for; that is an account used up, not a busy moment."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0


def pause_before(attempt: int, *, asked: float | None, chance: float) -> float:
    """Seconds to wait before an attempt: exponential backoff with full jitter, but not less than was asked for.

    Args:
        attempt: 2 is the first repetition.
        asked: what `Retry-After` says, in seconds.
        chance: from 0 to 1, so that those who were refused together do not come back together.

    >>> [pause_before(attempt, asked=None, chance=1.0) for attempt in (2, 3, 4, 12)]
    [0.5, 1.0, 2.0, 60.0]
    >>> pause_before(2, asked=20.0, chance=0.5)
    20.5
    """
    backoff = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(attempt - 2, 10)) * chance
    return backoff if asked is None else asked + chance * min(asked, 1.0)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """The seconds that an endpoint asks to wait; None when it does not say, or not so that it can be read.

    >>> retry_after({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, now=datetime(2026, 10, 21, 7, 27, tzinfo=UTC))
    60.0
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    said = headers.get("retry-after")
    seconds = _number(said)
    return seconds if seconds is not None or said is None else _until(said, now)


def _number(text: str | None) -> float | None:
    if text is None or not text.strip().replace(".", "", 1).isdecimal():
        return None
    return float(text)


def _until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
