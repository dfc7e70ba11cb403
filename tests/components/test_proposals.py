"""Templates are proposed, ranked, edited, decided and applied on the screens."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from components import session
from concord.ids import new_id
from concord.imports.rows import import_rows
from concord.records.item import Item
from concord.records.project import Project
from concord.records.run import DraftFailure
from storage.store import Store

Open = Callable[..., AppTest]
TASK = "Say what is wrong"


def words(app: AppTest) -> str:
    """Everything on the screen that is prose, unescaped."""
    parts = [*app.markdown, *app.caption, *app.text, *app.error, *app.info, *app.success, *app.warning]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def source(text: str) -> str:
    return f"---\nid: tickets\ndescription: d\ninputs: {{text: string}}\n---\n{text}\n"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(session, "SOONEST", 0.0)


@pytest.fixture
def project(new_campaign, store: Store, tmp_path) -> Project:
    """Two rows and nothing else."""
    campaign = new_campaign(task="edit", overlap=2)
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "It hums."}\n{"text": "It *drips*."}\n')
    import_rows(store, campaign.project, path)
    return campaign.project


@pytest.fixture
def item(store: Store, project: Project, new_campaign) -> Item:
    """Two proposed templates."""
    campaign = type(new_campaign())(store, project)
    made = campaign.item("tickets", kind="conversion")
    rows = [str(row.id) for row in store.rows(project.id)]
    for name, text in (("d1", "First: {{ text }}"), ("d2", "Second: {{ text }}")):
        fields = {"source": "model", "model": "secret-model", "params": {"task": TASK, "rows": rows}}
        campaign.draft(made, name, source(text), **fields)
    return made


def at_desk(open_screen: Open, project: Project, who: str = "ana") -> AppTest:
    return open_screen("desk", project=project.name, who=who)


def ranked(app: AppTest) -> AppTest:
    """Rank the drafts as they stand, and submit."""
    task = app.session_state["view"].task
    key = session.rank_key(task.presentation.id)
    app.session_state[key] = {"tiers": [[str(draft.id)] for draft in task.drafts]}
    return app.button(key="submit").click().run()


def edited(app: AppTest, text: str, button: str = "submit") -> AppTest:
    task = app.session_state["view"].task
    app.session_state[session.edit_key(task.presentation.id)] = {"text": text}
    return app.button(key=button).click().run()


def test_templates_are_proposed_for_a_project_that_has_only_rows(open_screen: Open, store: Store, project) -> None:
    app = open_screen("templates", project=project.name, activity="Propose with a model")
    app.text_input(key="propose-task").set_value(TASK)
    button = next(button for button in app.button if button.label == "Propose")
    button.click().run()
    assert not app.exception
    assert "3 templates proposed, as drafts of item" in words(app)
    [found] = store.undecided_items(project.id)
    assert len(store.drafts(found.id)) == 3
    assert "no language model" in words(app)


def test_a_proposal_without_a_task_says_what_is_missing(open_screen: Open, project) -> None:
    app = open_screen("templates", project=project.name, activity="Propose with a model")
    next(button for button in app.button if button.label == "Propose").click().run()
    assert "Say it in a line." in words(app)


def test_each_proposal_is_shown_on_each_row_without_its_model(open_screen: Open, project, item) -> None:
    app = at_desk(open_screen, project)
    assert [tab.label for tab in app.tabs] == ["Row 1", "Row 2"]
    texts = [text.value for text in app.text]
    for shown in ("First: It hums.", "Second: It hums.", "First: It *drips*.", "Second: It *drips*.", TASK):
        assert texts.count(shown) == 1, shown
    assert "secret-model" not in words(app)
    assert len(app.code) == 2  # the sources, behind a click


def test_a_template_is_ranked_and_then_edited_with_the_result_beside_it(open_screen, store, project, item) -> None:
    app = ranked(at_desk(open_screen, project))
    assert app.session_state["view"].task.step == "edit"
    edited(app, source("Third: {{ text }}"), button="look")
    assert "Third: It hums." in [text.value for text in app.text]
    assert len(store.item_annotations(item.id)) == 1  # to look is not to submit
    edited(app, source("Third: {{ text }}"))
    assert not app.exception
    assert [a.judgement.text for a in store.item_annotations(item.id)[1:]] == [source("Third: {{ text }}")]
    assert "You have judged everything there is for you" in words(app) or app.subheader


def test_a_template_that_cannot_be_read_is_refused_and_stays(open_screen: Open, store: Store, project, item) -> None:
    app = ranked(at_desk(open_screen, project))
    edited(app, source("{% if text %}Third"))
    assert "tickets.prompt.md, line 6: Unexpected end of template" in words(app)
    task = app.session_state["view"].task
    assert app.session_state[session.edit_key(task.presentation.id)]["text"] == source("{% if text %}Third")
    assert len(store.item_annotations(item.id)) == 1


def test_after_the_last_template_the_desk_says_what_waits(open_screen: Open, project, item) -> None:
    app = edited(ranked(at_desk(open_screen, project)), source("Third: {{ text }}"))
    assert [heading.value for heading in app.subheader] == ["You have judged everything there is for you"]


def test_the_review_says_what_could_not_be_used(open_screen: Open, store: Store, project, item) -> None:
    failure = DraftFailure(
        new_id(), item.id, item.id, "d3", "unusable", "It is no JSON.", datetime(2026, 5, 4, tzinfo=UTC)
    )
    store.add_failure(failure)
    app = open_screen("review", project=project.name)
    assert "1 proposal could not be used" in [expander.label for expander in app.expander]
    assert "It is no JSON." in [text.value for text in app.text]


def decide(app: AppTest, button: str, *, reason: str = "clear", reviewer: str = "rae") -> AppTest:
    next(one for one in app.text_input if one.label == "Reason").set_value(reason)
    next(one for one in app.text_input if one.label == "Reviewer").set_value(reviewer)
    return app.button(key=f"decide-{button}").click().run()


@pytest.fixture
def review(open_screen: Open, store: Store, project, item) -> AppTest:
    """The review of the two templates, of which ana ranked and edited one."""
    edited(ranked(at_desk(open_screen, project)), source("Third: {{ text }}"))
    return open_screen("review", project=project.name)


def test_the_review_suggests_the_best_and_shows_who_ranked_what(review: AppTest, store: Store, item) -> None:
    assert not review.exception
    said = words(review)
    assert "mean rank 1.00 · ana 1" in said
    assert "secret-model" in said
    assert "by ana** :green-badge[best]" in said
    [choice] = review.radio
    assert choice.options[0].replace("\\", "").startswith("Edit of d")
    assert {"First: It hums.", "Second: It hums.", "Third: It hums."} < {text.value for text in review.text}


def test_an_approved_template_is_saved_and_applied_right_there(review: AppTest, store: Store, project) -> None:
    decide(review, "pick")
    [saved] = store.saved_templates("tickets")
    assert (saved.author, saved.note, saved.origin) == ("rae", "clear", "proposal")
    assert store.template_source(saved.version) == source("Third: {{ text }}")
    next(button for button in review.button if button.label.startswith("Apply to all")).click().run()
    assert not review.exception
    assert "2 new items" in words(review)
    assert [item.messages[0].content for item in store.items(project.id)] == ["Third: It hums.", "Third: It *drips*."]


def test_a_reviewer_may_write_the_text_that_counts(review: AppTest, store: Store) -> None:
    review.toggle[0].set_value(True).run()
    review.text_area[0].set_value(source("Fourth: {{ text }}"))
    decide(review, "pick")
    [saved] = store.saved_templates("tickets")
    assert store.template_source(saved.version) == source("Fourth: {{ text }}")


@pytest.mark.parametrize(
    ("fields", "message"),
    [({"reason": " "}, "A decision needs a reason."), ({"reviewer": ""}, "A decision needs to know who makes it.")],
)
def test_a_decision_that_lacks_something_is_refused(review: AppTest, store: Store, item, fields, message) -> None:
    decide(review, "reject", **fields)
    assert message in words(review)
    assert store.undecided_items(item.project_id) == [item]


def test_what_is_sent_back_is_wanted_by_others(review: AppTest, store: Store, item) -> None:
    decide(review, "send_back")
    assert "Sent back: tickets." in words(review)
    assert store.places(item.id) == (3, 1, 1)
    assert store.undecided_items(item.project_id) == [item]


def test_a_rejected_item_waits_no_more(review: AppTest, store: Store, item) -> None:
    decide(review, "reject")
    assert [heading.value for heading in review.subheader] == ["Nothing waits for a decision", "Decisions"]
