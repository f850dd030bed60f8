"""Anthropic's messages as a Codec: its parts put together under the names that all dialects share."""

from farebox.dialects.anthropic_errors import read_error, write_error
from farebox.dialects.anthropic_facts import FACTS
from farebox.dialects.anthropic_read_request import read_count_request, read_request
from farebox.dialects.anthropic_reply import read_answer, write_answer
from farebox.dialects.anthropic_stream_reader import AnthropicStreamReader
from farebox.dialects.anthropic_stream_writer import AnthropicStreamWriter
from farebox.dialects.anthropic_usage import read_usage, write_usage
from farebox.dialects.anthropic_write_request import write_count_request, write_request
from farebox.dialects.conversation import Dialect
from farebox.dialects.exchange import JobStamp
from farebox.dialects.scrub import NO_NAMES, Scrub

__all__ = [
    "DIALECT",
    "FACTS",
    "read_answer",
    "read_count_request",
    "read_error",
    "read_request",
    "read_usage",
    "stream_reader",
    "stream_writer",
    "write_answer",
    "write_count_request",
    "write_error",
    "write_request",
    "write_usage",
]

DIALECT: Dialect = "anthropic"


def stream_reader(scrub: Scrub = NO_NAMES) -> AnthropicStreamReader:
    return AnthropicStreamReader(scrub)


def stream_writer(job: JobStamp, created_s: int, *, wants_usage: bool = True) -> AnthropicStreamWriter:
    """Messages have no time of creation, and always report usage."""
    del created_s, wants_usage
    return AnthropicStreamWriter(job)
