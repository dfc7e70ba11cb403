from dataclasses import replace

import pytest

from concord.errors import Conflict, NotFound
from concord.ids import folded_key, new_id
from concord.records.item import Item, Message

TURNS = (Message("system", "Be brief."), Message("user", "Où est\u2028la gare? 🚉 \x00"))


def test_an_item_comes_back_as_it_went_in(campaign) -> None:
    item = campaign.item(
        messages=TURNS, kind="response", target="there", row_id=new_id(), template_id="t", template_version="ab12"
    )
    assert campaign.store.item(item.id) == item
    assert campaign.store.items(campaign.project.id) == [item]


def test_items_are_queued_in_the_order_of_their_coming(campaign) -> None:
    first, second = campaign.items(30), [campaign.item(f"later {n}") for n in range(3)]
    assert campaign.store.items(campaign.project.id) == [*first, *second]
    assert campaign.store.items(campaign.project.id, limit=2) == first[:2]


def test_an_item_that_is_there_already_stays_as_it_is(campaign) -> None:
    item = campaign.item("q1", "draft")
    again = [replace(item, messages=TURNS), Item(new_id(), campaign.project.id, "q2", TURNS)]
    assert campaign.store.add_items(again, overlap=9) == 1
    assert campaign.store.item(item.id) == item
    assert campaign.store.add_items([], overlap=1) == 0
    assert [check for check in campaign.store.verify() if check.wrong] == []


def test_two_items_of_one_name_are_refused(campaign) -> None:
    campaign.item("q1")
    with pytest.raises(Conflict, match="this exists already with other content"):
        campaign.item("q1")
    assert len(campaign.store.items(campaign.project.id)) == 1


def test_an_unknown_item_is_said(campaign) -> None:
    unknown = new_id()
    with pytest.raises(NotFound) as caught:
        campaign.store.item(unknown)
    assert str(caught.value) == f"There is no item {unknown}. Check the id."


def test_items_are_known_by_name_and_folded_prompt(campaign) -> None:
    item = campaign.item("q1", messages=(Message("user", "Where  is it?"),))
    keys = campaign.store.item_keys(campaign.project.id)
    assert keys == {"q1": (item.id, folded_key("Where is\nit?"))}
    assert campaign.store.item_ids(campaign.project.id) == {"q1": item.id}
