"""A reviewer's decision as a known answer."""

from __future__ import annotations

from collections.abc import Sequence

from concord.errors import InputError
from concord.records.annotation import Adjudication, Comparison, Edit, Judgement, Ranking
from concord.records.draft import Draft


def known_answers(adjudication: Adjudication | None, drafts: Sequence[Draft]) -> list[Judgement]:
    """What is known of an item from its newest decision: the text that counts, and which draft is best.

    Raises:
        InputError: nothing was decided that could be known.
    """
    if adjudication is None or adjudication.text is None:
        raise InputError("No draft and no text was approved for this item. Approve one, then use it as gold.")
    answers: list[Judgement] = [Edit(adjudication.draft_id, adjudication.text)]
    others = tuple(sorted(draft.id for draft in drafts if draft.id != adjudication.draft_id))
    if adjudication.decision == "pick" and adjudication.draft_id and others:
        answers.append(Ranking(((adjudication.draft_id,), others)))
        if len(others) == 1:
            answers.append(Comparison(adjudication.draft_id))
    return answers
