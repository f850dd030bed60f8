"""GET /v1/models[/{id}] and /v1beta/models[/{id}]: what is on sale to this key, as the client's dialect has it."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from farebox.catalog.snapshot import Discount, Model, Snapshot
from farebox.catalog.terms import Terms, terms_of
from farebox.dialects.conversation import Dialect
from farebox.domain.errors import Refusal
from farebox.domain.money import ATTO_PER_NANO, ATTO_PER_PICO, PPM, format_amount, format_atto, format_percent
from farebox.domain.pieces import PiecePrices
from farebox.domain.pricing import PerCallCard, RateCard
from farebox.gateway.authenticate import Caller
from farebox.gateway.fit import ENDPOINTS_OF
from farebox.gateway.parameters import supported_parameters
from farebox.gateway.reads import reading

_TOKENS_PER_PRICE = 10**6
_PAGE, _LARGEST_PAGE = 20, 1000
_GEMINI_PAGE = 50
_GEMINI_METHODS = ("generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents")

Priced = tuple[Model, Terms]


async def list_models(
    pool: Any, caller: Caller, snapshot: Snapshot, unix_ms: int, unit: str, *, shape: Dialect, query: bytes
) -> dict[str, Any]:
    """Every model that this key can call now."""
    priced = await _on_sale(pool, caller, snapshot, unix_ms)
    asked = dict(parse_qsl(query.decode("latin-1")))
    if shape == "anthropic":
        return _anthropic_page([_anthropic(model) for model, _ in priced], asked)
    if shape == "gemini":
        return _gemini_page([_gemini(model) for model, _ in priced], asked)
    return {"object": "list", "data": [_openai(model, terms, snapshot, unit) for model, terms in priced]}


async def show_model(
    pool: Any, caller: Caller, snapshot: Snapshot, unix_ms: int, unit: str, name: str, *, shape: Dialect
) -> dict[str, Any]:
    """One model; 404 when this key cannot call it."""
    for model, terms in await _on_sale(pool, caller, snapshot, unix_ms):
        if model.name == name:
            match shape:
                case "anthropic":
                    return _anthropic(model)
                case "gemini":
                    return _gemini(model)
                case _:
                    return _openai(model, terms, snapshot, unit)
    raise Refusal("model_not_found", "There is no such model; GET /v1/models lists those that exist.", param="model")


async def _on_sale(pool: Any, caller: Caller, snapshot: Snapshot, unix_ms: int) -> list[Priced]:
    async with reading(pool, caller) as (_, view):
        allowed, group = view.row["models"], view.row["customer_group"]
    found: list[Priced] = []
    for name in sorted(snapshot.models):
        model = snapshot.models[name]
        card = model.card_at(unix_ms)
        if model.enabled and card is not None and (allowed is None or name in allowed):
            found.append((model, terms_of(snapshot, model, card, group, unix_ms)))
    return found


def _openai(model: Model, terms: Terms, snapshot: Snapshot, unit: str) -> dict[str, Any]:
    kinds = [
        snapshot.channels[route.channel_id].kind for route in model.routes if route.channel_id in snapshot.channels
    ]
    return {
        "id": model.name,
        "object": "model",
        "created": model.created_ms // 1000,
        "owned_by": model.owned_by,
        "context_window": model.context_tokens,
        "max_output_tokens": model.most_output_tokens,
        "input_modalities": model.input_modalities,
        "endpoints": [path for task in model.tasks for path in ENDPOINTS_OF[task]],
        "supported_parameters": supported_parameters(kinds) if "chat" in model.tasks else (),
        "pricing": {"unit": unit, **pricing_of(terms.card), **_discount(terms.discount, snapshot)},
    }


def _discount(discount: Discount | None, snapshot: Snapshot) -> dict[str, Any]:
    """The discount that the prices hold already, and when it ends."""
    if discount is None:
        return {}
    ends_ms = discount.ends_ms
    ends_at = None if ends_ms is None else datetime.fromtimestamp((ends_ms - snapshot.ahead_ms) / 1000, UTC)
    return {"discount": {"name": discount.name, "off_percent": format_percent(discount.off_ppm), "ends_at": ends_at}}


def pricing_of(card: RateCard) -> dict[str, Any]:
    """What is charged, discount included: decimal strings per million tokens, or per call by input size."""
    factor = card.factor_ppm
    rates = card.rates
    if isinstance(rates, PerCallCard):
        return {
            "tiers": [
                {
                    "up_to_input_tokens": tier.up_to_input_tokens,
                    "per_call": format_atto(tier.amount_nano * rates.multiplier * ATTO_PER_NANO // PPM * factor),
                }
                for tier in rates.tiers
            ]
        }
    shown: dict[str, Any] = {}
    for name in rates.prices.__struct_fields__:
        pico = getattr(rates.prices, name)
        if pico is not None:
            shown[name] = format_atto(pico * _TOKENS_PER_PRICE * ATTO_PER_PICO // PPM * factor)
    if rates.per_request_nano:
        shown["per_request"] = format_amount(rates.per_request_nano * factor // PPM)
    if rates.pieces is not None:
        shown.update(_by_the_piece(rates.pieces, factor))
    return shown


def _by_the_piece(prices: PiecePrices, factor: int) -> dict[str, Any]:
    """Per image, second of audio and search unit; characters per million, like tokens."""
    shown: dict[str, Any] = {}
    if prices.images:
        shown["images"] = [
            {"size": each.size or None, "quality": each.quality or None, "per_image": format_atto(each.pico * factor)}
            for each in prices.images
        ]
    if prices.character:
        shown["characters"] = format_atto(prices.character * _TOKENS_PER_PRICE * factor)
    if prices.audio_second:
        shown["audio_second"] = format_atto(prices.audio_second * factor)
    if prices.search_unit:
        shown["search_unit"] = format_atto(prices.search_unit * factor)
    return shown


def _anthropic(model: Model) -> dict[str, Any]:
    return {
        "type": "model",
        "id": model.name,
        "display_name": model.name,
        "created_at": datetime.fromtimestamp(model.created_ms // 1000, UTC),
    }


def _anthropic_page(models: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
    names = [model["id"] for model in models]
    if query.get("after_id") in names:
        models = models[names.index(query["after_id"]) + 1 :]
    limit = int(query["limit"]) if query.get("limit", "").isdecimal() else _PAGE
    page = models[: max(1, min(limit, _LARGEST_PAGE))]
    return {
        "data": page,
        "has_more": len(models) > len(page),
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
    }


def _gemini(model: Model) -> dict[str, Any]:
    return {
        "name": f"models/{model.name}",
        "version": "1",
        "displayName": model.name,
        **({} if model.context_tokens is None else {"inputTokenLimit": model.context_tokens}),
        **({} if model.most_output_tokens is None else {"outputTokenLimit": model.most_output_tokens}),
        "supportedGenerationMethods": _GEMINI_METHODS,
    }


def _gemini_page(models: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
    names = [model["name"] for model in models]
    if query.get("pageToken") in names:
        models = models[names.index(query["pageToken"]) + 1 :]
    size = int(query["pageSize"]) if query.get("pageSize", "").isdecimal() else _GEMINI_PAGE
    page = models[: max(1, min(size, _LARGEST_PAGE))]
    return {"models": page, **({"nextPageToken": page[-1]["name"]} if len(models) > len(page) else {})}
