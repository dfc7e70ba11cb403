"""The store: all that is kept, behind one object. Records in, records out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from storage.annotations import Annotations
from storage.decisions import Decisions
from storage.desk import Desk
from storage.drafts import Drafts
from storage.engine import Engine
from storage.enrichments import Enrichments
from storage.exports import Exports
from storage.items import Items
from storage.labelstudio import LabelStudio
from storage.projects import Projects
from storage.ready import Ready
from storage.reports import Reports
from storage.rows import Rows
from storage.templates import Templates
from storage.upkeep import Upkeep


@dataclass(frozen=True)
class Store(
    Projects,
    Rows,
    Ready,
    Templates,
    Items,
    Drafts,
    Desk,
    Annotations,
    Decisions,
    Enrichments,
    LabelStudio,
    Reports,
    Exports,
    Upkeep,
):
    """One workspace.

    Attributes:
        folder: where the database, its exports and its rejects are.
        secret: signs the autosave tokens.
    """

    engine: Engine
    folder: Path
    secret: str = field(repr=False)

    def close(self) -> None:
        """Write what waits and let go of the file."""
        self.engine.close()
