"""Approving a proposed template saves it; what cannot be used is refused, and nothing is stored."""

from datetime import UTC, datetime

import pytest

from concord.approval import check_proposal, decide
from concord.conversion.template import parse_template
from concord.curation.review import Ruling, case_of
from concord.errors import TemplateProblem
from concord.imports.rows import import_rows
from concord.records.item import Item

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def source(text: str) -> str:
    return f"---\nid: tickets\ndescription: d\ninputs: {{text: string}}\n---\n{text}\n"


FIRST, SECOND, OWN = source("A {{ text }}"), source("B {{ text }}"), source("C {{ text }}")


@pytest.fixture
def item(campaign, tmp_path) -> Item:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "It hums."}\n')
    import_rows(campaign.store, campaign.project, path)
    rows = [str(row.id) for row in campaign.store.rows(campaign.project.id)]
    made = campaign.item("tickets", kind="conversion")
    for name, text in (("d1", FIRST), ("d2", SECOND)):
        campaign.draft(made, name, text, params={"task": "t", "rows": rows})
    return made


def ruled(campaign, ruling: Ruling):
    case = case_of(campaign.store, campaign.project, "tickets")
    return decide(campaign.store, campaign.project, case, ruling, now=NOW)


@pytest.mark.parametrize(
    ("ruling", "text"),
    [(Ruling("pick", "rae", "clear", draft="d2"), SECOND), (Ruling("edit", "rae", "clear", text=OWN), OWN)],
)
def test_an_approved_template_is_saved_with_who_approved_it_and_why(campaign, item, ruling, text) -> None:
    decided = ruled(campaign, ruling)
    [saved] = campaign.store.saved_templates("tickets")
    assert decided.template == parse_template(text, "tickets.prompt.md")
    assert (saved.version, saved.author, saved.note) == (decided.template.version, "rae", "clear")
    assert saved.origin == "proposal"
    assert campaign.store.adjudications(campaign.project.id) == [decided.adjudication]


@pytest.mark.parametrize("decision", ["reject", "send_back"])
def test_what_is_not_approved_saves_nothing(campaign, item, decision) -> None:
    assert ruled(campaign, Ruling(decision, "rae", "not yet")).template is None
    assert campaign.store.saved_templates() == []


def test_an_answer_that_is_decided_is_no_template(campaign) -> None:
    campaign.item("tickets", "Yes.", "No.")
    assert ruled(campaign, Ruling("pick", "rae", "right", draft="d1")).template is None


def test_a_text_that_is_no_template_is_refused_and_the_item_waits_on(campaign, item) -> None:
    with pytest.raises(TemplateProblem, match=r"tickets\.prompt\.md, line 1: there is no front matter\."):
        ruled(campaign, Ruling("edit", "rae", "clear", text="What is {{ text }}?"))
    assert campaign.store.adjudications(campaign.project.id) == []
    assert campaign.store.undecided_items(campaign.project.id) == [item]


def test_an_edit_at_the_desk_is_held_to_the_sample_rows(campaign, item) -> None:
    drafts = campaign.store.drafts(item.id)
    assert check_proposal(campaign.store, campaign.project, "tickets", drafts, OWN).source == OWN
    with pytest.raises(TemplateProblem, match="asks nothing of any sample row"):
        check_proposal(campaign.store, campaign.project, "tickets", drafts, source("{% if not text %}x{% endif %}"))
