"""What the order of work in `compose` has to know of a dialect: how it reads, refuses and answers.

An endpoint is a value; `endpoints` holds one for each path. Nothing here knows a particular wire format.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from farebox.simulator.errors import ProviderError, Refused
from farebox.simulator.identity import Marks, Vendor
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.script import Script
from farebox.simulator.stats import RequestHead


class Incoming(msgspec.Struct, frozen=True):
    """One request for an endpoint: the path without its query, and the body."""

    path: str
    query: bytes
    body: bytes
    content_type: bytes = b""


class Dialect(msgspec.Struct, frozen=True):
    """A vendor's way to say no: its words for a status, and the shape of an error body."""

    vendor: Vendor
    error_for: Callable[[int, str], ProviderError]
    encode_error: Callable[[int, ProviderError], bytes]
    model_not_found: Callable[[str], Refused]
    content_filter: Callable[[], Refused]
    context_length: Callable[[int], Refused]

    def error_body(self, status: int, options: SimulatorOptions) -> bytes:
        """The body for `status`; whatever the options name replaces the usual words."""
        usual = self.error_for(status, options.organization)
        named = ProviderError(
            type=options.error_type or usual.type,
            code=options.error_code or usual.code,
            message=options.error_message or usual.message,
            param=usual.param,
        )
        return self.encode_error(status, named)

    def refusal_body(self, refused: Refused) -> bytes:
        return self.encode_error(refused.status, refused.error)


def nothing_to_check(request: Any, options: SimulatorOptions) -> None:
    """The check of endpoints whose reading already refuses what is wrong."""


class Endpoint(msgspec.Struct, frozen=True):
    """One path of a dialect: `read` decodes, `check` refuses what the provider refuses, `answer` renders.

    `read` may raise msgspec.DecodeError; its value has a `model`, with the suffix that sets options still on it.
    `prompt_tokens` counts the prompt for the refusal of a prompt that is too long. `known` are the members that its
    requests may have, where the provider refuses others.
    """

    dialect: Dialect
    read: Callable[[Incoming], Any]
    head: Callable[[str, Any, str], RequestHead]
    answer: Callable[[Any, str, SimulatorOptions, Marks | None], Script]
    prompt_tokens: Callable[[Any], int]
    check: Callable[[Any, SimulatorOptions], None] = nothing_to_check
    known: frozenset[str] = frozenset()
    repeatable: bool = True


class Composed(msgspec.Struct, frozen=True):
    """A script, the head for the record, and whether an equal request may be given the same script."""

    script: Script
    head: RequestHead
    repeatable: bool
