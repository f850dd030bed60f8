"""What can happen to a purchase, whoever makes it happen: a payer on the page, a test, or the provider's API."""

from typing import Annotated, Literal

import msgspec

from farebox.kit.clock import Clock
from farebox.kit.ids import IdSource
from farebox.simulator.payments.purchase import Card, Dispute, Purchase, Refund

Action = Literal[
    "pay",
    "pay_later",  # the payer is done; settle or bounce decides
    "settle",
    "bounce",
    "decline",  # a card that is refused; the page stays open
    "expire",
    "refund",
    "refund_later",  # pending until complete_refund or fail_refund
    "complete_refund",
    "fail_refund",
    "inquire",
    "dispute",
    "win",
    "lose",
]
# What a provider tells of; not every action is told of by each of them.
Happening = Literal[
    "paid", "pending", "settled", "bounced", "declined", "expired",
    "refunded", "refund_changed", "inquired", "disputed", "won", "lost",
]  # fmt: skip

DEFAULT_CARD = "card-1"


class Refused(Exception):
    """What cannot be done now: a payment that is not there, or more than there is. `code` is in Stripe's words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An action on a purchase, which any of its ids names; the rest matters to some actions only.

    `amount` is that of a refund or dispute, all that is left when it is missing. `card` and `country` are those of the
    payer; a card that `declines_later` pays now, and is refused when it is charged again.
    """

    action: Action
    purchase: str
    amount: Annotated[int, msgspec.Meta(gt=0)] | None = None
    card: str = DEFAULT_CARD
    country: str = "US"
    declines_later: bool = False
    metadata: dict[str, str] = {}


class Actions:
    """Does what an action says, if the purchase is in a state for it; Refused changes nothing."""

    def __init__(self, ids: IdSource, clock: Clock) -> None:
        self._ids = ids
        self._clock = clock

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{self._ids.new().hex}"

    def now(self) -> int:
        return self._clock.unix_ms() // 1000

    def act(self, purchase: Purchase, act: Act) -> Happening:
        match act.action:
            case "pay" | "pay_later" | "decline" | "expire":
                return self._finish(purchase, act)
            case "settle" | "bounce":
                return self._settle(purchase, is_paid=act.action == "settle")
            case "refund" | "refund_later":
                self._refund(purchase, act)
                return "refunded"
            case "complete_refund" | "fail_refund":
                return self._end_refund(purchase, is_done=act.action == "complete_refund")
            case "inquire" | "dispute":
                return self._dispute(purchase, act)
            case _:
                return self._decide(purchase, is_won=act.action == "win")

    def card(self, purchase: Purchase, act: Act) -> Card:
        """The payer's card; kept for a customer where the checkout asks for it."""
        kept = purchase.keeps_method and act.action != "decline"
        return Card(
            id=self.new_id("pm"),
            fingerprint=act.card,
            country=act.country,
            customer_id=self.new_id("cus") if kept else "",
            declines="insufficient_funds" if act.declines_later else "",
        )

    def _finish(self, purchase: Purchase, act: Act) -> Happening:
        _insist(purchase.state == "open", "checkout_over", "This checkout is over.")
        if act.action == "expire":
            purchase.state = "expired"
            return "expired"
        purchase.card = self.card(purchase, act)
        if act.action == "decline":
            purchase.failure = "card_declined"
            return "declined"
        purchase.failure = ""
        if act.action == "pay_later":
            purchase.state = "pending"
            return "pending"
        purchase.state, purchase.paid_at = "paid", self.now()
        return "paid"

    def _settle(self, purchase: Purchase, *, is_paid: bool) -> Happening:
        _insist(purchase.state == "pending", "not_pending", "Nobody waits for the money of this payment.")
        if is_paid:
            purchase.state, purchase.paid_at = "paid", self.now()
            return "settled"
        purchase.state, purchase.failure = "failed", "insufficient_funds"
        return "bounced"

    def _refund(self, purchase: Purchase, act: Act) -> None:
        _insist(purchase.state == "paid", "charge_not_paid", "There is no payment to refund.")
        _insist(not purchase.withdrawn_minor, "charge_disputed", "The payment has been charged back.")
        left = purchase.gross_minor - purchase.refunded_minor
        _insist(left > 0, "charge_already_refunded", "The payment has been refunded.")
        amount = left if act.amount is None else act.amount
        _insist(amount <= left, "amount_too_large", "The refund is greater than what is left of the payment.")
        state: Literal["pending", "succeeded"] = "pending" if act.action == "refund_later" else "succeeded"
        purchase.refunds.append(Refund(self.new_id("re"), amount, self.now(), state, act.metadata))

    def _end_refund(self, purchase: Purchase, *, is_done: bool) -> Happening:
        waiting = [refund for refund in purchase.refunds if refund.state == "pending"]
        _insist(bool(waiting), "no_refund", "No refund of this payment is pending.")
        ended = waiting[-1]
        ended.state = "succeeded" if is_done else "failed"
        # The last one is the one that is told of.
        purchase.refunds.remove(ended)
        purchase.refunds.append(ended)
        return "refund_changed"

    def _dispute(self, purchase: Purchase, act: Act) -> Happening:
        _insist(purchase.state == "paid", "charge_not_paid", "There is no payment to dispute.")
        found = purchase.dispute
        left = purchase.gross_minor - purchase.refunded_minor
        _insist(left > 0, "charge_already_refunded", "The payment has been refunded.")
        if found is not None and found.state == "inquiry" and act.action == "dispute":
            found.state, found.amount_minor = "open", min(found.amount_minor, left)
            return "disputed"
        _insist(found is None, "charge_disputed", "The payment has been disputed.")
        is_inquiry = act.action == "inquire"
        purchase.dispute = Dispute(
            self.new_id("dp"), min(act.amount or left, left), self.now(), "inquiry" if is_inquiry else "open"
        )
        return "inquired" if is_inquiry else "disputed"

    def _decide(self, purchase: Purchase, *, is_won: bool) -> Happening:
        dispute = purchase.dispute
        if dispute is None or dispute.state != "open":
            raise Refused("no_dispute", "No dispute of this payment is open.")
        dispute.state = "won" if is_won else "lost"
        return dispute.state


def _insist(is_so: bool, code: str, message: str) -> None:
    if not is_so:
        raise Refused(code, message)
