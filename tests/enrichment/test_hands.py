"""Examples are dealt into hands that never share one, so that clusters stay small."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from concord.enrichment.hands import SIZE, Hand, deal

examples = st.sets(st.integers(0, 60)).map(lambda numbers: [UUID(int=number) for number in numbers])


@given(examples, examples, st.integers(0, 5), st.integers(1, 30))
def test_no_two_requests_share_an_example_unless_they_show_the_same_hand(
    first: list[UUID], more: list[UUID], seed: int, requests: int
) -> None:
    played: list[Hand] = []
    for approved in (first, [*first, *more]):
        for _ in range(requests if approved else 0):
            played.append(deal(approved, played, seed)[0])
    assert all(a == b or not set(a) & set(b) for a in played for b in played)
    assert all(1 <= len(hand) <= SIZE for hand in played)


def test_every_hand_is_shown_before_one_is_shown_again() -> None:
    approved = [UUID(int=number) for number in range(10)]
    played: list[Hand] = []
    for _ in range(6):
        played.append(deal(approved, played, seed=1)[0])
    assert {example for hand in played[:3] for example in hand} == set(approved)
    assert sorted(played[:3]) == sorted(played[3:])


def test_the_seed_deals_and_the_order_of_examples_does_not() -> None:
    approved = [UUID(int=number) for number in range(40)]
    assert deal(approved, [], seed=1) == deal(approved[::-1], [], seed=1) != deal(approved, [], seed=2)


def test_an_example_that_is_approved_no_more_is_shown_no_more() -> None:
    a, b = UUID(int=1), UUID(int=2)
    assert deal([a], [(a, b)], seed=0) == [(a,)]
