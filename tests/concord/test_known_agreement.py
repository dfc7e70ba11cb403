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
    "cohen_kappa_weighted": "cohen_kappa_quadratic",
}


def named(vector: Vector) -> str | None:
    """The name under which the report has the statistic; None where the report has none of that shape."""
    statistic = vector["statistic"]
    if statistic == "icc":
        return "icc_" + "_".join(re.findall(r"[\dk]", vector["params"]["type"]))
    if vector["params"].get("weights") == "linear":
        return None
    return NUMBERS.get(statistic) if vector["level"] in ("interval", "ordinal") else NOMINAL.get(statistic)


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
    assert len(chosen) == (25 if level == "nominal" else 7)
