"""The house keeps its order: who may import what, and ARCHITECTURE.md names every module there is."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("components", "concord", "storage")
FILES = sorted([ROOT / "app.py", *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))])
MODULES = [path for path in FILES if path.name != "__init__.py"]
NAMES = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES}

# A library stands for a privilege; the parts of the house beside it are the only ones that have it.
PRIVILEGES = {
    "streamlit": ("app", "components"),
    "duckdb": ("storage",),
    "openai": ("concord.drafting",),
    "aiohttp": ("concord.drafting",),
    "httpx": ("concord.labelstudio.server",),
    "httpx2": ("concord.drafting",),
    "label_studio_sdk": ("concord.labelstudio.server",),
    "jinja2": ("concord.conversion",),
    "yaml": ("concord.conversion", "concord.settings"),
    "fastapi": (
        *("concord.api", "concord.api_service", "concord.api_template", "concord.api_review"),
        *("concord.api_enrich", "concord.api_labelstudio", "concord.api_received"),
        "concord.api_people",
        "concord.api_check",
    ),
    "pyarrow": ("storage", "concord.imports", "concord.export"),
    "numpy": (
        *("storage.reports", "storage.votes", "storage.circumstances", "storage.pulls", "storage.disputes"),
        *("storage.factual", "storage.datasets"),
        *("concord.records", "concord.conversion.repeats"),
        *("concord.agreement", "concord.curation", "concord.export", "concord.evaluating"),
    ),
    "pandas": ("app", "components"),
    "tokenizers": ("concord.export.tokens",),
    "huggingface_hub": ("concord.export.hub",),
    "altair": ("app", "components"),
}

# What each part of the house may import of the others; more than this is a new direction, and needs a reason.
NOUNS = ("concord.records", "concord.errors", "concord.ids", "concord.language", "concord.turns")
WIRING = (
    "concord.preparation",
    *("concord.verbs", "concord.local", "concord.local_template", "concord.local_lint"),
    *("concord.remote", "concord.remote_template"),
    *("concord.api", "concord.api_service", "concord.api_template"),
    *(
        "concord.verbs_enrich",
        "concord.local_enrich",
        "concord.remote_enrich",
        "concord.api_enrich",
        "concord.cli_enrich",
    ),
    *("concord.cli", "concord.cli_words", "concord.cli_template", "concord.cli_lint", "concord.cli_text"),
    *("concord.gold", "concord.proposing", "concord.approval", "concord.local_review", "concord.remote_review"),
    *("concord.api_review", "concord.cli_review", "concord.api_received"),
    *("concord.verbs_labelstudio", "concord.local_labelstudio", "concord.remote_labelstudio"),
    *("concord.api_labelstudio", "concord.cli_labelstudio"),
    *("concord.cli_export", "concord.cli_evaluate", "concord.evaluating"),
    *("concord.verbs_people", "concord.local_people", "concord.remote_people"),
    *("concord.api_people", "concord.cli_people"),
    *("concord.checking", "concord.verbs_check", "concord.local_check", "concord.remote_check"),
    *("concord.api_check", "concord.cli_check"),
)
MAY_IMPORT = {
    "concord.records": (),
    "concord.errors": (),
    "concord.ids": (),
    "concord.language": (),
    "concord.turns": ("concord.records", "concord.ids"),
    "concord.version": (),
    "concord.settings": (*NOUNS, "concord.rubric"),
    "concord.rubric": NOUNS,
    "concord.conversion": NOUNS,
    "concord.drafting": NOUNS,
    "concord.enrichment": NOUNS,
    "concord.desk": (*NOUNS, "concord.curation.disagreement"),  # one measure of who disagrees, here and in review
    "concord.agreement": NOUNS,
    "concord.curation": NOUNS,
    "concord.imports": NOUNS,
    "concord.labelstudio": (*NOUNS, "concord.rubric"),  # which of others' questions the desk could ask
    "concord.export": (*NOUNS, "concord.curation", "concord.version"),
    "concord.sample": (*NOUNS, "concord.conversion", "concord.drafting", "concord.imports"),
    "storage": NOUNS,
    **dict.fromkeys(WIRING, ("concord",)),
    "concord.__main__": ("concord", "storage"),
    "components": ("concord", "storage"),
    "app": ("concord", "storage", "components"),
}


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, also inside functions; `from a import b` is `a.b` where that is a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            ours = [name for name in names if name in NAMES.values()]
            yield from ours or [str(node.module)]


def within(name: str, parts: tuple[str, ...]) -> bool:
    """Whether a module is one of these parts, or in one of them."""
    return any(name == part or name.startswith(f"{part}.") for part in parts)


@pytest.mark.parametrize("path", MODULES, ids=NAMES.get)
def test_a_library_is_imported_only_where_its_privilege_is(path: Path) -> None:
    taken = {name.split(".")[0] for name in imports(path)} & PRIVILEGES.keys()
    assert [library for library in taken if not within(NAMES[path], PRIVILEGES[library])] == []


@pytest.mark.parametrize("path", MODULES, ids=NAMES.get)
def test_imports_go_one_way(path: Path) -> None:
    [room] = [room for room in MAY_IMPORT if within(NAMES[path], (room,))]
    ours = [name for name in imports(path) if name.split(".")[0] in (*PACKAGES, "app")]
    assert [name for name in ours if not within(name, (room, *MAY_IMPORT[room]))] == []


def test_there_is_no_import_cycle() -> None:
    graph = {NAMES[path]: {name for name in imports(path) if name in NAMES.values()} for path in MODULES}
    while leaves := {name for name, targets in graph.items() if not targets}:
        graph = {name: targets - leaves for name, targets in graph.items() if name not in leaves}
    assert graph == {}


def test_sql_is_written_in_storage_alone() -> None:
    statement = re.compile(r"\b(select .+ from|insert into|delete from|update \w+ set) ", re.IGNORECASE)
    elsewhere = [path for path in MODULES if not within(NAMES[path], ("storage",))]
    found = [
        f"{NAMES[path]}:{node.lineno}"
        for path in elsewhere
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.search(node.value)
    ]
    assert found == []


def test_no_name_at_the_top_hides_the_standard_library() -> None:
    top = {path.stem for path in ROOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert top & sys.stdlib_module_names == set()


def test_packages_have_empty_fronts() -> None:
    assert [str(path) for path in FILES if path not in MODULES and path.read_text().strip()] == []


def test_architecture_names_every_module_and_no_other() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:app|(?:components|concord|storage)(?:/\w+)*/\w+)\.py)`", text))
    there = {str(path.relative_to(ROOT)) for path in MODULES}
    assert named == there


def test_architecture_is_short_and_explains_every_dependency() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^    "([\w-]+)[\[=><]', project, flags=re.MULTILINE)
    assert [name for name in listed if f"**{name}**" not in text] == []
