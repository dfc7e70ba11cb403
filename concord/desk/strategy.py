"""Which item the desk gives out first: the project's order, brought up to date before the next item is picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from concord.curation.disagreement import disagreement
from concord.records.dispute import Judged
from concord.records.project import Project


class StrategyStore(Protocol):
    """What the order of the queue needs of the store."""

    def draw_turns(self, project_id: UUID, seed: int) -> None: ...
    def undoubted(self, project_id: UUID) -> list[UUID]: ...
    def judged_together(self, project_id: UUID, item_ids: Sequence[UUID] | None = None) -> Judged: ...
    def set_doubts(self, project_id: UUID, item_ids: Sequence[UUID], disagreement: Mapping[str, float]) -> None: ...


def bring_up_to_date(store: StrategyStore, project: Project) -> None:
    """Let the queue know the order that the project wants, where something is new since.

    - `oldest`: as the items came, or as the judge's order left them.
    - `random`: by the project's seed and the item's id, so that neither the time of import nor the number of items
      moves what comes first.
    - `disagreement`: first what its annotators or the judge disagree on and further annotators could settle.
    """
    match project.settings.order:
        case "oldest":
            pass
        case "random":
            store.draw_turns(project.id, project.settings.seed)
        case "disagreement":
            _rank_by_doubt(store, project)


def _rank_by_doubt(store: StrategyStore, project: Project) -> None:
    items = store.undoubted(project.id)
    if not items:
        return
    judged = store.judged_together(project.id, items)
    values = disagreement(judged).value if judged.names else ()
    known = {name: float(value) for name, value in zip(judged.names, values, strict=True)}
    store.set_doubts(project.id, items, known)
