"""`farebox debt …`: what accounts owe after a payment was taken back."""

from typing import Any

import typer

from farebox.audit.record import COMMAND, record
from farebox.boot.cli.options import AmountArgument, Data, Json, NeededReason, OfAccount, OnceKey
from farebox.boot.cli.output import emit
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.domain.money import format_amount
from farebox.ledger import balance
from farebox.ledger.service import Ledger

app = typer.Typer(rich_markup_mode=None)


@app.callback()
def debts() -> None:
    """Debts of accounts."""


@app.command()
def forgive(
    amount: AmountArgument,
    *,
    account: OfAccount,
    reason: NeededReason,
    idempotency_key: OnceKey = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Give up a debt or a part of it; the balance stays."""

    async def work(session: Session) -> dict[str, Any]:
        key = f"forgive:{idempotency_key or session.ids.new()}"
        ledger = Ledger(session.config.policy.unit, session.ids)
        async with session.connection.transaction():
            if await balance.load_funds(session.connection, account) is None:
                raise CommandError(f"there is no account {account}")
            posted = await ledger.forgive(session.connection, account, amount, key, reason=reason, operator="cli")
            after = await balance.load_funds(session.connection, account)
            assert after is not None
            if not posted.repeated:
                await record(
                    session.connection,
                    session.ids,
                    COMMAND,
                    "account.forgive",
                    target=f"account:{account}",
                    account_id=account,
                    before={"debt": format_amount(after.owed_nano + amount)},
                    after={"debt": format_amount(after.owed_nano), "txn_id": str(posted.txn_id)},
                    reason=reason,
                )
        return {
            "account_id": str(account),
            "forgiven": format_amount(amount),
            "debt": format_amount(after.owed_nano),
        }

    done = run_command(data, work)
    emit(done, json=json, text=f"forgave {done['forgiven']} of account {account}, which owes {done['debt']} now")
