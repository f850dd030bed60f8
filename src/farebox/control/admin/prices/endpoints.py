"""/admin/prices: rate cards are only ever added; a job keeps the one it was admitted with."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query

from farebox.audit.record import record
from farebox.catalog import prices
from farebox.control import price_notice
from farebox.control.access import Staff, operator
from farebox.control.admin.models.schemas import ModelName
from farebox.control.admin.prices.schemas import (
    Cancelling,
    EffectView,
    History,
    NewPrices,
    PriceSet,
    Tried,
    card_view,
    effect_view,
    price_set,
)
from farebox.control.rates import rates_from
from farebox.control.services import Here

router = APIRouter(prefix="/admin/prices", tags=["Operator: prices"])

Reader = Annotated[Staff, operator("catalogue:read")]
Writer = Annotated[Staff, operator("catalogue:write")]


@router.get("")
async def show_history(model: Annotated[ModelName, Query()], _: Reader, services: Here) -> History:
    """All versions of a model's prices, coming ones among them."""
    async with services.pool.acquire() as connection:
        found = await prices.price_history(connection, model)
    return History(model=model, data=[card_view(row) for row in found])


@router.post("", status_code=201)
async def set_prices(body: NewPrices, staff: Writer, services: Here) -> PriceSet:
    """Set prices, now or for later; a rise keeps the notice that the policy names."""
    rates = rates_from(body.rates, services.policy.pricing)
    rule, now = services.policy.price_change, datetime.now(UTC)
    async with services.pool.acquire() as connection, connection.transaction():
        done = await prices.schedule_price(
            connection, body.model, rates, body.starts_at, notice_days=rule.notice_days, now=now
        )
        answer = price_set(body.model, done)
        await price_notice.announce(
            connection, services.ids, rule, body.model, done, now=now, public_url=services.public_url
        )
        await record(
            connection,
            services.ids,
            staff.actor,
            "price.set",
            target=f"model:{body.model}",
            after={**answer.model_dump(mode="json"), "rates": msgspec.to_builtins(rates)},
            reason=body.reason,
        )
    return answer


@router.post("/cancel", status_code=201)
async def cancel_prices(body: Cancelling, staff: Writer, services: Here) -> PriceSet:
    """Take coming prices back: the ones before them are in force from the same moment."""
    async with services.pool.acquire() as connection, connection.transaction():
        card, announcement_id = await prices.cancel_price(connection, body.model, body.version, now=datetime.now(UTC))
        if announcement_id is not None:
            await price_notice.withdraw(connection, announcement_id)
        answer = PriceSet(model=body.model, version=card.version, starts_at=card.effective_at, rises=False)
        await record(
            connection,
            services.ids,
            staff.actor,
            "price.cancel",
            target=f"model:{body.model}",
            before={"version": body.version},
            after=answer.model_dump(mode="json"),
            reason=body.reason,
        )
    return answer


@router.post("/preview")
async def preview_prices(body: Tried, _: Reader, services: Here) -> EffectView:
    """What the calls of the last 30 days would have been charged at these prices, and the margin."""
    rates = rates_from(body.rates, services.policy.pricing)
    async with services.pool.acquire() as connection:
        await prices.price_history(connection, body.model)
        return effect_view(await prices.preview(connection, body.model, rates, now=datetime.now(UTC)))
