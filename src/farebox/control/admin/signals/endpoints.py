"""/admin/signals: what the policy's rules have found, and the rules."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import Staff, operator
from farebox.control.admin.signals.schemas import RuleView, SignalView, rule_view, signal_view
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here
from farebox.domain.policies.risk import Action, Signal
from farebox.risk import signal

router = APIRouter(prefix="/admin/signals", tags=["Operator: risk"])
Reader = Annotated[Staff, operator("risk:read")]


@router.get("")
async def list_signals(
    _: Reader,
    services: Here,
    paging: Paging,
    account_id: UUID | None = None,
    kind: Signal | None = None,
    action: Action | None = None,
) -> Page[SignalView]:
    """The newest signals first, those that were only noted among them."""
    async with services.pool.acquire() as connection:
        found = await signal.list_signals(
            connection, paging.after, limit=paging.limit + 1, account_id=account_id, kind=kind, action=action
        )
    return page_of(found, paging, signal_view, lambda each: each.id)


@router.get("/rules")
async def list_rules(_: Reader, services: Here) -> list[RuleView]:
    """The rules in force; they are changed in the policy file."""
    return [rule_view(rule) for rule in services.policy.risk.rules]
