"""Operations on their way through the till, and who waits for their outcomes."""

import asyncio

from farebox.domain.job import Outcome
from farebox.till.operations import Admit, Admitted, Operation, Outcomes, Settle, Settled, Unavailable, Void

# So long does an operation that needs a lease ask again before it is refused for good.
MOST_LEASE_ROUNDS = 4


class Waiting:
    """One operation that is not done yet. Without a future nobody waits: the till asks on its own behalf."""

    __slots__ = ("asked_s", "future", "lease_rounds", "operation", "replayed", "spooled")

    def __init__(
        self,
        operation: Operation,
        asked_s: float,
        future: "asyncio.Future[Outcomes] | None" = None,
        *,
        replayed: bool = False,
    ) -> None:
        self.operation = operation
        self.asked_s = asked_s
        self.future = future
        self.lease_rounds = 0
        self.replayed = replayed  # it stands in the spool, where a failure leaves it
        self.spooled = False  # it was given to the spool while it hung in a batch

    @property
    def given_up(self) -> bool:
        """Whether whoever asked has gone, or has been told that nothing comes of it."""
        return self.future is not None and self.future.done()

    @property
    def ends_job(self) -> bool:
        return isinstance(self.operation, Settle | Void)

    def answer(self, outcome: Outcomes) -> bool:
        """False when the outcome reaches nobody."""
        if self.future is None or self.future.done():
            return False
        self.future.set_result(outcome)
        return True

    def answer_unavailable(self) -> None:
        self.answer(Unavailable())

    def abandon(self) -> None:
        """It can be neither done nor kept: an ending is answered as one that charges nothing."""
        self.answer(
            Settled(charge_nano=0, write_off_nano=0, balance_after_nano=None) if self.ends_job else Unavailable()
        )

    def answer_spooled(self) -> None:
        """Durable, though not posted: what it charges is known only once it is."""
        price_nano = self.operation.price_nano if isinstance(self.operation, Settle) else 0
        self.answer(Settled(charge_nano=price_nano, write_off_nano=0, balance_after_nano=None))


def endings(batch: "list[Waiting]") -> tuple[list["Waiting"], list["Waiting"]]:
    """The settlements and voids, which must not be lost, and the rest, which can be refused."""
    ending = [waiting for waiting in batch if waiting.ends_job]
    rest = [waiting for waiting in batch if not waiting.ends_job]
    return ending, rest


def void_of_doubtful(call: Admit, now_us: int) -> Void:
    """Ends a job that may or may not have been admitted. It gives no leases back: none were counted."""
    return _void(call, "platform_error", now_us, admitted=None)


def void_of_unwanted(call: Admit, admitted: Admitted) -> Void:
    """Ends a job whose caller had gone when it was admitted."""
    return _void(call, "client_disconnected", admitted.admitted_us, admitted=admitted)


def _void(call: Admit, outcome: Outcome, now_us: int, *, admitted: Admitted | None) -> Void:
    return Void(
        job_id=call.job_id,
        account_id=call.account_id,
        key_id=call.key_id,
        outcome=outcome,
        endpoint=call.endpoint,
        model=call.model,
        stream=call.stream,
        rate_card_id=call.rate_card_id,
        factor_ppm=call.factor_ppm,
        admitted_us=now_us,
        finished_us=now_us,
        latency_ms=0,
        offer=None if admitted is None else call.offers[admitted.offer_index],
        output_tokens_held=0 if admitted is None else admitted.output_tokens,
        model_cap=None if admitted is None else call.model_cap,
        account_model_cap_nano=call.account_model_cap_nano,
    )
