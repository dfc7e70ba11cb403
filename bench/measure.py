"""Running a task in a process of its own, several rounds in turn, and what it cost."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figures:
    """What one run of a task cost: seconds, seconds of processor, gigabytes at the peak; and its result."""

    wall: float
    cpu: float
    peak: float
    result: Any


def measure(task: str, folder: Path, *numbers: int, python: str = sys.executable) -> Figures:
    """Run a task in a process of its own, by this Python or one of another environment."""
    command = [python, "-m", "bench.child", task, str(folder), *map(str, numbers)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Figures(**json.loads(done.stdout))


def in_turn(
    tasks: Iterable[str], folder: Path, rounds: int, *numbers: int, pythons: Mapping[str, str] | None = None
) -> dict[str, list[Figures]]:
    """The figures of several rounds; in each round every task runs once, so that a slow minute is shared by all.

    `pythons` are those of tasks that run in another environment.
    """
    found: dict[str, list[Figures]] = {task: [] for task in tasks}
    for number in range(1, rounds + 1):
        for task, figures in found.items():
            figures.append(measure(task, folder, *numbers, python=(pythons or {}).get(task, sys.executable)))
            print(f"round {number}: {task} took {figures[-1].wall:.2f} s", file=sys.stderr, flush=True)
    return found


def middle(runs: Sequence[Figures]) -> Figures:
    """The median of each figure; the result is that of the first run."""
    wall, cpu, peak = (
        statistics.median(getattr(figures, name) for figures in runs) for name in ("wall", "cpu", "peak")
    )
    return Figures(wall, cpu, peak, runs[0].result)


def times_as_long(runs: Sequence[Figures], reference: Sequence[Figures]) -> float:
    """How many times as long as the reference it took: the median of the rounds' own ratios."""
    return statistics.median(one.wall / other.wall for one, other in zip(runs, reference, strict=True))


def times_the_work(runs: Sequence[Figures], reference: Sequence[Figures]) -> float:
    """How many times the reference's seconds of processor it took: the median of the rounds' own ratios."""
    return statistics.median(one.cpu / other.cpu for one, other in zip(runs, reference, strict=True))
