from datetime import timedelta

import pytest

from concord.errors import NotFound
from concord.ids import new_id
from concord.records.row import Stored


def stage(campaign, source: str, *batches: list[str]) -> Stored:
    with campaign.store.staging(campaign.project.id, source, campaign.project.created_at) as staged:
        for first, batch in enumerate(batches):
            staged.add([1_000 * first + line for line in range(len(batch))], batch)
        counted = staged.count()
        assert staged.commit() == counted
    return counted


def data(campaign, **options) -> list[object]:
    return [row.data["n"] for row in campaign.store.rows(campaign.project.id, **options)]


def rows(*numbers: int) -> list[str]:
    return [f'{{"n":{number}}}'.encode() for number in numbers]


def test_rows_come_back_in_the_order_of_import_however_many(campaign) -> None:
    stage(campaign, "a", rows(*range(3_000, 0, -1)), rows(*range(5_000, 8_000)))
    stage(campaign, "b", rows(4_000, 4_500))
    expected = [*range(3_000, 0, -1), *range(5_000, 8_000), 4_000, 4_500]
    assert data(campaign) == expected
    for limit in (0, 1, 2_000, 2_001, 9_999):
        assert data(campaign, limit=limit) == expected[:limit]


def test_a_row_knows_where_it_came_from(campaign) -> None:
    stage(campaign, "a.jsonl", rows(1, 2))
    [first, second] = campaign.store.rows(campaign.project.id)
    assert (second.source, second.line, second.project_id) == ("a.jsonl", 1, campaign.project.id)
    assert campaign.store.row(second.id) == second
    assert first.id < second.id
    assert first.id.version == second.id.version == 7
    with pytest.raises(NotFound, match=r"There is no row .*\. Check the id\."):
        campaign.store.row(new_id())


def test_a_row_is_stored_once_and_its_copies_are_counted(campaign) -> None:
    assert stage(campaign, "a", rows(1, 2, 1), rows(2, 2, 3)) == Stored(3, 3)
    assert stage(campaign, "b", rows(3, 4, 4)) == Stored(1, 2)
    assert data(campaign) == [1, 2, 3, 4]
    assert campaign.store.engine.read("select sum(copies) from rows") == [(8,)]


def test_the_same_row_in_another_project_is_another_row(campaign, new_campaign) -> None:
    assert [stage(owner, "a", rows(1)) for owner in (campaign, new_campaign())] == [Stored(1, 0)] * 2


def test_what_is_staged_and_not_committed_was_never_there(campaign) -> None:
    with campaign.store.staging(campaign.project.id, "a", campaign.project.created_at) as staged:
        staged.add([1], rows(1))
        assert staged.count() == Stored(1, 0)
    assert data(campaign) == []


def test_columns_are_those_of_the_first_and_the_last_thousand_rows(campaign) -> None:
    first = [b'{"b":1,"a":2}', *(b'{"n":%d}' % n for n in range(999))]
    last = [b'{"n":%d}' % n for n in range(1_000, 1_999)]
    lines = [*first, b'{"between":1}', *last, b'{"last":1}']
    with campaign.store.staging(campaign.project.id, "a", campaign.project.created_at + timedelta(1)) as staged:
        staged.add(range(len(lines)), lines)
        staged.commit()
    assert campaign.store.columns(campaign.project.id) == ["b", "a", "n", "last"]
