from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from concord.desk.order import shown_order
from concord.ids import new_id

DRAFTS = [new_id() for _ in range(4)]


@given(st.uuids(), st.permutations(DRAFTS))
def test_a_presentation_has_one_order_whatever_order_the_drafts_come_in(presentation, drafts) -> None:
    assert shown_order(presentation, drafts) == shown_order(presentation, DRAFTS)
    assert sorted(shown_order(presentation, drafts)) == sorted(DRAFTS)


def test_the_order_is_the_same_for_ever() -> None:
    drafts = [UUID(int=number) for number in range(4)]
    assert [draft.int for draft in shown_order(UUID(int=0), drafts)] == [2, 0, 3, 1]


def test_every_place_is_taken_by_every_draft_about_equally_often() -> None:
    orders = [shown_order(new_id(), DRAFTS) for _ in range(4_000)]
    for place in range(4):
        for draft in DRAFTS:
            assert 850 < sum(order[place] == draft for order in orders) < 1_150


def test_no_drafts_have_an_order_too() -> None:
    assert shown_order(new_id(), []) == ()
