"""A model's answers to the test split, beside a base model's and people's."""

from math import nan
from pathlib import Path

import pytest

from concord.errors import InputError
from concord.evaluating import Evaluation, evaluate, read_answers
from concord.export.options import ExportOptions
from concord.export.run import export

SHARES = (0.5, 0.0, 0.5)
NO_ANSWER = "answers.jsonl, line 2: it has no item_id with an answer. Write item_id and answer, both as text."


@pytest.fixture
def held_out(campaign, tmp_path: Path) -> dict[str, str]:
    """The answers to the items of a test split, by name; each has been edited by two people."""
    for number in range(8):
        item = campaign.item(f"q{number}")
        campaign.edit(item, "ann", f"The answer is {number}.")
        campaign.edit(item, "bob", f"It is {number}.")
    export(campaign.store, campaign.project, ExportOptions("trl-sft", shares=SHARES), tmp_path / "out")
    kept = campaign.store.kept_splits(campaign.project.id, "0.5,0,0.5 by 0")
    names = {item.id: item.name for item in campaign.store.items(campaign.project.id)}
    return {names[item]: f"The answer is {names[item][1:]}." for item, split in kept.items() if split == "test"}


def run(campaign, **asked):
    """Evaluate at the time of the project."""
    return evaluate(campaign.store, campaign.project, Evaluation(**asked), now=campaign.project.created_at)


def test_a_model_that_says_what_people_say_scores_one_and_stands_beside_base_and_people(campaign, held_out) -> None:
    report = run(campaign, answers=held_out, baseline=dict.fromkeys(held_out, "Nobody knows"))
    assert (report["items"], report["unanswered"], report["unknown"]) == (4, [], [])
    for measure in ("exact_match", "rouge_l", "bleu", "chrf"):
        found = {name: one["value"] for name, one in report["measures"][measure].items()}
        assert found["model"] == 1
        assert found["baseline"] < found["model"]
        assert found["difference"] == pytest.approx(1 - found["baseline"])
        assert found["people"] == 0 if measure == "exact_match" else 0 < found["people"] < 1


def test_a_judge_says_how_often_answers_are_better_than_people_s_with_ties_as_half_and_silence_left_out(
    campaign, held_out
) -> None:
    first, second, third, fourth = held_out
    shown = []

    def judge(items, pairs):
        shown.extend((item.name, item.messages[0].content, *pair) for item, pair in zip(items, pairs, strict=True))
        return [{"Best.": 1.0, "Worst.": 0.0, "As good.": 0.5}.get(text, nan) for text, _ in pairs]

    answers = {first: "Best.", second: "Best.", third: "As good.", fourth: "Silence."}
    base = {first: "Worst.", second: "Best.", third: "Worst."}
    asked = Evaluation(answers, base, judge=True)
    report = evaluate(campaign.store, campaign.project, asked, now=campaign.project.created_at, judge=judge)
    found = {name: (one["value"], one["annotations"]) for name, one in report["measures"]["judge"].items()}
    assert found["model"] == (pytest.approx(5 / 6), 3)
    assert found["baseline"] == (pytest.approx(1 / 3), 3)
    assert found["difference"] == (pytest.approx(0.5), 3)
    assert found["people"] == (None, 0)
    assert report["measures"]["judge"]["people"]["note"] == "not defined: there is no verdict"
    assert (first, f"What about {first}?", "Best.", held_out[first]) in shown
    assert len(shown) == 4 + 3 + 4  # of what other people wrote, one text an item


def test_what_is_missing_and_what_is_not_of_the_split_is_named(campaign, held_out) -> None:
    first, *others = held_out
    report = run(campaign, answers={**{name: held_out[name] for name in others}, "nope": "No."})
    assert (report["items"], report["unanswered"], report["unknown"]) == (3, [first], ["nope"])
    assert "baseline" not in report["measures"]["chrf"]


def test_items_of_a_mixture_are_known_by_their_project_and_those_of_others_are_counted(
    campaign, held_out, new_campaign
) -> None:
    own, other = campaign.project.name, new_campaign().project.name
    answers = {**{f"{own}/{name}": text for name, text in held_out.items()}, f"{other}/q1": "One.", "nope": "No."}
    report = run(campaign, answers=answers, baseline={f"{own}/{name}": "Nobody knows" for name in held_out})
    assert (report["items"], report["unanswered"], report["unknown"]) == (4, [], ["nope"])
    assert (report["of_other_projects"], report["measures"]["exact_match"]["difference"]["value"]) == (1, 1)


def test_the_worst_answers_go_back_to_the_desk_once_and_stay_in_their_split(campaign, held_out, tmp_path: Path) -> None:
    failed = next(iter(held_out))
    answers = {**held_out, failed: "Quite wrong"}
    report = run(campaign, answers=answers, baseline=held_out, model="tuned", send_back=1)
    assert report["worst"][0]["item"] == failed
    assert report["sent_back"] == [f"{failed} / sent back"]
    item = campaign.store.named_item(campaign.project.id, f"{failed} / sent back")
    drafts = campaign.store.drafts(item.id)
    assert [(draft.model, draft.text) for draft in drafts] == [
        ("tuned", "Quite wrong"),
        ("base of tuned", held_out[failed]),
    ]
    assert run(campaign, answers=answers, send_back=1)["sent_back"] == []
    campaign.edit(item, "cid", "Better.")
    export(campaign.store, campaign.project, ExportOptions("trl-sft", shares=SHARES), tmp_path / "out")
    assert campaign.store.kept_splits(campaign.project.id, "0.5,0,0.5 by 0")[item.id] == "test"


def test_without_a_test_split_or_an_answer_to_it_nothing_is_measured(campaign, held_out, new_campaign) -> None:
    with pytest.raises(InputError) as caught:
        run(campaign, answers={"nope": "No."})
    assert str(caught.value) == (
        "None of the 1 answers is to one of the 4 items held out for testing. "
        "Answer the rows of test.jsonl, and keep their item_id."
    )
    empty = new_campaign()
    with pytest.raises(InputError) as caught:
        run(empty, answers=held_out)
    assert str(caught.value) == (
        f"No export of {empty.project.name!r} holds anything out for testing. Export it with --split 0.8,0.1,0.1."
    )


def test_answers_are_texts_or_messages(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(
        '{"item_id": "a", "answer": "One\u2028two."}\n\n{"item_id": "b", "text": "Two."}\n'
        '{"item_id": "c", "completion": [{"role": "assistant", "content": "Three."}]}\n',
        encoding="utf-8",
    )
    assert read_answers(path) == {"a": "One\u2028two.", "b": "Two.", "c": "Three."}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "answers.jsonl, line 2: no JSON (unexpected end of data: line 1 column 2 (char 1)). Correct it."),
        (
            '{"item_id": "a"}',
            "answers.jsonl, line 2: it has no item_id with an answer. Write item_id and answer, both as text.",
        ),
        ("[]", "answers.jsonl, line 2: it has no item_id with an answer. Write item_id and answer, both as text."),
    ],
)
def test_a_line_that_is_no_answer_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(f'{{"item_id": "a", "answer": "One."}}\n{line}\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_answers(path)
    assert str(caught.value) == message
