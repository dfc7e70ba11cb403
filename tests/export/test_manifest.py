import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.curation.gates import ItemGates
from concord.curation.policies import Policies
from concord.export.manifest import (
    Annotator,
    Dropped,
    Evidence,
    Fingerprint,
    FirstShown,
    Lengths,
    Summary,
    drop_reasons,
    manifest,
    pseudonyms,
    warnings,
)
from concord.export.options import ExportOptions

EVIDENCE = Evidence(
    items=14,
    prompts=13,
    drafts=28,
    annotations=42,
    ties=3,
    annotators=(Annotator("zoe", "desk"), Annotator("ann@example.org", "file")),
    models=("model-a",),
    templates=(("summary", "12ab"), ("summary", "34cd")),
    demo_drafts=False,
    special_tokens=0,
    lengths=Lengths((10, 20, 30, 40, 5000), over_4000=3),
    guidelines=(1, 3),
    leaks={"prompts": 0, "rows": 0},
)
SUMMARY = Summary(
    project="Helpdesk",
    options=ExportOptions(
        "trl-dpo",
        min_votes=2,
        min_agreement=0.5,
        shares=(0.8, 0.0, 0.2),
        seed=7,
        gates=ItemGates(denied_models=("closed",)),
        policies=Policies(pairs="adjacent"),
    ),
    concord="0.1.0",
    time=datetime(2026, 5, 4, 12, 0, tzinfo=timezone(timedelta(hours=2))),
    entered=14,
    written={"train": 9, "test": 3},
    dropped=(Dropped("q1", "tie", ("d1", "d2")), Dropped("q2", "flagged")),
    evidence=EVIDENCE,
)


def with_evidence(**changes):
    return replace(SUMMARY, evidence=replace(EVIDENCE, **changes))


def test_the_manifest_says_what_was_asked_what_came_out_and_what_not():
    files = [Fingerprint("train.parquet", 100, "ab"), Fingerprint("README.md", 10, "cd")]
    assert manifest(SUMMARY, files) == {
        "concord": "0.1.0",
        "project": "Helpdesk",
        "format": "trl-dpo",
        "options": {
            "min_votes": 2,
            "min_agreement": 0.5,
            "split": [0.8, 0.0, 0.2],
            "seed": 7,
            "include_flagged": False,
            "stratify": "none",
            "explain": False,
            "gates": {
                "adjudicated_only": False,
                "min_item_agreement": 0.0,
                "found_right": False,
                "allowed_models": [],
                "denied_models": ["closed"],
                "min_chars": 0,
                "max_chars": None,
                "drop_nul": False,
                "languages": [],
                "drop_duplicates": False,
            },
            "policies": {
                "answer": "agreed",
                "pairs": "adjacent",
                "max_pairs": None,
                "weights": "item",
                "edit_pairs": False,
                "rated": None,
            },
        },
        "time": "2026-05-04T10:00:00Z",
        "counts": {"in": 14, "written": {"train": 9, "test": 3}, "dropped": {"flagged": 1, "tie": 1}},
        "funnel": [{"reason": "flagged", "out": 1, "left": 13}, {"reason": "tie", "out": 1, "left": 12}],
        "leaks": {"prompts": 0, "rows": 0},
        "evidence": {"items": 14, "prompts": 13, "drafts": 28, "annotators": 2, "annotations": 42},
        "ties": 3,
        "adjudicated": 0,
        "first_shown_wins": None,
        "agreement": None,
        "models": ["model-a"],
        "guidelines": [1, 3],
        "templates": [{"id": "summary", "version": "12ab"}, {"id": "summary", "version": "34cd"}],
        "annotators": ["a-01", "a-02"],
        "lengths": {
            "min": 10,
            "lower_quartile": 20,
            "median": 30,
            "upper_quartile": 40,
            "max": 5000,
            "over_4000": 3,
            "share_over_4000": 0.25,
        },
        "warnings": [],
        "files": [
            {"name": "train.parquet", "bytes": 100, "sha256": "ab"},
            {"name": "README.md", "bytes": 10, "sha256": "cd"},
        ],
        "dropped": [
            {"item": "q1", "drafts": ["d1", "d2"], "reason": "tie"},
            {"item": "q2", "reason": "flagged"},
        ],
    }


def test_the_manifest_of_nothing_is_json_without_nan():
    empty = replace(SUMMARY, entered=0, written={}, dropped=())
    empty = replace(empty, evidence=replace(EVIDENCE, lengths=None, first_shown=FirstShown(0, 0)))
    written = json.loads(json.dumps(manifest(empty, []), allow_nan=False))
    assert written["lengths"] is None
    assert written["first_shown_wins"] == {"value": None, "wins": 0, "decided": 0}


def test_how_often_the_first_shown_won_stands_beside_its_counts():
    found = manifest(with_evidence(first_shown=FirstShown(3, 4)), [])
    assert found["first_shown_wins"] == {"value": 0.75, "wins": 3, "decided": 4}


def test_what_entered_and_does_not_come_out_is_an_error():
    with pytest.raises(ValueError, match="15 entered, but 12 were written and 2 dropped"):
        replace(SUMMARY, entered=15)


@given(st.lists(st.sampled_from(["tie", "cycle", "empty response"])), st.integers(1, 20), st.integers(0, 20))
def test_counts_add_up_to_what_entered(reasons, train, test):
    dropped = tuple(Dropped("q", reason) for reason in reasons)
    summary = replace(
        SUMMARY, entered=train + test + len(reasons), written={"train": train, "test": test}, dropped=dropped
    )
    counts = manifest(summary, [])["counts"]
    assert counts["in"] == sum(counts["written"].values()) + sum(counts["dropped"].values())


def test_the_most_frequent_reason_comes_first():
    reasons = "tie", "cycle", "tie", "below agreement"
    summary = replace(SUMMARY, entered=16, dropped=tuple(Dropped("q", reason) for reason in reasons))
    assert drop_reasons(summary) == [("tie", 2), ("below agreement", 1), ("cycle", 1)]


def test_people_get_pseudonyms_and_the_simulated_keep_their_names():
    annotators = [
        Annotator(*one) for one in (("zoe", "desk"), ("simulated-1", "file"), ("ann", "file"), ("b", "simulated"))
    ]
    assert pseudonyms(annotators) == {"ann": "a-01", "zoe": "a-02", "b": "b", "simulated-1": "simulated-1"}


@pytest.mark.parametrize(
    ("summary", "warning"),
    [
        (replace(SUMMARY, entered=11, written={"train": 9}), "Rows written: 9. Fine-tuning wants at least 10."),
        (
            with_evidence(special_tokens=2),
            "Rows with chat tokens in their text, such as `<|im_end|>`: 2. A trainer reads these as control tokens.",
        ),
        (
            with_evidence(replaced=3),
            "Rows with characters that could not be read (U+FFFD): 3. Correct them at their source.",
        ),
        (
            with_evidence(demo_drafts=True),
            "Some drafts are by the demo drafter, which copies from the prompt and is no language model.",
        ),
        (
            with_evidence(annotators=(Annotator("simulated-1", "simulated"), Annotator("ann", "desk"))),
            "Simulated annotators: 1 of 2. Their judgements are no person's.",
        ),
    ],
)
def test_what_a_trainer_must_know_is_a_warning(summary, warning):
    assert warnings(summary) == (warning,)


def test_times_are_in_utc():
    assert manifest(replace(SUMMARY, time=datetime(2026, 1, 1, tzinfo=UTC)), [])["time"] == "2026-01-01T00:00:00Z"
