"""Versions of templates, and what they were applied to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from concord.ids import new_id
from concord.records.template import Application, Template

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def application(campaign, version: str, minute: int) -> Application:
    return Application(new_id(), campaign.project.id, "ask", version, NOW + timedelta(minutes=minute))


def test_applications_are_kept_newest_first(campaign) -> None:
    made = [application(campaign, version, minute) for minute, version in enumerate(("one", "two"))]
    for each in (*made, made[0]):
        campaign.store.add_application(each)
    assert campaign.store.applications(campaign.project.id) == made[::-1]


def test_a_project_has_its_own_applications(campaign, new_campaign) -> None:
    campaign.store.add_application(application(campaign, "one", 0))
    assert campaign.store.applications(new_campaign().project.id) == []


def test_a_template_is_kept_for_ever_by_version(campaign) -> None:
    template = Template("reply", "ab12", "the source", "", {}, (), None)
    campaign.store.add_template(template)
    campaign.store.add_template(replace(template, source="another"))
    assert campaign.store.engine.read("select version, id, source from templates") == [("ab12", "reply", "the source")]
