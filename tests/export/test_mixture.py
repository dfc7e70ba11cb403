"""Several projects in one data set: shares, ids, splits across projects, and counts of each."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.curation.mixtures import Share
from concord.errors import InputError, NotFound
from concord.export.options import ExportOptions
from concord.export.preview import preview
from concord.ids import new_id
from concord.records.item import Message
from concord.records.project import Project, Settings

SHARES = (0.5, 0.25, 0.25)


def asking(text: str) -> dict[str, Any]:
    """The fields of an item with this prompt."""
    return {"messages": (Message("user", text),)}


def answer(campaign: Any, names: list[str], *, prompt: str = "") -> None:
    """Items with answers; with a `prompt`, what follows it is the name."""
    for name in names:
        fields = asking(f"{prompt}{name}") if prompt else {}
        campaign.edit(campaign.item(name, **fields), "ann", f"answer of {campaign.project.name} to {name}")


def named(campaign: Any, name: str) -> Any:
    """An empty campaign of this name beside another; the name has a part in what a share takes."""
    made = Project(new_id(), name, Settings(), campaign.project.created_at)
    campaign.store.create_project(made)
    return replace(campaign, project=made)


def with_(*campaigns: Any, weight: float = 1.0) -> tuple[Share, ...]:
    """The campaigns, mixed in."""
    return tuple(Share(campaign.project.name, weight) for campaign in campaigns)


def all_rows(written: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of each split."""
    return {split: written.rows(split) for split in written.manifest["counts"]["written"]}


def test_rows_of_all_projects_are_in_one_data_set_with_ids_of_their_own(campaign, new_campaign, exported) -> None:
    other = new_campaign()
    answer(campaign, ["q1", "q2"])
    answer(other, ["q1"])
    written = exported(campaign, "trl-sft", mixture=with_(other))
    assert [(row["project"], row["item_id"]) for row in written.rows()] == [
        ("helpdesk", "helpdesk/q1"),
        ("helpdesk", "helpdesk/q2"),
        (other.project.name, f"{other.project.name}/q1"),
    ]
    assert written.manifest["project"] == f"helpdesk + {other.project.name}"
    assert written.manifest["projects"] == {
        "helpdesk": {"weight": 1.0, "in": 2, "written": 2, "dropped": {}},
        other.project.name: {"weight": 1.0, "in": 1, "written": 1, "dropped": {}},
    }
    evidence = written.manifest["evidence"]
    assert (evidence["items"], evidence["prompts"], evidence["annotators"], evidence["annotations"]) == (3, 2, 1, 3)
    assert f"| `{other.project.name}` | 1 | 1 | 1 | 0 |\n" in (written.folder / "README.md").read_text(encoding="utf-8")


def test_a_data_set_of_one_project_says_nothing_of_projects(campaign, exported) -> None:
    answer(campaign, ["q1"])
    written = exported(campaign, "trl-sft")
    assert "projects" not in written.manifest
    assert [(row["item_id"], "project" in row) for row in written.rows()] == [("q1", False)]


def test_a_share_stays_what_it_was_when_its_project_grows_and_what_is_not_in_it_is_counted(campaign, exported) -> None:
    other = named(campaign, "reviews")
    answer(campaign, ["q1"])
    answer(other, [f"p{n}" for n in range(12)])
    few = exported(campaign, "trl-sft", mixture=with_(other, weight=0.5))
    [taken] = [one for name, one in few.manifest["projects"].items() if name != "helpdesk"]
    assert taken["in"] == 12
    assert taken["dropped"] == {"not in the share of its project": 12 - taken["written"]} == few.dropped()
    answer(other, [f"p{n}" for n in range(12, 20)])
    more = exported(campaign, "trl-sft", out="more", mixture=with_(other, weight=0.5))
    assert {row["item_id"] for row in few.rows()} < {row["item_id"] for row in more.rows()}


def test_a_near_duplicate_of_an_earlier_project_s_prompt_in_another_split_stays_behind(
    campaign, new_campaign, exported
) -> None:
    other = new_campaign()
    answer(campaign, [str(n) for n in range(8)], prompt="Say how the machine of the house works, number ")
    answer(campaign, [f"a{n}" for n in range(8)])
    first = exported(campaign, "trl-sft", out="first", shares=SHARES)
    held = {
        row["item_id"]: (row["prompt"][0]["content"], split)
        for split in all_rows(first)
        for row in all_rows(first)[split]
    }
    answer(other, [f"b{n}" for n in range(8)])
    for name, (text, _) in held.items():
        answer_to = other.item(f"same {name}", **asking(f"{text.upper()} "))
        other.edit(answer_to, "bob", "another answer")
    written = exported(campaign, "trl-sft", shares=SHARES, mixture=with_(other))
    splits = {row["item_id"]: split for split, rows in all_rows(written).items() for row in rows}
    assert {
        name.removeprefix("helpdesk/"): split for name, split in splits.items() if name.startswith("helpdesk/")
    } == {name: split for name, (_, split) in held.items()}
    same = {name.partition("/same ")[2]: split for name, split in splits.items() if "/same " in name}
    assert all(held[name][1] == split for name, split in same.items())
    assert written.dropped() == {"its cluster is in another split of another project": len(held) - len(same)}
    assert written.manifest["leaks"] == {"prompts": 0, "rows": 0}


mixed = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=8)
@given(mixed, st.sampled_from([0.4, 1.0]), st.sampled_from(["trl-sft", "openai-sft"]))
def test_every_row_of_every_project_is_written_or_dropped_and_no_prompt_is_in_two_splits(
    new_campaign, exported, items, weight, kind
) -> None:
    campaigns = [new_campaign() for _ in range(3)]
    answer(campaigns[0], ["sure"])
    for number, (place, prompt, answered) in enumerate(items):
        item = campaigns[place].item(f"q{number}", **asking(f"Prompt {prompt}?"))
        if answered:
            campaigns[place].edit(item, "ann", f"answer {number}")
    # The manifest is refused where a project's counts do not add up; `exported` adds up those of all.
    first, *others = campaigns
    out = str(first.project.id)
    manifest = exported(first, kind, out=out, shares=SHARES, mixture=with_(*others, weight=weight)).manifest
    assert manifest["leaks"]["prompts"] == 0
    entered = [sum(place == number for place, _, _ in items) for number in range(3)]
    assert [one["in"] for one in manifest["projects"].values()] == [entered[0] + 1, *entered[1:]]
    assert sum(one["written"] for one in manifest["projects"].values()) == sum(manifest["counts"]["written"].values())


def test_what_the_format_cannot_say_counts_for_its_project(campaign, new_campaign, exported) -> None:
    other = new_campaign()
    answer(campaign, ["q1"])
    system = (Message("user", "Hello?"), Message("system", "Be brief."), Message("user", "Well?"))
    other.edit(other.item("q1", messages=system), "ann", "answer")
    written = exported(campaign, "llamafactory-sft", mixture=with_(other))
    reason = "a system message that is not the first"
    assert written.manifest["projects"][other.project.name] == {
        "weight": 1.0,
        "in": 1,
        "written": 0,
        "dropped": {reason: 1},
    }
    assert written.manifest["dropped"] == [{"item": f"{other.project.name}/q1", "reason": reason}]


def test_pairs_of_several_projects_are_explained_under_their_ids(campaign, new_campaign, exported) -> None:
    other = new_campaign()
    for one in (campaign, other):
        one.rank(one.item("q1", "good", "bad"), "ann", "d1 > d2")
    written = exported(campaign, "trl-dpo", mixture=with_(other), explain=True)
    lines = [json.loads(line) for line in (written.folder / "rows.jsonl").read_bytes().splitlines()]
    assert [line["item_id"] for line in lines] == [row["item_id"] for row in written.rows()]
    assert [[one["annotator"] for one in line["judgements"]] for line in lines] == [["a-01"], ["a-01"]]


def test_rows_have_the_columns_of_tools_when_a_prompt_of_any_project_offers_some(
    campaign, new_campaign, exported
) -> None:
    other = new_campaign()
    answer(campaign, ["q1"])
    tools = ({"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}},)
    other.edit(other.item("q1", tools=tools), "ann", "answer")
    rows = exported(campaign, "trl-sft", mixture=with_(other)).rows()
    assert [row["tools"] is None for row in rows] == [True, False]


def test_looking_first_shows_a_row_of_each_project_and_the_same_counts(campaign, new_campaign, exported) -> None:
    other = new_campaign()
    answer(campaign, ["q1", "q2"])
    answer(other, ["q1", "q2"])
    options = ExportOptions("trl-sft", mixture=with_(other))
    seen = preview(campaign.store, campaign.project, options)
    assert [row["item_id"] for row in seen["rows"]] == ["helpdesk/q1", f"{other.project.name}/q1"]
    assert seen["projects"] == exported(campaign, "trl-sft", mixture=with_(other)).manifest["projects"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["helpdesk"], "The mixture has 'helpdesk' itself, which is whole in it. Name other projects."),
        (
            ["helpdesk/de"],
            "The items of 'helpdesk' and 'helpdesk/de' could have the same ids in one data set. Export them apart.",
        ),
    ],
)
def test_a_mixture_that_would_confuse_is_refused(campaign, exported, names, said) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(said)}$"):
        exported(campaign, "trl-sft", mixture=tuple(map(Share, names)))


def test_a_project_is_mixed_in_once_and_exists(campaign, exported) -> None:
    said = "The mixture names a project twice. Give each once, with one weight."
    with pytest.raises(InputError, match=f"^{re.escape(said)}$"):
        ExportOptions("trl-sft", mixture=(Share("b"), Share("b", 0.5)))
    with pytest.raises(NotFound):
        exported(campaign, "trl-sft", mixture=(Share("b"),))
