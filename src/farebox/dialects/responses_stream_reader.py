"""A stream of OpenAI's responses, read into events.

Items and their parts have numbers of their own here (output, content, summary); they come one after the other. What a
provider did not send as deltas is taken from the events that end a part, an item or the response.
"""

import msgspec

from farebox.dialects.conversation import Text
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.reply import (
    Ended,
    Event,
    Failed,
    LogprobsDelta,
    OpaqueArrived,
    PartEnded,
    ReasoningDelta,
    RefusalDelta,
    SignatureDelta,
    Started,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from farebox.dialects.responses_errors import read_failure, read_stream_error
from farebox.dialects.responses_reasoning import reasoning_parts
from farebox.dialects.responses_reply import (
    ITEM,
    KIND,
    KNOWN_ITEMS,
    Item,
    Logprob,
    Response,
    is_usable,
    read_logprobs,
    read_stop,
    said,
)
from farebox.dialects.responses_usage import read_usage
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.dialects.sse import EventSplitter, event_data

_DATA = b"\ndata: "
_Key = tuple[int, str, int]  # number of the item, what of it, number of that


_ABSENT = msgspec.Raw(b"")


class _Event(msgspec.Struct, gc=False):
    type: str = ""
    delta: str = ""
    text: str = ""
    refusal: str = ""
    arguments: str = ""
    output_index: int = 0
    content_index: int = 0
    summary_index: int = 0
    item: msgspec.Raw = _ABSENT
    response: msgspec.Raw = _ABSENT
    logprobs: tuple[Logprob, ...] | None = None


_EVENT = msgspec.json.Decoder(_Event)
_RESPONSE = msgspec.json.Decoder(Response)
_KINDS = {
    "response.output_text": "text",
    "response.refusal": "refusal",
    "response.reasoning_summary_text": "summary",
    "response.reasoning_text": "content",
    "response.function_call_arguments": "call",
}
_DELTAS = {f"{name}.delta": kind for name, kind in _KINDS.items()}
_DONES = {f"{name}.done": kind for name, kind in _KINDS.items()}
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed", "response.cancelled"})
_ITEMS = ("response.output_item.added", "response.output_item.done")
_READ = frozenset({*_DELTAS, *_DONES, *_ENDS, *_ITEMS, "response.created", "response.in_progress"})


class ResponsesStreamReader:
    """One stream; see StreamReader."""

    def __init__(self, scrub: Scrub = NO_NAMES) -> None:
        self._scrub = scrub
        self._splitter = EventSplitter()
        self._is_over = False
        self._is_started = False
        self._part = -1  # number of the last part
        self._open: _Key | None = None
        self._has_delta = False  # of the open part
        self._met: set[_Key] = set()
        self._items_done: set[int] = set()
        self._item_id: str | None = None  # of the item that came last
        self._has_calls = False
        self._has_refusal = False

    def feed(self, chunk: bytes) -> list[Event]:
        found: list[Event] = []
        for raw in self._splitter.feed(chunk):
            self._read(raw, found)
        if self._splitter.is_too_large:
            self._fail("event_too_large", found)
        return found

    def end_of_input(self) -> list[Event]:
        found: list[Event] = []
        if (rest := self._splitter.rest()).rstrip().endswith(b"}"):
            # A last event without its blank line.
            self._read(rest, found)
        return found

    def _read(self, raw: bytes, found: list[Event]) -> None:
        if self._is_over:
            return
        at = raw.find(_DATA)
        data = raw[at + len(_DATA) :] if at >= 0 and raw.count(b"\n") == 1 else event_data(raw)[0]
        if not data.strip() or data.strip() == b"[DONE]":
            return
        try:
            self._add(_EVENT.decode(data), data, found)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            if _is_of_no_concern(data):
                return
            self._fail("malformed_event", found)

    def _add(self, event: _Event, data: bytes, found: list[Event]) -> None:
        if not self._is_started and event.type in _READ:
            self._is_started = True
            response = _RESPONSE.decode(event.response) if event.response else Response()
            found.append(Started(response.id, response.model))
        kind = _DELTAS.get(event.type)
        if kind is not None:
            self._delta(kind, event, event.delta, found)
        elif (kind := _DONES.get(event.type)) is not None:
            self._done(kind, event, found)
        elif event.type == "response.output_item.added" and event.item:
            self._item_added(event.output_index, bytes(event.item), found)
        elif event.type == "response.output_item.done" and event.item:
            self._item_done(event.output_index, bytes(event.item), found)
        elif event.type == "error":
            self._is_over = True
            found.append(read_stream_error(data, self._scrub))
        elif event.response and event.type in _ENDS:
            self._end(bytes(event.response), found)

    def _delta(self, kind: str, event: _Event, words: str, found: list[Event]) -> None:
        key = (event.output_index, kind, event.summary_index if kind == "summary" else event.content_index)
        if key != self._open and (not words or not self._enter(key, found)):
            return
        self._has_delta = True
        part = self._part
        match kind:
            case "text":
                found.append(TextDelta(words, part))
                if event.logprobs:
                    found.append(LogprobsDelta(read_logprobs(event.logprobs)))
            case "call":
                found.append(ToolArgumentsDelta(words, part))
            case "refusal":
                found.append(RefusalDelta(words, part))
            case _:
                found.append(ReasoningDelta(words, part, 0, self._item_id))

    def _done(self, kind: str, event: _Event, found: list[Event]) -> None:
        """The end of a part, with all its words. Reasoning and calls end with their item, which may say more."""
        key = (event.output_index, kind, event.summary_index if kind == "summary" else event.content_index)
        if key not in self._met or (key == self._open and not self._has_delta):
            self._delta(kind, event, event.arguments or event.refusal or event.text, found)
        if key == self._open and kind in ("text", "refusal"):
            self._close(found)

    def _enter(self, key: _Key, found: list[Event]) -> bool:
        """Start a part; false when the provider comes back to one that had ended, or to a call that nobody named."""
        if self._is_over or key in self._met or key[1] == "call":
            self._fail("parts_out_of_order", found)
            return False
        self._begin(key, found)
        self._has_refusal = self._has_refusal or key[1] == "refusal"
        return True

    def _begin(self, key: _Key, found: list[Event]) -> None:
        self._close(found)
        self._met.add(key)
        self._open = key
        self._part += 1
        self._has_delta = False

    def _close(self, found: list[Event]) -> None:
        if self._open is not None:
            found.append(PartEnded(self._part))
            self._open = None

    def _item_added(self, index: int, raw: bytes, found: list[Event]) -> None:
        if KIND.decode(raw).type not in KNOWN_ITEMS:
            return
        item = ITEM.decode(raw)
        self._item_id = item.id
        if item.type == "function_call" and item.call_id and item.name:
            self._start_call(index, item, found)

    def _start_call(self, index: int, item: Item, found: list[Event]) -> None:
        key = (index, "call", 0)
        if key in self._met:
            return
        self._begin(key, found)
        self._has_calls = True
        found.append(ToolCallStarted(item.call_id or item.id or "", item.name, self._part))

    def _item_done(self, index: int, raw: bytes, found: list[Event]) -> None:
        """The whole item: what of it had not come before comes now."""
        self._items_done.add(index)
        if KIND.decode(raw).type not in KNOWN_ITEMS:
            self._close(found)
            self._part += 1
            found += (OpaqueArrived("openai_responses", raw, self._part), PartEnded(self._part))
            return
        item = ITEM.decode(raw)
        self._item_id = item.id
        match item.type:
            case "function_call":
                self._start_call(index, item, found)
                if self._open == (index, "call", 0) and not self._has_delta and item.arguments:
                    found.append(ToolArgumentsDelta(item.arguments, self._part))
            case "reasoning":
                self._reasoning_done(index, item, found)
            case _:
                self._message_done(index, item, found)
        self._close(found)

    def _message_done(self, index: int, item: Item, found: list[Event]) -> None:
        for number, piece in enumerate(item.content or ()):
            part = said(piece)
            kind = "text" if isinstance(part, Text) else "refusal"
            if part is not None and (index, kind, number) not in self._met:
                event = _Event(output_index=index, content_index=number, logprobs=piece.logprobs)
                self._delta(kind, event, part.text, found)

    def _reasoning_done(self, index: int, item: Item, found: list[Event]) -> None:
        for kind, pieces in (("summary", item.summary), ("content", item.content)):
            for number, piece in enumerate(pieces or ()):
                if piece.text and (index, kind, number) not in self._met:
                    event = _Event(output_index=index, content_index=number, summary_index=number)
                    self._delta(kind, event, piece.text, found)
        vouched = reasoning_parts(None, (), item.encrypted_content)
        if not vouched or self._is_over:
            return
        if self._open is None or self._open[0] != index:
            self._begin((index, "sealed", 0), found)
        voucher = vouched[0].sealed or vouched[0].signature
        assert voucher is not None
        found.append(SignatureDelta(voucher, self._part, 0, vouched[0].sealed is not None, item.id))

    def _end(self, raw: bytes, found: list[Event]) -> None:
        response = _RESPONSE.decode(raw)
        if not is_usable(response) or bytes(response.error) != b"null":
            self._is_over = True
            found.append(read_failure(raw, self._scrub))
            return
        if not self._items_done:
            for index, item in enumerate(response.output or ()):
                self._item_done(index, bytes(item), found)
        if self._is_over:
            return
        self._close(found)
        usage = read_usage(response.usage)
        if usage is not None:
            found.append(UsageReported(usage))
        self._is_over = True
        stop = read_stop(response, has_calls=self._has_calls, has_refusal=self._has_refusal)
        found += (Stopped(stop), Ended())

    def _fail(self, code: str, found: list[Event]) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._open = None
        found.append(Failed(ProviderFault(fault="channel", status=502, body=b"", retry_after_s=None, code=code)))


def _is_of_no_concern(data: bytes) -> bool:
    """Whether an event that we cannot read is of a kind that we would not read anyway."""
    try:
        kind = KIND.decode(data).type
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return kind not in _READ and kind != "error"
