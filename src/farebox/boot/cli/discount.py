"""`farebox discount …`: so much off for some models, for a time."""

from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.boot.cli.options import Data, Json, Limit, parse_when
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.catalog import discounts
from farebox.catalog.discounts_store import DiscountRow
from farebox.domain.errors import InvalidAmount
from farebox.domain.money import PPM, format_percent, parse_percent

app = typer.Typer(rich_markup_mode=None)


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What customers read.")],
    *,
    models: Annotated[str, typer.Option(metavar="A,B*,…", help="Names of models; * stands for anything.")],
    off: Annotated[str, typer.Option(metavar="PERCENT", help="How much less is charged.")],
    starts: Annotated[str | None, typer.Option(metavar="WHEN", help="A date, or a span such as 2d; else now.")] = None,
    ends: Annotated[str | None, typer.Option(metavar="WHEN", help="The first moment without it; else open.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Plan a discount. Of several that hold for a model, the largest counts."""
    off_ppm = _percent(off)
    patterns = tuple(part.strip() for part in models.split(",") if part.strip())
    if not patterns or not name.strip():
        raise typer.BadParameter("give a name and at least one model")

    async def work(session: Session) -> dict[str, Any]:
        told = {"name": name, "models": list(patterns), "off_percent": format_percent(off_ppm)}
        async with on_trail(session, "discount.add", f"discount:{name}", after=told):
            made = await discounts.plan_discount(
                session.connection,
                session.ids,
                name=name.strip(),
                patterns=patterns,
                off_ppm=off_ppm,
                starts_at=None if starts is None else parse_when(starts, session.now),
                ends_at=None if ends is None else parse_when(ends, session.now),
            )
        return _describe(made)

    made = run_command(data, work)
    emit(made, json=json, text=facts(made))


@app.command("list")
def list_(*, limit: Limit = 50, data: Data = None, json: Json = False) -> None:
    """The newest first, those that have ended among them."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [_describe(row) for row in await discounts.list_discounts(session.connection, None, limit)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("discount_id", "name", "models", "off_percent", "starts_at", "ends_at")))


@app.command()
def end(
    discount_id: Annotated[UUID, typer.Argument(metavar="DISCOUNT_ID")],
    *,
    when: Annotated[str | None, typer.Option(metavar="WHEN", help="A date, or a span such as 2d; else now.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """End a discount, or call off one that is to come; jobs under way keep it."""

    async def work(session: Session) -> dict[str, Any]:
        at = None if when is None else parse_when(when, session.now)
        async with on_trail(session, "discount.end", f"discount:{discount_id}"):
            _, after = await discounts.end_discount(session.connection, discount_id, at)
        return _describe(after)

    done = run_command(data, work)
    emit(done, json=json, text=facts(done))


def _percent(text: str) -> int:
    try:
        ppm = parse_percent(text)
    except InvalidAmount as error:
        raise typer.BadParameter(str(error)) from None
    if not 0 < ppm <= PPM:
        raise typer.BadParameter("a discount is above 0 and at most 100 per cent")
    return ppm


def _describe(row: DiscountRow) -> dict[str, Any]:
    return {
        "discount_id": str(row.id),
        "name": row.name,
        "models": list(row.patterns),
        "off_percent": format_percent(row.off_ppm),
        "starts_at": utc(row.starts_at),
        "ends_at": None if row.ends_at is None else utc(row.ends_at),
    }
