"""What the simulated provider has seen: counters and the heads of the last requests, never their content.

API keys are reported by the first 16 digits of their SHA-256: enough to tell which key of a pool was used.
"""

import hashlib
from collections import Counter, deque
from typing import Any, Literal

import msgspec

Outcome = Literal["running", "completed", "broken_off", "closed_early"]


class RequestHead(msgspec.Struct, frozen=True):
    """The fields of a request that say what was asked for without saying about what."""

    path: str
    model: str = ""
    stream: bool = False
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    n: int | None = None
    best_of: int | None = None
    stream_options: dict[str, Any] | None = None
    tools: int = 0


class RequestRecord(msgspec.Struct):
    """One request and how it ended: `broken_off` by the simulator's own fault, `closed_early` by the client."""

    number: int
    head: RequestHead
    epoch: int = 0
    outcome: Outcome = "running"
    body: bytes | None = None


class Stats:
    """Counters since the start or the last reset."""

    def __init__(self, keep_requests: int) -> None:
        self.concurrent = 0
        self.connections_open = 0
        self._epoch = 0
        self.last: deque[RequestRecord] = deque(maxlen=keep_requests)
        self.reset()

    def reset(self) -> None:
        """Count from zero; what is still open or running stays counted as concurrent or open only."""
        self._epoch += 1
        self.requests = 0
        self.completed = 0
        self.broken_off = 0
        self.closed_early = 0
        self.concurrent_max = self.concurrent
        self.connections_total = self.connections_open
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.paths: Counter[str] = Counter()
        self.authorizations: Counter[bytes] = Counter()
        self.last.clear()

    def begin(self, head: RequestHead, authorization: bytes, body: bytes | None) -> RequestRecord:
        self.requests += 1
        self.concurrent += 1
        self.concurrent_max = max(self.concurrent_max, self.concurrent)
        self.paths[head.path] += 1
        self.authorizations[authorization] += 1
        record = RequestRecord(self.requests, head, self._epoch, body=body)
        self.last.append(record)
        return record

    def end(self, record: RequestRecord, outcome: Outcome) -> None:
        record.outcome = outcome
        self.concurrent -= 1
        if record.epoch != self._epoch:
            return  # it began before the reset, so that its end would tell the next test of the last one
        if outcome == "completed":
            self.completed += 1
        elif outcome == "closed_early":
            self.closed_early += 1
        else:
            self.broken_off += 1

    def count_tokens(self, prompt_tokens: int, completion_tokens: int) -> None:
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens

    def report(self) -> dict[str, Any]:
        """Everything but bodies, as JSON values."""
        return {
            "requests": self.requests,
            "completed": self.completed,
            "broken_off": self.broken_off,
            "closed_early": self.closed_early,
            "concurrent": self.concurrent,
            "concurrent_max": self.concurrent_max,
            "connections_open": self.connections_open,
            "connections_total": self.connections_total,
            "tokens": {"prompt": self.prompt_tokens, "completion": self.completion_tokens},
            "paths": dict(self.paths),
            "keys": self._keys(),
            "last": [
                {"number": record.number, "outcome": record.outcome, **msgspec.structs.asdict(record.head)}
                for record in self.last
            ],
        }

    def bodies(self) -> list[dict[str, Any]]:
        """The recorded bodies, oldest first, as JSON where they are JSON."""
        return [
            {"number": record.number, "path": record.head.path, "body": _body_value(record.body)}
            for record in self.last
            if record.body is not None
        ]

    def _keys(self) -> dict[str, int]:
        keys: Counter[str] = Counter()
        for authorization, count in self.authorizations.items():
            keys[key_digest(key_of(authorization))] += count
        return dict(keys)


def key_of(authorization: bytes) -> str:
    """The API key inside an Authorization header; empty when there is none."""
    scheme, _, key = authorization.decode("latin-1").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def key_digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else "none"


def _body_value(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return body.decode("utf-8", "replace")
