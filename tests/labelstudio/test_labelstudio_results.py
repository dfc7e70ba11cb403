"""What an annotation's results say."""

from dataclasses import asdict
from typing import Any, Literal, get_args
from uuid import UUID

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from concord.ids import new_id
from concord.labelstudio.config import COMPARED
from concord.labelstudio.reading import Control, Reading, asked_of, pushed_reading
from concord.labelstudio.results import HALF_FILLED, UNANSWERED, UNTOUCHED, Screen, Taken, judgements_of
from concord.records.annotation import Comparison, Edit, Judgement, Labels, Ranking, Ratings, label_set
from concord.records.kinds import Strength
from concord.records.project import Settings
from concord.records.rubric import Criterion, Question

A, B, C = new_id(), new_id(), new_id()
BOTH = (min(A, B), max(A, B))
CONTROLS = (
    Control("rank", "Ranker", "ranking"),
    Control("better", "Pairwise", "comparison"),
    Control("clear", "Rating", "rating"),
    Control("true", "Rating", "rating"),
    Control("tone", "Choices", "label"),
    Control("flags", "Choices", "label", multi=True),
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
        (result("better", selected="left"), Comparison(A, BOTH)),
        (result("better", choices=["Tie"]), Comparison("tie", BOTH)),
        (result("better", choices=["both bad"]), Comparison("both_bad", BOTH)),
        (result("better", choices=["B-much"]), Comparison(B, BOTH, "much")),
        (result("clear", rating=4), Ratings({"clear": 4.0})),
        (result("tone", choices=["warm"]), Labels({"tone": "warm"})),
        (result("tone", choices=["warm", "brief"]), Labels({"tone": "brief, warm"})),
        (result("flags", choices=["rude", "long"]), Labels({"flags": '["long","rude"]'})),
        (result("flags", choices=["rude"]), Labels({"flags": '["rude"]'})),
        (result("edited", text=["better"]), Edit(B, "better")),
        (result("edited", text="better"), Edit(B, "better")),
        (result("edited", text=["two", "texts"]), Edit(B, "two\ntexts")),
    ],
)
def test_a_result_becomes_a_judgement(given: dict[str, Any], judgement: Judgement) -> None:
    assert judgements_of([given], SCREEN) == Taken((judgement,))


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
    assert judgements_of([given], SCREEN) == Taken((), (UNANSWERED,))


def test_ratings_are_joined_and_the_last_of_a_control_counts() -> None:
    given = [result("clear", rating=1), result("true", rating=2), result("clear", rating=3)]
    assert judgements_of(given, SCREEN).judgements == (Ratings({"clear": 3.0, "true": 2.0}),)


def test_a_ranker_in_the_order_shown_was_not_touched() -> None:
    given = [result("rank", ranker={"rank": ["a", "b", "c"]}), result("clear", rating=3)]
    assert judgements_of(given, SCREEN) == Taken((Ratings({"clear": 3.0}),), (UNTOUCHED,))


def test_buckets_are_tiers_in_the_order_of_the_config_and_what_nobody_moved_is_unranked() -> None:
    assert buckets(bad=["a"], best=["c", "b"]).judgements == (Ranking((tuple(sorted((B, C))), (A,))),)
    assert buckets(best=["b"], _=["a", "c"]).judgements == (Ranking(((B,),)),)


def test_everything_in_one_bucket_was_not_touched() -> None:
    assert buckets(bad=["a", "b", "c"]) == Taken((), (UNTOUCHED,))


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
    assert found == Taken((Labels({"tone": "warm"}),), (), (problem,))


RUBRIC = (Criterion("help"), Criterion("true", low=0, high=3))
QUESTIONS = (Question("tone", ("warm", "cold")), Question("flags", ("rude", "long"), multi=True))


def pushed(settings: Settings) -> Screen:
    """What a pushed task has before its annotator: B, then A."""
    asked = pushed_reading([{**asdict(one), "choices": list(one.choices)} for one in asked_of(settings)])
    return Screen(asked, ["1", "2"], {"1": B, "2": A}, A)


COMPARE, RATE = pushed(Settings(task="compare+edit")), pushed(Settings(task="rate", rubric=RUBRIC))
LABEL = pushed(Settings(task="label", questions=QUESTIONS))
EDITED = result("edited", text=["Mine."])


@pytest.mark.parametrize("chosen", [alias for alias, _ in COMPARED])
def test_all_that_can_be_said_of_two_drafts_is_said_of_those_shown(chosen: str) -> None:
    side, _, how_much = chosen.partition("-")
    strength = next((one for one in get_args(Strength) if one == how_much), None)
    better: dict[str, UUID | Literal["tie", "both_bad"]] = {"first": B, "second": A, "tie": "tie", "both": "both_bad"}
    found = judgements_of([result("better", choices=[chosen]), EDITED], COMPARE)
    assert found == Taken((Comparison(better[side], BOTH, strength), Edit(A, "Mine.")))


@for_any(st.integers(1, 5), st.integers(0, 3))
def test_stars_and_numbers_are_ratings_under_the_criteria_s_names(stars: int, number: int) -> None:
    given = [result("rating_help", rating=stars), result("rating_true", choices=[str(number)])]
    assert judgements_of(given, RATE) == Taken((Ratings({"help": float(stars), "true": float(number)}),))


@for_any(st.sampled_from(["warm", "cold"]), st.sets(st.sampled_from(["rude", "long"]), min_size=1))
def test_one_choice_is_a_label_and_several_are_a_set_of_them(tone: str, flags: set[str]) -> None:
    given = [result("label_tone", choices=[tone]), result("label_flags", choices=list(flags))]
    assert judgements_of(given, LABEL) == Taken((Labels({"tone": tone, "flags": label_set(flags)}),))


@pytest.mark.parametrize("screen", [COMPARE, RATE, LABEL, Screen(pushed_reading("changed"), [], {})])
def test_an_annotation_without_an_answer_is_told(screen: Screen) -> None:
    assert judgements_of([], screen) == Taken((), (UNANSWERED,))
    silent = [result("better", choices=[]), result("label_tone", choices=[]), result("rating_true", choices=[])]
    assert judgements_of(silent, screen) == Taken((), (UNANSWERED,))


@pytest.mark.parametrize(
    ("given", "screen", "counts"),
    [
        (result("rating_help", rating=3), RATE, ()),
        (result("label_flags", choices=["rude"]), LABEL, ()),
        (EDITED, COMPARE, (Edit(A, "Mine."),)),
        (result("better", choices=["tie"]), COMPARE, (Comparison("tie", BOTH),)),
    ],
)
def test_half_filled_ratings_and_labels_are_no_judgement_while_a_comparison_or_a_text_stands_alone(
    given: dict[str, Any], screen: Screen, counts: tuple[Judgement, ...]
) -> None:
    assert judgements_of([given], screen) == Taken(counts, (HALF_FILLED,))


@pytest.mark.parametrize(
    ("given", "screen", "problem"),
    [
        (result("better", choices=["first"]), COMPARE, "the control 'better' says 'first', which it does not offer"),
        (
            result("better", choices=["tie", "both-bad"]),
            COMPARE,
            "the control 'better' says 'both-bad, tie', which it does not offer",
        ),
        (result("rating_help", rating=6), RATE, "the control 'rating_help' says 6, which is not on its scale"),
        (result("rating_help", rating=2.5), RATE, "the control 'rating_help' says 2.5, which is not on its scale"),
        (result("label_tone", choices=["wet"]), LABEL, "the control 'label_tone' says 'wet', which it does not offer"),
        (
            result("label_tone", choices=["warm", "cold"]),
            LABEL,
            "the control 'label_tone' says 'cold, warm', which it does not offer",
        ),
    ],
)
def test_an_answer_that_was_not_offered_is_a_problem_and_no_part_of_a_judgement(
    given: dict[str, Any], screen: Screen, problem: str
) -> None:
    others = {"rating_true": ["1"], "label_flags": ["rude"]}
    rest = [result(name, choices=chosen) for name, chosen in others.items()]
    assert judgements_of([given, EDITED, *rest], screen) == Taken(
        (Edit(A, "Mine."),) if screen is COMPARE else (), (), (problem,)
    )


def test_a_comparison_of_drafts_that_are_gone_is_a_problem() -> None:
    screen = Screen(COMPARE.reading, ["1"], {"1": B})
    found = judgements_of([result("better", choices=["tie"]), EDITED], screen)
    assert found.problems == ("the control 'better' compares two responses, but the task shows 1",)
