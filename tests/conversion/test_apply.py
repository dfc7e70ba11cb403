"""Templates over whole projects."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from concord.conversion import apply
from concord.conversion.apply import BATCH, MOST_PROBLEMS, Applied, How, apply_template
from concord.conversion.template import parse_template
from concord.errors import Conflict
from concord.ids import new_id
from concord.records.annotation import Edit
from concord.records.item import Item
from concord.records.kinds import Json
from concord.records.row import Problem
from concord.records.run import DraftingRun
from concord.records.template import Application, Template

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
RERENDER, SKIP_BAD = How(rerender=True), How(skip_bad=True)


def template(template_id: str = "answer", body: str = "{% if question %}{{ question }}{% endif %}") -> Template:
    front = f"id: {template_id}\ndescription: d\ninputs: {{question: string}}\ntarget: answer"
    return parse_template(f"---\n{front}\n---\n{body}", f"{template_id}.prompt.md")


NEWER = template(body="Answer: {{ question }}")


class Rows:
    """A project with rows, to which templates are applied."""

    def __init__(self, campaign: Any) -> None:
        self.store, self.project, self.campaign = campaign.store, campaign.project, campaign
        self.read = 0

    def add(self, *data: dict[str, Json]) -> None:
        with self.store.staging(self.project.id, "rows.jsonl", NOW) as stage:
            lines = range(self.read + 1, self.read + 1 + len(data))
            stage.add(lines, [orjson.dumps(each) for each in data])
            stage.commit()
        self.read += len(data)

    def apply(self, which: Template | None = None, how: How = apply.PLAIN, **more: Any) -> Applied:
        return apply_template(self.store, self.project, which or template(), how, now=NOW, **more)

    def items(self) -> list[Item]:
        return self.store.items(self.project.id)

    def names(self) -> list[str]:
        return [item.name for item in self.items()]


@pytest.fixture
def rows(new_campaign: Callable[..., Any]) -> Callable[..., Rows]:
    def make(*data: dict[str, Json]) -> Rows:
        made = Rows(new_campaign(overlap=3))
        made.add(*data)
        return made

    return make


def test_each_row_becomes_an_item(rows):
    made = rows({"question": "Who?", "answer": "She.", "item_id": "q1"})
    assert made.apply() == Applied(items=1)
    [item] = made.items()
    [row] = made.store.rows(made.project.id)
    assert (item.name, item.messages[0].content, item.target) == ("q1", "Who?", "She.")
    assert (item.row_id, item.template_id, item.template_version) == (row.id, "answer", template().version)
    assert (item.project_id, item.kind, item.arm) == (made.project.id, "response", "drafted")
    assert made.store.engine.read("select wanted from queue") == [(3,)]
    assert made.store.template_source(template().version) == template().source


def test_applying_again_adds_nothing_and_new_rows_are_added(rows):
    made = rows({"question": "a", "item_id": "q1"}, {"question": "b"})
    assert made.apply() == Applied(items=2)
    before = made.items()
    assert made.apply() == Applied(present=2)
    assert made.items() == before
    made.add({"question": "c"})
    assert made.apply() == Applied(items=1, present=2)


def test_a_version_is_noted_as_applied_once(rows):
    made = rows({"question": "a"})
    for which in (template(), template(), NEWER, template()):
        made.apply(which)
    versions = [one.version for one in made.store.applications(made.project.id)]
    assert sorted(versions) == sorted([template().version, NEWER.version, template().version])


def test_one_bad_row_and_nothing_is_stored(rows):
    made = rows({"question": "a"}, {"text": "b"}, {"question": ["c"]})
    applied = made.apply()
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
    assert (applied.refused, made.items(), made.store.applications(made.project.id)) == (True, [], [])


def test_bad_rows_can_be_left_out_and_are_named(rows):
    made = rows({"question": "a"}, {"text": "b"}, {"question": ["c"]})
    applied = made.apply(how=SKIP_BAD)
    assert (applied.items, applied.left_out, applied.refused) == (1, 2, False)
    assert [problem.line for problem in applied.problems] == [2, 3]


def test_the_check_ends_after_so_many_problems(rows):
    made = rows(*({"text": n} for n in range(MOST_PROBLEMS + BATCH + 1)))
    applied = made.apply()
    assert (len(applied.problems), applied.refused) == (MOST_PROBLEMS, True)


def test_the_check_ends_soon_when_each_bad_row_takes_as_long_as_it_may(rows):
    made = rows(*({"question": str(n)} for n in range(50)))
    endless = template(
        body="{{ question }}{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    )
    problems = made.apply(endless).problems
    assert len(problems) == 2
    assert problems[0].found == "answer.prompt.md: the template works for longer than 1 s for this row"


def test_however_many_bad_rows_are_left_out_the_first_are_named(rows):
    made = rows({"question": "a"}, *({"text": n} for n in range(MOST_PROBLEMS + 5)), {"question": "b"})
    applied = made.apply(how=SKIP_BAD)
    assert (applied.items, applied.left_out, len(applied.problems)) == (2, MOST_PROBLEMS + 5, MOST_PROBLEMS)


def test_rows_that_take_too_long_are_not_left_out_for_ever(rows, monkeypatch):
    monkeypatch.setattr(apply, "PATIENCE", 0.0)
    made = rows({"text": "a"}, {"question": "b"})
    applied = made.apply(how=SKIP_BAD)
    assert (applied.refused, len(applied.problems), made.items()) == (True, 1, [])


def test_a_row_that_renders_to_nothing_is_counted_as_empty(rows):
    made = rows({"question": "a"}, {"question": None}, {"question": "  "})
    assert made.apply() == Applied(items=1, empty=2)


def test_rows_are_stored_in_batches_with_progress(rows):
    made, done = rows(*({"question": str(n)} for n in range(2 * BATCH + 500))), []
    assert made.apply(on_progress=done.append).items == 2 * BATCH + 500
    assert done == [500, 1000, 1250, 1750, 2250, 2500]


def test_a_project_without_rows_is_no_error(rows):
    assert rows().apply() == Applied()


def test_templates_that_share_a_row_share_its_name_in_turn(rows):
    made = rows({"question": "a", "item_id": "q1"}, {"question": "b", "item_id": 7})
    for each in (template("one"), template("two")):
        made.apply(each)
    made.apply(template("two", "Again: {{ question }}"), RERENDER)
    names = [re.sub("-[0-9a-f]{16}$", "-…", name) for name in made.names()]
    assert sorted(names) == ["7", "7/two-…", "q1", "q1/two-…"]


def test_rows_with_the_same_item_id_get_names_of_their_own(rows):
    made = rows(*({"question": text, "item_id": "q1"} for text in "abcd"))
    assert made.apply().items == 4
    assert len(set(made.names())) == 4
    assert {"q1", "q1/answer"} < set(made.names())


@pytest.mark.parametrize(
    "data", [{"question": "a"}, {"question": "a", "item_id": None}, {"question": "a", "item_id": ""}]
)
def test_a_row_without_item_id_is_named_after_the_template_and_its_own_id(rows, data):
    made = rows(data)
    made.apply()
    assert re.fullmatch("answer-[0-9a-f]{16}", *made.names())


# ---- a newer version


def test_rows_keep_the_items_they_have_when_a_newer_version_is_applied(rows):
    made = rows({"question": "a"}, {"question": "b"})
    made.apply()
    made.add({"question": "c"})
    assert made.apply(NEWER) == Applied(items=1, kept=2)
    assert [item.template_version == NEWER.version for item in made.items()] == [False, False, True]


def test_re_rendering_replaces_items_in_their_place(rows):
    made = rows({"question": "a"}, {"question": "b"})
    made.apply()
    old = made.items()
    assert made.apply(NEWER, RERENDER) == Applied(items=2, retired=2)
    assert [item.messages[0].content for item in made.items()] == ["Answer: a", "Answer: b"]
    noted = made.store.engine.read("select item_id, replaced_by from retired")
    assert set(noted) == set(zip([one.id for one in old], [one.id for one in made.items()], strict=True))


def test_what_somebody_judged_keeps_its_version(rows):
    made = rows({"question": "a"}, {"question": "b"})
    made.apply()
    judged, _ = made.items()
    made.campaign.judge(judged, "ana", Edit(None, "So."))
    assert made.apply(NEWER, RERENDER) == Applied(items=1, kept=1, retired=1)
    assert made.items()[0] == judged


def test_a_row_of_which_the_newer_version_asks_nothing_leaves_the_queue(rows):
    made = rows({"question": "a"}, {"question": "b"})
    made.apply()
    fewer = template(body="{% if question == 'b' %}{{ question }}{% endif %}")
    assert made.apply(fewer, RERENDER) == Applied(items=1, empty=1, retired=2)
    assert made.store.engine.read("select reason from retired order by reason") == [
        ("left out by a newer version",),
        ("replaced by a newer version",),
    ]


def test_an_item_whose_row_cannot_be_rendered_any_more_stays(rows):
    made = rows({"question": "a"}, {"question": 7})
    made.apply()
    strict = template(body="{{ question.upper() }}")
    applied = made.apply(strict, How(rerender=True, skip_bad=True))
    assert (applied.items, applied.left_out, applied.retired) == (1, 1, 1)
    assert [item.template_version == strict.version for item in made.items()] == [True, False]


def test_an_older_version_that_is_applied_again_finds_its_items_again(rows):
    made = rows({"question": "a"})
    made.apply()
    old = made.items()
    made.campaign.draft(old[0], "d1", "So.")
    made.apply(NEWER, RERENDER)
    assert made.apply(how=RERENDER) == Applied(items=1, retired=1)
    assert made.items() == old
    assert made.store.engine.read("select drafts from queue") == [(1,)]


def test_only_the_version_applied_last_places_items(rows):
    made = rows(*({"question": str(n)} for n in range(BATCH + 1)))

    def overtake(done: int) -> None:
        if done >= BATCH:  # one batch of two has been placed
            made.store.add_application(Application(new_id(), made.project.id, "answer", "another one", NOW))

    with pytest.raises(Conflict) as caught:
        made.apply(on_progress=overtake)
    assert str(caught.value) == (
        "Another version of 'answer', another one, was applied to this project meanwhile. "
        "Apply the one that is to stand."
    )
    assert len(made.items()) == BATCH


def test_nothing_is_replaced_while_drafts_are_made(rows):
    made = rows({"question": "a"})
    made.apply()
    old = made.items()
    made.store.save_run(DraftingRun(new_id(), made.project.id, "m", 1, 0, 0, "running", NOW))
    with pytest.raises(Conflict) as caught:
        made.apply(NEWER, RERENDER)
    assert str(caught.value) == (
        "Drafts are being made for this project. Stop the run, or wait for its end, then re-render."
    )
    assert made.items() == old


def test_items_get_their_arms_also_when_they_are_rendered_anew(rows):
    made = rows({"question": "Who?"}, {"question": "Why?"})
    made.apply(arm_of=lambda _: "canary")
    assert [item.arm for item in made.items()] == ["canary", "canary"]
    made.apply(NEWER, RERENDER, arm_of=lambda _: "undrafted")
    assert [item.arm for item in made.items()] == ["undrafted", "undrafted"]
    assert {count.arm: count.items for count in made.store.arm_counts(made.project.id)} == {"undrafted": 2}
    assert [check for check in made.store.verify() if check.wrong] == []
