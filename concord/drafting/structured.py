"""An answer in a given form: an endpoint that can hold a model to a JSON schema is asked to, any other is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import openai

from concord.drafting.completion import Completion, complete
from concord.drafting.endpoint import Endpoint
from concord.errors import EndpointError
from concord.records.item import Message
from concord.records.kinds import Json


async def complete_in_form(
    client: openai.AsyncOpenAI,
    endpoint: Endpoint,
    messages: Sequence[Message],
    *,
    seed: int,
    response_format: Mapping[str, Json],
) -> Completion:
    """As `complete`; an endpoint that refuses the request is asked once more without the form.

    The messages say the form too, and whoever reads the answer checks it: a server may ignore what it does not know.

    Raises:
        EndpointError: there is no answer that can be used.
    """
    try:
        return await complete(client, endpoint, messages, seed=seed, response_format=response_format)
    except EndpointError as error:
        if error.fault != "refused":
            raise
        return await complete(client, endpoint, messages, seed=seed)
