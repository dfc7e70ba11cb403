"""Splits of real exports: for good, by stratum, and what becomes of clusters that grow together."""

from concord.curation.splits import SPLITS
from concord.export.options import ExportOptions
from concord.export.preview import preview
from concord.ids import new_id
from concord.records.item import ItemOrigin

SHARES = (0.5, 0.25, 0.25)


def add(campaign, first: int, last: int) -> None:
    """Items with answers."""
    for number in range(first, last):
        campaign.edit(campaign.item(f"q{number}"), "ann", f"answer {number}")


def splits(written) -> dict[str, str]:
    """The split of each item."""
    return {row["item_id"]: split for split in written.manifest["counts"]["written"] for row in written.rows(split)}


def test_an_item_stays_in_its_split_when_the_project_grows(campaign, exported) -> None:
    add(campaign, 0, 12)
    before = splits(exported(campaign, "trl-sft", shares=SHARES))
    add(campaign, 12, 40)
    after = splits(exported(campaign, "trl-sft", shares=SHARES))
    assert {name: after[name] for name in before} == before
    assert sorted(map(list(after.values()).count, SPLITS)) == [10, 10, 20]


def test_another_seed_or_other_shares_are_another_split(campaign, exported) -> None:
    add(campaign, 0, 30)
    one, other, moved = (
        splits(exported(campaign, "trl-sft", out=str(n), shares=shares, seed=seed))
        for n, (shares, seed) in enumerate(((SHARES, 0), (SHARES, 1), ((0.5, 0.5, 0.0), 0)))
    )
    assert one != other != moved
    assert splits(exported(campaign, "trl-sft", out="again", shares=SHARES)) == one


def test_all_formats_of_a_project_share_one_split(campaign, exported) -> None:
    for number in range(20):
        item = campaign.item(f"q{number}", "one", "two")
        campaign.edit(item, "ann", f"answer {number}")
        if number % 2:
            campaign.rank(item, "ann", "d1 > d2")
    answers = splits(exported(campaign, "trl-sft", shares=SHARES))
    assert splits(exported(campaign, "trl-dpo", out="pairs", shares=SHARES)).items() <= answers.items()


def test_looking_first_changes_nothing(campaign, exported) -> None:
    add(campaign, 0, 12)
    options = ExportOptions("trl-sft", shares=SHARES)
    seen = preview(campaign.store, campaign.project, options)["counts"]["written"]
    assert campaign.store.kept_splits(campaign.project.id, "0.5,0.25,0.25 by 0") == {}
    assert exported(campaign, "trl-sft", shares=SHARES).manifest["counts"]["written"] == seen


def test_clusters_that_grow_together_keep_what_was_held_out_and_lose_the_rest(campaign, exported) -> None:
    add(campaign, 0, 12)
    before = splits(exported(campaign, "trl-sft", shares=SHARES))
    train, test = (next(name for name, split in before.items() if split == one) for one in ("train", "test"))
    ids = {item.name: item.id for item in campaign.store.items(campaign.project.id)}
    made = campaign.item("made")
    campaign.edit(made, "ann", "answer")
    origin = ItemOrigin(
        made.id,
        campaign.project.id,
        "paraphrase",
        (ids[train], ids[test]),
        None,
        new_id(),
        campaign.project.created_at,
    )
    campaign.store.add_origin(origin)
    written = exported(campaign, "trl-sft", shares=SHARES)
    after = splits(written)
    assert written.manifest["dropped"] == [{"item": train, "reason": "its cluster is in another split"}]
    assert after == {**{name: split for name, split in before.items() if name != train}, "made": "test"}


def test_every_template_has_its_share_of_every_split(campaign, exported) -> None:
    for number in range(40):
        item = campaign.item(f"q{number}", template_id=f"t{number // 20}", template_version="v")
        campaign.edit(item, "ann", f"answer {number}")
    written = exported(campaign, "trl-sft", shares=SHARES, stratify="template")
    for split, rows in (("train", 10), ("validation", 5), ("test", 5)):
        templates = [row["template_id"] for row in written.rows(split)]
        assert (templates.count("t0"), templates.count("t1")) == (rows, rows)
    assert written.manifest["leaks"] == {"prompts": 0, "rows": 0}
