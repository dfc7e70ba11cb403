"""Templates proposed over a real connection become the drafts of an item to judge."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from concord.conversion.proposal_prompt import ANGLES
from concord.desk.queue import open_item
from concord.drafting.demo import Fault, demo_app
from concord.drafting.endpoint import endpoint_for
from concord.errors import EndpointError, InputError
from concord.imports.rows import import_rows
from concord.proposing import SAMPLE_ROWS, Commission, propose_templates, sample_of
from concord.records.project import Project, Settings
from storage.store import Store

PROMPTS = Path(__file__).parents[2] / "prompts"
TASK = "Say whether a review is good"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def filled(store: Store, project: Project, tmp_path: Path) -> Project:
    path = tmp_path / "reviews.jsonl"
    lines = [{"text": f"Kettle {n} hums and drips.", "label": "bad" if n % 2 else "good"} for n in range(9)]
    path.write_text("".join(json.dumps(line) + "\n" for line in [*lines, {"text": "Hm.", "label": None}]))
    import_rows(store, project, path)
    return project


def commission(base_url: str | None = None, **fields) -> Commission:
    return Commission(TASK, endpoint_for(Settings(), {}, base_url=base_url), **fields)


def scripted(answers: Iterator[str]) -> Starlette:
    """An endpoint that answers with these texts, in the order of the requests."""

    async def complete(_: Request) -> Response:
        return JSONResponse({"model": "m-1", "choices": [{"message": {"content": next(answers)}}]})

    return Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])


def template(user: str) -> str:
    return json.dumps({"description": "d", "system": "", "user": user, "answer": "", "answer_choices": []})


def test_proposals_are_the_drafts_of_an_item_ahead_of_all_others(store: Store, filled: Project, campaign) -> None:
    campaign.item("q1", "Yes.", "No.")
    settled: list[int] = []
    proposed = propose_templates(store, filled, commission(), prompts=PROMPTS, on_settled=settled.append)
    given = open_item(store, filled, "ana", now=proposed.drafts[0].created_at)
    assert given
    assert (given.item, given.presentation.task) == (proposed.item, "rank+edit")
    assert {draft.id for draft in given.drafts} == {draft.id for draft in proposed.drafts}
    assert len({draft.text for draft in given.drafts}) == 3
    assert settled == [1, 2, 3]


def test_a_proposal_keeps_where_it_came_from(store: Store, filled: Project) -> None:
    proposed = propose_templates(store, filled, commission(), prompts=PROMPTS)
    [first, second, _] = store.drafts(proposed.item.id)
    assert (first.name, first.model, first.source) == ("d1", "concord-demo", "model")
    assert first.params["angle"] == ANGLES[0]
    assert first.prompt_hash != second.prompt_hash
    assert second.params["seed"] == int(str(first.params["seed"])) + 1
    assert first.tokens_in
    assert TASK in proposed.item.messages[1].content
    assert "id: helpdesk\n" in first.text


def test_everybody_sees_the_rows_that_the_model_saw(store: Store, filled: Project) -> None:
    proposed = propose_templates(store, filled, commission(), prompts=PROMPTS)
    sample = sample_of(store, proposed.drafts)
    assert (sample.task, len(sample.rows)) == (TASK, SAMPLE_ROWS)
    assert all(json.dumps(row.data["text"]) in proposed.item.messages[1].content for row in sample.rows)
    assert None in [row.data["label"] for row in sample.rows]


def test_a_second_proposal_is_another_item_and_another_template(store: Store, filled: Project) -> None:
    names = [propose_templates(store, filled, commission(), prompts=PROMPTS).item.name for _ in range(2)]
    assert names == ["helpdesk", "helpdesk-2"]


def test_only_the_columns_that_were_chosen_are_told(store: Store, filled: Project) -> None:
    proposed = propose_templates(store, filled, commission(columns=("text",)), prompts=PROMPTS)
    assert "label" not in proposed.item.messages[1].content
    assert all("label" not in draft.text for draft in proposed.drafts)


def test_what_cannot_be_used_is_counted_and_does_not_reach_the_desk(store: Store, filled: Project, serve) -> None:
    answers = iter(["nonsense", "more nonsense"])
    proposed = propose_templates(
        store, filled, commission(f"{serve(scripted(answers))}/v1", candidates=1), prompts=PROMPTS
    )
    [failure] = store.failures(proposed.item.id)
    assert (failure.name, failure.fault) == ("d1", "unusable")
    assert failure.message.startswith("The answer is not JSON")
    assert proposed.drafts == ()
    assert store.places(proposed.item.id).wanted == 0


def test_one_proposal_alone_waits_for_its_reviewer(store: Store, filled: Project, serve) -> None:
    url = f"{serve(scripted(iter([template('{{ text }}')])))}/v1"
    proposed = propose_templates(store, filled, commission(url, candidates=1), prompts=PROMPTS)
    assert [(draft.model, draft.tokens_in) for draft in proposed.drafts] == [("m-1", None)]
    assert open_item(store, filled, "ana", now=proposed.drafts[0].created_at) is None
    assert store.undecided_items(filled.id) == [proposed.item]


def test_when_the_endpoint_answers_nothing_nothing_is_stored(store: Store, filled: Project, serve) -> None:
    url = f"{serve(demo_app(lambda _: Fault('unauthorized')))}/v1"
    with pytest.raises(EndpointError, match="401"):
        propose_templates(store, filled, commission(url), prompts=PROMPTS)
    assert store.undecided_items(filled.id) == []


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            Commission(" ", endpoint_for(Settings(), {})),
            "A proposal needs to know what the prompts should teach. Say it",
        ),
        (commission(columns=("body",)), "The rows have no 'body'. They have ['text', 'label']."),
        (commission(candidates=10), "candidates is 10. Give a number from 1 to 9."),
    ],
)
def test_what_cannot_be_proposed_is_refused(store: Store, filled: Project, asked: Commission, message: str) -> None:
    with pytest.raises(InputError) as refused:
        propose_templates(store, filled, asked, prompts=PROMPTS)
    assert str(refused.value).startswith(message)


def test_a_project_without_rows_is_told_to_import_some(store: Store, project: Project) -> None:
    with pytest.raises(InputError) as refused:
        propose_templates(store, project, commission(), prompts=PROMPTS)
    assert str(refused.value) == "Project 'helpdesk' has no rows yet. Import some."
