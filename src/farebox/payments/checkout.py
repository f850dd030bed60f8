"""A customer asks for credit: the recharge is stored first, then its page to pay on is made at the provider.

The provider knows the recharge by our id, so that a request that died half-way is simply made again: the same
Idempotency-Key finds the same recharge, and the provider gives the same page. Nothing is credited here.
"""

import hashlib
from uuid import UUID

import asyncpg
import msgspec

from farebox.audit.record import Actor, record
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.payments import payment_store, recharge_store
from farebox.payments.adding import check_adding
from farebox.payments.auto_recharge import auto_recharge_store
from farebox.payments.books import Books
from farebox.payments.events import Providers
from farebox.payments.fact import Mode
from farebox.payments.offers import Offer, check_open, methods, offer_of
from farebox.payments.provider import Checkout, CheckoutOrder, PaymentProvider, ProviderAway, ProviderRefused
from farebox.payments.recharge import OPEN_STATES, Method, Recharge
from farebox.payments.settling import settle_recharge
from farebox.storage.database import Connection, Pool


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a member asks for: a package, or an amount of credit as a decimal string."""

    account_id: UUID
    method: Method
    package: str = ""
    amount: str = ""
    evidence: str = ""  # of a manual transfer
    note: str = ""
    keep_method: bool = False
    requested_by: UUID | None
    email: str = ""
    language: str = "en"
    idempotency_key: str

    def digest(self) -> bytes:
        told = (self.method, self.package, self.amount, self.evidence, self.note, self.keep_method)
        return hashlib.sha256(msgspec.json.encode(told)).digest()


async def request_recharge(
    pool: Pool, books: Books, providers: Providers, wish: Wish, actor: Actor, *, back_url: str
) -> Recharge:
    """The recharge with its page to pay on, or waiting for review; the same key gives the same one.

    Raises ActionRefused when it is not on offer, beyond a limit, or refused or unanswered by the provider.
    """
    provider = _provider(providers, wish.method)
    async with pool.acquire() as connection:
        async with connection.transaction():
            recharge = await _find_or_insert(connection, books, wish, actor, provider.mode if provider else "live")
        if provider is None or recharge.state != "pending":
            return recharge
    # Not inside of a transaction, nor with a connection in hand. Killed here: the next request makes it again.
    checkout = await _open_page(pool, books, provider, recharge, wish, back_url)
    async with pool.acquire() as connection, connection.transaction():
        await payment_store.lock_account(connection, recharge.account_id)
        await recharge_store.set_checkout(connection, recharge.id, checkout.ref, checkout.url, checkout.expires_at)
        await settle_recharge(connection, books, recharge.id)
        opened = await recharge_store.load(connection, recharge.id)
        assert opened is not None
        return opened


async def cancel_recharge(connection: Connection, books: Books, recharge: Recharge, actor: Actor) -> None:
    """Give up a recharge that nobody has paid or decided; money that arrives all the same is credited."""
    async with connection.transaction():
        await payment_store.lock_account(connection, recharge.account_id)
        current = await recharge_store.lock(connection, recharge.id)
        assert current is not None
        paid = [
            payment for payment in await payment_store.of_recharge(connection, recharge.id) if payment.state == "paid"
        ]
        if current.state not in OPEN_STATES or paid:
            raise ActionRefused("not_open", f"This recharge is {current.state} and cannot be cancelled.")
        if await auto_recharge_store.is_open(connection, recharge.id):
            raise ActionRefused("under_way", "Your card is just being charged: end automatic recharges instead.")
        await recharge_store.set_cancelled(connection, recharge.id)
        await settle_recharge(connection, books, recharge.id)
        await record(
            connection,
            books.ids,
            actor,
            "recharge.cancel",
            target=f"recharge:{recharge.id}",
            account_id=recharge.account_id,
            before={"state": current.state},
            after={"state": "cancelled"},
        )


async def _find_or_insert(connection: Connection, books: Books, wish: Wish, actor: Actor, mode: Mode) -> Recharge:
    await payment_store.lock_account(connection, wish.account_id)
    earlier = await recharge_store.load_by_key(connection, wish.account_id, wish.idempotency_key)
    if earlier is not None:
        if earlier.input_hash != wish.digest():
            raise ActionRefused(
                "idempotency_mismatch", "This Idempotency-Key was used with another request.", status=422
            )
        return earlier
    offer = offer_of(books.policy.recharge, wish.method, wish.package, wish.amount)
    await _check(connection, books, wish, offer)
    recharge = await _insert(connection, books, wish, offer, mode)
    await record(
        connection,
        books.ids,
        actor,
        "recharge.request",
        target=f"recharge:{recharge.id}",
        account_id=wish.account_id,
        after={
            "method": wish.method,
            "credit": format_amount(offer.credit_nano),
            "price_minor": offer.price_minor,
            "currency": offer.currency,
        },
    )
    return recharge


async def _check(connection: Connection, books: Books, wish: Wish, offer: Offer) -> None:
    await check_adding(connection, books, wish.account_id, wish.method, offer.credit_nano)
    check_open(books.policy.recharge, await recharge_store.count_open(connection, wish.account_id))
    if wish.method != "manual":
        return
    if not wish.evidence:
        raise ActionRefused("evidence_missing", "Give the reference of your transfer.", status=422, field="evidence")
    if await recharge_store.has_evidence(connection, wish.evidence):
        raise _evidence_used()


async def _insert(connection: Connection, books: Books, wish: Wish, offer: Offer, mode: Mode) -> Recharge:
    recharge_id = books.ids.new()
    recharge = Recharge(
        id=recharge_id,
        account_id=wish.account_id,
        method=wish.method,
        state="review" if wish.method == "manual" else "pending",
        needs_review=methods(books.policy.recharge)[wish.method],
        mode=mode,
        credit_nano=offer.credit_nano,
        bonus_nano=offer.bonus_nano,
        credit_days=books.policy.recharge.credit_days,
        price_minor=offer.price_minor,
        currency=offer.currency,
        package=offer.package,
        product=offer.product,
        requested_by=wish.requested_by,
        idempotency_key=wish.idempotency_key,
        input_hash=wish.digest(),
        keep_method=wish.keep_method,
        evidence=wish.evidence,
        note=wish.note,
    )
    try:
        return await recharge_store.insert(connection, recharge)
    except asyncpg.UniqueViolationError:
        # Two accounts that hand in the same transfer in the same moment.
        raise _evidence_used() from None


async def _open_page(
    pool: Pool, books: Books, provider: PaymentProvider, recharge: Recharge, wish: Wish, back_url: str
) -> Checkout:
    try:
        return await provider.create_checkout(order_of(recharge, wish, books.policy.unit, back_url))
    except ProviderRefused as error:
        async with pool.acquire() as connection:
            await recharge_store.set_state(connection, recharge.id, "failed")
        raise ActionRefused(
            "payment_provider_refused", "The payment provider refuses this. Try another method.", status=502
        ) from error
    except ProviderAway as error:
        raise ActionRefused(
            "payment_provider_away",
            "The payment provider does not answer. Try again with the same Idempotency-Key.",
            status=503,
        ) from error


def order_of(recharge: Recharge, wish: Wish, unit: str, back_url: str) -> CheckoutOrder:
    """What the provider is asked for."""
    return CheckoutOrder(
        recharge_id=recharge.id,
        account_id=recharge.account_id,
        price_minor=recharge.price_minor,
        currency=recharge.currency,
        label=f"{format_amount(recharge.credit_nano)} {unit if unit == 'USD' else 'credits'}",
        product=recharge.product,
        is_free_amount=not recharge.package,
        email=wish.email,
        language=wish.language,
        success_url=f"{back_url}?recharge={recharge.id}&outcome=paid",
        cancel_url=f"{back_url}?recharge={recharge.id}&outcome=left",
        keep_method=recharge.keep_method,
    )


def _evidence_used() -> ActionRefused:
    return ActionRefused("evidence_used", "This transfer has been handed in already.", field="evidence")


def _provider(providers: Providers, method: Method) -> PaymentProvider | None:
    if method == "manual":
        return None
    provider = providers.get(method)
    if provider is None:
        raise ActionRefused("method_not_offered", f"Recharging by {method} is not offered.", field="method")
    return provider
