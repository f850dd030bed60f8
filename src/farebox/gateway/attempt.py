"""How one attempt at a provider fails, and what its failure says."""

import msgspec

from farebox.dialects.exchange import ProviderFault
from farebox.dialects.openai_errors import speaks_of_content
from farebox.upstream.errors import ConnectError, ConnectTimeout, FirstByteTimeout, IdleTimeout, UpstreamError
from farebox.upstream.traffic import Fault

# Of a fault of the request, these say nothing of its form.
_DENIALS = frozenset({403, 451})
_MOST_WORDS = 4_000


class Attempt(msgspec.Struct, frozen=True):
    """One failed attempt, for what the client is told when all have failed."""

    kind: Fault
    status: int
    retry_after_s: int | None


class ProviderRefusal(Exception):
    """The provider refuses the request itself: status and scrubbed body are for the client."""

    def __init__(self, fault: ProviderFault) -> None:
        super().__init__(fault.code)
        self.fault = fault

    @property
    def is_denial(self) -> bool:
        """Whether it is what the request is about that the provider refuses, and not its form."""
        words = f"{self.fault.code} {self.fault.body[:_MOST_WORDS].decode(errors='replace')}"
        return self.fault.status in _DENIALS or speaks_of_content(words)


def fault_of_error(error: UpstreamError) -> Fault:
    if isinstance(error, (ConnectTimeout, FirstByteTimeout, IdleTimeout)):
        return "timeout"
    return "connect" if isinstance(error, ConnectError) else "protocol"


def fault_of_status(status: int) -> Fault:
    """Of an answer that is no fault of the request."""
    match status:
        case 429:
            return "rate_limited"
        case 401 | 402:
            return "auth"
        case 403 | 404:
            # "No such model", "no access to this model": they tell of the one route, and leave the others alone.
            return "route"
        case 200:
            return "protocol"
        case _:
            return "status"
