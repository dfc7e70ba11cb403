"""How lint reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from concord.cli_text import table
from concord.verbs import Result

_SHOWN_EXAMPLES = 3


def linted(answer: Result | Sequence[Result]) -> str:
    """One report, or several."""
    return "\n\n".join("\n".join(_report(report)) for report in _reports(answer))


def lint_failed(answer: Result | Sequence[Result]) -> bool:
    """Whether a report has an error in it."""
    return any(report["levels"]["error"] for report in _reports(answer))


def _reports(answer: Result | Sequence[Result]) -> Sequence[Result]:
    return [answer] if isinstance(answer, dict) else answer


def _report(report: Result) -> Iterable[str]:
    levels = ", ".join(f"{count:,} {level}{'' if count == 1 else 's'}" for level, count in report["levels"].items())
    yield f"{report['template']} ({report['version'][:12]}): {levels}."
    if report["rows"] is not None:
        yield (
            f"{report['rows']:,} rows: {report['rendered']:,} give an item, {report['empty']:,} give none, "
            f"{report['faults']:,} cannot be rendered."
        )
    for finding in report["findings"]:
        yield from _finding(finding)
    if report.get("lengths"):
        yield from _lengths(report)
    if report.get("choices"):
        yield "\n" + table(
            ("answer choice", "targets"), [[one["choice"], f"{one['targets']:,}"] for one in report["choices"]]
        )


def _finding(finding: Result) -> Iterable[str]:
    share = "" if finding["share"] is None else f" ({finding['share']:.1%} of the rows)"
    yield f"\n{finding['level']}: {finding['says']}{share}"
    for example in finding["examples"][:_SHOWN_EXAMPLES]:
        group = "" if example["group"] is None else f"[{example['group']}] "
        excerpt = " ".join(example["excerpt"].split())
        yield f"  {group}{example['source']}, line {example['line']:,}, row {example['row_id']}: {excerpt}"
    if (more := len(finding["examples"]) - _SHOWN_EXAMPLES) > 0:
        yield f"  … and {more} more examples (--json shows all)."


def _lengths(report: Result) -> Iterable[str]:
    heads = ("", "rows", "unit", "least", "median", "95 %", "most")
    rows = [
        [name, f"{one['rows']:,}", unit, *(f"{one[unit][rank]:,}" for rank in ("least", "p50", "p95", "most"))]
        for name, one in report["lengths"].items()
        for unit in ("characters", "tokens")
    ]
    yield f"\n{table(heads, rows)}"
    above = ", ".join(f"{count:,} above {int(limit):,}" for limit, count in report["above"].items())
    yield f"Rows by tokens, prompt and target together: {above}. Tokens are {report['estimate']}."
