"""What is entered and not submitted: sent by the browser between keystrokes, kept until the step is submitted.

The browser sends the state of its page as JSON: the text of an edit, the tiers of a ranking, what is said of facts.
Nobody has checked it; whoever draws a page from it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, cast
from uuid import UUID

import orjson
from itsdangerous import BadSignature, URLSafeTimedSerializer

from concord.desk.queue import Step
from concord.errors import InputError

State = Mapping[str, Any]
"""What is entered for one step of a page, by the names that the page gives to its parts."""

MOST_CHARACTERS = 400_000
_VALID = timedelta(days=7)
_CURE = "Reload it; what you entered is kept in the browser."


class UnsavedStore(Protocol):
    """What autosave needs of the store."""

    @property
    def secret(self) -> str: ...
    def save_unsaved(self, presentation_id: UUID, step: Step, state: State, now: datetime) -> bool: ...


def make_token(secret: str, annotator: str, presentation_id: UUID, step: Step) -> str:
    """The right to save what is entered for one step of one presentation, for a week."""
    return _signer(secret).dumps([annotator, str(presentation_id), step])


def save(store: UnsavedStore, token: str, state: State, *, now: datetime) -> bool:
    """Keep what is entered; False when the step was submitted and it came too late.

    Raises:
        InputError: the token is forged or old, or the state is beyond all measure or sense.
    """
    length = len(_written(state))
    if length > MOST_CHARACTERS:
        raise InputError(
            f"What is entered has {length:,} characters as JSON; {MOST_CHARACTERS:,} are kept at most. Shorten it."
        )
    try:
        (_, presentation_id, step), signed_at = _signer(store.secret).loads(token, return_timestamp=True)
    except BadSignature as error:
        raise InputError(f"This page has no right to save here. {_CURE}") from error
    if now - signed_at > _VALID:
        raise InputError(f"This page is too old to save to. {_CURE}")
    return store.save_unsaved(UUID(presentation_id), cast("Step", step), state, now)


def _written(state: State) -> str:
    try:
        return orjson.dumps(state).decode()
    except orjson.JSONEncodeError as error:
        raise InputError(f"What is entered cannot be kept ({error}). Reload the page.") from error


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="unsaved")
