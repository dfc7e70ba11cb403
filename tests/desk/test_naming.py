"""Named assignment: only those who are named get an item, first of all, and no more of them than it wants."""

from datetime import timedelta

import pytest

from concord.desk.naming import assign, unassign
from concord.desk.queue import Assignment, open_item
from concord.desk.submit import Submission, submit_ranking
from concord.errors import InputError
from concord.records.desk import Assigned, QueueCounts

MINUTE = timedelta(minutes=1)


class Office:
    """A lead and annotators."""

    def __init__(self, campaign) -> None:
        self.campaign, self.store, self.project = campaign, campaign.store, campaign.project
        self.now = campaign.project.created_at

    def assign(self, annotators: str, chosen) -> Assigned:
        items = chosen.split() if isinstance(chosen, str) else chosen
        return assign(self.store, self.project, annotators.split(","), items, now=self.now)

    def open(self, annotator: str) -> Assignment | None:
        return open_item(self.store, self.project, annotator, now=self.now)

    def submit(self, task: Assignment) -> str:
        submission = Submission(task.presentation.id, task.presentation.annotator, 1.0, self.now)
        return submit_ranking(self.store, submission, [[draft.id] for draft in task.drafts])

    def given(self, annotator: str) -> list[str]:
        """The items that somebody is given until there are no more."""
        names = []
        while task := self.open(annotator):
            names.append(task.item.name)
            self.submit(task)
        return names


@pytest.fixture
def office(new_campaign):
    campaign = new_campaign(task="rank", overlap=2, lease_minutes=30)
    campaign.items(4, "one", "two")
    return Office(campaign)


def test_only_who_is_named_gets_an_item_and_gets_it_first(office) -> None:
    assert office.assign("ann, bob", "q3 q4") == Assigned(2, 0)
    assert office.given("ann") == ["q3", "q4", "q1", "q2"]
    assert office.given("cid") == ["q1", "q2"]
    assert office.given("bob") == ["q3", "q4"]


def test_of_more_who_are_named_those_who_come_first_get_it(office) -> None:
    office.assign("ann,bob,cid", "q1")
    assert [office.given(who)[0] for who in ("bob", "cid")] == ["q1", "q1"]
    assert "q1" not in office.given("ann")


def test_an_item_with_too_few_named_waits_and_is_counted_as_waiting(office) -> None:
    assert office.assign("ann", 3) == Assigned(3, 3)
    assert office.store.queue_counts(office.project, "ann") == QueueCounts(0, 4, 0)
    assert office.store.queue_counts(office.project, "bob") == QueueCounts(0, 1, 3)
    assert office.given("ann") == ["q1", "q2", "q3", "q4"]
    assert office.given("bob") == ["q4"]
    assert office.store.queue_counts(office.project, "bob") == QueueCounts(1, 0, 3)


def test_a_number_takes_the_first_that_nobody_is_named_for(office) -> None:
    office.assign("ann", 2)
    office.assign("bob", 1)
    assert [office.given(who)[:2] for who in ("ann", "bob")] == [["q1", "q2"], ["q3", "q4"]]


def test_who_holds_an_item_keeps_it_and_who_let_it_lapse_does_not(office) -> None:
    held, lapsed = office.open("dan"), office.open("eve")
    assert held
    assert lapsed
    office.assign("ann", "q1")
    assert office.submit(held) == "stored"
    office.now += 31 * MINUTE
    assert office.given("ann")[0] == "q1"  # eve's place was free again
    assert office.submit(lapsed) == "lapsed"


def test_a_lapsed_place_is_taken_again_by_the_named_alone(office) -> None:
    pages = [office.open("eve"), office.open("ann")]
    office.assign("ann", "q1")
    office.now += 31 * MINUTE
    office.open("cid")  # lets go of leases that ran out
    assert [office.submit(page) for page in pages if page] == ["lapsed", "stored"]


def test_unassigned_items_are_everybody_s_again(office) -> None:
    office.assign("ann", "q1 q2")
    assert unassign(office.store, office.project, ["q1", "q4"]) == 1
    assert office.given("bob") == ["q1", "q3", "q4"]
    assert unassign(office.store, office.project) == 1
    assert office.given("bob") == ["q2"]


def test_assigning_twice_changes_nothing_and_adds_names(office) -> None:
    office.assign("ann", "q1")
    assert office.assign("ann,ann, bob", "q1 q1") == Assigned(1, 0)
    assert office.given("bob")[0] == "q1"


@pytest.mark.parametrize(
    ("annotators", "chosen", "said"),
    [
        (" ,", 3, "Nobody is named. Name one annotator or several, with commas between them."),
        ("ann", 0, "limit is 0. Give a number from 1 to 1,000,000,000."),
        ("ann", "q1 q9", "Project 'test' has no item 'q9'. Correct the list."),
        ("ann", "q8 q9 q1", "Project 'test' has no item 'q8' (and 1 more that are listed). Correct the list."),
    ],
)
def test_what_cannot_be_assigned_is_refused_as_a_whole(office, annotators, chosen, said) -> None:
    with pytest.raises(InputError) as caught:
        office.assign(annotators, chosen)
    assert str(caught.value).replace(repr(office.project.name), "'test'") == said
    assert office.given("bob") == ["q1", "q2", "q3", "q4"]
