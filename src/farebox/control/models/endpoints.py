"""/api/public/models and /api/public/offers: what is on sale, at which price, for everybody to see."""

from fastapi import APIRouter

from farebox.catalog.discounts import running_discounts
from farebox.catalog.store import load_snapshot
from farebox.control.models.schemas import ModelsOnSale, Offers, offer_view, on_sale
from farebox.control.services import Here

router = APIRouter(prefix="/api/public", tags=["Public"])

_LASTING_S = 2.0


@router.get("/models")
async def list_models(services: Here) -> ModelsOnSale:
    """All models on sale with prices, sizes and what they take."""

    async def load() -> ModelsOnSale:
        async with services.pool.acquire() as connection:
            snapshot = await load_snapshot(connection)
        return on_sale(snapshot, services.policy.unit)

    return await services.recent.get("models", _LASTING_S, load)


@router.get("/offers")
async def list_offers(services: Here) -> Offers:
    """Discounts that run now, with their end."""

    async def load() -> Offers:
        async with services.pool.acquire() as connection:
            return Offers(data=[offer_view(row) for row in await running_discounts(connection)])

    return await services.recent.get("offers", _LASTING_S, load)
