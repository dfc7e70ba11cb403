"""The parts that components are put together from: files beside this one."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def text_of(*names: str) -> str:
    """The text of these files, one after the other."""
    return "".join((_HERE / name).read_text(encoding="utf-8") for name in names)
