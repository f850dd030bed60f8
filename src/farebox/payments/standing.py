"""What the ledger must have credited and taken back of a payment, from all that is known of it. Pure.

Whatever order events come in, the same knowledge gives the same standing; settling.py posts the difference to what has
been posted. That is all there is to events that are late, repeated or out of order.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from farebox.domain.policies.money import ChargebackPolicy
from farebox.payments.payment import Dispute, Payment, Problem, Refund
from farebox.payments.recharge import Recharge

_RESERVING = ("asked", "manual", "pending", "succeeded")


class Known(msgspec.Struct, frozen=True):
    """A payment with its refunds and disputes."""

    payment: Payment
    refunds: Sequence[Refund] = ()
    disputes: Sequence[Dispute] = ()


class Standing(msgspec.Struct, frozen=True):
    """What is to be in the ledger. `taken_minor` is the part of the price that `taken_nano` stands for.

    `aside_minor` is the part of it that the provider has for us and that is not credited.
    """

    credit_nano: int = 0
    bonus_nano: int = 0
    taken_nano: int = 0
    taken_minor: int = 0
    bonus_taken_nano: int = 0
    aside_minor: int = 0
    problem: Problem = ""


def mismatch(payment: Payment, recharge: Recharge | None) -> Problem:
    """How a payment differs from what was asked for; '' when it does not."""
    if recharge is None:
        return "no_recharge"
    if payment.provider != recharge.method:
        return "wrong_provider"
    if payment.mode != recharge.mode:
        return "wrong_mode"
    if payment.currency != recharge.currency:
        return "wrong_currency"
    if payment.price_minor != recharge.price_minor:
        return "wrong_amount"
    if recharge.product and payment.product != recharge.product:
        return "wrong_product"
    return ""


def refunded_minor(known: Known) -> int:
    """The gross amount that has gone back or is on its way: the provider's sum, or all refunds by id if more."""
    by_id = sum(refund.gross_minor for refund in known.refunds if refund.state in _RESERVING)
    in_sum = sum(refund.gross_minor for refund in known.refunds if _was_counted(refund, known.payment.refunded_at))
    return min(known.payment.gross_minor, max(known.payment.refunded_minor - in_sum, by_id))


def _was_counted(refund: Refund, summed_at: datetime | None) -> bool:
    """Whether the provider's sum still had a refund in it that has failed since.

    Times are whole seconds: of one and the same it is taken to have had it. Had it not, the sum is too small now, and
    what is known of each refund counts.
    """
    if refund.failed_at is None or refund.begun_at is None or summed_at is None:
        return False
    return refund.begun_at <= summed_at <= refund.failed_at


def disputed_minor(known: Known, policy: ChargebackPolicy) -> int:
    """The gross amount that disputes keep from us."""
    standing = [
        dispute
        for dispute in known.disputes
        if dispute.outcome == "lost" or (dispute.outcome == "open" and policy.claw_back)
    ]
    return sum(dispute.gross_minor or known.payment.gross_minor for dispute in standing)


def gone_minor(known: Known, policy: ChargebackPolicy) -> int:
    """The gross amount that is not ours any more, by refund or dispute."""
    return min(known.payment.gross_minor, refunded_minor(known) + disputed_minor(known, policy))


def is_all_gone(known: Known, policy: ChargebackPolicy) -> bool:
    """Whether nothing of a payment is ours any more."""
    return 0 < known.payment.gross_minor <= gone_minor(known, policy)


def holder_of(recharge: Recharge, all_known: Sequence[Known], policy: ChargebackPolicy) -> UUID | None:
    """Which payment of a recharge is credited: the first that was paid, or the next when all of its money is gone.

    Of which of them was told first nothing may depend: a payment that is told late can take the place of another.
    """
    if recharge.needs_review and recharge.decision != "approved":
        return None
    fitting = [
        known
        for known in all_known
        if known.payment.state == "paid"
        and known.payment.accepted_nano is None
        and not mismatch(known.payment, recharge)
    ]
    first = sorted(
        fitting,
        key=lambda known: (
            is_all_gone(known, policy),
            known.payment.paid_at or known.payment.created_at,
            known.payment.ref,
        ),
    )
    return first[0].payment.id if first else None


def standing(known: Known, recharge: Recharge | None, holder: UUID | None, policy: ChargebackPolicy) -> Standing:
    """What the ledger must have of one payment; `holder` is the payment that its recharge is credited for."""
    payment = known.payment
    if payment.state != "paid":
        return Standing()
    due_nano = _due_nano(payment, recharge, holder)
    if due_nano is None:
        return _uncredited(known, recharge, holder, policy)
    # What has been posted stays posted: of what is not due any more it is taken back.
    credit_nano, bonus_nano = payment.posted_credit_nano, payment.posted_bonus_nano
    if not credit_nano:
        credit_nano, bonus_nano = due_nano, _bonus_nano(payment, recharge)
    if is_all_gone(known, policy):
        return Standing(credit_nano, bonus_nano, credit_nano, payment.price_minor, bonus_taken_nano=bonus_nano)
    gone, gross = gone_minor(known, policy), max(payment.gross_minor, 1)
    taken_nano = credit_nano - due_nano + due_nano * gone // gross
    # The bonus goes with the price that it was given for.
    bonus_taken_nano = bonus_nano * gone // gross if payment.accepted_nano is None else bonus_nano
    return Standing(credit_nano, bonus_nano, taken_nano, payment.price_minor * gone // gross, bonus_taken_nano)


def standings(
    recharge: Recharge | None, all_known: Sequence[Known], policy: ChargebackPolicy
) -> Mapping[UUID, Standing]:
    """Of all payments of one recharge, or of one payment without any."""
    holder = None if recharge is None else holder_of(recharge, all_known, policy)
    return {known.payment.id: standing(known, recharge, holder, policy) for known in all_known}


def _due_nano(payment: Payment, recharge: Recharge | None, holder: UUID | None) -> int | None:
    """The credit that a paid payment stands for before anything of it has gone; None while it stands for none."""
    if payment.accepted_nano is not None:
        return payment.accepted_nano
    return recharge.credit_nano if recharge is not None and holder == payment.id else None


def _bonus_nano(payment: Payment, recharge: Recharge | None) -> int:
    """What an operator accepts is credited as it was decided, without a bonus."""
    return 0 if recharge is None or payment.accepted_nano is not None else recharge.bonus_nano


def _uncredited(known: Known, recharge: Recharge | None, holder: UUID | None, policy: ChargebackPolicy) -> Standing:
    """What was credited by mistake is taken back, and what the provider still has for us is set aside."""
    payment, is_gone = known.payment, is_all_gone(known, policy)
    gone, gross = gone_minor(known, policy), max(payment.gross_minor, 1)
    left_minor = 0 if is_gone else payment.price_minor - payment.price_minor * gone // gross
    was_credited = payment.posted_credit_nano > 0
    return Standing(
        payment.posted_credit_nano,
        payment.posted_bonus_nano,
        payment.posted_credit_nano,
        payment.price_minor if was_credited else 0,
        bonus_taken_nano=payment.posted_bonus_nano,
        aside_minor=left_minor if _is_money(payment, recharge) else 0,
        problem="" if is_gone else _problem(payment, recharge, holder),
    )


def _is_money(payment: Payment, recharge: Recharge | None) -> bool:
    """Test money counts only where it was asked for."""
    return payment.mode == "live" or (recharge is not None and recharge.mode == "test")


def _problem(payment: Payment, recharge: Recharge | None, holder: UUID | None) -> Problem:
    found = mismatch(payment, recharge)
    if found:
        return found
    assert recharge is not None
    if recharge.decision == "declined":
        return "declined"
    return "duplicate" if holder not in (None, payment.id) else ""
