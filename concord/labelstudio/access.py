"""Where a Label Studio is, and what opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from concord.errors import InputError

KEY_VARIABLE = "LABEL_STUDIO_API_KEY"


@dataclass(frozen=True)
class Access:
    """Where a Label Studio is, and the key that opens it: a legacy token or a personal access token.

    Raises:
        InputError: the address is none, or there is no key.
    """

    url: str
    key: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"{self.url!r} is not the address of a Label Studio. Write it as http://host:8080.")
        if not self.key.strip():
            raise InputError("There is no key for Label Studio. Set LABEL_STUDIO_API_KEY to an access token of it.")
        object.__setattr__(self, "url", self.url.rstrip("/"))
