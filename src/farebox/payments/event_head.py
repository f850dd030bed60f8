"""Which event a signed body is, before anything else of it is understood."""

import hashlib

import msgspec

from farebox.payments.provider import Envelope


def head_of(body: bytes, kind_member: str) -> Envelope:
    """The id and the kind of an event.

    A signed body without them is kept, too, under the hash of its bytes: reading it fails, and an operator sees that.
    """
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError:
        told = None
    members = told if isinstance(told, dict) else {}
    event_id, kind = members.get("id"), members.get(kind_member)
    if not isinstance(event_id, str) or not event_id or not isinstance(kind, str):
        return Envelope("sha256:" + hashlib.sha256(body).hexdigest(), "")
    return Envelope(event_id, kind)
