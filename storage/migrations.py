"""The schema, as numbered steps: appended, never edited. A step and the record that it ran commit together.

SQL stays in the subset that DuckDB and PostgreSQL share. There are no foreign keys: in DuckDB they break updates of the
parent; `concord verify` checks the references instead.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from concord.errors import WorkspaceTooNew
from storage.engine import Engine, Query

_FIRST = """
create table projects(
  id uuid primary key, name text not null unique, settings json not null, created_at timestamptz not null);
create table guidelines(
  project_id uuid not null, version integer not null, text text not null, created_at timestamptz not null,
  primary key (project_id, version));

create table rows(
  id uuid not null, project_id uuid not null, source text not null, line bigint not null, data json not null,
  content_key uuid not null, copies integer not null, imported_at timestamptz not null,
  primary key (project_id, content_key));
create table templates(
  version text primary key, id text not null, source text not null, created_at timestamptz not null);

create table items(
  id uuid primary key, project_id uuid not null, name text not null, kind text not null, arm text not null,
  messages json not null, target text, row_id uuid, template_id text, template_version text,
  prompt_key uuid not null, unique (project_id, name));
create table queue(
  item_id uuid primary key, project_id uuid not null, position bigint not null, wanted integer not null,
  taken integer not null, drafts integer not null);

create table drafts(
  id uuid primary key, project_id uuid not null, item_id uuid not null, name text not null, text text not null,
  text_key uuid not null, source text not null, model text, params json not null, prompt_hash text,
  template_version text, few_shot json not null, tokens_in integer, tokens_out integer, cost double precision,
  latency double precision, run_id uuid, created_at timestamptz not null);
create index drafts_item on drafts(item_id);
create table runs(
  id uuid primary key, project_id uuid not null, model text not null, total integer not null, done integer not null,
  failed integer not null, state text not null, started_at timestamptz not null, finished_at timestamptz, message text);
create table draft_failures(
  id uuid primary key, run_id uuid not null, item_id uuid not null, name text not null, fault text not null,
  message text not null, created_at timestamptz not null);

create table presentations(
  id uuid primary key, project_id uuid not null, item_id uuid not null, annotator text not null, task text not null,
  draft_ids json not null, guidelines_version integer not null, created_at timestamptz not null);
create table assignments(
  item_id uuid not null, annotator text not null, project_id uuid not null, presentation_id uuid,
  lease_until timestamptz, done_at timestamptz, primary key (item_id, annotator));
create table unsaved(
  presentation_id uuid primary key, text text not null, saved_at timestamptz not null);

create table annotations(
  id uuid primary key, project_id uuid not null, item_id uuid not null, annotator text not null, kind text not null,
  origin text not null, presentation_id uuid, supersedes uuid, seconds double precision,
  created_at timestamptz not null);
create table answers(
  annotation_id uuid not null, project_id uuid not null, item_id uuid not null, annotator text not null,
  question text not null, value text not null);
create table placements(
  annotation_id uuid not null, project_id uuid not null, item_id uuid not null, annotator text not null,
  draft_id uuid not null, tier integer not null);
create table edits(
  annotation_id uuid not null, project_id uuid not null, item_id uuid not null, annotator text not null,
  draft_id uuid, text text not null, text_key uuid not null);
create view current_annotations as
  select a.* from annotations a where not exists (select 1 from annotations b where b.supersedes = a.id);

create table exports(
  id uuid primary key, project_id uuid not null, format text not null, folder text not null, manifest json not null,
  created_at timestamptz not null);
"""

_STUDIO = """
create table saved_templates(
  id uuid primary key, template_id text not null, version text not null, note text not null, author text not null,
  origin text not null, saved_at timestamptz not null);
create table applications(
  id uuid primary key, project_id uuid not null, template_id text not null, version text not null,
  applied_at timestamptz not null);
create table retired(
  item_id uuid primary key, project_id uuid not null, replaced_by uuid, reason text not null,
  retired_at timestamptz not null);
create table adjudications(
  id uuid primary key, project_id uuid not null, item_id uuid not null, reviewer text not null,
  decision text not null, draft_id uuid, text text, reason text not null, created_at timestamptz not null);
create table origins(
  item_id uuid primary key, project_id uuid not null, method text not null, sources json not null, draft_id uuid,
  adjudication_id uuid not null, created_at timestamptz not null);
"""

_ENRICHMENT = """
create table enrichments(
  id uuid primary key, project_id uuid not null, method text not null, sources json not null, seed bigint not null,
  model text not null, candidates integer not null, requests integer not null, tokens_in integer, tokens_out integer,
  created_at timestamptz not null);
create table refused_prompts(
  id uuid primary key, project_id uuid not null, enrichment_id uuid not null, text text not null, repeats text not null,
  repeated_item uuid not null, similarity double precision not null, created_at timestamptz not null);
"""

_RUNS_KNOW_WHAT_THEY_TOOK = """
alter table runs add column candidates integer default 1;
alter table runs add column item_limit bigint;
alter table runs add column max_cost double precision;
alter table runs add column tokens_in bigint default 0;
alter table runs add column tokens_out bigint default 0;
alter table runs add column cost double precision;
alter table runs add column uncounted integer default 0;
alter table runs add column repeated integer default 0;
"""

_FLAGS_ARMS_JUDGE = """
alter table drafts add column flags json default '[]';
alter table queue add column arm text default 'drafted';
create table sent(
  project_id uuid not null, sent_at timestamptz not null, endpoint text not null, model text not null,
  purpose text not null, prompt_hash text not null, messages integer not null, characters integer not null,
  masked integer not null);
create table repeats(
  presentation_id uuid primary key, first_id uuid not null, project_id uuid not null, item_id uuid not null,
  annotator text not null, done_at timestamptz);
create table opinions(
  id uuid primary key, project_id uuid not null, item_id uuid not null, first_id uuid not null, second_id uuid not null,
  model text not null, verdict text not null, flipped boolean not null, created_at timestamptz not null);
"""

_KINDS = """
alter table answers add column kind text;
update answers set kind = a.kind from annotations a where a.id = answers.annotation_id;
"""

_REMARKS = """
create table skips(
  id uuid primary key, project_id uuid not null, item_id uuid not null, annotator text not null,
  presentation_id uuid not null, reason text not null, note text not null, seconds double precision,
  created_at timestamptz not null);
create table item_flags(
  id uuid primary key, project_id uuid not null, item_id uuid not null, annotator text not null,
  presentation_id uuid not null, reason text not null, note text not null, created_at timestamptz not null);
create view open_flags as
  select f.* from item_flags f where not exists (
    select 1 from adjudications a
    where a.item_id = f.item_id and a.created_at > f.created_at and a.decision in ('pick', 'edit'));
create table comments(
  id uuid primary key, project_id uuid not null, item_id uuid not null, author text not null, text text not null,
  created_at timestamptz not null);
"""

_UNDO = """
create table undone(annotation_id uuid primary key, undone_at timestamptz not null);
create or replace view current_annotations as
  select a.* from annotations a
  where not exists (select 1 from undone u where u.annotation_id = a.id)
    and not exists (select 1 from annotations b where b.supersedes = a.id
                    and not exists (select 1 from undone v where v.annotation_id = b.id));
"""

_LABEL_STUDIO = """
create table labelstudio_links(
  project_id uuid primary key, url text not null, number bigint not null, reading json, linked_at timestamptz not null);
create table labelstudio_tasks(
  item_id uuid primary key, project_id uuid not null, number bigint not null, shown json not null,
  noted_at timestamptz not null);
"""

_COMPARISONS = """
create table comparisons(
  annotation_id uuid not null, project_id uuid not null, item_id uuid not null, annotator text not null,
  one_id uuid not null, other_id uuid not null, strength text);
"""

_ASKED = """
create table asked(presentation_id uuid primary key, rubric json not null, questions json not null);
"""

_INFORMATION = """
create table information_checks(
  id uuid primary key, project_id uuid not null, item_id uuid not null, text_key uuid not null, model text not null,
  claims json not null, created_at timestamptz not null);
"""

_FACTUAL_CHECKS = """
create table factual_checks(
  annotation_id uuid not null, project_id uuid not null, item_id uuid not null, annotator text not null,
  draft_id uuid not null, value text not null);
create table bad_drafts(
  annotation_id uuid not null, project_id uuid not null, item_id uuid not null, annotator text not null,
  draft_id uuid not null);
create table reasons(
  annotation_id uuid not null, project_id uuid not null, item_id uuid not null, annotator text not null,
  text text not null);
"""

_CHANGES = """
alter table edits add column distance integer;
alter table edits add column kept double precision;
"""

_SPLITS = """
create table kept_splits(
  project_id uuid not null, division text not null, item_id uuid not null, split text not null,
  kept_at timestamptz not null, primary key (project_id, division, item_id));
"""

_CORRECTIONS = """
create table corrections(
  presentation_id uuid primary key, corrects_id uuid not null, project_id uuid not null, item_id uuid not null,
  annotator text not null, open_until timestamptz, done_at timestamptz);
"""

_ORDER = """
alter table queue add column turn bigint;
alter table queue add column doubt double precision;
"""

_NAMED = """
create table named(
  item_id uuid not null, annotator text not null, project_id uuid not null, named_at timestamptz not null,
  primary key (item_id, annotator));
alter table queue add column named boolean default false;
"""

_GOLD = """
create table gold(
  id uuid primary key, project_id uuid not null, item_id uuid not null, kind text not null, value text not null,
  noted_at timestamptz not null);
create table gold_pages(
  presentation_id uuid primary key, project_id uuid not null, item_id uuid not null, annotator text not null,
  purpose text not null, done_at timestamptz);
"""

_STATES = """
create table entered(
  presentation_id uuid not null, step text not null, state json not null, saved_at timestamptz not null,
  primary key (presentation_id, step));
insert into entered
  select presentation_id, 'edit', ('{"text":' || to_json(text)::text || '}')::json, saved_at from unsaved;
drop table unsaved;
alter table entered rename to unsaved;
"""

_SEEN = """
alter table gold_pages add column seen_at timestamptz;
update gold_pages set seen_at = done_at;
"""

_WHOLE_CORRECTIONS = """
create view uncounted as
  select annotation_id from undone
  union all
  select a.id from corrections c join annotations a on a.presentation_id = c.presentation_id where c.done_at is null;
create or replace view current_annotations as
  with taken_out as (select annotation_id from uncounted)
  select a.* from annotations a
  where not exists (select 1 from taken_out u where u.annotation_id = a.id)
    and not exists (select 1 from annotations b where b.supersedes = a.id
                    and not exists (select 1 from taken_out v where v.annotation_id = b.id));
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("the first schema", _FIRST),
    ("saved and applied templates, decisions, origins", _STUDIO),
    ("requests for new prompts, and what was refused of their answers", _ENRICHMENT),
    ("runs know what they took", _RUNS_KNOW_WHAT_THEY_TOOK),
    ("flags of drafts, arms at the desk, what was sent, the judge", _FLAGS_ARMS_JUDGE),
    ("answers know their kind, so that a report need not look it up", _KINDS),
    ("skips, flags of items, comments", _REMARKS),
    ("judgements that were taken back", _UNDO),
    ("projects and tasks in Label Studio", _LABEL_STUDIO),
    ("skips that happened elsewhere", "alter table skips alter column presentation_id drop not null"),
    ("factual checks, rankings that find all drafts bad, reasons of judgements", _FACTUAL_CHECKS),
    ("edits know how far they went from their drafts", _CHANGES),
    ("which two drafts were compared, and how much better one is", _COMPARISONS),
    ("what a page asked beside its task", _ASKED),
    ("what a model thinks that responses claim without support", _INFORMATION),
    ("tools that an item offers", "alter table items add column tools json;"),
    ("the split of each exported item is kept", _SPLITS),
    ("corrections of what was judged", _CORRECTIONS),
    ("the order of the queue, by chance or by doubt", _ORDER),
    ("items for named annotators", _NAMED),
    ("known answers, and the pages that ask for them", _GOLD),
    ("what is entered and not submitted, whatever the step", _STATES),
    ("feedback of training, until it was seen", _SEEN),
    ("a correction counts when it is whole", _WHOLE_CORRECTIONS),
)


def migrate(engine: Engine) -> None:
    """Bring the file to the newest schema.

    Raises:
        WorkspaceTooNew: a newer Concord wrote it.
    """

    def job(query: Query) -> None:
        query(
            "create table if not exists migrations("
            "version integer primary key, name text not null, applied_at timestamptz not null)"
        )
        present = query("select coalesce(max(version), 0) from migrations")[0][0]
        require_known(engine.path, present)
        for version, (name, sql) in enumerate(MIGRATIONS[present:], present + 1):
            query(sql)
            query("insert into migrations values ($1, $2, $3)", version, name, now)

    now = datetime.now(UTC)
    engine.write(job)


def require_known(path: Path, version: int) -> None:
    """Refuse a schema of the future.

    Raises:
        WorkspaceTooNew: a newer Concord wrote it.
    """
    if version > len(MIGRATIONS):
        raise WorkspaceTooNew(
            f"{path}: a newer Concord wrote this workspace (schema {version}; this one knows up to "
            f"{len(MIGRATIONS)}). Install the newer Concord, or choose another --workspace."
        )
