"""`farebox risk …`: signals, and the queue of accounts that want a decision."""

from typing import Annotated, Any

import typer

from farebox.accounts import service
from farebox.audit.record import COMMAND
from farebox.boot.cli.options import (
    AtOnceSetting,
    DailySetting,
    Data,
    IdArgument,
    Json,
    Limit,
    MonthlySetting,
    OfAnyAccount,
    RpmSetting,
    TotalSetting,
    TpmSetting,
    changes,
)
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.domain.money import format_amount
from farebox.domain.policies.risk import Signal
from farebox.risk import review
from farebox.risk.end_user_store import whose
from farebox.risk.review import Decision, Review, Verdict
from farebox.risk.signal import RaisedSignal, list_signals

app = typer.Typer(rich_markup_mode=None)
_REVIEWS = ("case_id", "email", "account_status", "balance", "signals", "opened_at")
_SIGNALS = ("raised_at", "account_id", "signal", "measured", "threshold", "action")


@app.command("list")
def list_(
    *,
    closed: Annotated[bool, typer.Option("--closed", help="Those that were decided instead.")] = False,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Accounts that wait for a decision."""

    async def work(session: Session) -> list[Review]:
        return await review.list_reviews(session.connection, None, "closed" if closed else "open", limit)

    found = [_review(each) for each in run_command(data, work)]
    emit(found, json=json, text=table(found, _REVIEWS))


@app.command()
def signals(
    *,
    account: OfAnyAccount = None,
    kind: Annotated[Signal | None, typer.Option(help="Of one kind only, such as card_testing.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Signals, those that were only noted among them."""

    async def work(session: Session) -> list[RaisedSignal]:
        return await list_signals(session.connection, None, limit=limit, account_id=account, kind=kind)

    found = [_signal(each) for each in run_command(data, work)]
    emit(found, json=json, text=table(found, _SIGNALS))


@app.command()
def decide(
    case_id: IdArgument,
    decision: Annotated[Decision, typer.Argument(metavar="nothing|note|freeze|unfreeze|limits")],
    *,
    note: Annotated[str, typer.Option(metavar="TEXT", help="For colleagues; the customer does not see it.")] = "",
    rpm: RpmSetting = None,
    tpm: TpmSetting = None,
    concurrency: AtOnceSetting = None,
    daily: DailySetting = None,
    monthly: MonthlySetting = None,
    total: TotalSetting = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Decide a case; a note leaves it open, all else closes it. Limits go with the decision limits."""
    settings = {
        "requests_per_minute": rpm,
        "tokens_per_minute": tpm,
        "concurrency": concurrency,
        "daily_nano": daily,
        "monthly_nano": monthly,
        "total_nano": total,
    }
    given = any(setting is not None for setting in settings.values())
    limits = changes(**settings) if decision == "limits" or given else {}

    async def work(session: Session) -> dict[str, Any]:
        verdict = Verdict(decision, note, limits)
        case = await review.decide(session.connection, session.ids, case_id, verdict, COMMAND, None, service)
        assert case.account_id is not None
        account = await service.show_account(session.connection, case.account_id)
        return {
            "case_id": str(case.id),
            "status": case.status,
            "decision": decision,
            "account_id": str(account.id),
            "account_status": account.status,
        }

    found = run_command(data, work)
    emit(found, json=json, text=facts(found))


@app.command("end-user")
def end_user(
    end_user_id: Annotated[str, typer.Argument(metavar="ID", help="As the provider names who called.")],
    *,
    data: Data = None,
    json: Json = False,
) -> None:
    """Find the account that a provider complains of, by the end user's id that it was told."""

    async def work(session: Session) -> str:
        account_id = await whose(session.connection, end_user_id.strip().lower())
        if account_id is None:
            raise CommandError("no account here has this end user's id")
        return str(account_id)

    found = {"account_id": run_command(data, work)}
    emit(found, json=json, text=found["account_id"])


def _review(found: Review) -> dict[str, Any]:
    return {
        "case_id": str(found.id),
        "account_id": str(found.account_id),
        "email": found.email,
        "status": found.status,
        "account_status": found.account_status,
        "balance": format_amount(found.balance_nano),
        "held": format_amount(found.held_nano),
        "signals": found.signals,
        "opened_at": utc(found.opened_at),
    }


def _signal(found: RaisedSignal) -> dict[str, Any]:
    return {
        "signal_id": str(found.id),
        "account_id": str(found.account_id),
        "signal": found.kind,
        "subject": found.subject,
        "measured": found.measured,
        "threshold": found.threshold,
        "window_minutes": found.window_minutes,
        "action": found.action,
        "has_frozen": found.has_frozen,
        "facts": found.facts,
        "case_id": None if found.case_id is None else str(found.case_id),
        "raised_at": utc(found.raised_at),
    }
