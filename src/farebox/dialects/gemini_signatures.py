"""Signatures in Gemini's clothes: its field is bytes in base64, and its SDKs decode and encode it anew on the way.

Gemini's own signatures stay the text they are. What another provider signed or sealed is packed with its owner's mark
into base64 of JSON, and unpacked when the client sends it back.
"""

import base64
import binascii

import msgspec

from farebox.dialects.conversation import Signature
from farebox.dialects.signatures import unwrap, wrap

_MARK = b"fb1:"


class Signed(msgspec.Struct, frozen=True, omit_defaults=True, rename={"signature": "s", "sealed": "x", "id": "i"}):
    """What one `thoughtSignature` holds."""

    signature: str | None = None
    sealed: str | None = None
    id: str | None = None


_DECODER = msgspec.json.Decoder(Signed)


def pack(signature: Signature | None, sealed: Signature | None = None, item_id: str | None = None) -> str | None:
    """The `thoughtSignature` for a client; None when there is nothing to sign."""
    if sealed is None and item_id is None:
        if signature is None:
            return None
        if signature.by == "gemini" and not _is_packed(signature.value):
            return signature.value
    signed = Signed(
        None if signature is None else _marked(signature), None if sealed is None else _marked(sealed), item_id
    )
    return base64.b64encode(_MARK + msgspec.json.encode(signed)).decode()


def unpack(text: str) -> tuple[Signature | None, Signature | None, str | None]:
    """(signature, sealed content, id) of a `thoughtSignature` that a client sent."""
    if _is_packed(text):
        try:
            decoded = base64.b64decode(_standard(text), validate=True)
            signed = _DECODER.decode(decoded[len(_MARK) :])
        except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError):
            return Signature(text, "gemini"), None, None
        return _unmarked(signed.signature), _unmarked(signed.sealed), signed.id
    return Signature(text, "gemini"), None, None


def _is_packed(text: str) -> bool:
    # base64 of the mark and of the `{` after it, as far as whole characters go.
    return text.startswith("ZmIxOn")


def _standard(text: str) -> str:
    """The usual alphabet with its padding; SDKs choose the one for addresses."""
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    return text + "=" * (-len(text) % 4)


def _marked(signature: Signature) -> str:
    # `openai_chat` is any dialect but Gemini's, so that Gemini's own are marked too.
    return wrap(signature, "openai_chat") if signature.by == "gemini" else wrap(signature, "gemini")


def _unmarked(text: str | None) -> Signature | None:
    return None if text is None else unwrap(text, "gemini")
