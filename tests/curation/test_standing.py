"""How an item's drafts and edits stand: mean ranks with ties, partial rankings and edits."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.curation.standing import Standing, standings, winners
from concord.ids import new_id
from concord.records.annotation import Annotation, Comparison, Edit, Judgement, Ranking
from concord.records.draft import Draft

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ITEM, PROJECT = new_id(), new_id()
DRAFTS = {name: Draft(new_id(), PROJECT, ITEM, name, f"text of {name}", "model", NOW) for name in ("d1", "d2", "d3")}


def said(annotator: str, judgement: Judgement) -> Annotation:
    return Annotation(new_id(), PROJECT, ITEM, annotator, judgement, "desk", NOW)


def ranked(annotator: str, order: str) -> Annotation:
    """A ranking such as `d2 > d1 = d3`."""
    tiers = tuple(tuple(DRAFTS[name].id for name in tier.split(" = ")) for tier in order.split(" > "))
    return said(annotator, Ranking(tiers))


def edited(annotator: str, draft: str | None, text: str) -> Annotation:
    return said(annotator, Edit(DRAFTS[draft].id if draft else None, text))


def stand(*annotations: Annotation) -> list[Standing]:
    return list(standings(list(DRAFTS.values()), annotations))


def means(*annotations: Annotation) -> Mapping[str, float]:
    return {one.text.removeprefix("text of "): one.mean_rank for one in stand(*annotations)}


def test_the_mean_rank_is_that_over_all_who_ranked() -> None:
    # ana: d1 1, d2 2, d3 3; ben: d2 1, d1 2, d3 3
    found = means(ranked("ana", "d1 > d2 > d3"), ranked("ben", "d2 > d1 > d3"), ranked("cem", "d2 > d3 > d1"))
    assert found == {"d2": pytest.approx(4 / 3), "d1": 2.0, "d3": pytest.approx(8 / 3)}


def test_tied_drafts_share_the_mean_of_their_places() -> None:
    assert means(ranked("ana", "d1 = d2 > d3")) == {"d1": 1.5, "d2": 1.5, "d3": 3.0}


def test_unranked_drafts_share_the_places_that_are_left() -> None:
    assert means(ranked("ana", "d3")) == {"d3": 1.0, "d1": 2.5, "d2": 2.5}


def test_two_drafts_may_win_together() -> None:
    found = stand(ranked("ana", "d1 > d2 > d3"), ranked("ben", "d2 > d1 > d3"))
    assert [one.draft.name for one in winners(found) if one.draft] == ["d1", "d2"]


def test_nobody_wins_where_nobody_ranked() -> None:
    found = stand()
    assert all(isnan(one.mean_rank) for one in found)
    assert winners(found) == ()


def test_an_edit_stands_before_its_draft_with_who_made_it_and_level_with_it_elsewhere() -> None:
    # ana: d1 1, new 2, d2 3, d3 4; ben: d2 and new tied at 1.5, d1 3, d3 4
    found = means(ranked("ana", "d1 > d2 > d3"), edited("ana", "d2", "new"), ranked("ben", "d2 > d1 > d3"))
    assert found == {"new": 1.75, "d1": 2.0, "d2": 2.25, "d3": 4.0}


def test_an_edit_of_the_best_draft_wins() -> None:
    found = stand(ranked("ana", "d1 > d2 > d3"), edited("ana", "d1", "better"), ranked("ben", "d1 > d3 > d2"))
    assert [(one.text, one.editors) for one in winners(found)] == [("better", ("ana",))]


def test_an_edit_that_changed_nothing_but_blanks_is_its_draft() -> None:
    found = stand(ranked("ana", "d1 > d2 > d3"), edited("ana", "d1", " text of  d1\n"))
    assert [one.draft.name for one in found if one.draft] == ["d1", "d2", "d3"]
    assert all(one.editors == () for one in found)


def test_equal_edits_of_two_people_are_one_candidate() -> None:
    found = stand(edited("ana", "d1", "same"), edited("ben", "d1", "same"))
    assert [one.editors for one in found if one.editors] == [("ana", "ben")]
    assert found[0].mean_rank == 1.0


def test_an_edit_without_a_ranking_comes_before_its_draft_and_both_before_the_rest() -> None:
    assert means(edited("ana", "d3", "new")) == {"new": 1.0, "d3": 2.0, "d1": 3.5, "d2": 3.5}


def test_an_answer_from_nothing_is_first_for_who_wrote_it_alone() -> None:
    found = means(edited("ana", None, "own"), ranked("ben", "d1 > d2 > d3"))
    assert found == {"own": 2.5, "d1": 2.0, "d2": 2.5, "d3": 3.0}


def test_a_comparison_is_a_ranking_of_two() -> None:
    pair = [DRAFTS["d1"], DRAFTS["d2"]]
    better, tie = said("ana", Comparison(DRAFTS["d2"].id)), said("ben", Comparison("tie"))
    found = standings(pair, [better, tie])
    assert [(one.text, one.mean_rank) for one in found] == [("text of d2", 1.25), ("text of d1", 1.75)]


def test_equal_drafts_are_one_candidate() -> None:
    twin = Draft(new_id(), PROJECT, ITEM, "d4", "text of d1", "model", NOW)
    found = standings([*DRAFTS.values(), twin], [ranked("ana", "d2 > d1 > d3")])
    assert [one.mean_rank for one in found] == [1.0, 2.0, 3.0]


ORDERS = st.permutations(list(DRAFTS)).flatmap(
    lambda names: st.lists(st.sampled_from([" > ", " = "]), min_size=2, max_size=2).map(
        lambda signs: names[0] + "".join(sign + name for sign, name in zip(signs, names[1:], strict=True))
    )
)
EDITS = st.none() | st.tuples(st.sampled_from([*DRAFTS, None]), st.sampled_from(["new", "newer", "text of d1"]))


@given(st.lists(st.tuples(ORDERS, EDITS), max_size=5), st.randoms(use_true_random=False))
def test_ranks_sum_to_the_same_for_everybody_and_the_order_of_annotations_does_not_matter(people, random) -> None:
    annotations = [ranked(f"a{number}", order) for number, (order, _) in enumerate(people)]
    annotations += [
        edited(f"a{n}", draft, text) for n, (_, edit) in enumerate(people) if edit for draft, text in [edit]
    ]
    found = stand(*annotations)
    n = len(found)
    for number in range(len(people)):
        assert sum(one.ranks[f"a{number}"] for one in found) == n * (n + 1) / 2
    random.shuffle(annotations)
    again = {one.text: one.ranks for one in stand(*annotations)}
    assert again == {one.text: one.ranks for one in found}
