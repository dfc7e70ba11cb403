"""The command line: its words, its exit codes, and every error in so many words."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPORTS = [
    ["project", "list"],
    ["project", "show", "reviews"],
    ["template", "list"],
    ["template", "show", "review-reply"],
    ["template", "save", "ask.prompt.md"],
    ["template", "versions", "review-reply"],
    ["template", "diff", "ask"],
    ["template", "apply", "review-reply", "reviews"],
    ["template", "lint", "review-reply", "--project", "reviews"],
    ["import", "reviews", "reviews.jsonl"],
    ["annotations", "import", "reviews", "items.jsonl"],
    ["annotations", "export", "reviews", "out.jsonl"],
    ["draft", "reviews"],
    ["agreement", "reviews"],
    ["export", "reviews", "--format", "trl-sft", "--out", "out"],
    ["export", "reviews", "--format", "trl-sft", "--dry-run"],
    ["backup", "backup.duckdb"],
    ["verify"],
    ["demo"],
]

ERRORS = {
    "project create reviews": "A project named 'reviews' exists already. Choose another name.",
    "project show nope": "There is no project 'nope' (there are: 'reviews'). Check the name or create it.",
    "project create new --settings none.yaml": "none.yaml: No such file or directory. Check the path.",
    "import nope reviews.jsonl": "There is no project 'nope' (there are: 'reviews'). Check the name or create it.",
    "import reviews none.jsonl": "none.jsonl: No such file or directory. Check the path.",
    "import reviews notes.txt": (
        "notes.txt: files end in .jsonl, .ndjson, .json, .csv, .tsv, .parquet (text files also in .gz). "
        "Rename or convert it."
    ),
    "import reviews reviews.jsonl --map title": "--map 'title': write it as FIELD=COLUMN.",
    "import reviews reviews.jsonl --template nope": (
        "There is no template 'nope' (there are: dialogsum-summary, review-points, review-reply, "
        "support-handover, support-reply, support-topic). Check the id."
    ),
    "template lint nope": (
        "There is no template 'nope' (there are: dialogsum-summary, review-points, review-reply, "
        "support-handover, support-reply, support-topic). Check the id."
    ),
    "template lint review-reply --project nope": (
        "There is no project 'nope' (there are: 'reviews'). Check the name or create it."
    ),
    "annotations import reviews none.jsonl": "none.jsonl: No such file or directory. Check the path.",
    "annotations export reviews .": "'.' has no name of its own. Name a new place in it.",
    "draft reviews --candidates 0": "candidates is 0. Give a number from 1 to 1,000.",
    "draft reviews --limit 0": "limit is 0. Give a number from 1 to 1,000,000,000.",
    "draft reviews --base-url localhost": (
        "base URL 'localhost': it is not a web address. Give one such as http://127.0.0.1:8000/v1."
    ),
    "draft reviews --base-url https://me:secret@example.org/v1": (
        "base URL: it holds a user name, a query or a fragment. Give scheme, host and path only, and the key "
        "in the environment variable OPENAI_API_KEY."
    ),
    "export reviews --format trl-sft --out out": (
        "There is nothing to export (2 not annotated). Annotate some items first, or lower the gates."
    ),
    "export reviews --format trl-sft --out out --split 1,2": (
        "split is '1,2', which is not three numbers. Give the shares of train, validation and test, such as "
        "0.8,0.1,0.1."
    ),
    "export reviews --format trl-sft --out out --min-votes 0": (
        "min_votes is 0, but a preference needs a vote. Give a whole number from 1."
    ),
    "backup workspace/concord.duckdb": "workspace/concord.duckdb: this is the database itself. Choose another place.",
    "restore reviews.jsonl": "reviews.jsonl: not a backup of a workspace. Choose a file that `concord backup` wrote.",
    "--workspace reviews.jsonl verify": "reviews.jsonl: File exists. Choose another --workspace.",
    "serve --host 0.0.0.0": "--host 0.0.0.0: without accounts the app serves this machine alone. Use 127.0.0.1.",
}


@pytest.fixture
def answered(concord, reviews: str, write_lines) -> str:
    """The project with an answer to each item, from `items.jsonl`."""
    concord("annotations", "export", reviews, "items.jsonl")
    lines = [json.loads(line) for line in Path("items.jsonl").read_text(encoding="utf-8").split("\n") if line]
    edit = {"annotator": "ana", "kind": "edit", "text": "Thank you."}
    write_lines("items.jsonl", [line | {"annotations": [edit]} for line in lines])
    assert concord("annotations", "import", reviews, "items.jsonl").code == 0
    return reviews


# ---- words


def test_what_reports_can_answer_as_text_and_as_json(concord, answered: str) -> None:
    ask = "---\nid: ask\ndescription: Ask\ninputs: {text: string}\n---\nWhat is {{ text }}?\n"
    Path("ask.prompt.md").write_text(ask, encoding="utf-8")
    concord("template", "save", "ask.prompt.md")
    Path("ask.prompt.md").write_text(ask.replace("is", "was"), encoding="utf-8")
    for words in REPORTS:
        text = concord(*words)
        assert (text.code, text.err, text.out[-1:]) == (0, "", "\n"), words
        assert not text.out.startswith(("{", "[")), words
        data = concord(*words, "--json")
        assert (data.code, data.err) == (0, ""), words
        assert data.json, words


def test_a_new_project_is_shown(concord) -> None:
    assert concord("project", "create", "one").out.startswith("one (")
    created = concord("project", "create", "two", "--json").json
    assert (created["name"], created["counts"]["rows"], created["settings"]["task"]) == ("two", 0, "rank+edit")


def test_lists_have_an_id_for_each_entry(concord, reviews: str) -> None:
    [project] = concord("project", "list", "--json").json
    assert (project["name"], project["counts"]["items"], len(project["id"])) == ("reviews", 2, 36)
    assert "review-reply" in [template["id"] for template in concord("template", "list", "--json").json]


def test_the_workspace_may_stand_before_or_after_the_command(concord) -> None:
    concord("--workspace", "elsewhere", "project", "create", "one")
    concord("project", "--workspace", "elsewhere", "create", "two")
    concord("project", "create", "three", "--workspace", "elsewhere")
    names = [project["name"] for project in concord("project", "list", "--json", "--workspace", "elsewhere").json]
    assert names == ["one", "two", "three"]
    assert concord("--json", "project", "list").json == []


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "the following arguments are required: command"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["project"], "the following arguments are required: action"),
        (["project", "create"], "the following arguments are required: name"),
        (["draft", "p", "--candidates", "three"], "argument --candidates: invalid int value: 'three'"),
        (["export", "p", "--format", "csv", "--out", "o"], "argument --format: invalid choice: 'csv'"),
        (["export", "p", "--format", "trl-sft"], "one of the arguments --out --dry-run is required"),
        (["serve", "--port", "99999"], "argument --port: '99999' is not a port. Give a number from 0 to 65535."),
    ],
)
def test_wrong_usage_ends_with_2(concord, words: list[str], complaint: str) -> None:
    said = concord(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("usage: concord")
    assert complaint in said.err


# ---- stated errors


@pytest.mark.parametrize("words", ERRORS)
def test_a_stated_error_is_all_that_is_said_and_ends_with_1(concord, reviews: str, words: str) -> None:
    said = concord(*words.split())
    assert (said.code, said.out, said.err) == (1, "", f"{ERRORS[words]}\n")


def test_an_error_is_no_json(concord) -> None:
    said = concord("project", "show", "nope", "--json")
    assert (said.code, said.out) == (1, "")
    assert said.err == "There is no project 'nope' (there are: none yet). Check the name or create it.\n"


# ---- imports


def test_bad_rows_stop_an_import_and_are_named(concord, reviews: str, write_lines) -> None:
    write_lines("more.jsonl", [{"product": "Kettle", "stars": 2, "text": ""}, "no JSON"])
    said = concord("import", reviews, "more.jsonl", "--template", "review-reply")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "more.jsonl, line 1: field 'text' is empty. Fill it in or remove the row.\n"
        "more.jsonl, line 2: the line is not valid JSON (Expecting value at column 1). Correct or remove the line.\n"
        "more.jsonl: 2 of 2 rows are bad; nothing was stored.\n"
        "Correct them, or leave them out with --skip-bad.\n"
    )


def test_bad_rows_in_json_are_on_the_standard_output(concord, reviews: str, write_lines) -> None:
    write_lines("more.jsonl", ["no JSON"])
    said = concord("import", reviews, "more.jsonl", "--json")
    assert (said.code, said.err, said.json["refused"], said.json["problems"][0]["line"]) == (1, "", True, 1)


def test_bad_rows_may_be_left_out(concord, reviews: str, write_lines, rows) -> None:
    write_lines("more.jsonl", ["no JSON", rows[0] | {"text": "It hums."}])
    answer = concord("import", reviews, "more.jsonl", "--skip-bad", "--template", "review-reply", "--json").json
    assert (answer["stored"], answer["applied"]["items"], answer["applied"]["present"]) == (1, 1, 2)
    [rejected] = Path(answer["rejects"]).read_text(encoding="utf-8").splitlines()
    assert json.loads(rejected)["text"] == "no JSON"


def test_a_dry_run_stores_nothing(concord, reviews: str, write_lines, rows) -> None:
    write_lines("more.jsonl", [rows[0] | {"text": "It hums."}, rows[1], "no JSON"])
    said = concord("import", reviews, "more.jsonl", "--dry-run", "--skip-bad", "--template", "review-reply")
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith("more.jsonl: 3 read: 1 would be new, 1 were there already.\n")
    assert (
        concord("project", "show", reviews, "--json").json["counts"] | {"rows": 2, "items": 2}
        == (concord("project", "show", reviews, "--json").json["counts"])
    )


def test_columns_are_renamed_on_the_way_in(concord, write_lines) -> None:
    concord("project", "create", "reviews")
    write_lines("foreign.jsonl", [{"title": "Fan", "rating": 1, "body": "It hums."}])
    mapping = ["--map", "product=title", "--map", "stars=rating", "--map", "text=body"]
    said = concord("import", "reviews", "foreign.jsonl", *mapping, "--template", "review-reply")
    assert said.out.splitlines() == [
        "foreign.jsonl: 1 read: 1 are new, 0 were there already.",
        "1 items made, 0 were there already, 0 rows gave none.",
    ]


def test_a_file_of_items_is_known_by_its_lines_unless_rows_are_asked_for(concord, write_lines) -> None:
    write_lines(
        "items.jsonl", [{"item_id": "a", "prompt": "Why?", "responses": [], "text": "x", "product": "y", "stars": 1}]
    )
    concord("project", "create", "one")
    assert concord("import", "one", "items.jsonl", "--template", "review-reply", "--json").json["applied"]["items"] == 1
    concord("project", "create", "two")
    concord("import", "two", "items.jsonl")
    counts = [concord("project", "show", name, "--json").json["counts"] for name in ("one", "two")]
    assert [(one["rows"], one["items"]) for one in counts] == [(1, 1), (0, 1)]


def test_a_template_that_does_not_fit_makes_no_item_and_says_why(concord, reviews: str) -> None:
    said = concord("template", "apply", "support-reply", reviews)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("reviews.jsonl, line 1: support-reply.prompt.md: 'channel' is undefined for this row")
    assert said.err.endswith(
        "No item was made. Correct the template or the rows, or leave the rows out with --skip-bad.\n"
    )


# ---- drafts


def test_the_demo_drafter_says_that_it_is_no_model(concord, reviews: str) -> None:
    said = concord("draft", reviews, "--candidates", "2", "--limit", "1")
    assert said.code == 0
    assert "These drafts come from the demo drafter, which is no language model" in said.out
    assert said.out.endswith("2 of 2 drafts made by concord-demo, 0 failed.\n")
    assert concord("draft", reviews, "--candidates", "2", "--json").json["done"] == 2
    assert concord("draft", reviews, "--candidates", "2").out == "No item is missing a draft.\n"


# ---- upkeep


def test_a_backup_comes_back(concord, reviews: str) -> None:
    assert concord("backup", "kept/backup.duckdb").out.endswith(" bytes written to kept/backup.duckdb.\n")
    concord("project", "create", "later")
    kept = "The database before it is workspace/concord.duckdb.before-restore."
    assert concord("restore", "kept/backup.duckdb").out == f"Restored kept/backup.duckdb. {kept}\n"
    assert [project["name"] for project in concord("project", "list", "--json").json] == ["reviews"]
    fresh = concord("--workspace", "fresh", "--json", "restore", "kept/backup.duckdb")
    assert fresh.json == {"file": "kept/backup.duckdb", "kept": None}


def test_a_damaged_workspace_ends_with_1(concord, reviews: str, damage) -> None:
    assert concord("verify").out.endswith("The workspace is sound.\n")
    damage()
    said = concord("verify")
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith("The workspace is damaged. Restore a backup.\n")
    assert concord("verify", "--json").json["sound"] is False


@pytest.fixture
def damage(tmp_path: Path):
    """Take the items away from under the queue, as nothing in Concord does."""
    code = "import duckdb; duckdb.connect('workspace/concord.duckdb').execute('delete from queue')"
    return lambda: subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)


# ---- as a process


def test_the_process_ends_with_the_code_of_the_command(tmp_path: Path) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "concord", "--workspace", str(tmp_path / "workspace"), *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (run("project", "create", "p").returncode, run("project").returncode) == (0, 2)
    failed = run("project", "create", "p")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == "A project named 'p' exists already. Choose another name.\n"


def test_a_reader_who_leaves_early_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m concord --workspace {tmp_path} template list --json | true"
    piped = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert piped.stderr == ""


def test_a_command_starts_without_what_it_does_not_need() -> None:
    heavy = "{'openai', 'httpx2', 'fastapi', 'starlette', 'pydantic', 'streamlit', 'pandas', 'label_studio_sdk'}"
    code = f"import sys, concord.__main__; print(sorted({heavy} & sys.modules.keys()))"
    started = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert started.stdout == "[]\n"


def test_texts_are_tidied_on_their_way_in_and_the_check_has_nothing_left_to_say_of_them(concord) -> None:
    line = {"item_id": "q1", "prompt": "Why?\r\n", "responses": [{"id": "a", "text": " Because\u200b. "}]}
    Path("items.jsonl").write_text(json.dumps(line))
    for project, words in (("plain", ()), ("tidy", ("--tidy",))):
        concord("project", "create", project)
        assert ("Texts of 1 of 1 rows were tidied." in concord("import", project, "items.jsonl", *words).out) == bool(
            words
        )
    found = {one: {f["code"] for f in concord("check", one, "--json").json["findings"]} for one in ("plain", "tidy")}
    form = {"line-ends", "invisible", "blank-edges"}
    assert (found["plain"] & form, found["tidy"] & form) == (form, set())
