"""Templates written for PromptSource: what came from there goes back as it was, ours are put into its form."""

from pathlib import Path

import jinja2
import pytest
import yaml

from concord.conversion.promptsource import TAGS, read_collection
from concord.conversion.promptsource_writer import write_collection
from concord.conversion.template import parse_template
from concord.errors import ConcordError
from concord.records.template import Template


class Loader(yaml.SafeLoader):
    """PromptSource's two classes as mappings."""


for tag in TAGS.values():
    Loader.add_constructor(tag, lambda loader, node: loader.construct_mapping(node, deep=True))


def ours(body: str, inputs: str = "{q: string}", *more: str, name: str = "ask") -> Template:
    front = [f"id: {name}", "description: d", f"inputs: {inputs}", *more]
    return parse_template("\n".join(["---", *front, "---", body]), f"{name}.prompt.md")


def written(*templates: Template, dataset: str | None = "d/s") -> dict:
    return yaml.load(write_collection(templates, dataset), Loader=Loader)


def shared_files(shared_data: Path) -> list[Path]:
    return sorted((shared_data / "promptsource" / "templates").rglob("templates.yaml"))


def test_what_was_imported_is_given_back(shared_data: Path) -> None:
    for path in shared_files(shared_data):
        text = path.read_text(encoding="utf-8")
        there = yaml.load(text, Loader=Loader)
        back = written(*read_collection(text, path.name).templates, dataset=None)
        for entry in there["templates"].values():
            entry.pop("task_template", None)
        assert back == there


def test_what_is_written_is_read_again_as_the_same_version(shared_data: Path) -> None:
    path = shared_files(shared_data)[0]
    first = read_collection(path.read_text(encoding="utf-8"), path.name)
    assert read_collection(write_collection(first.templates), path.name) == first


def test_role_sections_become_one_text_and_the_target_stands_behind_the_separator() -> None:
    made = written(ours("system:\nBe kind.\nuser:\n{{ q }}\nassistant:\n{{ q }}!", "{q: string}", "reference: me"))
    [entry] = made["templates"].values()
    assert (made["dataset"], made["subset"]) == ("d", "s")
    assert entry["jinja"] == "Be kind.\n\n{{ q }}\n\n|||\n{{ q }}!"
    assert (entry["name"], entry["reference"], entry["answer_choices"]) == ("ask", "me", None)
    assert written(ours("{{ q }}", "{q: string}", "target: a"))["templates"].keys() == made["templates"].keys()


@pytest.mark.parametrize(("row", "text"), [({"a": 0}, "0"), ({"a": None}, ""), ({}, ""), ({"a": "x"}, "x")])
def test_a_column_without_a_value_is_the_empty_target_there_too(row: dict, text: str) -> None:
    [entry] = written(ours("Ask.", "{}", "target: a"))["templates"].values()
    assert jinja2.Environment().from_string(entry["jinja"]).render(row) == f"Ask.\n\n|||\n{text}"


def test_answer_choices_are_written_as_one_text() -> None:
    choices = "answer_choices: ['{{ q }}', b]"
    [entry] = written(ours("{{ answer_choices[0] }}", "{q: any}", "target: a", choices))["templates"].values()
    assert entry["answer_choices"] == "{{ q }} ||| b"


@pytest.mark.parametrize(
    ("templates", "dataset", "message"),
    [
        ([], "d", "There is no template to export. Name some, by id, tag or data set."),
        ([ours("{{ q }}", "{q: any}", "target: a")], None, "No template says what data set it is for. Name it with "
         "--dataset."),
        (
            [ours("{{ q }}")],
            "d",
            "ask.prompt.md: it has no target, which PromptSource cannot say. Add a target, or an assistant section.",
        ),
        (
            [ours("user:\n{{ q }}\nassistant:\nYes.\nuser:\nWhy?", "{q: any}", "target: a")],
            "d",
            "ask.prompt.md: it has several turns, which PromptSource cannot say. Leave one question and its answer.",
        ),
        (
            [ours("a ||| {{ q }}", "{q: any}", "target: a")],
            "d",
            "ask.prompt.md: its text holds |||, which parts prompt and target there, which PromptSource cannot say. "
            "Write it otherwise.",
        ),
        (
            [ours("user:\n{% set a = 1 %}{{ q }}\nassistant:\n{{ a }}", "{q: any, a: any}")],
            "d",
            "ask.prompt.md: a section sets ['a'], which another one reads, which PromptSource cannot say. "
            "Rename what is set.",
        ),
    ],
)  # fmt: skip
def test_what_promptsource_cannot_say_is_refused(templates: list, dataset: str | None, message: str) -> None:
    with pytest.raises(ConcordError) as caught:
        write_collection(templates, dataset)
    assert str(caught.value) == message


def test_templates_for_several_data_sets_are_not_written_into_one_file(shared_data: Path) -> None:
    templates = [
        template
        for path in shared_files(shared_data)[:2]
        for template in read_collection(path.read_text(encoding="utf-8"), path.name).templates
    ]
    with pytest.raises(ConcordError, match=r"^The templates are for several data sets: ag_news, amazon_polarity\. "):
        write_collection(templates)
