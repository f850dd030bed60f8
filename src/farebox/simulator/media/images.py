"""Images made and edited: one tiny PNG for each, and token counts that grow with size and quality."""

from typing import Any

import msgspec

from farebox.simulator.dialect import Endpoint, Incoming
from farebox.simulator.errors import bad_request
from farebox.simulator.identity import CREATED_HOLE, Marks
from farebox.simulator.media.multipart import read_form
from farebox.simulator.openai import OPENAI
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import text_tokens
from farebox.simulator.script import Script, json_script, stream_script
from farebox.simulator.stats import RequestHead
from farebox.simulator.stream import Event

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
QUALITY_TOKENS = {"low": 272, "medium": 1056, "high": 4160}
SIZES = ("1024x1024", "1024x1536", "1536x1024")
INPUT_IMAGE_TOKENS = 323
IMAGES_MAX = 10
ADDRESS_MODELS = ("sim-addresses",)  # these give addresses of images unless they are asked for the images


class ImageRequest(msgspec.Struct):
    """What is asked for, whether as JSON or as a form; `images` are the ones to edit."""

    prompt: str
    model: str = "sim-image"
    n: int | None = None
    size: str | None = None
    quality: str | None = None
    response_format: str | None = None
    stream: bool | None = None
    partial_images: int | None = None
    images: int = 0


DECODER = msgspec.json.Decoder(ImageRequest)


def _read(incoming: Incoming) -> ImageRequest:
    request = DECODER.decode(incoming.body)
    request.images = 0
    return request


def _read_edit(incoming: Incoming) -> ImageRequest:
    form = read_form(incoming.body, incoming.content_type)
    wanted = {"prompt": form.field("prompt"), **form.fields, "images": len(form.file_list("image"))}
    return msgspec.convert(wanted, ImageRequest, strict=False)


def _check(request: ImageRequest, options: SimulatorOptions) -> None:
    if not 1 <= (request.n or 1) <= IMAGES_MAX:
        raise bad_request(f"Invalid 'n': expected a value between 1 and {IMAGES_MAX}.", "n")
    if request.size not in (None, "auto", *SIZES):
        raise bad_request(f"Invalid value: '{request.size}'. Supported values are: {', '.join(SIZES)}.", "size")
    if request.quality not in (None, "auto", *QUALITY_TOKENS):
        raise bad_request(f"Invalid value: '{request.quality}'.", "quality")


def _answer(request: ImageRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    count = request.n or 1
    quality = request.quality if request.quality in QUALITY_TOKENS else "medium"
    size = request.size if request.size in SIZES else SIZES[0]
    tokens = QUALITY_TOKENS[quality] * (3 if size != SIZES[0] else 2) // 2 * count
    data: dict[str, str] = {"b64_json": PIXEL}
    usual = "url" if model.startswith(ADDRESS_MODELS) else "b64_json"
    if (request.response_format or usual) == "url":
        data = {"url": "https://images.simulated-upstream.example/1.png", "revised_prompt": request.prompt}
    body: dict[str, Any] = {
        "created": CREATED_HOLE,
        "background": "opaque",
        "data": [data] * count,
        "output_format": "png",
        "quality": quality,
        "size": size,
    }
    text = _prompt_tokens(request)
    seen = request.images * INPUT_IMAGE_TOKENS
    if options.usage != "missing":
        body["usage"] = {
            "input_tokens": text + seen,
            "input_tokens_details": {"image_tokens": seen, "text_tokens": text},
            "output_tokens": tokens,
            "total_tokens": text + seen + tokens,
        }
    if request.stream:
        return stream_script(_events(request, body, count), options, marks)
    return json_script(msgspec.json.encode(body), options, tokens=(text + seen, tokens), marks=marks)


def _events(request: ImageRequest, body: dict[str, Any], count: int) -> list[Event]:
    """Previews, and for every image an event that completes it with its share of the usage."""
    kind = "image_edit" if request.images else "image_generation"
    shape = {name: body[name] for name in ("size", "quality", "background", "output_format")}
    if "usage" in body:
        names = ("input_tokens", "output_tokens", "total_tokens")
        shape["usage"] = {**body["usage"], **{name: body["usage"][name] // count for name in names}}
    events: list[dict[str, Any]] = []
    for _ in range(count):
        previews = range(request.partial_images or 0)
        events += [{"type": f"{kind}.partial_image", "b64_json": PIXEL, "partial_image_index": at} for at in previews]
        events.append({"type": f"{kind}.completed", "b64_json": PIXEL, "created_at": CREATED_HOLE, **shape})
    return [
        Event(f"event: {event['type']}\ndata: ".encode() + msgspec.json.encode(event) + b"\n\n", 1) for event in events
    ]


def _prompt_tokens(request: ImageRequest) -> int:
    return text_tokens(request.prompt)


def _head(path: str, request: ImageRequest, model: str) -> RequestHead:
    return RequestHead(path, model, n=request.n)


IMAGE_ENDPOINTS = {
    "/v1/images/generations": Endpoint(OPENAI, _read, _head, _answer, _prompt_tokens, _check),
    "/v1/images/edits": Endpoint(OPENAI, _read_edit, _head, _answer, _prompt_tokens, _check, repeatable=False),
}
