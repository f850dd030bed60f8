"""`farebox code …`: redemption codes in batches. Codes are printed when they are made, and never again."""

from typing import Annotated, Any

import typer

from farebox.audit.record import COMMAND
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, NeededReason, parse_id, parse_when, positive_option
from farebox.boot.cli.output import emit, facts, note, table, utc
from farebox.boot.cli.payment_books import books_of
from farebox.boot.cli.session import Session, run_command
from farebox.domain.money import format_amount
from farebox.payments.codes import batch as batches
from farebox.payments.codes import code_store
from farebox.payments.codes.batch import MOST_CODES, NewBatch
from farebox.payments.codes.code import Batch, Code, CodeState

app = typer.Typer(rich_markup_mode=None)

_BATCH_COLUMNS = ("batch_id", "kind", "amount", "count", "redeemed", "redeem_until", "voided_at", "note")
_CODE_COLUMNS = ("code_id", "hint", "state", "redeemed_by", "redeemed_at")
OfBatch = Annotated[str | None, typer.Option("--batch", metavar="ID", help="The codes of this batch.")]
OneCode = Annotated[str | None, typer.Option("--code", metavar="ID", help="Only this code of it.")]


@app.command()
def create(
    *,
    count: Annotated[int, typer.Option(min=1, max=MOST_CODES, metavar="N", help="How many.")],
    amount: Annotated[int, positive_option("What each is worth.")],
    price_minor: Annotated[
        int | None, typer.Option(min=1, metavar="CENTS", help="For how much one was sold elsewhere; else it is given.")
    ] = None,
    currency: Annotated[str | None, typer.Option(metavar="CUR", help="Of the price, such as USD.")] = None,
    per_account: Annotated[int, typer.Option(min=0, metavar="N", help="0: as many as there are.")] = 1,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="A date, or a span such as 90d.")] = None,
    credit_days: Annotated[int, typer.Option(min=0, max=3_650, metavar="N", help="0: the credit stays.")] = 0,
    note_text: Annotated[str, typer.Option("--note", metavar="TEXT", help="For whom, or what for.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Make codes and print them, one a line: only now, for they are stored as hashes."""

    async def work(session: Session) -> dict[str, Any]:
        wanted = NewBatch(
            kind="promo" if price_minor is None else "sold",
            codes=count,
            amount_nano=amount,
            price_minor=price_minor,
            currency=currency,
            most_per_account=per_account or None,
            redeem_until=None if until is None else parse_when(until, session.now),
            credit_days=credit_days,
            note=note_text,
        )
        made, codes = await batches.make_batch(session.connection, books_of(session), wanted, COMMAND, "command:cli")
        return {**_describe(made), "codes": [each.code for each in codes]}

    made = run_command(data, work)
    emit(made, json=json, text="\n".join(made["codes"]))
    if not json:
        note(f"batch {made['batch_id']}: keep these codes, they are not shown again")


@app.command("list")
def list_(
    *,
    batch: OfBatch = None,
    state: Annotated[CodeState | None, typer.Option(help="Only codes in this state, such as open.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Batches, or the codes of one by how they begin."""
    batch_id = None if batch is None else parse_id(batch)
    if batch_id is None and state is not None:
        raise typer.BadParameter("name the batch whose codes are wanted")

    async def work(session: Session) -> list[dict[str, Any]]:
        if batch_id is None:
            return [_describe(each) for each in await code_store.page_batches(session.connection, None, limit)]
        await batches.load_batch(session.connection, batch_id)
        found = await code_store.page_codes(session.connection, batch_id, state, None, limit)
        return [_describe_code(each) for each in found]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, _BATCH_COLUMNS if batch_id is None else _CODE_COLUMNS))


@app.command()
def find(
    code: Annotated[str, typer.Argument(metavar="CODE", help="As the customer typed it.")],
    *,
    data: Data = None,
    json: Json = False,
) -> None:
    """What has become of a code that a customer asks about."""

    async def work(session: Session) -> Code:
        return await batches.find_code(session.connection, code)

    found = _describe_code(run_command(data, work))
    emit(found, json=json, text=facts(found))


@app.command()
def void(
    batch_id: IdArgument,
    *,
    code: OneCode = None,
    reason: NeededReason,
    data: Data = None,
    json: Json = False,
) -> None:
    """Let no code of a batch be redeemed any more, or one of them; credit that was redeemed stays."""
    code_id = None if code is None else parse_id(code)

    async def work(session: Session) -> dict[str, Any]:
        books = books_of(session)
        if code_id is None:
            return _describe(await batches.void_batch(session.connection, books, batch_id, COMMAND, reason))
        return _describe_code(await batches.void_code(session.connection, books, batch_id, code_id, COMMAND, reason))

    done = run_command(data, work)
    emit(done, json=json, text=facts(done))


def _describe(batch: Batch) -> dict[str, Any]:
    return {
        "batch_id": str(batch.id),
        "kind": batch.kind,
        "amount": format_amount(batch.amount_nano),
        "price_minor": batch.price_minor,
        "currency": batch.currency,
        "count": batch.codes,
        "redeemed": batch.redeemed,
        "most_per_account": batch.most_per_account,
        "redeem_until": utc(batch.redeem_until),
        "credit_days": batch.credit_days,
        "note": batch.note,
        "created_at": utc(batch.created_at),
        "voided_at": utc(batch.voided_at),
    }


def _describe_code(code: Code) -> dict[str, Any]:
    return {
        "code_id": str(code.id),
        "hint": code.hint,
        "state": code.state,
        "redeemed_by": None if code.redeemed_by is None else str(code.redeemed_by),
        "redeemed_at": utc(code.redeemed_at),
        "voided_at": utc(code.voided_at),
    }
