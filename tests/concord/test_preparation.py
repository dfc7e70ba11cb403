"""What a project's settings do in a run: whole runs on a real store, against endpoints over real connections."""

import asyncio
import os

import pytest

from concord.conversion.template import parse_template
from concord.curation.held_out import belonging
from concord.drafting.canary import Planted, is_planted
from concord.drafting.endpoint import endpoint_for
from concord.drafting.options import DraftOptions
from concord.drafting.run import draft_items
from concord.drafting.sent_log import SentLog
from concord.enrichment.options import EnrichOptions
from concord.errors import InputError
from concord.imports.rows import import_rows
from concord.local import LocalVerbs
from concord.preparation import judge_bench, prepared
from concord.proposing import Commission, propose_templates
from concord.records.item import Message
from concord.records.project import Variant
from concord.records.template import Template
from storage.presentations import drafts_to_show

TEMPLATE = """---
id: {id}
description: A reply.
inputs: {{{column}: string}}
---
user:
Reply to this: {{{{ {column} }}}}
"""


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def draft(campaign, *, limit: int | None = None):
    """Draft what is missing as the project's settings say."""
    project = campaign.project
    endpoint = endpoint_for(project.settings, os.environ)
    options = DraftOptions(project.settings.candidates, limit)
    wish = prepared(campaign.store, project, endpoint, os.environ, options)
    return asyncio.run(draft_items(campaign.store, project, endpoint, wish))


def texts(campaign, item) -> dict[str, str]:
    return {one.name: one.text for one in campaign.store.drafts(item.id)}


def asked_for(body) -> str:
    return body["messages"][-1]["content"]


# ---- variants and flags


def test_drafts_come_from_several_endpoints_in_turn(new_campaign, serve, scripted) -> None:
    first, second = scripted(lambda _: "from the first"), scripted(lambda body: f"at {body['temperature']}")
    campaign = new_campaign(
        candidates=3,
        model="m1",
        base_url=serve(first) + "/v1",
        variants=(
            Variant("plain"),
            Variant("warm", model="m2", base_url=serve(second) + "/v1", temperature=1.5, system="Be warm."),
        ),
    )
    item = campaign.item("q1")
    run = draft(campaign)
    assert (run.model, run.done) == ("m1 + m2", 3)
    assert texts(campaign, item) == {"d1": "from the first", "d2": "at 1.5", "d3": "from the first"}
    d1, d2, d3 = campaign.store.drafts(item.id)
    assert [one.params["variant"] for one in (d1, d2, d3)] == ["plain", "warm", "plain"]
    assert (d2.model, second.asked[0]["messages"][0]["content"]) == ("m2", "Be warm.")


def test_flags_are_stored_and_counted_and_keep_drafts_from_the_desk(new_campaign, serve, scripted) -> None:
    replies = {"0": "A fine answer.", "1": "I'm sorry, but I can't help with that.", "2": ("It breaks", "length")}
    script = scripted(lambda body: replies[str(body["seed"] % 3)])
    campaign = new_campaign(candidates=3, task="edit", model="m", base_url=serve(script) + "/v1")
    item = campaign.item("q1")
    run = draft(campaign)
    assert campaign.store.flag_counts(run.id) == {"refusal": 1, "truncated": 1}
    shown = campaign.store.engine.write(lambda query: drafts_to_show(query, item.id, least=1))
    assert [one.text for one in campaign.store.drafts(item.id) if one.id in shown] == ["A fine answer."]
    assert len(campaign.store.engine.write(lambda query: drafts_to_show(query, item.id, least=2))) == 3


# ---- privacy: the prompts go to another host, through a proxy that is the endpoint


PRIVATE = "Mail ann@x.org, card 4111 1111 1111 1111, key AKIAIOSFODNN7EXAMPLE, call +1 650 253 0000."
ELSEWHERE = "http://models.example/v1"


@pytest.fixture
def elsewhere(serve, scripted, monkeypatch: pytest.MonkeyPatch):
    """An endpoint on another host, as far as anybody can tell."""
    script = scripted(lambda _: "An answer.")
    monkeypatch.setenv("HTTP_PROXY", serve(script))
    return script


@pytest.mark.parametrize("recipe", ["answer", "plan"])
def test_what_is_private_never_reaches_an_endpoint_elsewhere(new_campaign, elsewhere, recipe: str) -> None:
    campaign = new_campaign(candidates=2, model="m", base_url=ELSEWHERE, recipe=recipe, self_check=True)
    campaign.store.save_guidelines(campaign.project.id, "Write to boss@x.org.")
    campaign.item("q1", messages=(Message("user", PRIVATE),))
    run = draft(campaign)
    assert (run.done, run.failed) == (2, 0)
    for secret in ("ann@x.org", "boss@x.org", "4111", "AKIA", "253 0000"):
        assert secret not in elsewhere.texts
    assert "Mail [e-mail], card [card], key [key], call [phone]." in elsewhere.texts
    sent = campaign.store.sent(campaign.project.id)
    assert sum(one.requests for one in sent) == len(elsewhere.asked)
    assert {one.endpoint for one in sent} == {ELSEWHERE}
    assert all(one.masked >= 4 for one in sent)
    assert "ann@x.org" not in str(campaign.store.engine.read("select * from sent"))


def test_block_fails_that_draft_alone_and_says_why(new_campaign, elsewhere) -> None:
    campaign = new_campaign(candidates=2, model="m", base_url=ELSEWHERE, scan="block")
    campaign.item("q1", messages=(Message("user", PRIVATE),))
    campaign.item("q2")
    run = draft(campaign)
    assert (run.state, run.done, run.failed) == ("done", 2, 2)
    [failure] = campaign.store.failure_kinds(run.id)
    assert (failure.fault, failure.count) == ("withheld", 2)
    assert "1 × card, 1 × e-mail, 1 × key, 1 × phone" in failure.message
    assert "4111" not in elsewhere.texts


def test_allow_sends_it_as_it_is_and_so_does_an_endpoint_on_this_machine(
    new_campaign, elsewhere, serve, scripted
) -> None:
    campaign = new_campaign(candidates=2, model="m", base_url=ELSEWHERE, scan="allow")
    campaign.item("q1", messages=(Message("user", PRIVATE),))
    draft(campaign)
    assert PRIVATE in elsewhere.texts
    local = scripted(lambda _: "An answer.")
    campaign = new_campaign(candidates=2, model="m", base_url=serve(local) + "/v1")
    campaign.item("q1", messages=(Message("user", PRIVATE),))
    draft(campaign)
    assert PRIVATE in local.texts


def template(name: str, column: str) -> Template:
    return parse_template(TEMPLATE.format(id=name, column=column), f"{name}.prompt.md")


def test_a_column_that_is_not_sent_is_in_no_prompt_no_example_and_no_question(new_campaign, elsewhere) -> None:
    campaign = new_campaign(
        task="edit", overlap=1, candidates=1, model="m", base_url=ELSEWHERE, few_shot=2, do_not_send=("diary",)
    )
    private, harmless = template("private", "diary"), template("harmless", "text")
    for one in (private, harmless):
        campaign.store.add_template(one)
    secret = (Message("user", "Reply to this: the reply of my secret diary"),)
    done = campaign.item("q1", "an old draft", "another", messages=secret, template_version=private.version)
    campaign.edit(done, "ann", "An approved answer to the secret diary.")
    campaign.item("q2", messages=secret, template_version=private.version)
    campaign.item("q3", messages=(Message("user", "Reply to this: my reply"),), template_version=harmless.version)
    run = draft(campaign)
    assert (run.done, run.failed) == (1, 1)
    [failure] = campaign.store.failure_kinds(run.id)
    assert failure.message == (
        "template 'private' reads 'diary', which this project does not send. "
        "Apply a template that leaves it out, or take the column off the list do_not_send."
    )
    log = SentLog(campaign.store, campaign.project.id)
    assert private.version in judge_bench(campaign.store, campaign.project, os.environ, log).withheld
    assert "secret" not in elsewhere.texts


# ---- few-shot


@pytest.fixture
def approved(new_campaign, serve, scripted):
    """A campaign with approved answers, and the endpoint that drafts for it."""
    script = scripted(lambda _: "An answer.")

    def make(**chosen):
        campaign = new_campaign(
            task="edit", overlap=1, candidates=1, model="m", base_url=serve(script) + "/v1", **chosen
        )
        for number, arm in enumerate(["drafted", "undrafted", "canary", "repeat", "drafted"]):
            item = campaign.item(f"done{number}", *(() if arm == "undrafted" else ("x",)), arm=arm)
            campaign.edit(item, "ann", f"approved {number}")
        return campaign, script

    return make


@pytest.mark.parametrize("similarity", ["bm25", "jaccard"])
def test_examples_are_approved_answers_of_the_main_arm(approved, similarity: str) -> None:
    campaign, script = approved(few_shot=5, similarity=similarity)
    item = campaign.item("new")
    run = draft(campaign)
    shown = {m["content"] for m in script.asked[-1]["messages"] if m["role"] == "assistant"}
    assert shown == {"approved 0", "approved 4"}
    [made] = campaign.store.drafts(item.id)
    names = {found.id: found.name for found in campaign.store.items(campaign.project.id)}
    assert {names[example] for example in made.few_shot} == {"done0", "done4"}
    assert campaign.store.example_counts(run.id) == {"done0": 1, "done4": 1}


def test_items_of_one_prompt_are_no_examples_for_each_other(approved) -> None:
    campaign, script = approved(few_shot=5)
    campaign.item("twin", messages=(Message("user", "What about  done0?"),))
    draft(campaign)
    assert {m["content"] for m in script.asked[-1]["messages"] if m["role"] == "assistant"} == {"approved 4"}


def test_an_unfinished_item_is_no_example(approved) -> None:
    campaign, script = approved(few_shot=5)
    campaign.store.engine.write(lambda query: query("update queue set wanted = 2"))
    campaign.item("new")
    draft(campaign)
    assert "approved" not in script.texts


def test_the_reuse_of_an_example_is_capped(approved) -> None:
    campaign, _ = approved(few_shot=1, few_shot_reuse=2)
    for number in range(6):
        campaign.item(f"new{number}")
    run = draft(campaign)
    assert set(campaign.store.example_counts(run.id).values()) == {2}


def test_items_of_the_test_split_are_no_examples(approved) -> None:
    campaign, script = approved(few_shot=9, split=(0.5, 0.0, 0.5))
    for number in range(10, 20):
        campaign.edit(campaign.item(f"done{number}", "x"), "ann", f"approved {number}")
    campaign.item("new")
    prompts = campaign.store.prompt_texts(campaign.project.id)
    places = belonging(campaign.store.item_places(campaign.project.id), prompts, (0.5, 0.0, 0.5), 0)
    draft(campaign)
    held_out = [i.name for i in campaign.store.items(campaign.project.id) if not places[i.id].training]
    shown = [m["content"] for m in script.asked[-1]["messages"] if m["role"] == "assistant"]
    assert shown
    assert {text.replace("approved ", "done") for text in shown}.isdisjoint(held_out)


def test_of_several_edits_the_one_in_the_middle_is_the_example(approved) -> None:
    campaign, script = approved(few_shot=9)
    item = campaign.item("done9", "x")
    for who, text in (("ann", "It rains today."), ("ben", "It rains, today."), ("cid", "Other.")):
        campaign.edit(item, who, text)
    campaign.item("new")
    draft(campaign)
    assert ("It rains today." in script.texts, "Other." in script.texts) == (True, False)


# ---- arms


def test_a_canary_is_the_first_draft_with_a_recorded_fault(new_campaign, serve, scripted) -> None:
    script = scripted(lambda body: f"Your parcel {body['seed']} is here.")
    campaign = new_campaign(candidates=3, model="m", base_url=serve(script) + "/v1")
    items = [campaign.item(f"c{number}", arm="canary") for number in range(20)]
    run = draft(campaign)
    assert (run.done, len(script.asked)) == (60, 40)
    for item in items:
        d1, d2, _ = campaign.store.drafts(item.id)
        fault = Planted(**d2.params["planted"])
        assert is_planted(d2.text, fault)
        assert not is_planted(d1.text, fault)
        assert (d2.model, d2.prompt_hash, d2.tokens_in) == (None, None, None)


def test_a_run_that_goes_on_copies_the_draft_that_is_there(new_campaign, serve, scripted) -> None:
    script = scripted(lambda body: "We have 3 left." if len(script.asked) > 1 else "")
    campaign = new_campaign(candidates=2, model="m", base_url=serve(script) + "/v1")
    item = campaign.item("c1", arm="canary")
    assert draft(campaign).failed == 2
    assert draft(campaign).done == 2
    assert set(texts(campaign, item)) == {"d1", "d2"}


def test_the_recipe_of_steps_is_asked_for_by_the_settings(new_campaign) -> None:
    campaign = new_campaign(candidates=1, task="edit", recipe="plan")
    item = campaign.item("q1", messages=(Message("user", "Summarise: It rains. It pours. The lid is open."),))
    draft(campaign)
    [made] = campaign.store.drafts(item.id)
    assert [step["purpose"] for step in made.params["steps"]] == ["actions", "plan", "draft"]
    assert [one.purpose for one in campaign.store.sent(campaign.project.id)].count("plan") == 1


# ---- what else leaves the machine


def test_proposals_send_no_withheld_column_and_are_scanned_and_logged(new_campaign, elsewhere, tmp_path) -> None:
    campaign = new_campaign(model="m", base_url=ELSEWHERE, do_not_send=("diary",))
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "Mail ann@x.org", "diary": "my secret"}\n')
    import_rows(campaign.store, campaign.project, path)
    endpoint = endpoint_for(campaign.project.settings, {})
    propose_templates(campaign.store, campaign.project, Commission("Reply.", endpoint), prompts=tmp_path)
    assert "[e-mail]" in elsewhere.texts
    for secret in ("ann@x.org", "diary", "my secret"):
        assert secret not in elsewhere.texts
    assert {one.purpose for one in campaign.store.sent(campaign.project.id)} == {"propose"}
    with pytest.raises(InputError) as caught:
        propose_templates(
            campaign.store, campaign.project, Commission("Reply.", endpoint, columns=("diary",)), prompts=tmp_path
        )
    assert str(caught.value) == (
        "This project does not send 'diary'. Leave it out, or take it off the list do_not_send."
    )


def test_new_prompts_are_scanned_and_logged_and_not_asked_for_where_a_template_is_withheld(
    new_campaign, elsewhere, tmp_path
) -> None:
    campaign = new_campaign(model="m", base_url=ELSEWHERE, do_not_send=("diary",))
    campaign.item("q1", messages=(Message("user", PRIVATE),))
    verbs = LocalVerbs(campaign.store, tmp_path)
    verbs.enrich_batch(campaign.project.name, EnrichOptions("paraphrase"))
    assert "Mail [e-mail], card [card]" in elsewhere.texts
    assert "ann@x.org" not in elsewhere.texts
    assert {one.purpose for one in campaign.store.sent(campaign.project.id)} == {"enrich"}
    private = template("private", "diary")
    campaign.store.add_template(private)
    campaign.item("q2", template_version=private.version)
    with pytest.raises(InputError, match="template 'private' reads 'diary', which this project does not send"):
        verbs.enrich_batch(campaign.project.name, EnrichOptions("paraphrase"))
