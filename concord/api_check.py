"""The API's call that checks a data set."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NoBase64

import pydantic.dataclasses
from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from concord.api_service import PROJECT, ServiceNow, authorise
from concord.api_template import json_lines
from concord.curation.contamination import Against, from_bytes
from concord.errors import InputError
from concord.verbs_check import InformationRequest, Result

check_router = APIRouter(prefix="/v1", dependencies=[Depends(authorise)])


class FileRuns(BaseModel, extra="forbid"):
    """A file that no item may hold anything of: the runs of words in it as 64-bit numbers, little-endian, in base64."""

    name: str
    runs: str


class Checking(BaseModel, extra="forbid"):
    """What a data set is held against."""

    against: list[FileRuns] = []


@pydantic.dataclasses.dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Asking(InformationRequest):
    """Which responses a model is asked about."""


@check_router.post(f"{PROJECT}/check")
def check(service: ServiceNow, project: str, checking: Checking) -> StreamingResponse:
    """What is wrong with a data set, what it is made of, and what speaks for training on it.

    The answer is JSON Lines: `{"done", "items"}` again and again, and at last `{"report": …}`. Who closes the
    connection ends the work.
    """
    steps = service.verbs.checking_against(project, [_against(file) for file in checking.against])
    return StreamingResponse(json_lines(steps), media_type="application/jsonl")


@check_router.post(f"{PROJECT}/information")
def check_information(service: ServiceNow, project: str, asking: Asking) -> Result:
    """Ask a model which claims in responses the prompts do not support; it answers when that is done."""
    return service.verbs.check_information(project, asking)


def _against(file: FileRuns) -> Against:
    try:
        runs = b64decode(file.runs, validate=True)
    except NoBase64 as error:
        raise InputError(f"against {file.name!r}: the runs are no base64 ({error}). Encode them so.") from error
    return from_bytes(file.name, runs)
