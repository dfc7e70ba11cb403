"""Texts in one form: idempotent, and in the form that the check asks for."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.curation.forms import RULES
from concord.imports.reading import Record
from concord.imports.ready import import_items
from concord.imports.rows import import_rows
from concord.imports.sieve import ImportOptions
from concord.imports.tidying import tidy_record, tidy_text

UNTIDY = st.text(
    st.sampled_from("ae\u0301\u0308 \t\n\r\x00\x07\x85\x1c\u00ad\u200b\u2028\u2029\ufeff\u200d\u4e2d\U0001f600")
)
OF_DATA = {"chat-token", "replaced"}
"""Rules that a text cannot be brought to keep without losing what it says."""


@given(UNTIDY)
def test_tidying_again_changes_nothing_and_the_check_finds_nothing_to_tidy(text: str) -> None:
    tidy = tidy_text(text)
    assert tidy_text(tidy) == tidy == tidy.strip()
    assert [rule.concern for rule in RULES if rule.concern.code not in OF_DATA and rule.place(tidy) is not None] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One line.",
        "Two\nlines.",
        "A\tb\n\n    indented",
        "\U0001f468\u200d\U0001f469",
        "نامه\u200cای",
        "**bold**  \nbreak",
    ],
)
def test_what_is_in_form_stays_as_it_is(text: str) -> None:
    assert tidy_text(text) == text


def test_texts_at_any_depth_are_tidied_and_names_and_numbers_stay() -> None:
    record = Record(3, {"a\r": [{"b": " x "}, 1, None], "c": "y"}, b"")
    assert tidy_record(record) == Record(
        3, {"a\r": [{"b": "x"}, 1, None], "c": "y"}, b'{"a\\r":[{"b":"x"},1,null],"c":"y"}'
    )
    same = Record(4, {"c": "y"}, b"as it was")
    assert tidy_record(same) is same


def test_rows_are_tidied_before_they_are_looked_at_where_that_is_wished(campaign, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"text": "One.\\r\\nTwo."}\n{"text": "Fine."}\n{"text": "\\u200b"}\n')
    plain = import_rows(campaign.store, campaign.project, file, options=ImportOptions(dry_run=True))
    assert (plain.notes, plain.problems) == ((), ())
    tidy = import_rows(
        campaign.store, campaign.project, file, options=ImportOptions(tidy=True, rejects=tmp_path / "bad")
    )
    assert tidy.notes == ("Texts of 2 of 3 rows were tidied.",)
    assert [problem.found for problem in tidy.problems] == ["every field is empty"]
    assert [row.data["text"] for row in campaign.store.rows(campaign.project.id)] == ["One.\nTwo.", "Fine."]


def test_ready_made_items_are_tidied_with_what_was_said_of_them(campaign, tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    edit = {"annotator": "ana", "kind": "edit", "draft": "a", "text": "Mine.\r"}
    item = {
        "item_id": "q1",
        "prompt": "Why?\x00",
        "responses": [{"id": "a", "text": " Because. "}],
        "annotations": [edit],
    }
    file.write_text(json.dumps(item))
    import_items(campaign.store, campaign.project, file, options=ImportOptions(tidy=True))
    [stored] = campaign.store.items(campaign.project.id)
    [draft] = campaign.store.drafts(stored.id)
    [annotation] = campaign.store.item_annotations(stored.id)
    assert (stored.messages[0].content, draft.text, annotation.judgement.text) == ("Why?", "Because.", "Mine.")
