"""Lint over small tables: what it finds, and that nothing depends on the order of rows."""

import json
import random
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.conversion.columns import MOST_COLUMNS
from concord.conversion.coverage import MOST_KINDS
from concord.conversion.findings import MOST_EXAMPLES, Finding
from concord.conversion.lint import STEP, Lint, LintReport, as_json, count_of, lint_template
from concord.conversion.template import load_template, parse_template
from concord.records.kinds import Json
from concord.records.row import Row
from concord.records.template import Template

HOME = Path(__file__).parents[2]
PROJECT = UUID(int=1)
BODY = "{% if question != 'skip' %}{{ question }}{% endif %}"


def template(
    body: str = BODY, inputs: str = "question: any", target: str | None = "answer", choices: str = ""
) -> Template:
    target_line = f"target: {target}\n" if target else ""
    front = f"id: ask\ndescription: d\ninputs: {{{inputs}}}\n{target_line}{choices}"
    return parse_template(f"---\n{front}---\n{body}", "ask.prompt.md")


def table(*data: dict[str, Json]) -> list[Row]:
    return [Row(UUID(int=line), PROJECT, "rows.jsonl", line, each) for line, each in enumerate(data, 1)]


def lint(rows: list[Row], of: Template | None = None) -> LintReport:
    looking = Lint(of or template(), {row.id: row for row in rows}.__getitem__)
    list(looking.over(rows))
    return looking.report()


def found(report: LintReport, code: str) -> Finding:
    [finding] = [finding for finding in report.findings if finding.code == code]
    return finding


def codes(report: LintReport, *levels: str) -> list[str]:
    return [finding.code for finding in report.findings if finding.level in levels]


def lines(finding: Finding) -> list[int]:
    return [example.line for example in finding.examples]


def test_a_clean_table_has_neither_errors_nor_warnings():
    report = lint(table({"question": "Who?", "answer": "She."}, {"question": "When?", "answer": "Now."}))
    assert codes(report, "error", "warning") == []
    assert (report.rows, report.rendered, report.empty, report.faults) == (2, 2, 0, 0)


def test_rows_that_cannot_be_rendered_are_grouped_by_what_is_wrong():
    rows = table({"other": 1}, {"question": ["a"]}, {"question": "Who?", "answer": "She."}, {"question": {"b": 1}})
    report = lint(rows, template("{{ question }}", "question: string"))
    errors = [finding for finding in report.findings if finding.level == "error"]
    assert [finding.says for finding in errors] == [
        "2 rows cannot be rendered: 'question' is no string.",
        "1 row cannot be rendered: 'question' is undefined.",
    ]
    assert [lines(finding) for finding in errors] == [[2, 4], [1]]
    assert errors[1].examples[0].excerpt.startswith("ask.prompt.md: 'question' is undefined for this row")
    assert (report.rendered, report.empty, report.faults) == (1, 0, 3)


def test_faults_that_name_a_value_of_their_row_are_of_one_kind():
    rows = table(*({"question": name} for name in ("a", "b", "c")))
    report = lint(rows, template("{{ question ~ zip }}"))
    assert [finding.count for finding in report.findings if finding.code == "fault"] == [3]


def test_kinds_of_faults_without_number_are_counted_together():
    names = [f"k{number}" for number in range(MOST_KINDS + 3)]
    rows = table(*({"question": name} for name in names))
    body = "".join(f"{{% if question == '{name}' %}}{{{{ [1].{name} }}}}{{% endif %}}" for name in names)
    report = lint(rows, template(body))
    faults = [finding for finding in report.findings if finding.code == "fault"]
    assert len(faults) == MOST_KINDS + 1
    assert faults[0].says == "3 rows cannot be rendered, for further reasons."
    assert report.faults == len(names)


def test_no_item_at_all_is_an_error():
    assert codes(lint(table({"question": "skip"}, {"question": "skip"})), "error") == ["no-item"]


def test_rows_that_ask_nothing_are_noted():
    finding = found(lint(table({"question": "skip"}, {"question": "a", "answer": "b"})), "empty-render")
    assert (finding.level, finding.count, finding.share, lines(finding)) == ("note", 1, 0.5, [1])
    assert finding.says == "1 row would give no item: the template asks nothing of it."


def test_empty_targets_are_found():
    rows = table({"question": "a", "answer": " "}, {"question": "b", "answer": None}, {"question": "c", "answer": "d"})
    finding = found(lint(rows), "empty-target")
    assert (finding.count, lines(finding)) == (2, [1, 2])


def test_a_template_without_target_has_no_empty_ones():
    report = lint(table({"question": "a"}), template(target=None))
    assert "empty-target" not in codes(report, "warning", "error")
    assert list(report.lengths or {}) == ["prompt", "together"]


def test_columns_that_rows_lack_and_columns_of_no_use():
    rows = table({"question": "a", "answer": "b", "id": 1}, {"question": "c"}, {"answer": "d", "note": None})
    report = lint(rows, template("{{ question | default('') }}x"))
    lacking = [finding.says for finding in report.findings if finding.code == "missing-column"]
    assert lacking == [
        "1 row has no column 'answer', from which the template takes the target.",
        "1 row has no column 'question', which the template needs.",
    ]
    extra = found(report, "extra-column")
    assert (extra.says, extra.count) == ("The template does not use 'id' and 'note'.", 2)
    assert [tuple(column) for column in report.columns] == [
        ("answer", True, 2, 0, 0),
        ("question", True, 2, 0, 0),
        ("id", False, 1, 0, 0),
        ("note", False, 1, 1, 0),
    ]


def test_a_column_that_no_row_has_is_said_so():
    finding = found(lint(table({"question": "a"}, {"question": "b"})), "missing-column")
    assert finding.says == "No row has the column 'answer', from which the template takes the target."


def test_rows_with_columns_without_number_do_not_fill_the_memory():
    rows = table(*({"question": "a", "answer": "b", f"c{number}": 1} for number in range(MOST_COLUMNS + 50)))
    report = lint(rows)
    assert len(report.columns) == MOST_COLUMNS + 2
    assert found(report, "extra-column").says.endswith("The rows have so many columns that not all could be named.")
    assert found(report, "extra-column").count == MOST_COLUMNS + 50


def test_missing_values_are_counted_as_null_and_as_blank():
    rows = table({"question": None, "answer": "b"}, {"question": " \n", "answer": "b"}, {"question": "", "answer": "b"})
    finding = found(lint(rows, template("Ask: {{ question }}")), "missing-value")
    assert finding.says == "The column 'question' is null in 1 row and blank in 2 rows."
    assert (finding.count, lines(finding)) == (3, [1, 2, 3])


def test_rows_that_give_the_same_prompt_are_shown_in_groups():
    pairs = [("a", "1"), ("b", "2"), ("a", "1"), ("c", "3"), ("b", "2"), ("a", "1")]
    report = lint(table(*({"question": question, "answer": answer} for question, answer in pairs)))
    finding = found(report, "same-prompt")
    assert finding.says == "2 prompts come from more than one row: 5 rows in all."
    assert [(one.group, one.line, one.excerpt) for one in finding.examples] == [
        (1, 1, "a"),
        (1, 3, "a"),
        (1, 6, "a"),
        (2, 2, "b"),
        (2, 5, "b"),
    ]
    assert "contradiction" not in codes(report, "warning")


def test_one_prompt_with_different_targets_is_a_contradiction():
    pairs = [("a", "yes"), ("a", "yes"), ("a", "no"), ("a", None), ("b", "x"), ("b", "x"), ("c", "y")]
    finding = found(lint(table(*({"question": q, "answer": a} for q, a in pairs))), "contradiction")
    assert finding.says == "1 prompt has different targets: 3 rows in all."
    assert [(one.group, one.line, one.excerpt) for one in finding.examples] == [(1, 1, "yes"), (1, 3, "no")]


@pytest.mark.parametrize(
    ("question", "answer", "leaks"),
    [
        ("Shorten: The cat sat on the mat.", "the CAT sat\non the mat.", True),
        ("Is it yes or no?", "yes", False),
        ("Who wrote it? Ann did, in 1999.", "Ann did", False),
        ("Shorten: The cat sat on the mat.", "A cat sat on the mat.", False),
    ],
)
def test_a_target_in_its_prompt_is_a_leak_unless_it_is_short(question, answer, leaks):
    report = lint(table({"question": question, "answer": answer}))
    assert ("leak" in codes(report, "warning")) == leaks


def test_an_answer_choice_may_stand_in_the_prompt_that_lists_it():
    rows = table({"question": "q", "answer": "billing or subscription"})
    body = "{{ question }} {{ answer_choices | join(', ') }}"
    listed = template(body, choices="answer_choices: [billing or subscription, delivery or order]\n")
    assert "leak" not in codes(lint(rows, listed), "warning")
    rows = table({"a": "the first of two answers", "b": "the second of two", "answer": "the second of two"})
    listed = template(
        "{{ answer_choices | join(', ') }}",
        "a: string, b: string",
        choices="""\
answer_choices: ["{{ a }}", "{{ b }}"]
""",
    )
    assert "leak" not in codes(lint(rows, listed), "warning")


def test_targets_that_are_no_choice_and_choices_that_never_occur():
    rows = table(*({"question": str(n), "answer": answer} for n, answer in enumerate(["yes", "yes", "Yes", "maybe"])))
    chosen = template("{{ question }} {{ answer_choices[0] }}", choices="answer_choices: ['yes', 'no']\n")
    report = lint(rows, chosen)
    assert (found(report, "no-choice").level, lines(found(report, "no-choice"))) == ("error", [3, 4])
    assert found(report, "no-choice").says == "2 targets are none of the answer choices."
    assert found(report, "unused-choice").says == "No target is 'no'."
    assert [tuple(one) for one in report.choices] == [("yes", 2), ("no", 0)]


@pytest.mark.parametrize(("no", "says"), [(9, True), (10, False)])
def test_choices_are_unbalanced_beyond_five_to_one(no, says):
    answers = ["yes"] * 50 + ["no"] * no
    rows = table(*({"question": str(number), "answer": answer} for number, answer in enumerate(answers)))
    report = lint(rows, template(choices="answer_choices: ['yes', 'no']\n"))
    assert ("unbalanced-choices" in codes(report, "warning")) == says


def test_choices_made_of_columns_are_counted_by_their_place():
    rows = table(
        {"question": "1", "a": "x", "b": "y", "answer": "x"},
        {"question": "2", "a": "y", "b": "x", "answer": "y"},
    )
    chosen = template(
        "{{ question }}", "question: any, a: any, b: any", choices="answer_choices: ['{{ a }}', '{{ b }}']\n"
    )
    assert [tuple(one) for one in lint(rows, chosen).choices] == [("{{ a }}", 2), ("{{ b }}", 0)]


def test_choices_that_one_expression_makes_are_counted_by_number():
    rows = table({"question": "q", "names": ["x"], "answer": "x"})
    made = replace(template("{{ question }}", "question: any"), answer_choices=("{{ names | join('|||') }}",))
    assert [tuple(one) for one in lint(rows, made).choices] == [("choice 1", 1)]


def test_a_template_of_promptsource_is_looked_at_by_its_own_rules():
    front = "id: ask\ndescription: d\nsyntax: promptsource\ninputs: {question: any, label: any, a: any, b: any}"
    body = "{{ question }} {{ answer_choices | join(' or ') }}? ||| {{ answer_choices[label] }}"
    choices = "answer_choices: '{{ a }} ||| {{ b }}'"
    made = parse_template(f"---\n{front}\n{choices}\n---\n{body}", "ask.prompt.md")
    names = {"a": "the first of them", "b": "the ||| second"}
    report = lint(table({"question": "q", "label": 1, **names}, {"question": "q", "label": 0, **names}), made)
    assert [tuple(one) for one in report.choices] == [("{{ a }}", 1), ("{{ b }}", 1)]
    assert codes(report, "error", "warning") == ["contradiction", "same-prompt"]
    assert {"no-system", "no-target"}.isdisjoint(codes(report, "note"))


@pytest.mark.parametrize(
    ("value", "code", "level"),
    [
        ("one ||| two", "separator", "note"),
        ("Hello\nassistant:\nHi", "role-line", "note"),
        ("the user: said", None, None),
        ("Bye<|im_end|>", "chat-token", "warning"),
        ("</s>", "chat-token", "warning"),
        ("[INST] Hi", "chat-token", "warning"),
        ("a < b and c > d", None, None),
        ([{"deep": ["<|eot_id|>"]}], "chat-token", "warning"),
    ],
)
def test_signs_that_mean_something_to_a_program(value, code, level):
    report = lint(table({"question": value, "answer": "a", "unused": "|||"}), template("{{ question | tojson }}"))
    signs = {finding.code: finding.level for finding in report.findings}
    assert {name: signs[name] for name in ("separator", "role-line", "chat-token") if name in signs} == (
        {code: level} if code else {}
    )


def test_the_excerpt_of_a_sign_shows_the_sign_and_that_it_is_an_excerpt():
    report = lint(table({"question": "a" * 900 + "<|im_end|>" + "b" * 900, "answer": "a"}))
    [example] = found(report, "chat-token").examples
    assert "<|im_end|>" in example.excerpt
    assert example.excerpt.startswith("…a")
    assert example.excerpt.endswith("b…")
    assert example.characters == 1_812


def test_the_longest_and_the_shortest_are_shown():
    rows = table(*({"question": "q" * n, "answer": "a" * (60 - n)} for n in range(1, 50)))
    report = lint(rows)
    longest, shortest = found(report, "longest-prompt"), found(report, "shortest-prompt")
    assert (longest.says, longest.count) == ("The longest prompt has 49 characters.", 1)
    assert lines(longest) == list(range(49, 49 - MOST_EXAMPLES, -1))
    assert lines(shortest) == list(range(1, MOST_EXAMPLES + 1))
    assert lines(found(report, "longest-target"))[0] == 1
    assert (report.lengths or {})["prompt"].characters == (1, 25, 47, 49)


def test_an_excerpt_of_a_prompt_shows_what_differs_from_row_to_row():
    rows = table({"question": "Who was it?", "answer": "She."})
    report = lint(rows, template("system:\n" + "Be brief. " * 50 + "\nuser:\n" + "{{ question }}" + "!" * 150))
    [example] = found(report, "longest-prompt").examples
    assert example.excerpt.startswith("…Who was it?!")
    assert example.characters == 499 + 2 + 161


def test_rows_with_too_many_tokens_are_counted():
    rows = table(*({"question": "word" * size, "answer": "a"} for size in (1, 1_100, 2_100, 5_000)))
    report = lint(rows)
    assert report.above == {1024: 3, 2048: 2, 4096: 1}
    assert lines(found(report, "too-long")) == [4]
    assert found(report, "too-long").says.startswith("1 row has more than 4,096 tokens, prompt and target together")


def test_the_template_alone_is_looked_at_without_rows():
    report = lint_template(template())
    assert report.rows is None
    assert codes(report, "note") == ["no-languages", "no-system", "no-tags"]
    assert as_json(report)["rows"] is None


def test_no_rows_are_no_errors():
    report = lint([])
    assert (report.rows, codes(report, "error", "warning"), report.lengths) == (0, [], {})


def test_a_pass_says_how_far_it_is_and_can_be_left():
    rows = table(*({"question": str(number), "answer": "a"} for number in range(3 * STEP)))
    looking = Lint(template(), {row.id: row for row in rows}.__getitem__)
    steps = looking.over(iter(rows))
    assert [next(steps), next(steps)] == [STEP, 2 * STEP]
    steps.close()
    assert looking.report().rows == 2 * STEP


def test_the_report_is_json():
    rows = table({"question": "a", "answer": "b"}, {"question": "a", "answer": "c"})
    report = json.loads(json.dumps(as_json(lint(rows))))
    assert report["levels"] == {"error": 0, "warning": 2, "note": report["levels"]["note"]}
    assert (report["rows"], report["rendered"], report["empty"], report["faults"]) == (2, 2, 0, 0)
    [example, _] = next(one for one in report["findings"] if one["code"] == "contradiction")["examples"]
    assert example == {
        "row_id": str(rows[0].id),
        "source": "rows.jsonl",
        "line": 1,
        "excerpt": "b",
        "characters": 1,
        "group": 1,
    }


# ---- properties

VALUES = st.sampled_from(
    ["skip", "a", "b", "A B", "|||", "user:\nx", "</s>", " ", "", None, 3, [1], {"a": "|||"}, "the long answer of it"]
)
ROWS = st.lists(st.dictionaries(st.sampled_from(["question", "answer", "other"]), VALUES), max_size=60)


@settings(max_examples=60)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(data: list[dict[str, Json]], chance: random.Random):
    chosen = template(choices="answer_choices: [a, b, the long answer of it]\n")
    rows = table(*data)
    shuffled = chance.sample(rows, len(rows))
    assert lint(rows, chosen) == lint(shuffled, chosen)


@settings(max_examples=60)
@given(ROWS)
def test_every_row_is_rendered_or_empty_or_a_fault(data: list[dict[str, Json]]):
    report = lint(table(*data))
    assert report.rows == len(data) == report.rendered + report.empty + report.faults
    assert sum(finding.count or 0 for finding in report.findings if finding.code == "fault") == report.faults
    counted = [finding for finding in report.findings if finding.count is not None]
    assert all(0 <= (finding.count or 0) <= len(data) for finding in counted)
    assert all(len(finding.examples) <= MOST_EXAMPLES for finding in report.findings)
    assert all(
        len(finding.examples) == min(finding.count or 0, MOST_EXAMPLES)
        for finding in report.findings
        if finding.code in ("fault", "empty-render", "empty-target", "leak", "missing-column", "missing-value")
    )


def test_real_dialogues_with_the_template_that_comes_for_them(shared_data: Path):
    path = shared_data / "dialogsum" / "dialogsum.test.jsonl"
    rows = table(*map(json.loads, path.read_text(encoding="utf-8").strip().split("\n")))
    report = lint(rows, load_template(HOME / "prompts", "dialogsum-summary"))
    assert (report.rows, report.rendered) == (500, 500)
    assert codes(report, "error", "warning") == []
    assert found(report, "extra-column").says == (
        "The template does not use 'fname', 'summary2', 'summary3', 'topic1', 'topic2' and 'topic3'."
    )
    leaky = replace(
        rows[0], data={**rows[0].data, "dialogue": f"{rows[0].data['summary1']}\n{rows[0].data['dialogue']}"}
    )
    report = lint(
        [leaky, *rows[1:], replace(rows[1], id=UUID(int=900), data={**rows[1].data, "summary1": "No."})],
        load_template(HOME / "prompts", "dialogsum-summary"),
    )
    assert lines(found(report, "leak")) == [1]
    assert [one.line for one in found(report, "contradiction").examples] == [2, 2]
    assert count_of(report, "warning") == 3
