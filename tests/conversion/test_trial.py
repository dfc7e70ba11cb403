"""A text that somebody is writing, tried on a row."""

import pytest

from concord.conversion.trial import id_in, read_source, try_source
from concord.ids import new_id
from concord.records.item import Message
from concord.records.row import Row

ROW = Row(new_id(), new_id(), "rows.jsonl", 3, {"question": "Why?", "answer": "So."})


def text(body: str, inputs: str = "{question: string}", more: str = "") -> str:
    return f"---\nid: ask\ndescription: d\ninputs: {inputs}\n{more}---\n{body}\n"


def test_a_template_shows_what_it_makes_of_the_row() -> None:
    trial = try_source(text("user:\nTell: {{ question }}", more="target: answer\n"), ROW)
    assert trial.rendered == ((Message("user", "Tell: Why?"),), "So.")
    assert (trial.problem, trial.line) == (None, None)


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        (
            text("user:\nOne\n{{ question "),
            8,
            "Unexpected end of template, expected 'end of print statement'. "
            "Correct the Jinja; what begins in a section ends in the same section.",
        ),
        (
            text("user:\nThe answr to {{ question }}\n{{ answr }}"),
            8,
            "The text uses ['answr'], which inputs does not name. Add the columns to inputs, or correct the text.",
        ),
        (
            text("user:\n\n{{ context }}", "{context: string}"),
            8,
            "'context' is undefined for this row, which has ['question', 'answer']. "
            "Correct the template, or import the column it names.",
        ),
        (
            text("user:\n{{ question }}", "{question: number}"),
            7,
            "'question' is 'Why?' for this row, which is no number. "
            "Correct the row, or the type of 'question' in inputs.",
        ),
        ("Why?", 1, "There is no front matter. Begin the file with a line ---, the keys id, description, inputs, "),
        (text("{{ question }}", more="tags: a: b\n"), 5, "The front matter is not YAML: "),
        (text("{{ question | upper"), 6, "Unexpected end of template"),
        (text("{{ question.nope.nope }}"), None, "'str object' has no attribute 'nope' for this row"),
        (
            text("{% for n in range(10 ** 9) %}{{ question }}{% endfor %}"),
            None,
            "Range too big.",
        ),
    ],
)
def test_a_problem_is_told_with_its_line_and_its_cure(source: str, line: int | None, problem: str) -> None:
    trial = try_source(source, ROW)
    assert (trial.problem or "")[: len(problem)] == problem
    assert (trial.line, trial.rendered) == (line, None)


def test_a_text_is_read_under_the_id_that_it_gives_itself() -> None:
    assert read_source(text("{{ question }}").replace("\n", "\r\n")).id == "ask"
    assert id_in("---\ndescription: d\n---") == "template"
