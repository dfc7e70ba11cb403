"""How answers read in a terminal, and how long work shows that it goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from concord.drafting.cost import dollars
from concord.verbs import Result

_SHOWN_PROBLEMS = 20


@contextmanager
def progress(what: str) -> Generator[Callable[[float], None] | None]:
    """A line on a terminal that says how far it is and how long it will take; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    begun = time.monotonic()

    def show(share: float) -> None:
        spent = time.monotonic() - begun
        left = f", about {spent / share - spent:.0f} s left" if share >= 0.01 else ""
        terminal_line(f"{what} {share:4.0%}{left}")

    try:
        yield show
    finally:  # what is said next, an error too, begins on a line of its own
        terminal_line("")


@contextmanager
def run_progress() -> Generator[Callable[[Result], None] | None]:
    """The same for a drafting run."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(run: Result) -> None:
        finished = run["done"] + run["failed"]
        seconds = (datetime.now(UTC) - datetime.fromisoformat(run["started_at"])).total_seconds()
        pace = f", {finished / seconds:.1f}/s" if finished else ""
        left = f", about {seconds / finished * (run['total'] - finished):.0f} s left" if finished else ""
        terminal_line(
            f"{run['done']} of {run['total']} drafted, {run['failed']} failed{pace}{left}, {dollars(run['cost'])}"
        )

    try:
        yield show
    finally:
        terminal_line("")


@contextmanager
def rows_progress(what: str, *, of: str = "rows") -> Generator[Callable[[Result], None] | None]:
    """The same for work on rows or other things that a step counts, with how many of them are done in a second."""
    if not sys.stderr.isatty():
        yield None
        return
    begun = time.monotonic()

    def show(step: Result) -> None:
        rate = step["done"] / max(time.monotonic() - begun, 0.001)
        left = max(step[of] - step["done"], 0) / rate
        terminal_line(f"{what} {step['done']:,} of {step[of]:,} {of}, {rate:,.0f} a second, about {left:.0f} s left")

    try:
        yield show
    finally:
        terminal_line("")


def terminal_line(text: str) -> None:
    """Replace the last line on the terminal."""
    sys.stderr.write(f"\r\x1b[2K{text}")
    sys.stderr.flush()


def printable(text: str) -> str:
    r"""The text without signs that would steer a terminal; names and rows come from anybody.

    >>> printable("a\x1b[2Jb\n")
    'a�[2Jb\n'
    """
    return "".join(sign if sign.isprintable() or sign == "\n" else "�" for sign in text)


def projects(found: Sequence[Result]) -> str:
    """A line for each project."""
    if not found:
        return "There is no project yet. Create one: concord project create NAME"
    heads = ("name", "task", "rows", "items", "drafts", "annotations", "finished")
    return table(heads, [[one["name"], one["settings"]["task"], *_counts(one)] for one in found])


def project(one: Result) -> str:
    """All about a project."""
    settings = [[name, str(value)] for name, value in one["settings"].items()]
    counts = [[name, f"{value:,}"] for name, value in one["counts"].items()]
    if "costs" in one:
        counts += _costs(one["costs"])
    old = "".join(f"\n\n{stale(each)}" for each in one["stale"])
    return f"{one['name']} ({one['id']})\n\n{table(('count', ''), counts)}\n\n{table(('setting', ''), settings)}{old}"


def _costs(costs: Result) -> list[list[str]]:
    unknown = f" (unknown for {costs['unknown']:,} drafts)" if costs["unknown"] else ""
    rows = [["cost of drafts", dollars(costs["cost"]) + unknown], ["accepted", f"{costs['accepted']:,} items"]]
    return rows + ([["cost of each", dollars(costs["per_accepted"])]] if costs["accepted"] else [])


def _counts(one: Result) -> list[str]:
    return [f"{one['counts'][name]:,}" for name in ("rows", "items", "drafts", "annotations", "finished")]


def imported(report: Result) -> str:
    """What an import did, or why it did nothing."""
    lines = [*problem_lines(report["problems"]), *report["notes"]]
    read, stored, duplicates = report["read"], report["stored"], report["duplicates"]
    if report["refused"]:
        bad = len(report["problems"])
        lines.append(
            f"{report['source']}: {bad:,} of {read:,} rows {'is' if bad == 1 else 'are'} bad; nothing was stored."
        )
        lines.append("Correct them, or leave them out with --skip-bad.")
        return "\n".join(lines)
    new = f"{stored:,} {'would be' if report['dry_run'] else 'are'} new, {duplicates:,} were there already"
    more = [f"{report[name]:,} new {name}" for name in ("drafts", "annotations") if report[name]]
    lines.append(f"{report['source']}: {read:,} read: {', '.join([new, *more])}.")
    if report["rejects"]:
        lines.append(f"Bad rows were left out and are in {report['rejects']}.")
    if "applied" in report:
        lines.append(applied(report["applied"]))
    return "\n".join(lines)


def import_failed(report: Result) -> bool:
    """Whether bad rows kept an import, or the template after it, from being done."""
    return report["refused"] or ("applied" in report and apply_failed(report["applied"]))


def templates(found: Sequence[Result]) -> str:
    """A line for each template."""
    return table(("id", "inputs", ""), [[one["id"], ", ".join(one["inputs"]), one["description"]] for one in found])


def versions(found: Sequence[Result]) -> str:
    """A line for each version."""
    rows = [
        [
            "*" if one["stands"] else "",
            one["version"][:12],
            one["time"][:16].replace("T", " ") if one["time"] else "",
            one["author"],
            one["origin"],
            one["note"],
        ]
        for one in found
    ]
    return table(("", "version", "time", "author", "from", "note"), rows)


def applied(answer: Result) -> str:
    """What became of the rows."""
    lines = problem_lines(answer["problems"])
    if apply_failed(answer):
        cure = "Correct the template or the rows, or leave the rows out with --skip-bad."
        return "\n".join([*lines, f"No item was made. {cure}"])
    made = f"{answer['items']} items made, {answer['present']} were there already, {answer['empty']} rows gave none."
    lines.append(made)
    if answer["left_out"]:
        lines.append(f"{answer['left_out']} rows cannot be rendered and were left out.")
    if answer["retired"]:
        lines.append(f"{answer['retired']} items of older versions left the queue.")
    if answer["stale"]:
        lines.append(stale(answer["stale"]))
    return "\n".join(lines)


def stale(one: Result) -> str:
    """What was made with an older version of a template."""
    made = f"{one['items']:,} items and {one['answers']:,} answers were made with an older version of "
    cure = f"; --rerender replaces the {one['replaceable']:,} that nobody has worked on" if one["replaceable"] else ""
    return f"{made}{one['template_id']}{cure}."


def templates_imported(answer: Result) -> str:
    """What came of a PromptSource file."""
    lines = problem_lines(answer["problems"])
    if answer["refused"]:
        return "\n".join([*lines, "Nothing was stored. Correct the file, or leave bad templates out with --skip-bad."])
    left_out = f", {len(lines):,} left out" if lines else ""
    counts = f"{len(answer['added']):,} new, {answer['present']:,} here already{left_out}"
    return "\n".join([*lines, f"{answer['source']}: templates: {counts}."])


def apply_failed(answer: Result) -> bool:
    """Whether rows that cannot be rendered kept the template from being applied."""
    return answer["refused"]


def drafted_or_planned(answer: Result) -> str:
    """How a run ended, or what it would take."""
    return drafted(answer) if "state" in answer else planned(answer)


def planned(estimate: Result) -> str:
    """What a run would take."""
    if not estimate["drafts"]:
        return "No item is missing a draft."
    rests = f"measured on {estimate['measured']:,} drafts" if estimate["measured"] else "guessed from lengths"
    price = "" if estimate["cost"] is not None else f" Set the price of {estimate['model']} in the project's prices."
    return (
        f"{estimate['drafts']:,} drafts for {estimate['items']:,} items by {estimate['model']}: about "
        f"{estimate['tokens_in']:,} tokens in and {estimate['tokens_out']:,} out ({rests}), "
        f"{dollars(estimate['cost'])}.{price}"
    )


def models(servers: Sequence[Result]) -> str:
    """Servers on this machine and their models."""
    if not servers:
        return "No model server answers on this machine. Start one: the README says how."
    lines = [[server["base_url"], server["name"], model] for server in servers for model in server["models"]]
    return table(("base URL", "server", "model"), lines)


def drafted(run: Result) -> str:
    """How a run ended."""
    if not run["total"]:
        return "No item is missing a draft."
    lines = [run["notice"]] if "notice" in run else []
    if run["state"] != "done":
        lines.append(run["message"])
    if run["state"] != "failed":  # there the message says it
        lines += [f"{one['count']} failed ({fault}): {one['example']}" for fault, one in run["failures"].items()]
    if run["tokens_in"] or run["uncounted"] or run["repeated"]:
        lines.append(spent(run))
    lines.append(f"{run['done']} of {run['total']} drafts made by {run['model']}, {run['failed']} failed.")
    if run["flags"]:
        lines.append(f"Flagged: {', '.join(f'{number} {flag}' for flag, number in run['flags'].items())}.")
    if run["examples"]:
        most = max(run["examples"].values())
        lines.append(f"{len(run['examples'])} approved answers were shown as examples, each for {most} items at most.")
    return "\n".join(lines)


def sent(found: Sequence[Result]) -> str:
    """What left for which endpoint."""
    if not found:
        return "Nothing was sent to any endpoint yet."
    heads = ("endpoint", "model", "purpose", "requests", "prompts", "characters", "masked")
    return table(heads, [[f"{one[h]:,}" if isinstance(one[h], int) else one[h] for h in heads] for one in found])


def arms(answer: Result) -> str:
    """A line for each arm, for each annotator who met a planted fault, and for each who ranked twice."""
    lines = [table(("arm", "items", "finished"), [list(one.values()) for one in answer["arms"]])]
    if answer["canaries"]:
        lines.append(table(("annotator", "faults met", "seen"), [list(one.values()) for one in answer["canaries"]]))
    if answer["repeats"]:
        heads = ("annotator", "pairs ranked twice", "alike")
        lines.append(table(heads, [list(one.values()) for one in answer["repeats"]]))
    return "\n\n".join(lines)


def judged(answer: Result) -> str:
    """What the judge did, and what it thinks of all drafts."""
    lines = [f"{answer['judged']} items judged by {answer['model']}."]
    if answer["failures"]:
        failures = ", ".join(f"{number} {fault}" for fault, number in answer["failures"].items())
        lines.append(f"{sum(answer['failures'].values())} items were not judged ({failures}). {answer['message']}")
    if answer["judges"]:
        heads = ("model", "items", "pairs", "flips", "ties", "compared", "alike")
        lines.append(table(heads, [[one[head] for head in heads] for one in answer["judges"]]))
    if answer["ordered"]:
        lines.append("Items in which the judge contradicted itself come first in the queue.")
    return "\n".join(lines)


def spent(run: Result) -> str:
    """What a run took."""
    parts = [f"{run['tokens_in']:,} tokens in, {run['tokens_out']:,} out: {dollars(run['cost'])}"]
    if run["uncounted"]:
        parts.append(f"{run['uncounted']:,} answers came without a count and are not in it")
    if run["repeated"]:
        parts.append(f"{run['repeated']:,} requests had to be repeated")
    return "; ".join(parts) + "."


def draft_failed(run: Result) -> bool:
    """Whether a run broke off, or gave nothing of what it was to give."""
    return "state" in run and (run["state"] != "done" or run["failed"] > run["done"] == 0)


def agreement(report: Result) -> str:
    """A table for each question and arm."""
    if not report["agreement"]:
        return "Nobody has annotated anything yet. Open the desk: concord serve"
    parts: list[str] = []
    for question, arms in report["agreement"].items():
        for arm, group in arms.items():
            rows = [row for name, one in group["statistics"].items() for row in _statistic_rows(name, one)]
            heads = ("", "value", "95 % interval", "items", "annotations", "annotators", "")
            parts.append(f"{question} ({group['kind']}, {arm})\n{table(heads, rows)}")
    return "\n\n".join(parts)


def _statistic_rows(name: str, one: Result) -> Iterable[list[str]]:
    yield _statistic_row(f"{name} ({one['level']})" if one.get("level") else name, one)
    for pair in one.get("pairs", ()):
        yield _statistic_row("  " + " / ".join(pair["between"]), pair)


def _statistic_row(name: str, one: Result) -> list[str]:
    value = "not defined" if one["value"] is None else f"{one['value']:.3f}"
    interval = "" if one["low"] is None else f"{one['low']:.3f} to {one['high']:.3f}"
    counts = [f"{one[count]:,}" for count in ("items", "annotations", "annotators")]
    return [name, value, interval, *counts, one.get("note") or ""]


def restored(answer: Result) -> str:
    """Which backup is in use now, and where the database before it is."""
    kept = f" The database before it is {answer['kept']}." if answer["kept"] else ""
    return f"Restored {answer['file']}.{kept}"


def verified(answer: Result) -> str:
    """The checks."""
    rows = [[one["check"], f"{one['looked_at']:,}", f"{one['wrong']:,}"] for one in answer["checks"]]
    verdict = "The workspace is sound." if answer["sound"] else "The workspace is damaged. Restore a backup."
    return f"{table(('check', 'looked at', 'wrong'), rows)}\n\n{verdict}"


def problem_lines(problems: Sequence[Result]) -> list[str]:
    """A line for each of the first problems: where, what was found, what to do."""
    lines = [f"{_place(one)}: {one['found']}. {one['cure']}" for one in problems[:_SHOWN_PROBLEMS]]
    if len(problems) > _SHOWN_PROBLEMS:
        lines.append(f"… and {len(problems) - _SHOWN_PROBLEMS} more (--json shows all).")
    return lines


def _place(problem: Result) -> str:
    return f"{problem['source']}, line {problem['line']}" if problem["line"] else problem["source"]


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows under their heads, in columns as wide as they need."""
    widths = [max(len(str(row[place])) for row in (heads, *rows)) for place in range(len(heads))]
    lines = [
        "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (heads, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)
