"""How far work with a Label Studio is, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable

from components.widgets.text import counted


def onto(draw: Callable[[float, str], object]) -> Callable[[int, int], None]:
    """Draw the progress of tasks with `draw`, which takes a share and a text."""
    begun = time.monotonic()

    def show(done: int, total: int) -> None:
        left = (time.monotonic() - begun) / max(done, 1) * max(total - done, 0)
        draw(min(done / max(total, 1), 1.0), f"{done:,} of {counted(total, 'task')}, about {left:.0f} s left")

    return show
