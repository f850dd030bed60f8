"""/webhooks: events of payment providers. What the provider has not signed changes nothing and is not kept."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from farebox.control.openapi_refusals import Responses
from farebox.control.payments.books import TheBooks, TheProviders
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.payments.events import receive_event
from farebox.payments.provider import BadSignature

router = APIRouter(prefix="/webhooks", tags=["Webhooks"])

_MOST_BYTES = 1_000_000
_REFUSED: Responses = {413: {"description": "The event is too large."}}
# It is read as bytes, because these are what is signed; FastAPI does not see it.
_SIGNED_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


class Received(BaseModel):
    """The event is stored; it is not to be sent again. `repeated`: it had come before."""

    received: bool = True
    repeated: bool


@router.post("/{provider}", responses=_REFUSED, openapi_extra=_SIGNED_BODY)
async def receive(
    provider: Literal["stripe", "creem"], request: Request, services: Here, books: TheBooks, providers: TheProviders
) -> Received:
    """Take in an event of a payment provider."""
    found = providers.get(provider)
    if found is None:
        raise ActionRefused("not_found", "There is nothing here.", status=404)
    body = await _body(request)
    # Header names are lower case already; of one that comes twice the last counts.
    headers = dict(request.headers)
    try:
        is_new = await receive_event(services.pool, books, found, body, headers, services.logger)
    except BadSignature:
        raise ActionRefused("bad_signature", "The signature does not fit.", status=400) from None
    return Received(repeated=not is_new)


async def _body(request: Request) -> bytes:
    """The bytes as they were signed, within bounds."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > _MOST_BYTES:
            raise ActionRefused("request_too_large", "An event has at most a million bytes.", status=413)
        pieces.append(piece)
    return b"".join(pieces)
