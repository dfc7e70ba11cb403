"""Which items may be examples, and what belongs together."""

from hypothesis import given
from hypothesis import strategies as st

from concord.curation.held_out import belonging
from concord.ids import new_id
from concord.records.item import ItemPlace

KEYS = [new_id() for _ in range(30)]


def places(*shared: tuple[int, int | None, str]) -> list[ItemPlace]:
    """Items by (number of the prompt, number of the row, arm)."""
    return [
        ItemPlace(new_id(), f"q{number}", arm, KEYS[prompt], None if row is None else KEYS[row])  # type: ignore[arg-type]
        for number, (prompt, row, arm) in enumerate(shared)
    ]


def texts(found: list[ItemPlace]) -> list[str]:
    """Prompts that differ where their keys do."""
    return [str(KEYS.index(place.prompt_key)) for place in found]


def test_items_of_one_prompt_or_one_row_share_a_cluster() -> None:
    found = places((0, None, "drafted"), (0, 5, "drafted"), (1, 5, "canary"), (2, None, "drafted"))
    clusters = [one.cluster for one in belonging(found, texts(found), (1.0, 0.0, 0.0), 0).values()]
    assert clusters[0] == clusters[1] == clusters[2] != clusters[3]


def test_near_duplicates_share_a_cluster() -> None:
    prompts = ["Why is the sky so very blue today?", "why is the sky so very blue, today", "Why is grass green?"]
    found = belonging(places(*((n, None, "drafted") for n in range(3))), prompts, (1.0, 0.0, 0.0), 0)
    clusters = [one.cluster for one in found.values()]
    assert clusters[0] == clusters[1] != clusters[2]


def test_other_arms_are_never_training() -> None:
    found = places(*((number, None, arm) for number, arm in enumerate(("undrafted", "canary", "repeat", "drafted"))))
    assert [one.training for one in belonging(found, texts(found), (1.0, 0.0, 0.0), 0).values()] == [
        False,
        False,
        False,
        True,
    ]


def test_nothing_belongs_nowhere() -> None:
    assert belonging([], [], (1.0, 0.0, 0.0), 0) == {}


SHAPES = st.lists(
    st.tuples(st.integers(0, 29), st.one_of(st.none(), st.integers(0, 29)), st.just("drafted")), min_size=1
)


@given(SHAPES, st.integers(0, 99))
def test_no_cluster_is_torn_and_the_order_does_not_matter(shapes, seed: int) -> None:
    found = places(*shapes)
    placed = belonging(found, texts(found), (0.5, 0.25, 0.25), seed)
    by_cluster: dict[int, set[bool]] = {}
    for one in placed.values():
        by_cluster.setdefault(one.cluster, set()).add(one.training)
    assert all(len(training) == 1 for training in by_cluster.values())
    assert {
        i: one.training for i, one in belonging(found[::-1], texts(found[::-1]), (0.5, 0.25, 0.25), seed).items()
    } == {i: one.training for i, one in placed.items()}
