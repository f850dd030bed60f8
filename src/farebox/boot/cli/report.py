"""`farebox report …`: margin, usage and statements, from the same figures as the console's pages."""

from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.boot.cli.options import Data, Json, Limit, OfAccount, OfAnyAccount, parse_when
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.money import format_amount
from farebox.ledger import statement, usage
from farebox.ledger.margin import MarginFilter, MarginLine, MarginSplit, MarginStep, load_margins
from farebox.ledger.rollup import roll_up
from farebox.ledger.statement import StatementFilter, StatementLine
from farebox.ledger.usage import Span, Split, Step, UsagePoint

app = typer.Typer(rich_markup_mode=None)

Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="From this day on (UTC).")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="To before this day (UTC).")]

_MARGIN_COLUMNS = ("day", "label", "jobs", "charge", "cost", "margin", "write_off")
_USAGE_COLUMNS = ("at", "label", "jobs", "voided", "input_tokens", "output_tokens", "charge")
_STATEMENT_COLUMNS = ("at", "kind", "amount", "balance_after", "job_id", "reference")
_LINES_AT_ONCE = 1_000


@app.command("margin")
def margin_(
    *,
    by: Annotated[MarginSplit, typer.Option(help="What each line is of.")] = "nothing",
    step: Annotated[MarginStep, typer.Option(help="A line for each day, or for all of them.")] = "day",
    model: Annotated[str | None, typer.Option(metavar="M", help="Of one model only.")] = None,
    account: OfAnyAccount = None,
    since: Since = None,
    until: Until = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """What was charged against what it cost: the last thirty days unless told otherwise."""

    async def work(session: Session) -> list[dict[str, Any]]:
        # Nobody may have served for a while: what has ended since is to be in it.
        await roll_up(session.connection)
        wanted = MarginFilter(model=model, account_id=account)
        found = await load_margins(session.connection, _span("day", since, until, session), by, step, wanted)
        return [_margin(line) for line in found.lines]

    lines = run_command(data, work)
    emit(lines, json=json, text=table(lines, _MARGIN_COLUMNS))


@app.command("usage")
def usage_(
    *,
    account: OfAccount,
    by: Annotated[Split, typer.Option(help="What each line is of.")] = "nothing",
    step: Annotated[Step, typer.Option(help="A line for each hour or day.")] = "day",
    since: Since = None,
    until: Until = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """What an account used and was charged."""

    async def work(session: Session) -> list[dict[str, Any]]:
        span = _span(step, since, until, session)
        points = await usage.load_series(session.connection, account, step, by, span)
        return [_point(point) for point in points]

    points = run_command(data, work)
    emit(points, json=json, text=table(points, _USAGE_COLUMNS))


@app.command("statement")
def statement_(
    *,
    account: OfAccount,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="Such as charge, recharge or adjustment.")] = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 100,
    data: Data = None,
    json: Json = False,
) -> None:
    """Each change of an account's balance, with the balance after it."""

    async def work(session: Session) -> list[dict[str, Any]]:
        wanted = StatementFilter(
            kind=kind,
            since=None if since is None else parse_when(since, session.now),
            until=None if until is None else parse_when(until, session.now),
        )
        lines: list[StatementLine] = []
        before: UUID | None = None
        while len(lines) < limit:
            most = min(_LINES_AT_ONCE, limit - len(lines))
            page = await statement.load_page(session.connection, account, wanted, before, most)
            lines += page.lines
            before = page.next
            if before is None:
                break
        return [_line(line) for line in lines]

    lines = run_command(data, work)
    emit(lines, json=json, text=table(lines, _STATEMENT_COLUMNS))


def _span(step: Step, since: str | None, until: str | None, session: Session) -> Span:
    return usage.span_of(
        step,
        None if since is None else parse_when(since, session.now),
        None if until is None else parse_when(until, session.now),
        session.now,
    )


def _margin(line: MarginLine) -> dict[str, Any]:
    return {
        "day": utc(line.at),
        "label": line.name or line.label,
        "id": line.label,
        "jobs": line.jobs,
        "voided": line.voided,
        "charge": format_amount(line.charge_nano),
        "cost": format_amount(line.cost_nano),
        "margin": format_amount(line.margin_nano),
        "write_off": format_amount(line.write_off_nano),
    }


def _point(point: UsagePoint) -> dict[str, Any]:
    return {
        "at": utc(point.at),
        "label": point.label,
        "jobs": point.jobs,
        "voided": point.voided,
        "input_tokens": point.input_tokens,
        "cached_input_tokens": point.cached_input_tokens,
        "output_tokens": point.output_tokens,
        "reasoning_tokens": point.reasoning_tokens,
        "charge": format_amount(point.charge_nano),
    }


def _line(line: StatementLine) -> dict[str, Any]:
    return {
        "id": str(line.txn_id),
        "at": utc(line.posted_at),
        "kind": line.kind,
        "amount": format_amount(line.amount_nano),
        "balance_after": format_amount(line.balance_after_nano),
        "job_id": None if line.job_id is None else str(line.job_id),
        "reference": line.reference,
    }
