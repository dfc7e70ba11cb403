"""Reading JSONL and JSON: a record at a time, each with its line; what cannot be read is a problem of its own."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator
from typing import NoReturn, cast

import orjson

from concord.errors import InputError
from concord.imports.reading import LONGEST_ROW, Bad, Record, Source, as_text, text_file
from concord.records.kinds import Json
from concord.records.row import Problem

_CHUNK = 1 << 20
_MARK = b"\xef\xbb\xbf"
_ALL_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_KINDS = {"list": "a list", "str": "text", "NoneType": "null", "bool": "true or false"}


def read_lines(source: Source) -> Iterator[Record | Bad]:
    """One object a line."""
    # Lines end at "\n" only: str.splitlines would also cut at U+2028 inside a string.
    for number in itertools.count(1):
        line = source.file.readline(LONGEST_ROW + 1)
        if not line:
            return
        if len(line) > LONGEST_ROW:
            yield _too_long(source, number, line)
        elif content := (line.removeprefix(_MARK) if number == 1 else line).strip():
            yield _json_record(source.name, number, content)


def _too_long(source: Source, number: int, line: bytes) -> Bad:
    """The problem with a line of which only the beginning was read; the rest is passed over."""
    size = len(line)
    while not line.endswith(b"\n") and (line := source.file.readline(_CHUNK)):
        size += len(line)
    found = f"the line has {size:,} bytes, {LONGEST_ROW:,} are allowed"
    return Bad(Problem(source.name, number, None, found, "Break the file into one row a line."), "")


def _json_record(name: str, line: int, content: bytes) -> Record | Bad:
    try:
        record = _quick_record(line, content)
    except (orjson.JSONDecodeError, TypeError):
        record = None
    return record or _second_look(name, line, content)


def _quick_record(line: int, content: bytes) -> Record | None:
    """The record, unless the line needs the second look: the quick parser rounds large whole numbers."""
    if b"0" * 19 in content.translate(_ALL_ZEROS):  # a regular expression takes ten times as long
        return None
    data: object = orjson.loads(content)
    return Record(line, cast("dict[str, Json]", data), orjson.dumps(data)) if isinstance(data, dict) else None


def _second_look(name: str, line: int, content: bytes) -> Record | Bad:
    """What the quick parser cannot take, such as halves of surrogate pairs, and everything that is wrong."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return _bad_encoding(name, line, error, content)
    try:
        return _object(name, line, _DECODER.decode(text), text)
    except (ValueError, RecursionError) as error:
        found = f"the line is not valid JSON ({_failure(error)})"
        return Bad(Problem(name, line, None, found, "Correct or remove the line."), text)


def _failure(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"{error.msg} at column {error.colno}"
        case RecursionError():
            return "it is nested too deeply"
        case _:
            return str(error)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number, null is")


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError(f"{number} is too large a number")
    return value


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)


def _object(name: str, line: int, data: object, text: str) -> Record | Bad:
    if not isinstance(data, dict):
        found = f"the row is {_KINDS.get(type(data).__name__, 'a number')}, not an object"
        return Bad(Problem(name, line, None, found, 'Write rows as {"field": value}.'), text)
    fields = cast("dict[str, Json]", data)
    try:
        return Record(line, fields, as_text(fields))
    except TypeError:
        return _mended(name, line, fields, text)


def _mended(name: str, line: int, data: dict[str, Json], text: str) -> Record | Bad:
    """The record with halves of surrogate pairs joined or replaced, if that is all that is wrong with it."""
    try:
        whole = json.dumps(data, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        mended = json.loads(whole)
        return Record(line, mended, as_text(mended))
    except (TypeError, RecursionError) as error:
        found = f"the row holds what cannot be kept ({error})"
        return Bad(Problem(name, line, None, found, "Write large numbers as text, and nest less deeply."), text)


def read_json(source: Source) -> Iterator[Record | Bad]:
    """An array of objects, an object with such an array under `data`, or, misnamed, one object a line."""
    try:
        with text_file(source) as text:
            start = text.read(_CHUNK)
            if start.lstrip().startswith("["):
                yield from _array(source.name, start, lambda: text.read(_CHUNK))
                return
            if not _is_object(start.lstrip().partition("\n")[0]):
                yield from _document(source.name, start + text.read())
                return
    except UnicodeDecodeError as error:
        raise _not_utf8(source.name, error) from error
    source.file.seek(0)
    yield from read_lines(source)


def _is_object(line: str) -> bool:
    """Whether a line is a whole object by itself, and not the one that holds all rows."""
    try:
        found: object = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    holds_rows = isinstance(_rows(found), list)
    return isinstance(found, dict) and not holds_rows


def _rows(document: object) -> object:
    return cast("dict[str, object]", document).get("data") if isinstance(document, dict) else None


def _document(name: str, whole: str) -> Iterator[Record | Bad]:
    try:
        document = _DECODER.decode(whole)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        found = f"the file is not valid JSON ({_failure(error)})"
        yield Bad(Problem(name, line, None, found, "Correct the file."), "")
        return
    rows = _rows(document)
    if isinstance(rows, list):
        for number, row in enumerate(cast("list[object]", rows), 1):
            yield _object(name, number, row, "")
    else:
        yield _object(name, 1, document, whole)


def _array(name: str, window: str, more: Callable[[], str]) -> Iterator[Record | Bad]:
    """The elements of an array, decoded one by one from a window that slides over the text."""
    at, line = window.index("[") + 1, 1 + window.count("\n", 0, window.index("["))
    while True:
        begin = _skip_blanks(window, at)
        line += window.count("\n", at, begin)
        at = begin
        if window.startswith("]", at):
            return
        value, end, failure = _decode(window, at)
        if end == len(window) and len(window) - at < LONGEST_ROW and (further := more()):
            window, at = window[at:] + further, 0
            continue
        if failure:
            found = f"the array breaks off or is not valid JSON here ({failure})"
            yield Bad(Problem(name, line, None, found, "Correct the file from this line on."), window[at : at + 1_000])
            return
        yield _object(name, line, value, window[at:end])
        line += window.count("\n", at, end)
        at = end


def _decode(window: str, at: int) -> tuple[object, int, str]:
    """The value at a place, its end, and what is wrong; a value that more text might complete ends with the window."""
    try:
        value, end = _DECODER.raw_decode(window, at)
    except json.JSONDecodeError as error:
        return None, len(window), error.msg
    except (ValueError, RecursionError) as error:
        return None, len(window), _failure(error)
    return value, end, ""


def _skip_blanks(window: str, at: int) -> int:
    while at < len(window) and window[at] in " \t\r\n,":
        at += 1
    return at


def _bad_encoding(name: str, line: int, error: UnicodeDecodeError, content: bytes) -> Bad:
    found = f"byte 0x{content[error.start]:02x} at column {error.start + 1} is not UTF-8"
    return Bad(
        Problem(name, line, None, found, "Save the file as UTF-8 and import it again."),
        content.decode(errors="replace"),
    )


def _not_utf8(name: str, error: UnicodeDecodeError) -> InputError:
    return InputError(f"{name}: the file is not UTF-8 (byte 0x{error.object[error.start]:02x}). Save it as UTF-8.")
