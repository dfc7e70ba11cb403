"""What an annotation's results say."""

from typing import Any

import pytest

from concord.ids import new_id
from concord.labelstudio.reading import Control, Reading
from concord.labelstudio.results import Screen, Taken, judgements_of
from concord.records.annotation import Comparison, Edit, Judgement, Labels, Ranking, Ratings

A, B, C = new_id(), new_id(), new_id()
CONTROLS = (
    Control("rank", "Ranker", "ranking"),
    Control("better", "Pairwise", "comparison"),
    Control("clear", "Rating", "rating"),
    Control("true", "Rating", "rating"),
    Control("tone", "Choices", "label"),
    Control("edited", "TextArea", "edit", begins="b"),
    Control("note", "TextArea", "ignored"),
)
SCREEN = Screen(Reading(("q",), "items", ("a", "b"), CONTROLS), ["a", "b", "c"], {"a": A, "b": B, "c": C})


def result(control: str, **value: Any) -> dict[str, Any]:
    return {"from_name": control, "to_name": "whatever", "type": "whatever", "value": value}


def buckets(**given: list[str]) -> Taken:
    control = Control("rank", "Ranker", "ranking", ("best", "good", "bad"))
    screen = Screen(Reading(("q",), "items", (), (control,)), SCREEN.shown, SCREEN.drafts)
    return judgements_of([result("rank", ranker=given)], screen)


@pytest.mark.parametrize(
    ("given", "judgement"),
    [
        (result("rank", ranker={"rank": ["c", "a", "b"]}), Ranking(((C,), (A,), (B,)))),
        (result("rank", ranker=["b", "a", "c"]), Ranking(((B,), (A,), (C,)))),
        (result("rank", ranker={"other": ["b", "a"]}), Ranking(((B,), (A,)))),
        (result("better", selected="left"), Comparison(A)),
        (result("better", choices=["Tie"]), Comparison("tie")),
        (result("better", choices=["both bad"]), Comparison("both_bad")),
        (result("clear", rating=4), Ratings({"clear": 4.0})),
        (result("tone", choices=["warm"]), Labels({"tone": "warm"})),
        (result("tone", choices=["warm", "brief"]), Labels({"tone": "brief, warm"})),
        (result("edited", text=["better"]), Edit(B, "better")),
        (result("edited", text="better"), Edit(B, "better")),
        (result("edited", text=["two", "texts"]), Edit(B, "two\ntexts")),
    ],
)
def test_a_result_becomes_a_judgement(given: dict[str, Any], judgement: Judgement) -> None:
    assert judgements_of([given], SCREEN) == Taken((judgement,), False, ())


@pytest.mark.parametrize(
    "given",
    [
        result("edited", text=[" "]),
        result("tone", choices=[]),
        result("rank", ranker={}),
        result("note", text=["well"]),
        result("unknown", rating=1),
    ],
)
def test_what_says_nothing_becomes_nothing(given: dict[str, Any]) -> None:
    assert judgements_of([given], SCREEN) == Taken((), False, ())


def test_ratings_are_joined_and_the_last_of_a_control_counts() -> None:
    given = [result("clear", rating=1), result("true", rating=2), result("clear", rating=3)]
    assert judgements_of(given, SCREEN).judgements == (Ratings({"clear": 3.0, "true": 2.0}),)


def test_a_ranker_in_the_order_shown_was_not_touched() -> None:
    given = [result("rank", ranker={"rank": ["a", "b", "c"]}), result("clear", rating=3)]
    assert judgements_of(given, SCREEN) == Taken((Ratings({"clear": 3.0}),), True, ())


def test_buckets_are_tiers_in_the_order_of_the_config_and_what_nobody_moved_is_unranked() -> None:
    assert buckets(bad=["a"], best=["c", "b"]).judgements == (Ranking((tuple(sorted((B, C))), (A,))),)
    assert buckets(best=["b"], _=["a", "c"]).judgements == (Ranking(((B,),)),)


def test_everything_in_one_bucket_was_not_touched() -> None:
    assert buckets(bad=["a", "b", "c"]) == Taken((), True, ())


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            result("rank", ranker={"rank": ["z"]}),
            "the control 'rank' names the response 'z', which the item does not have",
        ),
        (result("rank", ranker={"rank": ["a", "a"]}), "the control 'rank' ranks a response twice"),
        (result("rank", ranker={"rank": "a"}), "the control 'rank' has a ranking that is no list"),
        (result("rank", ranker=None), "the control 'rank' has a result without a value"),
        (result("better", choices=["maybe"]), "the control 'better' says 'maybe', which names no side"),
        (result("clear", rating="4"), "the control 'clear' says '4', which is no number"),
        ({"from_name": "clear"}, "the control 'clear' has a result without a value"),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_the_rest_counts(given: dict[str, Any], problem: str) -> None:
    found = judgements_of([given, result("tone", choices=["warm"])], SCREEN)
    assert found == Taken((Labels({"tone": "warm"}),), False, (problem,))
