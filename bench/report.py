"""Figures as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bench.measure import Figures, middle, times_as_long


def cost_table(title: str, runs: Mapping[str, Sequence[Figures]], names: Mapping[str, str]) -> str:
    """The middle of each task's figures, and how many times as long as the first task each took."""
    first = next(iter(runs.values()))
    rows = [("", "wall s", "cpu s", "peak GB", "rows", "× wall")]
    for task, figures in runs.items():
        mid = middle(figures)
        ratio = f"{times_as_long(figures, first):.2f}"
        rows.append((names[task], f"{mid.wall:.2f}", f"{mid.cpu:.2f}", f"{mid.peak:.2f}", f"{mid.result:,}", ratio))
    return _table(title, rows)


def desk_table(title: str, found: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """How long opening and submitting took, and how many there were a second."""
    rows = [("", "step", "p50", "p95", "p99", "a second")]
    for task, steps in found.items():
        for step, took in steps.items():
            p50, p95, p99 = (f"{took[name]:.1f}" for name in ("p50", "p95", "p99"))
            rows.append((names[task], step, p50, p95, p99, f"{took['per_second']:.0f}"))
    return _table(title, rows)


def drafting_table(title: str, runs: Mapping[int, Figures], milliseconds: int) -> str:
    """How many drafts came a second, of how many that could, and what each took of the processor."""
    rows = [("under way", "drafts", "a second", "ideal", "cpu ms each", "peak GB")]
    for at_once, figures in runs.items():
        done = figures.result["done"]
        ideal = at_once / milliseconds * 1000
        numbers = (f"{done:,}", f"{done / figures.wall:.0f}", f"{ideal:.0f}", f"{figures.cpu / done * 1000:.2f}")
        rows.append((str(at_once), *numbers, f"{figures.peak:.2f}"))
    return _table(title, rows)


def rendering_table(title: str, runs: Mapping[str, Sequence[Figures]], names: Mapping[str, str]) -> str:
    """How many rows a second were rendered, and how far the peak of memory rose after a tenth of them."""
    rows = [("", "rows a second", "µs a row", "cpu s", "MB grown")]
    for task, figures in runs.items():
        mid = middle(figures)
        each = mid.wall / mid.result["rows"]
        grown = max(one.result["grown"] for one in figures)
        rows.append((names[task], f"{1 / each:,.0f}", f"{each * 1e6:.1f}", f"{mid.cpu:.2f}", f"{grown:.1f}"))
    return _table(title, rows)


def duplicates_table(title: str, runs: Mapping[str, Sequence[Figures]], names: Mapping[str, str]) -> str:
    """What finding near-duplicates cost, and the share of the planted ones that was found."""
    rows = [("", "wall s", "cpu s", "peak GB", "found")]
    for task, figures in runs.items():
        mid = middle(figures)
        rows.append((names[task], f"{mid.wall:.2f}", f"{mid.cpu:.2f}", f"{mid.peak:.2f}", f"{mid.result:.3f}"))
    return _table(title, rows)


def verdict(what: str, value: float, *, least: float | None = None, most: float | None = None) -> str:
    """A figure beside its target, if it has one."""
    if least is None and most is None:
        return f"  {value:.2f} {what}"
    target = f"at least {least}" if least is not None else f"at most {most}"
    met = (least is None or value >= least) and (most is None or value <= most)
    return f"  {value:.2f} {what}; target {target}: {'met' if met else 'MISSED'}"


def _table(title: str, rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    return "\n".join(["", title, *lines])
