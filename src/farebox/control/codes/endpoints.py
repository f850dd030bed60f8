"""/api/codes: redeeming a code. Guesses are counted per account and per network address before they are looked at."""

from fastapi import APIRouter

from farebox.control.access import Billing
from farebox.control.codes.schemas import RedeemedView, TypedCode, redeemed_view
from farebox.control.origin import From
from farebox.control.payments.books import TheBooks
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.identity import throttle
from farebox.identity.throttle import Subject
from farebox.payments.codes.redemption import redeem
from farebox.storage.database import Connection
from farebox.traces.trace import leave_trace

router = APIRouter(prefix="/api/codes", tags=["Recharges"])

_FREE_PER_ACCOUNT = 10


@router.post("/redeem")
async def redeem_code(
    body: TypedCode, member: Billing, services: Here, books: TheBooks, origin: From, once: Once
) -> RedeemedView:
    """Add a code's credit to the balance; the same code again by the same account changes nothing."""
    guessing = (
        Subject("code", str(member.account_id), free=_FREE_PER_ACCOUNT),
        throttle.from_address(origin.address, kind="code_address"),
    )
    async with services.pool.acquire() as connection:
        await throttle.attempt(connection, services.salt, *guessing)

    async def work(connection: Connection) -> RedeemedView:
        redeemed = await redeem(connection, books, member.account_id, body.code, member.actor)
        if not redeemed.repeated:
            await leave_trace(
                connection,
                services.ids,
                "recharge",
                origin,
                account_id=member.account_id,
                person_id=member.person_id,
            )
        return redeemed_view(redeemed)

    answer = await once.run(f"person:{member.person_id}", work, RedeemedView)
    async with services.pool.acquire() as connection:
        await throttle.take_back(connection, services.salt, *guessing)
    return answer
