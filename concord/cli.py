"""The command line: words in, one verb called, text or JSON out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, get_args

import orjson

from concord import cli_text
from concord.agreement.report_html import as_html
from concord.agreement.report_markdown import as_markdown
from concord.cli_check import add_check_words
from concord.cli_enrich import add_enrich_words
from concord.cli_evaluate import add_evaluate_words
from concord.cli_export import add_export_words
from concord.cli_labelstudio import add_labelstudio_words
from concord.cli_people import add_people_words
from concord.cli_review import add_review_words
from concord.cli_template import add_template_words
from concord.cli_words import Answer, Command, Commands, Words, place
from concord.errors import ConcordError, InputError
from concord.records.kinds import RecipeName
from concord.settings import read_settings
from concord.verbs import DraftRequest, FileImport, JudgeRequest, Result, Verbs


class Openers(Protocol):
    """What the command line cannot do by itself."""

    def verbs(self, workspace: Path) -> AbstractContextManager[Verbs]: ...
    def serve(self, workspace: Path, host: str, port: int) -> int: ...
    def restore(self, workspace: Path, source: Path) -> Result: ...


def main(argv: Sequence[str], openers: Openers) -> int:
    """Run one command.

    Returns:
        0 when it is done, 1 after a stated error; wrong usage exits with 2.
    """
    args = build_parser().parse_args(argv)
    try:
        return _run(args, openers)
    except ConcordError as error:
        sys.stderr.write(cli_text.printable(f"{error}\n"))
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was stored is kept.\n")
    except BrokenPipeError:  # somebody reads only the first lines
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _run(args: argparse.Namespace, openers: Openers) -> int:
    workspace = Path(args.workspace)
    if args.command == "serve":
        return openers.serve(workspace, args.host, args.port)
    if args.command == "restore":
        return _tell(openers.restore(workspace, Path(args.file)), cli_text.restored, as_json=args.json)
    command: Command = args.does
    with openers.verbs(workspace) as verbs:
        answer = command.run(verbs, args)
    return _tell(answer, command.text, as_json=args.json, failed=command.failed(answer))


def _tell(answer: Answer, text: Callable[[Any], str], *, as_json: bool, failed: bool = False) -> int:
    output = orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode() if as_json else cli_text.printable(text(answer))
    (sys.stderr if failed and not as_json else sys.stdout).write(output + "\n")
    sys.stdout.flush()  # here, where a broken pipe can still be met
    return 1 if failed else 0


# ---- the verbs


def _create_project(verbs: Verbs, args: argparse.Namespace) -> Answer:
    return verbs.create_project(args.name, read_settings(Path(args.settings)) if args.settings else {})


def _import(verbs: Verbs, args: argparse.Namespace) -> Answer:
    how = FileImport(dict(map(_pair, args.map)), args.template, args.skip_bad, args.dry_run, tidy=args.tidy)
    with cli_text.progress("reading") as on_share:
        return verbs.import_file(args.project, Path(args.file), how, on_share)


def _import_annotations(verbs: Verbs, args: argparse.Namespace) -> Answer:
    how = FileImport(skip_bad=args.skip_bad, dry_run=args.dry_run, ready=True, tidy=args.tidy)
    with cli_text.progress("reading") as on_share:
        return verbs.import_file(args.project, Path(args.file), how, on_share)


def _draft(verbs: Verbs, args: argparse.Namespace) -> Answer:
    request = DraftRequest(
        args.candidates,
        args.limit,
        args.model,
        args.base_url,
        args.concurrency,
        max_cost=args.max_cost,
        recipe=args.recipe,
    )
    if args.plan:
        return verbs.plan(args.project, request)
    with cli_text.run_progress() as on_run:
        return verbs.draft(args.project, request, on_run)


def _agreement(verbs: Verbs, args: argparse.Namespace) -> Answer:
    report = verbs.agreement(args.project)
    for file, written in ((args.html, as_html), (args.markdown, as_markdown)):
        if file:
            _write(place(file), written(report))
    return report


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from error


def _pair(text: str) -> tuple[str, str]:
    name, equals, column = text.partition("=")
    if not (name and equals and column):
        raise InputError(f"--map {text!r}: write it as FIELD=COLUMN.")
    return name, column


_CREATE = Command(_create_project, cli_text.project)
_LIST = Command(lambda verbs, _: verbs.list_projects(), cli_text.projects)
_SHOW = Command(lambda verbs, args: verbs.show_project(args.name), cli_text.project)
_IMPORT = Command(_import, cli_text.imported, cli_text.import_failed)
_DRAFT = Command(_draft, cli_text.drafted_or_planned, cli_text.draft_failed)
_MODELS = Command(lambda verbs, _: verbs.models(), cli_text.models)
_SENT = Command(lambda verbs, args: verbs.sent(args.project), cli_text.sent)
_ARMS = Command(lambda verbs, args: verbs.arms(args.project), cli_text.arms)
_JUDGE = Command(lambda verbs, args: verbs.judge(args.project, JudgeRequest(args.limit, args.order)), cli_text.judged)
_ANNOTATIONS_IN = Command(_import_annotations, cli_text.imported, cli_text.import_failed)
_ANNOTATIONS_OUT = Command(
    lambda verbs, args: verbs.export_annotations(args.project, place(args.file), all_arms=args.all_arms),
    lambda answer: f"{answer['items']} items written to {answer['file']}.",
)
_AGREEMENT = Command(_agreement, cli_text.agreement)
_DEMO = Command(
    lambda verbs, _: verbs.add_samples(), lambda answer: f"The sample projects are {', '.join(answer['projects'])}."
)
_BACKUP = Command(
    lambda verbs, args: verbs.backup(place(args.file)),
    lambda answer: f"{answer['bytes']:,} bytes written to {answer['file']}.",
)
_VERIFY = Command(lambda verbs, _: verbs.verify(), cli_text.verified, lambda answer: not answer["sound"])


# ---- the words


def build_parser() -> argparse.ArgumentParser:
    """All commands with their words."""
    parser = Words(prog="concord", description="From raw rows to fine-tuning data that people agreed on.")
    parser.set_defaults(workspace=os.environ.get("CONCORD_WORKSPACE", "workspace"), json=False)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Words)
    _add_app_words(commands)
    _add_project_words(commands)
    add_template_words(commands)
    add_review_words(commands)
    _add_loop_words(commands)
    add_check_words(commands)
    add_enrich_words(commands)
    add_labelstudio_words(commands)
    add_people_words(commands)
    _add_upkeep_words(commands)
    return parser


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port. Give a number from 0 to 65535.")
    return int(text)


def _add_app_words(commands: Commands) -> None:
    serve = commands.add_parser("serve", help="open the app")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, default=8501)
    commands.add_parser("demo", help="add the sample projects").set_defaults(does=_DEMO)


def _add_project_words(commands: Commands) -> None:
    project = commands.add_parser("project", help="create, list or show projects")
    words = project.add_subparsers(dest="action", required=True, parser_class=Words)
    create = words.add_parser("create", help="create an empty project")
    create.add_argument("name")
    create.add_argument("--settings", metavar="FILE.yaml")
    create.set_defaults(does=_CREATE)
    words.add_parser("list", help="list all projects").set_defaults(does=_LIST)
    show = words.add_parser("show", help="show a project")
    show.add_argument("name")
    show.set_defaults(does=_SHOW)


def _add_loop_words(commands: Commands) -> None:
    rows = commands.add_parser("import", help="import rows, or ready-made items")
    _add_import_words(rows)
    rows.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN", help="rename a column")
    rows.add_argument("--template", metavar="ID", help="apply this template to the rows")
    rows.set_defaults(does=_IMPORT)

    draft = commands.add_parser("draft", help="let a model draft what is missing")
    draft.add_argument("project", metavar="NAME")
    draft.add_argument("--candidates", type=int, metavar="N", help="drafts an item should have")
    draft.add_argument("--model", metavar="M")
    draft.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible endpoint")
    draft.add_argument("--limit", type=int, metavar="K", help="look after K items at most")
    draft.add_argument("--concurrency", type=int, metavar="N", help="requests under way at once, at most")
    draft.add_argument("--max-cost", type=float, metavar="USD", help="stop before the run costs more")
    draft.add_argument("--plan", action="store_true", help="say what it would take, ask for nothing")
    draft.add_argument("--recipe", choices=get_args(RecipeName), help="plan: list actions and plan before answering")
    draft.set_defaults(does=_DRAFT)
    commands.add_parser("models", help="look for models on this machine").set_defaults(does=_MODELS)
    sent = commands.add_parser("sent", help="say what was sent to which endpoint")
    sent.add_argument("project", metavar="NAME")
    sent.set_defaults(does=_SENT)
    arms = commands.add_parser("arms", help="count the items of each arm, and who saw the planted faults")
    arms.add_argument("project", metavar="NAME")
    arms.set_defaults(does=_ARMS)
    judge = commands.add_parser("judge", help="let a model judge the drafts, as a third opinion")
    judge.add_argument("project", metavar="NAME")
    judge.add_argument("--limit", type=int, metavar="K", help="judge K items at most")
    judge.add_argument("--order", action="store_true", help="put items first in which the judge contradicts itself")
    judge.set_defaults(does=_JUDGE)

    annotations = commands.add_parser("annotations", help="bring annotations in or out")
    words = annotations.add_subparsers(dest="action", required=True, parser_class=Words)
    incoming = words.add_parser("import", help="import items, responses and annotations")
    _add_import_words(incoming)
    incoming.set_defaults(does=_ANNOTATIONS_IN)
    outgoing = words.add_parser("export", help="write items, responses and annotations")
    outgoing.add_argument("project", metavar="NAME")
    outgoing.add_argument("file", metavar="FILE")
    outgoing.add_argument("--all-arms", action="store_true", help="also control, canary and repeat items")
    outgoing.set_defaults(does=_ANNOTATIONS_OUT)

    agreement = commands.add_parser("agreement", help="report inter-annotator agreement")
    agreement.add_argument("project", metavar="NAME")
    agreement.add_argument("--html", metavar="FILE", help="write it as a page that needs nothing else")
    agreement.add_argument("--markdown", metavar="FILE", help="write it as Markdown")
    agreement.set_defaults(does=_AGREEMENT)
    add_export_words(commands)
    add_evaluate_words(commands)


def _add_import_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="NAME")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="look at everything, store nothing")
    parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out and write them to a file")
    parser.add_argument("--tidy", action="store_true", help="bring texts into one form: line ends, blanks, accents")


def _add_upkeep_words(commands: Commands) -> None:
    backup = commands.add_parser("backup", help="copy the database")
    backup.add_argument("file", metavar="FILE")
    backup.set_defaults(does=_BACKUP)
    restore = commands.add_parser("restore", help="put a backup in the place of the database")
    restore.add_argument("file", metavar="FILE")
    commands.add_parser("verify", help="check the whole workspace").set_defaults(does=_VERIFY)
