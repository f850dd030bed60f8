"""All that an operator sees of one account, brought together from who keeps it."""

from datetime import datetime

from farebox.accounts import admin_store, grouping_store
from farebox.accounts.account import Account
from farebox.cases.case import list_cases
from farebox.control.admin.accounts.schemas import AccountView, account_view
from farebox.control.admin.signals.schemas import signal_view
from farebox.control.credits.schemas import credits_view, lot_item
from farebox.control.jobs.schemas import call_view
from farebox.control.statement.schemas import line_view
from farebox.control.statements.schemas import statement_item
from farebox.domain.errors import ActionRefused
from farebox.domain.policy import Policy
from farebox.identity.member import list_members
from farebox.ledger import balance, job_page, statement
from farebox.ledger.job_page import CallFilter
from farebox.ledger.statement import StatementFilter
from farebox.payments.statements import statement_store
from farebox.risk.signal import list_signals
from farebox.storage.database import Connection
from farebox.traces.summary import summarize

_FEW = 20


async def load_detail(connection: Connection, account: Account, policy: Policy, now: datetime) -> AccountView:
    """The newest few of each list; the lists' own pages have the rest."""
    now_ms = int(now.timestamp() * 1000)
    funds = await balance.load_funds(connection, account.id)
    if funds is None:
        raise ActionRefused("not_found", "There is no such account.", status=404)
    lots = await balance.load_lots(connection, account.id, None, _FEW, only_open=True)
    lines = await statement.load_page(connection, account.id, StatementFilter(), None, _FEW)
    calls = await job_page.load_page(connection, account.id, CallFilter(), None, _FEW, now_ms=now_ms)
    return account_view(
        account,
        group=await grouping_store.load_group(connection, account.id),
        credits_view=credits_view(funds, [lot_item(lot, policy.refund, now) for lot in lots], policy.unit),
        statements=[
            statement_item(each) for each in await statement_store.page(connection, account.id, None, None, _FEW)
        ],
        statement=[line_view(line) for line in lines.lines],
        jobs=[call_view(call) for call in calls.calls],
        keys=await admin_store.load_keys(connection, account.id, _FEW),
        members=await list_members(connection, account.id),
        cases=await list_cases(connection, None, limit=_FEW, status="open", account_id=account.id),
        signals=[signal_view(each) for each in await list_signals(connection, None, limit=_FEW, account_id=account.id)],
        traces=await summarize(connection, account.id),
    )
