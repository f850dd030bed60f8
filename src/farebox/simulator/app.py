"""The simulated provider itself: running options, counters, kept answers and the choice of an answer.

It turns a whole request into a reply and knows nothing of sockets.
"""

from random import Random
from typing import Any

import msgspec

from farebox.kit.clock import Clock, SystemClock
from farebox.simulator.compose import compose_post
from farebox.simulator.credentials import AUTHORIZATION, CONTENT_TYPE, SIMULATE, bearer_of, check_credentials
from farebox.simulator.dialect import Composed, Incoming
from farebox.simulator.endpoints import dialect_of, endpoint_of, normal_path
from farebox.simulator.errors import Refused, bad_request, encode_error
from farebox.simulator.identity import Marks, marks_for
from farebox.simulator.models import compose_get
from farebox.simulator.options import SimulatorOptions, merge_options
from farebox.simulator.payments.desk import PREFIX, PaymentDesk
from farebox.simulator.script import Script, plain_script
from farebox.simulator.stats import RequestHead, RequestRecord, Stats, key_of

KEPT_ANSWERS = 1024
KEPT_BODY_BYTES = 16 * 1024
CONTROL = b"/_simulate"
BARE = SimulatorOptions()


class HttpRequest(msgspec.Struct, frozen=True):
    """One request as it came off the connection, with those of its headers that matter, their names in lower case."""

    method: bytes
    target: bytes
    body: bytes
    headers: dict[bytes, bytes] = {}
    keep_alive: bool = True


class Reply(msgspec.Struct, frozen=True):
    """A script, the marks still to be filled in (None when they are), and the record to end (None for control)."""

    script: Script
    marks: Marks | None = None
    record: RequestRecord | None = None


class Simulator:
    """One simulated provider, and a desk for payments beside it; every connection of a process shares them."""

    def __init__(self, options: SimulatorOptions, clock: Clock | None = None, desk: PaymentDesk | None = None) -> None:
        self._start_options = options
        self._desk = desk
        self._clock = clock or SystemClock()
        self._number = 0
        self.stats = Stats(options.keep_requests)
        self._use(options)

    def reply(self, request: HttpRequest) -> Reply:
        """The reply to one request; equal requests are composed once while the options stay."""
        if request.target.startswith(CONTROL):
            path = request.target[len(CONTROL) :].partition(b"?")[0]
            return Reply(self._control(request.method, path, request.body))
        if self._desk is not None and request.target.startswith(PREFIX):
            return Reply(self._desk.script(request.method, request.target, request.headers, request.body))
        self._number += 1
        marks = marks_for(self._number, self._clock.unix_ms())
        headers = request.headers
        # Which credentials came is part of the question: the same body without its key is refused.
        place = (request.target, request.body, *headers)
        kept = self._kept.get(place) if SIMULATE not in headers else None
        if kept is None:
            kept = self._compose(request, marks)
            if kept.repeatable and len(request.body) <= KEPT_BODY_BYTES:
                if len(self._kept) >= KEPT_ANSWERS:
                    self._kept.clear()
                self._kept[place] = kept
        body = request.body if self._options.record_bodies else None
        bearer = headers.get(AUTHORIZATION) or bearer_of(headers, request.target.partition(b"?")[2])
        record = self.stats.begin(kept.head, bearer, body)
        if kept.repeatable:
            return Reply(kept.script, marks, record)
        return Reply(kept.script.filled(marks), None, record)

    def _use(self, options: SimulatorOptions) -> None:
        self._options = options
        self._kept: dict[tuple[bytes, ...], Composed] = {}
        # Chances must fall the same way in every run with one seed; nothing here is a secret.
        self.random = Random(options.seed)  # noqa: S311

    def _compose(self, request: HttpRequest, marks: Marks) -> Composed:
        target, _, query = request.target.partition(b"?")
        path = normal_path(target)
        dialect = dialect_of(path, request.headers)
        simulate = request.headers.get(SIMULATE)
        try:
            changes = msgspec.json.decode(simulate, type=dict[str, Any]) if simulate else {}
            options = merge_options(self._options, changes) if changes else self._options
        except msgspec.DecodeError as error:
            return self._bad_setting(path, error)
        try:
            check_credentials(dialect.vendor, request.headers, query)
        except Refused as refused:
            body = dialect.refusal_body(refused)
            script = plain_script(body, options, status=refused.status, marks=marks, vendor=dialect.vendor)
            return Composed(script, RequestHead(path), repeatable=False)
        endpoint = endpoint_of(path) if request.method == b"POST" else None
        if endpoint is None:
            return compose_get(path, dialect, options)
        return compose_post(
            endpoint,
            Incoming(path, query, request.body, request.headers.get(CONTENT_TYPE, b"")),
            self._options,
            changes=changes,
            random=self.random,
            key_status=self._options.key_status.get(key_of(bearer_of(request.headers, query))),
            marks=marks,
        )

    def _bad_setting(self, path: str, error: Exception) -> Composed:
        refused = bad_request(f"The simulator does not know this setting: {error}", "x-simulate")
        return Composed(plain_script(encode_error(refused.error), BARE, status=400), RequestHead(path), False)

    def _control(self, method: bytes, call: bytes, body: bytes) -> Script:
        match (method, call):
            case (b"GET", b""):
                return self._answered(self._options)
            case (b"GET", b"/stats"):
                return self._answered(self.stats.report())
            case (b"GET", b"/requests"):
                return self._answered(self.stats.bodies())
            case (b"POST", b""):
                return self._change(body)
            case (b"POST", b"/reset"):
                self.stats.reset()
                self._use(self._start_options)
                return self._answered(self._options)
            case _:
                return plain_script(encode_error(bad_request("No such control call.").error), BARE, status=404)

    def _change(self, body: bytes) -> Script:
        try:
            self._use(merge_options(self._options, msgspec.json.decode(body, type=dict[str, Any])))
        except msgspec.DecodeError as error:
            refused = bad_request(f"The simulator does not know this setting: {error}")
            return plain_script(encode_error(refused.error), BARE, status=400)
        return self._answered(self._options)

    def _answered(self, value: Any) -> Script:
        return plain_script(msgspec.json.encode(value), BARE)
