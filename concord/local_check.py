"""The verb that checks a data set, done on a store."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from concord.curation.contamination import Against
from concord.verbs_check import CheckVerbs, InformationRequest, Result

if TYPE_CHECKING:
    # At run time by the verb: detectors belong to drafting, which imports openai.
    from typing import Protocol

    from concord.checking import CheckingStore
    from concord.drafting.information import InformationStore
    from concord.preparation import PreparationStore

    class CheckVerbStore(CheckingStore, InformationStore, PreparationStore, Protocol):
        """What the verbs that check need of the store."""


class LocalCheckVerbs(CheckVerbs):
    """See `concord.verbs.Verbs`."""

    def __init__(self, store: CheckVerbStore) -> None:
        self._checked = store

    def check_information(self, project: str, request: InformationRequest) -> Result:
        """Ask a model which claims in responses the prompts do not support; what it was asked about is kept."""
        from concord.checking import ask_about_information

        return ask_about_information(self._checked, self._checked.project(project), os.environ, request)

    def checking(self, project: str, against: Sequence[Path]) -> Iterator[Result]:
        """Check a project, step by step; files are read first, so that what is wrong with them is said at once."""
        from concord.checking import read_against

        return self.checking_against(project, [read_against(path) for path in against])

    def checking_against(self, project: str, files: Sequence[Against]) -> Iterator[Result]:
        """The same with files that were read already."""
        from concord.checking import checking

        return checking(self._checked, self._checked.project(project), files)
