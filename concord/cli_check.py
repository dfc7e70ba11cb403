"""The command that checks a data set, and how its report reads in a terminal."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from concord.cli_text import rows_progress, table
from concord.cli_words import Answer, Command, Commands
from concord.curation.findings import PAGES
from concord.drafting.cost import dollars
from concord.verbs import Verbs
from concord.verbs_check import InformationRequest, Result

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
    check.add_argument(
        "--missing-information", action="store_true", help="ask the model first which claims prompts do not support"
    )
    check.add_argument("--limit", type=int, metavar="K", help="ask about K responses at most")
    check.add_argument("--max-cost", type=float, metavar="USD", help="stop before asking costs more")
    check.set_defaults(does=Command(_check, checked, check_failed))


def _check(verbs: Verbs, args: argparse.Namespace) -> Answer:
    request = InformationRequest(args.limit, args.max_cost)
    asked = verbs.check_information(args.project, request) if args.missing_information else None
    with rows_progress("checking", of="items") as on_step:
        report = verbs.check(args.project, [Path(file) for file in args.against], on_step)
    return {"information": asked, **report}


def check_failed(answer: Result) -> bool:
    """Whether there is an error among the findings."""
    return bool(answer["levels"]["error"])


def checked(answer: Result) -> str:
    """The findings, what the data set is made of, and at last what speaks for training on it."""
    levels = ", ".join(f"{count:,} {level}{'' if count == 1 else 's'}" for level, count in answer["levels"].items())
    lines = _asked(answer["information"]) if answer["information"] else []
    lines += [f"{answer['project']}: {levels} in {answer['items']:,} items with {answer['responses']:,} responses."]
    for finding in answer["findings"]:
        lines += _finding(finding)
    return "\n".join([*lines, "", *_composition(answer), "", "Readiness", *_readiness(answer)])


def _asked(asked: Result) -> list[str]:
    """Whom the responses were shown to, and what came of it."""
    lines = [asked["notice"]] if "notice" in asked else []
    responses = f"{asked['asked']:,} response{'' if asked['asked'] == 1 else 's'}"
    lines.append(f"{asked['model']} was asked about {responses} ({dollars(asked['cost'])}).")
    if asked["failures"]:
        failures = ", ".join(f"{fault} {count}" for fault, count in asked["failures"].items())
        lines.append(f"{sum(asked['failures'].values())} were not answered ({failures}).")
    return [*lines, asked["message"]] if asked["message"] else lines


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
        yield table(("characters", "shortest", "25 %", "median", "75 %", "longest"), rows)
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
