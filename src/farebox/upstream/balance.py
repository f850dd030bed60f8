"""What is left of the operator's prepaid balance at a provider, where it tells those who have a key.

Where it is asked for, and what the answer means, is data of the preset. It is asked at the provider's own path, beside
that of its API.
"""

from urllib.parse import urlsplit

import msgspec

from farebox.catalog.snapshot import Channel
from farebox.domain.errors import InvalidAmount
from farebox.domain.money import parse_amount
from farebox.kit.crypto import Seal, SealError
from farebox.upstream.client import UpstreamClient
from farebox.upstream.endpoint import parse_endpoint
from farebox.upstream.errors import EndpointError, UpstreamError
from farebox.upstream.limits import Timeouts
from farebox.upstream.presets import BalanceFacts, preset_of
from farebox.upstream.provider import auth_headers

_MOST_BYTES = 64 * 1024


class Balance(msgspec.Struct, frozen=True):
    """In the provider's currency; nano-units of it."""

    currency: str
    amount_nano: int


def tells_balance(channel: Channel) -> bool:
    """Whether the channel's provider can be asked."""
    return preset_of(channel).balance is not None and bool(channel.keys)


async def ask_balance(
    client: UpstreamClient, channel: Channel, seal: Seal, timeouts: Timeouts, *, proxy: str | None
) -> tuple[Balance, ...] | None:
    """By currency; None when the provider gave no answer that can be read."""
    preset, key = preset_of(channel), channel.keys[0]
    facts = preset.balance
    assert facts is not None
    parts = urlsplit(channel.base_url)
    try:
        endpoint = parse_endpoint(
            f"{parts.scheme}://{parts.netloc}", allow_private=channel.allow_private, proxy=channel.proxy or proxy
        )
        headers = ((b"accept", b"application/json"), *auth_headers(preset, seal.open(key.sealed, purpose=key.purpose)))
        response = await client.send(endpoint, b"GET", facts.path.encode(), headers, b"", timeouts)
        try:
            raw = await response.read(_MOST_BYTES)
        finally:
            response.close()
    except (UpstreamError, EndpointError, SealError):
        return None
    return _read(facts, raw) if response.status == 200 else None


def _read(facts: BalanceFacts, raw: bytes) -> tuple[Balance, ...] | None:
    try:
        rows = msgspec.json.decode(raw)[facts.list]
        # Amounts are texts here and numbers there.
        return tuple(Balance(str(row[facts.currency]), parse_amount(str(row[facts.amount]))) for row in rows)
    except (msgspec.DecodeError, InvalidAmount, KeyError, TypeError):
        return None
