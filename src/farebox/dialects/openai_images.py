"""Images made and edited, in OpenAI's dialect: what decides their price, and answers without addresses.

Image models of OpenAI report tokens; others are sold by the image. A request is bounded for both: by its number of
images with their size and quality, and by the tokens that OpenAI publishes for these. An answer that gives addresses
instead of images would name the provider (and often the operator's account there), so providers are asked for the
images themselves, and addresses are never passed on.
"""

import math
import re
from typing import Any

import msgspec

from farebox.dialects.exchange import ByteCount, JobStamp, Media, ParsedRequest, PlainAnswer, ProviderFault
from farebox.dialects.json_body import Spans, edit
from farebox.dialects.media_answer import identity_changes, is_told, plain_answer, read_object, unusable, value_at
from farebox.dialects.media_events import EVENTS, EventRelay
from farebox.dialects.media_request import (
    FormRequest,
    Judge,
    encoded,
    form_request,
    form_tree,
    judge_fields,
    media_request,
    only,
    refused,
    text_field,
    upstream_json,
    whole,
    word,
)
from farebox.dialects.multipart import Form
from farebox.dialects.openai_answer import string_at
from farebox.dialects.openai_fields import Facts, bad_field
from farebox.dialects.openai_usage import read_usage_bytes, stamped_usage
from farebox.dialects.request_body import read_request_body
from farebox.dialects.scrub import Scrub
from farebox.dialects.text_bytes import count_bytes
from farebox.domain.pieces import Pieces
from farebox.domain.usage import Usage

MOST_PARTIAL_IMAGES = 3
MOST_INPUT_IMAGES = 16
# Of one image of 1024 x 1024 by quality, and of one more preview of a stream (OpenAI's guide on image generation).
_TOKENS = {"low": 272, "medium": 1_056, "high": 4_160}
_PARTIAL_TOKENS = 100
_SQUARE_PIXELS = 1024 * 1024
_UNKNOWN_SIZE_SHARE = 1.5
# Of an image to edit: at most 8 tiles of 129 tokens and a base of 65; with high fidelity as many as the largest has.
_INPUT_TOKENS = 65 + 8 * 129
_FIDELITY_TOKENS = 6_240
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")
_COMPLETED = frozenset({"image_generation.completed", "image_edit.completed"})
_ONLY_OPENAI = re.compile(r"gpt-image|chatgpt-image")

_BY_SIZE = "has no price here. Use `size` and `quality`"
_BY_N = "has no price here. Use `n`"
_FIELDS: dict[str, Judge] = {
    "response_format": only("b64_json", reason='may only be "b64_json": an address would be the provider\'s'),
    "background": only("transparent", "opaque", "auto", reason="must be transparent, opaque or auto"),
    "partial_images": whole(0, MOST_PARTIAL_IMAGES),
    **dict.fromkeys(("width", "height", "image_size", "resolution", "aspect_ratio"), refused(_BY_SIZE)),
    **dict.fromkeys(("steps", "num_inference_steps"), refused("has no price here. Remove it")),
    **dict.fromkeys(("num_images", "num_outputs", "batch_size", "samples"), refused(_BY_N)),
    "sequential_image_generation": only("disabled", reason="has no price here. Use `n`"),
    "file_id": refused("refers to a file kept at the provider. Send the image itself"),
    "images": refused("has no price here. Send each image as a file named `image[]`"),
}


def parse_generation(raw: bytes) -> ParsedRequest:
    """A request for images; raises Refusal."""
    body = read_request_body(raw)
    tree = body.tree
    facts = judge_fields(tree, _FIELDS | {"image": refused("belongs to /v1/images/edits")})
    text_field(tree, "prompt")
    media, tokens = _media(tree, facts, count_bytes(body.plain))
    return media_request(
        "images.generations",
        raw,
        body,
        facts,
        media,
        stream=facts.stream,
        answers=facts.n,
        most_output_tokens=tokens,
    )


def parse_edit(form: Form, raw: bytes) -> FormRequest:
    """A request to edit images, which came as a form; raises Refusal."""
    tree = form_tree(form, numbers=("n", "partial_images"), flags=("stream",))
    facts = judge_fields(tree, _FIELDS)
    text = text_field(tree, "prompt")
    images = [file for file in form.files if file.name in ("image", "image[]")]
    masks = [file for file in form.files if file.name == "mask"]
    if not images or len(images) > MOST_INPUT_IMAGES or len(masks) > 1:
        raise bad_field("image", f"must be 1 to {MOST_INPUT_IMAGES} files, with at most one `mask`")
    if len(images) + len(masks) != len(form.files) or any(name in tree for name in ("image", "image[]", "mask")):
        raise bad_field("image", "and `mask` are the only files of an edit, and must be files")
    fidelity = word("input_fidelity", tree.get("input_fidelity") or "high")
    each = _INPUT_TOKENS + (0 if fidelity == "low" else _FIDELITY_TOKENS)
    count = msgspec.structs.replace(count_bytes(text.encode()), media_tokens=each * len(form.files))
    media, tokens = _media(tree, facts, count)
    return form_request(
        "images.edits",
        form,
        raw,
        facts,
        media,
        count,
        stream=facts.stream,
        answers=facts.n,
        most_output_tokens=tokens,
    )


def upstream_body(parsed: ParsedRequest, upstream_model: str) -> bytes:
    """The JSON body for a provider, which is asked for the image itself where it would give an address."""
    asks = "response_format" in parsed.spans or _ONLY_OPENAI.search(upstream_model.lower())
    return upstream_json(parsed, upstream_model, {} if asks else {"response_format": b'"b64_json"'})


def added_fields(parsed: ParsedRequest, upstream_model: str) -> tuple[tuple[str, str], ...]:
    """The same for a form."""
    assert isinstance(parsed, FormRequest)
    asks = any(name == "response_format" for name, _ in parsed.form.fields)
    return () if asks or _ONLY_OPENAI.search(upstream_model.lower()) else (("response_format", "b64_json"),)


def output_tokens(size: str, quality: str) -> int:
    """The most output tokens that an image of this size and quality has, by OpenAI's published counts."""
    found = _SIZE.fullmatch(size)
    share = _UNKNOWN_SIZE_SHARE if found is None else max(1.0, int(found[1]) * int(found[2]) / _SQUARE_PIXELS)
    return math.ceil(_TOKENS.get(quality, _TOKENS["high"]) * share)


def read_answer(parsed: ParsedRequest, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
    """Images, with how many there are and what of their size and quality the provider or the client has said."""
    spans = read_object(status, content_type, raw)
    if isinstance(spans, ProviderFault):
        return spans
    try:
        images = _IMAGES.decode(value_at(raw, spans, "data"))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return unusable(status, "not_images")
    if not images:
        return unusable(status, "empty_answer")
    if any(image.url for image in images):
        return unusable(status, "address_instead_of_image")
    size, quality = (string_at(raw, spans, name) or "" for name in ("size", "quality"))
    usage, is_counted = usage_of(parsed, value_at(raw, spans, "usage"), len(images), size, quality)
    return plain_answer(parsed.endpoint, raw, spans, usage, is_counted=is_counted)


def usage_of(parsed: ParsedRequest, reported: bytes, images: int, size: str, quality: str) -> tuple[Usage, bool]:
    """What so many images have used, and whether the tokens were counted here because the provider told none."""
    assert parsed.media is not None
    wanted = parsed.media.most
    pieces = Pieces(
        images=images,
        image_size=wanted.image_size or _known(size),
        image_quality=wanted.image_quality or _known(quality),
    )
    usage = read_usage_bytes(reported, parsed.endpoint)
    if usage is None:
        made = images * output_tokens(pieces.image_size, pieces.image_quality)
        return msgspec.structs.replace(parsed.media.delivered(made), pieces=pieces), True
    if not usage.image_output_tokens and not usage.reasoning_tokens:
        usage = msgspec.structs.replace(usage, image_output_tokens=usage.output_tokens)
    return msgspec.structs.replace(usage, pieces=pieces), False


def relay(parsed: ParsedRequest, stamp: JobStamp, scrub: Scrub) -> EventRelay:
    """A stream of previews and images. Every image ends with an event of its own, which says what it has used."""

    def read(data: bytes, spans: Spans) -> Usage:
        size, quality = (string_at(data, spans, name) or "" for name in ("size", "quality"))
        return usage_of(parsed, value_at(data, spans, "usage"), 1, size, quality)[0]

    return EventRelay(stamp, scrub, _COMPLETED, read, usage_value, is_sum=True)


def stamp_answer(answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
    """The answer as the customer gets it."""
    raw, spans = answer.raw, answer.spans
    changes = identity_changes(raw, spans, stamp, "img-")
    changes["usage"] = usage_value(value_at(raw, spans, "usage"), usage, cost)
    return edit(raw, spans, changes)


def usage_value(reported: bytes, usage: Usage, cost: str | None) -> bytes:
    """The provider's usage object with our cost, or ours where it gave none."""
    if is_told(reported):
        return stamped_usage(reported, cost)
    shape: dict[str, Any] = {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {
            "image_tokens": usage.image_input_tokens,
            "text_tokens": usage.input_tokens - usage.image_input_tokens,
        },
        "output_tokens": usage.output_tokens,
        "total_tokens": usage.total_tokens,
    }
    return encoded(shape if cost is None else shape | {"cost": cost})


def _media(tree: dict[str, Any], facts: Facts, text: ByteCount) -> tuple[Media, int]:
    """The most that the images can cost by the piece, and in tokens for each."""
    size = word("size", tree.get("size") or "auto")
    quality = word("quality", tree.get("quality") or "auto")
    previews = tree.get("partial_images") or 0
    most = Pieces(images=facts.n, image_size=size, image_quality=quality)
    # Prose has about four bytes to a token.
    counted = Usage(input_tokens=-(-(text.ascii + text.cjk + text.other) // 4), pieces=Pieces())
    gives = EVENTS if facts.stream else b"application/json"
    media = Media(most=most, counted=counted, gives=gives, makes="image")
    return media, output_tokens(size, quality) + previews * _PARTIAL_TOKENS


def _known(told: str) -> str:
    """A size or quality that a provider tells, if it is a word that a price could have."""
    lowered = told.lower()
    return lowered if re.fullmatch(r"[a-z0-9x._-]{1,32}", lowered) and lowered != "auto" else ""


class _Image(msgspec.Struct):
    url: str | None = None


_IMAGES = msgspec.json.Decoder(list[_Image])
