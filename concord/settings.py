"""A project's settings, read from what a person wrote and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from concord.errors import InputError
from concord.records import Settings, Task

_KNOWN = [field.name for field in fields(Settings)]
_MOST = {"overlap": 1_000, "candidates": 1_000, "lease_minutes": 100_000, "concurrency": 1_000, "timeout": 86_400}
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
    settings = Settings(**values)
    chosen: Mapping[str, object] = vars(settings)
    if settings.task not in get_args(Task):
        raise InputError(f"task is {settings.task!r}. Choose one of {', '.join(get_args(Task))}.")
    for name, most in _MOST.items():
        _check_whole(name, chosen[name], most)
    for name in ("requests_per_minute", "tokens_per_minute"):
        if chosen[name] is not None:
            _check_whole(name, chosen[name], _MOST_A_MINUTE)
    _check_endpoint(chosen)
    if settings.task != "edit" and settings.candidates < 2:
        raise InputError(f"candidates is {settings.candidates}, but ranking needs two drafts. Give 2 or more.")
    return replace(settings, prices=_checked_prices(settings.prices))


def _check_whole(name: str, value: object, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise InputError(f"{name} is {value!r}. Give a whole number from 1 to {most:,}.")


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


def _check_endpoint(chosen: Mapping[str, object]) -> None:
    for name in ("model", "base_url"):
        text = chosen[name]
        if text is not None and not (isinstance(text, str) and text.strip()):
            raise InputError(f"{name} is {text!r}. Give text, or leave it out.")
    variable, temperature = chosen["key_variable"], chosen["temperature"]
    if not isinstance(variable, str) or not variable.isidentifier():
        raise InputError("key_variable is not the name of a variable. Give the name, never the key itself.")
    if isinstance(temperature, bool) or not isinstance(temperature, int | float) or not 0 <= temperature <= 2:
        raise InputError(f"temperature is {temperature!r}. Give a number from 0 to 2.")
