"""Prices of a model over time: scheduled with notice, taken back before they begin, tried on the usage of the past.

Rate cards are only ever added. A job keeps the card it was admitted with.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from farebox.catalog import prices_store as store
from farebox.catalog.admin import CardAdded
from farebox.catalog.admin_store import insert_card, lock_model, newest_rates
from farebox.catalog.models import no_model
from farebox.catalog.prices_store import CardRow, UsedRow
from farebox.domain.errors import ActionRefused
from farebox.domain.price_change import rises
from farebox.domain.pricing import Rates, charge_nano
from farebox.domain.usage import usage_of_counts

PREVIEW_DAYS = 30
# More of them are estimated from so many, evenly picked.
MOST_PREVIEWED = 20_000
_SLACK = timedelta(minutes=1)


class Scheduled(msgspec.Struct, frozen=True):
    """A new rate card; `rises`: some call may cost more than on the card that it follows.

    `is_told_ahead`: it begins later, and customers are to hear of it.
    """

    card: CardAdded
    rises: bool
    is_told_ahead: bool


class Effect(msgspec.Struct, frozen=True):
    """What the jobs of the last days would have been charged. `is_estimate`: too many to price each.

    Jobs of test keys are not among them.
    """

    days: int
    jobs: int
    charged_nano: int
    repriced_nano: int
    cost_nano: int
    is_estimate: bool


async def schedule_price(
    connection: Any, model: str, rates: Rates, effective_at: datetime | None, *, notice_days: int, now: datetime
) -> Scheduled:
    """A new version of the prices, in force from `effective_at`; None is as soon as the notice allows.

    Raises ActionRefused when a price would rise before its notice is over.
    """
    if not await lock_model(connection, model):
        raise no_model(model)
    before = await store.rates_at(connection, model, effective_at)
    higher = before is not None and rises(before, rates)
    if effective_at is not None and effective_at < now - _SLACK:
        raise ActionRefused(
            "in_the_past", "A price cannot begin in the past: leave out when it begins.", status=422, field="starts_at"
        )
    if higher and notice_days:
        first = now + timedelta(days=notice_days)
        if effective_at is None:
            effective_at = first
        elif effective_at < first - _SLACK:
            raise ActionRefused(
                "notice_too_short",
                f"Prices that rise need {notice_days} days' notice: they can begin at "
                f"{first.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}.",
                status=422,
                field="starts_at",
                values={"days": notice_days},
            )
    card = CardAdded(*await insert_card(connection, model, rates, effective_at))
    return Scheduled(card, higher, is_told_ahead=card.effective_at > now + _SLACK)


async def newest_prices(connection: Any, model: str) -> Rates:
    """The prices that were set last, in force or not; the model is locked until the transaction ends."""
    if not await lock_model(connection, model):
        raise no_model(model)
    return await newest_rates(connection, model)


async def cancel_price(connection: Any, model: str, version: int, *, now: datetime) -> tuple[CardAdded, UUID | None]:
    """Takes a coming price back: a card with the prices before it is in force from the same moment.

    With it comes the announcement that told of the price, if there was one.
    """
    if not await lock_model(connection, model):
        raise no_model(model)
    cards = {card.version: card for card in await store.load_cards(connection, model)}
    card = cards.get(version)
    if card is None:
        raise ActionRefused("not_found", f"There is no version {version} of these prices.", status=404)
    if card.effective_at <= now:
        raise ActionRefused("already_in_force", "These prices are in force already: set new ones instead.")
    earlier = [each for each in cards.values() if each.effective_at < card.effective_at]
    if not earlier:
        raise ActionRefused("first_price", "There is no price before this one: set another instead.")
    standing = max(earlier, key=lambda each: (each.effective_at, each.version))
    added = CardAdded(*await insert_card(connection, model, standing.rates, card.effective_at))
    return added, await store.load_notice(connection, card.id)


async def price_history(connection: Any, model: str) -> Sequence[CardRow]:
    """All versions, the newest first."""
    found = await store.load_cards(connection, model)
    if not found:
        raise no_model(model)
    return found


async def preview(connection: Any, model: str, rates: Rates, *, now: datetime) -> Effect:
    """What the usage of the last days would have been charged at these prices, every job with its own discount."""
    since = now - timedelta(days=PREVIEW_DAYS)
    totals = await store.load_totals(connection, model, since)
    share = 1.0 if totals.jobs <= MOST_PREVIEWED else MOST_PREVIEWED / totals.jobs
    used = await store.load_used(connection, model, since, share)
    repriced = await asyncio.to_thread(_repriced, used, rates)
    charged = sum(row.charge_nano for row in used)
    if share < 1 and charged:
        repriced = repriced * totals.charge_nano // charged
    return Effect(
        days=PREVIEW_DAYS,
        jobs=totals.jobs,
        charged_nano=totals.charge_nano,
        repriced_nano=repriced,
        cost_nano=totals.cost_nano,
        is_estimate=share < 1,
    )


def _repriced(used: Sequence[UsedRow], rates: Rates) -> int:
    total_nano = 0
    for row in used:
        extra = {} if row.usage_extra is None else msgspec.json.decode(row.usage_extra)
        total_nano += charge_nano(rates, row.factor_ppm, usage_of_counts({**extra, **row.counts}))
    return total_nano
