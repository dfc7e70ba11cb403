"""What the check of a data set reads: items page by page, and counts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import orjson

from concord.records.checked import CheckedItem, DraftUse, LabelCount, Votes
from concord.records.item import Message
from storage.arms import NO_REPEAT
from storage.engine import Engine

_PAGE = 10_000

_ITEMS = f"""
with page as materialized (
  select i.id, i.name, i.messages, i.prompt_key, i.template_id, i.template_version, q.position
  from queue q join items i on i.id = q.item_id
  where q.project_id = $1 and q.position > $2 and i.kind = 'response' and q.arm = 'drafted'
  order by q.position limit $3::bigint),
decided as (
  select distinct on (item_id) item_id, decision, text from adjudications
  where project_id = $1 and item_id in (select id from page) order by item_id, created_at desc, id desc),
edited as (
  select e.item_id, array_agg(e.text order by a.created_at, a.id) as texts
  from edits e join current_annotations a on a.id = e.annotation_id
  where e.project_id = $1 and e.item_id in (select id from page) and {NO_REPEAT} group by e.item_id),
drafted as (
  select item_id, array_agg(text order by name) as texts from drafts
  where project_id = $1 and item_id in (select id from page) group by item_id)
select p.position, p.id, p.name, p.messages, p.prompt_key, p.template_id, p.template_version,
       d.decision, d.text, e.texts, m.texts
from page p left join decided d on d.item_id = p.id left join edited e on e.item_id = p.id
left join drafted m on m.item_id = p.id order by p.position
"""

_OPPOSED = """
with ranked as (
  select p.annotation_id, p.item_id, d.text_key, p.tier
  from placements p join current_annotations a on a.id = p.annotation_id join drafts d on d.id = p.draft_id
  where p.project_id = $1),
preferred as (
  select x.item_id, least(x.text_key, y.text_key) as one, greatest(x.text_key, y.text_key) as other,
         sum(case when x.text_key < y.text_key then 1 else -1 end) as balance
  from ranked x join ranked y on y.annotation_id = x.annotation_id and x.tier < y.tier and x.text_key <> y.text_key
  group by 1, 2, 3
  union all
  select w.item_id, least(x.text_key, y.text_key), greatest(x.text_key, y.text_key),
         sum(case when x.text_key < y.text_key then 1 else -1 end)
  from answers w join current_annotations a on a.id = w.annotation_id and a.kind = 'comparison'
  join drafts x on x.id::text = w.value
  join drafts y on y.item_id = w.item_id and y.text_key <> x.text_key
  where w.project_id = $1 and w.value not in ('tie', 'both_bad') group by 1, 2, 3),
clear as (
  select i.name, i.prompt_key, p.one, p.other, sign(sum(p.balance)) as winner
  from preferred p join items i on i.id = p.item_id join queue q on q.item_id = i.id
  where q.arm = 'drafted' and i.kind = 'response'
  group by i.name, i.prompt_key, p.one, p.other having sum(p.balance) <> 0),
opposed as (
  select prompt_key, one, other from clear group by 1, 2, 3 having min(winner) < max(winner))
select c.prompt_key, c.name from clear c join opposed o
  on o.prompt_key = c.prompt_key and o.one = c.one and o.other = c.other
group by 1, 2 order by 1, 2
"""

_LABELS = """
select i.template_id, w.question, w.value, count(distinct w.item_id)
from answers w join current_annotations a on a.id = w.annotation_id
join items i on i.id = w.item_id join queue q on q.item_id = i.id
where w.project_id = $1 and w.kind = 'label' and q.arm = 'drafted' and i.kind = 'response'
group by 1, 2, 3 order by 1 nulls first, 2, 3
"""

_USES = f"""
select d.few_shot::text <> '[]' as shown, count(*), count(*) filter (where e.text_key = d.text_key)
from edits e join current_annotations a on a.id = e.annotation_id join drafts d on d.id = e.draft_id
join items i on i.id = e.item_id join queue q on q.item_id = i.id
where e.project_id = $1 and d.source = 'model' and q.arm = 'drafted' and i.kind = 'response' and {NO_REPEAT}
group by 1 order by 1
"""

_VOTES = f"""
with judged as (
  select a.item_id, count(distinct a.annotator) as people
  from current_annotations a join items i on i.id = a.item_id join queue q on q.item_id = i.id
  where a.project_id = $1 and q.arm = 'drafted' and i.kind = 'response' and {NO_REPEAT} group by a.item_id)
select count(*), count(*) filter (where people > 1) from judged
"""


class Checked:
    """What would leave, to be looked at."""

    engine: Engine

    def checked_items(self, project_id: UUID) -> Iterator[CheckedItem]:
        """The items of the main arm in the order of the queue; those that a reviewer rejected are left out."""
        last = -(2**63)
        while found := self.engine.read(_ITEMS, project_id, last, _PAGE):
            for _, item_id, name, messages, prompt_key, template, version, decision, text, edits, drafts in found:
                if decision != "reject":
                    decided = text if decision in ("pick", "edit") else None
                    answers = tuple(edits or ()) if decided is None else (decided,)
                    turns = tuple(Message(**turn) for turn in orjson.loads(messages))
                    texts = (answers, tuple(drafts or ()))
                    yield CheckedItem(item_id, name, turns, prompt_key, template, version, *texts)
            last = found[-1][0]

    def opposed_preferences(self, project_id: UUID) -> list[tuple[UUID, str]]:
        """(prompt key, name) of items of one prompt of which most judge the same two texts the other way round."""
        return self.engine.read(_OPPOSED, project_id)

    def label_counts(self, project_id: UUID) -> list[LabelCount]:
        """How often each label was given in the main arm, by template."""
        return [LabelCount(*row) for row in self.engine.read(_LABELS, project_id)]

    def draft_uses(self, project_id: UUID) -> list[DraftUse]:
        """What became of models' drafts in current edits: those without examples first."""
        return [DraftUse(*row) for row in self.engine.read(_USES, project_id)]

    def vote_counts(self, project_id: UUID) -> Votes:
        """How many items were judged, and how many by two or more annotators."""
        return Votes(*self.engine.read(_VOTES, project_id)[0])
