"""Versions of templates on the command line: saved, listed, compared, applied, and what they leave behind."""

from pathlib import Path

import pytest

ASK = "---\nid: ask\ndescription: Ask\ninputs: {text: string}\n---\nuser:\nWhat is good about this? {{ text }}\n"
NEWER = ASK.replace("good", "bad")


@pytest.fixture
def save(concord, tmp_path: Path):
    """Saves a text as a version of its template, and gives what was said."""

    def saved(source: str, *words: str):
        (tmp_path / "ask.prompt.md").write_text(source, encoding="utf-8")
        return concord("template", "save", "ask.prompt.md", *words)

    return saved


def test_a_saved_version_stands_and_is_shown(concord, save) -> None:
    said = save(ASK, "--note", "the first", "--author", "Ada", "--json")
    assert (said.json["id"], said.json["note"], said.json["author"]) == ("ask", "the first", "Ada")
    assert concord("template", "show", "ask").out == ASK + "\n"
    assert concord("template", "show", "ask", "--json").json["version"] == said.json["version"]


def test_versions_are_listed_with_their_notes(concord, save) -> None:
    first = save(ASK, "--note", "the first", "--json").json
    second = save(NEWER, "--author", "Ada", "--json").json
    listed = concord("template", "versions", "ask", "--json").json
    assert [(one["version"], one["stands"]) for one in listed] == [(second["version"], True), (first["version"], False)]
    _, newest, oldest = concord("template", "versions", "ask").out.splitlines()
    assert newest.split()[:2] == ["*", second["version"][:12]]
    assert oldest.endswith("studio  the first")
    assert concord("template", "show", "ask", "--version", first["version"][:9]).out == ASK + "\n"


def test_two_versions_are_compared(concord, save) -> None:
    first = save(ASK, "--json").json["version"]
    second = save(NEWER, "--json").json["version"]
    diff = concord("template", "diff", "ask").out
    assert f"--- ask {first[:12]}\n+++ ask {second[:12]}\n" in diff
    assert "-What is good about this? {{ text }}\n+What is bad about this? {{ text }}\n" in diff
    assert concord("template", "diff", "ask", second[:9], first[:9], "--json").json["new"] == first
    assert concord("template", "diff", "ask", second[:9]).out == "Nothing changed.\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("save none.prompt.md", "none.prompt.md: No such file or directory. Check the path."),
        ("save reviews.jsonl", "reviews.jsonl, line 1: there is no front matter. "),
        ("show review-reply --version zz", "'zz' is no version of 'review-reply' (there are: "),
        ("diff review-reply", "Template 'review-reply' has one version only. Save another to see what changed."),
        ("versions nope", "There is no template 'nope' (there are: "),
    ],
)
def test_what_cannot_be_done_is_said(concord, reviews: str, words: str, message: str) -> None:
    said = concord("template", *words.split())
    assert (said.code, said.out, said.err[: len(message)]) == (1, "", message)


def test_a_newer_version_leaves_stale_items_until_they_are_re_rendered(concord, save, reviews: str) -> None:
    save(ASK)
    assert concord("template", "apply", "ask", reviews).code == 0
    save(NEWER)
    said = concord("template", "apply", "ask", reviews)
    assert said.out == (
        "0 items made, 0 were there already, 0 rows gave none.\n"
        "2 items and 0 answers were made with an older version of ask; "
        "--rerender replaces the 2 that nobody has worked on.\n"
    )
    [stale] = concord("project", "show", reviews, "--json").json["stale"]
    assert (stale["template_id"], stale["items"], stale["answers"], stale["replaceable"]) == ("ask", 2, 0, 2)
    assert "2 items and 0 answers were made with an older version of ask" in concord("project", "show", reviews).out
    said = concord("template", "apply", "ask", reviews, "--rerender")
    assert said.out == (
        "2 items made, 0 were there already, 0 rows gave none.\n2 items of older versions left the queue.\n"
    )
    shown = concord("project", "show", reviews, "--json").json
    assert (shown["stale"], shown["counts"]["items"]) == ([], 4)  # two of another template


def test_a_terminal_sees_how_far_the_rendering_is(
    concord, reviews: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    said = concord("template", "apply", "review-reply", reviews)
    assert "rendering 100%, about 0 s left" in said.err


def test_rows_that_cannot_be_rendered_are_left_out_and_named(concord, save, reviews: str, write_lines) -> None:
    write_lines("more.jsonl", [{"body": "Nothing fits."}])
    concord("import", reviews, "more.jsonl")
    save(ASK)
    assert concord("template", "apply", "ask", reviews).err.endswith("leave the rows out with --skip-bad.\n")
    said = concord("template", "apply", "ask", reviews, "--skip-bad")
    assert said.code == 0
    assert said.out.startswith("more.jsonl, line 1: ask.prompt.md: 'text' is undefined for this row")
    assert said.out.endswith(
        "2 items made, 0 were there already, 0 rows gave none.\n1 rows cannot be rendered and were left out.\n"
    )


def test_what_was_replaced_is_accounted_for_in_an_export(concord, save, write_lines) -> None:
    write_lines("rows.jsonl", [{"item_id": "r1", "text": "a"}, {"item_id": "r2", "text": "b"}])
    concord("project", "create", "p")
    save(ASK)
    concord("import", "p", "rows.jsonl", "--template", "ask")
    edit = {"annotator": "ana", "kind": "edit", "text": "All of it."}
    write_lines("items.jsonl", [{"item_id": "r1", "annotations": [edit]}])
    concord("annotations", "import", "p", "items.jsonl")
    save(NEWER)
    concord("template", "apply", "ask", "p", "--rerender")
    counts = concord("export", "p", "--format", "trl-sft", "--out", "out", "--json").json["counts"]
    dropped = {"replaced by a newer version": 1}
    assert (counts["in"], counts["written"], counts["dropped"]) == (3, {"train": 1}, dropped | {"not annotated": 1})
    said = concord("export", "p", "--format", "trl-dpo", "--out", "out")
    assert said.err.startswith("There is nothing to export (2 not compared, 1 replaced by a newer version).")
