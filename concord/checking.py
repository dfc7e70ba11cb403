"""The check of a data set with all that it takes from other stages: detectors, agreement, files to hold items against.

Step by step: how far it is, again and again, and at last the report. Whoever asks no further ends it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from concord.agreement.report import AgreementStore, report
from concord.agreement.report_json import as_json as agreement_json
from concord.curation.check import CheckStore, DatasetCheck, as_json
from concord.curation.contamination import Against, against
from concord.curation.detected import Detectors
from concord.curation.readiness import Agreed, Headline
from concord.drafting.demo import DEMO_NOTICE
from concord.drafting.flags import flags_of
from concord.drafting.information import InformationStore, check_information
from concord.drafting.privacy import findings
from concord.drafting.sent_log import SentLog
from concord.errors import InputError
from concord.imports.files import open_source, read
from concord.imports.reading import Bad, Record
from concord.language import language_of
from concord.preparation import PreparationStore, judge_bench
from concord.records.kinds import Json
from concord.records.project import Counts, Project
from concord.verbs_check import InformationRequest

Result = dict[str, Any]

_HEADLINE: tuple[Headline, ...] = ("krippendorff_alpha", "kendall_w")


class CheckingStore(CheckStore, AgreementStore, Protocol):
    """What checking needs of the store."""

    def project(self, name: str) -> Project: ...
    def counts(self, project_id: UUID) -> Counts: ...


class InformationVerbStore(InformationStore, PreparationStore, Protocol):
    """What asking about missing information needs of the store."""


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


def ask_about_information(
    store: InformationVerbStore, project: Project, environ: Mapping[str, str], request: InformationRequest
) -> Result:
    """Ask the project's judge, or else its model, which claims in responses the prompts do not support.

    Raises:
        ConcordError: nobody can be asked, or the workspace cannot be written.
    """
    with closing(SentLog(store, project.id)) as log:
        bench = judge_bench(store, project, environ, log)
        asked = check_information(store, project, bench, limit=request.limit, max_cost=request.max_cost)
        informed = asyncio.run(asked)
    result: Result = {
        "model": bench.endpoint.model,
        "asked": informed.outcome.items,
        "failures": dict(informed.outcome.failures),
        "message": informed.outcome.message,
        "cost": informed.spent.cost,
    }
    return result | ({"notice": DEMO_NOTICE} if bench.endpoint.demo else {})


def detectors_of(project: Project) -> Detectors:
    """What looks at a project's texts: the detectors that look at drafts, and at prompts before they leave."""
    settings = project.settings
    return Detectors(
        partial(flags_of, finish_reason=None, language=settings.language),
        language_of,
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
        InputError: it cannot be read, or a record of it cannot; what is not read would be found nowhere.
    """
    with open_source(path) as source:
        return against(path.name, (text for record in map(_sound, read(source)) for text in _texts(record.data)))


def _sound(record: Record | Bad) -> Record:
    if isinstance(record, Bad):
        problem = record.problem
        raise InputError(f"{problem.source}, line {problem.line}: {problem.found}. {problem.cure}")
    return record


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
