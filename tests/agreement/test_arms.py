"""What the arms tell, from a real store."""

from __future__ import annotations

from math import isnan
from uuid import UUID

import numpy as np
import pytest

from concord.agreement.arms import evidence_of_arms
from concord.agreement.evidence import Evidence
from concord.agreement.report import report
from concord.agreement.report_html import as_html
from concord.agreement.report_json import as_json
from concord.agreement.report_markdown import as_markdown
from concord.ids import new_id
from concord.records.annotation import Labels
from concord.records.report import EditedText
from concord.records.watch import AnsweredTwice, CanaryEdit, CanaryRanking, EditedTwice, RankedTwice

PLANTED = {"kind": "number", "at": 6, "before": "3", "after": "9"}
ITEMS = [new_id() for _ in range(80)]


class Sights:
    """What was seen in the arms of one project, in memory."""

    def __init__(
        self,
        rankings: list[CanaryRanking] | None = None,
        pairs: list[RankedTwice] | None = None,
        edits: list[EditedTwice] | None = None,
        answers: list[AnsweredTwice] | None = None,
    ) -> None:
        self.rankings, self.pairs, self.edits, self.answers = rankings or [], pairs or [], edits or [], answers or []

    def arm_counts(self, project_id: UUID) -> list:
        return []

    def canary_rankings(self, project_id: UUID) -> list[CanaryRanking]:
        return self.rankings

    def canary_edits(self, project_id: UUID) -> list[CanaryEdit]:
        return []

    def ranked_twice(self, project_id: UUID) -> list[RankedTwice]:
        return self.pairs

    def edited_twice(self, project_id: UUID) -> list[EditedTwice]:
        return self.edits

    def answered_twice(self, project_id: UUID) -> list[AnsweredTwice]:
        return self.answers


def found(store: Sights, edits: list[EditedText] | None = None) -> dict[str, Evidence]:
    return {one.name: one for one in evidence_of_arms(store, new_id(), edits or [], seed=0)}


def edits(alike: float) -> list[EditedText]:
    """Eighty items of each arm by two people: equal with a draft, and alike to about so much without one."""
    rng = np.random.default_rng(1)
    made = [EditedText(i, who, "abcdefghij", "abcdefghij") for i in range(80) for who in ("ann", "ben")]
    for i in range(80, 160):
        same = int(np.clip(round(10 * alike + rng.integers(-2, 3)), 0, 10))
        made.append(EditedText(i, "ann", None, "abcdefghij", "undrafted"))
        made.append(EditedText(i, "ben", None, "abcdefghij"[:same] + "X" * (10 - same), "undrafted"))
    return made


def test_what_a_draft_adds_to_the_likeness_of_edits_has_an_interval_and_a_sentence() -> None:
    one = found(Sights(), edits(alike=0.6))["drafted_minus_undrafted"]
    assert one.all.value == pytest.approx(0.4, abs=0.05)
    assert 0.3 < one.all.low < one.all.value < one.all.high < 0.5
    assert (one.all.items, one.all.annotations, one.all.annotators, one.neutral) == (160, 320, 2, 0.0)
    assert one.sentence.startswith("Two people's edits are alike to 1.00 where they began from a draft, and to 0.6")
    assert "95 % interval of the difference +0.3" in one.sentence


def test_one_item_in_an_arm_gives_a_difference_without_an_interval() -> None:
    one = found(Sights(), [edit for edit in edits(alike=0.6) if edit.item <= 80])["drafted_minus_undrafted"]
    assert not isnan(one.all.value)
    assert isnan(one.all.low)
    assert "no interval: one of the two has one item only" in (one.all.note or "")
    assert "interval" not in one.sentence


def test_the_share_of_planted_faults_that_were_seen_is_given_by_person() -> None:
    rankings = [CanaryRanking(item, who, who == "ann" or i % 2 == 0) for i, item in enumerate(ITEMS)
                for who in ("ann", "ben")]  # fmt: skip
    one = found(Sights(rankings))["canaries_caught"]
    assert (one.all.value, one.all.items, one.all.annotations) == (0.75, 80, 160)
    assert one.all.low < 0.75 < one.all.high
    assert {who: person.value for who, person in one.people.items()} == {"ann": 1.0, "ben": 0.5}
    assert one.sentence.startswith("75 % (95 % interval ")


def test_repeats_are_compared_pair_by_pair_and_as_rankings() -> None:
    # three drafts; the second ranking swaps the best two: one of three pairs is turned round, tau-b 1/3
    twice = [RankedTwice(ITEMS[0], "ann", *signs) for signs in ((1, -1), (1, 1), (1, 1))]
    # all tied at first: no order to keep, and no tau-b
    twice += [RankedTwice(ITEMS[1], "ann", 0, 1)]
    several = found(Sights(pairs=twice))
    assert several["repeats_same_order"].all.value == 0.5
    tau = several["repeats_tau_b"]
    assert (tau.all.value, tau.all.items, tau.all.annotations) == (pytest.approx(1 / 3), 1, 1)
    assert tau.sentence == "One person's two rankings of an item have a mean Kendall's tau-b of +0.33."


def test_the_mean_tau_b_of_repeats_has_an_interval_and_a_value_for_each_person() -> None:
    twice = [RankedTwice(item, who, 1, 1 if who == "ann" or i % 4 else -1)
             for i, item in enumerate(ITEMS) for who in ("ann", "ben")]  # fmt: skip
    tau = found(Sights(pairs=twice))["repeats_tau_b"]
    assert {who: one.value for who, one in tau.people.items()} == {"ann": 1.0, "ben": 0.5}
    assert tau.all.low < tau.all.value == 0.75 < tau.all.high
    assert tau.sentence.startswith(
        "One person's two rankings of an item have a mean Kendall's tau-b of +0.75 (95 % int"
    )


def test_choices_and_ratings_given_twice_are_compared() -> None:
    answers = [AnsweredTwice(item, "ann", i % 4 > 0) for i, item in enumerate(ITEMS)]
    one = found(Sights(answers=answers))["repeats_same_answer"]
    assert (one.all.value, one.all.items) == (0.75, 80)
    assert one.sentence.endswith("of the choices and ratings that one person gave twice were the same both times.")


def test_two_edits_of_one_item_by_one_person_are_compared() -> None:
    one = found(Sights(edits=[EditedTwice(ITEMS[0], "ann", "kitten", "sitting")]))["repeats_edit_similarity"]
    assert one.all.value == pytest.approx(4 / 7)
    assert one.sentence == "The two edits that one person made of one item are alike to 57 % on average."


def test_an_arm_without_a_judgement_says_so_in_every_form_of_the_report(campaign) -> None:
    campaign.judge(campaign.item("q1"), "ann", Labels({"tone": "warm"}))
    result = report(campaign.store, campaign.project)
    written = as_json(result)
    assert written["evidence"]["canaries_caught"] == {
        "sentence": "Planted faults: no item of this arm was judged yet.",
        "without_a_pull": None,
        "value": None, "low": None, "high": None, "items": 0, "annotations": 0, "annotators": 0,
        "note": "not defined: no item of this arm yet",
        "by_annotator": {},
    }  # fmt: skip
    sentences = [one.sentence for one in result.evidence]
    assert sentences == [
        "What drafts do to agreement is not known: no item that is written without a draft was edited by two.",
        "Planted faults: no item of this arm was judged yet.",
        "Repeats: no item of this arm was ranked twice by one person yet.",
    ]
    page, text = as_html(written), as_markdown(written)
    assert [one for one in sentences if one not in page or one not in text] == []


def test_canaries_of_a_store_are_counted_by_item(campaign) -> None:
    for number in range(3):
        item = campaign.item(f"c{number}", arm="canary")
        campaign.draft(item, "d1", "It is 3 days.")
        campaign.draft(item, "d2", "It is 9 days.", params={"planted": PLANTED, "copy_of": "d1"})
        campaign.rank(item, "ann", "d1 > d2" if number else "d2 > d1")
    caught = {one.name: one for one in report(campaign.store, campaign.project).evidence}["canaries_caught"]
    assert (caught.all.value, caught.all.items, caught.all.annotations) == (pytest.approx(2 / 3), 3, 3)
