"""/admin/policy: the rules in force. They stand in the policy file; secrets stand in the environment and not here."""

from typing import Annotated

from fastapi import APIRouter

from farebox.control.access import Staff, operator
from farebox.control.admin.policy.schemas import PolicyView, policy_view
from farebox.control.services import Here

router = APIRouter(prefix="/admin/policy", tags=["Operator: policy"])


@router.get("")
async def show_policy(_: Annotated[Staff, operator("accounts:read")], services: Here) -> PolicyView:
    """Every rule of the policy file with its value, as this process was started with it."""
    return policy_view(services.policy)
