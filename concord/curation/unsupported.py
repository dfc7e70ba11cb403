"""Missing information: responses that claim what their prompts do not support, as a model said when it was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from concord.curation.findings import Concern, Finding, Look, Tally
from concord.ids import folded_key

_UNSUPPORTED = Concern(
    "missing-information",
    "warning",
    "A response claims what its prompt does not support, in the opinion of a model.",
    "A model learns to make things up. Read it in Review: take the claim out, or see that it is common knowledge.",
    "review",
)


class Unsupported:
    """See `concord.curation.findings.Check`.

    Args:
        claims: by item and key of the text, what was quoted.
    """

    def __init__(self, claims: Mapping[tuple[UUID, UUID], tuple[str, ...]]) -> None:
        self._claims, self._tally = claims, Tally(_UNSUPPORTED)

    def see(self, look: Look) -> None:
        """An item counts once; the claims in its first such response are shown."""
        if not self._claims:
            return
        found = (self._claims.get((look.item.id, folded_key(text))) for text in look.responses)
        if claims := next(filter(None, found), None):
            self._tally.add(look.item.name, " · ".join(claims))

    def findings(self, items: int) -> Iterable[Finding]:
        """One, if a model found any."""
        return self._tally.findings(items)
