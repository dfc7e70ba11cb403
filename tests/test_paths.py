"""The three ways through Concord, from one end to the other, on a real store."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

from concord.agreement.report import report
from concord.agreement.report_json import as_json
from concord.conversion.apply import apply_template
from concord.conversion.template import load_templates
from concord.desk.queue import open_item
from concord.desk.submit import Submission, submit_edit, submit_ranking
from concord.drafting.endpoint import endpoint_for
from concord.drafting.options import DraftOptions
from concord.drafting.run import draft_items
from concord.export.options import ExportOptions
from concord.export.run import export
from concord.ids import new_id
from concord.imports.ready import import_items
from concord.imports.rows import import_rows
from concord.records.kinds import Task
from concord.records.project import Project, Settings
from storage.store import Store

ROOT = Path(__file__).parents[1]
NOW = datetime.now(UTC)


def created(store: Store, task: Task, overlap: int = 1) -> Project:
    project = Project(new_id(), f"path of {task}", Settings(task=task, overlap=overlap), NOW)
    store.create_project(project)
    return project


def drafted(store: Store, project: Project, folder: Path) -> None:
    """Two rows, their items and three demo drafts each."""
    rows = folder / "reviews.jsonl"
    texts = ("The hinge broke on day two. The colour is lovely.", "Quiet and quick. I would buy it again.")
    lines = [{"item_id": f"r{n}", "product": "Fan", "stars": n, "text": text} for n, text in enumerate(texts, 1)]
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    import_rows(store, project, rows)
    template = next(found for found in load_templates(ROOT / "prompts") if found.id == "review-reply")
    apply_template(store, project, template, now=NOW)
    asyncio.run(draft_items(store, project, endpoint_for(project.settings, {}), DraftOptions(3)))


def written(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "train.jsonl").read_text(encoding="utf-8").split("\n") if line]


def test_a_row_becomes_a_prompt_a_draft_an_edit_and_a_line_for_fine_tuning(store: Store, tmp_path: Path) -> None:
    project = created(store, "edit")
    drafted(store, project, tmp_path)
    opened = open_item(store, project, "ana", now=NOW)
    assert opened
    submit_edit(store, Submission(opened.presentation.id, "ana", 9.0, NOW), "We are sorry about the hinge.")
    export(store, project, ExportOptions("trl-sft"), tmp_path / "out")
    [line] = written(tmp_path / "out")
    assert line["prompt"] == [{"role": m.role, "content": m.content} for m in opened.item.messages]
    assert line["completion"] == [{"role": "assistant", "content": "We are sorry about the hinge."}]


def test_a_ranking_becomes_the_pairs_that_were_on_the_screen(store: Store, tmp_path: Path) -> None:
    project = created(store, "rank")
    drafted(store, project, tmp_path)
    opened = open_item(store, project, "ana", now=NOW)
    assert opened
    best, *rest = opened.drafts
    tiers = [[best.id], [draft.id for draft in rest]]
    submit_ranking(store, Submission(opened.presentation.id, "ana", 9.0, NOW), tiers)
    manifest = export(store, project, ExportOptions("trl-dpo"), tmp_path / "out")
    pairs = {(line["chosen"][0]["content"], line["rejected"][0]["content"]) for line in written(tmp_path / "out")}
    assert pairs == {(best.text, draft.text) for draft in rest}
    assert manifest["counts"]["dropped"] == {"tie": 1, "not compared": 1}


def test_annotations_become_an_agreement_report(store: Store, tmp_path: Path) -> None:
    project = created(store, "rank", overlap=2)
    path = tmp_path / "judged.jsonl"
    labels = [("good", "good"), ("bad", "bad"), ("good", "bad"), ("good", "good")]
    with path.open("w", encoding="utf-8") as file:
        for number, pair in enumerate(labels):
            given = [
                {"annotator": who, "kind": "label", "labels": {"tone": tone}}
                for who, tone in zip("ab", pair, strict=False)
            ]
            file.write(json.dumps({"item_id": str(number), "prompt": f"q{number}", "annotations": given}) + "\n")
    import_items(store, project, path)
    statistics = as_json(report(store, project))["agreement"]["tone"]["main"]["statistics"]
    # By hand: D_o = 2/8 of the values are paired with the other one; n_c = 5, 3; alpha = 1 - 7 * 2 / (2 * 5 * 3).
    assert statistics["krippendorff_alpha"]["value"] == 1 - 7 * 2 / (2 * 5 * 3)
    assert statistics["percent_agreement"]["value"] == 0.75
