from dataclasses import replace

import pytest

from concord.errors import Conflict, InputError, NotFound
from concord.ids import new_id
from concord.records.project import Counts, Guidelines, Project, Settings
from storage.store import Store

SETTINGS = Settings("rank", 3, 4, "m", "https://endpoint/v1", "KEY", 0.5, 10)


def test_a_project_comes_back_as_it_went_in(store: Store, project: Project) -> None:
    other = replace(project, id=new_id(), name="Übung 'a'; --", settings=SETTINGS)
    store.create_project(other)
    assert store.project(other.name) == other
    assert store.projects() == [project, other]


def test_the_same_project_again_is_no_error_and_another_of_its_name_is(store: Store, project: Project) -> None:
    store.create_project(project)
    with pytest.raises(Conflict) as caught:
        store.create_project(replace(project, id=new_id()))
    assert str(caught.value) == "A project named 'helpdesk' exists already. Choose another name."
    assert store.projects() == [project]


def test_a_project_without_a_name_is_refused(store: Store, project: Project) -> None:
    with pytest.raises(InputError) as caught:
        store.create_project(replace(project, id=new_id(), name=" \n"))
    assert str(caught.value) == "A project needs a name. Give it one."


def test_the_first_project_is_asked_for_before_it_is_there(store: Store) -> None:
    with pytest.raises(NotFound) as caught:
        store.project("helpdesc")
    assert str(caught.value) == "There is no project 'helpdesc' (there are: none yet). Check the name or create it."


def test_a_name_that_is_nearly_there_is_answered_with_it(store: Store, project: Project) -> None:
    with pytest.raises(NotFound) as caught:
        store.project("helpdesc")
    assert str(caught.value) == "There is no project 'helpdesc' (there are: 'helpdesk'). Check the name or create it."


def test_settings_are_replaced(store: Store, project: Project) -> None:
    store.save_settings(project.id, SETTINGS)
    assert store.project(project.name).settings == SETTINGS


def test_guidelines_have_versions(store: Store, project: Project) -> None:
    assert store.guidelines(project.id) == Guidelines(0, "")
    assert store.save_guidelines(project.id, "") == Guidelines(0, "")
    assert store.save_guidelines(project.id, "Be kind.") == Guidelines(1, "Be kind.")
    assert store.save_guidelines(project.id, "Be kind.") == Guidelines(1, "Be kind.")
    assert store.save_guidelines(project.id, "Be brief.") == Guidelines(2, "Be brief.")
    assert store.guidelines(project.id) == Guidelines(2, "Be brief.")


def test_counts_say_how_far_a_project_is(new_campaign) -> None:
    campaign = new_campaign(overlap=2)
    assert campaign.store.counts(campaign.project.id) == Counts(0, 0, 0, 0, 0, 0)
    first, second = campaign.item("q1", "one", "two"), campaign.item("q2", "one")
    for annotator in ("ann", "bob"):
        campaign.edit(first, annotator, "text")
    campaign.edit(first, "ann", "corrected")
    campaign.edit(second, "ann", "text")
    counts = campaign.store.counts(campaign.project.id)
    assert counts == Counts(rows=0, items=2, drafts=3, annotations=3, annotators=2, finished=1)
    assert campaign.store.annotators(campaign.project.id) == ["ann", "bob"]
