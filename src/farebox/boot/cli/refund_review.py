"""What the reviewer of a refund looks at, as the command line shows it."""

from typing import Any

from farebox.aftersale.refund_request import Review
from farebox.aftersale.refund_store import LotLeft
from farebox.aftersale.source import PaymentFacts
from farebox.boot.cli.output import utc
from farebox.domain.money import format_amount


def describe_review(review: Review) -> dict[str, Any]:
    """The payment, the account's behaviour since, and the lots with credit left; amounts as decimal strings."""
    return {
        "payment": _payment(review.payment),
        "account": _account(review),
        "lots": [_lot(lot) for lot in review.lots],
    }


def _payment(facts: PaymentFacts) -> dict[str, Any]:
    return {
        "provider": facts.provider,
        "state": facts.state,
        "problem": facts.problem,
        "paid_at": utc(facts.paid_at),
        "paid_minor": facts.gross_minor,
        "currency": facts.currency,
        "credited": format_amount(facts.credited_nano),
        "used": format_amount(facts.used_nano),
        "taken_back": format_amount(facts.taken_back_nano),
        "refundable": format_amount(facts.refundable_nano),
        "refundable_minor": facts.refundable_minor,
        "has_open_dispute": facts.has_open_dispute,
    }


def _account(review: Review) -> dict[str, Any]:
    behaviour, spent = review.behaviour, review.spent
    return {
        "status": behaviour.status,
        "status_reason": behaviour.status_reason,
        "balance": format_amount(behaviour.balance_nano),
        "held": format_amount(behaviour.held_nano),
        "debt": format_amount(behaviour.owed_nano),
        "open_cases": behaviour.open_cases,
        "closed_cases": behaviour.closed_cases,
        "disputes": behaviour.disputes,
        "refunds_before": behaviour.refunds_before,
        "recharges": behaviour.recharges,
        "recharged": format_amount(behaviour.recharged_nano),
        "charged": format_amount(spent.charged_nano),
        "provider_cost": format_amount(spent.cost_nano),
    }


def _lot(lot: LotLeft) -> dict[str, Any]:
    return {
        "lot_id": str(lot.id),
        "kind": lot.kind,
        "original": format_amount(lot.original_nano),
        "remaining": format_amount(lot.remaining_nano),
        "expires_at": utc(lot.expires_at),
        "reference": lot.reference,
        "created_at": utc(lot.created_at),
    }
