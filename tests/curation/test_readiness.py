"""Readiness: evidence in sentences, with the numbers that they rest on."""

import pytest

from concord.curation.readiness import PUBLISHED, Agreed, Evidence, Facts, readiness, wilson
from concord.records.checked import DraftUse, Votes

NOTHING = Facts({}, {}, Votes(0, 0), (), {"prompts": [], "responses": []}, 0.0, ())


def named(facts: Facts, name: str) -> list[Evidence]:
    return [one for one in readiness(facts) if one.name == name]


def facts(**changed) -> Facts:
    return Facts(**(NOTHING.__dict__ | changed))


def test_an_empty_project_has_evidence_of_nothing() -> None:
    assert [one.says for one in readiness(NOTHING) if one.source is None] == [
        "0 items have an approved answer.",
        "Nobody has judged an item.",
        "The project's split keeps no test items: nothing will say what training did.",
        "No draft with examples was edited or accepted yet: whether prompting would do is not known. "
        "Set few_shot in the project's settings and draft some.",
    ]


def test_published_numbers_have_their_sources_and_what_is_missing_to_them() -> None:
    published = named(facts(answered={"t": 1_000}), "published")
    assert [one.value for one in published] == [50, 100, 500, 1_000, 13_000, 52_000]
    assert all(one.source for one in published)
    assert [one.says.endswith("this many are there.") for one in published] == [True, True, True, True, False, False]
    assert published[4].says.endswith("12,000 more would be as many.")
    assert [one.least for one in PUBLISHED] == sorted(one.least for one in PUBLISHED)


def test_the_template_with_the_fewest_examples_is_named() -> None:
    [evidence] = named(facts(answered={"a": 90, "b": 10}), "fewest by template")
    assert evidence.says == "They come from 2 templates; b has the fewest, 10."


def test_the_rarest_label_of_each_question_is_named() -> None:
    [evidence] = named(facts(labels={"tone": {"calm": 9, "loud": 2}}), "fewest by label")
    assert evidence.says == "Of the labels of tone, loud has the fewest items, 2."


@pytest.mark.parametrize(
    ("votes", "says"),
    [
        (Votes(4, 4), "100% of the 4 judged items were judged by two or more annotators."),
        (
            Votes(4, 1),
            "25% of the 4 judged items were judged by two or more annotators; of the others nobody knows whether "
            "another would agree.",
        ),
    ],
)
def test_items_that_one_person_judged_are_told_apart(votes: Votes, says: str) -> None:
    assert [one.says for one in named(facts(votes=votes), "two votes")] == [says]


def test_agreement_has_its_interval_and_undefined_is_said() -> None:
    agreed = (Agreed("tone", "krippendorff_alpha", 0.7, 0.6, 0.8, 40), Agreed("edit", "kendall_w", None, None, None, 2))
    assert [one.says for one in named(facts(agreed=agreed), "agreement")] == [
        "Agreement on tone: Krippendorff's alpha 0.70 (0.60 to 0.80), 40 items.",
        "Agreement on edit (Kendall's W) is not defined yet.",
    ]


def test_the_test_split_says_how_much_it_can_tell() -> None:
    # 1.96 * sqrt(0.25 / 100) = 9.8 %
    [evidence] = named(facts(answered={"t": 1_000}, test_share=0.1), "test split")
    assert (evidence.value, "known to 10% either way" in evidence.says) == (100, True)


@pytest.mark.parametrize(("accepted", "may_do"), [(80, True), (55, False), (10, False)])
def test_few_shot_drafts_that_are_accepted_as_often_as_edited_speak_against_fine_tuning(accepted, may_do) -> None:
    uses = (DraftUse(False, 100, 20), DraftUse(True, 100, accepted))
    found = facts(uses=uses)
    [evidence] = named(found, "few-shot drafts")
    assert evidence.value == accepted / 100
    assert ("may do without fine-tuning" in evidence.says) == may_do
    assert "may do" not in named(found, "drafts")[0].says


def test_the_interval_is_wilson_s() -> None:
    # Wilson 1927, as in Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
