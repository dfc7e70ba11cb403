"""What each row rests on, told without names."""

import json
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from concord.export.explain import keyed_pseudonyms
from concord.records.annotation import Edit


def explained(written) -> list[dict]:
    """The lines of the side file."""
    return [json.loads(line) for line in (written.folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_row_is_explained_in_its_order_with_pseudonyms_that_hold_throughout(campaign, exported) -> None:
    for name in ("q1", "q2"):
        item = campaign.item(name)
        for number in (1, 2):
            campaign.draft(item, f"d{number}", f"text {number}", model="m", params={"temperature": 0.5})
        campaign.rank(item, "ann@example.org", "d1 > d2")
        campaign.rank(item, "bob", "d2 > d1" if name == "q1" else "d1 > d2")
        campaign.rank(item, "cid", "d1 > d2")
    written = exported(campaign, "trl-dpo", explain=True, shares=(0.5, 0.0, 0.5))
    rows = [row for split in ("train", "test") for row in written.rows(split)]
    lines = explained(written)
    assert [line["item_id"] for line in lines] == [row["item_id"] for row in rows]
    assert [line["agreement"] for line in lines] == [row["agreement"] for row in rows]
    assert {line["split"] for line in lines} == {"train", "test"}
    first = next(line for line in lines if line["item_id"] == "q1")
    names = {one["annotator"]: one["says"] for one in first["judgements"]}
    assert sorted(names) == ["a-01", "a-02", "a-03"]
    assert sorted(map(str, names.values())) == ["{'d1': 1, 'd2': 2}", "{'d1': 1, 'd2': 2}", "{'d2': 1, 'd1': 2}"]
    assert first["drafts"][0] == {
        "id": "d1", "source": "file", "model": "m", "prompt_hash": None, "params": {"temperature": 0.5},
    }  # fmt: skip
    assert b"example.org" not in (written.folder / "rows.jsonl").read_bytes()
    assert "rows.jsonl" in [file["name"] for file in written.manifest["files"]]


def test_comparisons_and_edits_name_their_drafts(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    campaign.compare(item, "ann", "d1")
    campaign.judge(item, "bob", Edit(campaign.store.drafts(item.id)[1].id, "edited"))
    [line] = explained(exported(campaign, "trl-sft", explain=True))
    assert sorted((one["kind"], str(one["says"])) for one in line["judgements"]) == [
        ("comparison", "{'preference': 'd1'}"),
        ("edit", "{'draft': 'd2'}"),
    ]


def test_without_being_asked_nothing_is_written_beside(campaign, exported) -> None:
    campaign.edit(campaign.item("q1"), "ann", "answer")
    assert not (exported(campaign, "trl-sft").folder / "rows.jsonl").exists()


@given(st.lists(st.text(), unique=True), st.uuids())
def test_pseudonyms_are_all_different_and_do_not_depend_on_the_order(names: list[str], key: UUID) -> None:
    found = keyed_pseudonyms(names, key)
    assert len(set(found.values())) == len(names)
    assert keyed_pseudonyms(names[::-1], key) == found
