"""The verb that enriches a project: a loop over batches, wherever these are done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from concord.enrichment.options import EnrichOptions

Result = dict[str, Any]
OnEnriched = Callable[[Result], None]


class EnrichVerbs(ABC):
    """See `concord.verbs.Verbs`."""

    def enrich(self, project: str, options: EnrichOptions, on_batch: OnEnriched | None = None) -> Result:
        """Ask for new prompts until all are asked for, nothing is left to ask, or a whole batch fails.

        What was stored is kept when this is interrupted; the next time it goes on from there.
        """
        total = self.enrich_batch(project, options)
        last = total
        while (left := options.items - total["asked"]) > 0 and 0 < last["asked"] > _failed(last):
            if on_batch:
                on_batch({**total, "wanted": options.items})
            last = self.enrich_batch(project, replace(options, items=left))
            total = together(total, last)
        return total

    @abstractmethod
    def enrich_batch(self, project: str, options: EnrichOptions) -> Result: ...


def together(one: Mapping[str, Any], other: Mapping[str, Any]) -> Result:
    """What became of two batches.

    >>> batch = {"asked": 8, "items": 7, "candidates": 20, "refused": [], "failures": {}, "model": "m"}
    >>> together(batch, batch)["items"]
    14
    """
    failures = {fault: dict(kind) for fault, kind in one["failures"].items()}
    for fault, kind in other["failures"].items():
        count = failures.get(fault, {"count": 0})["count"]
        failures[fault] = {**kind, "count": count + kind["count"]}
    counts = {name: one[name] + other[name] for name in ("asked", "items", "candidates", "refused")}
    return {**one, **counts, "failures": failures}


def _failed(batch: Mapping[str, Any]) -> int:
    return sum(kind["count"] for kind in batch["failures"].values())
