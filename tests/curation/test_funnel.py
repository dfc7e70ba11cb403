"""The order of the gates, and counts that lead from what entered to what leaves."""

from hypothesis import given
from hypothesis import strategies as st

from concord.curation.funnel import REASONS, funnel

COUNTS = st.dictionaries(st.sampled_from([*REASONS[1:], "flagged: unsafe", "never seen"]), st.integers(1, 99))


@given(COUNTS, st.integers(0, 99))
def test_what_is_left_behind_the_last_gate_is_what_leaves(dropped, leaving) -> None:
    steps = funnel(leaving + sum(dropped.values()), dropped)
    assert {step.reason: step.out for step in steps} == dropped
    assert [step.left for step in steps][-1:] == ([leaving] if dropped else [])
    before = [leaving + sum(dropped.values()), *(step.left for step in steps)]
    assert all(there - step.out == step.left for there, step in zip(before, steps, strict=False))


def test_a_veto_stands_before_votes_votes_before_texts_and_policies_last() -> None:
    dropped = dict.fromkeys(REASONS[1:], 1)
    order = [step.reason for step in funnel(len(dropped), dropped)]
    assert order[:4] == ["rejected by a reviewer", "not adjudicated", "item below agreement", "not annotated"]
    assert order[-6:] == [
        "duplicate",
        "not of the policy",
        "over the cap of its prompt",
        "its cluster is in another split",
        "not in the share of its project",
        "its cluster is in another split of another project",
    ]
    assert order.index("below agreement") < order.index("cycle") < order.index("model not allowed")


def test_what_stays_whole_comes_first() -> None:
    assert [step.reason for step in funnel(3, {"tie": 1, "flagged: unsafe": 1})] == ["flagged: unsafe", "tie"]
