"""Events written as a stream of OpenAI's chat completions. Usage and the end mark are withheld for `finish`."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from farebox.dialects.conversation import Signature
from farebox.dialects.exchange import JobStamp
from farebox.dialects.openai_chat_errors import write_error_event
from farebox.dialects.openai_chat_reasoning import write_extra_content
from farebox.dialects.openai_chat_reply import write_logprobs, write_stop, write_usage
from farebox.dialects.reply import (
    Event,
    LogprobsDelta,
    ReasoningDelta,
    RefusalDelta,
    SignatureDelta,
    Stop,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
)
from farebox.dialects.signatures import joined, seal, wrap
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

_encode = msgspec.json.encode
_TEXT = ("text", 0)


class _OpenChoice:
    """What one choice has shown to the client."""

    __slots__ = (
        *("calls", "details", "has_refusal", "has_role", "is_stopped", "parts"),
        *("is_signed", "signature", "signed_part"),
    )

    def __init__(self) -> None:
        self.calls = 0
        self.details = 0
        self.parts: dict[int, tuple[str, int]] = {}  # part to what it is and its number among these
        self.signed_part = -1  # whose signature has begun
        self.signature: Signature | None = None  # of a text that more text may follow
        self.is_signed = False
        self.has_role = False
        self.has_refusal = False
        self.is_stopped = False


class OpenAIChatStreamWriter:
    """One stream; see StreamWriter."""

    def __init__(self, job: JobStamp, created_s: int, *, wants_usage: bool = True) -> None:
        self._wants_usage = wants_usage
        self._head = (
            b'data: {"id":"chatcmpl-%b","object":"chat.completion.chunk","created":%d,"model":%b,"choices":['
            % (job.job_id.hex.encode(), created_s, _encode(job.model))
        )
        # With usage wanted, all chunks but the last say that theirs is null.
        self._tail = b'],"usage":null}\n\n' if wants_usage else b"]}\n\n"
        self._choices: dict[int, _OpenChoice] = {}

    def write(self, events: Sequence[Event]) -> bytes:
        return b"".join([self._written(event) for event in events])

    def _written(self, event: Event) -> bytes:
        match event:
            case TextDelta():
                choice = self._choice(event.choice)
                choice.parts[event.part] = _TEXT
                if choice.signature is not None and choice.signed_part != event.part:
                    choice.signature = None
                return self._chunk(event.choice, b'{"content":%b}' % _encode(event.text))
            case ToolArgumentsDelta():
                number = self._choice(event.choice).parts[event.part][1]
                delta = b'{"tool_calls":[{"index":%d,"function":{"arguments":%b}}]}' % (number, _encode(event.json))
                return self._chunk(event.choice, delta)
            case ReasoningDelta():
                return self._text_signature(event.choice) + self._reasoning(event) if event.text else b""
            case ToolCallStarted():
                return self._text_signature(event.choice) + self._call(event)
            case SignatureDelta():
                return self._signature(event)
            case RefusalDelta():
                self._choice(event.choice).has_refusal = True
                head = self._text_signature(event.choice)
                return head + self._chunk(event.choice, b'{"refusal":%b}' % _encode(event.text))
            case LogprobsDelta():
                return self._chunk(event.choice, b"{}", logprobs=_encode(write_logprobs(event.tokens)))
            case Stopped():
                return self._stop(event.choice, event.stop)
            case _:
                return b""

    def stop_as_length(self, note: str) -> bytes:
        chunks = [
            self._stop(index, Stop("length"), b',"farebox":{"note":%b}' % _encode(note))
            for index, choice in (self._choices or {0: self._choice(0)}).copy().items()
            if not choice.is_stopped
        ]
        return b"".join(chunks)

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        if not self._wants_usage:
            return b"data: [DONE]\n\n"
        return b'%b],"usage":%b}\n\ndata: [DONE]\n\n' % (self._head, _encode(write_usage(usage, cost)))

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        return write_error_event(refusal, job_id)

    def _choice(self, index: int) -> _OpenChoice:
        choice = self._choices.get(index)
        if choice is None:
            choice = self._choices[index] = _OpenChoice()
        return choice

    def _chunk(self, index: int, delta: bytes, *, logprobs: bytes = b"null", reason: bytes = b"null") -> bytes:
        choice = self._choice(index)
        chunk = self._one(index, delta, logprobs, reason)
        if choice.has_role:
            return chunk
        choice.has_role = True
        return self._one(index, b'{"role":"assistant","content":""}', b"null", b"null") + chunk

    def _one(self, index: int, delta: bytes, logprobs: bytes, reason: bytes) -> bytes:
        return b'%b{"index":%d,"delta":%b,"logprobs":%b,"finish_reason":%b}%b' % (
            self._head,
            index,
            delta,
            logprobs,
            reason,
            self._tail,
        )

    def _call(self, event: ToolCallStarted) -> bytes:
        choice = self._choice(event.choice)
        choice.parts[event.part] = ("call", choice.calls)
        call = {
            "index": choice.calls,
            "id": event.id,
            "type": "function",
            "function": {"name": event.name, "arguments": ""},
        }
        choice.calls += 1
        return self._chunk(event.choice, _encode({"tool_calls": [call]}))

    def _detail_number(self, choice: _OpenChoice, part: int, kind: str) -> int:
        """The number of an entry of reasoning_details: readable and sealed reasoning of one part are two."""
        known = choice.parts.get(part)
        if known is None or known[0] != kind:
            known = choice.parts[part] = (kind, choice.details)
            choice.details += 1
        return known[1]

    def _reasoning(self, event: ReasoningDelta) -> bytes:
        number = self._detail_number(self._choice(event.choice), event.part, "reasoning")
        text = _encode(event.text)
        delta = b'{"reasoning_content":%b,"reasoning_details":[{"type":"reasoning.text","text":%b,"index":%d}]}'
        return self._chunk(event.choice, delta % (text, text, number))

    def _signature(self, event: SignatureDelta) -> bytes:
        choice = self._choice(event.choice)
        kind, number = choice.parts.get(event.part, ("", 0))
        is_first = choice.signed_part != event.part
        choice.signed_part = event.part
        signature = event.signature
        if kind == "text":
            # It waits for what follows; see openai_chat_reply.text_signature.
            choice.signature = joined(choice.signature, signature)
            return b""
        head = self._text_signature(event.choice)
        if event.is_sealed:
            number = self._detail_number(choice, event.part, "sealed")
            # The mark of whose it is stands before the first piece only: clients join pieces.
            data = seal(signature, event.id, "openai_chat") if is_first or kind != "sealed" else signature.value
            entry = {"type": "reasoning.encrypted", "data": data, "index": number}
            if event.id is not None and signature.by == "openai_chat":
                entry["id"] = event.id
            return head + self._chunk(event.choice, _encode({"reasoning_details": [entry]}))
        text = wrap(signature, "openai_chat") if is_first else signature.value
        if kind == "call":
            extra = {"google": {"thought_signature": text}}
            # Without a function in every piece of a call OpenAI's Python SDK gives up on the stream.
            piece = {"index": number, "function": {"arguments": ""}, "extra_content": extra}
            return head + self._chunk(event.choice, _encode({"tool_calls": [piece]}))
        # Thinking may be hidden and its signature all that is left of it.
        number = self._detail_number(choice, event.part, "reasoning")
        entry = {"type": "reasoning.text", "signature": text, "index": number}
        return head + self._chunk(event.choice, _encode({"reasoning_details": [entry]}))

    def _text_signature(self, index: int) -> bytes:
        """The signature of the text that has just ended, unless the message has one."""
        choice = self._choice(index)
        signature, choice.signature = choice.signature, None
        if signature is None or choice.is_signed:
            return b""
        choice.is_signed = True
        return self._chunk(index, _encode({"extra_content": write_extra_content(signature)}))

    def _stop(self, index: int, stop: Stop, extra: bytes = b"") -> bytes:
        choice = self._choice(index)
        choice.is_stopped = True
        signed = self._text_signature(index)
        reason = write_stop(stop, has_refusal=choice.has_refusal)
        chunk = self._chunk(index, b"{}", reason=_encode(reason))
        return signed + (chunk if not extra else chunk[: -len(self._tail)] + b"]" + extra + self._tail[1:])
