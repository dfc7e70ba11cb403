"""Real judgements, brought in from files as anybody would: what the report says of them, and what it must not say."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from rapidfuzz.distance import Levenshtein

from concord.agreement.report import report
from concord.agreement.report_json import as_json
from concord.imports.ready import import_items


def agreement(campaign: Any) -> dict[str, Any]:
    return as_json(report(campaign.store, campaign.project))["agreement"]


def test_the_merged_ranking_of_openassistant_is_no_evidence_of_agreement(campaign, shared_data: Path) -> None:
    import_items(campaign.store, campaign.project, shared_data / "open-assistant" / "rankings.jsonl")
    found = agreement(campaign)
    assert list(found) == ["ranking"]
    for one in found["ranking"]["main"]["statistics"].values():
        assert (one["value"], one["low"], one["high"]) == (None, None, None)
        assert one["note"].startswith("not defined: no item was judged by two annotators")


def test_three_summaries_of_a_dialogue_are_alike_to_a_number_with_an_interval(
    campaign, shared_data: Path, tmp_path: Path
) -> None:
    target = tmp_path / "summaries.jsonl"
    source = shared_data / "dialogsum" / "dialogsum.test.jsonl"
    expected: list[float] = []
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as written:
        for row in map(json.loads, lines):
            texts = [row[f"summary{n}"] for n in (1, 2, 3)]
            expected += [Levenshtein.normalized_similarity(*pair) for pair in combinations(texts, 2)]
            edits = [{"annotator": f"writer{n}", "kind": "edit", "text": text} for n, text in enumerate(texts, 1)]
            item = {"item_id": row["fname"], "prompt": row["dialogue"], "annotations": edits}
            written.write(json.dumps(item) + "\n")
    import_items(campaign.store, campaign.project, target)
    statistics = agreement(campaign)["edit"]["main"]["statistics"]
    alike = statistics["edit_similarity"]
    assert (alike["items"], alike["annotations"], alike["annotators"]) == (500, 1500, 3)
    assert alike["value"] == pytest.approx(fmean(expected))
    assert alike["low"] < alike["value"] < alike["high"]
    # nobody began from a draft
    assert statistics["draft_similarity"]["value"] is None
    assert statistics["draft_similarity"]["note"] == "not defined: no edit began from a draft"
