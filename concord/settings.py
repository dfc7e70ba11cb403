"""A project's settings, read from what a person wrote and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from concord.errors import InputError
from concord.records.kinds import DRAFTS_SHOWN, Order, RecipeName, ScanPolicy, Similarity, Task
from concord.records.project import Settings, Variant, settings_of
from concord.rubric import check_asked, check_questions, check_rubric

_KNOWN = [field.name for field in fields(Settings)]
_VARIANT = [field.name for field in fields(Variant)]
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "task": get_args(Task),
    "order": get_args(Order),
    "recipe": get_args(RecipeName),
    "similarity": get_args(Similarity),
    "scan": get_args(ScanPolicy),
}
_WHOLE = {
    "overlap": (1, 1_000),
    "candidates": (1, 1_000),
    "lease_minutes": (1, 100_000),
    "few_shot": (0, 20),
    "training": (0, 1_000),
    "few_shot_reuse": (1, 1_000_000),
    "seed": (0, 2**31),
    "concurrency": (1, 1_000),
    "timeout": (1, 86_400),
}
_MOST_A_MINUTE = 1_000_000_000


def read_settings(path: Path) -> dict[str, Any]:
    """The settings of a YAML file, by name.

    Raises:
        InputError: the file cannot be read, or is not a mapping.
    """
    try:
        values: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}. Check the path.") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: bytes that are no UTF-8, or a date such as 2024-99-99
        raise InputError(f"{path}: not YAML in UTF-8 ({str(error).partition(chr(10))[0]}). Correct it.") from error
    if not isinstance(values, dict):
        raise InputError(f"{path}: not a list of settings. Write lines such as 'overlap: 3'.")
    return {str(name): value for name, value in cast("dict[object, Any]", values).items()}


def checked_settings(values: Mapping[str, Any]) -> Settings:
    """Settings with the given values, the rest as by default.

    Raises:
        InputError: a name is unknown, or a value is out of its range.
    """
    if unknown := sorted(set(values) - set(_KNOWN)):
        raise InputError(f"There is no setting {unknown[0]!r} (there are: {', '.join(_KNOWN)}). Correct it.")
    _check_variants(values)
    _check_columns(values.get("do_not_send", ()))
    check_rubric(values.get("rubric", ()))
    check_questions(values.get("questions", ()))
    settings = settings_of(values)
    chosen: Mapping[str, object] = vars(settings)
    for name, choices in _CHOICES.items():
        if chosen[name] not in choices:
            raise InputError(f"{name} is {chosen[name]!r}. Choose one of {', '.join(choices)}.")
    for name, (least, most) in _WHOLE.items():
        _check_whole(name, chosen[name], least, most)
    for name in ("requests_per_minute", "tokens_per_minute"):
        if chosen[name] is not None:
            _check_whole(name, chosen[name], 1, _MOST_A_MINUTE)
    for name in ("self_check", "factual_checks"):
        if not isinstance(chosen[name], bool):
            raise InputError(f"{name} is {chosen[name]!r}. Give true or false.")
    _check_endpoint(chosen)
    _check_shares(settings)
    if settings.candidates < DRAFTS_SHOWN[settings.task][0]:
        raise InputError(
            f"candidates is {settings.candidates}, but the task {settings.task!r} needs 2. Give 2 or more."
        )
    check_asked(settings)
    return replace(settings, prices=_checked_prices(settings.prices))


def _check_whole(name: str, value: object, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InputError(f"{name} is {value!r}. Give a whole number from {least:,} to {most:,}.")


def _checked_prices(prices: object) -> dict[str, list[float]]:
    """Prices as they are stored: two numbers for each model."""
    if not isinstance(prices, Mapping):
        raise InputError(f"prices is {prices!r}. Give two numbers for each model, such as 'some-model: [0.25, 2.0]'.")
    return {str(model): _checked_price(model, pair) for model, pair in cast("Mapping[object, object]", prices).items()}


def _checked_price(model: object, pair: object) -> list[float]:
    numbers = list(cast("list[object]", pair)) if isinstance(pair, list | tuple) else []
    found = [float(number) for number in numbers if isinstance(number, int | float) and 0 <= number < 1e6]
    if len(found) != len(numbers) or len(found) != 2:
        raise InputError(
            f"the price of {model!r} is {pair!r}. Give US dollars for a million tokens of prompt and of answer, "
            "such as [0.25, 2.0]."
        )
    return found


def _check_endpoint(chosen: Mapping[str, object], of: str = "") -> None:
    """The settings of the project, or of the variant that `of` names."""
    for name in ("model", "base_url"):
        text = chosen[name]
        if text is not None and not (isinstance(text, str) and text.strip()):
            raise InputError(f"{of}{name} is {text!r}. Give text, or leave it out.")
    variable, temperature = chosen["key_variable"], chosen["temperature"]
    if not (isinstance(variable, str) and variable.isidentifier()) and not (of and variable is None):
        raise InputError(f"{of}key_variable is not the name of a variable. Give the name, never the key itself.")
    if not _is_number(temperature, 2) and not (of and temperature is None):
        raise InputError(f"{of}temperature is {temperature!r}. Give a number from 0 to 2.")
    for name, length in (("language", 2), ("phone_region", 2)):
        text = chosen.get(name)
        if text is not None and not (isinstance(text, str) and len(text) == length and text.isalpha()):
            raise InputError(f"{name} is {text!r}. Give a code of two letters.")


def _check_variants(values: Mapping[str, Any]) -> None:
    """The variants and the judge are mappings of a variant's fields."""
    variants: object = values.get("variants", ())
    if not isinstance(variants, list | tuple):
        raise InputError(f"variants is {variants!r}. Give a list, each with a name.")
    named = [(f"variants, number {number}", given) for number, given in enumerate(cast("list[object]", variants), 1)]
    if values.get("judge") is not None:
        named.append(("judge", values["judge"]))
    for place, given in named:
        if not isinstance(given, dict) or not {"name"} <= given.keys() <= set(_VARIANT):
            raise InputError(f"{place}: it is {given!r}. Give a name, and of {', '.join(_VARIANT[1:])} what differs.")
        fields_given = cast("dict[str, object]", given)
        chosen: dict[str, object] = dict.fromkeys(_VARIANT) | fields_given
        for name in ("name", "system", "suffix"):
            text = chosen[name]
            if not (isinstance(text, str) and text.strip()) and not (name != "name" and text is None):
                raise InputError(f"{place}: {name} is {text!r}. Give text.")
        _check_endpoint(chosen, f"{place}: ")


def _check_columns(columns: object) -> None:
    if not isinstance(columns, list | tuple) or not all(isinstance(c, str) for c in cast("list[object]", columns)):
        raise InputError(f"do_not_send is {columns!r}. Give a list of column names.")


def _check_shares(settings: Settings) -> None:
    arms = (settings.control, settings.canary, settings.repeat)
    for name, share in zip(("control", "canary", "repeat", "gold"), (*arms, settings.gold), strict=True):
        if not _is_number(share, 1):
            raise InputError(f"{name} is {share!r}. Give a share from 0 to 1.")
    if sum(arms) > 1:
        raise InputError(f"control, canary and repeat add up to {sum(arms):g}. Leave a share to the other items.")
    split: object = vars(settings)["split"]
    shares = cast("tuple[object, ...]", split) if isinstance(split, tuple) else ()
    if len(shares) != 3 or not all(_is_number(share, 1) for share in shares) or abs(sum(settings.split) - 1) > 1e-6:
        raise InputError(f"split is {split!r}. Give three shares that add up to 1, such as [0.8, 0.1, 0.1].")


def _is_number(value: object, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most
