"""What the ledger must have of a payment, as a table that one can read aloud."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from farebox.domain.policies.money import ChargebackPolicy
from farebox.kit.ids import IdSource
from farebox.payments.payment import Dispute, Payment, Problem, Refund
from farebox.payments.recharge import Recharge, state_of
from farebox.payments.standing import Known, Standing, mismatch, standings

_IDS = IdSource()
_AT = datetime(2026, 3, 1, tzinfo=UTC)
_DOLLAR = 10**9
_POLICY = ChargebackPolicy()
_RECHARGE = Recharge(
    id=_IDS.new(),
    account_id=_IDS.new(),
    method="stripe",
    state="checkout",
    needs_review=False,
    mode="live",
    credit_nano=100 * _DOLLAR,
    bonus_nano=5 * _DOLLAR,
    credit_days=0,
    price_minor=10_000,
    currency="USD",
    package="big",
    product="prod_1",
    requested_by=None,
    idempotency_key="",
    input_hash=b"",
    keep_method=False,
)
_PAYMENT = Payment(
    id=_IDS.new(),
    provider="stripe",
    ref="pi_1",
    mode="live",
    state="paid",
    recharge_id=_RECHARGE.id,
    account_id=_RECHARGE.account_id,
    created_at=_AT,
    paid_at=_AT,
    price_minor=10_000,
    gross_minor=12_100,
    tax_minor=2_100,
    currency="USD",
    product="prod_1",
)


def refund(gross_minor: int, state: Any = "succeeded", **more: Any) -> Refund:
    return Refund(
        **{
            "id": _IDS.new(),
            "payment_id": _PAYMENT.id,
            "provider": "stripe",
            "ref": "re_1",
            "state": state,
            "gross_minor": gross_minor,
            "is_ours": False,
            "is_whole": False,
            "asked_by": "",
            "reason": "",
            **more,
        }
    )


def dispute(state: Any, **more: Any) -> Dispute:
    return Dispute(
        **{
            "id": _IDS.new(),
            "payment_id": _PAYMENT.id,
            "provider": "stripe",
            "ref": "dp_1",
            "state": state,
            "gross_minor": 12_100,
            "reason": "",
            "due_at": None,
            "has_frozen": False,
            "case_id": None,
            "decision": "",
            "decided_by": None,
            "decided_at": None,
            "note": "",
            "created_at": _AT,
            **more,
        }
    )


def of(known: Known, recharge: Recharge | None = _RECHARGE, policy: ChargebackPolicy = _POLICY) -> Standing:
    return standings(recharge, [known], policy)[known.payment.id]


def changed(**changes: Any) -> Payment:
    return msgspec.structs.replace(_PAYMENT, **changes)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, ""),
        ({"provider": "creem"}, "wrong_provider"),
        ({"mode": "test"}, "wrong_mode"),
        ({"currency": "EUR"}, "wrong_currency"),
        ({"price_minor": 9_999}, "wrong_amount"),
        ({"price_minor": 10_001}, "wrong_amount"),
        ({"product": "prod_2"}, "wrong_product"),
    ],
)
def test_what_is_not_as_asked_for_credits_nothing(changes: dict[str, Any], problem: Problem) -> None:
    """Provider, mode, currency, amount and product are compared before anything is credited."""
    payment = changed(**changes)
    assert mismatch(payment, _RECHARGE) == problem
    found = of(Known(payment))
    assert (found.problem, found.credit_nano) == (problem, 0 if problem else 100 * _DOLLAR)


@pytest.mark.parametrize(
    ("known", "taken_dollars"),
    [
        (Known(_PAYMENT), 0),
        (Known(changed(refunded_minor=3_025, refunded_at=_AT)), 25),
        (Known(_PAYMENT, [refund(3_025)]), 25),
        (Known(changed(refunded_minor=3_025, refunded_at=_AT), [refund(3_025)]), 25),
        (Known(_PAYMENT, [refund(3_025, "asked", ref=""), refund(3_025, "manual", ref="")]), 50),
        (Known(_PAYMENT, [refund(3_025, "failed")]), 0),
        (Known(changed(refunded_minor=12_100, refunded_at=_AT)), 100),
        (Known(_PAYMENT, (), [dispute("inquiry")]), 0),
        (Known(_PAYMENT, (), [dispute("open")]), 100),
        (Known(_PAYMENT, (), [dispute("open", gross_minor=0)]), 100),
        (Known(_PAYMENT, (), [dispute("open", gross_minor=3_025)]), 25),
        (Known(_PAYMENT, (), [dispute("won")]), 0),
        (Known(_PAYMENT, (), [dispute("open", decision="won")]), 0),
        (Known(_PAYMENT, (), [dispute("lost", decision="won")]), 100),
        (Known(_PAYMENT, [refund(6_050)], [dispute("open")]), 100),
    ],
)
def test_what_has_gone_is_taken_back_in_proportion(known: Known, taken_dollars: int) -> None:
    """Refunds and disputes take their share of the credit and of its bonus, never more than all."""
    found = of(known)
    assert (found.taken_nano, found.bonus_taken_nano) == (taken_dollars * _DOLLAR, taken_dollars * _DOLLAR // 20)
    assert found.taken_minor == taken_dollars * 100


def test_a_refund_that_failed_later_leaves_the_sum_that_had_it() -> None:
    """A provider's sum counts a refund from its begin to its failure, and only then is it taken off again."""
    failed = refund(3_025, "failed", begun_at=_AT, failed_at=_AT + timedelta(hours=2))
    for hours, taken_dollars in ((-1, 25), (1, 0), (3, 25)):
        payment = changed(refunded_minor=3_025, refunded_at=_AT + timedelta(hours=hours))
        assert of(Known(payment, [failed])).taken_nano == taken_dollars * _DOLLAR


def test_without_provisional_claw_back_only_a_lost_dispute_takes() -> None:
    """The policy decides what an open dispute does."""
    policy = ChargebackPolicy(claw_back=False)
    assert of(Known(_PAYMENT, (), [dispute("open")]), policy=policy).taken_nano == 0
    assert of(Known(_PAYMENT, (), [dispute("lost")]), policy=policy).taken_nano == 100 * _DOLLAR


def test_the_first_of_two_payments_is_credited_whichever_was_told_first() -> None:
    """The later one is set aside, and what it was credited before is taken back, bonus and all."""
    second = changed(posted_credit_nano=100 * _DOLLAR, posted_bonus_nano=5 * _DOLLAR)
    first = changed(id=_IDS.new(), ref="pi_0", paid_at=_AT - timedelta(days=1))
    found = standings(_RECHARGE, [Known(second), Known(first)], _POLICY)
    assert found[first.id] == Standing(100 * _DOLLAR, 5 * _DOLLAR)
    assert found[second.id] == Standing(
        100 * _DOLLAR, 5 * _DOLLAR, 100 * _DOLLAR, 10_000, 5 * _DOLLAR, aside_minor=10_000, problem="duplicate"
    )


def test_refunds_and_disputes_belong_to_one_of_two_payments() -> None:
    """Each gives back of its own: its credit, or what is set aside. All of the first leaves the place to the second."""
    first, second = _PAYMENT, changed(id=_IDS.new(), ref="pi_2")
    found = standings(_RECHARGE, [Known(first, [refund(3_025)]), Known(second, [refund(6_050)])], _POLICY)
    assert (found[first.id].taken_nano, found[first.id].problem) == (25 * _DOLLAR, "")
    assert (found[second.id].credit_nano, found[second.id].aside_minor) == (0, 5_000)
    found = standings(_RECHARGE, [Known(first, (), [dispute("open")]), Known(second, [refund(3_025)])], _POLICY)
    assert found[first.id] == Standing()
    assert (found[second.id].credit_nano, found[second.id].taken_nano) == (100 * _DOLLAR, 25 * _DOLLAR)


def test_a_duplicate_that_was_accepted_keeps_its_credit() -> None:
    """As credit it counts beside the other; what it had been credited before that is not due is still taken back."""
    accepted = changed(posted_credit_nano=100 * _DOLLAR, posted_bonus_nano=5 * _DOLLAR, accepted_nano=60 * _DOLLAR)
    found = standings(_RECHARGE, [Known(accepted), Known(changed(id=_IDS.new(), ref="pi_2"))], _POLICY)
    assert {each.credit_nano for each in found.values()} == {100 * _DOLLAR}
    assert found[accepted.id] == Standing(100 * _DOLLAR, 5 * _DOLLAR, 40 * _DOLLAR, bonus_taken_nano=5 * _DOLLAR)


def test_money_that_nobody_asked_for_is_set_aside_and_test_money_is_none() -> None:
    """What a provider has for us is in its wash account, whether it is credited or not."""
    waiting = msgspec.structs.replace(_RECHARGE, needs_review=True)
    assert of(Known(_PAYMENT), waiting) == Standing(aside_minor=10_000)
    assert of(Known(_PAYMENT, [refund(3_025)]), None) == Standing(aside_minor=7_500, problem="no_recharge")
    assert of(Known(changed(mode="test"))) == Standing(problem="wrong_mode")
    assert of(Known(changed(state="pending"))) == Standing()


def test_review_comes_before_credit() -> None:
    """Paid and to be reviewed waits; approved is credited; declined is a problem until the money has gone back."""
    waiting = msgspec.structs.replace(_RECHARGE, needs_review=True)
    assert of(Known(_PAYMENT), waiting).credit_nano == 0
    assert state_of(waiting, [_PAYMENT]) == "review"
    approved = msgspec.structs.replace(waiting, decision="approved")
    assert of(Known(_PAYMENT), approved).credit_nano == 100 * _DOLLAR
    declined = msgspec.structs.replace(waiting, decision="declined")
    assert of(Known(_PAYMENT), declined).problem == "declined"
    assert of(Known(_PAYMENT, [refund(12_100)]), declined) == Standing()
    assert state_of(declined, [_PAYMENT]) == "declined"


def test_a_payment_of_nothing_we_asked_for_is_credited_only_by_decision() -> None:
    """No recharge is a problem; what an operator accepts is credited as decided."""
    assert of(Known(_PAYMENT), None).problem == "no_recharge"
    accepted = changed(accepted_nano=7 * _DOLLAR)
    assert of(Known(accepted), None) == Standing(credit_nano=7 * _DOLLAR)
