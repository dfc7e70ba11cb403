"""Lint on the screen: what a lead reads after all rows were looked at."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from components.widgets.lint_report import extent, headline
from concord.conversion.findings import Example, Finding
from concord.ids import new_id
from concord.records.project import Project
from storage.store import Store

Open = Callable[..., AppTest]
ROWS = [
    {"product": "Fan", "stars": 1, "text": "The hinge broke."},
    {"product": "Fan", "stars": 1, "text": "The hinge broke.", "id": 2},
    {"product": "Lamp", "stars": 5, "text": ["a", "list"]},
    {"product": "Lamp", "stars": None, "text": "Bright.<|im_end|>"},
]
EXAMPLE = Example(new_id(), "rows.jsonl", 3, "The hinge", 9)


@pytest.fixture
def reviews(store: Store, project: Project) -> Project:
    with store.staging(project.id, "rows.jsonl", project.created_at) as stage:
        stage.add(range(1, len(ROWS) + 1), [json.dumps(row).encode() for row in ROWS])
        stage.commit()
    return project


def looked_at(open_screen: Open, project: Project) -> AppTest:
    app = open_screen("templates", project=project.name, activity="Check")
    template = next(box for box in app.selectbox if box.label == "Template")
    template.set_value(next(one for one in template.options if one.startswith("review-reply"))).run()
    return next(button for button in app.button if button.label == "Look at all rows").click().run()


def labels(app: AppTest) -> list[str]:
    return [expander.label.replace("\\", "") for expander in app.expander]


def test_every_finding_is_said_with_its_level_and_share(open_screen: Open, reviews: Project) -> None:
    app = looked_at(open_screen, reviews)
    assert not app.exception
    assert app.error[0].value.replace("\\", "") == "1 error, 3 warnings, 4 notes in 4 rows."
    said = labels(app)
    assert ":red-badge[Error] 1 row cannot be rendered: 'text' is no string. · 25.0%" in said
    assert ":orange-badge[Warning] The column 'stars' is null in 1 row. · 25.0%" in said
    assert ":orange-badge[Warning] 1 prompt comes from more than one row: 2 rows in all. · 50.0%" in said
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics == {"Rows": "4", "Give an item": "3", "Give none": "0", "Cannot be rendered": "1"}


def test_the_rows_that_show_a_finding_are_listed(open_screen: Open, reviews: Project) -> None:
    tables = [table.value for table in looked_at(open_screen, reviews).dataframe]
    [groups] = [table for table in tables if "Group" in table]
    assert list(groups["Line"]) == [1, 2]
    [columns] = [table for table in tables if "Without it" in table]
    assert list(columns["Column"]) == ["product", "stars", "text", "id"]
    assert list(columns["Without it"]) == [0, 0, 0, 3]


def test_the_report_of_another_template_is_not_shown(open_screen: Open, reviews: Project) -> None:
    app = looked_at(open_screen, reviews)
    template = next(box for box in app.selectbox if box.label == "Template")
    template.set_value(next(one for one in template.options if one.startswith("review-points"))).run()
    assert not app.error
    assert not app.metric


def test_what_rows_say_marks_nothing_in_a_headline() -> None:
    hostile = Finding("fault", "error", "1 row cannot be rendered: ![x](http://host/x.png).", 1, 1.0, (EXAMPLE,))
    assert "![" not in headline(hostile)
    assert headline(hostile).startswith(":red-badge[Error] 1 row cannot be rendered")


def test_a_finding_says_which_of_its_rows_it_shows() -> None:
    longest = Finding("longest-prompt", "note", "The longest prompt has 9 characters.", 1, 0.1, (EXAMPLE, EXAMPLE))
    assert extent(longest).startswith("The 2 rows that come closest, with a piece of the text concerned (… where it")
    assert extent(replace(longest, count=2)).startswith("2 of 2 rows, with a piece")
