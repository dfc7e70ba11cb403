"""Submitting a judgement: checked against what was shown, stored once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from concord.desk.change import change_of
from concord.desk.factual import Facts, checked, reason_for
from concord.desk.queue import STEPS, Assignment, QueueStore, Step, assignment
from concord.errors import InputError, NotFound
from concord.ids import checks_id, derived_id
from concord.records.annotation import (
    Annotation,
    Comparison,
    Edit,
    FactualChecks,
    Judgement,
    Labels,
    Ranking,
    Ratings,
    kind_of,
    label_set,
)
from concord.records.desk import Page, PageHistory, Presentation
from concord.records.kinds import Outcome, Rest

_TOO_SOON: Mapping[Step, str] = {
    "ranking": "The drafts are not ranked yet. Rank them, then edit the best.",
    "comparison": "The drafts are not compared yet. Compare them, then edit the better one.",
    "rating": "The draft is not rated yet. Rate it, then edit it.",
}


def annotation_id(presentation_id: UUID, step: Step, attempt: int = 0) -> UUID:
    """The id of a judgement: the same for every repetition of a submit, another after it was taken back."""
    return derived_id(presentation_id, f"{step} {attempt}" if attempt else step)


class OwnStore(Protocol):
    """What finding out whose a presentation is needs of the store."""

    def presentation(self, presentation_id: UUID) -> Presentation: ...


class SubmitStore(QueueStore, OwnStore, Protocol):
    """What submitting needs of the store."""

    def history(self, presentation_id: UUID) -> PageHistory: ...
    def submit(self, annotation: Annotation, *, finishes: bool, checks: Annotation | None = None) -> Outcome: ...


@dataclass(frozen=True)
class Submission:
    """Who submits what was shown to them, when, and after how many seconds of work (None when unknown).

    Attributes:
        attempt: how many submits of the presentation had been taken back when the page was drawn.
    """

    presentation_id: UUID
    annotator: str
    seconds: float | None
    now: datetime
    attempt: int = 0


def submit_ranking(
    store: SubmitStore,
    submission: Submission,
    tiers: Sequence[Sequence[UUID]],
    *,
    rest: Rest = "missing",
    facts: Facts | None = None,
) -> Outcome:
    """Store a ranking of the drafts shown, best tier first, with their factual checks where the project asks for them.

    Args:
        store: where to.
        submission: whose it is.
        tiers: the drafts that are ranked.
        rest: what is said of the others: that they are left `unranked`; with no tiers, that they are `all_bad`, so that
            none of them is an answer. What is just `missing` is refused.
        facts: what is said of the drafts' facts.

    Raises:
        InputError: a draft is missing, named twice or was not shown; or not checked.
        ReasonMissing: a draft marked wrong beats one marked right, without a reason.
    """
    presentation = _own(store, submission, "ranking")
    checks = _checks(store, presentation, facts or Facts())
    ranking = _ranking(presentation, tiers, rest)
    reason = reason_for(ranking, checks, facts or Facts()) if checks else ""
    return _submit(store, _annotation(presentation, submission, ranking, "ranking", reason), presentation, checks)


def submit_comparison(
    store: SubmitStore, submission: Submission, chosen: Comparison | None, *, facts: Facts | None = None
) -> Outcome:
    """Store which of the two drafts shown is better, and how much; with the two, whatever `chosen` says of them.

    Raises:
        InputError: nothing is chosen, the draft was not shown, it is not said how much better it is, or a draft is not
            checked.
        ReasonMissing: a draft marked wrong is preferred to one marked right, without a reason.
    """
    presentation = _own(store, submission, "comparison")
    checks = _checks(store, presentation, facts or Facts())
    if chosen is None:
        raise InputError("The drafts are not compared yet. Choose the better one, or say that neither is.")
    one, other = sorted(presentation.draft_ids)
    decided = isinstance(chosen.value, UUID)
    if decided and chosen.value not in (one, other):
        raise InputError("The comparison names a draft that was not shown. Compare the drafts on the screen.")
    if decided != (chosen.strength is not None):
        raise InputError("It is not clear how much better the draft is. Choose slightly, clearly or much.")
    comparison = replace(chosen, between=(one, other))
    reason = reason_for(_as_ranking(comparison), checks, facts or Facts()) if checks else ""
    made = _annotation(presentation, submission, comparison, "comparison", reason)
    return _submit(store, made, presentation, checks)


def submit_edit(store: SubmitStore, submission: Submission, text: str, *, facts: Facts | None = None) -> Outcome:
    """Store the answer as the annotator left it, with the draft it began from.

    Where the project asks for factual checks and nothing is ranked before, that draft's is stored with it.

    Raises:
        InputError: the text is blank, the ranking or comparison before it is missing, or the draft is not checked.
    """
    presentation = _own(store, submission, "edit")
    if not text.strip():
        raise InputError("The answer is empty. Write one, or restore the draft.")
    begun = _begun(store, presentation)
    if begun.step != "edit":
        raise InputError(_TOO_SOON[begun.step])
    checks = _checks(store, presentation, facts or Facts())
    best = begun.best
    edit = Edit(best.id, text, change_of(best.text, text)) if best else Edit(None, text)
    return _submit(store, _annotation(presentation, submission, edit, "edit"), presentation, checks)


def submit_ratings(store: SubmitStore, submission: Submission, values: Mapping[str, float]) -> Outcome:
    """Store a number for each criterion that the page showed, whatever the project's rubric is by now.

    Raises:
        InputError: a criterion has no number, or one that is not on its scale.
    """
    presentation = _own(store, submission, "rating")
    _require_all([criterion.name for criterion in presentation.rubric], values)
    for criterion in presentation.rubric:
        if values[criterion.name] not in range(criterion.low, criterion.high + 1):
            scale = f"{criterion.low} to {criterion.high}"
            raise InputError(f"{criterion.name!r} is {values[criterion.name]!r}. Choose a number from {scale}.")
    ratings = Ratings({name: float(value) for name, value in sorted(values.items())})
    return _submit(store, _annotation(presentation, submission, ratings, "rating"), presentation)


def submit_labels(store: SubmitStore, submission: Submission, values: Mapping[str, Sequence[str]]) -> Outcome:
    """Store what was chosen for each question that the page asked, whatever the project asks by now.

    Raises:
        InputError: a question has no answer, one that is no choice, or several where one is wanted.
    """
    presentation = _own(store, submission, "label")
    _require_all([question.name for question in presentation.questions], values)
    chosen: dict[str, str] = {}
    for question in sorted(presentation.questions, key=lambda question: question.name):
        labels = values[question.name]
        if not set(labels) <= set(question.choices) or (len(labels) > 1 and not question.multi):
            raise InputError(f"{question.name!r} is {', '.join(labels)!r}. Choose of what is on the screen.")
        chosen[question.name] = label_set(labels) if question.multi else labels[0]
    return _submit(store, _annotation(presentation, submission, Labels(chosen), "label"), presentation)


def _require_all(names: Sequence[str], values: Mapping[str, object]) -> None:
    """Every question that was asked has an answer, and no other has."""
    if set(values) - set(names):
        raise InputError("An answer is to a question that was not asked. Reload the desk.")
    if missing := [name for name in names if values.get(name) in (None, [], ())]:
        raise InputError(f"{len(missing)} of {len(names)} questions have no answer yet, first {missing[0]!r}.")


def own_presentation(store: OwnStore, submission: Submission) -> Presentation:
    """What was shown to the one who submits.

    Raises:
        NotFound: it was shown to nobody, or to somebody else.
    """
    presentation = store.presentation(submission.presentation_id)
    if presentation.annotator != submission.annotator:
        raise NotFound(f"This item is not on the desk of {submission.annotator!r}. Reload the desk.")
    return presentation


def _own(store: SubmitStore, submission: Submission, step: Step) -> Presentation:
    """What was shown to the one who submits, if it asks for this step."""
    presentation = own_presentation(store, submission)
    if step not in STEPS[presentation.task]:
        raise InputError(f"This item does not ask for the step {step!r}. Reload the desk.")
    return presentation


def _begun(store: SubmitStore, presentation: Presentation) -> Assignment:
    """What the page asks by now."""
    return assignment(store, Page(presentation, store.history(presentation.id)))


def _ranking(presentation: Presentation, tiers: Sequence[Sequence[UUID]], rest: Rest) -> Ranking:
    ranked = [draft for tier in tiers for draft in tier]
    shown = set(presentation.draft_ids)
    if len(ranked) != len(set(ranked)) or not shown.issuperset(ranked):
        raise InputError("The ranking names a draft twice, or one that was not shown. Rank the drafts on the screen.")
    if rest == "all_bad":
        if ranked:
            raise InputError("All drafts are called bad, and some are ranked. Rank them, or call all of them bad.")
        return Ranking((), tuple(sorted(shown)))
    missing = len(shown) - len(ranked)
    if missing and (rest == "missing" or not ranked):
        raise InputError(f"{missing} of {len(shown)} drafts are not ranked yet. {_RANK_THEM}")
    return Ranking(tuple(tuple(sorted(tier)) for tier in tiers if tier))


_RANK_THEM = "Rank them (ties are welcome), leave the rest unranked, or call all bad."


def _as_ranking(comparison: Comparison) -> Ranking:
    """The tiers that a comparison makes of its two drafts."""
    two = comparison.between or ()
    if not isinstance(comparison.value, UUID):
        return Ranking((two,))
    return Ranking(((comparison.value,), tuple(draft for draft in two if draft != comparison.value)))


def _checks(store: SubmitStore, presentation: Presentation, facts: Facts) -> FactualChecks | None:
    """The factual checks that the step asks for; None where it asks for none."""
    if not store.settings(presentation.project_id).factual_checks:
        return None
    to_check = _begun(store, presentation).to_check
    return checked(to_check, facts) if to_check else None


def _annotation(
    presentation: Presentation, submission: Submission, judgement: Judgement, step: Step, reason: str = ""
) -> Annotation:
    return Annotation(
        annotation_id(presentation.id, step, submission.attempt),
        presentation.project_id,
        presentation.item_id,
        presentation.annotator,
        judgement,
        "desk",
        submission.now,
        presentation.id,
        submission.seconds,
        reason,
    )


def _submit(
    store: SubmitStore, made: Annotation, presentation: Presentation, checks: FactualChecks | None = None
) -> Outcome:
    """Store a judgement and, beside it, its factual checks; the seconds are those of both, and noted once."""
    beside = replace(made, id=checks_id(made.id), judgement=checks, seconds=None, reason="") if checks else None
    return store.submit(made, finishes=kind_of(made.judgement) == STEPS[presentation.task][-1], checks=beside)
