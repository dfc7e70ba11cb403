"""The command that checks a data set, and how its report reads in a terminal."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from concord.cli_text import rows_progress, table
from concord.cli_words import Answer, Command, Commands
from concord.curation.findings import PAGES
from concord.verbs import Verbs
from concord.verbs_check import Result

_SHOWN = 3
_BARS = "▁▂▃▄▅▆▇█"


def add_check_words(commands: Commands) -> None:
    """`concord check …`."""
    check = commands.add_parser("check", help="look for what is wrong with a data set, and whether it is ready")
    check.add_argument("project", metavar="NAME")
    check.add_argument(
        "--against",
        nargs="+",
        default=[],
        metavar="FILE",
        help="files that no item may hold 13 words in a row of, such as benchmarks",
    )
    check.set_defaults(does=Command(_check, checked, check_failed))


def _check(verbs: Verbs, args: argparse.Namespace) -> Answer:
    with rows_progress("checking", of="items") as on_step:
        return verbs.check(args.project, [Path(file) for file in args.against], on_step)


def check_failed(answer: Result) -> bool:
    """Whether there is an error among the findings."""
    return bool(answer["levels"]["error"])


def checked(answer: Result) -> str:
    """The findings, what the data set is made of, and at last what speaks for training on it."""
    levels = ", ".join(f"{count:,} {level}{'' if count == 1 else 's'}" for level, count in answer["levels"].items())
    lines = [f"{answer['project']}: {levels} in {answer['items']:,} items with {answer['responses']:,} responses."]
    for finding in answer["findings"]:
        lines += _finding(finding)
    return "\n".join([*lines, "", *_composition(answer), "", "Readiness", *_readiness(answer)])


def _finding(finding: Result) -> Iterator[str]:
    extent = f"{finding['count']:,} item{'' if finding['count'] == 1 else 's'}, {finding['share']:.1%}"
    yield f"\n{finding['level']}: {finding['says']} {extent} ({finding['code']})"
    for one in finding["shown"][:_SHOWN]:
        group = f"[{one['group']}] " if one["group"] is not None else ""
        yield f"  {group}{one['item']}: {' '.join(one['text'].split())}"
    if finding["count"] > _SHOWN and finding["shown"]:
        yield f"  … and {finding['count'] - _SHOWN:,} more (--json names them)."
    yield f"  → {finding['todo']} (page {PAGES[finding['page']]})"


def _composition(answer: Result) -> Iterator[str]:
    made = answer["composition"]
    rows = [
        [name, *(f"{signs[key]:,}" for key in ("least", "quarter", "half", "three_quarters", "most"))]
        for name, signs in (("prompt", made["prompt_signs"]), ("response", made["response_signs"]))
        if signs
    ]
    if rows:
        yield table(("signs", "least", "quarter", "half", "three quarters", "most"), rows)
    kinds = {"language": made["languages"], "template": made["templates"], "answer": made["answers"]}
    for name, counts in (kinds | {f"label {question}": counts for question, counts in made["labels"].items()}).items():
        if counts:
            yield f"{name}: " + ", ".join(f"{value} {count:,}" for value, count in counts.items())
    for what, curve in answer["novelty"].items():
        if curve:
            yield f"novelty of {what}: {sparkline(curve)} {curve[0]:.0%} to {curve[-1]:.0%} new three-word runs"


def _readiness(answer: Result) -> Iterator[str]:
    for one in answer["readiness"]:
        source = f" ({one['source']})" if one["source"] else ""
        yield f"- {one['says']}{source}"


def sparkline(curve: list[float]) -> str:
    """Shares from 0 to 1 as bars.

    >>> sparkline([0.0, 0.5, 1.0])
    '▁▅█'
    """
    return "".join(_BARS[min(int(share * len(_BARS)), len(_BARS) - 1)] for share in curve)
