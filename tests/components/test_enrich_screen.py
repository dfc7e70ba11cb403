"""Enrich, as a lead uses it: ask the demo drafter, see what was refused and why, go on at the desk."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from concord.records.item import Message
from concord.records.project import Project
from storage.store import Store

Open = Callable[..., AppTest]
PROMPTS = ("Name the capital of France.", "Name the capital of France!", "Write a poem about rain in the autumn.")


@pytest.fixture
def project(new_campaign) -> Project:
    """A project with three prompts and no approved answer."""
    campaign = new_campaign(candidates=2)
    for number, prompt in enumerate(PROMPTS):
        campaign.item(f"q{number}", messages=(Message("user", prompt),))
    return campaign.project


def prose(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.success, *app.info, *app.warning, *app.error, *app.subheader]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def ask(app: AppTest) -> AppTest:
    return next(button for button in app.button if button.label == "Ask the model").click().run()


def test_new_prompts_wait_for_people_and_repetitions_are_shown(
    open_screen: Open, store: Store, project: Project
) -> None:
    app = open_screen("enrich", project=project.name)
    assert "is no language model" in prose(app)
    app = ask(app)
    waiting = store.undecided_items(project.id)
    assert f"{len(waiting)} new prompts to judge · 0 approved" in prose(app)
    table = next(frame.value for frame in app.dataframe if "Repeats" in frame.value)
    refused = store.refused_prompts(project.id)
    assert list(table["Refused"]) == [one.text for one in refused]
    assert set(table["Of item"]) <= {f"prompt/paraphrase/0/q{number}" for number in range(3)} | {"q0", "q1", "q2"}
    assert (table["Similarity"] >= 0.7).all()
    assert store.counts(project.id).items == 3


def test_asking_again_says_that_all_was_asked(open_screen: Open, project: Project) -> None:
    app = ask(ask(open_screen("enrich", project=project.name)))
    assert "All were asked for with this seed. Choose another seed or another method." in prose(app)


def test_a_method_that_lacks_approved_answers_says_what_to_do(open_screen: Open, project: Project) -> None:
    app = open_screen("enrich", project=project.name)
    app.session_state["method"] = "self_instruct"
    assert "has no approved example to write new prompts after. Finish some items at the desk first." in prose(
        ask(app.run())
    )


def test_the_desk_says_that_the_drafts_are_prompts(open_screen: Open, store: Store, project: Project) -> None:
    ask(open_screen("enrich", project=project.name))
    app = open_screen("desk", project=project.name, who="ana")
    assert "The drafts are new prompts, not answers." in prose(app)


def test_a_reviewer_makes_an_item_of_one(open_screen: Open, store: Store, project: Project) -> None:
    ask(open_screen("enrich", project=project.name))
    app = open_screen("review", project=project.name)
    next(field for field in app.text_input if field.label == "Reason").set_value("good").run()
    next(field for field in app.text_input if field.label == "Reviewer").set_value("rae").run()
    app = next(button for button in app.button if button.label == "Approve").click().run()
    [origin] = store.origins(project.id)
    assert f"Approved: prompt/{store.item(origin.item_id).name}. It is item" in prose(app)
    assert store.counts(project.id).items == 4
    assert "1 approved" in prose(open_screen("enrich", project=project.name))


def test_without_items_it_leads_to_the_import(open_screen: Open, new_campaign) -> None:
    app = open_screen("enrich", project=new_campaign().project.name)
    assert "There are no items to write new prompts from" in prose(app)
