"""`concord evaluate`: a fine-tuned model beside its base and people."""

from __future__ import annotations

import argparse
from pathlib import Path

from concord.cli_text import table
from concord.cli_words import Answer, Command, Commands
from concord.evaluating import Evaluation, read_answers
from concord.verbs import Result, Verbs


def add_evaluate_words(commands: Commands) -> None:
    """`concord evaluate`."""
    words = commands.add_parser("evaluate", help="measure a fine-tuned model's answers to the test split")
    words.add_argument("project", metavar="NAME")
    words.add_argument("answers", metavar="ANSWERS.jsonl", help="lines with item_id and answer, text or completion")
    words.add_argument("--baseline", metavar="BASE.jsonl", help="another model's answers, such as the base model's")
    words.add_argument("--model", metavar="M", help="what the answers' author is called; else the file's name")
    words.add_argument("--send-back", type=int, default=0, metavar="N", help="put the N worst on the desk as items")
    words.set_defaults(does=_EVALUATE)


def _evaluate(verbs: Verbs, args: argparse.Namespace) -> Answer:
    baseline = read_answers(Path(args.baseline)) if args.baseline else {}
    model = args.model or Path(args.answers).stem
    return verbs.evaluate(args.project, Evaluation(read_answers(Path(args.answers)), baseline, model, args.send_back))


def evaluated(answer: Result) -> str:
    """Each measure of the model, its base and people, with intervals; then what is missing, and the worst."""
    groups = [name for name in ("model", "baseline", "difference", "people") if name in answer["measures"]["chrf"]]
    rows = [
        [measure.replace("_", " "), *(_said(found[group]) for group in groups)]
        for measure, found in answer["measures"].items()
    ]
    lines = [f"Items of the test split with an answer: {answer['items']:,}.", table(("", *groups), rows)]
    for count, says in (
        (len(answer["unanswered"]), "items of the split have no answer"),
        (len(answer["unknown"]), "answers are to no item of the split"),
        (answer["of_other_projects"], "answers are to items of other projects: evaluate these with the same file"),
        (len(answer["sent_back"]), "items are on the desk again"),
    ):
        if count:
            lines.append(f"{count:,} {says}.")
    lines += [f"  chrF {one['chrf']:.2f}  {one['item']}" for one in answer["worst"]]
    return "\n".join(lines)


def _said(one: Result) -> str:
    interval = "" if one["low"] is None else f" [{one['low']:.3f}, {one['high']:.3f}]"
    return f"{one['value']:.3f}{interval}"


_EVALUATE = Command(_evaluate, evaluated)
