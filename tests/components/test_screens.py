from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import pytest
from streamlit.testing.v1 import AppTest

from components import session
from concord.records.annotation import Labels, Ratings
from concord.records.project import Project, Settings
from concord.records.rubric import Criterion, Question
from storage.store import Store

SCREENS = ["projects", "imports", "templates", "drafts", "desk", "review", "agreement", "exports"]
Open = Callable[..., AppTest]


def words(app: AppTest) -> str:
    """Everything on the screen that is prose, unescaped."""
    parts = [*app.markdown, *app.caption, *app.text, *app.header, *app.subheader, *app.error, *app.info, *app.success]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_opens_in_an_empty_workspace_and_says_what_to_do(open_screen: Open, screen: str) -> None:
    app = open_screen(screen)
    assert not app.exception
    assert "project" in words(app)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_opens_with_a_project(open_screen: Open, project: Project, screen: str) -> None:
    app = open_screen(screen, project=project.name)
    assert not app.exception
    assert not app.error


def test_a_project_is_created_with_what_was_typed(open_screen: Open, store: Store) -> None:
    app = open_screen("projects")
    app.button[0].click().run()
    app.text_input(key="new-project-name").set_value(" reviews ")
    app.number_input(key="new-project-overlap").set_value(3)
    app.form_submit_button[0].click().run()
    assert not app.exception
    created = store.project("reviews")
    assert created.settings == Settings(overlap=3)
    assert app.query_params["project"] == "reviews"


def test_a_name_that_is_taken_is_refused_and_nothing_is_stored(
    open_screen: Open, store: Store, project: Project
) -> None:
    app = open_screen("projects")
    next(button for button in app.button if button.label == "New project").click().run()
    app.text_input(key="new-project-name").set_value(project.name)
    app.form_submit_button[0].click().run()
    assert len(store.projects()) == 1


def test_the_chosen_project_is_kept_from_screen_to_screen(open_screen: Open, store: Store, project: Project) -> None:
    app = open_screen("drafts", project=project.name)
    app.switch_page("screens/exports.py").run()
    assert app.query_params["project"] == project.name


# ---- the desk


def test_a_project_that_rates_wants_a_rubric(open_screen: Open, store: Store) -> None:
    app = open_screen("projects")
    app.button[0].click().run()
    app.text_input(key="new-project-name").set_value("rated")
    app.selectbox(key="new-project-task").set_value("rate")
    app.form_submit_button[0].click().run()
    assert store.projects() == []
    app.button[0].click().run()
    app.text_input(key="new-project-name").set_value("rated")
    app.selectbox(key="new-project-task").set_value("rate")
    criterion = {"name": "helpful", "high": 7, "high_word": "very"}
    app.session_state["new-project-rubric"] = {"edited_rows": {0: criterion}, "added_rows": [], "deleted_rows": []}
    app.form_submit_button[0].click().run()
    assert store.project("rated").settings == Settings(
        task="rate", rubric=(Criterion("helpful", "", 1, 7, "", "very"),)
    )


@pytest.fixture
def desk(open_screen: Open, project: Project) -> AppTest:
    return open_screen("desk", project=project.name, who="ana")


def on_desk(app: AppTest) -> session.View:
    return app.session_state["view"]


def press_submit(app: AppTest) -> AppTest:
    """Submit after some thought."""
    on_desk(app).since -= 5.0
    return app.button(key="submit").click().run()


def rank(app: AppTest, *tiers: list[str]) -> AppTest:
    task = on_desk(app).task
    assert task is not None
    by_label = {label: str(draft.id) for label, draft in zip("ABC", task.drafts, strict=False)}
    app.session_state[session.rank_key(task.presentation.id)] = {
        "tiers": [[by_label[label] for label in tier] for tier in tiers]
    }
    return app


@pytest.fixture
def comparing(new_campaign: Callable[..., Any], open_screen: Open) -> AppTest:
    """The desk of a project in which two of three drafts are compared, and the better one is edited."""
    campaign = new_campaign(task="compare+edit", overlap=1)
    campaign.items(2, "one", "two", "three")
    return open_screen("desk", project=campaign.project.name, who="ana")


def test_a_comparison_is_stored_and_the_better_draft_comes_up_for_editing(comparing: AppTest, store: Store) -> None:
    assert {"Draft A", "Draft B"} == {word for word in ("Draft A", "Draft B", "Draft C") if word in words(comparing)}
    press_submit(comparing)
    assert "The drafts are not compared yet." in words(comparing)
    task = on_desk(comparing).task
    assert task is not None
    chosen = {"value": str(task.drafts[1].id), "strength": "much"}
    comparing.session_state[session.compare_key(task.presentation.id)] = {"choice": chosen}
    press_submit(comparing)
    editing = on_desk(comparing).task
    assert editing is not None
    assert (editing.step, editing.best) == ("edit", task.drafts[1])
    comparing.button(key="undo").click().run()
    again = on_desk(comparing).task
    assert again is not None
    assert (again.step, again.attempt) == ("comparison", 1)
    press_submit(comparing)  # nothing was moved: the board begins with what was taken back
    [kept] = store.submitted(again.presentation.id)
    assert kept.judgement == again.entered


def test_ratings_are_stored_once_every_criterion_has_one(
    new_campaign: Callable[..., Any], open_screen: Open, store: Store
) -> None:
    campaign = new_campaign(task="rate", overlap=1, rubric=(Criterion("helpful"), Criterion("brief", low=0, high=2)))
    campaign.items(1, "one", "two")
    app = open_screen("desk", project=campaign.project.name, who="ana")
    task = on_desk(app).task
    assert task is not None
    assert [text.value for text in app.text] == ["What about q1?", "one"]
    key = session.questions_key(task.presentation.id)
    app.session_state[key] = {"answers": {"helpful": ["4"]}}
    assert "1 of 2 questions have no answer yet, first 'brief'." in words(press_submit(app))
    app.session_state[key] = {"answers": {"helpful": ["4"], "brief": ["0"]}}
    press_submit(app)
    [stored] = store.submitted(task.presentation.id)
    assert stored.judgement == Ratings({"brief": 0.0, "helpful": 4.0})


def test_a_draft_that_was_rated_is_edited_next(
    new_campaign: Callable[..., Any], open_screen: Open, store: Store
) -> None:
    campaign = new_campaign(task="rate+edit", overlap=1, rubric=(Criterion("helpful"),))
    campaign.items(1, "one", "two")
    app = open_screen("desk", project=campaign.project.name, who="ana")
    rating = on_desk(app).task
    assert rating is not None
    assert "Next, you edit the draft that you rated." in [caption.value for caption in app.caption]
    app.session_state[session.questions_key(rating.presentation.id)] = {"answers": {"helpful": ["4"]}}
    press_submit(app)
    edit = on_desk(app).task
    assert edit is not None
    assert (edit.presentation, edit.step, edit.best) == (rating.presentation, "edit", rating.drafts[0])
    press_submit(app)
    assert not app.exception
    [edited] = store.edits(campaign.project.id)
    assert edited.text == "one"


def test_labels_are_stored_and_come_back_by_undo(
    new_campaign: Callable[..., Any], open_screen: Open, store: Store
) -> None:
    asked = (Question("tone", ("warm", "cold")), Question("about", ("money", "time"), multi=True))
    campaign = new_campaign(task="label", overlap=1, questions=asked)
    campaign.items(1)
    app = open_screen("desk", project=campaign.project.name, who="ana")
    task = on_desk(app).task
    assert task is not None
    answers = {"tone": ["cold"], "about": ["time", "money"]}
    app.session_state[session.questions_key(task.presentation.id)] = {"answers": answers}
    press_submit(app)
    app.button(key="undo").click().run()
    press_submit(app)
    [stored] = store.submitted(task.presentation.id)
    assert stored.judgement == Labels({"about": '["money","time"]', "tone": "cold"})


def test_the_desk_asks_for_a_name_first(open_screen: Open, project: Project) -> None:
    app = open_screen("desk", project=project.name)
    app.text_input(key="new-annotator").set_value("ana")
    app.form_submit_button[0].click().run()
    assert app.query_params["who"] == "ana"
    assert "What about q0?" in words(app)


def test_the_desk_does_not_show_which_model_wrote(desk: AppTest) -> None:
    assert "Draft A" in words(desk)
    assert "secret-model" not in words(desk)


def test_model_text_is_shown_as_it_is(desk: AppTest) -> None:
    assert "d1 says *q0*." in [text.value for text in desk.text]


def test_a_ranking_is_stored_and_the_best_draft_comes_up_for_editing(
    desk: AppTest, store: Store, project: Project
) -> None:
    press_submit(rank(desk, ["B"], ["A"]))
    task = on_desk(desk).task
    assert task is not None
    assert task.step == "edit"
    assert task.best == task.drafts[1]
    assert store.counts(project.id).annotations == 1
    assert "Stored" in words(desk)


def test_an_incomplete_ranking_is_refused_and_kept(desk: AppTest, store: Store, project: Project) -> None:
    press_submit(rank(desk, ["B"]))
    task = on_desk(desk).task
    assert task is not None
    assert "1 of 2 drafts are not ranked yet." in words(desk)
    assert store.counts(project.id).annotations == 0
    assert desk.session_state[session.rank_key(task.presentation.id)]["tiers"] == [[str(task.drafts[1].id)]]


def test_the_second_half_of_a_double_click_changes_nothing(desk: AppTest, store: Store, project: Project) -> None:
    press_submit(rank(desk, ["A", "B"]))
    desk.button(key="submit").click().run()  # at once: the edit it would submit is complete already
    assert store.counts(project.id).annotations == 1
    assert "too fast" in words(desk)


def test_an_edit_is_stored_as_typed_and_the_next_item_comes(desk: AppTest, store: Store, project: Project) -> None:
    press_submit(rank(desk, ["A"], ["B"]))
    task = on_desk(desk).task
    assert task is not None
    desk.session_state[session.edit_key(task.presentation.id)] = {"text": "Better."}
    press_submit(desk)
    after = on_desk(desk).task
    assert after is not None
    assert after.item != task.item
    assert [edit.text for edit in store.edits(project.id)] == ["Better."]


def test_autosaved_text_is_what_the_edit_goes_on_from(desk: AppTest, store: Store) -> None:
    press_submit(rank(desk, ["A"], ["B"]))
    task = on_desk(desk).task
    assert task is not None
    store.save_unsaved(UUID(str(task.presentation.id)), "edit", {"text": "Half a sen"}, task.presentation.created_at)
    desk.run()
    mounted = [component.proto.json.replace(": ", ":") for component in desk.get("bidi_component")]
    assert [json for json in mounted if '"text":"Half a sen"' in json]


def test_an_autosaved_board_is_checked_before_it_is_shown(desk: AppTest, store: Store) -> None:
    task = on_desk(desk).task
    assert task is not None
    first, *_ = [str(draft.id) for draft in task.drafts]
    state = {"tiers": [[first, "another", 7], "C"], "rest": "sure", "reason": 5, "facts": {first: "so", "x": ["wrong"]}}
    store.save_unsaved(UUID(str(task.presentation.id)), "ranking", state, task.presentation.created_at)
    desk.session_state[session.rank_key(task.presentation.id)] = {}
    desk.run()
    assert not desk.exception
    [board] = [json for one in desk.get("bidi_component") if "tiers" in (json := orjson.loads(one.proto.json))]
    kept = {name: board[name] for name in ("tiers", "rest", "reason", "facts")}
    assert kept == {"tiers": [[first]], "rest": "missing", "reason": "", "facts": {}}


def test_an_item_is_skipped_with_a_reason_and_the_next_one_comes(desk: AppTest, store: Store, project: Project) -> None:
    task = on_desk(desk).task
    assert task is not None
    desk.button(key="open-skip").click().run()
    desk.button(key="remark").click().run()
    assert "No reason is chosen." in words(desk)
    desk.radio(key=f"skip-reason-{task.presentation.id}").set_value("unclear")
    desk.button(key="remark").click().run()
    after = on_desk(desk).task
    assert after is not None
    assert after.item != task.item
    assert [skip.reason for skip in store.skips(project.id)] == ["unclear"]
    assert desk.button(key="submit").label == "Submit and next"


def test_a_flag_leaves_the_item_on_the_desk_and_is_counted_where_the_lead_exports(
    desk: AppTest, store: Store, project: Project
) -> None:
    task = on_desk(desk).task
    assert task is not None
    desk.button(key="open-flag").click().run()
    desk.radio(key=f"flag-reason-{task.presentation.id}").set_value("personal_data")
    desk.button(key="remark").click().run()
    assert on_desk(desk).task == task
    assert [flag.item_id for flag in store.open_flags(project.id)] == [task.item.id]
    desk.switch_page("screens/exports.py").run()
    assert "flagged: personal data" in str(desk.dataframe[0].value)


def test_a_comment_is_there_for_the_next_annotator_behind_a_click(
    desk: AppTest, open_screen: Open, project: Project
) -> None:
    task = on_desk(desk).task
    assert task is not None
    desk.button(key="open-comment").click().run()
    desk.text_area(key=f"comment-note-{task.presentation.id}").set_value("Which *year*?")
    desk.button(key="remark").click().run()
    other = open_screen("desk", project=project.name, who="ben")
    assert "Which *year*?" not in words(other)
    assert other.button(key="open-comment").label == "Comment (1)"
    other.button(key="open-comment").click().run()
    assert "Which *year*?" in [text.value for text in other.text]


def test_undo_brings_back_the_ranking_as_it_was_submitted(desk: AppTest, store: Store, project: Project) -> None:
    press_submit(rank(desk, ["B"], ["A"]))
    desk.button(key="undo").click().run()
    task = on_desk(desk).task
    assert task is not None
    assert (task.step, task.attempt) == ("ranking", 1)
    assert store.counts(project.id).annotations == 0
    assert "Taken back" in words(desk)
    assert not [button for button in desk.button if button.key == "undo"]
    press_submit(desk)  # nothing was moved: the board begins with what was taken back
    [kept] = store.submitted(task.presentation.id)
    assert kept.judgement == task.entered


def test_undo_stays_at_hand_after_a_refusal_and_a_look_at_a_remark(desk: AppTest) -> None:
    press_submit(rank(desk, ["B"], ["A"]))
    desk.button(key="submit").click().run()  # at once: refused
    desk.button(key="open-skip").click().run()
    desk.button(key="cancel-remark").click().run()
    desk.button(key="undo").click().run()
    task = on_desk(desk).task
    assert task is not None
    assert task.attempt == 1


def test_an_empty_queue_says_what_is_waiting_for_others(desk: AppTest) -> None:
    for _ in range(6):
        task = on_desk(desk).task
        assert task is not None
        press_submit(rank(desk, ["A"], ["B"]) if task.step == "ranking" else desk)
    assert "You have judged everything there is for you" in words(desk)
    assert "3 items wait for drafts or for other annotators." in words(desk)


def test_an_address_that_names_no_project_leads_to_one_that_exists(open_screen: Open, project: Project) -> None:
    app = open_screen("desk", project="gone", who="ana")
    assert not app.exception
    assert app.query_params["project"] == project.name


def test_what_one_screen_said_is_not_said_by_the_next(desk: AppTest) -> None:
    press_submit(rank(desk, ["B"]))
    desk.switch_page("screens/exports.py").run()
    assert "not ranked yet" not in words(desk)
