"""OpenAI's responses as a Codec: its parts put together under the names that all dialects share."""

from farebox.dialects.conversation import Dialect
from farebox.dialects.exchange import JobStamp
from farebox.dialects.responses_errors import read_error, write_error
from farebox.dialects.responses_facts import FACTS
from farebox.dialects.responses_read_request import read_request
from farebox.dialects.responses_reply import read_answer, write_answer
from farebox.dialects.responses_stream_reader import ResponsesStreamReader
from farebox.dialects.responses_stream_writer import ResponsesStreamWriter
from farebox.dialects.responses_usage import read_usage, write_usage
from farebox.dialects.responses_write_request import write_request
from farebox.dialects.scrub import NO_NAMES, Scrub

__all__ = [
    "DIALECT",
    "FACTS",
    "read_answer",
    "read_error",
    "read_request",
    "read_usage",
    "stream_reader",
    "stream_writer",
    "write_answer",
    "write_error",
    "write_request",
    "write_usage",
]

DIALECT: Dialect = "openai_responses"


def stream_reader(scrub: Scrub = NO_NAMES) -> ResponsesStreamReader:
    return ResponsesStreamReader(scrub)


def stream_writer(job: JobStamp, created_s: int, *, wants_usage: bool = True) -> ResponsesStreamWriter:
    """Responses always report usage."""
    del wants_usage
    return ResponsesStreamWriter(job, created_s)
