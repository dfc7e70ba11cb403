"""The app goes on serving while templates that mean harm are applied to its rows."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

BODIES = {
    "loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}{{ q }} ||| a",
    "sorts": "{% for b in range(99999) %}{% if range(99999) | sort %}{% endif %}{% endfor %}{{ q }} ||| a",
    "memory": "{{ q * 10**9 }} ||| a",
    "tower": "{% set n = namespace(a=[q]) %}{% for b in range(9999) %}{% set n.a = [n.a] %}{% endfor %}{{ n.a }} ||| a",
}
EXPECTED = {
    "loops": "the template works for longer than 1 s",
    "sorts": "the template works for longer than 1 s",
    "memory": "the template makes a value of more than 1,000,000 characters and elements",
    "tower": "the template works for longer than 1 s",
}


def collection() -> str:
    entries = [
        f"  {name}: !Template\n    name: {name}\n    answer_choices: null\n    jinja: {json.dumps(body)}\n"
        for name, body in BODIES.items()
    ]
    return "".join(["dataset: harm\ntemplates:\n", *entries])


def sent(app, path: str, body: object) -> Any:
    headers = {"Authorization": f"Bearer {app.note['token']}", "Content-Type": "application/json"}
    status, content = app.request("POST", f"/api/v1/{path}", json.dumps(body), **headers)
    assert status == 200, content
    return json.loads(content)


def test_others_are_answered_while_hostile_templates_are_applied(app) -> None:
    assert len(sent(app, "templates/import", {"name": "t.yaml", "text": collection()})["added"]) == 4
    sent(app, "projects", {"name": "harm"})
    rows = "".join(json.dumps({"q": f"row {n}"}) + "\n" for n in range(200))
    assert app.call("POST", "projects/harm/import?file=rows.jsonl", rows)["stored"] == 200
    with ThreadPoolExecutor(len(BODIES)) as pool:
        attacks = {name: pool.submit(app.call, "POST", f"projects/harm/templates/harm-{name}") for name in BODIES}
        answered = 0
        while not all(attack.done() for attack in attacks.values()):
            assert {one["name"] for one in app.call("GET", "projects")} >= {"harm"}
            answered += 1
        assert answered > len(BODIES)
    for name, attack in attacks.items():
        answer = attack.result()
        assert answer["items"] == 0
        assert answer["problems"][0]["found"] == f"harm-{name}.prompt.md: {EXPECTED[name]} for this row"
    assert app.call("GET", "projects/harm")["counts"]["items"] == 0
