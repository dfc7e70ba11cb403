"""Who was preferred to whom: the pairs that comparisons and rankings hold, and where a person contradicts himself."""

from __future__ import annotations

from uuid import UUID

from concord.records.report import Contradiction, Duels, Verdicts
from storage.engine import Engine
from storage.reports import COMPARED_DRAFTS, PARTS, PEOPLE, column

# Two drafts that one person set side by side: `won` is 1 when the first was better, -1 the second, 0 for a tie.
PAIRS = f"""{PARTS},
{COMPARED_DRAFTS},
pairs as (
  select a.annotation_id, a.item_id, a.annotator,
         coalesce(n.one_id, c.one) as one, coalesce(n.other_id, c.other) as other,
         case when a.value in ('tie', 'both_bad') then 0 when a.value = coalesce(n.one_id, c.one)::text then 1
              else -1 end as won
  from answers a join compared_drafts c on c.item_id = a.item_id
  left join comparisons n on n.annotation_id = a.annotation_id
  where a.project_id = $1 and a.kind = 'comparison'
  union all
  select x.annotation_id, x.item_id, x.annotator, x.draft_id, y.draft_id, sign(y.tier - x.tier)::integer
  from placements x join placements y on y.annotation_id = x.annotation_id and x.draft_id < y.draft_id
  where x.project_id = $1),
current_pairs as (
  select p.* from pairs p where not exists (select 1 from superseded s where s.annotation_id = p.annotation_id))
"""

_MODELS = "select model from drafts where project_id = $1 and model is not null group by model order by model"

_DUELS = f"""{PAIRS},
models as (select unnest($3::text[]) as model, unnest(range(len($3::text[])))::integer as place)
select hash(p.item_id) as item, w.person, m.place as one, n.place as other, p.won
from current_pairs p
join people w on w.annotator = p.annotator
join drafts d on d.id = p.one join drafts e on e.id = p.other
join models m on m.model = d.model join models n on n.model = e.model
where d.model <> e.model and not exists (select 1 from apart o where o.item_id = p.item_id)
"""

# The same two texts under the same prompt, whatever item they stood in; equal texts are left out.
_OPINIONS = f"""{PAIRS},
opinions as (
  select p.annotator, i.prompt_key, case when d.text_key < e.text_key then d.text_key else e.text_key end as low,
         case when d.text_key < e.text_key then e.text_key else d.text_key end as high,
         case when d.text_key < e.text_key then p.won else -p.won end as won, p.item_id
  from current_pairs p join items i on i.id = p.item_id
  join drafts d on d.id = p.one join drafts e on e.id = p.other
  where d.text_key <> e.text_key and not exists (select 1 from apart o where o.item_id = p.item_id and o.arm = 9)),
judged as (
  select annotator, prompt_key, low, high, count(*) as times, sum(won) as won, max(won) as most, min(won) as least,
         min(item_id) as item_id
  from opinions group by annotator, prompt_key, low, high)
"""

_CONTRADICTIONS = f"""{_OPINIONS}
select annotator, count(*), count(*) filter (where times > 1),
       count(*) filter (where most = 1 and least = -1)
from judged group by annotator order by annotator
"""

_CYCLES = f"""{_OPINIONS},
clear as (
  select annotator, prompt_key, low, high, sign(won)::integer as won from judged where won <> 0)
select x.annotator, count(*), count(*) filter (where x.won = y.won and x.won <> z.won)
from clear x
join clear y on y.annotator = x.annotator and y.prompt_key = x.prompt_key and y.low = x.high
join clear z on z.annotator = x.annotator and z.prompt_key = x.prompt_key and z.low = x.low and z.high = y.high
group by x.annotator
"""


_JUDGES = "select model from opinions where project_id = $1 group by model order by model"

_VERDICTS = f"""{PAIRS},
models as (select unnest($3::text[]) as model, unnest(range(len($3::text[])))::integer as place)
select hash(p.item_id) as item, w.person, m.place as model,
       case when o.first_id = p.one then p.won else -p.won end as won,
       case when o.flipped or o.verdict = 'tie' then 0 when o.verdict = 'first' then 1 else -1 end as judged,
       o.flipped::integer as flipped
from opinions o
join current_pairs p on p.item_id = o.item_id
  and ((p.one = o.first_id and p.other = o.second_id) or (p.one = o.second_id and p.other = o.first_id))
join people w on w.annotator = p.annotator
join models m on m.model = o.model
where o.project_id = $1 and not exists (select 1 from apart a where a.item_id = p.item_id)
"""


class Preferences:
    """Preferences, pair by pair."""

    engine: Engine

    def duels(self, project_id: UUID) -> Duels:
        """Every pair of drafts of two different models that a person compared or ranked, in the main arm."""
        people, models = ([name for (name,) in self.engine.read(query, project_id)] for query in (PEOPLE, _MODELS))
        table = self.engine.table(_DUELS, project_id, people, models)
        columns = (column(table, name) for name in ("item", "person", "one", "other", "won"))
        return Duels(*columns, annotators=tuple(people), models=tuple(models))

    def verdicts(self, project_id: UUID) -> Verdicts:
        """What people said of the pairs that models judged, in the main arm."""
        people, models = ([name for (name,) in self.engine.read(query, project_id)] for query in (PEOPLE, _JUDGES))
        table = self.engine.table(_VERDICTS, project_id, people, models)
        columns = (column(table, name) for name in ("item", "person", "model", "won", "judged", "flipped"))
        return Verdicts(*columns, annotators=tuple(people), models=tuple(models))

    def contradictions(self, project_id: UUID) -> list[Contradiction]:
        """For each person, how often the same two texts were judged again, and judged the other way round."""
        people = [name for (name,) in self.engine.read(PEOPLE, project_id)]
        cycles = {who: (triples, cyclic) for who, triples, cyclic in self.engine.read(_CYCLES, project_id, people)}
        return [
            Contradiction(who, pairs, again, reversed_, *cycles.get(who, (0, 0)))
            for who, pairs, again, reversed_ in self.engine.read(_CONTRADICTIONS, project_id, people)
        ]
