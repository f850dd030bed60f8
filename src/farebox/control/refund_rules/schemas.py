"""What goes over the wire about the rules of refunds: values of the policy, as they are enforced."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from farebox.domain.policy import Policy


class RefundRules(BaseModel):
    """Credit that was used and promotional credit are never refunded; promotional credit is spent first."""

    unused: Annotated[
        Literal["review", "discretion", "none"],
        Field(description="Unused bought credit: on request, after review; when the operator offers it; never."),
    ]
    window_days: Annotated[int, Field(description="After the payment; 0: no end.")]
    not_while_disputed: Annotated[bool, Field(description="Not while the payment is disputed at its provider.")]
    duplicate: Annotated[
        Literal["source_or_credit", "source"], Field(description="Where a payment made twice can go back to.")
    ]
    answer_business_days: Annotated[int, Field(description="Within which a request for a refund is answered.")]
    charge_window_days: Annotated[int, Field(description="After the call, in which its charge can be called wrong.")]
    charge_answer_business_days: int
    credit_days: Annotated[int, Field(description="After which bought credit expires; 0: never.")]
    at_closing: Annotated[
        Literal["return", "forfeit"],
        Field(description="What becomes of the balance that is left when an account closes without a breach."),
    ]
    at_closing_for_breach: Annotated[
        Literal["return", "may_forfeit", "forfeit"],
        Field(description="The same for a breach of the terms; forfeiting is decided by an operator, with a reason."),
    ]


def refund_rules(policy: Policy) -> RefundRules:
    return RefundRules(
        unused=policy.refund.unused,
        window_days=policy.refund.window_days,
        not_while_disputed=policy.refund.refuse_with_open_dispute,
        duplicate=policy.refund.duplicate,
        answer_business_days=policy.support.due_business_days,
        charge_window_days=policy.adjustment.window_days,
        charge_answer_business_days=policy.adjustment.due_business_days,
        credit_days=policy.recharge.credit_days,
        at_closing=policy.closing.without_breach,
        at_closing_for_breach=policy.closing.with_breach,
    )
