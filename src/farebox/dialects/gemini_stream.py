"""Streams of the Gemini dialect: relayed chunk by chunk, stamped with our identity, watched for usage and the end.

Most chunks are not parsed. The bytes that follow `candidates` and `usageMetadata` (our identity's place) are the same
in every chunk of a stream: they are learned from the first one and exchanged in the others, and a regular expression
says whether the remainder holds anything that needs a closer look. Either way each chunk gives the same bytes however
the network split it.

Gemini has no end mark: its last chunk is the one in which the last candidate names its reason to finish. That chunk and
whatever follows is withheld for `finish`, which comes after the settlement and adds the cost.
"""

import re
from uuid import UUID

import msgspec

from farebox.dialects.exchange import JobStamp, ProviderFault, StreamEnd
from farebox.dialects.gemini_answer import TOP_LEVEL_EXTRAS, identity_changes, string_at, value_at
from farebox.dialects.gemini_errors import judge_stream_error, write_error
from farebox.dialects.gemini_frames import Form, FrameSplitter, FrameWriter
from farebox.dialects.gemini_judge import MOST_ANSWERS
from farebox.dialects.gemini_output import OutputCount
from farebox.dialects.gemini_usage import USAGE_EXTRAS, read_usage, stamped_usage, usage_object
from farebox.dialects.identity import any_of
from farebox.dialects.json_body import MalformedJson, Spans, edit, json_string, members
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

_NULL = b"null"
_LOOK_CLOSER = re.compile(
    rb'"(?:finishReason|error|promptFeedback|%b)"[ \t\n\r]*:' % any_of(TOP_LEVEL_EXTRAS | USAGE_EXTRAS)
)
_COUNTS = re.compile(rb'"(?:candidates|thoughts)TokenCount"[ \t\n\r]*:[ \t\n\r]*(\d{1,12})')
_USAGE = b'"usageMetadata"'
MOST_WITHHELD_BYTES = 8 * 1024 * 1024


class _Candidate(msgspec.Struct, rename="camel"):
    index: int = 0
    finish_reason: str | None = None


_CANDIDATES = msgspec.json.Decoder(list[_Candidate])


class StreamRelay:
    """One stream from a provider to a client of `form`.

    `answers` is how many candidates the client asked for; `scrub` what must not show in errors.
    """

    def __init__(self, stamp: JobStamp, *, form: Form = "sse", answers: int = 1, scrub: Scrub = NO_NAMES) -> None:
        self.saw_data = False
        self.end: StreamEnd | None = None
        self.provider_id: str | None = None
        self.provider_error: ProviderFault | None = None
        self._stamp = stamp
        self._answers = answers
        self._scrub = scrub
        self._splitter = FrameSplitter()
        self._frames = FrameWriter(form)
        self._output = OutputCount()
        self._counted = 0  # output tokens by the provider's running count
        self._suffix: bytes | None = None  # what every chunk ends with, and ours in its place
        self._new_suffix = b""
        self._seen: set[int] = set()
        self._finished: set[int] = set()
        self._usage_chunk: bytes | None = None  # the last chunk that may report usage
        self._is_blocked = False
        self._withheld: list[bytes] = []
        self._withheld_bytes = 0
        self._stopped_note: str | None = None

    @property
    def usage(self) -> Usage | None:
        """What the provider has reported up to now; read when asked, since every chunk reports it anew."""
        if self._usage_chunk is None:
            return None
        chunk = self._usage_chunk
        return read_usage(msgspec.json.decode(value_at(chunk, members(chunk), "usageMetadata")))

    @property
    def is_finishing(self) -> bool:
        return bool(self._withheld)

    @property
    def output_tokens_estimated(self) -> int:
        """By the bytes seen, or by the provider's running count, which knows of hidden thinking."""
        return max(self._output.tokens, self._counted)

    def feed(self, chunk: bytes) -> bytes:
        """Bytes of the provider in, bytes for the client out; nothing more comes out once `end` is set."""
        if self.end is not None:
            return b""
        out = b"".join([self._relay(data) for data in self._splitter.feed(chunk)])
        if self._splitter.is_too_large and self.end is None:
            self._fail("event_too_large")
        return out

    def end_of_input(self) -> bytes:
        """To be called when the provider's body has ended properly: what was still unterminated, and the verdict."""
        out = b""
        if self.end is None and (rest := self._splitter.rest()):
            out = self._relay(rest)
        if self.end is None:
            is_whole = self._is_blocked or (bool(self._seen) and self._seen <= self._finished)
            self.end = StreamEnd("done" if is_whole else "cut")
        return out

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        """The withheld tail of a stream that ended well, the usage with its cost in its last chunk."""
        if self._stopped_note is not None:
            value = usage_object(usage, cost)
            return self._frames.frame(self._own_chunk(self._length_candidates(), value)) + self._frames.end()
        reported = self._reported()
        value = usage_object(usage, cost) if reported is None else stamped_usage(reported, cost)
        last = self._withheld.pop() if self._withheld else self._own_chunk(b"[]", _NULL)
        last = edit(last, members(last), {"usageMetadata": value})
        return b"".join([self._frames.frame(chunk) for chunk in [*self._withheld, last]]) + self._frames.end()

    def stop_as_length(self, note: str) -> bytes:
        """End all unfinished candidates with MAX_TOKENS; `finish` gives the chunk that says so. `note` says why."""
        self._stopped_note = note
        return b""

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        """The error that ends a stream that broke."""
        return self._frames.error(write_error(refusal, job_id))

    def _relay(self, data: bytes) -> bytes:
        if self.end is not None:
            return b""
        suffix = self._suffix
        if suffix is not None and not self._withheld and data.endswith(suffix):
            head = data[: -len(suffix)]
            if not _LOOK_CLOSER.search(head):
                self._count(data)
                return self._frames.frame(head + self._new_suffix)
        return self._look_closer(data)

    def _count(self, data: bytes) -> None:
        at = data.rfind(_USAGE)
        self._output.add(data if at < 0 else data[:at])
        if at >= 0 and data.find(b'TokenCount"', at) >= 0:
            self._usage_chunk = data
            self._counted = max(self._counted, sum(map(int, _COUNTS.findall(data, at))))

    def _look_closer(self, data: bytes) -> bytes:
        try:
            data.decode()
            spans = members(data)
        except (MalformedJson, UnicodeDecodeError):
            self._fail("malformed_event")
            return b""
        if value_at(data, spans, "error") != _NULL:
            self.provider_error = judge_stream_error(data, self._scrub)
            self.end = StreamEnd("error")
            return b""
        self._count(data)
        self._read_candidates(data, spans)
        if self.end is not None:
            return b""
        if not self.saw_data:
            self.saw_data = True
            self.provider_id = string_at(data, spans, "responseId")
        changes = identity_changes(data, spans, self._stamp)
        if "usageMetadata" in spans and value_at(data, spans, "usageMetadata").startswith(b"{"):
            changes["usageMetadata"] = stamped_usage(value_at(data, spans, "usageMetadata"), None)
        ours = edit(data, spans, changes)
        if self._suffix is None or not data.endswith(self._suffix):
            self._learn(data, spans, changes)
        is_over = self._is_blocked or (self._seen <= self._finished and len(self._finished) >= self._answers)
        if not is_over and not self._withheld:
            return self._frames.frame(ours)
        self._withheld.append(ours)
        self._withheld_bytes += len(ours)
        if self._withheld_bytes > MOST_WITHHELD_BYTES:
            self._fail("endless_end")
        return b""

    def _read_candidates(self, data: bytes, spans: Spans) -> None:
        candidates = value_at(data, spans, "candidates")
        if b'"blockReason"' in value_at(data, spans, "promptFeedback"):
            self._is_blocked = True
        if candidates == _NULL:
            return
        try:
            read = _CANDIDATES.decode(candidates)
        except (msgspec.MsgspecError, RecursionError):
            self._fail("malformed_event")
            return
        for candidate in read:
            if not 0 <= candidate.index < MOST_ANSWERS:
                self._fail("malformed_event")
                return
            self._seen.add(candidate.index)
            if candidate.finish_reason:
                self._finished.add(candidate.index)

    def _learn(self, data: bytes, spans: Spans, changes: dict[str, bytes | None]) -> None:
        """Learn what the chunks end with: the members of our identity, where all of them stand last."""
        names = list(spans)
        constant = [name for name in names if name in ("modelVersion", "responseId") or name in TOP_LEVEL_EXTRAS]
        if not constant or names[-len(constant) :] != constant or len(names) == len(constant):
            self._suffix = None
            return
        start = spans[names[-len(constant) - 1]][1]
        # The members from there on, made an object of their own by giving it one member before.
        kept = b'{"":0' + data[start:]
        shift = start - len(b'{"":0')
        tail_spans = {"": (4, 5)} | {name: (spans[name][0] - shift, spans[name][1] - shift) for name in constant}
        tail_changes = {name: changes[name] for name in constant if name in changes}
        self._suffix = data[start:]
        self._new_suffix = edit(kept, tail_spans, tail_changes)[len(b'{"":0') :]

    def _reported(self) -> bytes | None:
        if self._usage_chunk is None or self.usage is None:
            return None
        return value_at(self._usage_chunk, members(self._usage_chunk), "usageMetadata")

    def _length_candidates(self) -> bytes:
        content = b'{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"MAX_TOKENS","index":%d,'
        note = b'"finishMessage":%b}' % json_string(self._stopped_note or "")
        indexes = sorted((self._seen | set(range(self._answers))) - self._finished)
        return b"[" + b",".join([content % index + note for index in indexes]) + b"]"

    def _own_chunk(self, candidates: bytes, usage: bytes) -> bytes:
        return b'{"candidates":%b,"usageMetadata":%b,"modelVersion":%b,"responseId":"%b"}' % (
            candidates,
            usage,
            json_string(self._stamp.model),
            self._stamp.job_id.hex.encode(),
        )

    def _fail(self, code: str) -> None:
        self.provider_error = ProviderFault(fault="channel", status=502, body=b"", retry_after_s=None, code=code)
        self.end = StreamEnd("error")
