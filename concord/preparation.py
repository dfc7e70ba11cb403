"""What a project's settings mean for a drafting run: how it asks, with which examples, and what it may send."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import groupby
from typing import Protocol
from uuid import UUID

from concord.conversion.template import parse_template
from concord.curation.consensus import medoid
from concord.curation.held_out import Belonging, belonging
from concord.curation.splits import division_key
from concord.drafting.canary import Canaries
from concord.drafting.endpoint import Endpoint, endpoint_for
from concord.drafting.few_shot import Example, Examples, with_examples
from concord.drafting.flags import flagging
from concord.drafting.judge import Bench
from concord.drafting.options import DraftOptions
from concord.drafting.plan import RequestOf, plan_then_answer, self_checking
from concord.drafting.privacy import screen_of, withholding
from concord.drafting.recipe import Parts, Recipe, seed_of
from concord.drafting.request import Ask, Request, Screen
from concord.drafting.sent_log import SentLog, SentStore
from concord.drafting.variants import Way, endpoint_of, models_of, varied, way_of, ways
from concord.errors import InputError
from concord.records.draft import Draft, Wanted
from concord.records.item import Item, ItemPlace, Message
from concord.records.project import Guidelines, Project

MOST_EXAMPLES = 5_000
"""Approved answers, the newest, among which examples are looked for."""


class WithholdingStore(SentStore, Protocol):
    """What it takes to know what may leave."""

    def template_sources(self, project_id: UUID) -> list[tuple[str, str, str]]: ...


class PreparationStore(WithholdingStore, Protocol):
    """What preparing a run needs of the store."""

    def drafts(self, item_id: UUID) -> list[Draft]: ...
    def guidelines(self, project_id: UUID) -> Guidelines: ...
    def example_answers(self, project_id: UUID) -> list[tuple[Item, str]]: ...
    def item_places(self, project_id: UUID) -> list[ItemPlace]: ...
    def kept_splits(self, project_id: UUID, division: str) -> dict[UUID, str]: ...
    def prompt_texts(self, project_id: UUID) -> Iterable[str]: ...


def prepared(
    store: PreparationStore, project: Project, endpoint: Endpoint, environ: Mapping[str, str], options: DraftOptions
) -> DraftOptions:
    """The options of a run with the recipe, the screen and the log that the project's settings ask for.

    Raises:
        InputError: a variant's base URL is none, or its price is unknown and there is a cost ceiling.
    """
    settings = project.settings
    choices = ways(settings, environ, endpoint)
    if options.max_cost is not None:
        _require_prices(choices)
    log = SentLog(store, project.id)
    return replace(
        options,
        recipe=_recipe(store, project, choices),
        screen=screen_of(settings.scan, [way.endpoint for way in choices], region=settings.phone_region),
        sent=log,
        ended=log.close,
        models=models_of(choices),
    )


def _require_prices(choices: Sequence[Way]) -> None:
    for way in choices:
        if way.endpoint.price is None:
            raise InputError(
                f"max-cost: the price of {way.endpoint.model!r} is unknown, so that no ceiling can be kept. "
                "Set it in the project's prices."
            )


def judge_bench(store: PreparationStore, project: Project, environ: Mapping[str, str], log: SentLog) -> Bench:
    """Who judges a project's drafts: its judge, or else its own model; scan and log are those of drafting.

    Raises:
        InputError: a base URL is none.
    """
    settings = project.settings
    own = endpoint_for(settings, environ)
    endpoint = endpoint_of(settings.judge, settings, environ, own) if settings.judge else own
    return Bench(
        endpoint,
        store.guidelines(project.id).text,
        screen_of(settings.scan, [endpoint], region=settings.phone_region),
        log,
        withheld_templates(store, project),
    )


@contextmanager
def leaving(store: SentStore, project: Project, endpoint: Endpoint, *, purpose: str) -> Generator[Screen]:
    """What leaves for an endpoint outside of a run, scanned and logged as the prompts of drafts are."""
    screen = screen_of(project.settings.scan, [endpoint], region=project.settings.phone_region)
    with closing(SentLog(store, project.id)) as log:

        def leave(messages: Sequence[Message]) -> Sequence[Message]:
            left = tuple(screen(messages))
            log(Request(endpoint, left, 0, purpose=purpose))
            return left

        yield leave


def withheld_templates(store: WithholdingStore, project: Project) -> dict[str, str]:
    """Why items of a template are not sent, by its version: it reads a column that must not be."""
    if not project.settings.do_not_send:
        return {}
    reasons: dict[str, str] = {}
    for version, template_id, source in store.template_sources(project.id):
        template = parse_template(source, f"{template_id}.prompt.md")
        if columns := sorted(set(template.inputs) & set(project.settings.do_not_send)):
            reasons[version] = (
                f"template {template.id!r} reads {columns[0]!r}, which this project does not send. "
                "Apply a template that leaves it out, or take the column off the list do_not_send."
            )
    return reasons


def _recipe(store: PreparationStore, project: Project, choices: Sequence[Way]) -> Recipe:
    """What makes a draft, from the inside out: way of asking, examples, faults of canaries, flags, what is withheld."""
    settings = project.settings
    reasons = withheld_templates(store, project)
    request_of = _asked(choices)
    recipe = plan_then_answer(request_of) if settings.recipe == "plan" else _answered(request_of)
    if settings.self_check:
        recipe = self_checking(recipe, store.guidelines(project.id).text, request_of)
    if settings.few_shot and (examples := _examples(store, project, reasons)):
        recipe = with_examples(recipe, examples)
    if settings.variants:
        recipe = _named(recipe, choices)
    recipe = Canaries(store.drafts, settings.task).planting(recipe)
    return withholding(flagging(recipe, language=settings.language), reasons)


def _asked(choices: Sequence[Way]) -> RequestOf:
    def request_of(wanted: Wanted) -> Request:
        way = way_of(choices, wanted)
        return Request(way.endpoint, varied(wanted.item.messages, way.variant), seed_of(wanted))

    return request_of


def _answered(request_of: RequestOf) -> Recipe:
    """One completion."""

    async def recipe(ask: Ask, wanted: Wanted) -> Parts:
        return Parts((await ask(request_of(wanted))).text)

    return recipe


def _named(recipe: Recipe, choices: Sequence[Way]) -> Recipe:
    """The same recipe, which notes the variant that a draft took."""

    async def named(ask: Ask, wanted: Wanted) -> Parts:
        parts = await recipe(ask, wanted)
        return replace(parts, params={**parts.params, "variant": way_of(choices, wanted).variant.name})

    return named


def _examples(store: PreparationStore, project: Project, reasons: Mapping[str, str]) -> Examples | None:
    """The approved answers that may be shown, if there are any."""
    settings = project.settings
    known = store.kept_splits(project.id, division_key(settings.split, settings.seed))
    prompts = store.prompt_texts(project.id)
    places = belonging(store.item_places(project.id), prompts, settings.split, settings.seed, known)
    approved = [
        (item, text)
        for item, text in store.example_answers(project.id)
        if places[item.id].training and item.template_version not in reasons
    ]
    examples = [
        _example(item, [text for _, text in same], places[item.id])
        for item, same in ((item, list(same)) for item, same in groupby(approved, key=lambda pair: pair[0]))
    ]
    if not examples:
        return None
    return Examples(
        examples[-MOST_EXAMPLES:],
        similarity=settings.similarity,
        number=settings.few_shot,
        reuse=settings.few_shot_reuse,
        cluster_of=lambda item: places[item.id].cluster,
    )


def _example(item: Item, texts: Sequence[str], place: Belonging) -> Example:
    """The answer of an item that stands for the others."""
    return Example(item.id, item.messages, texts[medoid(texts).index], place.cluster)
