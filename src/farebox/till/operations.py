"""What can be asked of the till, and what it answers.

An operation carries all facts that its decision needs apart from the rows of its account and key; facts that come from
the catalogue are valid for `catalogue_version`, and the till refuses to decide on another (`Stale`).
"""

from ipaddress import IPv4Address, IPv6Address
from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.job import Endpoint, Outcome, UsageSource
from farebox.domain.pricing import Quote
from farebox.domain.usage import Usage

# ---- what can be asked ----------------------------------------------------------------------------------------------


class Cap(msgspec.Struct, frozen=True):
    """A cap that all workers share. `scope` is the key of `cap_meter`; not `daily` means a number of jobs at once."""

    scope: str
    most: int
    daily: bool


class Offer(msgspec.Struct, frozen=True):
    """A route in the order of trying: its provider cost at worst (nano-units) and the caps it counts against."""

    channel_id: UUID
    cost: Quote
    caps: tuple[Cap, ...] = ()


class OutputBound(msgspec.Struct, frozen=True):
    """How many output tokens to pay for ahead.

    `most` is the bound: what the client allowed, or the model's cap. When the client allowed (`fixed`) it is held whole
    or refused. When it did not, the hold shrinks to what the spendable balance pays, but not below `least`; a stream
    starts with `first_step` and extends.
    """

    most: int
    fixed: bool
    least: int
    first_step: int | None = None


class Admit(msgspec.Struct, frozen=True):
    """May this call run, and its worst price be held?"""

    job_id: UUID
    account_id: UUID
    key_id: UUID
    catalogue_version: int
    endpoint: Endpoint
    model: str
    stream: bool
    rate_card_id: int
    factor_ppm: int
    quote: Quote
    bound: OutputBound
    input_tokens: int
    offers: tuple[Offer, ...]
    hold_lifetime_s: int
    model_cap: Cap | None = None
    account_model_cap_nano: int | None = None
    address: IPv4Address | IPv6Address | None = None
    idempotency_key: str | None = None
    body_hash: bytes = b""
    # What the quote is good for, by the database's clock; an account of another customer group has other prices.
    priced_from_us: int = 0
    priced_until_us: int | None = None
    group: str | None = None
    account_model_requests: int | None = None  # how many of this model an account may make per minute


class Extend(msgspec.Struct, frozen=True):
    """A stream needs its hold to grow to `to_nano` before it goes on. The model's caps are those of its admission."""

    job_id: UUID
    account_id: UUID
    key_id: UUID
    to_nano: int
    model: str = ""
    model_cap: Cap | None = None
    account_model_cap_nano: int | None = None


class Move(msgspec.Struct, frozen=True):
    """The job falls back to another route before its first byte: caps follow."""

    job_id: UUID
    account_id: UUID
    key_id: UUID
    from_offer: Offer
    to_offer: Offer
    output_tokens: int


class Hedge(msgspec.Struct, frozen=True):
    """A second call of the job begins on another route, beside the first: caps count both until the job ends."""

    job_id: UUID
    account_id: UUID
    key_id: UUID
    offer: Offer
    output_tokens: int


HedgeResult = Literal["overtaken", "failed", "unsent"]


class OtherCall(msgspec.Struct, frozen=True):
    """The call of a hedged job that did not serve, for its ending: what it may have cost, what was claimed for it."""

    channel_id: UUID
    result: HedgeResult
    cost_nano: int
    offer: Offer
    output_tokens_held: int


class Settle(msgspec.Struct, frozen=True, kw_only=True):
    """The job has ended and costs `price_nano` (before it is bounded by hold and balance).

    Everything the job row needs travels with it, so that a settlement can wait in the spool and be posted by another
    process. `write_off_nano` and the final charge are decided by the till.
    """

    job_id: UUID
    account_id: UUID
    key_id: UUID
    outcome: Outcome
    price_nano: int
    usage: Usage
    usage_source: UsageSource
    endpoint: Endpoint
    model: str
    stream: bool
    rate_card_id: int
    factor_ppm: int
    admitted_us: int
    finished_us: int
    first_byte_ms: int | None
    latency_ms: int
    channel_id: UUID | None
    cost_nano: int
    provider_request_id: str | None = None
    # Whose caps to correct from the worst to the real cost, and for how many output tokens they were claimed (those of
    # Admitted or Move, without extensions). None when another process claimed them: a spool replayed elsewhere.
    offer: Offer | None = None
    output_tokens_held: int = 0
    model_cap: Cap | None = None
    account_model_cap_nano: int | None = None
    # Under which the job was admitted. A settlement that comes late must not charge for what was run again since.
    idempotency_key: str | None = None
    hedge: OtherCall | None = None


class Void(msgspec.Struct, frozen=True, kw_only=True):
    """The job ends without a charge; the same facts as a settlement of nothing."""

    job_id: UUID
    account_id: UUID
    key_id: UUID
    outcome: Outcome
    endpoint: Endpoint
    model: str
    stream: bool
    rate_card_id: int
    factor_ppm: int
    admitted_us: int
    finished_us: int
    latency_ms: int
    channel_id: UUID | None = None
    cost_nano: int = 0
    usage: Usage = Usage()
    provider_request_id: str | None = None
    offer: Offer | None = None
    output_tokens_held: int = 0
    model_cap: Cap | None = None
    account_model_cap_nano: int | None = None
    hedge: OtherCall | None = None


Operation = Admit | Extend | Move | Hedge | Settle | Void

# ---- what it answers ------------------------------------------------------------------------------------------------


class Window(msgspec.Struct, frozen=True):
    """A limit of the minute for the x-ratelimit headers."""

    limit: int
    remaining: int
    reset_ms: int


class Admitted(msgspec.Struct, frozen=True):
    """Held and durable: the call may be dispatched on offer number `offer_index`."""

    job_id: UUID
    offer_index: int
    hold_nano: int
    output_tokens: int  # what the hold pays for; below OutputBound.most the provider is told so
    admitted_us: int
    requests: Window | None
    tokens: Window | None


class Refused(msgspec.Struct, frozen=True):
    """Not admitted; nothing is held. Codes are those of domain/errors.py; what else is set depends on the code."""

    code: str
    message: str
    limit: str | None = None
    retry_after_s: int | None = None
    required_nano: int | None = None
    available_nano: int | None = None
    most_output_tokens: int | None = None
    job_id: UUID | None = None  # the earlier job, for idempotency_conflict
    requests: Window | None = None
    tokens: Window | None = None


class Stale(msgspec.Struct, frozen=True):
    """The quote is from an older catalogue, another moment or for another customer group: quote again, ask again."""

    current_version: int
    now_us: int = 0
    group: str | None = None


class Extended(msgspec.Struct, frozen=True):
    """The hold is now `hold_nano`; smaller than asked when the balance or a limit allowed no more."""

    hold_nano: int


class Moved(msgspec.Struct, frozen=True):
    """The job counts against the new route."""


class Hedged(msgspec.Struct, frozen=True):
    """The job counts against the second route, too."""


class Settled(msgspec.Struct, frozen=True):
    """The charge is posted (or the job is voided: charge 0) and durable, in the ledger or in the spool."""

    charge_nano: int
    write_off_nano: int
    balance_after_nano: int | None  # None while the settlement waits in the spool
    repeated: bool = False  # the job had ended before; nothing was done and the first ending stands
    differs: bool = False  # and that ending had other input than this one: worth a line in the operator's log


class Unavailable(msgspec.Struct, frozen=True):
    """The ledger cannot be reached: a new job gets 503; nothing is held."""

    retry_after_s: int = 2


class NeedsLease(msgspec.Struct, frozen=True):
    """Internal to the till: decide again once this worker has leased these amounts, or marked them exhausted.

    `amounts` holds by scope what the operation needs in all, not the difference to what is leased.
    """

    amounts: dict[str, int]


AdmitOutcome = Admitted | Refused | Stale | Unavailable
ExtendOutcome = Extended | Refused | Unavailable
MoveOutcome = Moved | Refused | Unavailable
HedgeOutcome = Hedged | Refused | Unavailable
Outcomes = Admitted | Refused | Stale | Extended | Moved | Hedged | Settled | Unavailable
Decided = Admitted | Refused | Stale | Extended | Moved | Hedged | Settled | NeedsLease
