"""The commands about templates."""

from __future__ import annotations

from concord import cli_text
from concord.cli_words import Command, Commands, Words

_LIST = Command(lambda verbs, _: verbs.list_templates(), cli_text.templates)
_APPLY = Command(
    lambda verbs, args: verbs.apply_template(args.template, args.project), cli_text.applied, cli_text.apply_failed
)


def add_template_words(commands: Commands) -> None:
    """`concord template …`."""
    template = commands.add_parser("template", help="list templates, or apply one")
    words = template.add_subparsers(dest="action", required=True, parser_class=Words)
    words.add_parser("list", help="list the templates of the workspace").set_defaults(does=_LIST)
    apply = words.add_parser("apply", help="make an item of each row of a project")
    apply.add_argument("template", metavar="ID")
    apply.add_argument("project", metavar="NAME")
    apply.set_defaults(does=_APPLY)
