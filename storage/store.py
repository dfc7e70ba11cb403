"""The store: all that is kept, behind one object. Records in, records out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from concord.records.desk import Presentation
from concord.records.project import Settings
from storage.annotations import Annotations
from storage.approved import Approved
from storage.arms import Arms
from storage.checked import Checked
from storage.circumstances import Surroundings
from storage.corrections import Corrections
from storage.decisions import Decisions
from storage.desk import Desk
from storage.disputes import Disputes
from storage.drafts import Drafts
from storage.engine import Engine
from storage.enrichments import Enrichments
from storage.exports import Exports
from storage.factual import FactualChecking
from storage.gold import Gold
from storage.information import Information
from storage.items import Items
from storage.labelstudio import LabelStudio
from storage.named import Named
from storage.opinions import Opinions
from storage.preferences import Preferences
from storage.projects import Projects
from storage.pulls import Forces
from storage.ready import Ready
from storage.remarks import Remarks
from storage.remembered import Remembered
from storage.reports import Reports
from storage.rows import Rows
from storage.runs import Runs
from storage.samples import Samples
from storage.sent import SentLog
from storage.staleness import Staleness
from storage.templates import Templates
from storage.turns import Turns
from storage.undo import Undo
from storage.unsaved import UnsavedStates
from storage.upkeep import Upkeep
from storage.votes import VoteColumns


@dataclass(frozen=True)
class Store(
    Projects,
    Rows,
    Ready,
    Templates,
    Items,
    Drafts,
    Runs,
    Desk,
    Arms,
    Turns,
    Named,
    Gold,
    Remarks,
    Undo,
    UnsavedStates,
    Corrections,
    Annotations,
    Decisions,
    Disputes,
    Enrichments,
    LabelStudio,
    Approved,
    Checked,
    Information,
    Opinions,
    SentLog,
    Samples,
    Staleness,
    Reports,
    VoteColumns,
    Surroundings,
    Preferences,
    Forces,
    FactualChecking,
    Exports,
    Upkeep,
):
    """One workspace.

    Attributes:
        folder: where the database, its exports and its rejects are.
        secret: signs the autosave tokens.
        settings_known: those of each project that was asked for.
        pages_shown: those that were asked for lately; what was shown never changes.
    """

    engine: Engine
    folder: Path
    secret: str = field(repr=False)
    settings_known: Remembered[UUID, Settings] = field(default_factory=Remembered[UUID, Settings], repr=False)
    pages_shown: Remembered[UUID, Presentation] = field(default_factory=Remembered[UUID, Presentation], repr=False)

    def close(self) -> None:
        """Write what waits and let go of the file."""
        self.engine.close()
