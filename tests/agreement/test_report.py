from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.agreement.report import report
from concord.agreement.report_json import as_json
from concord.agreement.votes import votes_of
from concord.errors import InputError
from concord.ids import new_id
from concord.records.desk import ArmCount
from concord.records.gold import Given
from concord.records.item import NamedItem
from concord.records.kinds import Arm, Kind
from concord.records.project import Project, Settings
from concord.records.remark import RemarkCount
from concord.records.report import (
    Circumstances,
    Contradiction,
    Duels,
    EditChanges,
    EditedText,
    ItemFacts,
    Paces,
    Placements,
    Pulls,
    Substance,
    Verdicts,
    Votes,
)
from concord.records.watch import (
    AnsweredTwice,
    BesideDecision,
    CanaryEdit,
    CanaryRanking,
    EditDecided,
    EditedTwice,
    RankedTwice,
)

NONE = np.empty(0, dtype=np.int64)
PROJECT = Project(new_id(), "news", Settings(), datetime(2025, 1, 1, tzinfo=UTC))
COMPARISONS = ("first", "second", "tie", "both_bad")


@dataclass
class Answers:
    """The answers of one project, in memory."""

    all_votes: list[Votes] = field(default_factory=list)
    all_placements: list[Placements] = field(default_factory=list)
    all_edits: list[EditedText] = field(default_factory=list)

    def votes(self, project_id: UUID) -> list[Votes]:
        assert project_id == PROJECT.id
        return self.all_votes

    def placements(self, project_id: UUID) -> list[Placements]:
        assert project_id == PROJECT.id
        return self.all_placements

    def edits(self, project_id: UUID) -> list[EditedText]:
        assert project_id == PROJECT.id
        return self.all_edits

    def circumstances(self, project_id: UUID) -> Circumstances:
        return Circumstances(NONE, NONE, NONE, NONE, NONE.astype(float), NONE, NONE, ())

    def item_facts(self, project_id: UUID) -> ItemFacts:
        return ItemFacts(NONE, {})

    def named_items(self, project_id: UUID, keys: Sequence[int]) -> dict[int, NamedItem]:
        return {}

    def duels(self, project_id: UUID) -> Duels:
        return Duels(NONE, NONE, NONE, NONE, NONE, (), ())

    def contradictions(self, project_id: UUID) -> list[Contradiction]:
        return []

    def given(self, project_id: UUID) -> list[Given]:
        return []

    def pulls(self, project_id: UUID) -> Pulls:
        return Pulls(NONE, NONE, NONE, NONE, NONE, ())

    def factual_votes(self, project_id: UUID) -> list[Votes]:
        return []

    def edit_changes(self, project_id: UUID) -> EditChanges:
        return EditChanges(NONE, NONE, NONE, NONE.astype(float), NONE.astype(float), ())

    def substance(self, project_id: UUID) -> Substance:
        return Substance(NONE, NONE, NONE, ())

    def verdicts(self, project_id: UUID) -> Verdicts:
        return Verdicts(NONE, NONE, NONE, NONE, NONE, NONE, (), ())

    def paces(self, project_id: UUID) -> Paces:
        return Paces(NONE, NONE, NONE.astype(float), NONE.astype(float), ())

    def beside_decisions(self, project_id: UUID) -> list[BesideDecision]:
        return []

    def arm_counts(self, project_id: UUID) -> list[ArmCount]:
        return []

    def canary_rankings(self, project_id: UUID) -> list[CanaryRanking]:
        return []

    def canary_edits(self, project_id: UUID) -> list[CanaryEdit]:
        return []

    def ranked_twice(self, project_id: UUID) -> list[RankedTwice]:
        return []

    def edited_twice(self, project_id: UUID) -> list[EditedTwice]:
        return []

    def answered_twice(self, project_id: UUID) -> list[AnsweredTwice]:
        return []

    def edits_decided(self, project_id: UUID) -> list[EditDecided]:
        return []

    def remark_counts(self, project_id: UUID) -> list[RemarkCount]:
        return []


def votes(kind: Kind = "label", *, seed: int = 0, question: str = "tone", arm: Arm = "drafted") -> Votes:
    """Sixty items, three of five annotators for most; two answers in three are right."""
    rng, values = np.random.default_rng(seed), {"rating": ("1", "2", "4", "10"), "comparison": COMPARISONS}
    choices = values.get(kind, ("formal", "neutral", "rude"))
    rows = []
    for item in range(60):
        right = rng.integers(len(choices))
        for who in rng.choice(5, size=rng.integers(1, 4), replace=False):
            x = right if rng.random() < 2 / 3 else rng.integers(len(choices))
            rows.append((f"r{who}", str(item), choices[x]))
    return replace(votes_of(rows, question=question, kind=kind), arm=arm)


def placements(*, seed: int = 0, arm: Arm = "drafted") -> Placements:
    """Thirty items, three annotators, four drafts in three tiers."""
    rng = np.random.default_rng(seed)
    item, annotator, draft = (axis.ravel() for axis in np.indices((30, 3, 4)))
    return Placements(arm, item, annotator, draft + 4 * item, rng.integers(1, 4, size=360), ("ann", "ben", "cat"))


def edits(arm: Arm = "drafted") -> list[EditedText]:
    return [
        EditedText(item, who, f"draft {item}", f"draft {item}{'!' * length}", arm)
        for item in range(5)
        for length, who in enumerate(("ann", "ben"))
    ]


def agreement(**answers: Any) -> dict[str, Any]:
    return json.loads(json.dumps(as_json(report(Answers(**answers), PROJECT)), allow_nan=False))["agreement"]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "label",
            "krippendorff_alpha percent_agreement gwet_ac1 fleiss_kappa brennan_prediger cohen_kappa conger_kappa "
            "leave_one_out",
        ),
        (
            "rating",
            "krippendorff_alpha krippendorff_alpha_interval gwet_ac2 percent_agreement percent_within_one_step "
            "cohen_kappa_quadratic cohen_kappa_linear icc_1_1 icc_2_1 icc_3_1 icc_1_k icc_2_k icc_3_k leave_one_out",
        ),
        (
            "comparison",
            "percent_agreement percent_agreement_without_ties krippendorff_alpha cohen_kappa leave_one_out",
        ),
    ],
)
def test_every_kind_of_question_has_the_statistics_that_suit_it(kind: Kind, names: str) -> None:
    main = agreement(all_votes=[votes(kind)])["tone"]["main"]
    assert (main["kind"], list(main["statistics"])) == (kind, names.split())


def test_rankings_and_edits_are_questions_of_their_own() -> None:
    found = agreement(all_placements=[placements()], all_edits=edits())
    assert list(found["ranking"]["main"]["statistics"]) == ["kendall_tau_b", "kendall_w", "share_significant"]
    likenesses = [f"{what}_{how}" for how in ("similarity", "rouge_l", "chrf", "bleu") for what in ("edit", "draft")]
    assert list(found["edit"]["main"]["statistics"]) == [*likenesses, "share_unchanged", "krippendorff_alpha"]


def test_a_statistic_is_an_object_with_value_interval_and_counts() -> None:
    alpha = agreement(all_votes=[votes()])["tone"]["main"]["statistics"]["krippendorff_alpha"]
    assert set(alpha) == {"value", "low", "high", "items", "annotations", "annotators", "level", "note"}
    assert alpha["low"] < alpha["value"] < alpha["high"]
    assert (alpha["level"], alpha["annotators"]) == ("nominal", 5)


def test_ratings_have_two_alphas_and_each_names_its_level() -> None:
    statistics = agreement(all_votes=[votes("rating")])["tone"]["main"]["statistics"]
    assert statistics["krippendorff_alpha"]["level"] == "ordinal"
    assert statistics["krippendorff_alpha_interval"]["level"] == "interval"


def test_kappa_lists_every_pair_of_annotators() -> None:
    pairs = agreement(all_votes=[votes()])["tone"]["main"]["statistics"]["cohen_kappa"]["pairs"]
    assert len(pairs) == 10
    assert pairs[0]["between"] == ["r0", "r1"]
    assert {"value", "low", "high", "items", "annotations", "annotators"} < set(pairs[0])


def test_what_is_not_defined_is_null_with_a_reason() -> None:
    alone = votes_of([("ann", "1", "neutral")], question="tone")
    main = agreement(all_votes=[alone])["tone"]["main"]
    for one in main["statistics"].values():
        assert (one["value"], one["low"], one["high"]) == (None, None, None)
        assert "not defined: no item was judged by two annotators" in one["note"]
    assert main["prevalence"] == {"neutral": 1.0}


def test_arms_are_never_mixed_and_the_main_one_comes_first() -> None:
    canary = votes(arm="canary", seed=1)
    found = agreement(all_votes=[canary, votes()], all_edits=[*edits("undrafted"), *edits()])
    assert list(found["tone"]) == ["main", "canary"]
    assert list(found["edit"]) == ["main", "undrafted"]
    assert found["tone"] == {
        "main": agreement(all_votes=[votes()])["tone"]["main"],
        "canary": agreement(all_votes=[canary])["tone"]["canary"],
    }


def test_questions_of_one_name_are_told_apart_by_kind() -> None:
    found = agreement(all_votes=[votes(question="edit"), votes("rating")], all_edits=edits())
    assert list(found) == ["edit (edit)", "edit (label)", "tone"]


def test_ties_count_in_one_percentage_and_not_in_the_other() -> None:
    # ten items: first and first; five: tie and both bad; five: first and tie
    pairs = [("first", "first")] * 10 + [("tie", "both_bad")] * 5 + [("first", "tie")] * 5
    answers = [(who, str(i), x) for i, pair in enumerate(pairs) for who, x in zip(("ann", "ben"), pair, strict=True)]
    given = votes_of(answers, question="preference", kind="comparison")
    statistics = agreement(all_votes=[given])["preference"]["main"]["statistics"]
    with_ties, without = statistics["percent_agreement"], statistics["percent_agreement_without_ties"]
    assert (with_ties["value"], with_ties["items"]) == (0.75, 20)
    assert (without["value"], without["items"], without["annotations"]) == (1.0, 10, 20)
    assert "S1: ties and 'both bad' are one value" in with_ties["note"]
    assert "S2: ties and 'both bad' are dropped" in without["note"]


def test_high_agreement_with_a_low_alpha_is_explained() -> None:
    # Feinstein & Cicchetti 1990: [[80, 10], [5, 5]] has p_o .85 and kappa .32
    pairs = [("+", "+")] * 80 + [("+", "-")] * 10 + [("-", "+")] * 5 + [("-", "-")] * 5
    given = votes_of((who, str(i), x) for i, pair in enumerate(pairs) for who, x in zip("ab", pair, strict=True))
    statistics = agreement(all_votes=[given])["label"]["main"]["statistics"]
    assert statistics["percent_agreement"]["value"] == 0.85
    assert statistics["krippendorff_alpha"]["note"] == (
        "low although most answers agree, as happens when one value prevails: see the prevalence"
    )


def test_a_rating_in_words_is_refused() -> None:
    words = replace(votes(), kind="rating")
    with pytest.raises(InputError, match="ordinal agreement needs numbers, but 'r"):
        report(Answers([words]), PROJECT)


def test_a_project_without_answers_has_an_empty_report() -> None:
    assert agreement() == {}


def test_the_same_seed_gives_the_same_report_and_the_report_names_it() -> None:
    answers = Answers([votes()], [placements()], edits())
    assert as_json(report(answers, PROJECT, seed=3)) == as_json(report(answers, PROJECT, seed=3))
    assert as_json(report(answers, PROJECT, seed=3))["seed"] == 3
    assert as_json(report(answers, PROJECT, seed=3)) != as_json(report(answers, PROJECT, seed=4))


# ---- order never matters


def rearranged(given: Votes, rng: np.random.Generator) -> Votes:
    """The same votes with rows, items, annotators and values in another order."""
    rows, items = rng.permutation(len(given.item)), rng.permutation(given.item.max() + 1)
    annotators, values = rng.permutation(len(given.annotators)), rng.permutation(len(given.values))
    return replace(
        given,
        item=items[given.item][rows],
        annotator=np.argsort(annotators)[given.annotator][rows],
        value=np.argsort(values)[given.value][rows],
        annotators=tuple(given.annotators[i] for i in annotators),
        values=tuple(given.values[i] for i in values),
        keys=given.keys[np.argsort(items)],
    )


def replaced(given: Placements, rng: np.random.Generator) -> Placements:
    """The same rankings with items, annotators and drafts in another order."""
    items, drafts = rng.permutation(given.item.max() + 1)[given.item], rng.permutation(given.draft.max() + 1)
    annotators, rows = rng.permutation(len(given.annotators)), rng.permutation(len(given.item))
    rows = rows[np.argsort(items[rows], kind="stable")]
    return Placements(
        given.arm,
        items[rows],
        np.argsort(annotators)[given.annotator][rows],
        drafts[given.draft][rows],
        given.tier[rows],
        tuple(given.annotators[i] for i in annotators),
    )


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.sampled_from(["label", "rating", "comparison"]))
def test_the_order_of_annotators_items_and_values_changes_no_digit(seed: int, kind: Kind) -> None:
    given_votes = votes(kind, seed=seed)
    other = rearranged(given_votes, np.random.default_rng(seed))
    assert agreement(all_votes=[other]) == agreement(all_votes=[given_votes])


@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_the_order_of_annotators_items_and_drafts_changes_no_digit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    given_placements, given_edits = placements(seed=seed), edits()
    other = [EditedText(9 - edit.item, edit.annotator, edit.draft, edit.text) for edit in rng.permutation(given_edits)]
    assert agreement(all_placements=[replaced(given_placements, rng)], all_edits=other) == agreement(
        all_placements=[given_placements], all_edits=given_edits
    )


# ---- real judgements


def test_pandalms_annotators_agree_as_published(pandalm: list[dict[str, Any]]) -> None:
    # published pairwise kappa .85, .88 and .86; recomputed .8520, .8789, .8617
    values = {"1": "first", "2": "second", "tie": "tie"}
    answers = [
        (given["annotator"], item["item_id"], values[given["value"]])
        for item in pandalm
        for given in item["annotations"]
    ]
    given_votes = votes_of(answers, question="preference", kind="comparison")
    main = agreement(all_votes=[given_votes])["preference"]["main"]
    kappa = main["statistics"]["cohen_kappa"]
    assert [round(pair["value"], 4) for pair in kappa["pairs"]] == [0.8520, 0.8789, 0.8617]
    assert main["prevalence"] == pytest.approx({"first": 1255 / 2997, "second": 1416 / 2997, "tie": 326 / 2997})
    # unanimous in 879 of 999 items, and two of three everywhere else
    assert main["statistics"]["percent_agreement"]["value"] == pytest.approx((879 + 120 / 3) / 999)
