"""Preference pairs: what was on the screen, in the order that was chosen, and why other pairs stay behind."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from concord.curation.policies import Policies
from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_comparison, submit_edit, submit_ranking
from concord.errors import InputError
from concord.imports.ready import import_items
from concord.records.annotation import Comparison
from concord.records.item import Message


def named(rows: list) -> list[tuple[str, str, str]]:
    """(item, chosen, rejected) of each row."""
    return [(row["item_id"], row["chosen_id"], row["rejected_id"]) for row in rows]


def test_a_ranking_gives_each_strict_preference_with_its_texts(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two", "three")
    campaign.rank(item, "ann", "d3 > d1 = d2")
    written = exported(campaign, "trl-dpo")
    assert written.rows() == [
        {
            "prompt": [{"role": "user", "content": "What about q1?"}],
            "chosen": [{"role": "assistant", "content": "three"}],
            "rejected": [{"role": "assistant", "content": text}],
            "item_id": "q1",
            "chosen_id": "d3",
            "rejected_id": name,
            "n_annotators": 1,
            "agreement": 1.0,
            "pair_weight": 0.5,
            "source": "votes",
            "template_id": None,
            "template_version": None,
        }
        for name, text in (("d1", "one"), ("d2", "two"))
    ]
    assert written.manifest["dropped"] == [{"item": "q1", "drafts": ["d1", "d2"], "reason": "tie"}]
    assert written.manifest["ties"] == 1


def test_the_majority_decides_and_its_share_is_told(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    for annotator, order in (("ann", "d2 > d1"), ("bob", "d2 > d1"), ("cid", "d1 > d2"), ("dan", "d1 = d2")):
        campaign.rank(item, annotator, order)
    [row] = exported(campaign, "trl-dpo").rows()
    assert (row["chosen_id"], row["n_annotators"], row["agreement"]) == ("d2", 4, 0.5)


def test_a_comparison_at_the_desk_gives_a_pair_of_the_two_that_were_shown_however_strong_it_is(
    new_campaign, exported
) -> None:
    campaign = new_campaign(task="compare", overlap=2)
    campaign.item("q1", "one", "two", "three")
    for annotator, strength in (("ann", "slightly"), ("bob", "much")):
        task = open_item(campaign.store, campaign.project, annotator, now=campaign.project.created_at)
        assert task
        submission = Submission(task.presentation.id, annotator, None, campaign.project.created_at)
        better = next(draft for draft in task.drafts if draft.name == "d2")
        submit_comparison(campaign.store, submission, Comparison(better.id, strength=strength))
    [row] = exported(campaign, "trl-dpo").rows()
    assert (row["chosen_id"], row["rejected_id"], row["n_annotators"], row["agreement"]) == ("d2", "d1", 2, 1.0)


@pytest.mark.parametrize(
    ("orders", "texts", "options", "reason"),
    [
        (["d1 > d2"], ("one", "two"), {"min_votes": 2}, "too few votes"),
        (["d1 = d2"], ("one", "two"), {}, "tie"),
        (["d1 > d2", "d2 > d1"], ("one", "two"), {}, "no majority"),
        (["d1 > d2", "d1 > d2", "d2 > d1"], ("one", "two"), {"min_agreement": 0.7}, "below agreement"),
        (["d1 > d2"], ("one", " \n"), {}, "empty response"),
        (["d1 > d2"], ("one", "one "), {}, "equal responses"),
        ([], ("one", "two"), {}, "not compared"),
    ],
)
def test_a_pair_stays_behind_with_its_reason(campaign, exported, orders, texts, options, reason: str) -> None:
    good, item = campaign.item("good", "one", "two"), campaign.item("bad", *texts)
    for annotator in ("ann", "bob"):
        campaign.rank(good, annotator, "d2 > d1")
    for number, order in enumerate(orders):
        campaign.rank(item, f"annotator {number}", order)
    written = exported(campaign, "trl-dpo", **options)
    assert named(written.rows()) == [("good", "d2", "d1")]
    assert written.dropped() == {reason: 1}


def test_both_bad_is_no_preference(campaign, exported) -> None:
    good, bad = campaign.item("q1", "one", "two"), campaign.item("q2", "one", "two")
    campaign.compare(good, "ann", "d1")
    campaign.compare(bad, "ann", "both_bad")
    written = exported(campaign, "trl-dpo")
    assert named(written.rows()) == [("q1", "d1", "d2")]
    assert written.dropped() == {"both bad": 1}


def test_preferences_in_a_circle_stay_behind_together(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two", "three", "four")
    for annotator, order in (("ann", "d1 > d2 > d3 > d4"), ("bob", "d2 > d3 > d1 > d4"), ("cid", "d3 > d1 > d2 > d4")):
        campaign.rank(item, annotator, order)
    written = exported(campaign, "trl-dpo")
    assert named(written.rows()) == [("q1", f"d{n}", "d4") for n in (1, 2, 3)]
    assert written.dropped() == {"cycle": 3}


def test_a_ranking_of_some_drafts_says_nothing_about_the_others(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two", "three")
    campaign.rank(item, "ann", "d2 > d1")
    assert named(exported(campaign, "trl-dpo").rows()) == [("q1", "d2", "d1")]


def test_a_comparison_counts_as_a_vote_of_its_two_drafts_whatever_is_drafted_later(campaign, exported) -> None:
    first, second = campaign.item("q1", "one", "two"), campaign.item("q2", "one", "two")
    for item, better in ((first, "d1"), (second, "d2")):
        campaign.compare(item, "ann", better)
        campaign.draft(item, "d0", "late", created_at=campaign.project.created_at + timedelta(days=1))
    assert named(exported(campaign, "trl-dpo").rows()) == [("q1", "d1", "d2"), ("q2", "d2", "d1")]


def test_the_newest_judgement_of_each_person_counts(campaign, exported) -> None:
    item = campaign.item("q1", "one", "two")
    for order in ("d1 > d2", "d1 = d2", "d2 > d1"):
        campaign.rank(item, "ann", order)
    [row] = exported(campaign, "trl-dpo").rows()
    assert (row["chosen_id"], row["n_annotators"]) == ("d2", 1)


def test_control_canary_and_repeat_items_stay_at_home(campaign, exported) -> None:
    campaign.rank(campaign.item("main", "one", "two"), "ann", "d1 > d2")
    for arm in ("undrafted", "canary", "repeat"):
        item = campaign.item(arm, "a secret", "another secret", arm=arm)
        campaign.rank(item, f"annotator of {arm}", "d1 > d2")
        campaign.edit(item, f"annotator of {arm}", "a secret")
    for kind in ("trl-dpo", "trl-sft"):
        written = exported(campaign, kind)
        assert [row["item_id"] for row in written.rows()] == ["main"]
        assert written.manifest["evidence"] == {
            "items": 1, "prompts": 1, "drafts": 2, "annotators": 1, "annotations": 1,
        }  # fmt: skip
        assert all(b"secret" not in file.read_bytes() for file in written.folder.iterdir())


def test_another_project_s_judgements_stay_there(campaign, new_campaign, exported) -> None:
    for owner in (campaign, new_campaign()):
        owner.rank(owner.item("q1", "one", "two"), "ann", "d1 > d2")
    assert len(exported(campaign, "trl-dpo").rows()) == 1


def test_what_is_exported_is_what_was_on_the_screen_in_the_order_chosen(new_campaign, exported) -> None:
    campaign = new_campaign(task="rank+edit", overlap=1)
    store, project = campaign.store, campaign.project
    campaign.items(12, "one", "two", " one", "", "four")
    seen: dict[str, tuple[str, ...]] = {}
    while task := open_item(store, project, "ann", now=project.created_at):
        submission = Submission(task.presentation.id, "ann", 1.0, project.created_at)
        if task.step == "ranking":
            seen[task.item.name] = tuple(draft.text for draft in task.drafts)
            submit_ranking(store, submission, [[draft.id] for draft in task.drafts])
        else:
            submit_edit(store, submission, f"{task.best.text}, edited")
    pairs = exported(campaign, "trl-dpo").rows()
    assert {(row["item_id"], row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in pairs} == {
        (name, shown[a], shown[b]) for name, shown in seen.items() for a, b in ((0, 1), (0, 2), (1, 2))
    }
    answers = {row["item_id"]: row["completion"][0]["content"] for row in exported(campaign, "trl-sft").rows()}
    assert answers == {name: f"{shown[0]}, edited" for name, shown in seen.items()}


def test_of_many_at_work_at_once_pairs_are_what_most_saw_and_put_first(new_campaign, exported) -> None:
    campaign = new_campaign(task="rank", overlap=3, candidates=4)
    campaign.items(12, "one", "two", "three", "four")

    def work(number: int) -> Counter[tuple[str, str, str]]:
        votes: Counter[tuple[str, str, str]] = Counter()
        chance, now = Random(number), campaign.project.created_at
        while task := open_item(campaign.store, campaign.project, f"annotator {number}", now=now):
            order = chance.sample(task.drafts, len(task.drafts))
            submission = Submission(task.presentation.id, f"annotator {number}", 1.0, now)
            submit_ranking(campaign.store, submission, [[draft.id] for draft in order])
            votes.update((task.item.name, better.text, worse.text) for better, worse in combinations(order, 2))
        return votes

    with ThreadPoolExecutor(6) as pool:
        votes = sum(pool.map(work, range(6)), Counter())
    pairs = exported(campaign, "trl-dpo").rows()
    told = [(row["item_id"], row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in pairs]
    assert votes.total() == 12 * 3 * 6
    assert told
    assert [pair for pair in told if votes[pair] < 2] == []


def test_with_nothing_chosen_nothing_is_written(campaign, exported, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        exported(campaign, "trl-dpo")
    assert str(caught.value) == (
        "There is nothing to export (there are no items). Annotate some items first, or lower the gates."
    )
    campaign.rank(campaign.item("q1", "one", "two"), "ann", "d1 = d2")
    campaign.item("q2", "one", "two")
    with pytest.raises(InputError) as caught:
        exported(campaign, "trl-dpo")
    assert str(caught.value) == (
        "There is nothing to export (1 tie, 1 not compared). Annotate some items first, or lower the gates."
    )
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]


# ---- policies


@pytest.mark.parametrize(
    ("policies", "pairs", "reason"),
    [
        ({"pairs": "adjacent"}, [("d1", "d2"), ("d2", "d3")], "not of the policy"),
        ({"pairs": "best-rest"}, [("d1", "d2"), ("d1", "d3")], "not of the policy"),
        ({"pairs": "best-worst"}, [("d1", "d3")], "not of the policy"),
        ({"pairs": "one"}, [("d1", "d3")], "over the cap of its prompt"),
        ({"max_pairs": 2}, [("d1", "d2"), ("d1", "d3")], "over the cap of its prompt"),
    ],
)
def test_a_policy_takes_some_pairs_and_counts_the_others(campaign, exported, policies, pairs, reason: str) -> None:
    campaign.rank(campaign.item("q1", "one", "two", "three"), "ann", "d1 > d2 > d3")
    written = exported(campaign, "trl-dpo", policies=Policies(**policies))
    assert named(written.rows()) == [("q1", *pair) for pair in pairs]
    assert written.dropped() == {reason: 3 - len(pairs)}


def test_one_pair_a_prompt_counts_the_items_of_the_prompt_together(campaign, exported) -> None:
    for name in ("q1", "q2"):
        item = campaign.item(name, "one", "two", messages=(Message("user", "The same?"),))
        campaign.rank(item, "ann", "d1 > d2")
    assert named(exported(campaign, "trl-dpo", policies=Policies(pairs="one")).rows()) == [("q1", "d1", "d2")]


@pytest.mark.parametrize(
    ("weights", "expected"), [("item", [0.5, 0.5]), ("equal", [1.0, 1.0]), ("agreement", [1.0, 2 / 3])]
)
def test_a_pair_weighs_what_the_policy_says(campaign, exported, weights, expected) -> None:
    item = campaign.item("q1", "one", "two", "three")
    for who, order in (("ann", "d1 > d2 = d3"), ("bob", "d1 > d2 = d3"), ("cid", "d3 > d1 > d2")):
        campaign.rank(item, who, order)
    rows = exported(campaign, "trl-dpo", policies=Policies(weights=weights)).rows()
    assert [row["pair_weight"] for row in rows] == pytest.approx(expected)


# ---- real data


def test_pandalm_gives_842_pairs(campaign, exported, shared_data: Path) -> None:
    import_items(campaign.store, campaign.project, shared_data / "pandalm" / "comparisons.jsonl")
    written = exported(campaign, "trl-dpo")
    assert len(written.rows()) == 842
    assert written.dropped() == {"tie": 105, "empty response": 52}
    assert written.manifest["evidence"] == {
        "items": 999, "prompts": 170, "drafts": 1_998, "annotators": 3, "annotations": 2_997,
    }  # fmt: skip


def test_the_same_pandalm_prompt_is_never_in_two_splits(campaign, exported, shared_data: Path) -> None:
    import_items(campaign.store, campaign.project, shared_data / "pandalm" / "comparisons.jsonl")
    written = exported(campaign, "trl-dpo", shares=(0.8, 0.1, 0.1))
    prompts = {
        split: {row["prompt"][0]["content"] for row in written.rows(split)} for split in ("train", "validation", "test")
    }
    assert sum(written.manifest["counts"]["written"].values()) == 842
    assert min(map(len, prompts.values())) > 5
    assert sum(map(len, prompts.values())) == len(set.union(*prompts.values()))


def test_open_assistant_gives_754_pairs(campaign, exported, shared_data: Path) -> None:
    import_items(campaign.store, campaign.project, shared_data / "open-assistant" / "rankings.jsonl")
    written = exported(campaign, "trl-dpo")
    assert len(written.rows()) == 754
    assert written.dropped() == {"not compared": 2}
