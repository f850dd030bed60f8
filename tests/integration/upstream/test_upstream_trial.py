"""The small requests that show whether a channel works: what is sent, what is told, and what is not."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from farebox.catalog.snapshot import Channel, ChannelKey, channel_key_purpose
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.upstream.client import UpstreamClient
from farebox.upstream.limits import Timeouts
from farebox.upstream.trial import TrialResult, try_channel

SEAL = Seal(b"a secret key for tests")
SECRET = "sk-provider-secret-0001"
HASTY = Timeouts(connect_s=0.5, first_byte_s=0.5, idle_s=0.5)


def channel_at(url: str, kind: str = "openai-compatible") -> Channel:
    key_id = uuid4()
    return Channel(
        id=uuid4(),
        name="first",
        kind=kind,
        provider="p",
        base_url=url,
        allow_private=True,
        proxy=None,
        enabled=True,
        daily_cap_nano=None,
        concurrency=None,
        keys=(ChannelKey(key_id, SEAL.seal(SECRET.encode(), purpose=channel_key_purpose(key_id))),),
    )


async def tried(channel: Channel, model: str | None = None) -> TrialResult:
    client = UpstreamClient()
    try:
        return await try_channel(client, channel, SEAL, HASTY, SystemClock(), proxy=None, upstream_model=model)
    finally:
        await client.close()


def answering(status: int, body: bytes, heads: list[tuple[bytes, bytes]] | None = None) -> Any:
    async def script(peer: Any) -> None:
        asked = await peer.request()
        if heads is not None:
            heads.append(asked)
        await peer.send(b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n%s" % (status, len(body), body))

    return script


# Kind and path of the base URL -> how the list of models and a call are asked for, and how the key is told.
ASKED: dict[str, tuple[str, str, bytes, bytes, bytes]] = {
    "openai": ("openai", "/v1", b"/v1/models", b"/v1/chat/completions", b"authorization: Bearer "),
    "compatible": ("openai-compatible", "/api/v3", b"/api/v3/models", b"/api/v3/chat/completions", b"Bearer "),
    "anthropic": ("anthropic", "", b"/v1/models", b"/v1/messages", b"x-api-key: "),
    "gemini": ("gemini", "", b"/v1beta/models", b"/v1beta/models/m%2F1:generateContent", b"x-goog-api-key: "),
}


@pytest.mark.parametrize(("kind", "prefix", "listed", "called", "told"), ASKED.values(), ids=ASKED.keys())
async def test_each_kind_is_asked_in_its_own_words(
    provider: Any, kind: str, prefix: str, listed: bytes, called: bytes, told: bytes
) -> None:
    """Free where a list of models is enough; one small call where a model is named."""
    heads: list[tuple[bytes, bytes]] = []
    script = answering(200, b"{}", heads)
    async with provider(script) as there:
        channel = channel_at(there.url() + prefix, kind)
        assert (await tried(channel)).fault is None
        assert (await tried(channel, "m/1")).fault is None
    (list_head, list_body), (call_head, call_body) = heads
    assert list_head.startswith(b"GET " + listed + b" ")
    assert list_body == b""
    assert call_head.startswith(b"POST " + called + b" ")
    assert told + SECRET.encode() in call_head
    assert b"ping" in call_body
    assert msgspec.json.decode(call_body).get("model", "m/1") == "m/1"


# Status of a list of models, and of a call -> whether it works, whether the channel is down.
JUDGED: dict[int, tuple[bool, bool, bool]] = {
    200: (True, True, False),
    400: (False, False, False),
    401: (False, False, False),
    404: (True, False, False),
    429: (False, False, False),
    500: (False, False, True),
    503: (False, False, True),
}


@pytest.mark.parametrize(("status", "judged"), JUDGED.items())
async def test_a_status_is_judged(provider: Any, status: int, judged: tuple[bool, bool, bool]) -> None:
    """A server without a list of models works; a key that is refused is no outage; an error of the server is."""
    async with provider(answering(status, b"{}")) as there:
        listed, called = await tried(channel_at(there.url())), await tried(channel_at(there.url()), "m")
    assert (listed.fault is None, called.fault is None, called.is_down) == judged
    assert listed.is_down == called.is_down
    assert listed.status == status
    assert listed.connect_ms is not None
    assert listed.first_byte_ms is not None
    assert listed.total_ms is not None
    assert 0 <= listed.connect_ms <= listed.first_byte_ms <= listed.total_ms


async def test_a_server_that_says_nothing_or_is_not_there_is_down(provider: Any) -> None:
    """Times are told as far as it got."""

    async def silent(peer: Any) -> None:
        await peer.request()
        await peer.until_gone()

    async with provider(silent) as there:
        waiting = await tried(channel_at(there.url()))
        url = there.url()
    assert waiting.is_down
    assert waiting.connect_ms is not None
    assert waiting.first_byte_ms is None
    gone = await tried(channel_at(url))
    assert gone.is_down
    assert gone.connect_ms is None


async def test_what_is_shown_names_neither_keys_nor_accounts(provider: Any) -> None:
    """An operator may paste the output into a ticket."""
    said = f'{{"error": "Incorrect key {SECRET} of org-1234567890, see https://platform.example.com\x07"}}'
    async with provider(answering(401, said.encode())) as there:
        result = await tried(channel_at(there.url()))
    assert "Incorrect key" in result.answer
    for word in (SECRET, "org-1234567890", "example.com", "\x07"):
        assert word not in result.answer


async def test_a_channel_that_cannot_be_asked_is_a_fault() -> None:
    """A key sealed elsewhere and an address that is none are told, not raised."""
    whole = channel_at("http://127.0.0.1:1")
    foreign = msgspec.structs.replace(whole, keys=(ChannelKey(uuid4(), b"sealed by another"),))
    for channel in (foreign, msgspec.structs.replace(whole, base_url="ftp://x")):
        result = await tried(channel)
        assert result.is_down
        assert result.fault
