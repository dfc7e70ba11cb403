"""Factual checks: said of each draft before one is preferred, and what a preference against them needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from concord.errors import InputError, ReasonMissing
from concord.records.annotation import FactualChecks, Ranking
from concord.records.kinds import Fact

MOST_CHARACTERS = 4_000


@dataclass(frozen=True)
class Facts:
    """What an annotator says of the drafts' facts.

    Attributes:
        values: for each draft whether it is factually right.
        reason: why a draft marked wrong beats one marked right.
    """

    values: Mapping[UUID, Fact] = field(default_factory=dict[UUID, Fact])
    reason: str = ""


def checked(to_check: Sequence[UUID], facts: Facts) -> FactualChecks:
    """The checks of these drafts, in the order of their ids; what was said of others is left out.

    Raises:
        InputError: one of them is not checked.
    """
    if missing := len([draft for draft in to_check if draft not in facts.values]):
        them = "The draft is" if len(to_check) == 1 else f"{missing} of {len(to_check)} drafts are"
        raise InputError(f"{them} not checked yet. Say first: factually right, wrong, or cannot tell.")
    return FactualChecks({draft: facts.values[draft] for draft in sorted(to_check)})


def reason_for(ranking: Ranking, checks: FactualChecks, facts: Facts) -> str:
    """The reason that the ranking is kept with: empty where no draft marked wrong beats one marked right.

    Raises:
        ReasonMissing: there has to be one, and there is none.
        InputError: it is beyond all measure.
    """
    if not beats_the_facts(ranking, checks):
        return ""
    reason = facts.reason.strip()
    if not reason:
        raise ReasonMissing(
            "A draft marked factually wrong is ranked above one marked right. Write why, or change the ranking."
        )
    if len(reason) > MOST_CHARACTERS:
        raise InputError(
            f"The reason has {len(reason):,} characters; {MOST_CHARACTERS:,} are kept at most. Shorten it."
        )
    return reason


def beats_the_facts(ranking: Ranking, checks: FactualChecks) -> bool:
    """Whether a draft marked wrong stands in a better tier than one marked right; a tie and an unranked draft do not.

    >>> from uuid import UUID
    >>> a, b = UUID(int=1), UUID(int=2)
    >>> checks = FactualChecks({a: "right", b: "wrong"})
    >>> beats_the_facts(Ranking(((b,), (a,))), checks), beats_the_facts(Ranking(((a, b),)), checks)
    (True, False)
    """
    facts = [{checks.values.get(draft) for draft in tier} for tier in ranking.tiers]
    return any("wrong" in tier and any("right" in worse for worse in facts[n + 1 :]) for n, tier in enumerate(facts))
