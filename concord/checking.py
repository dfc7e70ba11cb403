"""The check of a data set with all that it takes from other stages: detectors, agreement, files to hold items against.

Step by step: how far it is, again and again, and at last the report. Whoever asks no further ends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Protocol

from concord.agreement.report import AgreementStore, report
from concord.agreement.report_json import as_json as agreement_json
from concord.curation.check import CheckStore, DatasetCheck, as_json
from concord.curation.contamination import Against, against
from concord.curation.detected import Detectors
from concord.curation.readiness import Agreed, Headline
from concord.drafting.flags import flags_of, language_of
from concord.drafting.privacy import findings
from concord.imports.files import open_source, read
from concord.imports.reading import Record
from concord.records.kinds import Json
from concord.records.project import Counts, Project

Result = dict[str, Any]

_HEADLINE: tuple[Headline, ...] = ("krippendorff_alpha", "kendall_w")


class CheckingStore(CheckStore, AgreementStore, Protocol):
    """What checking needs of the store."""

    def project(self, name: str) -> Project: ...
    def counts(self, project_id: Any) -> Counts: ...


def checking(store: CheckingStore, project: Project, files: Sequence[Against] = ()) -> Iterator[Result]:
    """Check a project.

    Args:
        store: where it is.
        project: whose items.
        files: what items must not hold.

    Returns:
        `{"done", "items"}` again and again, and at last `{"report": …}`.
    """
    items = store.counts(project.id).items
    check = DatasetCheck(store, project, detectors_of(project), files)
    for done in check.over():
        yield {"done": done, "items": max(items, done)}
    yield {"report": as_json(check.report(agreed(store, project)))}


def detectors_of(project: Project) -> Detectors:
    """What looks at a project's texts: the detectors that look at drafts, and at prompts before they leave."""
    settings = project.settings
    return Detectors(
        partial(flags_of, finish_reason=None, language=settings.language),
        lru_cache(maxsize=1)(language_of),
        lambda text: [one.kind for one in findings(text, region=settings.phone_region)],
    )


def agreed(store: AgreementStore, project: Project) -> list[Agreed]:
    """How far annotators agree on each question of the main arm, by the statistic that suits it."""
    questions: Any = agreement_json(report(store, project))["agreement"]
    found: list[Agreed] = []
    for question, arms in questions.items():
        statistics = arms.get("main", {}).get("statistics", {})
        defined: list[Headline] = [name for name in _HEADLINE if name in statistics]
        for name in defined[:1]:
            one = statistics[name]
            found.append(Agreed(question, name, one["value"], one["low"], one["high"], one["items"]))
    return found


def read_against(path: Path) -> Against:
    """What a file is as a measure: all its texts, in whatever fields.

    Raises:
        InputError: it cannot be read.
    """
    with open_source(path) as source:
        records = (one for one in read(source) if isinstance(one, Record))
        return against(path.name, (text for record in records for text in _texts(record.data)))


def _texts(value: Json | dict[str, Json]) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _texts(one)
        case dict():
            for one in value.values():
                yield from _texts(one)
        case _:
            pass
