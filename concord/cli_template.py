"""The commands about templates."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from concord import cli_text
from concord.cli_lint import lint_failed, linted
from concord.cli_words import Answer, Command, Commands, Words, place
from concord.errors import DiskFull
from concord.verbs import Result, TemplateChoice, Verbs


def _import(verbs: Verbs, args: argparse.Namespace) -> Result:
    return verbs.import_templates(Path(args.file), skip_bad=args.skip_bad)


def _export(verbs: Verbs, args: argparse.Namespace) -> Result:
    target = place(args.file)
    made = verbs.export_templates(TemplateChoice(tuple(args.ids), args.tag, args.dataset))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(made["text"], encoding="utf-8", newline="\n")
    except OSError as error:
        raise DiskFull(f"{target}: {error.strerror}. Choose another place or free some space.") from error
    return {"file": str(target), "templates": made["templates"]}


_LIST = Command(lambda verbs, _: verbs.list_templates(), cli_text.templates)
_APPLY = Command(
    lambda verbs, args: verbs.apply_template(args.template, args.project), cli_text.applied, cli_text.apply_failed
)
_IMPORT = Command(_import, cli_text.templates_imported, lambda answer: answer["refused"])
_EXPORT = Command(_export, lambda answer: f"{answer['file']}: templates: {len(answer['templates'])}.")


def _lint(verbs: Verbs, args: argparse.Namespace) -> Answer:
    with cli_text.rows_progress("looking at") as on_step:
        reports = verbs.lint(args.template, args.project, on_step)
    return reports if args.template is None else reports[0]


_LINT = Command(_lint, linted, lint_failed)


def add_template_words(commands: Commands) -> None:
    """`concord template …`."""
    template = commands.add_parser("template", help="list, check or apply templates; bring them in or out")
    words = template.add_subparsers(dest="action", required=True, parser_class=Words)
    words.add_parser("list", help="list the templates of the workspace").set_defaults(does=_LIST)
    apply = words.add_parser("apply", help="make an item of each row of a project")
    apply.add_argument("template", metavar="ID")
    apply.add_argument("project", metavar="NAME")
    apply.set_defaults(does=_APPLY)
    lint = words.add_parser("lint", help="look for what is wrong with a template, alone or over all rows")
    lint.add_argument("template", metavar="ID", nargs="?", help="left out: all, or all that fit the rows")
    lint.add_argument("--project", metavar="NAME", help="look at all rows of this project")
    lint.set_defaults(does=_LINT)
    _add_exchange_words(words)


def _add_exchange_words(words: Any) -> None:
    incoming = words.add_parser("import", help="save the templates of a PromptSource file")
    incoming.add_argument("file", metavar="FILE", help="templates.yaml")
    incoming.add_argument("--skip-bad", action="store_true", help="leave out templates that cannot be read")
    incoming.set_defaults(does=_IMPORT)
    outgoing = words.add_parser("export", help="write templates as a PromptSource file")
    outgoing.add_argument("ids", metavar="ID", nargs="*", help="which; none is those of the tag and data set")
    outgoing.add_argument("file", metavar="FILE")
    outgoing.add_argument("--tag", metavar="T", help="those that have this tag")
    outgoing.add_argument("--dataset", metavar="D[/S]", help="those for this data set, or what the named ones are for")
    outgoing.set_defaults(does=_EXPORT)
