"""Export on the command line: gates, policies, splits, and the funnel before anything is written."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from concord.cli_text import table
from concord.cli_words import Answer, Command, Commands, place
from concord.curation.gates import ItemGates
from concord.curation.mixtures import parse_share
from concord.curation.policies import ANSWERS, PAIRS, WEIGHTS, Policies, parse_rated
from concord.curation.splits import parse_shares
from concord.export.formats import FORMATS
from concord.export.hub import hub_token, push
from concord.export.options import ExportOptions
from concord.verbs import Result, Verbs


def add_export_words(commands: Commands) -> None:
    """`concord export`."""
    export = commands.add_parser("export", help="write a data set")
    export.add_argument("project", metavar="NAME")
    export.add_argument("--format", required=True, choices=list(FORMATS))
    target = export.add_mutually_exclusive_group(required=True)
    target.add_argument("--out", metavar="DIR", help="a folder that is new, empty, or holds an earlier export")
    target.add_argument("--dry-run", action="store_true", help="show what each gate would keep, and write nothing")
    export.add_argument("--split", default="1,0,0", metavar="T,V,T", help="shares of train, validation and test")
    export.add_argument("--stratify", default="none", help="every split gets its share of: template, source or label")
    export.add_argument("--seed", type=int, default=0, metavar="N", help="another seed is another split")
    export.add_argument("--max-length", type=int, metavar="N", help="tokens that the trainer takes")
    export.add_argument("--drop-long", action="store_true", help="longer rows stay behind")
    export.add_argument("--tokenizer", metavar="PATH", help="a tokenizer.json that counts tokens; else an estimate")
    export.add_argument("--include-flagged", action="store_true", help="also items that annotators flagged")
    export.add_argument("--license", metavar="ID", help="of the data set, such as cc-by-4.0")
    export.add_argument("--push", metavar="REPO", help="also to the Hugging Face hub, as a private data set")
    export.add_argument("--explain", action="store_true", help="also write rows.jsonl: what each row rests on")
    export.add_argument(
        "--with",
        action="append",
        default=[],
        metavar="NAME:W",
        help="also rows of this project, of a share W of its items; repeatable",
    )
    _add_gate_words(export.add_argument_group("gates, in the order in which they stand"))
    _add_policy_words(export.add_argument_group("policies"))
    export.set_defaults(does=_EXPORT)


def _add_gate_words(gates: argparse._ArgumentGroup) -> None:  # pyright: ignore[reportPrivateUsage]
    gates.add_argument("--adjudicated-only", action="store_true", help="only items that a reviewer decided")
    gates.add_argument(
        "--min-item-agreement", type=float, default=0.0, metavar="X", help="of all who judged the item, from 0 to 1"
    )
    gates.add_argument("--min-votes", type=int, default=1, metavar="N", help="annotators that a row must rest on")
    gates.add_argument("--min-agreement", type=float, default=0.0, metavar="X", help="of the row, from 0 to 1")
    gates.add_argument("--found-right", action="store_true", help="only drafts that more found right than wrong")
    gates.add_argument(
        "--allow-model", action="append", default=[], metavar="M", help="only drafts of this model leave; repeatable"
    )
    gates.add_argument(
        "--deny-model", action="append", default=[], metavar="M", help="no draft of this model leaves; repeatable"
    )
    gates.add_argument("--min-chars", type=int, default=0, metavar="N", help="of each answer")
    gates.add_argument("--max-chars", type=int, metavar="N", help="of prompt and longest answer together")
    gates.add_argument("--drop-nul", action="store_true", help="no row with a NUL character leaves")
    gates.add_argument("--language", action="append", default=[], metavar="XX", help="of answers; repeatable")
    gates.add_argument("--drop-duplicates", action="store_true", help="of equal rows only the first leaves")


def _add_policy_words(policies: argparse._ArgumentGroup) -> None:  # pyright: ignore[reportPrivateUsage]
    for word, choices, default in (
        ("answer", ANSWERS, "agreed"),
        ("pairs", PAIRS, "all"),
        ("weights", WEIGHTS, "item"),
    ):
        help_text = "; ".join(f"{name}: {says}" for name, says in choices.items())
        policies.add_argument(f"--{word}", choices=list(choices), default=default, help=help_text)
    policies.add_argument("--max-pairs", type=int, metavar="N", help="pairs of one prompt, the clearest first")
    policies.add_argument("--edit-pairs", action="store_true", help="an edit is chosen over the draft it began from")
    policies.add_argument(
        "--rated", metavar="Q:GOOD:BAD", help="KTO labels by the mean rating on question Q: from GOOD on, up to BAD"
    )


def _policies(args: argparse.Namespace) -> Policies:
    rated = parse_rated(args.rated) if args.rated else None
    return Policies(args.answer, args.pairs, args.max_pairs, args.weights, args.edit_pairs, rated)


def _export(verbs: Verbs, args: argparse.Namespace) -> Answer:
    options = ExportOptions(
        args.format,
        args.min_votes,
        args.min_agreement,
        parse_shares(args.split),
        args.seed,
        include_flagged=args.include_flagged,
        gates=_gates(args),
        policies=_policies(args),
        stratify=args.stratify,
        tokenizer=str(Path(args.tokenizer).absolute()) if args.tokenizer else None,
        max_length=args.max_length,
        drop_long=args.drop_long,
        license=args.license,
        explain=args.explain,
        mixture=tuple(map(parse_share, getattr(args, "with"))),
    )
    if args.dry_run:
        return verbs.preview_export(args.project, options)
    token = hub_token() if args.push else ""
    written = {"out": args.out, **verbs.export(args.project, options, place(args.out))}
    return written | ({"pushed": push(place(args.out), args.push, token)} if args.push else {})


def _gates(args: argparse.Namespace) -> ItemGates:
    return ItemGates(
        adjudicated_only=args.adjudicated_only,
        min_item_agreement=args.min_item_agreement,
        found_right=args.found_right,
        allowed_models=tuple(args.allow_model),
        denied_models=tuple(args.deny_model),
        min_chars=args.min_chars,
        max_chars=args.max_chars,
        drop_nul=args.drop_nul,
        languages=tuple(args.language),
        drop_duplicates=args.drop_duplicates,
    )


def exported(answer: Result) -> str:
    """What was written, or would be, and what was not; the gates in order."""
    written = ", ".join(f"{rows:,} {split}" for split, rows in answer["counts"]["written"].items()) or "nothing"
    place_of = f"{answer['out']}: " if "out" in answer else "It would write: "
    lines = [f"{place_of}{written} (of {answer['counts']['in']:,}).", *_projects(answer), *_funnel(answer["funnel"])]
    pushed = [f"Pushed to {answer['pushed']}."] if "pushed" in answer else []
    return "\n".join([*lines, *answer["warnings"], *pushed])


def _projects(answer: Result) -> list[str]:
    """What each project of a mixture gave."""
    rows = [
        [name, f"{one['weight']:g}", f"{one['in']:,}", f"{one['written']:,}"]
        for name, one in answer.get("projects", {}).items()
    ]
    return [table(("project", "weight", "entered", "rows"), rows)] if rows else []


def _funnel(steps: Sequence[Result]) -> list[str]:
    if not steps:
        return []
    return [
        table(("left out", "number", "left"), [[one["reason"], f"{one['out']:,}", f"{one['left']:,}"] for one in steps])
    ]


_EXPORT = Command(_export, exported)
