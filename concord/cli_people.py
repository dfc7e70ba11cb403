"""The commands about those who judge."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from concord.cli_text import table
from concord.cli_words import Answer, Command, Commands
from concord.errors import InputError
from concord.verbs import Result, Verbs


def add_people_words(commands: Commands) -> None:
    """`concord assign …`, `concord unassign …`, `concord remarks …`."""
    assign = commands.add_parser("assign", help="let only certain annotators have some items")
    assign.add_argument("project", metavar="NAME")
    assign.add_argument("--to", required=True, metavar="A,B", help="who gets them, with commas between")
    which = assign.add_mutually_exclusive_group(required=True)
    which.add_argument("--items", metavar="FILE", help="the items of this file, an id a line")
    which.add_argument("--limit", type=int, metavar="N", help="the next N that are assigned to nobody")
    assign.set_defaults(does=Command(_assign, _assigned))

    unassign = commands.add_parser("unassign", help="open items to everybody again")
    unassign.add_argument("project", metavar="NAME")
    unassign.add_argument("--items", metavar="FILE", help="the items of this file, an id a line; else all")
    unassign.set_defaults(does=Command(_unassign, lambda answer: f"{answer['items']:,} items are everybody's again."))

    remarks = commands.add_parser("remarks", help="list what annotators flagged and skipped, and why")
    remarks.add_argument("project", metavar="NAME")
    remarks.set_defaults(does=Command(lambda verbs, args: verbs.remarks(args.project), _remarks))


def _assign(verbs: Verbs, args: argparse.Namespace) -> Answer:
    chosen = args.limit if args.items is None else _names(Path(args.items))
    return verbs.assign(args.project, args.to.split(","), chosen)


def _unassign(verbs: Verbs, args: argparse.Namespace) -> Answer:
    return verbs.unassign(args.project, None if args.items is None else _names(Path(args.items)))


def _names(path: Path) -> list[str]:
    """The lines of a file that are not blank."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not text in UTF-8. Save it as UTF-8, an id a line.") from error
    return [line.strip() for line in lines if line.strip()]


def _assigned(answer: Result) -> str:
    said = f"{answer['items']:,} items assigned."
    if answer["short"]:
        said += f" {answer['short']:,} of them want more annotators than are named, and wait for them."
    return said


def _remarks(remarks: Sequence[Result]) -> str:
    if not remarks:
        return "Nothing is flagged, and nothing was skipped."
    names = ("kind", "item", "annotator", "reason", "note", "created_at")
    return table(
        ("", "item", "annotator", "reason", "note", "when"), [[one[name] for name in names] for one in remarks]
    )
