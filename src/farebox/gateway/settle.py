"""Stage 7: what each ending costs, as one pure function.

    outcome                                         plain                       stream
    completed                                       reported usage              reported usage
    no usage reported                               counted here, never above the hold
    error or refusal before the first data event    free                        free
    provider cut after it                           free                        free, or what was delivered
    timeout of ours                                 free                        as provider cut
    client gone before dispatch                     free                        free
    client gone after dispatch                      read to the end and charged, or cancelled: input and what had come
                                                                                input and delivered output; or read
                                                                                to the end; or the whole hold
    platform failure, crash, lost node              free                        free

An ending says what happened; the policy says which of the alternatives holds; the result is an operation of the till
that carries everything the job row needs. Nothing here waits or fails.

Where the table leaves room, it is read so that no client can make an ending free:
- a provider that breaks off because the client had stopped reading: the client's ending, `client_disconnected`;
- the end of a hold's life, known in advance and no fault of the provider: a stream pays what was delivered;
- a client that leaves a stream pays its input, the output delivered until then, and the reasoning behind that output
  where the provider still told it (relay_stream reads on for the last chunk); with `drain`, all that was read.
"""

from typing import Literal

import msgspec

from farebox.domain.job import Outcome, UsageSource
from farebox.domain.money import PPM
from farebox.domain.pieces import Pieces
from farebox.domain.policy import EndingPolicy
from farebox.domain.pricing import PerCallCard, PerTokenCard, RateCard, charge_nano
from farebox.domain.usage import Usage, sanitize
from farebox.gateway.quote import Quoted
from farebox.till.operations import Admitted, HedgeResult, OtherCall, Settle, Void

# What a provider's own wrapping of a conversation may add: role marks, tool preambles, a default system text.
_TEMPLATE_TOKENS = 4_096

Charged = Literal["nothing", "used", "hold"]
# How far the provider's count goes: it covers what was delivered; it was taken before the end and lacks what came
# later; it covers output, too, that came when the client had left.
Reach = Literal["exact", "short", "beyond"]


class Ending(msgspec.Struct, frozen=True):
    """How a job ended.

    `reported` is the provider's usage, None when it gave none (with `is_counted` it was counted here, from what the
    provider gave); `delivered_output_tokens` is our count of the output that had arrived. `saw_data` tells whether the
    first data event had been given to the client; `has_outlived`, with the outcome `timeout`, that it was the hold's
    own life that ended.
    """

    outcome: Outcome
    reported: Usage | None = None
    reach: Reach = "exact"
    is_counted: bool = False
    delivered_output_tokens: int = 0
    is_dispatched: bool = True
    saw_data: bool = False
    has_outlived: bool = False
    provider_request_id: str | None = None


class SecondCall(msgspec.Struct, frozen=True):
    """The provider call beside the one in use: the number of its route, and what became of it."""

    index: int
    result: HedgeResult


class Progress(msgspec.Struct, frozen=True):
    """Where a job stood when it ended: the hold as it had grown, the route in use, and times."""

    hold_nano: int
    output_tokens_held: int
    candidate_index: int
    finished_us: int
    first_byte_ms: int | None
    latency_ms: int
    second: SecondCall | None = None


def what_is_charged(policy: EndingPolicy, ending: Ending, *, stream: bool, card: RateCard) -> Charged:
    """One cell of the table."""
    match ending.outcome:
        case "completed":
            return "used"
        case "client_disconnected" if not ending.is_dispatched:
            return "nothing"
        case "client_disconnected":
            whole = stream and policy.stream_disconnect == "hold" and isinstance(card.rates, PerCallCard)
            return "hold" if whole else "used"
        case "timeout" if ending.has_outlived:
            return "used" if stream and ending.saw_data else "nothing"
        case "provider_cut" | "timeout":
            pays = stream and ending.saw_data and policy.provider_cut == "delivered"
            return "used" if pays else "nothing"
        case _:  # provider_error, refused, platform_error
            return "nothing"


def settlement(
    policy: EndingPolicy, quoted: Quoted, admitted: Admitted, progress: Progress, ending: Ending
) -> Settle | Void:
    """The operation that ends the job."""
    usage, source = _usage(policy, quoted, ending)
    charged = what_is_charged(policy, ending, stream=quoted.parsed.stream, card=quoted.card)
    if charged == "nothing":
        return _void(quoted, admitted, progress, ending, usage)
    price_nano = charge_nano(quoted.card.rates, quoted.card.factor_ppm, usage)
    if charged == "hold":
        price_nano = progress.hold_nano
    elif source == "estimated":
        # Our own count is no ground to charge more than was set aside.
        price_nano = min(price_nano, progress.hold_nano)
    admit = quoted.admit
    offer = admit.offers[progress.candidate_index]
    return Settle(
        job_id=admit.job_id,
        account_id=admit.account_id,
        key_id=admit.key_id,
        outcome=ending.outcome,
        price_nano=price_nano,
        usage=usage,
        usage_source=source,
        endpoint=admit.endpoint,
        model=admit.model,
        stream=admit.stream,
        rate_card_id=admit.rate_card_id,
        factor_ppm=admit.factor_ppm,
        admitted_us=admitted.admitted_us,
        finished_us=progress.finished_us,
        first_byte_ms=progress.first_byte_ms,
        latency_ms=progress.latency_ms,
        channel_id=offer.channel_id,
        cost_nano=_cost_nano(quoted, progress.candidate_index, usage),
        hedge=_other_call(quoted, progress, usage),
        provider_request_id=ending.provider_request_id,
        offer=offer,
        output_tokens_held=progress.output_tokens_held,
        model_cap=admit.model_cap,
        account_model_cap_nano=admit.account_model_cap_nano,
        idempotency_key=admit.idempotency_key,
    )


def _void(quoted: Quoted, admitted: Admitted, progress: Progress, ending: Ending, used: Usage) -> Void:
    admit = quoted.admit
    offer = admit.offers[progress.candidate_index]
    # What a free ending has cost the operator: the provider's count if there is one, else what had arrived.
    has_cost = ending.saw_data or ending.reported is not None
    return Void(
        job_id=admit.job_id,
        account_id=admit.account_id,
        key_id=admit.key_id,
        outcome=ending.outcome,
        endpoint=admit.endpoint,
        model=admit.model,
        stream=admit.stream,
        rate_card_id=admit.rate_card_id,
        factor_ppm=admit.factor_ppm,
        admitted_us=admitted.admitted_us,
        finished_us=progress.finished_us,
        latency_ms=progress.latency_ms,
        channel_id=offer.channel_id,
        cost_nano=_cost_nano(quoted, progress.candidate_index, used) if has_cost else 0,
        hedge=_other_call(quoted, progress, used if has_cost else None),
        provider_request_id=ending.provider_request_id,
        offer=offer,
        output_tokens_held=progress.output_tokens_held,
        model_cap=admit.model_cap,
        account_model_cap_nano=admit.account_model_cap_nano,
    )


def _usage(policy: EndingPolicy, quoted: Quoted, ending: Ending) -> tuple[Usage, UsageSource]:
    delivered = ending.delivered_output_tokens
    if ending.reported is None:
        media = quoted.parsed.media
        if media is not None:
            return credible(quoted, media.delivered(delivered)), "estimated"
        return Usage(input_tokens=quoted.usual_input_tokens, output_tokens=delivered), "estimated"
    reported = credible(quoted, ending.reported)
    if ending.is_counted:
        return reported, "estimated"
    if ending.reach == "short" and reported.output_tokens < delivered:
        return msgspec.structs.replace(reported, output_tokens=delivered), "estimated"
    if ending.reach == "beyond" and policy.stream_disconnect != "drain":
        most = delivered + reported.reasoning_tokens
        return sanitize(msgspec.structs.replace(reported, output_tokens=min(reported.output_tokens, most))), "provider"
    return reported, "provider"


def credible(quoted: Quoted, reported: Usage) -> Usage:
    """A provider's count as far as it can be true: at most the request's bytes of input, and what it allowed.

    A broken provider must not be able to take a customer's balance, nor hand us numbers that fit nowhere.
    """
    parsed, bound = quoted.parsed, quoted.admit.bound
    most_input = len(parsed.raw) + parsed.text.media_tokens + _TEMPLATE_TOKENS
    most_output = bound.most * max(1, parsed.answers)
    if reported.input_tokens > most_input or reported.output_tokens > most_output:
        reported = msgspec.structs.replace(
            reported,
            input_tokens=min(reported.input_tokens, most_input),
            output_tokens=min(reported.output_tokens, most_output),
        )
    if parsed.media is not None and reported.pieces is not None:
        pieces = _credible_pieces(quoted.card, reported.pieces, parsed.media.most)
        reported = msgspec.structs.replace(reported, pieces=pieces)
    return sanitize(reported)


def _credible_pieces(card: RateCard, claimed: Pieces, most: Pieces) -> Pieces:
    """No more pieces than were asked for, and of no size or quality that is dearer than what they were held at."""
    counted = claimed.within(most)
    prices = card.rates.pieces if isinstance(card.rates, PerTokenCard) else None
    return counted if prices is None else prices.allowed(counted, most)


def _cost_nano(quoted: Quoted, index: int, usage: Usage) -> int:
    return charge_nano(quoted.candidates[index].route.cost, PPM, usage)


def _other_call(quoted: Quoted, progress: Progress, usage: Usage | None) -> OtherCall | None:
    """The call of a hedged job that did not serve. It was broken off before its provider could tell what it cost.

    Taken to have produced what the other one did, since providers bill what they produce, heard or not.
    """
    second = progress.second
    if second is None:
        return None
    offer = quoted.admit.offers[second.index]
    cost_nano = 0
    if usage is not None and second.result == "overtaken":
        cost_nano = _cost_nano(quoted, second.index, usage)
    return OtherCall(
        channel_id=offer.channel_id,
        result=second.result,
        cost_nano=cost_nano,
        offer=offer,
        output_tokens_held=progress.output_tokens_held,
    )
