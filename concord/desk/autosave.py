"""The text as far as it is: sent by the browser between keystrokes, kept until the judgement is submitted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from itsdangerous import BadSignature, URLSafeTimedSerializer

from concord.errors import InputError

MOST_CHARACTERS = 400_000
_VALID = timedelta(days=7)
_CURE = "Reload it; the text is kept in the browser."


class UnsavedStore(Protocol):
    """What autosave needs of the store."""

    @property
    def secret(self) -> str: ...
    def save_unsaved(self, presentation_id: UUID, text: str, now: datetime) -> bool: ...


def make_token(secret: str, annotator: str, presentation_id: UUID) -> str:
    """The right to save the text of one presentation, for a week."""
    return _signer(secret).dumps([annotator, str(presentation_id)])


def save(store: UnsavedStore, token: str, text: str, *, now: datetime) -> bool:
    """Keep the text; False when the presentation is finished and the text came too late.

    Raises:
        InputError: the token is forged or old, or the text is beyond all measure.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"The text has {len(text):,} characters; {MOST_CHARACTERS:,} are kept at most. Shorten it.")
    try:
        (_, presentation_id), signed_at = _signer(store.secret).loads(token, return_timestamp=True)
    except BadSignature as error:
        raise InputError(f"This page has no right to save here. {_CURE}") from error
    if now - signed_at > _VALID:
        raise InputError(f"This page is too old to save to. {_CURE}")
    return store.save_unsaved(UUID(presentation_id), text, now)


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="autosave")
