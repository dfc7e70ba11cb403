"""Variants: the ways in which the drafts of an item are asked for in turn, so that they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from concord.drafting.endpoint import Endpoint, endpoint_for
from concord.records.draft import Wanted
from concord.records.item import Message
from concord.records.project import Settings, Variant

PLAIN = Variant("")
"""The project's own way, when it has no variants."""


@dataclass(frozen=True)
class Way:
    """A variant with the endpoint that it means in this environment."""

    variant: Variant
    endpoint: Endpoint


def ways(settings: Settings, environ: Mapping[str, str], endpoint: Endpoint) -> tuple[Way, ...]:
    """The ways in which a project asks.

    Args:
        settings: with the variants.
        environ: where keys are.
        endpoint: the project's own, which a variant that names no other has too.

    Raises:
        InputError: a base URL is none.
    """
    return tuple(Way(one, endpoint_of(one, settings, environ, endpoint)) for one in settings.variants or (PLAIN,))


def endpoint_of(variant: Variant, settings: Settings, environ: Mapping[str, str], endpoint: Endpoint) -> Endpoint:
    """The endpoint of a variant: another one when it names a base URL, a key or a model, else the project's."""
    temperature = endpoint.temperature if variant.temperature is None else variant.temperature
    if not (variant.model or variant.base_url or variant.key_variable):
        return replace(endpoint, temperature=temperature)
    own = replace(
        settings,
        model=variant.model or settings.model,
        base_url=variant.base_url or settings.base_url,
        key_variable=variant.key_variable or settings.key_variable,
        temperature=temperature,
    )
    return endpoint_for(own, environ)


def way_of(choices: Sequence[Way], wanted: Wanted) -> Way:
    """The way of a draft: `d1` takes the first, `d2` the second, and so on in turn."""
    number = int(wanted.name.removeprefix("d"))
    return choices[(number - 1) % len(choices)]


def varied(messages: Sequence[Message], variant: Variant) -> tuple[Message, ...]:
    r"""A prompt as a variant asks it.

    >>> asked = varied([Message("user", "Why?")], Variant("brief", system="Be brief.", suffix="One line."))
    >>> [(message.role, message.content) for message in asked]
    [('system', 'Be brief.'), ('user', 'Why?\n\nOne line.')]
    """
    changed = list(messages)
    if variant.system is not None:
        changed = [Message("system", variant.system), *(m for m in changed if m.role != "system")]
    if variant.suffix is not None and changed:
        last = changed[-1]
        changed[-1] = Message(last.role, f"{last.content}\n\n{variant.suffix}")
    return tuple(changed)


def models_of(choices: Sequence[Way]) -> str:
    """The models that take part, as a run names them."""
    return " + ".join(dict.fromkeys(way.endpoint.model for way in choices))
