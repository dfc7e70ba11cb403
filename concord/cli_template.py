"""The commands about templates."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from concord import cli_text
from concord.cli_lint import lint_failed, linted
from concord.cli_review import add_propose_words
from concord.cli_words import Answer, Command, Commands, Words, place
from concord.conversion.apply import How
from concord.conversion.template import read_template
from concord.errors import DiskFull, InputError
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


def _save(verbs: Verbs, args: argparse.Namespace) -> Answer:
    try:
        source = read_template(Path(args.file)).source
    except OSError as error:
        raise InputError(f"{args.file}: {error.strerror}. Check the path.") from error
    return verbs.save_template(source, args.note, args.author)


def _apply(verbs: Verbs, args: argparse.Namespace) -> Answer:
    with cli_text.progress("rendering") as on_share:
        return verbs.apply_template(args.template, args.project, How(args.rerender, args.skip_bad), on_share)


_LIST = Command(lambda verbs, _: verbs.list_templates(), cli_text.templates)
_SHOW = Command(lambda verbs, args: verbs.show_template(args.template, args.version), lambda answer: answer["source"])
_SAVE = Command(_save, lambda answer: f"Version {answer['version'][:12]} of {answer['id']} is saved, and stands now.")
_VERSIONS = Command(lambda verbs, args: verbs.template_versions(args.template), cli_text.versions)
_DIFF = Command(
    lambda verbs, args: verbs.diff_template(args.template, args.old, args.new),
    lambda answer: answer["diff"] or "Nothing changed.",
)
_APPLY = Command(_apply, cli_text.applied, cli_text.apply_failed)
_IMPORT = Command(_import, cli_text.templates_imported, lambda answer: answer["refused"])
_EXPORT = Command(_export, lambda answer: f"{answer['file']}: templates: {len(answer['templates'])}.")


def _lint(verbs: Verbs, args: argparse.Namespace) -> Answer:
    with cli_text.rows_progress("looking at") as on_step:
        reports = verbs.lint(args.template, args.project, on_step)
    return reports if args.template is None else reports[0]


_LINT = Command(_lint, linted, lint_failed)


def add_template_words(commands: Commands) -> None:
    """`concord template …`."""
    template = commands.add_parser(
        "template", help="list, show, save, compare, check, apply or propose; bring them in or out"
    )
    words = template.add_subparsers(dest="action", required=True, parser_class=Words)
    words.add_parser("list", help="list the templates of the workspace").set_defaults(does=_LIST)
    _add_version_words(words)
    apply = words.add_parser("apply", help="make an item of each row of a project")
    apply.add_argument("template", metavar="ID")
    apply.add_argument("project", metavar="NAME")
    apply.add_argument("--rerender", action="store_true", help="replace older items that nobody has worked on")
    apply.add_argument("--skip-bad", action="store_true", help="leave out rows that cannot be rendered, and name them")
    apply.set_defaults(does=_APPLY)
    add_propose_words(words)
    lint = words.add_parser("lint", help="look for what is wrong with a template, alone or over all rows")
    lint.add_argument("template", metavar="ID", nargs="?", help="left out: all, or all that fit the rows")
    lint.add_argument("--project", metavar="NAME", help="look at all rows of this project")
    lint.set_defaults(does=_LINT)
    _add_exchange_words(words)


def _add_version_words(words: Commands) -> None:
    show = words.add_parser("show", help="print a template")
    show.add_argument("template", metavar="ID")
    show.add_argument("--version", metavar="V", help="an older one; its first signs are enough")
    show.set_defaults(does=_SHOW)
    save = words.add_parser("save", help="keep a file as the newest version of its template")
    save.add_argument("file", metavar="FILE")
    save.add_argument("--note", default="", help="what the version changes")
    save.add_argument("--author", default="", metavar="WHO")
    save.set_defaults(does=_SAVE)
    versions = words.add_parser("versions", help="list the versions of a template")
    versions.add_argument("template", metavar="ID")
    versions.set_defaults(does=_VERSIONS)
    diff = words.add_parser("diff", help="what changed since the version before, or between two")
    diff.add_argument("template", metavar="ID")
    diff.add_argument("old", nargs="?", metavar="A")
    diff.add_argument("new", nargs="?", metavar="B")
    diff.set_defaults(does=_DIFF)


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
