"""What an annotator says beside judging: skip an item, flag it, comment on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast

from concord.desk.submit import OwnStore, Submission, own_presentation
from concord.errors import InputError
from concord.ids import derived_id
from concord.records.kinds import FlagReason, Outcome, SkipReason
from concord.records.remark import Comment, ItemFlag, Skip

SKIP_REASONS: Mapping[str, str] = {
    "unclear": "unclear what is asked",
    "beyond_me": "beyond my knowledge",
    "language": "not my language",
    "broken": "prompt or drafts broken",
    "other": "other",
}
FLAG_REASONS: Mapping[str, str] = {
    "unsafe": "unsafe",
    "personal_data": "personal data",
    "bad_prompt": "bad prompt",
    "other": "other",
}
MOST_CHARACTERS = 4_000


class RemarkStore(OwnStore, Protocol):
    """What remarks need of the store."""

    def skip(self, skip: Skip) -> Outcome: ...
    def add_flag(self, flag: ItemFlag) -> None: ...
    def add_comment(self, comment: Comment) -> None: ...


def skip_item(store: RemarkStore, submission: Submission, reason: str | None, note: str = "") -> Outcome:
    """Leave the item to others, for good.

    Raises:
        InputError: there is no such reason, or `other` without a note.
        NotFound: the item was not shown to them.
        Conflict: they have judged it.
    """
    presentation = own_presentation(store, submission)
    return store.skip(
        Skip(
            derived_id(presentation.id, "skip"),
            presentation.project_id,
            presentation.item_id,
            presentation.annotator,
            presentation.id,
            cast("SkipReason", _checked(reason, SKIP_REASONS, note)),
            note.strip(),
            submission.seconds,
            submission.now,
        )
    )


def flag_item(store: RemarkStore, submission: Submission, reason: str | None, note: str = "") -> None:
    """Say that something is wrong with the item, whether it is judged or not.

    Raises:
        InputError: there is no such reason, or `other` without a note.
        NotFound: the item was not shown to them.
    """
    presentation = own_presentation(store, submission)
    checked = cast("FlagReason", _checked(reason, FLAG_REASONS, note))
    store.add_flag(
        ItemFlag(
            derived_id(presentation.id, f"flag {checked}"),
            presentation.project_id,
            presentation.item_id,
            presentation.annotator,
            presentation.id,
            checked,
            note.strip(),
            submission.now,
        )
    )


def comment_on_item(store: RemarkStore, submission: Submission, text: str) -> None:
    """Add to the discussion of the item; the same words from the same page again are the same comment.

    Raises:
        InputError: there are no words, or too many.
        NotFound: the item was not shown to them.
    """
    presentation = own_presentation(store, submission)
    said = _measured(text.strip())
    if not said:
        raise InputError("The comment is empty. Write one, or cancel.")
    store.add_comment(
        Comment(
            derived_id(presentation.id, f"comment {said}"),
            presentation.project_id,
            presentation.item_id,
            presentation.annotator,
            said,
            submission.now,
        )
    )


def _checked(reason: str | None, reasons: Mapping[str, str], note: str) -> str:
    if reason is None or reason not in reasons:
        raise InputError(f"No reason is chosen. Choose one: {', '.join(reasons.values())}.")
    if reason == "other" and not _measured(note.strip()):
        raise InputError("Another reason needs a line. Write what is wrong.")
    return reason


def _measured(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"The text has {len(text):,} characters; {MOST_CHARACTERS:,} are kept at most. Shorten it.")
    return text
