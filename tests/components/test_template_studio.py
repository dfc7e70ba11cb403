"""The studio, as a lead uses it: rows to try on, a text that is not saved yet, versions, what is of an older one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from streamlit.testing.v1 import AppTest

from components.session import template_key
from concord.conversion.library import By, save_template
from concord.conversion.trial import read_source
from concord.records.annotation import Edit
from concord.records.project import Project
from concord.records.template import Template
from storage.store import Store

Open = Callable[..., AppTest]
ASK = "---\nid: ask\ndescription: Ask\ninputs: {question: string}\ntarget: answer\n---\nuser:\nFirst: {{ question }}\n"
NEWER = ASK.replace("First", "Second")
ROWS = [{"question": "Why so?", "answer": "So."}, {"question": "Who?", "answer": None}, {"question": "", "answer": "x"}]


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def prose(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.success, *app.warning, *app.error]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def shown(app: AppTest) -> list[str]:
    return [text.value for text in app.text]


def saved(store: Store, source: str, note: str = "") -> Template:
    template = read_source(source)
    save_template(store, template, By("Ada", note), now=datetime.now(UTC))
    return template


def typed(app: AppTest, template_id: str, version: str, text: str) -> AppTest:
    app.session_state[template_key(template_id, version)] = {"text": text}
    return app.run()


@pytest.fixture
def rows(store: Store, project: Project) -> Project:
    """The project with three rows, beside its three items from elsewhere."""
    with store.staging(project.id, "rows.jsonl", project.created_at) as stage:
        stage.add(range(1, len(ROWS) + 1), [orjson.dumps(row) for row in ROWS])
        stage.commit()
    return project


@pytest.fixture
def ask(store: Store, rows: Project) -> Template:
    return saved(store, ASK, "the first")


def test_rows_to_try_on_are_picked_and_stepped_through(open_screen: Open, rows: Project, ask: Template) -> None:
    app = open_screen("templates", project=rows.name, template="ask")
    assert "First: Why so?" in shown(app)
    assert "First: Who?" in shown(press(app, "Next"))
    app.segmented_control(key="rows-to-try").set_value("missing").run()
    assert "1 of 1" in prose(app)
    assert "The template has nothing to ask of this row" not in prose(app)
    app.segmented_control(key="rows-to-try").set_value("random").run()
    assert "1 of 3" in prose(press(app, "Others"))


def test_what_is_typed_is_tried_at_once_and_nothing_is_stored(
    open_screen: Open, store: Store, rows: Project, ask: Template
) -> None:
    app = open_screen("templates", project=rows.name, template="ask", activity="Edit")
    typed(app, "ask", ask.version, ASK.replace("First", "Typed"))
    assert shown(app)[:2] == ["Typed: Why so?", "So."]
    assert [one.version for one in store.saved_templates("ask")] == [ask.version]


def test_a_problem_is_shown_with_its_line_and_cannot_be_saved(open_screen: Open, rows: Project, ask: Template) -> None:
    app = open_screen("templates", project=rows.name, template="ask", activity="Edit")
    typed(app, "ask", ask.version, ASK + "{{ nothing }}\n")
    assert "Line 9: The text uses ['nothing'], which inputs does not name." in prose(app)
    assert next(button for button in app.button if button.label == "Save version").disabled
    [editor] = app.get("bidi_component")
    assert orjson.loads(editor.proto.json)["line"] == 9


@pytest.mark.parametrize(
    "bomb",
    [
        "{{ 'a' * 10 ** 9 }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}",
        "{{ question.__class__.__mro__ }}",
        "{{ (1).__class__.__base__.__subclasses__() }}",
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{{ 9 ** 99999 }}",
    ],
)
def test_a_hostile_text_is_refused_and_the_page_goes_on(
    open_screen: Open, rows: Project, ask: Template, bomb: str
) -> None:
    app = open_screen("templates", project=rows.name, template="ask", activity="Edit")
    typed(app, "ask", ask.version, f"{ASK}{bomb}\n")
    assert (len(app.warning), len(app.exception)) == (1, 0)
    assert "First: Why so?" in shown(typed(app, "ask", ask.version, ASK))


def test_a_version_is_saved_with_a_note_and_stands(
    open_screen: Open, store: Store, rows: Project, ask: Template
) -> None:
    app = open_screen("templates", project=rows.name, template="ask", activity="Edit", who="Ben")
    typed(app, "ask", ask.version, NEWER)
    app.text_input(key=f"note-{template_key('ask', ask.version)}").set_value("clearer").run()
    press(app, "Save version")
    newest = store.saved_templates("ask")[0]
    assert (newest.version, newest.note, newest.author) == (read_source(NEWER).version, "clearer", "Ben")
    assert next(button for button in app.button if button.label == "Save version").disabled
    press(app, "Try and apply this version")
    assert "Apply to all rows" in [button.label for button in app.button]


def test_a_new_template_begins_from_the_columns_and_may_get_another_id(
    open_screen: Open, store: Store, rows: Project
) -> None:
    app = press(open_screen("templates", project=rows.name), "From the columns of the data")
    [editor] = app.get("bidi_component")
    begun = orjson.loads(editor.proto.json)
    assert begun["text"].endswith("user:\nQuestion: {{ question }}\n\nAnswer: {{ answer }}\n")
    assert begun["is_new"]
    assert "Question: Why so?\n\nAnswer: So." in shown(app)
    typed(app, app.query_params["template"], "new", ASK)
    press(app, "Save version")
    assert (app.query_params["template"], len(store.saved_templates("ask"))) == ("ask", 1)


def test_a_copy_begins_from_the_text_of_the_other(open_screen: Open, rows: Project, ask: Template) -> None:
    app = press(open_screen("templates", project=rows.name, template="ask"), r"A copy of ask")
    [editor] = app.get("bidi_component")
    assert orjson.loads(editor.proto.json)["text"] == ASK.replace("id: ask", "id: ask-copy")


def test_versions_are_listed_compared_and_used_again(
    open_screen: Open, store: Store, rows: Project, ask: Template
) -> None:
    newer = saved(store, NEWER, "a *second* one")
    app = open_screen("templates", project=rows.name, template="ask", activity="Versions")
    assert "a *second* one" in prose(app)
    assert "-First: {{ question }}\n+Second: {{ question }}" in app.code[0].value
    press(app, "Use this one again")
    assert [one.version for one in store.saved_templates("ask")] == [ask.version, newer.version, ask.version]
    assert store.saved_templates("ask")[0].note == f"Back to {ask.version[:8]}: the first"


def test_stale_items_are_marked_and_those_without_work_are_rendered_anew(
    open_screen: Open, store: Store, new_campaign: Callable[..., Any], rows: Project, ask: Template
) -> None:
    app = press(open_screen("templates", project=rows.name, template="ask"), "Apply to all rows")
    assert "3 new items, 0 there before, 0 rows gave none." in prose(app)
    judged = next(item for item in store.items(rows.id) if item.template_id == "ask")
    type(new_campaign())(store, rows).judge(judged, "ana", Edit(None, "So."))
    saved(store, NEWER)
    app = open_screen("templates", project=rows.name, template="ask")
    assert f"The project uses version {ask.version[:8]}" in prose(app)
    press(app, "Apply to all rows")
    assert "**3 items and 1 answer** were made with an older version." in prose(app)
    press(app, "Re-render 2 items")
    outcome = "2 new items, 0 there before, 0 rows gave none, 1 of an older version kept"
    assert f"{outcome}, 2 of an older version replaced." in prose(app)
    assert "People have worked on all of them, so they stay as they are." in prose(app)
    assert not [label for label in labels(app) if label.startswith("Re-render")]


def test_rows_that_cannot_be_rendered_are_left_out_on_request(
    open_screen: Open, store: Store, rows: Project, ask: Template
) -> None:
    with store.staging(rows.id, "more.jsonl", rows.created_at) as stage:
        stage.add([1], [b'{"text": "another column"}'])
        stage.commit()
    app = press(open_screen("templates", project=rows.name, template="ask"), "Apply to all rows")
    assert "Nothing was stored: 1 row cannot be rendered." in prose(app)
    press(app, "Leave these rows out and apply")
    assert "3 new items, 0 there before, 0 rows gave none, 1 row left out" in prose(app)
