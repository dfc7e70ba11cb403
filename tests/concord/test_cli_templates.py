"""Templates in and out by commands."""

from pathlib import Path

ENTRY = "  {0}: !Template\n    id: {0}\n    name: {0}\n    jinja: '{1}'\n    answer_choices: null\n"
FILE = "dataset: news\ntemplates:\n" + ENTRY.format("k1", "Label: {{ text }} ||| {{ label }}")


def test_a_promptsource_file_comes_in_makes_items_and_goes_out(concord, write_lines, tmp_path: Path) -> None:
    (tmp_path / "templates.yaml").write_text(FILE)
    write_lines("rows.jsonl", [{"text": "It rains.", "label": "weather"}, {"text": "Hm.", "label": ""}])
    assert concord("template", "import", "templates.yaml").out == "templates.yaml: templates: 1 new, 0 here already.\n"
    concord("project", "create", "news")
    concord("import", "news", "rows.jsonl")
    assert concord("template", "apply", "news-k1", "news").out.startswith("1 items made, 0 were there already, 1 rows")
    assert concord("template", "export", "--dataset", "news", "out.yaml").out == "out.yaml: templates: 1.\n"
    assert concord("template", "import", "out.yaml", "--json").json["present"] == 1


def test_a_file_with_a_bad_template_is_refused_or_read_without_it(concord, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(FILE + ENTRY.format("k2", "{{ text"))
    said = concord("template", "import", "bad.yaml")
    assert said.code == 1
    assert said.err == (
        "bad.yaml: template k2 ('k2'): line 1 of its Jinja: unexpected end of template, expected 'end of print "
        "statement'. Correct the template, or leave it out.\n"
        "Nothing was stored. Correct the file, or leave bad templates out with --skip-bad.\n"
    )
    said = concord("template", "import", "bad.yaml", "--skip-bad")
    assert said.code == 0
    assert said.out.endswith("bad.yaml: templates: 1 new, 0 here already, 1 left out.\n")
