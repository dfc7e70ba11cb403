"""Lint of a template over a whole data set: one pass over all rows, whose texts are not kept.

Beside counters and at most MOST_EXAMPLES examples of each finding, a row leaves 32 bytes (`repeats`). Nothing
depends on the order in which rows come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from concord.conversion.choices import ChoiceCount, Choices
from concord.conversion.columns import Column, Columns
from concord.conversion.coverage import Coverage
from concord.conversion.findings import LEVELS, Check, Finding, Level, finding_json, look
from concord.conversion.leakage import Leakage
from concord.conversion.lengths import ESTIMATE, Lengths, LengthTally
from concord.conversion.markup import Markup
from concord.conversion.repeats import Repeats
from concord.conversion.template_check import template_findings
from concord.records.row import Row
from concord.records.template import Template

STEP = 1_000
"""Rows between two reports of how far it is."""


@dataclass(frozen=True)
class LintReport:
    """What lint found.

    Attributes:
        template_id: the template.
        version: its version.
        rows: rows looked at; None when only the template was.
        rendered: rows that give an item.
        empty: rows of which the template asks nothing.
        faults: rows that cannot be rendered; the three together are all rows.
        findings: the gravest first.
        lengths: of `prompt`, `target` and both `together`, where there are any.
        above: rows whose prompt and target together have more estimated tokens than each limit.
        choices: how often each answer choice is the target.
        columns: the columns of the rows, and those that the template wants of them.
    """

    template_id: str
    version: str
    findings: tuple[Finding, ...]
    rows: int | None = None
    rendered: int = 0
    empty: int = 0
    faults: int = 0
    lengths: dict[str, Lengths] | None = None
    above: dict[int, int] | None = None
    choices: tuple[ChoiceCount, ...] = ()
    columns: tuple[Column, ...] = ()


class Lint:
    """A pass over the rows of a data set; whoever goes on with `over` no further ends it.

    Args:
        template: the template.
        row_of: the row of an id, to show rows that only turn out to be worth it when all were seen.
    """

    def __init__(self, template: Template, row_of: Callable[[UUID], Row]) -> None:
        self._template = template
        self._rows = 0
        self._coverage, self._columns = Coverage(template), Columns(template)
        self._lengths, self._choices = LengthTally(), Choices(template)
        self._checks: Sequence[Check] = (
            self._coverage,
            self._columns,
            self._lengths,
            self._choices,
            Markup(template),
            Leakage(self._choices),
            Repeats(lambda row_id: look(template, row_of(row_id))),
        )

    def over(self, rows: Iterable[Row]) -> Iterator[int]:
        """Look at the rows one by one; says now and then how many are done."""
        for row in rows:
            seen = look(self._template, row)
            for check in self._checks:
                check.see(seen)
            self._rows += 1
            if self._rows % STEP == 0:
                yield self._rows

    def report(self) -> LintReport:
        """What was found in the rows so far."""
        found = [finding for check in self._checks for finding in check.findings(self._rows)]
        return LintReport(
            self._template.id,
            self._template.version,
            _sorted([*template_findings(self._template), *found]),
            self._rows,
            self._coverage.rendered,
            self._coverage.empty.count,
            self._coverage.faults,
            self._lengths.table(),
            self._lengths.above(),
            self._choices.table(),
            self._columns.table(),
        )


def lint_template(template: Template) -> LintReport:
    """What can be found without rows."""
    return LintReport(template.id, template.version, _sorted(template_findings(template)))


def count_of(report: LintReport, level: Level) -> int:
    """How many findings of that level there are."""
    return sum(finding.level == level for finding in report.findings)


def as_json(report: LintReport) -> dict[str, object]:
    """The report as JSON; `estimate` says where the numbers of tokens come from."""
    head = {"template": report.template_id, "version": report.version, "rows": report.rows}
    findings = [finding_json(finding) for finding in report.findings]
    counts = {level: count_of(report, level) for level in LEVELS}
    if report.rows is None:
        return {**head, "levels": counts, "findings": findings}
    lengths = {
        name: {"rows": one.rows, "characters": one.characters._asdict(), "tokens": one.tokens._asdict()}
        for name, one in (report.lengths or {}).items()
    }
    return {
        **head,
        "rendered": report.rendered,
        "empty": report.empty,
        "faults": report.faults,
        "levels": counts,
        "findings": findings,
        "lengths": lengths,
        "estimate": ESTIMATE,
        "above": {str(limit): count for limit, count in (report.above or {}).items()},
        "choices": [one._asdict() for one in report.choices],
        "columns": [one._asdict() for one in report.columns],
    }


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (LEVELS.index(one.level), -(one.count or 0), one.code, one.says)))
