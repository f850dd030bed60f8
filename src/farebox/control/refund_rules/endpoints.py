"""/api/public/refund-rules: the rules of refunds that are enforced, beside what the operator writes of them."""

from fastapi import APIRouter

from farebox.control.refund_rules.schemas import RefundRules, refund_rules
from farebox.control.services import Here

router = APIRouter(prefix="/api/public/refund-rules", tags=["Public"])


@router.get("")
async def show_refund_rules(services: Here) -> RefundRules:
    """What can be asked back, until when, and when it is answered."""
    return refund_rules(services.policy)
