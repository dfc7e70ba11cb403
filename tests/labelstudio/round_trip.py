"""The bridge against a real Label Studio: `make test-labelstudio`. The name keeps it out of `make test`."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
from label_studio_sdk import LabelStudio
from real_server import RealServer
from starlette.applications import Starlette
from starlette.routing import Mount

from concord.api import create_api
from concord.api_service import Service
from concord.curation.policies import Policies, Rated
from concord.drafting.worker import Drafter
from concord.errors import LabelStudioError
from concord.export.options import ExportOptions
from concord.labelstudio.access import Access
from concord.labelstudio.config import COMPARED
from concord.labelstudio.server import open_server
from concord.labelstudio.tasks import item_of
from concord.local import LocalVerbs
from concord.records.annotation import Edit
from concord.verbs import FileImport
from concord.verbs_labelstudio import Adopting, LabelStudioCall, Watching
from storage.store import Store
from storage.workspace import open_workspace

# The SDK refreshes a personal access token with a method that pydantic deprecates.
pytestmark = [pytest.mark.timeout(900), pytest.mark.filterwarnings("ignore:The `parse_obj` method is deprecated")]

ITEMS, DRAFTS, ANNOTATED = 200, 4, 40
SETTINGS = {"task": "rank+edit", "overlap": 3, "candidates": DRAFTS}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    started = RealServer(tmp_path_factory.mktemp("label-studio"))
    try:
        started.start()
        started.make_users()
        yield started
    finally:
        started.kill()


@pytest.fixture
def running(server: RealServer) -> RealServer:
    """The server, started again if a test killed it."""
    if server.process is None or server.process.poll() is not None:
        server.start()
    return server


@pytest.fixture
def clients(running: RealServer) -> Iterator[dict[int, LabelStudio]]:
    """The SDK as each of the users."""
    with httpx.Client(timeout=60) as transport:
        yield {
            number: LabelStudio(base_url=f"{running.url}/", api_key=key, httpx_client=transport)
            for number, key in running.keys.items()
        }


@pytest.fixture
def client(clients: dict[int, LabelStudio]) -> LabelStudio:
    """The SDK as the first user."""
    return clients[min(clients)]


@pytest.fixture
def verbs(store: Store) -> LocalVerbs:
    return LocalVerbs(store, Path("prompts"))


def lines() -> list[dict[str, Any]]:
    """Items with drafts of several models."""
    return [
        {
            "item_id": f"q{number}",
            "prompt": f"What about number {number}?",
            "responses": [
                {"id": f"r{draft}", "text": f"Answer {draft} to number {number}.", "model": f"model-{draft}"}
                for draft in range(DRAFTS)
            ],
        }
        for number in range(ITEMS)
    ]


def imported(verbs: LocalVerbs, name: str, content: list[dict[str, Any]], folder: Path) -> None:
    """A project of these lines."""
    verbs.create_project(name, SETTINGS)
    read_in(verbs, name, content, folder)


def read_in(verbs: LocalVerbs, name: str, content: list[dict[str, Any]], folder: Path) -> None:
    path = folder / f"{name}.jsonl"
    path.write_text("\n".join(map(json.dumps, content)), encoding="utf-8")
    assert not verbs.import_file(name, path, FileImport(ready=True))["problems"]


def call(server: RealServer, user: int = 0) -> LabelStudioCall:
    """The server with the key of one of its users; the last one's is a personal access token."""
    return LabelStudioCall(sorted(server.keys.items())[user][1], server.url)


def killing(server: RealServer) -> Callable[[int, int], None]:
    """Ends the server in the middle of the request after the first step, which takes far longer than this moment."""

    def on_tasks(done: int, total: int) -> None:
        threading.Timer(0.02, server.kill).start()

    return on_tasks


def numbers(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what an import cannot know: skips, ids of items here, and when each judgement was made."""
    kept = ("kind", "statistics", "prevalence", "annotators", "consensus")
    questions = {
        question: {arm: {name: found.get(name) for name in kept} for arm, found in arms.items()}
        for question, arms in report["agreement"].items()
    }
    return {**report, "skips": [], "agreement": questions}


def wait_until(happened: Callable[[], bool]) -> None:
    """Label Studio answers its user before it tells of what happened."""
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline, "it has not told of it"
        time.sleep(0.05)


def tasks(server: RealServer, number: int) -> list[dict[str, Any]]:
    with open_server(Access(server.url, call(server).key)) as opened:
        return [task for page in opened.pages(number, annotated=False) for task in page.tasks]


class Annotators:
    """Three users who annotate by Label Studio's API, and what they said, in the interchange format."""

    def __init__(self, clients: dict[int, LabelStudio], store: Store, project: str) -> None:
        self._clients = clients
        found = store.project(project)
        self._items = {item.id: item.name for item in store.items(found.id)}
        self._drafts = {str(draft.id): draft.name for draft in store.project_drafts(found.id)}
        self.said: dict[str, list[dict[str, Any]]] = {}
        self.untouched = self.skipped = self.made = 0
        self._random = random.Random(8)

    def annotate(self, task: dict[str, Any]) -> None:
        """Each ranks and edits; now and then one leaves the order as it is, or skips."""
        shown = [one["id"] for one in task["data"]["items"]]
        for number, client in self._clients.items():
            chance = self._random.random()
            ranked = shown if chance < 0.1 else self._other_order(task, shown)
            if chance > 0.9:
                self.skipped += 1
                client.annotations.create(id=task["id"], result=[], was_cancelled=True)
                continue
            text = f"{task['data']['draft']} More by {number}."
            client.annotations.create(id=task["id"], result=results(ranked, text), lead_time=7.5)
            self._note(task, number, None if ranked == shown else ranked, text)

    def _name(self, task: dict[str, Any], shown: str) -> str:
        return self._drafts[task["data"]["concord_drafts"][int(shown) - 1]]

    def _other_order(self, task: dict[str, Any], shown: list[str]) -> list[str]:
        """Not the order shown: the first by name is best, the others as they fall."""
        best = sorted(shown, key=lambda one: self._name(task, one))
        return next(order for _ in iter(int, 1) if (order := [*best[:1], *self._random.sample(best[1:], 3)]) != shown)

    def _note(self, task: dict[str, Any], number: int, ranked: list[str] | None, text: str) -> None:
        item = item_of(task["data"])
        assert item
        said = self.said.setdefault(self._items[item], [])
        if ranked:
            ranks = {self._name(task, one): rank for rank, one in enumerate(ranked, 1)}
            said.append({"annotator": f"ls-{number}", "kind": "ranking", "ranks": ranks})
        else:
            self.untouched += 1
        draft = self._drafts[task["data"]["concord_draft"]]
        said.append({"annotator": f"ls-{number}", "kind": "edit", "draft": draft, "text": text})
        self.made += 1 + bool(ranked)


def results(ranked: list[str], text: str) -> list[dict[str, Any]]:
    """What the page sends for a ranking and an edit."""
    return [
        {"from_name": "rank", "to_name": "answers", "type": "ranker", "value": {"ranker": {"rank": ranked}}},
        {"from_name": "edited", "to_name": "prompt", "type": "textarea", "value": {"text": [text]}},
    ]


def exported(verbs: LocalVerbs, name: str, folder: Path) -> list[dict[str, Any]]:
    verbs.export(name, ExportOptions("trl-dpo", min_votes=2), folder / name)
    return [json.loads(line) for line in (folder / name / "train.jsonl").read_text().splitlines()]


def test_what_three_users_say_there_counts_as_if_they_had_said_it_here(
    running: RealServer, clients: dict[int, LabelStudio], verbs: LocalVerbs, store: Store, tmp_path: Path
) -> None:
    imported(verbs, "there", lines(), tmp_path)
    pushed = verbs.push_labelstudio("there", call(running))
    assert (pushed["pushed"], pushed["present"], pushed["waiting"]) == (ITEMS, 0, 0)

    noted = {task.number: task for task in store.labelstudio_tasks(store.project("there").id)}
    found = tasks(running, pushed["number"])
    assert [noted[task["id"]].item_id for task in found] == [item_of(task["data"]) for task in found]
    assert len({noted[task["id"]].shown != tuple(sorted(noted[task["id"]].shown)) for task in found}) == 2

    annotators = Annotators(clients, store, "there")
    for task in found[:ANNOTATED]:
        annotators.annotate(task)
    pulled = verbs.pull_labelstudio("there", call(running, 2))
    assert (pulled["tasks"], pulled["annotations"], pulled["problems"]) == (ITEMS, annotators.made, ())
    assert (pulled["skips"], len(store.skips(store.project("there").id))) == (annotators.skipped,) * 2
    assert pulled["left_out"] == {"rankings as they were shown": annotators.untouched}
    again = verbs.sync_labelstudio("there", call(running))
    assert (again["push"]["pushed"], again["pull"]["annotations"], again["pull"]["skips"]) == (0, 0, 0)

    here = [{**line, "annotations": annotators.said.get(line["item_id"], [])} for line in lines()]
    with closing(open_workspace(tmp_path / "here")) as elsewhere:
        elsewhere.create_project(store.project("there"))  # with the same ids, so that the same resamples are drawn
        same = LocalVerbs(elsewhere, Path("prompts"))
        read_in(same, "there", here, tmp_path)
        assert numbers(verbs.agreement("there")) == numbers(same.agreement("there"))
        pairs = exported(verbs, "there", tmp_path / "from-there")
        assert len(pairs) > ANNOTATED
        assert pairs == exported(same, "there", tmp_path / "from-here")


class Campaign(NamedTuple):
    """A project of one of the other tasks, what an annotator says of two drafts by name, and how it leaves."""

    settings: dict[str, Any]
    say: Callable[[random.Random, list[str]], tuple[list[dict[str, Any]], dict[str, Any]]]
    options: ExportOptions | None


def chosen(control: str, *choices: str) -> dict[str, Any]:
    """What the page sends for choices."""
    return {"from_name": control, "to_name": "prompt", "type": "choices", "value": {"choices": list(choices)}}


def compares(chance: random.Random, shown: list[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    alias, _ = chance.choice(COMPARED)
    side, _, strength = alias.partition("-")
    value = {"first": shown[0], "second": shown[-1], "tie": "tie", "both": "both_bad"}[side]
    said = {"kind": "comparison", "value": value, "between": shown}
    return [chosen("better", alias)], said | ({"strength": strength} if value in shown else {})


def rates(chance: random.Random, shown: list[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    stars, number = chance.randint(1, 5), chance.randint(0, 3)
    rating = {"from_name": "rating_help", "to_name": "prompt", "type": "rating", "value": {"rating": stars}}
    said = {"kind": "rating", "ratings": {"help": stars, 'to "the" $5 point': number}}
    return [rating, chosen('rating_to "the" $5 point', str(number))], said


def labels(chance: random.Random, shown: list[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    tone, about = chance.choice(("warm", "cold")), chance.sample(("money", "time, or less", "<home>"), 2)
    said = {"kind": "label", "labels": {"tone": tone, "what about": about}}
    return [chosen("label_tone", tone), chosen("label_what about", *about)], said


CRITERIA = [{"name": "help"}, {"name": 'to "the" $5 point', "low": 0, "high": 3}]
QUESTIONS = [
    {"name": "tone", "choices": ["warm", "cold"]},
    {"name": "what about", "choices": ["money", "time, or less", "<home>"], "multi": True},
]
CAMPAIGNS = {
    "compare": Campaign({}, compares, ExportOptions("trl-dpo", min_votes=2)),
    "rate": Campaign(
        {"rubric": CRITERIA}, rates, ExportOptions("trl-kto", policies=Policies(rated=Rated("help", 4, 2)))
    ),
    "label": Campaign({"questions": QUESTIONS}, labels, None),
}
FEW = 6


@pytest.mark.parametrize("task", CAMPAIGNS)
def test_comparisons_ratings_and_labels_from_there_count_as_if_they_had_been_made_here(
    task: str,
    running: RealServer,
    clients: dict[int, LabelStudio],
    verbs: LocalVerbs,
    store: Store,
    tmp_path: Path,
) -> None:
    campaign, chance = CAMPAIGNS[task], random.Random(8)
    drafts = {"compare": DRAFTS, "rate": 1, "label": 1}[task]
    content = [{**line, "responses": line["responses"][:drafts]} for line in lines()[:FEW]]
    verbs.create_project(task, {"task": task, "overlap": 3, "candidates": drafts, **campaign.settings})
    read_in(verbs, task, content, tmp_path)
    number = verbs.push_labelstudio(task, call(running))["number"]

    project = store.project(task)
    names = {str(draft.id): draft.name for draft in store.project_drafts(project.id)}
    items = {item.id: item.name for item in store.items(project.id)}
    said: dict[str, list[dict[str, Any]]] = {}
    for shown in tasks(running, number):
        for user, client in clients.items():
            results, judgement = campaign.say(chance, [names[one] for one in shown["data"]["concord_drafts"]])
            client.annotations.create(id=shown["id"], result=results)
            here = said.setdefault(items[UUID(shown["data"]["concord_item"])], [])
            here.append({"annotator": f"ls-{user}", **judgement})
    client = clients[min(clients)]
    [first, *_] = tasks(running, number)
    client.annotations.create(id=first["id"], result=[])
    pulled = verbs.pull_labelstudio(task, call(running, 2))
    assert (pulled["annotations"], pulled["problems"]) == (3 * FEW, ())
    assert pulled["left_out"] == {"annotations without an answer": 1}
    assert verbs.sync_labelstudio(task, call(running))["pull"]["annotations"] == 0

    with closing(open_workspace(tmp_path / "here")) as elsewhere:
        elsewhere.create_project(project)
        same = LocalVerbs(elsewhere, Path("prompts"))
        read_in(same, task, [{**line, "annotations": said[line["item_id"]]} for line in content], tmp_path)
        assert numbers(verbs.agreement(task)) == numbers(same.agreement(task))
        assert leaving(verbs, task, tmp_path / "from-there") == leaving(same, task, tmp_path / "from-here")


def leaving(verbs: LocalVerbs, task: str, folder: Path) -> list[dict[str, Any]]:
    """All that a project says, in the interchange format; and its data set, where its task makes one."""
    folder.mkdir()
    verbs.export_annotations(task, folder / "all.jsonl")
    found = [json.loads(line) for line in (folder / "all.jsonl").read_text().splitlines()]
    for line in found:
        for said in line["annotations"]:  # two that are compared stand in no order, nor do annotators
            said["between"] = sorted(said.get("between", ()))
        line["annotations"].sort(key=lambda said: said["annotator"])
    if options := CAMPAIGNS[task].options:
        verbs.export(task, options, folder / task)
        rows = [json.loads(line) for line in (folder / task / "train.jsonl").read_text().splitlines()]
        assert rows
        found += rows
    return found


def test_a_server_killed_in_the_middle_of_a_push_and_of_a_pull_doubles_and_loses_nothing(
    running: RealServer, clients: dict[int, LabelStudio], verbs: LocalVerbs, store: Store, tmp_path: Path
) -> None:
    imported(verbs, "broken", lines(), tmp_path)
    with pytest.raises(LabelStudioError, match=r"does not answer|failed on"):
        verbs.push_labelstudio("broken", call(running), killing(running))
    running.start()
    number = verbs.push_labelstudio("broken", call(running))["number"]
    found = tasks(running, number)
    assert Counter(item_of(task["data"]) for task in found) == Counter(
        item.id for item in store.items(store.project("broken").id)
    )

    annotators = Annotators(clients, store, "broken")
    for task in (*found[:3], *found[-3:]):
        annotators.annotate(task)
    with pytest.raises(LabelStudioError, match=r"does not answer|failed on"):
        verbs.pull_labelstudio("broken", call(running), killing(running))
    running.start()
    verbs.pull_labelstudio("broken", call(running))
    assert len(list(store.annotations(store.project("broken").id))) == annotators.made


def test_a_changed_annotation_takes_the_place_of_the_earlier_one(
    running: RealServer, client: LabelStudio, verbs: LocalVerbs, store: Store, tmp_path: Path
) -> None:
    imported(verbs, "changed", lines()[:1], tmp_path)
    [task] = tasks(running, verbs.push_labelstudio("changed", call(running))["number"])
    ranked = ["4", "3", "2", "1"]
    made = client.annotations.create(id=task["id"], result=results(ranked, "First."))
    texts = []
    for text in ("First.", "Second.", "First."):
        client.annotations.update(id=made.id, result=results(ranked, text))
        verbs.pull_labelstudio("changed", call(running))
        judgements = [one.judgement for one in store.annotations(store.project("changed").id)]
        [edit] = [judgement for judgement in judgements if isinstance(judgement, Edit)]
        texts.append(edit.text)
    assert texts == ["First.", "Second.", "First."]


def test_an_annotation_that_was_deleted_there_is_told_and_withdrawn_on_request(
    running: RealServer, client: LabelStudio, verbs: LocalVerbs, store: Store, tmp_path: Path
) -> None:
    imported(verbs, "deleted", lines()[:1], tmp_path)
    [task] = tasks(running, verbs.push_labelstudio("deleted", call(running))["number"])
    made = client.annotations.create(id=task["id"], result=results(["4", "3", "2", "1"], "A mistake."))
    assert verbs.pull_labelstudio("deleted", call(running))["deleted"] == []
    client.annotations.delete(id=made.id)
    told = verbs.pull_labelstudio("deleted", call(running))
    assert ([one["item"] for one in told["deleted"]], told["withdrawn"]) == ([lines()[0]["item_id"]], 0)
    assert verbs.pull_labelstudio("deleted", replace(call(running), withdraw=True))["withdrawn"] == 2
    assert list(store.annotations(store.project("deleted").id)) == []
    assert verbs.pull_labelstudio("deleted", call(running))["deleted"] == []


def test_ground_truth_there_is_a_known_answer_here_by_which_annotators_are_measured(
    running: RealServer, clients: dict[int, LabelStudio], verbs: LocalVerbs, tmp_path: Path
) -> None:
    imported(verbs, "truth", lines()[:1], tmp_path)
    [task] = tasks(running, verbs.push_labelstudio("truth", call(running))["number"])
    truth, annotator = list(clients.values())[:2]
    truth.annotations.create(id=task["id"], result=results(["2", "1", "4", "3"], "Right."), ground_truth=True)
    annotator.annotations.create(id=task["id"], result=results(["2", "1", "3", "4"], "Nearly."))
    assert verbs.pull_labelstudio("truth", call(running))["left_out"] == {"ground truth": 1}
    assert verbs.pull_labelstudio("truth", replace(call(running), gold=True))["known"] == 2
    [found] = verbs.annotators("truth")
    assert (found["gold"]["hits"], found["gold"]["choices"], found["gold"]["edits"]) == (1, 1, 1)


def test_a_project_made_there_is_adopted_with_its_annotations_and_the_exported_file_says_the_same(
    running: RealServer, client: LabelStudio, verbs: LocalVerbs, store: Store, tmp_path: Path
) -> None:
    config = """<View><Text name="q" value="$question"/><Text name="a1" value="$answer1"/>
      <Text name="a2" value="$answer2"/>
      <Pairwise name="better" toName="a1,a2"/><Rating name="clear" toName="q"/>
      <Choices name="tone" toName="q"><Choice value="warm"/><Choice value="cold"/></Choices></View>"""
    number = client.projects.create(title="Theirs", label_config=config, maximum_annotations=2).id
    data = [{"question": f"Q{n}?", "answer1": f"One {n}.", "answer2": f"Two {n}."} for n in range(3)]
    client.projects.import_tasks(number, request=[{"data": one} for one in data])
    values = (
        ("better", "better", "pairwise", {"selected": "right"}),
        ("clear", "q", "rating", {"rating": 4}),
        ("tone", "q", "choices", {"choices": ["warm"]}),
    )
    result = [{"from_name": name, "to_name": to, "type": kind, "value": value} for name, to, kind, value in values]
    for task in tasks(running, number):
        client.annotations.create(id=task["id"], result=result)

    adopting = Adopting(call(running).key, running.url, number)
    seen = verbs.adopt_labelstudio("theirs", Adopting(adopting.key, adopting.url, number, dry_run=True))
    assert [control["meaning"] for control in seen["controls"]] == ["comparison", "rating", "label"]
    made = verbs.adopt_labelstudio("theirs", adopting)
    assert (made["items"], made["annotations"], made["task"]) == (3, 9, "compare")
    file = tmp_path / "export.json"
    file.write_bytes(
        b"".join(client.projects.exports.download_sync(number, export_type="JSON", download_all_tasks=True))
    )
    assert verbs.pull_labelstudio_file("theirs", file)["annotations"] == 0
    assert verbs.adopt_labelstudio("theirs", adopting)["annotations"] == 0


def test_an_annotation_is_here_as_soon_as_it_is_made_there(
    running: RealServer,
    client: LabelStudio,
    verbs: LocalVerbs,
    store: Store,
    tmp_path: Path,
    serve: Callable[[Any], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONCORD_WEBHOOK_SECRET", "between-us")
    drafter, api = Drafter(store), create_api()
    api.state.service = Service(store, verbs, drafter, "only-for-its-owner")
    app = serve(Starlette(routes=[Mount("/api", api)]))
    imported(verbs, "told", lines()[:2], tmp_path)
    number = verbs.push_labelstudio("told", call(running))["number"]
    verbs.watch_labelstudio("told", Watching(call(running).key, app, "between-us"))
    first, second = tasks(running, number)
    made = client.annotations.create(id=first["id"], result=results(["4", "3", "2", "1"], "First."))
    client.annotations.update(id=made.id, result=results(["4", "3", "2", "1"], "Second."))
    client.annotations.create(id=second["id"], result=[], was_cancelled=True)
    project = store.project("told").id
    wait_until(lambda: bool(store.skips(project)))
    assert [one.judgement.text for one in store.annotations(project) if isinstance(one.judgement, Edit)] == ["Second."]
    assert verbs.pull_labelstudio("told", call(running))["annotations"] == 0
    drafter.close()
