"""Drafts of an item take the project's variants in turn."""

import pytest

from concord.drafting.endpoint import endpoint_for
from concord.drafting.variants import models_of, varied, way_of, ways
from concord.ids import new_id
from concord.records.draft import Wanted
from concord.records.item import Item, Message
from concord.records.project import Settings, Variant

ITEM = Item(new_id(), new_id(), "q1", (Message("system", "Be kind."), Message("user", "Why?")))


def ways_of(*variants: Variant, **settings):
    chosen = Settings(model="base", base_url="http://base/v1", temperature=0.5, variants=variants, **settings)
    return ways(chosen, {}, endpoint_for(chosen, {}))


def test_drafts_take_the_variants_in_turn() -> None:
    choices = ways_of(Variant("a"), Variant("b"), Variant("c"))
    names = [way_of(choices, Wanted(ITEM, f"d{number}")).variant.name for number in range(1, 8)]
    assert names == ["a", "b", "c", "a", "b", "c", "a"]


def test_without_variants_there_is_one_way_the_project_s_own() -> None:
    [way] = ways_of()
    assert way.endpoint == endpoint_for(Settings(model="base", base_url="http://base/v1", temperature=0.5), {})
    assert varied(ITEM.messages, way.variant) == ITEM.messages


def test_what_a_variant_leaves_out_is_the_project_s() -> None:
    warm, other, third = ways_of(
        Variant("warm", temperature=1.5),
        Variant("other", model="large"),
        Variant("third", base_url="http://else/v1", key_variable="ELSE_KEY", temperature=0.0),
    )
    assert [(w.endpoint.model, w.endpoint.base_url, w.endpoint.key_variable, w.endpoint.temperature) for w in (
        warm, other, third,
    )] == [
        ("base", "http://base/v1", "OPENAI_API_KEY", 1.5),
        ("large", "http://base/v1", "OPENAI_API_KEY", 0.5),
        ("base", "http://else/v1", "ELSE_KEY", 0.0),
    ]  # fmt: skip
    assert models_of((warm, other, third)) == "base + large"


@pytest.mark.parametrize(
    ("variant", "contents"),
    [
        (Variant("s", system="Be brief."), ["Be brief.", "Why?"]),
        (Variant("x", suffix="One line."), ["Be kind.", "Why?\n\nOne line."]),
        (Variant("both", system="Be brief.", suffix="One line."), ["Be brief.", "Why?\n\nOne line."]),
    ],
)
def test_a_variant_changes_the_prompt_and_leaves_the_item(variant: Variant, contents: list[str]) -> None:
    assert [message.content for message in varied(ITEM.messages, variant)] == contents
    assert ITEM.messages[0].content == "Be kind."
