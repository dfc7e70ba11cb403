"""The check of a data set: each thing that it looks for is found, named and counted, in a real store."""

from collections.abc import Callable
from typing import Any

import pytest

from concord.checking import detectors_of
from concord.curation.check import CheckReport, DatasetCheck, as_json
from concord.curation.findings import Finding
from concord.records.annotation import Labels
from concord.records.item import Message

LONG = "It rains on most days of autumn in the north of the country, and people carry umbrellas. "


def checked(campaign: Any) -> CheckReport:
    check = DatasetCheck(campaign.store, campaign.project, detectors_of(campaign.project))
    for _ in check.over():
        pass
    return check.report()


def found(campaign: Any) -> dict[str, Finding]:
    return {finding.code: finding for finding in checked(campaign).findings}


def names(finding: Finding) -> list[str]:
    return [one.item for one in finding.shown]


def asking(text: str, *, system: str | None = None) -> tuple[Message, ...]:
    return (*((Message("system", system),) if system else ()), Message("user", text))


@pytest.mark.parametrize(
    ("answer", "code", "level"),
    [
        ("", "empty", "error"),
        (" \n", "empty", "error"),
        ("So it is.<|im_end|>", "chat-token", "warning"),
        ("So it </s> is.", "chat-token", "warning"),
        ("So\x00it is.", "nul", "warning"),
        ("So it \ufffd is.", "replaced", "warning"),
        ("So\x07 it is.", "control", "note"),
        ("So\u200b it is.", "invisible", "note"),
        ("So\u2028it is.", "separator", "note"),
        ("So\r\nit is.", "line-ends", "note"),
        ("So it is in a cafe\u0301.", "uncomposed", "note"),
        ("So\n\n\nit is.", "blank-lines", "note"),
        (" So it is.", "blank-edges", "note"),
        ("02134", "number-like", "note"),
        ("2024-01-01", "number-like", "note"),
        ("I cannot help with that.", "refusal", "warning"),
        ("As an AI, I like rain.", "boilerplate", "warning"),
        ("What about q1?", "echo", "warning"),
        ("Write to ann@example.org.", "personal-data", "warning"),
        ("The key is sk-" + "a1B2" * 8, "secret", "error"),
        ("word " * 900, "long", "warning"),
    ],
)
def test_an_answer_that_shows_something_is_named(campaign, answer: str, code: str, level: str) -> None:
    campaign.edit(campaign.item("q1"), "ana", answer)
    finding = found(campaign)[code]
    assert (finding.level, finding.count, names(finding)) == (level, 1, ["q1"])
    assert finding.todo.endswith(".")


def test_sound_items_have_no_findings(campaign) -> None:
    for number, answer in enumerate(("It rains.", "Snow fell all night.", "By noon, the sun was out again.")):
        campaign.edit(campaign.item(f"q{number}", messages=asking(f"{number}: how was {answer[:4]}?")), "ana", answer)
    report = checked(campaign)
    assert (report.items, report.responses, report.findings) == (3, 3, ())


def test_what_is_private_is_named_by_its_kind_and_never_shown(campaign) -> None:
    campaign.edit(campaign.item("q1"), "ana", "Write to ann@example.org, then to bob@example.org.")
    finding = found(campaign)["personal-data"]
    assert finding.shown[0].text == "[e-mail]"


def test_a_response_in_another_language_than_its_prompt_is_named(campaign) -> None:
    item = campaign.item("q1", messages=asking(LONG))
    campaign.edit(
        item, "ana", "Im Herbst regnet es im Norden des Landes fast jeden Tag, und die Leute haben Schirme dabei."
    )
    report = checked(campaign)
    assert [finding.code for finding in report.findings] == ["language"]
    assert report.composition.languages == {"en": 1}


@pytest.mark.parametrize("role", ["system", "assistant"])
def test_a_prompt_that_does_not_end_with_the_user_is_an_error(campaign, role: Any) -> None:
    campaign.edit(campaign.item("q1", messages=(Message("user", "Why?"), Message(role, "Because."))), "ana", "So.")
    assert found(campaign)["prompt-end"].level == "error"


def test_a_prompt_without_a_user_is_named(campaign) -> None:
    campaign.edit(campaign.item("q1", messages=(Message("tool", "42"),)), "ana", "So.")
    assert names(found(campaign)["no-user"]) == ["q1"]


def test_drafts_are_looked_at_as_long_as_there_is_no_answer(campaign) -> None:
    first, second = campaign.item("q1", "a</s>", "b"), campaign.item("q2", "c</s>")
    campaign.edit(second, "ana", "c")
    assert names(found(campaign)["chat-token"]) == [first.name]


def test_what_a_reviewer_decided_counts_and_what_was_rejected_does_not(campaign) -> None:
    for name in ("q1", "q2", "q3"):
        campaign.edit(campaign.item(name, "So."), "ana", f"{name} </s>")
    items = {item.name: item for item in campaign.store.items(campaign.project.id)}
    campaign.decide(items["q1"], "reject")
    campaign.decide(items["q2"], "edit", text="Clean.")
    report = checked(campaign)
    assert report.items == 2
    assert names(next(one for one in report.findings if one.code == "chat-token")) == ["q3"]


def test_repeated_and_nearly_repeated_prompts_come_in_groups(campaign) -> None:
    for name, text in (
        ("a", f"{LONG}Why is that so?"),
        ("b", "Something else."),
        ("c", f"{LONG}Why is  that so?"),
        ("d", f"{LONG}Why was that so?"),
    ):
        campaign.item(name, messages=asking(text))
    findings = found(campaign)
    assert names(findings["repeated-prompt"]) == ["a", "c"]
    assert names(findings["near-duplicate-prompt"]) == ["a", "d"]
    assert {one.group for one in findings["near-duplicate-prompt"].shown} == {1}
    assert findings["repeated-prompt"].share == 0.5


def test_a_response_to_two_prompts_is_named_and_one_of_a_few_words_is_not(campaign) -> None:
    for name, answer in (
        ("a", LONG),
        ("b", LONG.upper()),
        ("c", LONG + "Then they go home."),
        ("d", "Yes."),
        ("e", "Yes."),
    ):
        campaign.edit(campaign.item(name), "ana", answer)
    findings = found(campaign)
    assert names(findings["repeated-response"]) == ["a", "b"]
    assert set(names(findings["near-duplicate-response"])) >= {"c"}


def test_one_prompt_with_different_answers_is_a_contradiction(campaign) -> None:
    same = asking("Is it good?")
    for name, messages, answers in (
        ("a", same, ["yes"]),
        ("b", same, ["no"]),
        ("c", asking("Is it bad?"), ["no", "yes"]),
        ("d", asking("Is it bad?"), ["yes "]),
    ):
        item = campaign.item(name, messages=messages)
        for person, answer in enumerate(answers):
            campaign.edit(item, f"p{person}", answer)
    assert names(found(campaign)["contradiction"]) == ["a", "b"]


@pytest.mark.parametrize("how", ["ranking", "comparison"])
def test_opposed_preferences_between_the_same_two_texts_are_named(campaign, how: str) -> None:
    for name, better in (("a", "d1"), ("b", "d2"), ("c", "d1")):
        item = campaign.item(name, "It rains.", "It pours.", messages=asking("Rain?" if name != "c" else "Why?"))
        if how == "ranking":
            campaign.rank(item, "ana", "d1 > d2" if better == "d1" else "d2 > d1")
        else:
            campaign.compare(item, "ana", better)
    assert names(found(campaign)["opposed-preference"]) == ["a", "b"]


def test_people_who_disagree_on_one_item_oppose_nothing(campaign) -> None:
    item = campaign.item("a", "It rains.", "It pours.")
    campaign.rank(item, "ana", "d1 > d2")
    campaign.rank(item, "bob", "d2 > d1")
    assert "opposed-preference" not in found(campaign)


def test_composition_counts_labels_answers_and_templates(campaign) -> None:
    for number in range(60):
        item = campaign.item(f"q{number}", template_id="t1" if number < 50 else None)
        campaign.edit(item, "ana", "positive" if number < 55 else "negative")
        campaign.judge(item, "ana", Labels({"tone": "calm" if number % 2 else "loud"}))
    report = checked(campaign)
    made = report.composition
    assert made.templates == {"t1": 50, "ready-made items": 10}
    assert made.answers == {"positive": 55, "negative": 5}
    assert made.labels == {"tone": {"calm": 30, "loud": 30}}
    assert made.template_labels["ready-made items"] == {"tone": {"calm": 5, "loud": 5}}
    [uneven] = [finding for finding in report.findings if finding.code == "uneven"]
    assert uneven.says == ("Of the answers, 'positive' is 11 times as frequent as 'negative' (55 and 5 items).")


def test_items_of_other_arms_are_not_checked(campaign) -> None:
    for arm in ("undrafted", "canary", "repeat"):
        campaign.item(arm, "So.</s>", arm=arm)
    assert checked(campaign).items == 0


def test_errors_come_first_and_the_report_is_plain_data(campaign, project) -> None:
    campaign.edit(campaign.item("q1"), "ana", "")
    campaign.edit(campaign.item("q2"), "ana", "So\r\nit is.")
    report = as_json(checked(campaign))
    levels = [finding["level"] for finding in report["findings"]]  # type: ignore[union-attr,index,call-overload]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert report["levels"] == {level: levels.count(level) for level in ("error", "warning", "note")}


def test_no_text_is_changed_by_a_check(campaign, new_campaign: Callable[..., Any]) -> None:
    item = campaign.item("q1", " a\r\n\u200b</s> ")
    before = campaign.store.drafts(item.id)
    checked(campaign)
    assert campaign.store.drafts(item.id) == before
