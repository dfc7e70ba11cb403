"""The commands of the bridge to Label Studio."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from concord.cli_text import table, terminal_line
from concord.cli_words import Answer, Command, Commands, Words
from concord.errors import InputError
from concord.labelstudio.access import KEY_VARIABLE
from concord.labelstudio.reading import MEANINGS
from concord.labelstudio.webhook import SECRET_VARIABLE
from concord.verbs import Result, Verbs
from concord.verbs_labelstudio import Adopting, LabelStudioCall, Watching

_SHOWN_PROBLEMS = 10


def add_labelstudio_words(commands: Commands) -> None:
    """`concord labelstudio …`."""
    bridge = commands.add_parser("labelstudio", help=f"work with a Label Studio (key: {KEY_VARIABLE})")
    words = bridge.add_subparsers(dest="action", required=True, parser_class=Words)
    push = words.add_parser("push", help="add the items that are not there yet")
    _add_reach(push)
    push.add_argument("--new", action="store_true", help="into another project there")
    push.set_defaults(does=_PUSH)
    pull = words.add_parser("pull", help="bring in the annotations that are not here yet")
    _add_reach(pull)
    pull.add_argument("--file", metavar="EXPORT.json", help="from an exported file, without a server")
    pull.add_argument("--gold", action="store_true", help="ground truth as known answers, which leave the main arm")
    pull.add_argument("--withdraw-deleted", action="store_true", help="what was deleted there counts here no more")
    pull.set_defaults(does=_PULL)
    sync = words.add_parser("sync", help="push, then pull")
    _add_reach(sync)
    sync.set_defaults(does=_SYNC)
    watch = words.add_parser("watch", help="let it tell the app of every annotation at once")
    watch.add_argument("project", metavar="NAME")
    watch.add_argument("--to", required=True, metavar="APP", help="the app's address as Label Studio reaches it")
    watch.set_defaults(does=_WATCH)
    adopt = words.add_parser("adopt", help="make a project of one that others made there")
    adopt.add_argument("project", metavar="NAME")
    adopt.add_argument("--url", required=True, metavar="U")
    adopt.add_argument("--id", required=True, type=int, metavar="N", help="its number there")
    meanings = ", ".join(MEANINGS)
    adopt.add_argument("--map", action="append", default=[], metavar="CONTROL=MEANING", help=f"one of {meanings}")
    adopt.add_argument("--dry-run", action="store_true", help="show how it is read, store nothing")
    adopt.set_defaults(does=_ADOPT)


def _add_reach(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="NAME")
    parser.add_argument("--url", metavar="U", help="http://host:8080; known after the first time")


def _key() -> str:
    return os.environ.get(KEY_VARIABLE, "")


def _push(verbs: Verbs, args: argparse.Namespace) -> Answer:
    with _progress() as on_tasks:
        return verbs.push_labelstudio(args.project, LabelStudioCall(_key(), args.url, args.new), on_tasks)


def _pull(verbs: Verbs, args: argparse.Namespace) -> Answer:
    if args.file:
        return verbs.pull_labelstudio_file(args.project, Path(args.file), gold=args.gold)
    with _progress() as on_tasks:
        call = LabelStudioCall(_key(), args.url, gold=args.gold, withdraw=args.withdraw_deleted)
        return verbs.pull_labelstudio(args.project, call, on_tasks)


def _sync(verbs: Verbs, args: argparse.Namespace) -> Answer:
    with _progress() as on_tasks:
        return verbs.sync_labelstudio(args.project, LabelStudioCall(_key(), args.url), on_tasks)


def _watch(verbs: Verbs, args: argparse.Namespace) -> Answer:
    secret = os.environ.get(SECRET_VARIABLE, "")
    if not secret:
        raise InputError(f"There is no secret to know Label Studio by. Set {SECRET_VARIABLE} here and for the app.")
    return verbs.watch_labelstudio(args.project, Watching(_key(), args.to, secret))


def _adopt(verbs: Verbs, args: argparse.Namespace) -> Answer:
    adopting = Adopting(_key(), args.url, args.id, dict(map(_pair, args.map)), args.dry_run)
    with _progress() as on_tasks:
        return verbs.adopt_labelstudio(args.project, adopting, on_tasks)


def _pair(text: str) -> tuple[str, str]:
    name, equals, meaning = text.partition("=")
    if not (name and equals and meaning in MEANINGS):
        raise InputError(f"--map {text!r}: write it as CONTROL=MEANING, which is one of {', '.join(MEANINGS)}.")
    return name, meaning


@contextmanager
def _progress() -> Generator[Callable[[int, int], None] | None]:
    """A line on a terminal that says how far it is and how long it will take; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    begun = time.monotonic()

    def show(done: int, total: int) -> None:
        left = (time.monotonic() - begun) / max(done, 1) * max(total - done, 0)
        terminal_line(f"{done:,} of {total:,} tasks, about {left:.0f} s left")

    try:
        yield show
    finally:
        terminal_line("")


# ---- in words


def pushed(answer: Result) -> str:
    """What a push did, and what comes next."""
    lines = [
        f"{answer['pushed']:,} items pushed to project {answer['number']} at {answer['url']}; "
        f"{answer['present']:,} were there already."
    ]
    if answer["waiting"]:
        lines.append(f"{answer['waiting']:,} wait for drafts. Draft them: concord draft NAME")
    return "\n".join(lines)


def pulled(answer: Result) -> str:
    """What a pull did, what it left out, and what could not be read."""
    problems = answer["problems"]
    lines = [*problems[:_SHOWN_PROBLEMS]]
    if len(problems) > _SHOWN_PROBLEMS:
        lines.append(f"… and {len(problems) - _SHOWN_PROBLEMS} more (--json shows all).")
    lines += [f"Left out: {count:,} {reason}." for reason, count in answer["left_out"].items()]
    lines += _deleted(answer)
    items = f"{answer['items']:,} new items, " if answer["items"] else ""
    skips = f" and {answer['skips']:,} new skips" if answer["skips"] else ""
    if answer["known"]:
        lines.append(f"{answer['known']:,} new known answers.")
    lines.append(
        f"{items}{answer['annotations']:,} new annotations{skips} from {answer['tasks']:,} tasks; "
        f"{answer['annotators']:,} annotators in all."
    )
    return "\n".join(lines)


def _deleted(answer: Result) -> list[str]:
    """What was deleted there since, and what becomes of it here; a file tells nothing of it."""
    deleted = answer.get("deleted", ())
    if not deleted:
        return []
    if answer["withdrawn"]:
        return [f"{answer['withdrawn']:,} annotations were deleted there, and count here no more."]
    shown = ", ".join(f"{one['item']} by {one['annotator']}" for one in deleted[:_SHOWN_PROBLEMS])
    more = f", and {len(deleted) - _SHOWN_PROBLEMS:,} more" if len(deleted) > _SHOWN_PROBLEMS else ""
    return [f"Deleted there, and counted here still: {shown}{more}. Withdraw them: pull --withdraw-deleted"]


def synced(answer: Result) -> str:
    """What a push and a pull did."""
    return "\n".join([*([pushed(answer["push"])] if answer["push"] else []), pulled(answer["pull"])])


def watched(answer: Result) -> str:
    """What it tells, and where."""
    return (
        f"Project {answer['number']} at {answer['url']} tells {answer['to']} of annotations that are made or changed."
    )


def adopted(answer: Result) -> str:
    """How a project is read, and what was brought in."""
    shown = [key for key in (answer["listed"], *answer["responses"]) if key]
    asked = f": {', '.join(answer['asks'])}" if answer["asks"] else ""
    lines = [
        f"{answer['title']}: the prompt is {', '.join(answer['prompt'])}; "
        f"responses are {', '.join(shown) or 'what a model predicted, if anything'}.",
        table(("control", "tag", "meaning", "example"), [_row(control) for control in answer["controls"]]),
        f"The desk asks to {answer['task']}{asked}.",
    ]
    if answer["dry_run"]:
        lines.append(f"{answer['tasks']:,} tasks. Nothing was stored. Change a meaning with --map CONTROL=MEANING.")
    else:
        lines.append(pulled(answer))
    return "\n".join(lines)


def _row(control: Mapping[str, Any]) -> list[str]:
    return [control["name"], control["kind"], control["meaning"], control["example"] or ""]


_PUSH = Command(_push, pushed)
_PULL = Command(_pull, pulled)
_SYNC = Command(_sync, synced)
_WATCH = Command(_watch, watched)
_ADOPT = Command(_adopt, adopted)
