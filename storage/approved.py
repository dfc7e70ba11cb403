"""What few-shot examples are chosen from, and what is known of a project's drafts as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import cast
from uuid import UUID

import orjson

from concord.records.item import Item, ItemPlace
from concord.records.kinds import Flag
from storage.decisions import NEWEST_DECISIONS
from storage.engine import Engine
from storage.items import SELECT_ITEM, item_record, prompt_texts

_PROMPTS_AT_ONCE = 10_000


class Approved:
    """Answers that people approved."""

    engine: Engine

    def example_answers(self, project_id: UUID) -> list[tuple[Item, str]]:
        """The current edits of finished, unflagged items of the main arm with their items, by item, oldest first.

        Of an item that a reviewer decided, the text that was decided on alone; nothing of one that was rejected.
        """
        found = self.engine.read(
            f"""
            with done as (select item_id, count(*) as number from assignments
                          where project_id = $1 and done_at is not null group by item_id),
                 decided as (select a.* from ({NEWEST_DECISIONS}) a
                             join queue q on q.item_id = a.item_id and q.arm = 'drafted'
                             where a.decision <> 'send_back'),
                 edited as (select e.item_id, e.text, a.created_at, a.id
                            from edits e join current_annotations a on a.id = e.annotation_id
                            join queue q on q.item_id = e.item_id and q.arm = 'drafted'
                            join done on done.item_id = e.item_id and done.number >= q.wanted
                            where e.project_id = $1 and e.item_id not in (select item_id from decided)),
                 approved as (select * from edited
                              union all select item_id, text, created_at, id from decided where text is not null)
            {SELECT_ITEM.replace(" from ", ", e.text from ")} join approved e on e.item_id = i.id
            where i.kind = 'response'
            and i.id not in (select item_id from open_flags where project_id = $1) order by i.id, e.created_at, e.id
            """,
            project_id,
        )
        return [(item_record(row[:-1]), row[-1]) for row in found if row[-1].strip()]

    def item_places(self, project_id: UUID) -> list[ItemPlace]:
        """Where each item of a project belongs."""
        found = self.engine.read(
            "select id, name, arm, prompt_key, row_id, template_id from items where project_id = $1 order by id",
            project_id,
        )
        return [ItemPlace(*row) for row in found]

    def prompt_texts(self, project_id: UUID) -> Iterator[str]:
        """The text of each item's prompt, in the order of `item_places`."""
        found = self.engine.table("select messages from items where project_id = $1 order by id", project_id)
        for batch in found.to_batches(_PROMPTS_AT_ONCE):
            yield from prompt_texts(batch)

    def template_sources(self, project_id: UUID) -> list[tuple[str, str, str]]:
        """(version, id, source) of each template that the project's items were made with."""
        return self.engine.read(
            "select version, id, source from templates where version in "
            "(select template_version from items where project_id = $1)",
            project_id,
        )

    def flag_counts(self, run_id: UUID) -> dict[Flag, int]:
        """How many drafts of a run have each flag."""
        found = self.engine.read(
            "select flags::text, count(*) from drafts where run_id = $1 and flags::text <> '[]' group by 1", run_id
        )
        counts: Counter[Flag] = Counter()
        for flags, number in found:
            counts.update(dict.fromkeys(cast("list[Flag]", orjson.loads(flags)), number))
        return dict(counts.most_common())

    def example_counts(self, run_id: UUID) -> dict[str, int]:
        """For how many items of a run each approved answer was shown, by its item's name, the most frequent first."""
        found = self.engine.read(
            "select distinct item_id, few_shot::text from drafts where run_id = $1 and few_shot::text <> '[]'", run_id
        )
        counts = Counter(UUID(example) for _, shown in found for example in orjson.loads(shown))
        names = dict(
            self.engine.read(
                "select id, name from items where id in (select unnest($1::uuid[]))", list(map(str, counts))
            )
        )
        return {names[item_id]: number for item_id, number in counts.most_common()}
