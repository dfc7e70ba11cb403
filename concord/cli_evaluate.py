"""`concord evaluate`: a fine-tuned model beside its base and people."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
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
    words.add_argument("--judge", action="store_true", help="let the project's judge compare the answers with people's")
    words.set_defaults(does=_EVALUATE)


def _evaluate(verbs: Verbs, args: argparse.Namespace) -> Answer:
    baseline = read_answers(Path(args.baseline)) if args.baseline else {}
    model = args.model or Path(args.answers).stem
    asked = Evaluation(read_answers(Path(args.answers)), baseline, model, args.send_back, args.judge)
    return verbs.evaluate(args.project, asked)


def evaluated(answer: Result) -> str:
    """Each measure of the model, its base and people, with intervals; then what is missing, and the worst."""
    groups = [name for name in ("model", "baseline", "difference", "people") if name in answer["measures"]["chrf"]]
    rows = [
        [measure.replace("_", " "), *(_said(found[group]) for group in groups)]
        for measure, found in answer["measures"].items()
    ]
    lines = [f"Items of the test split with an answer: {answer['items']:,}.", table(("", *groups), rows)]
    if judge := answer.get("judge"):
        lines += _judged(judge)
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


def _judged(judge: Result) -> Iterator[str]:
    """What the judge's figures are, and how many pairs it said nothing about."""
    yield f"judge: how often {judge['model']} prefers an answer to people's, ties as half; .5 is as good as people's."
    if judge["failures"]:
        yield f"{sum(judge['failures'].values()):,} comparisons have no verdict; the last: {judge['message']}"


def _said(one: Result) -> str:
    if one["value"] is None:
        return "not defined"
    interval = "" if one["low"] is None else f" [{one['low']:.3f}, {one['high']:.3f}]"
    return f"{one['value']:.3f}{interval}"


_EVALUATE = Command(_evaluate, evaluated)
