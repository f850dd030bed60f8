"""Quoted calls for the unit tests of the stages, with every field at a plain value."""

from typing import Any
from uuid import UUID

import msgspec

from farebox.accounts.store import KeyRecord
from farebox.catalog.snapshot import Channel, DatedCard, Model, Route, Snapshot
from farebox.catalog.terms import Terms
from farebox.dialects.exchange import ByteCount, ParsedRequest
from farebox.domain.policy import AdmissionPolicy
from farebox.domain.pricing import PerTokenCard, RateCard, Rates, TokenPrices
from farebox.gateway.authenticate import Caller
from farebox.gateway.quote import Quoted, quote_call
from farebox.till.operations import Admitted
from farebox.upstream.endpoint import parse_endpoint
from farebox.upstream.health import Subjects
from farebox.upstream.route import Candidate

JOB = UUID(int=1)
CHANNEL = UUID(int=2)
PER_TOKEN = PerTokenCard(prices=TokenPrices(input=1_000_000, output=2_000_000))


def a_model(rates: Rates = PER_TOKEN, **changes: Any) -> Model:
    card = RateCard(id=7, model="m", version=1, rates=rates)
    model = Model(
        name="m",
        enabled=True,
        owned_by="me",
        context_tokens=None,
        most_output_tokens=1000,
        account_daily_cap_nano=None,
        daily_cap_nano=None,
        first_step_tokens=None,
        tokens_per_kilobyte=None,
        input_modalities=("text",),
        created_ms=0,
        cards=(DatedCard(0, card),),
        routes=(Route(UUID(int=3), CHANNEL, "up", 0, 1, PER_TOKEN),),
    )
    return msgspec.structs.replace(model, **changes)


def a_channel(**changes: Any) -> Channel:
    channel = Channel(
        id=CHANNEL,
        name="c",
        kind="openai",
        provider="p",
        base_url="http://127.0.0.1:1/v1",
        allow_private=True,
        proxy=None,
        enabled=True,
        daily_cap_nano=None,
        concurrency=None,
        keys=(),
    )
    return msgspec.structs.replace(channel, **changes)


def a_request(**changes: Any) -> ParsedRequest:
    request = ParsedRequest(
        endpoint="chat.completions",
        raw=b"{}",
        spans={},
        model="m",
        stream=False,
        wants_stream_usage=False,
        most_output_tokens=100,
        answers=1,
        text=ByteCount(ascii=1024),
    )
    return msgspec.structs.replace(request, **changes)


def a_caller(kind: str = "live") -> Caller:
    key = KeyRecord(
        id=UUID(int=5),
        account_id=UUID(int=4),
        kind=kind,  # type: ignore[arg-type]
        hash=b"",
        prefix="fb_live_abcd",
        sees_balance=True,
        cors_origins=(),
    )
    return Caller(key=key, address=None)


def a_candidate(model: Model, channel: Channel) -> Candidate:
    return Candidate(
        route=model.routes[0],
        channel=channel,
        key=None,
        endpoint=parse_endpoint(channel.base_url, allow_private=True),
        auth_headers=(),
        subjects=Subjects("", None, ""),
    )


def a_snapshot(model: Model, channel: Channel, **changes: Any) -> Snapshot:
    snapshot = Snapshot(version=9, models={"m": model}, channels={channel.id: channel}, providers={}, stops=())
    return msgspec.structs.replace(snapshot, **changes)


def a_quoted(
    *,
    model: Model | None = None,
    channel: Channel | None = None,
    request: ParsedRequest | None = None,
    kind: str = "live",
    idempotency_key: bytes | None = None,
    snapshot: Snapshot | None = None,
) -> Quoted:
    model = model or a_model()
    channel = channel or a_channel()
    return quote_call(
        job_id=JOB,
        caller=a_caller(kind),
        parsed=request or a_request(),
        model=model,
        terms=Terms(model.cards[0].card),
        candidates=(a_candidate(model, channel),),
        crossings=(),
        snapshot=snapshot or a_snapshot(model, channel),
        policy=AdmissionPolicy(),
        idempotency_key=idempotency_key,
    )


def an_admission(hold_nano: int = 10**9, output_tokens: int = 100) -> Admitted:
    return Admitted(
        job_id=JOB,
        offer_index=0,
        hold_nano=hold_nano,
        output_tokens=output_tokens,
        admitted_us=1_000_000,
        requests=None,
        tokens=None,
    )
