"""The commands about proposals and decisions."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from concord.cli_text import applied, apply_failed, table
from concord.cli_words import Answer, Command, Commands
from concord.curation.review import Ruling
from concord.errors import InputError
from concord.records.kinds import Decision
from concord.verbs import Page, ProposalRequest, Result, Verbs


def add_propose_words(words: Commands) -> None:
    """`concord template propose …`."""
    propose = words.add_parser("propose", help="let a model write templates for people to judge")
    propose.add_argument("project", metavar="NAME")
    propose.add_argument("--task", required=True, metavar="TEXT", help="what the prompts should teach, in a line")
    propose.add_argument("--candidates", type=int, default=3, metavar="K", help="how many templates")
    propose.add_argument("--column", action="append", default=[], metavar="C", help="a column they may use; else all")
    propose.add_argument("--model", metavar="M")
    propose.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible endpoint")
    propose.set_defaults(does=_PROPOSE)


def add_review_words(commands: Commands) -> None:
    """`concord review …`."""
    review = commands.add_parser("review", help="list what waits for a decision, or decide an item")
    review.add_argument("project", metavar="NAME")
    review.add_argument("item", nargs="?", metavar="ITEM", help="the item to decide; without it, all are listed")
    review.add_argument("--disputed", action="store_true", help="list what annotators disagree on, most first")
    review.add_argument("--limit", type=int, default=20, metavar="K", help="how many disputed items are listed")
    review.add_argument("--offset", type=int, default=0, metavar="K", help="how many disputed items are passed over")
    choice = review.add_mutually_exclusive_group()
    choice.add_argument("--pick", metavar="DRAFT", help="this draft counts as it is")
    choice.add_argument("--text", metavar="FILE", help="the text of this file counts")
    choice.add_argument("--reject", action="store_true", help="none counts")
    choice.add_argument("--send-back", action="store_true", help="further annotators shall judge")
    review.add_argument("--from", dest="begun", metavar="DRAFT", help="the draft that the text of --text began from")
    review.add_argument("--reason", default="", metavar="TEXT")
    review.add_argument("--reviewer", default="", metavar="R", help="who decides")
    review.add_argument("--apply", action="store_true", help="apply the template that this approves to all rows")
    review.set_defaults(does=_REVIEW)


def _propose(verbs: Verbs, args: argparse.Namespace) -> Answer:
    request = ProposalRequest(args.task, args.candidates, tuple(args.column), args.model, args.base_url)
    return verbs.propose_templates(args.project, request)


def _review(verbs: Verbs, args: argparse.Namespace) -> Answer:
    if args.item is None and args.disputed:
        return verbs.list_disputes(args.project, Page(args.limit, args.offset))
    if args.item is None:
        return verbs.list_cases(args.project)
    text = _read(Path(args.text)) if args.text else None
    ruling = Ruling(_decision(args), args.reviewer, args.reason, args.begun if args.text else args.pick, text)
    return verbs.review(args.project, args.item, ruling, apply=args.apply)


def _decision(args: argparse.Namespace) -> Decision:
    if args.pick:
        return "pick"
    if args.text:
        return "edit"
    if args.reject or args.send_back:
        return "reject" if args.reject else "send_back"
    raise InputError("Nothing was decided. Give --pick, --text, --reject or --send-back.")


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from error


# ---- in words


def _proposed(answer: Result) -> str:
    lines = [answer["notice"]] if "notice" in answer else []
    lines += [f"{one['name']} failed ({one['fault']}): {one['message']}" for one in answer["failures"]]
    count = len(answer["drafts"])
    lines.append(f"{count} templates proposed by {answer['model']}, {len(answer['failures'])} failed.")
    lines.append(f"They are the drafts of item {answer['item']!r}: judge them at the desk, then `concord review`.")
    return "\n".join(lines)


def _reviewed(answer: Result | list[Result]) -> str:
    return _decided(answer) if isinstance(answer, dict) else _cases(answer)


def _cases(found: Sequence[Result]) -> str:
    """A table for each item."""
    if not found:
        return "Nothing waits for a decision."
    return "\n\n".join(_case(case) for case in found)


def _case(case: Result) -> str:
    heads = ("candidate", "mean rank", "ranks", "")
    rows = [_candidate(one) for one in case["candidates"]]
    before = [f"{one['decision']} by {one['reviewer']}: {one['reason']}" for one in case["decisions"]]
    judged = f"{case['item']} ({case['kind']}), judged by {case['judged']}, wanted {case['wanted']}"
    if "disagreement" in case:
        judged += f", disagreement {case['disagreement']:.2f} in {case['by']}"
    return "\n".join([judged, *before, table(heads, rows)])


def _candidate(one: Result) -> list[str]:
    begun = one["draft"] or "nothing"
    name = f"edit of {begun} by {', '.join(one['editors'])}" if one["editors"] else begun
    rank = "" if one["mean_rank"] is None else f"{one['mean_rank']:.2f}"
    ranks = ", ".join(f"{who} {rank:g}" for who, rank in one["ranks"].items())
    return [name, rank, ranks, "best" if one["best"] else ""]


def _decided(answer: Result) -> str:
    lines = [f"{answer['item']}: {answer['decision']} by {answer['reviewer']}."]
    if "template" in answer:
        lines.append(f"Saved as template {answer['template']}, version {answer['version'][:12]}.")
    if "made" in answer:
        lines.append(f"Item {answer['made']} is in the queue now. Draft answers to it: concord draft NAME")
    if "applied" in answer:
        lines.append(applied(answer["applied"]))
    return "\n".join(lines)


def _failed(answer: Result | list[Result]) -> bool:
    return isinstance(answer, dict) and "applied" in answer and apply_failed(answer["applied"])


_PROPOSE = Command(_propose, _proposed, lambda answer: not answer["drafts"])
_REVIEW = Command(_review, _reviewed, _failed)
