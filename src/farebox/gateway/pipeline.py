"""The way of a call, in order. This file alone knows the order; each stage is a file of its own.

1. authenticate  before the body is read: strangers cannot make us hold 32 MiB. Who is known is then told whether
                 anybody is served where the call comes from.
2. receive       the body, bounded; then the client's dialect reads the few facts that billing needs.
3. quote         pure, from the catalogue's snapshot; a snapshot that turns out to be old costs a second quote. Routes
                 whose provider has no word for what the client asks are left out here, before anything is held.
4. admit         the till's one durable decision. Nothing may reach a provider before it.
5. dispatch      on the admitted route; other routes while the client has seen nothing.
6. relay         the answer, or the stream.
7. settle        inside the relay, before the last byte: what the client has got whole has been charged.

Whatever happens after 4, the hold ends: by a settlement, or by leaving its block (gateway/hold.py). A client that goes
away cancels nothing of this by itself; `on_gone` decides by policy whether the provider is read on.
"""

from typing import NamedTuple

import asyncpg
import msgspec

from farebox.catalog.reader import CatalogReader
from farebox.catalog.terms import terms_of
from farebox.dialects.conversation import Untranslatable
from farebox.dialects.exchange import ParsedRequest
from farebox.domain.end_user import end_user_id
from farebox.domain.errors import Refusal
from farebox.domain.job import Outcome
from farebox.domain.policy import Policy
from farebox.gateway.affinity import affinity_of
from farebox.gateway.answer import (
    JSON,
    Headers,
    admission_headers,
    base_headers,
    cors_headers,
    refusal_of,
    send_plain,
    send_refusal,
)
from farebox.gateway.attempt import ProviderRefusal
from farebox.gateway.authenticate import Authenticator, Caller
from farebox.gateway.border import Border
from farebox.gateway.call_traces import CallTraces
from farebox.gateway.deliveries import Deliveries
from farebox.gateway.dispatch import bound_for_provider
from farebox.gateway.exchange import Receive, Send
from farebox.gateway.fit import fitted
from farebox.gateway.hold import Hold
from farebox.gateway.metrics import GatewayMetrics
from farebox.gateway.options import GatewayOptions
from farebox.gateway.quote import Quoted, model_on_sale, output_cap, quote_call
from farebox.gateway.receive import Call, ClientGone, receive_body
from farebox.gateway.receive_form import receive_form
from farebox.gateway.refusals import Refusals
from farebox.gateway.relay_plain import PlainRelay
from farebox.gateway.relay_stream import StreamingRelay
from farebox.gateway.running import Interrupted, RunningJob, RunningJobs
from farebox.gateway.samples import Samples
from farebox.gateway.settle import Ending
from farebox.kit.clock import Clock
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.till.operations import AdmitOutcome, Admitted, Refused, Stale
from farebox.till.till import Till
from farebox.upstream.route import Router

# A catalogue that changes faster than a call can be quoted is being edited by a script; give up after this many.
_QUOTES = 5
# A job ends by itself before the sweeper would void its hold.
_LIFETIME_SHARE = 0.9
# Refusals after which the client's next alternative is tried: another model has other routes, prices and limits.
_ABOUT_THE_MODEL = frozenset(
    {
        "model_not_found",
        "model_not_allowed",
        "emergency_stop",
        "no_channel_available",
        "insufficient_credits",
        "spend_limit_exceeded",
    }
)


class Stages(NamedTuple):
    """The stages of one worker that have a memory."""

    authenticator: Authenticator
    border: Border | None  # None: everybody is served
    till: Till
    reader: CatalogReader
    router: Router
    plain: PlainRelay
    streaming: StreamingRelay
    deliveries: Deliveries
    running: RunningJobs
    refusals: Refusals
    samples: Samples
    traces: CallTraces
    ids: IdSource


class Pipeline:
    """Carries out calls of one worker."""

    def __init__(
        self,
        stages: Stages,
        policy: Policy,
        options: GatewayOptions,
        clock: Clock,
        metrics: GatewayMetrics,
        logger: Logger,
    ) -> None:
        self._stages = stages
        self._policy = policy
        self._options = options
        self._clock = clock
        self._metrics = metrics
        self._logger = logger

    async def run(self, call: Call, receive: Receive, send: Send) -> None:
        """From the header block to the last byte of the answer."""
        headers = base_headers(call.id)
        caller: Caller | None = None
        parsed: ParsedRequest | None = None
        try:
            caller = await self._stages.authenticator.authenticate(call)
            self._stages.traces.called(call, caller)
            headers += cors_headers(call.headers.get(b"origin"), caller.key.cors_origins)
            if self._stages.border is not None:
                self._stages.border.check(caller.address)
            if call.wire.read_form is not None:
                parsed = await receive_form(call, receive, self._options)
            else:
                raw = await receive_body(call, receive, self._options.body_most_bytes)
                parsed = call.wire.parse(call.headers, raw)
            await self._serve(call, caller, parsed, headers, send)
        except ClientGone:
            return
        except Refusal as refusal:
            if caller is not None:
                self._stages.refusals.add(call, caller, "" if parsed is None else parsed.model, refusal)
            if refusal.detail:
                self._logger.warning("call_refused", code=refusal.code, detail=refusal.detail)
            await self._send_refusal(call, send, refusal, headers)

    async def _serve(self, call: Call, caller: Caller, parsed: ParsedRequest, headers: Headers, send: Send) -> None:
        """With the model that the client named, or with the first of its alternatives that can be had.

        Each is a job of its own, at its own rate card: the one before has ended, uncharged, when the next is admitted.
        Raises Refusal for what is refused before admission.
        """
        while await self._try_model(call, caller, parsed, [*headers], send):
            model, *others = parsed.alternatives
            call = msgspec.structs.replace(call, id=self._stages.ids.new())
            parsed = msgspec.structs.replace(parsed, model=model, alternatives=tuple(others))

    async def _try_model(self, call: Call, caller: Caller, parsed: ParsedRequest, headers: Headers, send: Send) -> bool:
        """Admit and carry out; True when the client has had no answer and its next alternative is to be tried."""
        has_next = bool(parsed.alternatives)
        try:
            quoted, outcome = await self._admit(call, caller, parsed)
        except Refusal as refusal:
            if has_next and _is_about_model(refusal):
                return True
            raise
        if isinstance(outcome, Admitted):
            return await self._carry_out(call, caller, quoted, outcome, headers, send)
        told = refusal_of(outcome) if isinstance(outcome, Refused) else _unavailable()
        if has_next and _is_about_model(told):
            return True
        await self._send_refusal(call, send, told, headers)
        return False

    async def _admit(self, call: Call, caller: Caller, parsed: ParsedRequest) -> tuple[Quoted, AdmitOutcome]:
        """Quote and ask the till, again with a fresh catalogue while ours was older than the till's.

        Prices may change between the quote and the till's decision, by its clock: the next quote is made for then.
        """
        told_us = 0
        for _ in range(_QUOTES):
            try:
                quoted = self._quote(call, caller, parsed, told_us)
            except Refusal:
                # What was added or resumed a moment ago must not be refused because our snapshot is older.
                if await self._stages.reader.catch_up():
                    continue
                raise
            # Cancelled here, the admission may still be decided: the till voids what nobody waits for.
            outcome = await self._stages.till.admit(quoted.admit)
            if not isinstance(outcome, Stale):
                return quoted, outcome
            told_us = outcome.now_us
            if outcome.group != caller.key.group:
                self._stages.authenticator.forget(caller)
                caller = msgspec.structs.replace(caller, key=msgspec.structs.replace(caller.key, group=outcome.group))
            try:
                await self._stages.reader.refresh(outcome.current_version)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                break
        raise _unavailable()

    def _quote(self, call: Call, caller: Caller, parsed: ParsedRequest, told_us: int) -> Quoted:
        stages = self._stages
        snapshot = stages.reader.snapshot
        unix_ms = told_us // 1000 + snapshot.ahead_ms if told_us else self._clock.unix_ms()
        model, card = model_on_sale(snapshot, parsed.model, unix_ms)
        terms = terms_of(snapshot, model, card, caller.key.group, unix_ms)
        if model.name in stages.samples.thinking and not model.thinks_unseen:
            model = msgspec.structs.replace(model, thinks_unseen=True)
        parsed = fitted(parsed, model, card)
        if self._policy.routing.end_user_id == "account":
            parsed = msgspec.structs.replace(parsed, end_user=end_user_id(caller.key.account_id))
        affinity = affinity_of(caller, parsed) if stages.router.has_choice(snapshot, model) else None
        candidates = stages.router.candidates(
            snapshot, model, kind=caller.key.kind, affinity=affinity, stream=parsed.stream
        )
        if not candidates and snapshot.routes_are_stopped(model):
            raise Refusal(
                "emergency_stop", "All that serves this model is stopped for now; try again later.", retry_after_s=30
            )
        if not candidates:
            raise Refusal(
                "no_channel_available",
                "No provider of this model can be reached just now; try again shortly.",
                retry_after_s=stages.router.retry_after_s(snapshot, model),
            )
        candidates, crossings = call.wire.ways(
            parsed,
            candidates[: 2 * self._options.attempts_per_call],
            output_cap(model, self._policy.admission.default_most_output_tokens),
        )
        return quote_call(
            job_id=call.id,
            caller=caller,
            parsed=parsed,
            model=model,
            terms=terms,
            candidates=candidates,
            crossings=crossings,
            snapshot=snapshot,
            policy=self._policy.admission,
            idempotency_key=call.headers.get(b"idempotency-key"),
        )

    async def _carry_out(
        self, call: Call, caller: Caller, quoted: Quoted, admitted: Admitted, headers: Headers, send: Send
    ) -> bool:
        """Everything between admission and settlement. No way out of here leaves the hold open.

        True when the job ended without an answer, uncharged, and the client's next alternative is to be tried.
        """
        stages = self._stages
        running = stages.running.begin(quoted.model.name, quoted.admit.hold_lifetime_s * _LIFETIME_SHARE)
        hold = Hold(stages.till, self._policy.ending, self._clock, quoted, admitted, call.began_s)
        try:
            async with hold:
                # A bound that the balance sets tells the balance.
                may_tell = caller.key.sees_balance or quoted.admit.bound.fixed
                headers += admission_headers(admitted, bound_for_provider(hold) if may_tell else None)
                if call.exchange.is_gone:
                    await hold.settle(Ending(outcome="client_disconnected"))
                    return False
                call.exchange.on_gone = lambda: self._client_gone(running, stream=quoted.parsed.stream)
                try:
                    if quoted.parsed.stream:
                        await stages.streaming.relay(call, hold, running, headers, send)
                    else:
                        sees_balance = caller.key.sees_balance
                        await stages.plain.relay(call, hold, running, headers, sees_balance=sees_balance)
                    self._count(call, 200)
                except (ProviderRefusal, Refusal, Interrupted) as ended:
                    return await self._end_unanswered(call, hold, ended, headers, send)
                return False
        finally:
            call.exchange.on_gone = None
            stages.running.end(running)
            stages.samples.take(hold)
            self._metrics.jobs.add(1, quoted.admit.endpoint, hold.outcome or "")
            if hold.first_byte_s is not None:
                self._metrics.first_byte.observe(hold.first_byte_s)

    def _client_gone(self, running: RunningJob, *, stream: bool) -> None:
        """Called by the connection, outside our task. Reads on for a while, or breaks the provider's call off."""
        ending = self._policy.ending
        if (ending.stream_disconnect if stream else ending.plain_disconnect) == "drain":
            self._stages.running.shorten(running, ending.drain_most_s)
        elif running.reads_on:
            self._stages.running.shorten(running, self._options.last_chunk_s)
        else:
            running.interrupt("client")

    async def _end_unanswered(
        self, call: Call, hold: Hold, ended: ProviderRefusal | Refusal | Interrupted, headers: Headers, send: Send
    ) -> bool:
        """The call ended before its first data event: end the hold, then say why, or True for the next alternative."""
        if isinstance(ended, ProviderRefusal):
            if ended.is_denial and not hold.is_test:
                self._stages.traces.denied(hold.quoted.admit)
            await hold.settle(Ending(outcome="refused", provider_request_id=hold.provider_request_id))
            await send_plain(send, ended.fault.status, [*headers, JSON], ended.fault.body)
            self._count(call, ended.fault.status)
        else:
            outcome, refusal = _unanswered(call, ended)
            await hold.settle(Ending(outcome=outcome, provider_request_id=hold.provider_request_id))
            if hold.quoted.parsed.alternatives and isinstance(ended, Refusal) and not call.exchange.is_gone:
                self._stages.till.delivered(call.id)  # of this job there is nothing to deliver
                return True
            await self._send_refusal(call, send, refusal, headers, admitted=True)
        self._stages.deliveries.watch(call.exchange, call.id)
        return False

    async def _send_refusal(
        self, call: Call, send: Send, refusal: Refusal, headers: Headers, *, admitted: bool = False
    ) -> None:
        await send_refusal(send, refusal, headers, call.id if admitted else None, call.wire)
        self._count(call, refusal.status)

    def _count(self, call: Call, status: int) -> None:
        self._metrics.answers.add(1, call.endpoint or "", str(status))


def _is_about_model(refusal: Refusal) -> bool:
    """Whether another model could be had where this one was refused."""
    return refusal.code in _ABOUT_THE_MODEL or isinstance(refusal, Untranslatable)


def _unanswered(call: Call, ended: Refusal | Interrupted) -> tuple[Outcome, Refusal]:
    if isinstance(ended, Untranslatable):
        return "refused", ended  # under a bound of ours that was lower than the client's
    if isinstance(ended, Refusal):
        return ("timeout" if ended.code == "timeout" else "provider_error"), ended
    if ended.reason == "client" or call.exchange.is_gone:
        return "client_disconnected", _slow()  # nobody reads it
    if ended.reason == "stop":
        return "platform_error", Refusal(
            "emergency_stop", "The operator stopped this call; it was not charged.", retry_after_s=30
        )
    return "timeout", _slow()


def _slow() -> Refusal:
    return Refusal("timeout", "The provider did not answer in time; try again. The call was not charged.")


def _unavailable() -> Refusal:
    return Refusal(
        "ledger_unavailable", "The ledger cannot be reached; try again shortly. Nothing was charged.", retry_after_s=2
    )
