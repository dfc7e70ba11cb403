"""The commands about templates."""

from __future__ import annotations

import argparse

from concord import cli_text
from concord.cli_lint import lint_failed, linted
from concord.cli_words import Answer, Command, Commands, Words
from concord.verbs import Verbs

_LIST = Command(lambda verbs, _: verbs.list_templates(), cli_text.templates)
_APPLY = Command(
    lambda verbs, args: verbs.apply_template(args.template, args.project), cli_text.applied, cli_text.apply_failed
)


def _lint(verbs: Verbs, args: argparse.Namespace) -> Answer:
    with cli_text.rows_progress("looking at") as on_step:
        reports = verbs.lint(args.template, args.project, on_step)
    return reports if args.template is None else reports[0]


_LINT = Command(_lint, linted, lint_failed)


def add_template_words(commands: Commands) -> None:
    """`concord template …`."""
    template = commands.add_parser("template", help="list, check or apply templates")
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
