"""The known answers of the shared data, all the way: imported from a file, and read from `concord agreement --json`."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

Vector = dict[str, Any]

NOMINAL = {
    "krippendorff_alpha": "krippendorff_alpha",
    "cohen_kappa": "cohen_kappa",
    "light_kappa": "cohen_kappa",
    "scott_pi": "scott_pi",
    "fleiss_kappa": "fleiss_kappa",
    "gwet_ac1": "gwet_ac1",
    "conger_kappa": "conger_kappa",
    "brennan_prediger": "brennan_prediger",
    "percent_agreement": "percent_agreement",
    "loo_majority_agreement": "leave_one_out",
}
NUMBERS = {
    "krippendorff_alpha": "krippendorff_alpha_interval",
    "gwet_ac2": "gwet_ac2",
    "cohen_kappa_weighted": "cohen_kappa_{weights}",
}


def named(vector: Vector) -> str | None:
    """The name under which the report has the statistic; None where the report has none of that shape."""
    statistic = vector["statistic"]
    if statistic == "icc":
        return "icc_" + "_".join(re.findall(r"[\dk]", vector["params"]["type"]))
    name = NUMBERS.get(statistic) if vector["level"] in ("interval", "ordinal") else NOMINAL.get(statistic)
    return name and name.format(**vector["params"])


def lines(vector: Vector) -> list[dict[str, Any]]:
    """The vector's items, each with the answers to a question that has the vector's name."""
    kind, field = ("label", "labels") if vector["level"] == "nominal" else ("rating", "ratings")
    items: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for who, item, value in vector["data"]:
        answer = str(value) if kind == "label" else value
        items[item].append({"annotator": who, "kind": kind, field: {vector["name"]: answer}})
    return [
        {"item_id": f"{vector['name']}/{item}", "prompt": f"{vector['name']} {item}", "annotations": annotations}
        for item, annotations in items.items()
    ]


@pytest.mark.parametrize("level", ["nominal", "numbers"])
def test_known_answers_come_out_of_the_command_line(concord, write_lines, shared_data: Path, level: str) -> None:
    file = shared_data / "agreement" / "vectors_public.json"
    vectors = [vector for vector in json.loads(file.read_text(encoding="utf-8")) if named(vector)]
    chosen = [vector for vector in vectors if (vector["level"] == "nominal") == (level == "nominal")]
    concord("project", "create", "known")
    write_lines("known.jsonl", [line for vector in chosen for line in lines(vector)])
    assert concord("annotations", "import", "known", "known.jsonl").code == 0
    found = concord("agreement", "known", "--json").json["agreement"]
    wrong = {
        vector["name"]: one["value"]
        for vector in chosen
        for one in [found[vector["name"]]["main"]["statistics"][named(vector)]]
        if abs(one["value"] - vector["expected"]) > vector["tolerance"]
    }
    assert wrong == {}
    assert len(chosen) == (25 if level == "nominal" else 8)


# Of these kinds a project has one question, so each vector has a project: the name under which the report has it.
WHOLE = {
    "siegel-castellan1988-W": ("ranking", "kendall_w"),
    "scipy-doc-taub-ties": ("ranking", "kendall_tau_b"),
    "mean-pairwise-taub-siegel-castellan1988": ("ranking", "kendall_tau_b"),
    "lin2004-rouge-l-s2": ("edit", "edit_rouge_l"),
    "levenshtein-kitten": ("edit", "edit_similarity"),
    "alpha-edit-distance": ("edit", "krippendorff_alpha"),
    "mtbench-S1-with-ties-pref12x4": ("preference", "percent_agreement"),
}


def ranked(vector: Vector) -> list[dict[str, Any]]:
    """One item whose drafts everybody ranked; ranks begin with 1, as they must in a file."""
    drafts = sorted({draft for _, draft, _ in vector["data"]})
    ranks = sorted({rank for _, _, rank in vector["data"]})
    of: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for who, draft, rank in vector["data"]:
        of[who][draft] = ranks.index(rank) + 1
    annotations = [{"annotator": who, "kind": "ranking", "ranks": given} for who, given in of.items()]
    responses = [{"id": draft, "text": draft} for draft in drafts]
    return [{"item_id": "q", "prompt": "Which?", "responses": responses, "annotations": annotations}]


def by_item(vector: Vector, kind: str, field: str, ids: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The vector's items with their edits or comparisons."""
    items: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for who, item, value in vector["data"]:
        items[item].append({"annotator": who, "kind": kind, field: value})
    responses = [{"id": name, "text": f"text {name}"} for name in ids]
    return [
        {"item_id": item, "prompt": item, "responses": responses, "annotations": annotations}
        for item, annotations in items.items()
    ]


def imported(concord, write_lines, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What the report says of a project that has these items and no others."""
    concord("project", "create", "known")
    write_lines("known.jsonl", rows)
    assert concord("annotations", "import", "known", "known.jsonl").code == 0
    return concord("agreement", "known", "--json").json


@pytest.mark.parametrize("name", WHOLE)
def test_known_answers_of_rankings_edits_and_comparisons_come_out_too(
    concord, write_lines, shared_data: Path, name: str
) -> None:
    [vector] = [one for one in every(shared_data) if one["name"] == name]
    question, statistic = WHOLE[name]
    match question:
        case "ranking":
            rows = ranked(vector)
        case "edit":
            rows = by_item(vector, "edit", "text")
        case _:
            rows = by_item(vector, "comparison", "value", ("A", "B"))
    found = imported(concord, write_lines, rows)["agreement"][question]["main"]["statistics"][statistic]
    assert found["value"] == pytest.approx(vector["expected"], abs=vector["tolerance"])


def test_the_known_strengths_are_those_of_the_league(concord, write_lines, shared_data: Path) -> None:
    [vector] = [one for one in every(shared_data) if one["statistic"] == "bradley_terry"]
    rows: list[dict[str, Any]] = []
    for who, item, winner in vector["data"]:
        names = item.partition("#")[0].split("|")
        responses = [{"id": f"r{n}", "text": f"{name} {item}", "model": name} for n, name in enumerate(names)]
        value = f"r{names.index(winner)}"
        judged = [{"annotator": who, "kind": "comparison", "value": value}]
        rows.append({"item_id": item, "prompt": item, "responses": responses, "annotations": judged})
    standings = imported(concord, write_lines, rows)["models"]["standings"]
    strength = {one["model"]: one["strength"]["value"] for one in standings}
    reference = strength[vector["params"]["reference"]]
    found = {model: value - reference for model, value in strength.items()}
    assert found == pytest.approx(vector["expected"], abs=vector["tolerance"])


def every(shared_data: Path) -> list[Vector]:
    """The vectors."""
    return json.loads((shared_data / "agreement" / "vectors_public.json").read_text(encoding="utf-8"))
