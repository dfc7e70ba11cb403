"""What commands are made of: the words that each of them takes, and what it does with the verbs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from concord.errors import InputError
from concord.verbs import Result, Verbs

Answer = Result | list[Result]
Commands = Any
"""What `add_subparsers` returns; argparse keeps its class to itself."""


@dataclass(frozen=True)
class Command:
    """One command: what it does with the verbs, and how its answer reads."""

    run: Callable[[Verbs, argparse.Namespace], Answer]
    text: Callable[[Any], str]
    failed: Callable[[Any], bool] = lambda _: False


class Words(argparse.ArgumentParser):
    """Every command takes these two, before or after its own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_argument("--workspace", default=argparse.SUPPRESS, help="folder of the workspace")
        self.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="answer as JSON")


def place(text: str) -> Path:
    """Where something is written, beside which there must be room for its parts."""
    path = Path(text)
    if not path.name:
        raise InputError(f"{text!r} has no name of its own. Name a new place in it.")
    return path
