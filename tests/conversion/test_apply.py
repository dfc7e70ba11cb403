"""Templates over whole projects."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

import pytest

from concord.conversion.apply import BATCH, MOST_PROBLEMS, apply_template
from concord.conversion.template import parse_template
from concord.ids import new_id
from concord.records import Item, Json, Problem, Project, Row, Settings, Template

PROJECT = Project(new_id(), "sample", Settings(overlap=3), datetime(2026, 1, 1, tzinfo=UTC))


@dataclass
class MemoryStore:
    table: list[Row]
    stored: dict[UUID, Item] = field(default_factory=dict)
    templates: list[Template] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    overlaps: set[int] = field(default_factory=set)

    def rows(self, project_id: UUID, *, limit: int | None = None) -> Iterator[Row]:
        return islice(iter(self.table), limit)

    def item_ids(self, project_id: UUID) -> dict[str, UUID]:
        return {item.name: item.id for item in self.stored.values()}

    def add_items(self, items: Sequence[Item], *, overlap: int) -> int:
        before = len(self.stored)
        self.stored = {item.id: item for item in items} | self.stored
        self.batches.append(len(items))
        self.overlaps.add(overlap)
        return len(self.stored) - before

    def add_template(self, template: Template) -> None:
        self.templates.append(template)

    def names(self) -> list[str]:
        return [item.name for item in self.stored.values()]


def template(template_id: str = "answer", body: str = "{% if question %}{{ question }}{% endif %}") -> Template:
    front = f"id: {template_id}\ndescription: d\ninputs: {{question: string}}\ntarget: answer"
    return parse_template(f"---\n{front}\n---\n{body}", f"{template_id}.prompt.md")


def store(*data: dict[str, Json]) -> MemoryStore:
    return MemoryStore([Row(new_id(), PROJECT.id, "rows.jsonl", n, each) for n, each in enumerate(data, 1)])


def test_each_row_becomes_an_item():
    made = store({"question": "Who?", "answer": "She.", "item_id": "q1"})
    applied = apply_template(made, PROJECT, template())
    assert applied == (1, 0, 0, ())
    [item] = made.stored.values()
    assert (item.name, item.messages[0].content, item.target) == ("q1", "Who?", "She.")
    assert (item.row_id, item.template_id, item.template_version) == (made.table[0].id, "answer", template().version)
    assert (item.project_id, item.kind, item.arm, made.templates) == (PROJECT.id, "response", "drafted", [template()])


def test_applying_again_adds_nothing_and_new_rows_are_added():
    made = store({"question": "a", "item_id": "q1"}, {"question": "b"})
    assert apply_template(made, PROJECT, template()) == (2, 0, 0, ())
    before = dict(made.stored)
    assert apply_template(made, PROJECT, template()) == (0, 2, 0, ())
    assert made.stored == before
    made.table.append(Row(new_id(), PROJECT.id, "rows.jsonl", 3, {"question": "c"}))
    assert apply_template(made, PROJECT, template()) == (1, 2, 0, ())


def test_one_bad_row_and_nothing_is_stored():
    made = store({"question": "a"}, {"text": "b"}, {"question": ["c"]})
    applied = apply_template(made, PROJECT, template())
    assert applied.problems == (
        Problem(
            "rows.jsonl",
            2,
            "question",
            "answer.prompt.md: 'question' is undefined for this row, which has ['text']",
            "Correct the template, or import the column it names.",
        ),
        Problem(
            "rows.jsonl",
            3,
            "question",
            "answer.prompt.md: 'question' is ['c'] for this row, which is no string",
            "Correct the row, or the type of 'question' in inputs.",
        ),
    )
    assert (applied.items, made.stored, made.templates) == (0, {}, [])


def test_the_check_ends_after_so_many_problems():
    made = store(*[{}] * (MOST_PROBLEMS + BATCH + 1))
    assert len(apply_template(made, PROJECT, template()).problems) == MOST_PROBLEMS


def test_the_check_ends_soon_when_each_bad_row_takes_as_long_as_it_may():
    made = store(*[{"question": "a"}] * 50)
    endless = template(
        body="{{ question }}{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    )
    problems = apply_template(made, PROJECT, endless).problems
    assert len(problems) == 2
    assert problems[0].found == "answer.prompt.md: the template works for longer than 1 s for this row"


def test_a_row_that_renders_to_nothing_is_counted_as_empty():
    made = store({"question": "a"}, {"question": None}, {"question": "  "})
    assert apply_template(made, PROJECT, template()) == (1, 0, 2, ())


def test_rows_are_stored_in_batches_with_the_projects_overlap_and_progress():
    made, done = store(*[{"question": "a"}] * (2 * BATCH + 500)), []
    assert apply_template(made, PROJECT, template(), on_progress=done.append).items == 2 * BATCH + 500
    assert (made.batches, made.overlaps) == ([BATCH, BATCH, 500], {3})
    assert done == [500, 1000, 1250, 1750, 2250, 2500]


def test_a_project_without_rows_is_no_error():
    assert apply_template(store(), PROJECT, template()) == (0, 0, 0, ())


def test_templates_that_share_a_row_share_its_name_in_turn():
    made = store({"question": "a", "item_id": "q1"}, {"question": "b", "item_id": 7})
    for each in (template("one"), template("two"), template("two", "Again: {{ question }}")):
        apply_template(made, PROJECT, each)
    names = sorted(made.names())
    assert [re.sub("-[0-9a-f]{16}$", "-…", name) for name in names] == [
        "7",
        "7/two",
        "7/two-…",
        "q1",
        "q1/two",
        "q1/two-…",
    ]


def test_rows_with_the_same_item_id_get_names_of_their_own():
    made = store(*[{"question": "a", "item_id": "q1"}] * 4)
    assert apply_template(made, PROJECT, template()).items == 4
    assert len(set(made.names())) == 4
    assert {"q1", "q1/answer"} < set(made.names())


@pytest.mark.parametrize(
    "data", [{"question": "a"}, {"question": "a", "item_id": None}, {"question": "a", "item_id": ""}]
)
def test_a_row_without_item_id_is_named_after_the_template_and_its_own_id(data):
    made = store(data)
    apply_template(made, PROJECT, template())
    assert re.fullmatch("answer-[0-9a-f]{16}", *made.names())
