"""The commands about those who judge."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from concord.cli_text import problem_lines, table
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

    gold = commands.add_parser("gold", help="make known answers of a file, or of what a reviewer decided")
    gold.add_argument("project", metavar="NAME")
    source = gold.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", metavar="FILE", help="items with annotations, which are what is known")
    source.add_argument("--item", metavar="ITEM", help="what was approved for this item is known")
    gold.set_defaults(does=Command(_gold, _golden, lambda answer: bool(answer.get("problems"))))

    annotators = commands.add_parser("annotators", help="say what each annotator did, and how near to known answers")
    annotators.add_argument("project", metavar="NAME")
    annotators.set_defaults(does=Command(lambda verbs, args: verbs.annotators(args.project), _annotators))

    remarks = commands.add_parser("remarks", help="list what annotators flagged and skipped, and why")
    remarks.add_argument("project", metavar="NAME")
    remarks.set_defaults(does=Command(lambda verbs, args: verbs.remarks(args.project), _remarks))


def _assign(verbs: Verbs, args: argparse.Namespace) -> Answer:
    chosen = args.limit if args.items is None else _names(Path(args.items))
    return verbs.assign(args.project, args.to.split(","), chosen)


def _unassign(verbs: Verbs, args: argparse.Namespace) -> Answer:
    return verbs.unassign(args.project, None if args.items is None else _names(Path(args.items)))


def _gold(verbs: Verbs, args: argparse.Namespace) -> Answer:
    if args.item is not None:
        return verbs.gold_from_decision(args.project, args.item)
    return verbs.gold_from_file(args.project, Path(args.file))


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


def _golden(answer: Result) -> str:
    if problems := answer.get("problems"):
        return "\n".join([f"Nothing was stored: {len(problems):,} lines cannot be used.", *problem_lines(problems)])
    made = f" {answer['items']:,} items and {answer['drafts']:,} drafts are new." if answer.get("drafts") else ""
    return f"{answer['answers']:,} known answers.{made}"


def _annotators(people: Sequence[Result]) -> str:
    if not people:
        return "Nobody has judged anything yet."
    heads = ("annotator", "finished", "assigned", "skipped", "flagged", "training", "gold", "95 %", "tau-b", "chrF")
    return table(heads, [_annotator(one) for one in people])


def _annotator(one: Result) -> list[str]:
    gold = one["gold"]
    interval = "" if gold["low"] is None else f"{gold['low']:.2f} to {gold['high']:.2f}"
    counts = [str(one[name]) for name in ("annotator", "finished", "assigned", "skipped", "flagged")]
    shares = [f"{one[of]['hits']} of {one[of]['choices']}" for of in ("training", "gold")]
    return [*counts, *shares, interval, *("" if gold[of] is None else f"{gold[of]:.2f}" for of in ("tau_b", "chrf"))]


def _remarks(remarks: Sequence[Result]) -> str:
    if not remarks:
        return "Nothing is flagged, and nothing was skipped."
    names = ("kind", "item", "annotator", "reason", "note", "created_at")
    return table(
        ("", "item", "annotator", "reason", "note", "when"), [[one[name] for name in names] for one in remarks]
    )
