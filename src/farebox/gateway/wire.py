"""Which dialect a call's client speaks, by its path, and how the call gets across to each route that could carry it.

The one place that knows which kinds of channel speak what. A new endpoint is a line here, a new dialect a codec.
"""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import cast

import msgspec

from farebox.dialects import (
    anthropic_codec,
    anthropic_request,
    gemini_codec,
    gemini_request,
    openai_chat_codec,
    openai_images,
    openai_moderations,
    openai_request,
    openai_speech,
    openai_transcriptions,
    rerank,
    responses_codec,
    responses_request,
)
from farebox.dialects.anthropic_betas import refuse_priced_betas
from farebox.dialects.codec import Codec
from farebox.dialects.conversation import Conversation, Untranslatable
from farebox.dialects.exchange import ParsedRequest
from farebox.dialects.gemini_request import GeminiRequest
from farebox.dialects.json_body import edit, json_string
from farebox.dialects.media_request import FormRequest
from farebox.dialects.multipart import Form
from farebox.domain.errors import Refusal
from farebox.domain.job import Endpoint
from farebox.gateway.crossing import Crossing, Header, HeaderMap
from farebox.gateway.embed import embedding_crossing
from farebox.gateway.media import MediaPassthrough
from farebox.gateway.passthrough import (
    GeminiPassthrough,
    MessagesPassthrough,
    OpenAIPassthrough,
    ResponsesPassthrough,
)
from farebox.gateway.translate import TranslatedCrossing
from farebox.upstream.route import Candidate

EVENT_STREAM: Header = (b"content-type", b"text/event-stream; charset=utf-8")
_GROWING_ARRAY: Header = (b"content-type", b"application/json; charset=utf-8")
_OPENAI_KINDS = frozenset({"openai", "openai-compatible", "simulator"})

Ways = tuple[tuple[Candidate, ...], tuple[Crossing, ...]]


class Wire(msgspec.Struct, frozen=True, gc=False):
    """A client's dialect at one endpoint.

    `own_kinds` are the kinds of channel that speak it too, for which `pass_through` makes the crossing. `is_count`: the
    call asks only how many tokens its body has. `stream_type` is what a stream's bytes are declared as. Where the body
    is a form, `read_form` reads it in place of `read`, and `may_follow` tells which fields may come after a large file
    (None: files are kept until all is here).
    """

    endpoint: Endpoint
    codec: Codec
    read: Callable[[bytes], ParsedRequest]
    pass_through: Callable[[ParsedRequest, Candidate], Crossing]
    own_kinds: frozenset[str]
    stream_type: Header = EVENT_STREAM
    is_count: bool = False
    read_form: Callable[[Form, bytes], FormRequest] | None = None
    may_follow: Callable[[str], bool] | None = None

    def parse(self, headers: HeaderMap, raw: bytes) -> ParsedRequest:
        """The facts of a request; raises Refusal."""
        if self.endpoint == "messages":
            refuse_priced_betas(headers.get(b"anthropic-beta"))
        return self.read(raw)

    def ways(self, parsed: ParsedRequest, candidates: tuple[Candidate, ...], output_cap: int) -> Ways:
        """The candidates that can carry this call, each with its crossing; raises Refusal when none can.

        `output_cap` bounds the output where the client does not, for dialects that must be told a bound.
        """
        if len(candidates) == 1 and candidates[0].channel.kind in self.own_kinds:
            return candidates, (self.pass_through(parsed, candidates[0]),)  # the way of most calls
        kept: list[Candidate] = []
        crossings: list[Crossing] = []
        refusals: list[Refusal] = []
        translations = _Translations(self, parsed, output_cap)
        for candidate in candidates:
            if kept and kept[-1].route is candidate.route:
                crossing = crossings[-1]  # the keys of one channel stand next to each other
            elif candidate.channel.kind in self.own_kinds:
                crossing = self.pass_through(parsed, candidate)
            else:
                try:
                    crossing = translations.crossing(candidate)
                except Refusal as refusal:
                    refusals.append(refusal)
                    continue
            kept.append(candidate)
            crossings.append(crossing)
        if not kept and refusals:
            raise refusals[0]
        return tuple(kept), tuple(crossings)


class _Translations:
    """The crossings of one call that are no passing through; its body is read once for all of them."""

    __slots__ = ("_conversation", "_output_cap", "_parsed", "_refusal", "_wire")

    def __init__(self, wire: Wire, parsed: ParsedRequest, output_cap: int) -> None:
        self._wire = wire
        self._parsed = parsed
        self._output_cap = output_cap
        self._conversation: Conversation | None = None
        self._refusal: Refusal | None = None

    def crossing(self, candidate: Candidate) -> Crossing:
        parsed = self._parsed
        if parsed.media is not None:
            raise Untranslatable("model", "is served by a provider that has no such endpoint. Choose another model")
        if parsed.endpoint == "embeddings":
            return embedding_crossing(parsed, candidate)
        if parsed.endpoint == "completions":
            raise Untranslatable("model", "takes chats only. Use /v1/chat/completions or choose another model")
        conversation = self._read()
        target = candidate.preset.target(candidate.route.upstream_model, default_output_tokens=self._output_cap)
        if parsed.end_user is not None and target.end_user_name is not None:
            target = msgspec.structs.replace(target, end_user=parsed.end_user)
        provider = provider_codec(candidate.channel.kind)
        return TranslatedCrossing(parsed, conversation, candidate, self._wire.codec, provider, target)

    def _read(self) -> Conversation:
        if self._refusal is not None:
            raise self._refusal
        if self._conversation is None:
            parsed = self._parsed
            try:
                self._conversation = self._wire.codec.read_request(
                    _named(parsed), model=parsed.model, stream=parsed.stream
                )
            except Refusal as refusal:
                self._refusal = refusal
                raise
        return self._conversation


def provider_codec(kind: str) -> Codec:
    """What channels of this kind are spoken to in, where the client does not speak their own dialect."""
    match kind:
        case "anthropic":
            return anthropic_codec
        case "gemini":
            return gemini_codec
        case _:
            return openai_chat_codec


def wire_at(path: str, raw_path: bytes, query: bytes) -> Wire | None:
    """The wire of a call by its path; None when no call lives there."""
    wire = _WIRES.get(path)
    if wire is None and ":" in path and path.startswith(_GEMINI_PATHS):
        found = gemini_request.parse_path(raw_path.decode("latin-1"), query.decode("latin-1"))
        return None if found is None else _gemini(found)
    return wire


def wire_of_read(path: str, headers: HeaderMap) -> Wire:
    """The dialect of what is no call: a read, or a mistake."""
    if path.startswith("/v1beta/"):
        return GEMINI
    if path.startswith("/v1/messages"):
        return MESSAGES
    if path.startswith("/v1/models"):
        # One path of three dialects: the headers of their SDKs tell.
        if b"anthropic-version" in headers:
            return MESSAGES
        if b"x-goog-api-key" in headers:
            return GEMINI
    return OPENAI_CHAT


def _openai(endpoint: Endpoint) -> Wire:
    return Wire(
        endpoint=endpoint,
        codec=openai_chat_codec,
        read=partial(openai_request.parse_request, endpoint),
        pass_through=OpenAIPassthrough,
        own_kinds=_OPENAI_KINDS,
    )


def _media(endpoint: Endpoint, read: Callable[[bytes], ParsedRequest]) -> Wire:
    return Wire(
        endpoint=endpoint,
        codec=openai_chat_codec,
        read=read,
        pass_through=MediaPassthrough,
        own_kinds=_OPENAI_KINDS,
    )


def _form(
    endpoint: Endpoint, read: Callable[[Form, bytes], FormRequest], may_follow: Callable[[str], bool] | None = None
) -> Wire:
    return msgspec.structs.replace(_media(endpoint, _no_json), read_form=read, may_follow=may_follow)


def _no_json(raw: bytes) -> ParsedRequest:
    raise AssertionError("the body of this endpoint is a form")


def _gemini(path: gemini_request.Path) -> Wire:
    is_array = path.form == "array"
    return Wire(
        endpoint="embeddings" if "mbed" in path.method else "chat.completions",
        codec=_GEMINI_ARRAYS if is_array else gemini_codec,
        read=partial(gemini_request.parse_request, path),
        pass_through=_gemini_passthrough,
        own_kinds=frozenset({"gemini"}),
        stream_type=_GROWING_ARRAY if is_array else EVENT_STREAM,
        is_count=path.method == "countTokens",
    )


def _gemini_passthrough(parsed: ParsedRequest, candidate: Candidate) -> Crossing:
    assert isinstance(parsed, GeminiRequest)
    return GeminiPassthrough(parsed, candidate)


def _named(parsed: ParsedRequest) -> bytes:
    """The body with the model that this attempt is about, where bodies name models."""
    if isinstance(parsed, GeminiRequest):
        return parsed.raw
    return edit(parsed.raw, parsed.spans, {"model": json_string(parsed.model), "models": None})


# Streams of one JSON array instead of events.
_GEMINI_ARRAYS = cast(
    "Codec",
    SimpleNamespace(
        **{name: getattr(gemini_codec, name) for name in gemini_codec.__all__}
        | {"stream_writer": partial(gemini_codec.stream_writer, form="array")}
    ),
)
OPENAI_CHAT = _openai("chat.completions")
MESSAGES = Wire(
    endpoint="messages",
    codec=anthropic_codec,
    read=anthropic_request.parse_request,
    pass_through=MessagesPassthrough,
    own_kinds=frozenset({"anthropic"}),
)
GEMINI = _gemini(gemini_request.Path("", "generateContent"))
_GEMINI_PATHS = ("/v1beta/models/", "/v1/models/")
_WIRES: dict[str, Wire] = {
    "/v1/chat/completions": OPENAI_CHAT,
    "/v1/completions": _openai("completions"),
    "/v1/embeddings": _openai("embeddings"),
    "/v1/responses": Wire(
        endpoint="responses",
        codec=responses_codec,
        read=responses_request.parse_request,
        pass_through=ResponsesPassthrough,
        # Compatible servers know chat completions; few of them know responses.
        own_kinds=frozenset({"openai"}),
    ),
    "/v1/images/generations": _media("images.generations", openai_images.parse_generation),
    "/v1/images/edits": _form("images.edits", openai_images.parse_edit),
    "/v1/audio/speech": _media("audio.speech", openai_speech.parse_request),
    "/v1/audio/transcriptions": _form(
        "audio.transcriptions", openai_transcriptions.parse_request, openai_transcriptions.may_follow_the_file
    ),
    "/v1/moderations": _media("moderations", openai_moderations.parse_request),
    "/v1/rerank": _media("rerank", rerank.parse_request),
    "/v1/messages": MESSAGES,
    "/v1/messages/count_tokens": msgspec.structs.replace(
        MESSAGES, read=partial(anthropic_request.parse_request, is_count=True), is_count=True
    ),
}
