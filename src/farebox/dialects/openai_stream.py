"""Streams of the OpenAI dialect: relayed event by event, stamped with our identity, watched for usage and the end.

Most chunks are not parsed. The bytes before `choices` are the same in every chunk of a stream: they are learned from
the first chunk with choices and exchanged in the others, and a regular expression says whether the remainder holds
anything that needs a closer look (usage, an error, the end, vendors' extras). Only then is the chunk taken apart.
Either way each event gives the same bytes however the network split them.

Withheld for `finish`, which comes after the settlement: the usage and the end mark.
"""

from uuid import UUID

import msgspec

from farebox.dialects.exchange import JobStamp, ProviderFault, StreamEnd
from farebox.dialects.json_body import MalformedJson, Spans, edit, json_string, members
from farebox.dialects.openai_answer import identity_changes, our_id, string_at
from farebox.dialects.openai_errors import error_event, judge_stream_error
from farebox.dialects.openai_extras import EVERY, Strip
from farebox.dialects.openai_output import OutputCount
from farebox.dialects.openai_usage import read_usage_bytes, stamped_usage, usage_object
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.dialects.sse import EventSplitter, event_data
from farebox.domain.errors import Refusal
from farebox.domain.job import Endpoint
from farebox.domain.usage import Usage

DONE_EVENT = b"data: [DONE]\n\n"
_DONE = b"[DONE]"
_DATA = b"data: "
_NULL = b"null"

# A shorter id could be that of something else in the chunk, such as an empty one of a tool call.
_SHORTEST_ID_BYTES = 10


class _Choice(msgspec.Struct):
    index: int = 0
    finish_reason: str | None = None


_CHOICES = msgspec.json.Decoder(list[_Choice])


class _Constants:
    """What was learned from one chunk: the bytes up to `choices`, ours in their place, and members after them."""

    __slots__ = ("after", "head", "new_head", "size")

    def __init__(self, head: bytes, new_head: bytes, after: list[tuple[bytes, bytes, bool]]) -> None:
        self.head = head
        self.size = len(head)
        self.new_head = new_head
        self.after = after  # (bytes of a member with its comma, ours, whether every chunk must have it)


class StreamRelay:
    """One stream from a provider to a client.

    `answers` is how many choices the client asked for; `scrub` what must not show in errors; `strip` what the vendor
    adds to its answers.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        stamp: JobStamp,
        wants_usage: bool,
        *,
        answers: int = 1,
        scrub: Scrub = NO_NAMES,
        strip: Strip = EVERY,
    ) -> None:
        self.saw_data = False
        self.usage: Usage | None = None
        self.end: StreamEnd | None = None
        self.provider_id: str | None = None
        self.provider_error: ProviderFault | None = None
        self._endpoint = endpoint
        self._stamp = stamp
        self._wants_usage = wants_usage
        self._answers = answers
        self._scrub = scrub
        self._strip = strip
        self._splitter = EventSplitter()
        self._output = OutputCount(is_chat=endpoint == "chat.completions")
        self._constants: _Constants | None = None
        self._finished: set[int] = set()
        self._created = b"0"
        self._usage_raw: bytes | None = None
        self._usage_event: bytes | None = None  # the provider's own chunk for usage, stamped

    @property
    def is_finishing(self) -> bool:
        return len(self._finished) >= self._answers

    @property
    def output_tokens_estimated(self) -> int:
        return self._output.tokens

    def feed(self, chunk: bytes) -> bytes:
        """Bytes of the provider in, bytes for the client out; nothing more comes out once `end` is set."""
        if self.end is not None:
            return b""
        events = self._splitter.feed(chunk)
        out = self._relay(events[0]) if len(events) == 1 else b"".join(map(self._relay, events))
        if self._splitter.is_too_large and self.end is None:
            self._fail("event_too_large")
        return out

    def end_of_input(self) -> bytes:
        """To be called when the provider's body has ended properly: what was still unterminated, and the verdict.

        Some servers leave out the last blank line, some the end mark. Without the mark only a stream in which every
        choice named its reason to finish is whole; all others count as cut.
        """
        out = b""
        if self.end is None and (rest := self._splitter.rest()):
            data, _ = event_data(rest)
            if data.strip() == _DONE or _is_object(data):
                out = self._relay(rest)
        if self.end is None:
            is_whole = self.saw_data and len(self._finished) >= self._answers
            self.end = StreamEnd("done" if is_whole else "cut")
        return out

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        """The withheld tail of a stream that ended well: usage with its cost if the client asked, and the end mark."""
        if not self._wants_usage:
            return DONE_EVENT
        if self._usage_raw is not None:
            value = stamped_usage(self._usage_raw, cost, self._strip)
        else:
            value = usage_object(usage, cost, self._endpoint)
        if self._usage_event is not None:
            chunk = edit(self._usage_event, members(self._usage_event), {"usage": value})
        else:
            chunk = self._own_chunk(b"[]", b',"usage":' + value)
        return _DATA + chunk + b"\n\n" + DONE_EVENT

    def stop_as_length(self, note: str) -> bytes:
        """The event that ends all unfinished choices with `length`; `finish` still follows. `note` says why."""
        empty = b'"delta":{}' if self._endpoint == "chat.completions" else b'"text":""'
        choices = [
            b'{"index":%d,%b,"logprobs":null,"finish_reason":"length"}' % (index, empty)
            for index in range(self._answers)
            if index not in self._finished
        ]
        extra = b',"farebox":{"note":%b}' % json_string(note)
        return _DATA + self._own_chunk(b"[" + b",".join(choices) + b"]", extra) + b"\n\n"

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        """The event that ends a stream that broke."""
        return error_event(refusal, job_id)

    def _own_chunk(self, choices: bytes, extra: bytes) -> bytes:
        kind = b"chat.completion.chunk" if self._endpoint == "chat.completions" else b"text_completion"
        return b'{"id":%b,"object":"%b","created":%b,"model":%b,"choices":%b%b}' % (
            our_id(self._endpoint, self._stamp.job_id),
            kind,
            self._created,
            json_string(self._stamp.model),
            choices,
            extra,
        )

    def _relay(self, event: bytes) -> bytes:
        constants = self._constants
        if constants is not None and self.end is None and event.startswith(constants.head):
            tail = self._exchanged(event, constants)
            if tail is not None:
                self._output.add(tail)
                return b"%b%b\n\n" % (constants.new_head, tail)
        return self._look_closer(event)

    def _exchanged(self, event: bytes, constants: _Constants) -> bytes | None:
        """The bytes from `choices` on with the constants after it exchanged; None when that is not enough."""
        tail = event[constants.size :]
        for old, new, is_needed in constants.after:
            at = tail.rfind(old)
            if at >= 0:
                tail = tail[:at] + new + tail[at + len(old) :]
            elif is_needed:
                return None
        if b"\n" in tail or tail[-1:] != b"}" or self._strip.look_closer.search(tail):
            return None
        return tail

    def _look_closer(self, event: bytes) -> bytes:
        if self.end is not None:
            return b""
        data, name = event_data(event)
        data = data.strip()
        if data == _DONE:
            self.end = StreamEnd("done")
            return b""
        if not data:
            return b""
        try:
            data.decode()
            spans = members(data)
        except (MalformedJson, UnicodeDecodeError):
            self._fail("malformed_event")
            return b""
        return self._relay_chunk(data, spans, is_error=name == b"error")

    def _relay_chunk(self, data: bytes, spans: Spans, *, is_error: bool) -> bytes:
        choices = _at(data, spans, "choices")
        has_choices = choices.startswith(b"[") and choices.strip(b"[] \t\n\r") != b""
        has_usage = self._read_usage(data, spans)
        if is_error or _at(data, spans, "error") != _NULL:
            self.provider_error = judge_stream_error(data, self._scrub)
            self.end = StreamEnd("error")
            return b""
        if has_choices:
            self._read_choices(choices)
            if self.end is not None:
                return b""
        changes = identity_changes(data, spans, self._endpoint, self._stamp, self._strip)
        if has_usage and not has_choices:
            if self._wants_usage:
                self._usage_event = edit(data, spans, changes)
            return b""
        if "usage" in spans:
            changes["usage"] = _NULL if self._wants_usage else None
        if not self.saw_data or (has_choices and self._constants is None):
            self._meet(data, spans)
        self.saw_data = True
        if has_choices and not self._is_known(data):
            self._constants = _learn(data, spans, changes, self._strip)
        return _DATA + edit(data, spans, changes) + b"\n\n"

    def _meet(self, data: bytes, spans: Spans) -> None:
        self.provider_id = string_at(data, spans, "id") or self.provider_id
        created = _at(data, spans, "created")
        if created.isdigit():
            self._created = created

    def _is_known(self, data: bytes) -> bool:
        # A head that changed within the stream (some servers set `created` anew) is learned anew.
        return self._constants is not None and data.startswith(self._constants.head[len(_DATA) :])

    def _read_usage(self, data: bytes, spans: Spans) -> bool:
        """Take the usage that a chunk reports. The last one that reports anything counts: vendors that send several
        send running totals, and one that sends the same twice means it once."""
        raw = _at(data, spans, "usage")
        if raw == _NULL and "x_groq" in spans:
            raw = _inside(_at(data, spans, "x_groq"), "usage")
        if raw == _NULL:
            return False
        usage = read_usage_bytes(raw, self._endpoint)
        if usage is not None:
            self.usage = usage
            self._usage_raw = raw
        return True

    def _read_choices(self, choices: bytes) -> None:
        self._output.add(choices)
        if b'"finish_reason"' not in choices:
            return
        try:
            read = _CHOICES.decode(choices)
        except (msgspec.MsgspecError, RecursionError):
            return
        for choice in read:
            if choice.finish_reason == "error":
                self._fail("finish_reason_error")
            elif choice.finish_reason:
                self._finished.add(choice.index)

    def _fail(self, code: str) -> None:
        self.provider_error = ProviderFault(fault="channel", status=502, body=b"", retry_after_s=None, code=code)
        self.end = StreamEnd("error")


def _learn(data: bytes, spans: Spans, changes: dict[str, bytes | None], strip: Strip) -> _Constants | None:
    """The constants of this chunk's stream; None when its identity cannot be told from other bytes."""
    names = list(spans)
    if not {"id", "model"} <= spans.keys():
        return None
    first_after = names.index("choices") + 1
    start = spans["choices"][0]
    # The members before `choices`, made an object of their own by giving it a value of one byte.
    before = {name: spans[name] for name in names[: first_after - 1]} | {"choices": (start, start + 1)}
    head_changes = {name: new for name, new in changes.items() if name in before and name != "choices"}
    new_head = edit(data[:start] + b"0}", before, head_changes)[:-2]
    after: list[tuple[bytes, bytes, bool]] = []
    end = spans["choices"][1]
    for name in names[first_after:]:
        value_start, value_end = spans[name]
        if name in changes and not (name == "usage" and data[value_start:value_end] != _NULL):
            new = changes[name]
            is_identity = name in ("id", "model")
            if is_identity and value_end - value_start < (_SHORTEST_ID_BYTES if name == "id" else 3):
                return None
            replaced = b"" if new is None else data[end:value_start] + new
            if is_identity or replaced != data[end:value_end]:
                after.append((data[end:value_end], replaced, is_identity))
        end = value_end
    after += [(b',"%b":null' % extra.encode(), b"", False) for extra in strip.choice]
    return _Constants(_DATA + data[:start], _DATA + new_head, after)


def _at(data: bytes, spans: Spans, name: str) -> bytes:
    span = spans.get(name)
    return _NULL if span is None else data[span[0] : span[1]]


def _inside(value: bytes, name: str) -> bytes:
    try:
        return _at(value, members(value), name)
    except MalformedJson:
        return _NULL


def _is_object(data: bytes) -> bool:
    try:
        members(data)
    except MalformedJson:
        return False
    return True
