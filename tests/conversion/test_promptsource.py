"""PromptSource's files read: the shared folders with texts derived by hand, small files of our own, hostile ones."""

from pathlib import Path
from uuid import UUID

import pytest

from concord.conversion.promptsource import MAX_SIZE, read_collection
from concord.conversion.render import render
from concord.errors import InputError
from concord.records.item import Message
from concord.records.template import PromptSourceFacts, Template

FOLDERS = {
    "ag_news": 7,
    "amazon_polarity": 9,
    "common_gen": 9,
    "glue/mrpc": 7,
    "imdb": 11,
    "samsum": 7,
    "squad_v2": 12,
    "trec": 18,
    "xsum": 10,
    "yelp_review_full": 7,
}
ANSWERED = {
    "context": "Tea ||| and milk.",
    "question": "With what?",
    "answers": {"text": ["milk ||| honey"], "answer_start": [8]},
    "title": "A_cup_of_tea",
}
UNANSWERED = {**ANSWERED, "answers": {"text": [], "answer_start": []}}


def collection(text: str, name: str = "templates.yaml"):
    return read_collection(text, name)


def entry(jinja: str = "'{{ a }} ||| {{ b }}'", *, key: str = "k1", name: str = "One", more: str = "") -> str:
    said = f"  {key}: !Template\n    answer_choices: null\n    id: {key}\n    jinja: {jinja}\n    name: {name}\n"
    return said + f"    reference: ''\n    metadata: !TemplateMetadata\n      metrics: [ROUGE]\n{more}"


def shared(shared_data: Path, folder: str) -> dict[str, Template]:
    path = shared_data / "promptsource" / "templates" / folder / "templates.yaml"
    read = read_collection(path.read_text(encoding="utf-8"), path.name)
    assert read.problems == ()
    return {template.promptsource.name: template for template in read.templates if template.promptsource}


@pytest.mark.parametrize(("folder", "count"), FOLDERS.items())
def test_every_shared_template_is_read_as_it_stands(shared_data: Path, folder: str, count: int) -> None:
    templates = shared(shared_data, folder)
    assert len({template.id for template in templates.values()}) == len(templates) == count
    for template in templates.values():
        assert template.syntax == "promptsource"
        assert template.reference == f"{folder}/{template.promptsource.uuid}"
        assert template.languages == ("en",)


# What PromptSource's rules give, derived by hand from each template and its row.
@pytest.mark.parametrize(
    ("folder", "name", "row", "prompt", "target"),
    [
        (
            "ag_news",
            "classify_question_first",
            {"text": "Rates rise.", "label": 2},
            "What label best describes this news article?\nRates rise.",
            "Business",
        ),
        (
            "ag_news",
            "classify_with_choices_question_first",
            {"text": "{{ 7 * 7 }} ||| won", "label": 1},
            "Is this a piece of news regarding world politics, sports, business, or science and technology?\n"
            "{{ 7 * 7 }} ||| won",
            "Sports",
        ),
        (
            "amazon_polarity",
            "Is_this_review",
            {"title": None, "content": "Fine.", "label": 1},
            "Title: None\nReview: Fine.\nIs the review positive or negative?",
            "Positive",
        ),
        (
            "common_gen",
            "Put together",
            {"concepts": ["tea", "cup"], "target": "A cup of tea. "},
            "Put the concepts together to form a sentence: tea, cup.",
            "A cup of tea.",
        ),
        (
            "common_gen",
            "topics from the sentence",
            {"concepts": ["tea|||", "cup"], "target": "A cup of tea."},
            "What are the topics in the sentence: A cup of tea.",
            "tea|||, cup",
        ),
        (
            "common_gen",
            "topic to sentence",
            {"concepts": ["tea"], "target": "Tea."},
            "Can you write a sentence about the topic tea?",
            "Tea.",
        ),
        (
            "glue/mrpc",
            "generate_paraphrase",
            {"sentence1": "A.", "sentence2": "B.", "label": 1},
            "Paraphrase the following sentence: A.",
            "B.",
        ),
        ("glue/mrpc", "generate_paraphrase", {"sentence1": "A.", "sentence2": "B.", "label": 0}, None, None),
        (
            "glue/mrpc",
            "equivalent",
            {"sentence1": "A.", "sentence2": "B.", "label": 0},
            'Are the following two sentences "equivalent" or "not equivalent"?\nA.\nB.',
            "not equivalent",
        ),
        (
            "imdb",
            "Reviewer Opinion bad good choices",
            {"text": "Dull.", "label": 0},
            "Dull. Did the reviewer find this movie good or bad?",
            "bad",
        ),
        (
            "samsum",
            "Given the above dialogue write a summary",
            {"dialogue": "A: Hi.\nB: Hi.", "summary": "They greet."},
            "A: Hi.\nB: Hi.\nGiven the above dialogue, write a summary.",
            "They greet.",
        ),
        ("samsum", "Summarize this dialogue:", {"dialogue": "A: Hi.", "summary": ""}, None, None),
        (
            "squad_v2",
            "Topic Prediction - Context",
            ANSWERED,
            "What is the following passage about?\nTea ||| and milk.",
            "A cup of tea",
        ),
        ("squad_v2", "Trivia", ANSWERED, "With what?", "milk ||| honey"),
        ("squad_v2", "Trivia", UNANSWERED, None, None),
        (
            "squad_v2",
            "Jeopardy with Context",
            ANSWERED,
            "Determine the question that you might have asked to get back the following answer for the given context\n"
            "Context: Tea ||| and milk.;\nAnswer: milk ||| honey;\nQuestion:",
            "With what?",
        ),
        (
            "squad_v2",
            "Unanwerable question",
            UNANSWERED,
            "Context: Tea ||| and milk.; \n\nQuestion: With what? \n\nIs this question answerable?",
            "no",
        ),
        (
            "trec",
            "what_category_best_describe",
            {"text": "Where is Pisa?", "coarse_label": 4, "fine_label": 32},
            "Categories: Abbreviation, Entity, Description, Person, Location, Quantity\n\n"
            "What category best describes: Where is Pisa? \nAnswer:",
            "Location",
        ),
        (
            "trec",
            "fine_grained_LOC",
            {"text": "Where is Pisa?", "coarse_label": 4, "fine_label": 33},
            "Is this question asking for city, country, mountain, other location, state?\nWhere is Pisa?",
            "country",
        ),
        ("trec", "fine_grained_LOC", {"text": "Who?", "coarse_label": 3, "fine_label": 33}, None, None),
        (
            "xsum",
            "DOC_write_summary_of_above",
            {"document": "It rains.", "summary": "Rain."},
            "It rains.\n\n===\n\nWrite a summary of the text above :",
            "Rain.",
        ),
        (
            "yelp_review_full",
            "so_i_would",
            {"text": "Good soup.", "label": 4},
            "Good soup.\nSo I would like to give it",
            "5 stars",
        ),
    ],
)
def test_a_shared_template_renders_by_promptsources_rules(
    shared_data: Path, folder: str, name: str, row: dict, prompt: str | None, target: str | None
) -> None:
    made = render(shared(shared_data, folder)[name], row)
    assert made.messages == (() if prompt is None else (Message("user", prompt),))
    assert made.target == target


def test_choice_in_a_shared_template_follows_the_row_and_nothing_is_cut(shared_data: Path) -> None:
    template = shared(shared_data, "squad_v2")["Questions with Context"]
    row = {**UNANSWERED, "context": "x" * 5_000}
    made = [render(template, row, row_id=UUID(int=number)) for number in range(20)]
    firsts = {one.messages[0].content.split("\n")[0] for one in made}
    assert firsts == {"Answer the question depending on the context.", "What is the answer?"}
    assert all("x" * 5_000 in one.messages[0].content for one in made)
    assert {one.target for one in made} == {"Answer not in context"}
    assert made == [render(template, row, row_id=UUID(int=number)) for number in range(20)]


def test_dialogues_make_two_parts_with_each_samsum_template(shared_data: Path) -> None:
    row = {"dialogue": "#Person1#: Hello.", "summary": "A greeting."}
    for template in shared(shared_data, "samsum").values():
        made = render(template, row)
        assert made.messages
        assert made.target


def test_what_promptsource_says_of_a_template_is_kept() -> None:
    more = "      languages: [en, fr]\n      original_task: true\n      choices_in_prompt: null\n"
    text = "dataset: ag_news\nsubset: small\ntemplates:\n" + entry(key="0-1", name="'Which? '", more=more)
    [template] = collection(text).templates
    assert template.promptsource == PromptSourceFacts(
        "ag_news", "small", "0-1", "Which? ", "", ("ROUGE",), original_task=True
    )
    assert (template.id, template.reference) == ("ag-news-small-which", "ag_news/small/0-1")
    assert (template.inputs, template.languages) == ({"a": "any", "b": "any"}, ("en", "fr"))
    assert template.sections[0].body == "{{ a }} ||| {{ b }}"


def test_an_unknown_key_is_ignored_and_an_anchor_is_followed() -> None:
    shared_metadata = "    metadata: &one !TemplateMetadata\n      metrics: [BLEU]\n    task_template: true\n"
    head = "    answer_choices: null\n    jinja: '{{ a }}|||b'\n    reference: ''\n"
    text = (
        f"dataset: d\ntemplates:\n  k1: !Template\n{head}    name: one\n{shared_metadata}"
        f"  k2: !Template\n{head}    name: two\n    metadata: *one\n"
    )
    assert [template.promptsource.metrics for template in collection(text).templates] == [("BLEU",), ("BLEU",)]


def test_names_that_make_the_same_id_are_told_apart_by_their_keys() -> None:
    made = collection("dataset: d\ntemplates:\n" + entry(key="a1", name="The one!") + entry(key="b2", name="the One"))
    assert [template.id for template in made.templates] == ["d-the-one-a1", "d-the-one-b2"]


@pytest.mark.parametrize(("name", "slug"), [("Où?", "d-ou"), ("问题", "d"), ("'--'", "d")])
def test_an_id_is_made_of_a_name_in_any_script(name: str, slug: str) -> None:
    [template] = collection("dataset: d\ntemplates:\n" + entry(name=name)).templates
    assert template.id == slug


@pytest.mark.parametrize(
    ("jinja", "found"),
    [
        ("'{{ a'", "line 1 of its Jinja: unexpected end of template, expected 'end of print statement'"),
        ("'{% include a %}'", "line 1 of its Jinja: this tag has no place in a prompt; use if, for, set or with"),
        ("''", "d-one.prompt.md: there is no text. Write the prompt, ||| and the target"),
        ("3", "jinja is 3, which is no text"),
        ("null", "jinja is None, which is no text"),
    ],
)
def test_a_bad_template_is_named_with_its_cause_and_the_others_are_read(jinja: str, found: str) -> None:
    made = collection("dataset: d\ntemplates:\n" + entry(jinja) + entry(key="k2", name="two"))
    assert [template.id for template in made.templates] == ["d-two"]
    [problem] = made.problems
    assert (problem.source, problem.found) == ("templates.yaml", f"template k1 ('One'): {found}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "dataset: !!python/object/apply:os.system ['true']\ntemplates: {}\n",
            "templates.yaml, line 1: it is not YAML of PromptSource: could not determine a constructor for the tag "
            "'tag:yaml.org,2002:python/object/apply:os.system'. Correct the line.",
        ),
        (
            "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
            "templates.yaml, line 2: an alias stands inside an anchor. Write it out.",
        ),
        ("[" * 5_000, "templates.yaml: it is nested deeper than 20 levels. Choose a templates.yaml."),
        (
            "a" * (MAX_SIZE + 1),
            "templates.yaml: the file has 4,000,001 characters. Import files of at most 4,000,000.",
        ),
        ("- 1\n", "templates.yaml: it holds no mapping. Choose a templates.yaml."),
        ("a: \x00", "templates.yaml: it is not YAML of PromptSource. Choose a templates.yaml."),
        (
            "dataset: d\n",
            "templates.yaml: it has no text 'dataset' beside a mapping 'templates', as a file of PromptSource has. "
            "Choose a templates.yaml.",
        ),
    ],
)
def test_a_file_that_is_none_of_promptsources_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        collection(text)
    assert str(caught.value) == message
