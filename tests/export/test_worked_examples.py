"""The worked examples of the README, on the public data that they name."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import datasets
import pytest

from concord.curation.policies import Policies
from concord.imports.ready import import_items

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture
def example(campaign, shared_data: Path, tmp_path: Path):
    """Converts a public file with the script of an example, and imports what comes out."""

    def bring(script: str, source: str) -> None:
        lines = tmp_path / "lines.jsonl"
        with lines.open("wb") as file:
            subprocess.run([sys.executable, EXAMPLES / script, shared_data / source], stdout=file, check=True)
        assert import_items(campaign.store, campaign.project, lines).problems == ()

    return bring


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Reads a data set as a trainer does."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return lambda written: datasets.load_dataset(str(written.folder), cache_dir=str(tmp_path / "cache"))


def test_pandalm_gives_842_pairs_in_splits_that_share_no_prompt(campaign, exported, example, loaded) -> None:
    example("pandalm.py", "pandalm/testset-v1.json")
    written = exported(campaign, "trl-dpo", shares=(0.8, 0.1, 0.1))
    rows = loaded(written)
    assert {split: len(rows[split]) for split in rows} == {"train": 674, "validation": 84, "test": 84}
    assert written.dropped() == {"tie": 105, "empty response": 52}
    prompts = [{turn["content"] for [turn] in rows[split]["prompt"]} for split in rows]
    assert len(set.union(*prompts)) == sum(map(len, prompts))


def test_open_assistant_gives_rankings_of_several_turns(campaign, exported, example, loaded) -> None:
    example("open_assistant.py", "open-assistant/en_100_tree.jsonl")
    rows: Any = loaded(exported(campaign, "rankings"))["train"]
    assert Counter(len(prompt) for prompt in rows["prompt"]) == {1: 99, 3: 111, 5: 2}
    assert sum(len(drafts) for drafts in rows["responses"]) == 641
    assert all([one["rank"] for one in drafts] == list(range(1, len(drafts) + 1)) for drafts in rows["responses"])
    best = exported(campaign, "trl-dpo", out="best", policies=Policies(pairs="best-worst"))
    assert len(loaded(best)["train"]) == 212


def test_dialogsum_gives_each_of_its_three_references_once(campaign, exported, example, loaded) -> None:
    example("dialogsum.py", "dialogsum/dialogsum.test.jsonl")
    every = loaded(exported(campaign, "trl-sft", out="all", policies=Policies(answer="all")))["train"]
    assert Counter(Counter(every["item_id"]).values()) == {3: 490, 2: 10}  # in ten dialogues two references are equal
    assert len(loaded(exported(campaign, "trl-sft"))["train"]) == 500
