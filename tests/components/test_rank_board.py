from hypothesis import given
from hypothesis import strategies as st

from components.widgets.rank_board import validated

IDS = ["a", "b", "c", "d"]
anything = st.recursive(st.none() | st.integers() | st.sampled_from([*IDS, "x"]), st.lists)
weak_orders = st.permutations(IDS).flatmap(
    lambda ids: st.lists(st.booleans(), min_size=len(ids) - 1, max_size=len(ids) - 1).map(lambda cuts: cut(ids, cuts))
)


def cut(ids: list[str], cuts: list[bool]) -> list[list[str]]:
    tiers = [[ids[0]]]
    for name, new in zip(ids[1:], cuts, strict=True):
        if new:
            tiers.append([name])
        else:
            tiers[-1].append(name)
    return tiers


@given(weak_orders)
def test_every_ranking_that_a_board_can_make_is_kept_as_it_is(tiers: list[list[str]]) -> None:
    assert validated(tiers, IDS) == tiers


@given(st.lists(anything) | anything)
def test_whatever_the_browser_sends_no_draft_is_ranked_twice_and_none_is_invented(raw: object) -> None:
    ranked = [name for tier in validated(raw, IDS) for name in tier]
    assert len(ranked) == len(set(ranked))
    assert set(ranked) <= set(IDS)


def test_an_emptied_tier_is_no_tier() -> None:
    assert validated([["a"], [], ["b"]], IDS) == [["a"], ["b"]]
