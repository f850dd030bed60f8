"""Gemini's generateContent as a Codec: its parts put together under the names that all dialects share."""

from farebox.dialects.conversation import Dialect
from farebox.dialects.exchange import JobStamp
from farebox.dialects.gemini_count import read_count_answer, write_count_answer
from farebox.dialects.gemini_errors import read_error, write_error
from farebox.dialects.gemini_facts import FACTS
from farebox.dialects.gemini_frames import Form
from farebox.dialects.gemini_read_request import read_count_request, read_request
from farebox.dialects.gemini_reply import read_answer, write_answer
from farebox.dialects.gemini_stream_reader import GeminiStreamReader
from farebox.dialects.gemini_stream_writer import GeminiStreamWriter
from farebox.dialects.gemini_usage import read_usage, write_usage
from farebox.dialects.gemini_write_request import write_count_request, write_request
from farebox.dialects.scrub import NO_NAMES, Scrub

__all__ = [
    "DIALECT",
    "FACTS",
    "read_answer",
    "read_count_answer",
    "read_count_request",
    "read_error",
    "read_request",
    "read_usage",
    "stream_reader",
    "stream_writer",
    "write_answer",
    "write_count_answer",
    "write_count_request",
    "write_error",
    "write_request",
    "write_usage",
]

DIALECT: Dialect = "gemini"


def stream_reader(scrub: Scrub = NO_NAMES) -> GeminiStreamReader:
    return GeminiStreamReader(scrub)


def stream_writer(job: JobStamp, created_s: int, *, wants_usage: bool = True, form: Form = "sse") -> GeminiStreamWriter:
    """`form` is what the client's path asks for. Chunks have no time of creation, and usage is always reported."""
    del created_s, wants_usage
    return GeminiStreamWriter(job, form=form)
