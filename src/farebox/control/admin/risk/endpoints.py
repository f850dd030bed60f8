"""/admin/risk: the queue of accounts with signals, all that a decision needs on one page, and deciding."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path

from farebox.accounts import bars, service
from farebox.cases.case import Case
from farebox.control.access import Staff, operator
from farebox.control.admin.accounts.detail import load_detail
from farebox.control.admin.cases.schemas import case_view
from farebox.control.admin.disputes.schemas import dispute_view
from farebox.control.admin.fresh import MayBeFresh, check_fresh
from farebox.control.admin.payments.schemas import payment_file
from farebox.control.admin.risk.schemas import EndUser, ReviewLine, ReviewView, VerdictBody, decided_view, review_line
from farebox.control.admin.signals.schemas import signal_view
from farebox.control.admin.standing import load_standing
from farebox.control.limits import limits_from
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here, Services
from farebox.domain.errors import ActionRefused
from farebox.payments import payment_store
from farebox.risk import end_user_store
from farebox.risk.review import Verdict, decide, list_decisions, list_reviews, show_review
from farebox.risk.signal import list_signals
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/risk", tags=["Operator: risk"])
Reader = Annotated[Staff, operator("risk:read")]
Writer = Annotated[Staff, operator("risk:write")]

_FEW = 20


@router.get("")
async def list_queue(
    _: Reader, services: Here, paging: Paging, status: Literal["open", "closed", "any"] = "open"
) -> Page[ReviewLine]:
    """Cases that wait for a decision, the oldest first; or those that are decided, or all, the newest first."""
    async with services.pool.acquire() as connection:
        found = await list_reviews(connection, paging.after, None if status == "any" else status, paging.limit + 1)
    return page_of(found, paging, review_line, lambda review: review.id)


@router.get("/end-users/{end_user_id}")
async def find_end_user(
    end_user_id: Annotated[str, Path(pattern="^[0-9a-f]{40}$")], _: Reader, services: Here
) -> EndUser:
    """The account that a provider complains of, by the end user's id that it was told."""
    async with services.pool.acquire() as connection:
        account_id = await end_user_store.whose(connection, end_user_id)
    if account_id is None:
        raise ActionRefused("not_found", "No account here has this end user's id.", status=404)
    return EndUser(account_id=account_id)


@router.get("/{case_id}")
async def show(case_id: UUID, _: Reader, services: Here) -> ReviewView:
    """One case with its account: signals, decisions, money, payments, disputes, calls, keys, members."""
    async with services.pool.acquire() as connection:
        return await _view(connection, services, await show_review(connection, case_id))


@router.post("/{case_id}/decide")
async def decide_case(
    case_id: UUID, body: VerdictBody, staff: Writer, visitor: MayBeFresh, services: Here
) -> ReviewView:
    """Decide: nothing, note, freeze, unfreeze or limits; what changes the account asks for a second factor."""
    if body.decision in ("freeze", "unfreeze", "limits"):
        check_fresh(staff, visitor)
    limits = {} if body.limits is None else _changes(body)
    verdict = Verdict(body.decision, body.note, limits)
    async with services.pool.acquire() as connection:
        decided = await decide(connection, services.ids, case_id, verdict, staff.actor, staff.person_id, service)
        return await _view(connection, services, decided)


def _changes(body: VerdictBody) -> dict[str, int | None]:
    assert body.limits is not None
    wanted = limits_from(body.limits)
    return {name: getattr(wanted, name) for name in wanted.__struct_fields__}


async def _view(connection: Connection, services: Services, case: Case) -> ReviewView:
    assert case.account_id is not None
    account = await service.show_account(connection, case.account_id)
    payments = await payment_store.page(connection, account.id, None, _FEW, with_problem=None)
    disputes = await payment_store.disputes_of_account(connection, account.id)
    return ReviewView(
        case=case_view(case),
        standing=await load_standing(connection, account.id),
        account=await load_detail(connection, account, services.policy, datetime.now(UTC)),
        bars=list(await bars.list_bars(connection, account.id)),
        signals=[signal_view(each) for each in await list_signals(connection, None, limit=_FEW, account_id=account.id)],
        decisions=[decided_view(each) for each in await list_decisions(connection, account.id, _FEW)],
        payments=[payment_file(payment) for payment in payments],
        disputes=[dispute_view(dispute) for dispute in disputes[:_FEW]],
    )
