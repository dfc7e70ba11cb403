"""The screens around the desk, from a file to a data set, as a lead uses them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from streamlit.testing.v1 import AppTest

from components.services import get_drafter, get_reporter
from components.widgets import local_models
from components.widgets.export_result import readable, zipped
from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_edit, submit_ranking
from concord.drafting.local_servers import LocalServer
from concord.ids import new_id
from concord.records.annotation import Labels, Ratings
from concord.records.gold import Known
from concord.records.item import Message
from concord.records.project import Project, Variant
from concord.records.rubric import Criterion
from concord.records.run import DraftFailure, DraftingRun, SentRequest
from storage.store import Store

Open = Callable[..., AppTest]
ROWS = b'question,dialogue\nWhy?,"A: Why? B: Because."\n,"A: Hello. B: Good day."\nbroken\n'
READY = b'{"item_id": "r1", "prompt": "Why?", "responses": [{"id": "a", "text": "So."}, {"id": "b", "text": "Hm."}]}\n'


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def prose(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.success, *app.info, *app.warning, *app.error, *app.subheader]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def uploaded(open_screen: Open, project: Project, name: str, content: bytes) -> AppTest:
    app = open_screen("imports", project=project.name)
    app.file_uploader[0].upload(name, content)
    return app.run()


@pytest.fixture
def judged(store: Store, project: Project) -> Project:
    """Two annotators ranked and edited everything, in the same way."""
    for who in ("ana", "ben"):
        while task := open_item(store, project, who, now=datetime.now(UTC)):
            submission = Submission(task.presentation.id, who, 9.0, datetime.now(UTC))
            if task.step == "ranking":
                submit_ranking(store, submission, [[draft.id] for draft in sorted(task.drafts, key=lambda d: d.name)])
            else:
                submit_edit(store, submission, "Because.")
    return project


def test_a_check_names_what_is_wrong_and_stores_nothing(open_screen: Open, store: Store, project: Project) -> None:
    app = press(uploaded(open_screen, project, "rows.csv", ROWS), "Check")
    assert metrics(app) == {"Rows read": "3", "New": "2", "There before": "0", "Bad rows": "1"}
    problems = next(table.value for table in app.dataframe if "Cure" in table.value)
    assert list(problems["Line"]) == [4]
    assert list(problems.columns) == ["File", "Line", "Field", "Found", "Cure"]
    assert store.counts(project.id).rows == 0


def test_one_bad_row_stops_an_import(open_screen: Open, store: Store, project: Project) -> None:
    app = press(uploaded(open_screen, project, "rows.csv", ROWS), "Import")
    assert "Nothing was stored, because of 1 bad row." in prose(app)
    assert store.counts(project.id).rows == 0


def test_bad_rows_that_are_skipped_are_kept_in_a_file(open_screen: Open, store: Store, project: Project) -> None:
    app = uploaded(open_screen, project, "rows.csv", ROWS)
    app.toggle(key="skip").set_value(True).run()
    press(app, "Import")
    assert store.counts(project.id).rows == 2
    assert len(list((store.folder / "rejects").iterdir())) == 1


def test_columns_are_renamed_before_they_are_stored(open_screen: Open, store: Store, project: Project) -> None:
    app = uploaded(open_screen, project, "rows.jsonl", b'{"q": "Why?"}\n')
    key = next(name for name in app.session_state.to_dict() if str(name).startswith("fields-"))
    app.session_state[key] = {"edited_rows": {0: {"Field": "question"}}, "added_rows": [], "deleted_rows": []}
    press(app, "Import")
    assert store.columns(project.id) == ["question"]


def test_ready_made_items_are_found_out_and_go_in_as_they_are(
    open_screen: Open, store: Store, project: Project
) -> None:
    app = uploaded(open_screen, project, "items.jsonl", READY)
    assert "The file is in the interchange format" in prose(app)
    press(app, "Import")
    assert store.counts(project.id).items == 4


def test_a_file_that_cannot_be_read_is_said_in_one_sentence(open_screen: Open, project: Project) -> None:
    app = uploaded(open_screen, project, "rows.csv", b"a,a\n1,2\n")
    assert "there are two columns 'a'. Rename one." in prose(app)


def test_a_template_shows_a_row_and_makes_items_of_all(open_screen: Open, store: Store, project: Project) -> None:
    press(uploaded(open_screen, project, "rows.jsonl", b'{"dialogue": "A: Why? B: Because."}\n'), "Import")
    app = open_screen("templates", project=project.name)
    assert any("A: Why? B: Because." in text.value for text in app.text)
    press(app, "Apply to all rows")
    assert "1 new item, 0 there before, 0 rows gave none." in prose(app)
    assert store.counts(project.id).items == 4


def test_a_template_that_lacks_a_column_cannot_be_applied(open_screen: Open, project: Project) -> None:
    press(uploaded(open_screen, project, "rows.jsonl", b'{"other": "x"}\n'), "Import")
    app = open_screen("templates", project=project.name)
    assert next(button for button in app.button if button.label == "Apply to all rows").disabled
    assert "The rows have no" in prose(app)


def test_a_run_of_the_demo_drafter_says_what_it_is_and_how_it_went(
    open_screen: Open, store: Store, project: Project
) -> None:
    app = open_screen("drafts", project=project.name)
    assert "is no language model" in prose(app)
    app.number_input(key=f"candidates-{project.id}").set_value(3)
    press(app, "Start")
    [run] = store.runs(project.id)
    get_drafter().wait(run.id)
    app.run()
    assert metrics(app) == {"Drafted": "3", "Failed": "0", "Asked for": "3", "Cost": r"\$0\.00"}
    assert "Latest drafts" in prose(app)


def stopped_run(store: Store, project: Project, **fields: Any) -> DraftingRun:
    run = DraftingRun(new_id(), project.id, "m", 9, 4, 2, "cancelled", datetime.now(UTC), **fields)
    run = replace(run, finished_at=datetime.now(UTC), candidates=3)
    store.save_run(run)
    return run


def test_an_interrupted_run_is_resumed_with_one_click(open_screen: Open, store: Store, project: Project) -> None:
    stopped_run(store, project, message="Concord stopped before the run ended. Start again: finished drafts are kept.")
    app = press(open_screen("drafts", project=project.name), "Resume")
    resumed, _ = store.runs(project.id)
    assert (resumed.total, resumed.candidates) == (3, 3)
    assert get_drafter().wait(resumed.id).state == "done"
    assert "Resume" not in [button.label for button in app.run().button]


def test_a_run_says_what_it_took_and_what_went_wrong(open_screen: Open, store: Store, project: Project) -> None:
    took = {"tokens_in": 1_000, "tokens_out": 200, "cost": 0.5, "uncounted": 1, "repeated": 7, "max_cost": 0.5}
    run = stopped_run(
        store, project, message="Stopped after 4 of 9 drafts. The next request would pass the cost ceiling.", **took
    )
    item = store.items(project.id)[0]
    said = "http://127.0.0.1:9/v1: the key in OPENAI_API_KEY is not accepted (401). Set a valid one."
    for name in ("d7", "d8"):
        failure = DraftFailure(new_id(), run.id, item.id, name, "unauthorized", said, datetime.now(UTC))
        store.add_results([], [failure])
    app = open_screen("drafts", project=project.name)
    assert metrics(app)["Cost"].replace("\\", "") == "$0.50"
    assert "The next request would pass the cost ceiling." in prose(app)
    assert (
        "1,000 tokens in, 200 out · at most $0.50 · 1 answer without a count of tokens, in no sum · "
        "7 requests had to be repeated"
    ) in prose(app)
    assert "2 drafts failed (unauthorized). The last one said:" in prose(app)
    assert said in [text.value for text in app.text]


def test_what_a_run_would_take_is_said_before_it_starts(
    open_screen: Open, new_campaign: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = new_campaign(model="m", base_url="http://127.0.0.1:9/v1", candidates=2, prices={"m": [1.0, 2.0]})
    campaign.items(4)
    app = open_screen("drafts", project=campaign.project.name)
    assert "Missing: 8 drafts for 4 items · about " in prose(app)
    assert " tokens in, 2,400 out · about $0.0049" in prose(app)
    app.number_input(key=f"candidates-{campaign.project.id}").set_value(1)
    app.number_input(key="max-cost").set_value(0.001).run()
    assert "Missing: 4 drafts for 4 items" in prose(app)
    campaign.store.save_settings(campaign.project.id, replace(campaign.project.settings, prices={}))
    assert "the price of m is not set" in prose(app.run())


def test_a_model_of_this_machine_is_found_and_taken(
    open_screen: Open, store: Store, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = LocalServer("Ollama", "http://127.0.0.1:11434/v1", ("tiny",))
    for servers, shown in (([], "No model server answers here."), ([found], "Ollama at http://127.0.0.1:11434/v1")):
        monkeypatch.setattr(local_models, "find_servers", lambda servers=servers: servers)
        app = press(open_screen("drafts", project=project.name), "Look")
        assert shown in prose(app)
    app = press(app, "tiny")
    assert store.project(project.name).settings.model == "tiny"
    assert "tiny at http://127.0.0.1:11434/v1" in prose(app).replace("**", "")


def opened_report(open_screen: Open, store: Store, project: Project) -> AppTest:
    """The Agreement page once its report is made, however long that takes."""
    get_reporter().ask(project, store.counts(project.id), patience=60)
    return open_screen("agreement", project=project.name)


def test_agreement_shows_each_question_with_its_headline_and_counts(
    open_screen: Open, store: Store, judged: Project
) -> None:
    app = opened_report(open_screen, store, judged)
    assert metrics(app)["Kendall’s τ-b"] == "1.00"
    assert "3 items judged by two or more · 6 annotations · 2 annotators" in prose(app)
    assert "Simulated" not in prose(app)


def test_agreement_shows_people_beside_known_answers(open_screen: Open, store: Store, judged: Project) -> None:
    [item, *_] = store.items(judged.id)
    ranking = next(one.judgement for one in store.item_annotations(item.id))
    store.add_gold([Known(judged.id, item.id, ranking)], judged.created_at)
    app = opened_report(open_screen, store, judged)
    assert "People against known answers" in [one.value for one in app.subheader]
    [table] = [one.value for one in app.dataframe if "Hits" in one.value]
    assert table[["Hits", "Of", "Share of hits", "chrF"]].values.tolist() == [[1, 1, "1.00", ""]] * 2


def test_an_export_is_written_into_the_workspace_and_accounted_for(
    open_screen: Open, store: Store, judged: Project
) -> None:
    app = open_screen("exports", project=judged.name)
    app.selectbox(key="format").set_value("trl-dpo")
    app.text_input(key="split").set_value("1,0,0").run()
    press(app, "Export")
    assert [(metric.label, metric.value) for metric in app.metric] == [
        *(("Entered", "3"), ("Would be written", "3"), ("Would be left out", "0")),
        *(("Entered", "3"), ("Written", "3"), ("Left out", "0")),
    ]
    assert [toast.value for toast in app.toast] == ["3 rows written, checked, and ready under “Exports”."]
    [record] = store.exports(judged.id)
    assert Path(record.folder).parent == store.folder / "exports"
    assert zipped(Path(record.folder)).startswith(b"PK")


def test_rows_of_an_export_show_what_the_system_is_told_behind_a_click(open_screen: Open, new_campaign) -> None:
    campaign = new_campaign(task="edit", overlap=1)
    item = campaign.item("q1", messages=(Message("system", "Be brief."), Message("user", "Why?")))
    campaign.edit(item, "ana", "Because.")
    app = open_screen("exports", project=campaign.project.name)
    assert [text.value for text in app.text] == ["Be brief.", "user: Why?", "assistant: Because."]
    [behind] = [one for one in app.expander if one.label == "system"]
    assert [text.value for text in behind.text] == ["Be brief."]


def test_an_export_of_nothing_says_why(open_screen: Open, project: Project) -> None:
    app = open_screen("exports", project=project.name)
    assert next(button for button in app.button if button.label == "Export").disabled
    assert "Nothing would leave. Judge some items at the desk, or lower the gates." in prose(app)


def test_a_split_that_is_none_is_refused(open_screen: Open, judged: Project) -> None:
    app = open_screen("exports", project=judged.name)
    app.text_input(key="split").set_value("half").run()
    assert "split is 'half'" in prose(app)
    assert "Export" not in [button.label for button in app.button]


def test_every_gate_changes_the_counts_before_anything_is_written(
    open_screen: Open, store: Store, judged: Project
) -> None:
    app = open_screen("exports", project=judged.name)
    app.selectbox(key="format").set_value("trl-dpo")
    app.checkbox(key="adjudicated-only").set_value(True).run()
    assert metrics(app)["Would be left out"] == "3"
    assert "not adjudicated" in str([frame.value for frame in app.dataframe])
    app.checkbox(key="adjudicated-only").set_value(False)
    app.multiselect(key="denied-models").set_value(["secret-model"]).run()
    assert "model not allowed" in str([frame.value for frame in app.dataframe])
    assert store.exports(judged.id) == []


def test_ratings_become_labels_by_the_thresholds_in_the_fields(
    open_screen: Open, store: Store, new_campaign: Callable[..., Any]
) -> None:
    campaign = new_campaign(task="rate", rubric=(Criterion("helpfulness"),))
    for name, value in (("q1", 5), ("q2", 3), ("q3", 1)):
        campaign.judge(campaign.item(name, "one"), "ann", Ratings({"helpfulness": value}))
    app = open_screen("exports", project=campaign.project.name)
    app.selectbox(key="format").set_value("trl-kto")
    key = f"rated-{campaign.project.id}"
    assert app.selectbox(key=f"{key}-question").options == ["helpfulness"]
    app.selectbox(key=f"{key}-question").set_value("helpfulness").run()
    assert metrics(app)["Would be written"] == "2"
    app.number_input(key=f"{key}-bad-helpfulness").set_value(3.0).run()
    assert metrics(app)["Would be written"] == "3"
    app.number_input(key=f"{key}-good-helpfulness").set_value(3.0).run()
    assert "Give a higher number for good than for bad." in prose(app)
    app.number_input(key=f"{key}-bad-helpfulness").set_value(2.0).run()
    press(app, "Export")
    [record] = store.exports(campaign.project.id)
    assert record.manifest["options"]["policies"]["rated"] == {"question": "helpfulness", "good": 3.0, "bad": 2.0}


def test_a_project_is_mixed_in_and_counted_before_anything_is_written(
    open_screen: Open, store: Store, judged: Project, new_campaign: Callable[..., Any]
) -> None:
    other = new_campaign()
    other.rank(other.item("q1", "one", "two"), "ann", "d1 > d2")
    name = other.project.name
    app = open_screen("exports", project=judged.name)
    app.selectbox(key="format").set_value("trl-dpo")
    app.text_input(key="split").set_value("1,0,0")
    app.multiselect(key=f"mixture-{judged.id}-").set_value([name]).run()
    counted = next(frame.value for frame in app.dataframe if "Share" in frame.value)
    assert counted.values.tolist() == [[judged.name, 1.0, 3, 3], [name, 1.0, 1, 1]]
    app.number_input(key=f"mixture-{judged.id}-{name}").set_value(0.5).run()
    press(app, "Export")
    [record] = store.exports(judged.id)
    projects = record.manifest["projects"]
    assert {mixed: one["weight"] for mixed, one in projects.items()} == {judged.name: 1.0, name: 0.5}


def test_two_exports_show_what_differs(open_screen: Open, store: Store, judged: Project) -> None:
    app = open_screen("exports", project=judged.name)
    app.selectbox(key="format").set_value("trl-dpo").run()
    press(app, "Export")
    app.number_input(key="seed").set_value(7).run()
    press(app, "Export")
    [_, first] = store.exports(judged.id)
    app.selectbox(key=f"export-{judged.id}-other").set_value(first).run()
    assert "options seed" in str([frame.value for frame in app.dataframe])


def test_a_field_that_is_no_text_is_shown_as_json() -> None:
    assert readable({"a": [1]}) == '{"a":[1]}'
    assert readable([1, 2]) == "[1,2]"


def test_agreement_of_one_annotator_is_not_defined_and_says_why(
    open_screen: Open, store: Store, project: Project
) -> None:
    task = open_item(store, project, "ana", now=datetime.now(UTC))
    assert task is not None
    submission = Submission(task.presentation.id, "ana", 9.0, datetime.now(UTC))
    submit_ranking(store, submission, [[draft.id] for draft in task.drafts])
    app = opened_report(open_screen, store, project)
    assert metrics(app)["Kendall’s τ-b"] == "not defined"
    assert "Not defined: no item was judged by two annotators." in prose(app)


# ---- how drafts are made, what they are like, what was sent


def test_the_draft_page_says_what_is_flagged_sent_and_planted(open_screen: Open, store: Store, new_campaign) -> None:
    campaign = new_campaign(task="rank", overlap=1)
    item = campaign.item("q1", "sound", "other")
    run = DraftingRun(new_id(), campaign.project.id, "m", 3, 3, 0, "done", datetime.now(UTC), datetime.now(UTC))
    store.save_run(run)
    campaign.draft(item, "d3", "I cannot comply.", run_id=run.id, flags=("refusal", "boilerplate"), few_shot=(item.id,))
    campaign.item("q2", arm="undrafted")
    now = datetime.now(UTC)
    store.add_sent([SentRequest(campaign.project.id, now, "https://there/v1", "m", "draft", "hash", 1, 20, 2)])
    app = open_screen("drafts", project=campaign.project.name)
    assert not app.exception
    tables = [table.value.to_dict("records") for table in app.dataframe]
    assert [
        {"Flag": "refusal: the model declined", "Drafts": 1, "At the desk": "kept back"},
        {"Flag": "boilerplate: speaks of being a model", "Drafts": 1, "At the desk": "shown"},
    ] in tables
    assert [{"Answer to item": "q1", "Shown for items": 1}] in tables
    rows = [row for table in tables for row in table]
    assert {"Arm": "Control: answered from nothing", "Items": 1, "Finished": 0} in rows
    [sent] = [row for row in rows if "Endpoint" in row]
    assert (sent["Endpoint"], sent["Requests"], sent["Masked"]) == ("https://there/v1", 1, 2)


def test_what_the_drafting_fields_hold_is_stored(open_screen: Open, store: Store, project: Project) -> None:
    app = open_screen("projects", project=project.name)
    press(app, "Settings")
    prefix = str(project.id)
    app.number_input(key=f"{prefix}-control").set_value(5.0)
    app.number_input(key=f"{prefix}-few_shot").set_value(3)
    app.text_input(key=f"{prefix}-do_not_send").set_value("email, name ")
    app.text_input(key=f"{prefix}-judge-model").set_value("large")
    app.text_input(key=f"{prefix}-language").set_value("en")
    press(app, "Save settings")
    saved = store.project(project.name).settings
    assert (saved.control, saved.few_shot, saved.do_not_send, saved.language) == (0.05, 3, ("email", "name"), "en")
    assert saved.judge == Variant("judge", model="large")
    assert (saved.variants, saved.scan, saved.overlap) == ((), "mask", project.settings.overlap)


def test_what_a_form_does_not_show_is_kept(open_screen: Open, store: Store, project: Project) -> None:
    kept = replace(project.settings, variants=(Variant("a", temperature=1.0), Variant("b", system="Be brief.")))
    store.save_settings(project.id, replace(kept, split=(0.8, 0.1, 0.1)))
    press(press(open_screen("projects", project=project.name), "Settings"), "Save settings")
    assert store.project(project.name).settings == replace(kept, split=(0.8, 0.1, 0.1))


def test_a_disputed_item_leads_to_its_review(open_screen: Open, new_campaign: Callable[..., Any]) -> None:
    campaign = new_campaign(task="edit")
    for name, answers in (("calm", ("warm", "warm")), ("split", ("warm", "cold"))):
        item = campaign.item(name, "One answer.")
        for who, answer in zip(("ana", "ben"), answers, strict=True):
            campaign.judge(item, who, Labels({"tone": answer}))
    app = opened_report(open_screen, campaign.store, campaign.project)
    [link] = [link for link in app.get("page_link") if link.proto.page == "review"]
    assert (link.proto.label, link.proto.query_string) == (
        "split",
        f"project={quote_plus(campaign.project.name)}&item=split",
    )
    app = open_screen("review", project=campaign.project.name, item="split")
    assert not app.exception
    assert "**split**" in prose(app)
    assert {"One answer.", "What about split?"} <= {text.value for text in app.text}
    press(app, "All items")
    assert "item" not in app.query_params


def test_the_review_of_an_item_that_is_not_there_says_so(open_screen: Open, project: Project) -> None:
    app = open_screen("review", project=project.name, item="gone")
    assert not app.exception
    assert "The project has no item 'gone'. Check the name." in prose(app)
