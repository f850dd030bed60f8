"""`farebox case …`: the queue of what wants a decision."""

from typing import Annotated, Any, Literal

import typer

from farebox.audit.record import COMMAND, record
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, Note, OfAnyAccount, words
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.cases import case as service
from farebox.cases.case import Case, CaseKind

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("case_id", "kind", "subject", "status", "opened_at", "due_at", "decision")


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    status: Annotated[Literal["open", "closed"] | None, typer.Option(help="Only those that are.")] = None,
    kind: Annotated[CaseKind | None, typer.Option(help="Only those of this kind.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show cases."""

    async def work(session: Session) -> list[Case]:
        return await service.list_cases(
            session.connection, None, limit=limit, status=status, kind=kind, account_id=account
        )

    found = [_described(each) for each in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def show(case_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Show a case with its facts."""

    async def work(session: Session) -> Case:
        return await service.show_case(session.connection, case_id)

    found = _described(run_command(data, work))
    emit(found, json=json, text=facts(found))


@app.command()
def close(
    case_id: IdArgument,
    *,
    decision: Annotated[str, typer.Option(parser=words, metavar="D", help="What was decided, in a few words.")],
    note: Note = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Decide and close a case; `farebox risk decide` is for those that change the account."""

    async def work(session: Session) -> Case:
        connection = session.connection
        async with connection.transaction():
            closed = await service.close_case(connection, case_id, decision=decision, note=note)
            await record(
                connection,
                session.ids,
                COMMAND,
                "case.close",
                target=f"case:{case_id}",
                account_id=closed.account_id,
                before={"status": "open"},
                after={"status": closed.status, "decision": closed.decision},
                reason=note,
            )
        return closed

    found = _described(run_command(data, work))
    emit(found, json=json, text=f"case {case_id} is closed: {found['decision']}")


def _described(case: Case) -> dict[str, Any]:
    return {
        "case_id": str(case.id),
        "kind": case.kind,
        "subject": case.subject,
        "account_id": None if case.account_id is None else str(case.account_id),
        "status": case.status,
        "facts": case.facts,
        "opened_at": utc(case.opened_at),
        "due_at": utc(case.due_at),
        "closed_at": utc(case.closed_at),
        "decision": case.decision,
        "note": case.note,
    }
