"""A provider that tells who it is wherever an answer has room for it, in every dialect, on a real socket.

`SECRETS` are what no client may ever read. How an answer is made: `plain` and `events` by the path that is asked for,
`error` before the answer, `broken` within a stream. A new endpoint is a line in `_ANSWERS`.
"""

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ORG, PROJECT = "org-N7hTq2LmXc81", "proj_Zk41PqLw92"
SHORT_ID, LONG_ID = "req_8f3a", "req_011CSHoEeqs5C35K2UUqR7Fy"
TRACE, LOG_ID = "5d4e77aa-9c1b-4a83-9f6e-2b1c0d3e4f5a", "021748392017465f00000000000000000000ffffc0a8"
COMPANY, ACCOUNT = "Acme Resale GmbH", "210004455667"
HOST, NODE, ADDRESS, ADDRESS_6 = (
    "eu7.models.example-vendor.com",
    "gpu-node-17.prod.internal",
    "10.31.7.9",
    "fd12:3456:789a::17",
)
KEY_SHOWN, KEY_TAIL = "sk-proj-****Wq9Z", "Wq9Z"
USER, SERVED_BY, VENDOR = "user_2xKqPLm81", "shard-eu-west-7b", "HostileCloud"
UPSTREAM_MODEL = "hidden-upstream-9000"
COST = "0.0123456"

SECRETS = (
    *(ORG, PROJECT, SHORT_ID, LONG_ID, TRACE, LOG_ID, COMPANY, "Acme", ACCOUNT, HOST, NODE, ADDRESS, ADDRESS_6),
    *(KEY_SHOWN, KEY_TAIL, USER, SERVED_BY, VENDOR, UPSTREAM_MODEL, COST, "OpenAI", "Azure", "OpenRouter", "secret-"),
)

# Each is a sentence of an error that passes to the client; what is around the secrets must stay readable.
SAID = (
    f"The prompt of {VENDOR} is too long in organization {ORG}, project {PROJECT}.",
    f"See http://{ADDRESS}:8443/v1/chat or {HOST}:443, {NODE} and [{ADDRESS_6}]:9000; contact help@{HOST}.",
    f"Request id: {LONG_ID} (short {SHORT_ID}), trace_id={TRACE}, Request id: {LOG_ID}.",
    f"Organization '{COMPANY}' (account {ACCOUNT}), key {KEY_SHOWN} ending in {KEY_TAIL}, user_id: {USER}.",
    f"{UPSTREAM_MODEL} is served by {SERVED_BY} of OpenAI, Azure and OpenRouter.",
)
READABLE = ("prompt of", "too long", "Request id")

TAGS: dict[str, Any] = {
    "provider": VENDOR,
    "provider_name": VENDOR,
    "provider_metadata": {"host": HOST, "name": VENDOR},
    "served_by": SERVED_BY,
    "system_fingerprint": f"fp_secret-{SERVED_BY}",
    "organization": ORG,
    "organization_id": ORG,
    "project_id": PROJECT,
    "account_id": ACCOUNT,
    "user_id": USER,
    "request_id": LONG_ID,
    "trace_id": TRACE,
    "x_groq": {"id": LONG_ID, "debug": {"node": NODE}},
    "_hidden_params": {"api_base": f"http://{ADDRESS}:8443", "model_id": TRACE},
    "cost": COST,
    "cost_details": {"upstream_inference_cost": COST},
    "region": f"secret-{SERVED_BY}",
    "host": NODE,
    "server": f"{ADDRESS}:8443",
}
CHOICE_TAGS: dict[str, Any] = {
    "native_finish_reason": f"secret-{VENDOR}",
    "provider": VENDOR,
    "provider_name": VENDOR,
    "served_by": SERVED_BY,
}
NESTED = {**CHOICE_TAGS, "provider": {"name": VENDOR, "at": [HOST]}}
USAGE_TAGS = {"cost": float(COST), "cost_details": {"upstream_inference_cost": COST}, "is_byok": True}
HEADERS = {
    "server": VENDOR,
    "via": f"1.1 {HOST}",
    "set-cookie": f"__cf={LONG_ID}; Domain={HOST}",
    "openai-organization": ORG,
    "openai-project": PROJECT,
    "openai-processing-ms": "secret-12",
    "x-request-id": LONG_ID,
    "request-id": LONG_ID,
    "cf-ray": f"{SHORT_ID}-FRA",
    "anthropic-organization-id": ORG,
    "x-ratelimit-limit-requests": "secret-77",
    "x-served-by": SERVED_BY,
    "x-envoy-upstream-service-time": "secret-3",
    "apim-request-id": TRACE,
    "x-ms-region": f"secret-{SERVED_BY}",
    "location": f"http://{HOST}/elsewhere",
    "link": f"<http://{HOST}>; rel=preload",
    "farebox-cost": COST,
    "farebox-balance": f"secret-{COST}",
}

_OPENAI_USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12, **USAGE_TAGS}
_CLAUDE_USAGE = {"input_tokens": 9, "output_tokens": 3, "inference_geo": f"secret-{SERVED_BY}", **USAGE_TAGS}
_GEMINI_USAGE = {
    "promptTokenCount": 9,
    "candidatesTokenCount": 3,
    "totalTokenCount": 12,
    "trafficType": f"secret-{SERVED_BY}",
    **USAGE_TAGS,
}


def _chat() -> dict[str, Any]:
    message = {"role": "assistant", "content": "three small words", **NESTED}
    choice = {"index": 0, "message": message, "finish_reason": "stop", **CHOICE_TAGS}
    return {
        "id": f"chatcmpl-{LONG_ID}",
        "object": "chat.completion",
        "created": 1,
        "model": UPSTREAM_MODEL,
        **TAGS,
        "choices": [choice],
        "usage": _OPENAI_USAGE,
    }


def _chat_events() -> Iterator[tuple[str, Any]]:
    head = {"id": f"chatcmpl-{LONG_ID}", "object": "chat.completion.chunk", "created": 1, "model": UPSTREAM_MODEL}
    for number, word in enumerate(("three", " small", " words", " here")):
        # Some chunks are the same but for the words, and some are not.
        tags = {} if number == 1 else TAGS
        delta = {"role": "assistant", "content": word, **({} if number == 2 else NESTED)}
        yield "", {**head, **tags, "choices": [{"index": 0, "delta": delta, "finish_reason": None, **CHOICE_TAGS}]}
    yield "", {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop", **CHOICE_TAGS}], **TAGS}
    yield "", {**head, "choices": [], "usage": _OPENAI_USAGE, **TAGS}
    yield "", "[DONE]"


def _completion() -> dict[str, Any]:
    choice = {"index": 0, "text": "three small words", "finish_reason": "stop", **NESTED}
    return {**_chat(), "object": "text_completion", "choices": [choice]}


def _completion_events() -> Iterator[tuple[str, Any]]:
    for name, event in _chat_events():
        if isinstance(event, dict):
            for choice in event["choices"]:
                choice["text"] = choice.pop("delta").get("content", "")
        yield name, event


def _embeddings() -> dict[str, Any]:
    vector = {"object": "embedding", "index": 0, "embedding": [0.5, 0.25], **CHOICE_TAGS}
    usage = {"prompt_tokens": 4, "total_tokens": 4, **USAGE_TAGS}
    return {"object": "list", "id": LONG_ID, "model": UPSTREAM_MODEL, "data": [vector], "usage": usage, **TAGS}


def _response(status: str = "completed") -> dict[str, Any]:
    part = {"type": "output_text", "text": "three small words", "annotations": [], **NESTED}
    item = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [part], **NESTED}
    usage = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12, **USAGE_TAGS}
    return {
        "id": f"resp_{LONG_ID}",
        "object": "response",
        "created_at": 1,
        "status": status,
        "error": None,
        "model": UPSTREAM_MODEL,
        "output": [item] if status == "completed" else [],
        "billing": {"payer": ORG},
        "usage": usage if status == "completed" else None,
        "user": USER,
        "safety_identifier": USER,
        **TAGS,
    }


def _response_events() -> Iterator[tuple[str, Any]]:
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": _response("in_progress")},
        {"type": "response.output_item.added", "output_index": 0, "item": {**_response()["output"][0], "content": []}},
        {
            "type": "response.content_part.added",
            "item_id": "msg_1",
            "output_index": 0,
            "content_index": 0,
            "part": {**_response()["output"][0]["content"][0], "text": ""},
        },
        *(
            {
                "type": "response.output_text.delta",
                "item_id": "msg_1",
                "output_index": 0,
                "content_index": 0,
                "delta": word,
                "logprobs": [],
            }
            for word in ("three", " small", " words")
        ),
        {
            "type": "response.output_text.done",
            "item_id": "msg_1",
            "output_index": 0,
            "content_index": 0,
            "text": "three small words",
        },
        {
            "type": "response.content_part.done",
            "item_id": "msg_1",
            "output_index": 0,
            "content_index": 0,
            "part": _response()["output"][0]["content"][0],
        },
        {"type": "response.output_item.done", "output_index": 0, "item": _response()["output"][0]},
        {"type": "response.completed", "response": _response()},
    ]
    for number, event in enumerate(events):
        yield event["type"], {**event, "sequence_number": number, **TAGS}


def _message() -> dict[str, Any]:
    content = [{"type": "text", "text": "three small words", **NESTED}]
    return {
        "id": f"msg_{LONG_ID}",
        "type": "message",
        "role": "assistant",
        "model": UPSTREAM_MODEL,
        "content": content,
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": _CLAUDE_USAGE,
        **TAGS,
        "container": {"id": LONG_ID},
    }


def _message_events() -> Iterator[tuple[str, Any]]:
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {**_message(), "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "", **NESTED}},
        {"type": "ping"},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word, **extra}}
            for word, extra in (("three", NESTED), (" small", CHOICE_TAGS), (" words", {}))
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", **NESTED}, "usage": _CLAUDE_USAGE},
        {"type": "message_stop"},
    ]
    for number, event in enumerate(events):
        yield event["type"], {**event, **({} if number == 4 else TAGS)}


def _gemini(text: str = "three small words", finish: str | None = "STOP") -> dict[str, Any]:
    content = {"role": "model", "parts": [{"text": text, **NESTED}]}
    candidate = {"content": content, "index": 0, **CHOICE_TAGS, **({"finishReason": finish} if finish else {})}
    return {
        "candidates": [candidate],
        "usageMetadata": _GEMINI_USAGE,
        "modelVersion": UPSTREAM_MODEL,
        "responseId": LONG_ID,
        **TAGS,
        "sdkHttpResponse": {"headers": HEADERS},
        "createTime": "secret-1",
    }


def _gemini_events() -> Iterator[tuple[str, Any]]:
    for word in ("three", " small", " words"):
        yield "", _gemini(word, None)
    yield "", _gemini("")


def _gemini_embedding() -> dict[str, Any]:
    return {"embedding": {"values": [0.5, 0.25], **CHOICE_TAGS}, "usageMetadata": _GEMINI_USAGE, **TAGS}


def _gemini_embeddings() -> dict[str, Any]:
    return {"embeddings": [{"values": [0.5, 0.25], **CHOICE_TAGS}], "usageMetadata": _GEMINI_USAGE, **TAGS}


# How the path of a request ends: its plain answer, and its events.
_ANSWERS: dict[str, tuple[Any, Any]] = {
    "/chat/completions": (_chat, _chat_events),
    "/completions": (_completion, _completion_events),
    "/embeddings": (_embeddings, None),
    "/responses": (_response, _response_events),
    "/messages": (_message, _message_events),
    ":generateContent": (_gemini, None),
    ":streamGenerateContent": (None, _gemini_events),
    ":embedContent": (_gemini_embedding, None),
    ":batchEmbedContents": (_gemini_embeddings, None),
}


def _error(path: str) -> dict[str, Any]:
    """A fault of the request in the dialect of the path, stuffed like everything else."""
    message = " ".join(SAID)
    tags = {**TAGS, "metadata": {"provider_name": VENDOR, "raw": message}, "headers": HEADERS}
    if "generateContent" in path or "Content" in path:
        reason = f"{VENDOR}_BAD".upper()
        details = [{"@type": "x/ErrorInfo", "reason": reason, "domain": HOST, "metadata": {"consumer": PROJECT}}]
        return {"error": {"code": 400, "message": message, "status": f"{VENDOR}_ARGUMENT", "details": details, **TAGS}}
    if path.endswith("/messages"):
        error = {"type": f"{VENDOR}_error", "message": message, "code": VENDOR, **tags}
        return {"type": "error", "error": error, **TAGS}
    named = {"type": f"{VENDOR}_error".upper(), "param": f"messages.{VENDOR}_part", "code": VENDOR.upper()}
    return {"error": {"message": message, **named, **tags}, **TAGS}


# In JSON or in a form.
_STREAM = re.compile(rb'"stream": ?true|name="stream"\r\n\r\ntrue|"stream_format": ?"sse"')
_COUNT = re.compile(r'("[a-zA-Z_]*[tT]oken(?:s|Count)": ?)\d+')


class Hostile(ThreadingHTTPServer):
    """`mode`: how the next calls are answered: answer, error or broken. `count`: what all usage claims, as JSON."""

    daemon_threads = True
    mode = "answer"
    count: str | None = None
    answers = _ANSWERS

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hostile

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["content-length"]))
        path = self.path.partition("?")[0]
        plain, events = next(found for end, found in self.server.answers.items() if path.endswith(end))
        if self.server.mode == "error":
            self._send(400, "application/json", json.dumps(_error(path)).encode())
        elif plain is None or _STREAM.search(sent):
            self._send(200, "text/event-stream", self._stream(path, events))
        elif isinstance(plain, bytes):
            self._send(200, "audio/mpeg", plain)
        else:
            self._send(200, "application/json", self._claiming(json.dumps(plain())).encode())

    def _stream(self, path: str, events: Any) -> bytes:
        out = f": {VENDOR} PROCESSING {LONG_ID}\n\nid: {LONG_ID}\nretry: 1234567\n".encode()
        told = list(events())
        for number, (name, event) in enumerate(told):
            if self.server.mode == "broken" and number == (len(told) + 1) // 2:
                failed = _error(path)
                failed["error"]["status_code"] = 400
                if path.endswith("/responses"):
                    failed = {"type": "error", "sequence_number": number, **failed, **failed["error"]}
                return out + _event("error" if name else "", failed)
            out += f": {VENDOR} keeps going at {NODE}\nid: {LONG_ID}\n".encode() + _event(name, event)
        return self._claiming(out.decode()).encode()

    def _claiming(self, text: str) -> str:
        count = self.server.count
        return text if count is None else _COUNT.sub(lambda found: f"{found[1]}{count}", text)

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response_only(status, f"Fine by {VENDOR}")
        for name, value in {**HEADERS, "content-type": kind, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: what it says is in the answers."""


def _event(name: str, event: Any) -> bytes:
    data = event if isinstance(event, str) else json.dumps(event, separators=(",", ":"))
    return (f"event: {name}\n" if name else "").encode() + f"data: {data}\n\n".encode()


@contextlib.contextmanager
def running_hostile(answers: dict[str, tuple[Any, Any]] | None = None) -> Iterator[Hostile]:
    """The provider for as long as the block lasts; `answers` by how paths end, its usual ones when none are given."""
    server = Hostile(("127.0.0.1", 0), _Handler)
    server.answers = answers or _ANSWERS
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="hostile", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
