"""The written data set: two files that say the same, whatever the texts, every time; splits that do not leak."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concord.curation.policies import Policies
from concord.errors import InputError
from concord.export.options import ExportOptions
from concord.export.run import export
from concord.ids import new_id
from concord.records.annotation import Annotation, Edit, Ranking
from concord.records.draft import Draft
from concord.records.item import Item, Message
from concord.records.remark import ItemFlag
from storage import datasets

NASTY = (
    "2024-01-01",
    "02134",
    "line\u2028separator\u2029and\x85next",
    'tab\tquote"backslash\\n\r\nnewline',
    "nul\x00bell\x07escape\x1bdelete\x7f",
    "emoji 👩‍👩‍👧 é e\u0301 עברית \U0001f1e9\U0001f1ea",
    "</s><|im_end|>{{ jinja }} {'a': 1}",
    "NaN",
    "true",
    " blanks around ",
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
ROLES = pa.list_(pa.struct({"role": pa.string(), "content": pa.string()}))


def fill(campaign, triples: list[tuple[str, str, str]]) -> None:
    """Items with these prompts, answers and worse drafts, all at once."""
    store, project, now = campaign.store, campaign.project, campaign.project.created_at
    items = [Item(new_id(), project.id, f"q{n}", (Message("user", p),)) for n, (p, _, _) in enumerate(triples)]
    drafts = [
        [Draft(new_id(), project.id, item.id, name, text, "file", now) for name, text in (("d1", good), ("d2", bad))]
        for item, (_, good, bad) in zip(items, triples, strict=True)
    ]
    judgements = [
        (item, judgement)
        for item, (good, bad), (_, text, _) in zip(items, drafts, triples, strict=True)
        for judgement in (Edit(good.id, text), Ranking(((good.id,), (bad.id,))))
    ]
    store.add_items(items, overlap=1)
    store.add_drafts([draft for pair in drafts for draft in pair])
    store.add_annotations(
        [Annotation(new_id(), project.id, item.id, "ann", judged, "file", now) for item, judged in judgements]
    )


def test_a_data_set_is_six_files_at_most_and_all_are_named(campaign, exported) -> None:
    fill(campaign, [(f"p{n}", f"good {n}", f"bad {n}") for n in range(20)])
    written = exported(campaign, "trl-dpo", shares=(0.8, 0.0, 0.2))
    files = {"train.jsonl", "train.parquet", "test.jsonl", "test.parquet"}
    assert {path.name for path in written.folder.iterdir()} == files | {"README.md", "manifest.json"}
    assert {file["name"] for file in written.manifest["files"]} == files
    assert written.manifest["counts"]["written"] == {"train": 16, "test": 4}
    assert len(written.rows("train")) == 16


@pytest.mark.parametrize("kind", ["trl-sft", "trl-dpo"])
def test_nasty_texts_survive_both_files(campaign, exported, kind: str) -> None:
    fill(campaign, [(text, f"{text}!", f"{text}?") for text in NASTY])
    rows = exported(campaign, kind).rows()
    answer = "completion" if kind == "trl-sft" else "chosen"
    assert [row["prompt"][0]["content"] for row in rows] == list(NASTY)
    assert [row[answer][0]["content"] for row in rows] == [f"{text}!" for text in NASTY]


@settings(max_examples=25)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4), st.sampled_from(["trl-sft", "trl-dpo"]))
def test_any_texts_survive_both_files(new_campaign, exported, texts: list[tuple[str, str]], kind: str) -> None:
    campaign = new_campaign()
    fill(campaign, [(prompt, f"{answer}!", f"{answer}?") for prompt, answer in texts])
    rows = exported(campaign, kind, out=f"out-{campaign.project.id}").rows()
    answer = "completion" if kind == "trl-sft" else "chosen"
    assert [(row["prompt"][0]["content"], row[answer][0]["content"]) for row in rows] == [
        (prompt, f"{text}!") for prompt, text in texts
    ]


def test_parquet_has_types_of_its_own_and_not_those_of_the_values(campaign, exported) -> None:
    fill(campaign, [("2024-01-01", "02134", "7")])
    schema = {
        kind: pq.read_schema(exported(campaign, kind, out=kind).folder / "train.parquet")
        for kind in ("trl-sft", "trl-dpo")
    }
    assert schema["trl-sft"].field("prompt").type == schema["trl-dpo"].field("chosen").type == ROLES
    names = ("item_id", "template_id", "template_version")
    assert {one.field(name).type for one in schema.values() for name in names} == {pa.string()}
    assert {one.field("agreement").type for one in schema.values()} == {pa.float64()}


@pytest.mark.parametrize("kind", ["trl-sft", "trl-dpo"])
def test_the_folder_is_a_data_set_for_the_hub_s_library(
    campaign, exported, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    hub = pytest.importorskip("datasets")
    fill(campaign, [(text, f"{text}!", f"{text}?") for text in NASTY])
    written = exported(campaign, kind, shares=(0.8, 0.1, 0.1))
    loaded = hub.load_dataset(str(written.folder), cache_dir=str(tmp_path / "cache"))
    assert set(loaded) == {"train", "validation", "test"}
    for split in loaded:
        assert loaded[split].to_list() == written.rows(split)


def test_an_export_again_is_the_same_to_the_last_byte(campaign, exported) -> None:
    fill(campaign, [(f"p{n % 30}", f"good {n}", f"bad {n}") for n in range(100)])
    for kind in ("trl-sft", "trl-dpo"):
        first, second = (exported(campaign, kind, out=f"{kind}-{n}", shares=(0.8, 0.1, 0.1)) for n in (1, 2))
        for name in ("train.jsonl", "validation.jsonl", "test.jsonl"):
            assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes()


@pytest.mark.parametrize("kind", ["trl-sft", "trl-dpo"])
def test_all_files_are_the_same_to_the_last_byte_at_the_same_time(campaign, tmp_path: Path, kind: str) -> None:
    fill(campaign, [(f"p{n % 30}", f"good {n}", f"bad {n}") for n in range(50)])
    options = ExportOptions(kind, shares=(0.8, 0.1, 0.1), policies=Policies(edit_pairs=True), stratify="template")
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        export(campaign.store, campaign.project, options, folder, now=campaign.project.created_at)
    files = {path.name: path.read_bytes() for path in first.iterdir()}
    assert files == {path.name: path.read_bytes() for path in second.iterdir()}


@pytest.mark.parametrize("kind", ["trl-sft", "trl-dpo", "trl-kto", "rankings"])
def test_rows_are_the_same_however_many_of_them_are_in_memory_at_once(
    campaign, exported, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    fill(campaign, [(f"p{n} </s>", f"good {n}", f"bad \ufffd {n}") for n in range(20)])
    campaign.decide(campaign.item("decided", "one", "two"), "edit", "d1", "three")
    options = {"shares": (0.8, 0.0, 0.2), "policies": Policies(edit_pairs=True)}
    whole = exported(campaign, kind, out="whole", **options)
    monkeypatch.setattr(datasets, "_PART_BYTES", 300)
    apart = exported(campaign, kind, out="apart", **options)
    assert pq.ParquetFile(apart.folder / "train.parquet").num_row_groups > 2
    assert apart.rows("train") == whole.rows("train")
    assert apart.rows("test") == whole.rows("test")
    assert [apart.manifest[what] for what in ("lengths", "warnings")] == [
        whole.manifest[what] for what in ("lengths", "warnings")
    ]


def test_every_row_has_the_same_fields(campaign, exported) -> None:
    campaign.edit(campaign.item("q1", template_id="t", template_version="v"), "ann", "answer")
    campaign.edit(campaign.item("q2"), "ann", "answer")
    first, second = exported(campaign, "trl-sft").rows()
    assert list(first) == list(second)


# ---- splits


def splits(written) -> dict[str, str]:
    """The split of each item."""
    return {row["item_id"]: split for split in written.manifest["counts"]["written"] for row in written.rows(split)}


def test_items_of_one_prompt_or_one_row_are_never_apart(campaign, exported) -> None:
    rows = [new_id() for _ in range(15)]
    for number in range(60):
        item = campaign.item(
            f"q{number}", messages=(Message("user", f"prompt  {number % 40}"),), row_id=rows[number % 15]
        )
        campaign.edit(item, "ann", f"answer {number}")
    home = splits(exported(campaign, "trl-sft", shares=(0.5, 0.25, 0.25)))
    assert set(home.values()) == {"train", "validation", "test"}
    for number in range(60):
        alike = [other for other in range(60) if other % 40 == number % 40 or other % 15 == number % 15]
        assert {home[f"q{other}"] for other in alike} == {home[f"q{number}"]}


def test_prompts_that_differ_in_blanks_alone_are_together(campaign, exported) -> None:
    for number, blank in enumerate((" ", "  ", "\n", "\u00a0") * 5):
        item = campaign.item(f"q{number}", messages=(Message("user", f"prompt{blank}{number // 4}"),))
        campaign.edit(item, "ann", "answer")
    home = splits(exported(campaign, "trl-sft", shares=(0.6, 0.2, 0.2)))
    assert all(len({home[f"q{4 * group + n}"] for n in range(4)}) == 1 for group in range(5))


def test_the_pairs_of_one_item_are_together_and_share_its_weight(campaign, exported) -> None:
    for number in range(12):
        campaign.rank(campaign.item(f"q{number}", "one", "two", "three"), "ann", "d1 > d2 > d3")
    written = exported(campaign, "trl-dpo", shares=(0.5, 0.25, 0.25))
    rows = [row for split in written.manifest["counts"]["written"] for row in written.rows(split)]
    assert len({(row["item_id"], split) for row in rows for split in [splits(written)[row["item_id"]]]}) == 12
    assert {row["pair_weight"] for row in rows} == {1 / 3}


def test_another_seed_is_another_split(campaign, exported) -> None:
    fill(campaign, [(f"p{n}", "good", "bad") for n in range(40)])
    homes = [splits(exported(campaign, "trl-sft", shares=(0.5, 0.5, 0.0), seed=seed)) for seed in (0, 0, 1)]
    assert homes[0] == homes[1] != homes[2]


# ---- the record of it


def test_an_export_is_kept_with_its_manifest(campaign, exported, tmp_path: Path) -> None:
    fill(campaign, [("p", "good", "bad")])
    first, second = exported(campaign, "trl-sft"), exported(campaign, "trl-dpo")
    newest, oldest = campaign.store.exports(campaign.project.id)
    assert (newest.format, newest.folder, newest.manifest) == ("trl-dpo", str(tmp_path / "out"), second.manifest)
    assert (oldest.format, oldest.manifest) == ("trl-sft", first.manifest)


def test_the_manifest_says_what_the_rows_rest_on(campaign, exported) -> None:
    fill(campaign, [("p", "good", "bad <|im_end|>"), ("p ", "good!", "bad!")])
    written = exported(campaign, "trl-dpo")
    assert written.manifest["evidence"] == {"items": 2, "prompts": 1, "drafts": 4, "annotators": 1, "annotations": 4}
    assert written.manifest["lengths"]["max"] == len("p\ngood\nbad <|im_end|>")
    assert written.manifest["warnings"] == [
        "Rows written: 2. Fine-tuning wants at least 10.",
        "Rows with chat tokens in their text, such as `<|im_end|>`: 1. A trainer reads these as control tokens.",
    ]


def test_a_failed_export_leaves_the_earlier_one_as_it_was(campaign, exported) -> None:
    fill(campaign, [("p", "good", "bad")])
    written = exported(campaign, "trl-sft")
    before = {path.name: path.read_bytes() for path in written.folder.iterdir()}
    with pytest.raises(InputError, match="There is nothing to export"):
        export(campaign.store, campaign.project, ExportOptions("trl-dpo", min_votes=9), written.folder)
    assert {path.name: path.read_bytes() for path in written.folder.iterdir()} == before
    assert len(campaign.store.exports(campaign.project.id)) == 1


def test_a_folder_of_something_else_is_refused(campaign, exported, tmp_path: Path) -> None:
    fill(campaign, [("p", "good", "bad")])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError) as caught:
        exported(campaign, "trl-sft")
    assert str(caught.value) == f"{tmp_path}/out: there is something else in this place. Choose a new folder."
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


def test_an_export_sees_one_moment_while_others_work(campaign, exported) -> None:
    fill(campaign, [(f"p{n}", "good", "bad") for n in range(30)])
    with campaign.store.export_source(campaign.project.id) as source:
        campaign.edit(campaign.item("later"), "bob", "answer")
        assert len(source.items()) == 30
        assert source.provenance()["annotators"] == [("ann", "file", 60)]


@pytest.mark.parametrize(("kind", "written"), [("trl-sft", 1), ("trl-dpo", 1)])
def test_flagged_items_stay_here_and_are_counted_unless_they_are_asked_for(
    campaign, exported, kind: str, written: int
) -> None:
    fill(campaign, [("p0", "good", "bad"), ("p1", "better", "worse")])
    flagged = next(iter(campaign.store.items(campaign.project.id)))
    campaign.store.add_flag(
        ItemFlag(
            new_id(),
            campaign.project.id,
            flagged.id,
            "ann",
            new_id(),
            "personal_data",
            "",
            campaign.project.created_at,
        )
    )
    default = exported(campaign, kind)
    assert len(default.rows()) == written
    assert default.dropped() == {"flagged: personal data": 1}
    assert default.manifest["dropped"] == [{"item": flagged.name, "reason": "flagged: personal data"}]
    assert len(exported(campaign, kind, out="all", include_flagged=True).rows()) == written + 1
