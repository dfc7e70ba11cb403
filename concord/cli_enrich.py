"""The command that enriches."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from concord.cli_text import terminal_line
from concord.cli_words import Answer, Command, Commands
from concord.enrichment.options import METHODS, EnrichOptions
from concord.verbs import Verbs
from concord.verbs_enrich import Result

_SHOWN = 10
_WIDTH = 70


def add_enrich_words(commands: Commands) -> None:
    """`concord enrich …`."""
    enrich = commands.add_parser("enrich", help="let a model write new prompts, for people to approve")
    enrich.add_argument("project", metavar="NAME")
    enrich.add_argument("--method", required=True, choices=[method.replace("_", "-") for method in METHODS])
    enrich.add_argument("--items", type=int, default=10, metavar="N", help="new prompts to ask for at most")
    enrich.add_argument("--candidates", type=int, default=3, metavar="K", help="texts that people choose from")
    enrich.add_argument("--seed", type=int, default=0, metavar="S", help="another seed asks for other texts")
    enrich.add_argument("--model", metavar="M")
    enrich.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible endpoint")
    enrich.set_defaults(does=Command(_enrich, enriched, enrich_failed))


def _enrich(verbs: Verbs, args: argparse.Namespace) -> Answer:
    method = args.method.replace("-", "_")
    options = EnrichOptions(method, args.items, args.candidates, args.seed, args.model, args.base_url)
    with _progress() as on_batch:
        return verbs.enrich(args.project, options, on_batch)


@contextmanager
def _progress() -> Generator[Callable[[Result], None] | None]:
    """A line on a terminal that says how far it is and how long it will take; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    begun = time.monotonic()

    def show(so_far: Result) -> None:
        asked, wanted = so_far["asked"], so_far["wanted"]
        left = (time.monotonic() - begun) / asked * (wanted - asked)
        terminal_line(f"{asked} of {wanted} asked for, {len(so_far['refused'])} refused, about {left:.0f} s left")

    try:
        yield show
    finally:
        terminal_line("")


def enriched(answer: Result) -> str:
    """What came of it, what was refused and why, and what comes next."""
    if not answer["asked"]:
        return "Nothing is left to ask for with this seed. Choose another --seed, or another --method."
    lines = [answer["notice"]] if "notice" in answer else []
    lines += [f"{one['count']} failed ({fault}): {one['example']}" for fault, one in answer["failures"].items()]
    lines += [
        f"Refused: {_short(one['text'])}\n  repeats {one['item']} ({one['similarity']:.2f}): {_short(one['repeats'])}"
        for one in answer["refused"][:_SHOWN]
    ]
    if len(answer["refused"]) > _SHOWN:
        lines.append(f"… and {len(answer['refused']) - _SHOWN} more (--json shows all).")
    lines.append(
        f"{answer['asked']} asked for: {answer['items']} new prompts with {answer['candidates']} candidates wait at "
        f"the desk, {len(answer['refused'])} candidates were refused as repetitions."
    )
    if answer["items"]:
        lines.append("None counts yet: people rank and edit them at the desk, and a reviewer approves them.")
    return "\n".join(lines)


def enrich_failed(answer: Result) -> bool:
    """Whether nothing came, because the endpoint failed."""
    return bool(answer["failures"]) and not answer["items"]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDTH else f"{flat[: _WIDTH - 1]}…"
