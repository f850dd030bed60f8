"""What the tests of images, audio, moderations and reranking share: a shop that sells them, and small files."""

import struct
import uuid
from decimal import ROUND_CEILING, Decimal
from typing import Any

from tests.support.gateway import Gateway, Shop

from farebox.catalog.admin import NewRoute
from farebox.domain.pieces import ImagePrice, PiecePrices
from farebox.domain.pricing import PerTokenCard, Rates, TokenPrices

NOTHING = TokenPrices(input=0, output=0)
PNG = b"\x89PNG\r\n\x1a\n\r\n--x" + bytes(64)
# 0.01 an image, 0.04 a high one; 15 per million characters; 0.0001 a second; 0.002 a search.
IMAGE_PICO = 10**10
PER_IMAGE = PerTokenCard(
    NOTHING, pieces=PiecePrices(images=(ImagePrice(IMAGE_PICO), ImagePrice(4 * IMAGE_PICO, "", "high")))
)
PER_IMAGE_TOKEN = PerTokenCard(TokenPrices(input=5_000_000, output=0, image_input=10_000_000, image_output=40_000_000))
PER_CHARACTER = PerTokenCard(NOTHING, pieces=PiecePrices(character=15_000_000))
PER_SECOND = PerTokenCard(NOTHING, pieces=PiecePrices(audio_second=100_000_000))
PER_AUDIO_TOKEN = PerTokenCard(TokenPrices(input=2_500_000, output=10_000_000, audio_input=6_000_000))
PER_SEARCH = PerTokenCard(NOTHING, pieces=PiecePrices(search_unit=2 * 10**9))
FREE = PerTokenCard(NOTHING)


def sell_media(shop: Shop, base_url: str, *, upstream_model: str = "", **channel: Any) -> None:
    """One channel, and a model for each kind of work; upstream the model has its own name, or the one given."""
    shop.channel("first", base_url, **channel)
    sold: tuple[tuple[str, str, Rates], ...] = (
        ("painter", "images", PER_IMAGE),
        ("token-painter", "images", PER_IMAGE_TOKEN),
        ("speaker", "speech", PER_CHARACTER),
        ("listener", "transcriptions", PER_SECOND),
        ("token-listener", "transcriptions", PER_AUDIO_TOKEN),
        ("judge", "moderations", FREE),
        ("ranker", "rerank", PER_SEARCH),
    )
    for name, task, rates in sold:
        route = NewRoute(channel="first", upstream_model=upstream_model or f"sim-{name}", cost=rates)
        shop.model(name, route, rates=rates, tasks=(task,))


def wav(seconds: float, rate: int = 8_000) -> bytes:
    """A recording of silence."""
    data = bytes(int(seconds * rate) * 2)
    shape = struct.pack("<HHIIHH", 1, 1, rate, rate * 2, 2, 16)
    size = struct.pack("<I", len(data))
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt \x10\0\0\0" + shape + b"data" + size + data


def form(*parts: tuple[str, str | tuple[str, bytes]]) -> tuple[bytes, dict[str, str]]:
    """A form's bytes and header; a file is a (file name, content)."""
    boundary = uuid.uuid4().hex
    body = b""
    for name, value in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        if isinstance(value, str):
            body += b"\r\n\r\n" + value.encode()
        else:
            body += f'; filename="{value[0]}"\r\nContent-Type: audio/wav\r\n\r\n'.encode() + value[1]
        body += b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), {"content-type": f"multipart/form-data; boundary={boundary}"}


def send_form(gateway: Gateway, path: str, *parts: tuple[str, str | tuple[str, bytes]], **headers: str) -> Any:
    body, content_type = form(*parts)
    return gateway.call("POST", path, body, headers={**content_type, **headers})


def check_receipt(gateway: Gateway, job_id: str) -> Any:
    """The receipt, whose lines, rounded up once, are the charge."""
    receipt = gateway.call("GET", f"/v1/jobs/{job_id}").json
    total = sum((Decimal(line["amount"]) for line in receipt["lines"]), Decimal())
    assert Decimal(receipt["charge"]) == total.quantize(Decimal("0.000000001"), rounding=ROUND_CEILING)
    assert all(Decimal(line["amount"]) == line["quantity"] * Decimal(line["unit_price"]) for line in receipt["lines"])
    assert Decimal(receipt["charge"]) <= Decimal(receipt["hold"])
    return receipt
