"""What a batch has loaded, and what it is going to write.

`State` is what the store reads under the locks; `decide` works on it and fills `Writes`; the store writes exactly that.
Rows are plain mutable values that belong to one batch and are thrown away with it.
"""

from collections.abc import Set
from ipaddress import IPv4Network, IPv6Network
from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.limits import Limits, Meter
from farebox.ledger.posting import LotKind
from farebox.till.operations import Settle, Void


class LotRow(msgspec.Struct):
    """A lot with credit left, in the order of spending: promotional first, earliest expiry first, oldest first."""

    id: UUID
    kind: LotKind
    remaining_nano: int
    expires_us: int | None
    created_us: int


class AccountRow(msgspec.Struct):
    id: UUID
    status: Literal["active", "frozen", "closed"]
    status_reason: str
    balance_nano: int
    held_nano: int
    version: int
    limits: Limits
    meter: Meter
    lots: list[LotRow]
    barred: str = ""  # the code that calls are refused with although the account is active
    seen: int = 0  # the version of the row that was read: it is written only if it is still that one
    group: str | None = None  # the customer group, which decides prices

    @property
    def spendable_nano(self) -> int:
        return self.balance_nano - self.held_nano


class KeyRow(msgspec.Struct):
    id: UUID
    account_id: UUID
    kind: Literal["live", "test"]
    status: Literal["active", "revoked"]
    expires_us: int | None
    models: frozenset[str] | None
    cidrs: tuple[IPv4Network | IPv6Network, ...] | None
    limits: Limits
    meter: Meter
    sees_balance: bool = True
    seen: int = 0


class HoldRow(msgspec.Struct):
    account_id: UUID
    job_id: UUID
    key_id: UUID
    amount_nano: int
    tokens_reserved: int
    minute: int
    day: int
    month: int
    idempotency_key: str | None


class IdempotencyRow(msgspec.Struct):
    account_id: UUID
    key: str
    body_hash: bytes
    job_id: UUID
    voided: bool
    created_us: int


class EndedJob(msgspec.Struct):
    """The job row of an operation whose hold is gone: it tells what became of it."""

    job_id: UUID
    status: Literal["settled", "voided"]
    input_hash: bytes
    charge_nano: int
    write_off_nano: int
    hold_nano: int
    balance_after_nano: int | None
    day: int  # of admission, as the hold had it
    month: int


class State(msgspec.Struct):
    """All that a batch's decisions may depend on, read under the locks. `now_us` is the database's clock after them."""

    now_us: int
    catalogue_version: int
    accounts: dict[UUID, AccountRow]
    keys: dict[UUID, KeyRow]
    holds: dict[UUID, HoldRow] = {}
    ended: dict[UUID, EndedJob] = {}
    idempotency: dict[tuple[UUID, str], IdempotencyRow] = {}
    account_model_day: dict[tuple[UUID, str, int], int] = {}
    account_model_minute: dict[tuple[UUID, str, int], int] = {}
    # What this worker may still use of each shared cap; a scope that is missing here has not been leased yet.
    leases: dict[str, int] = {}
    # Scopes of which no more can be leased for now: an operation that needs more is refused.
    exhausted: frozenset[str] = frozenset()
    # Jobs that this worker counts against its leases. A hold that is there shows that its job counts; the end of a job
    # whose hold another has ended gives back what is claimed here, once.
    claimed: Set[UUID] = frozenset()


class NewHold(msgspec.Struct, frozen=True):
    account_id: UUID
    job_id: UUID
    key_id: UUID
    amount_nano: int
    tokens_reserved: int
    minute: int
    day: int
    month: int
    model: str
    endpoint: str
    stream: bool
    rate_card_id: int
    factor_ppm: int
    channel_id: UUID
    idempotency_key: str | None
    admitted_us: int
    deadline_us: int


class EndedJobWrite(msgspec.Struct, frozen=True):
    """A job row: what the operation said, plus what was decided. `late` replaces the row of a job voided before."""

    operation: Settle | Void
    status: Literal["settled", "voided"]
    hold_nano: int
    charge_nano: int
    write_off_nano: int
    balance_after_nano: int | None
    input_hash: bytes
    late: bool = False


class NewEntry(msgspec.Struct, frozen=True):
    account_id: UUID
    txn_id: UUID
    seq: int
    book: str
    detail: str
    amount_nano: int
    balance_after_nano: int | None
    version: int | None


class NewTxn(msgspec.Struct, frozen=True):
    account_id: UUID
    id: UUID
    kind: str
    input_hash: bytes


class NewRefusal(msgspec.Struct, frozen=True):
    account_id: UUID
    job_id: UUID
    key_id: UUID
    endpoint: str
    model: str
    status: int
    code: str


class Writes(msgspec.Struct):
    """What the batch changes. Accounts, keys and lots are the changed rows of the state themselves.

    A job may be held, grown, moved and ended within one batch: holds are written in the order of the fields below.
    """

    accounts: dict[UUID, AccountRow] = {}
    keys: dict[UUID, KeyRow] = {}
    lots: dict[UUID, tuple[UUID, LotRow]] = {}  # by lot id: account id and row
    holds_new: list[NewHold] = []
    holds_grown: dict[UUID, HoldRow] = {}
    holds_moved: dict[UUID, tuple[UUID, UUID]] = {}  # by job id: account id and new channel id
    holds_gone: dict[UUID, UUID] = {}  # by job id: account id
    jobs: list[EndedJobWrite] = []
    txns: list[NewTxn] = []
    entries: list[NewEntry] = []
    refusals: list[NewRefusal] = []
    idempotency: list[IdempotencyRow] = []  # new, or taken over from a voided job
    idempotency_voided: list[tuple[UUID, str]] = []
    account_model_day: dict[tuple[UUID, str, int], int] = {}  # increments
    account_model_minute: dict[tuple[UUID, str, int], int] = {}  # increments
    lease_use: dict[str, int] = {}  # what was used (or, negative, given back) of each shared cap
