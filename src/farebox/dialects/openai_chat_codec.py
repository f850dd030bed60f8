"""OpenAI's chat completions as a Codec: its parts put together under the names that all dialects share."""

from farebox.dialects.conversation import Dialect
from farebox.dialects.exchange import JobStamp
from farebox.dialects.openai_chat_errors import read_error, write_error
from farebox.dialects.openai_chat_facts import FACTS
from farebox.dialects.openai_chat_read_request import read_request
from farebox.dialects.openai_chat_reply import read_answer, read_usage, write_answer, write_usage
from farebox.dialects.openai_chat_stream_reader import OpenAIChatStreamReader
from farebox.dialects.openai_chat_stream_writer import OpenAIChatStreamWriter
from farebox.dialects.openai_chat_write_request import write_request
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

DIALECT: Dialect = "openai_chat"


def stream_reader(scrub: Scrub = NO_NAMES) -> OpenAIChatStreamReader:
    return OpenAIChatStreamReader(scrub)


def stream_writer(job: JobStamp, created_s: int, *, wants_usage: bool = True) -> OpenAIChatStreamWriter:
    return OpenAIChatStreamWriter(job, created_s, wants_usage=wants_usage)
