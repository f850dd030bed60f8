"""How a provider's signature travels through a client of another dialect, and back to none but its own provider.

In its own dialect a signature stays as it is. In another it is written with a mark of whose it is, so that the client
can return it like any of its dialect's own.
"""

from farebox.dialects.conversation import DIALECTS, Dialect, Reasoning, Signature

# Before the signature of a text or a tool call that travels as sealed reasoning right after that part.
LAST_MARK = "last:"

_MARK = "fb1."
_AFTER_ID = "~"


def joined(before: Signature | None, piece: Signature) -> Signature:
    """A signature that comes in pieces, as far as it has come: the first tells whose it is."""
    return piece if before is None else Signature(before.value + piece.value, before.by)


def wrap(signature: Signature, dialect: Dialect) -> str:
    """The text that a client of `dialect` gets."""
    return signature.value if signature.by == dialect else f"{_MARK}{signature.by}.{signature.value}"


def unwrap(text: str, dialect: Dialect) -> Signature:
    """The signature that a client or a provider of `dialect` sent."""
    if text.startswith(_MARK):
        for by in DIALECTS:
            head = f"{_MARK}{by}."
            if text.startswith(head):
                return Signature(text[len(head) :], by)
    return Signature(text, dialect)


def seal(sealed: Signature, item_id: str | None, dialect: Dialect) -> str:
    """Sealed reasoning as one text, with the id of its item where `dialect` has no place for it."""
    if item_id is None or sealed.by == dialect or _AFTER_ID in item_id:
        return wrap(sealed, dialect)
    return wrap(Signature(f"{item_id}{_AFTER_ID}{sealed.value}", sealed.by), dialect)


def unseal(text: str, dialect: Dialect) -> Reasoning:
    """Sealed reasoning that a client or a provider of `dialect` sent."""
    sealed = unwrap(text, dialect)
    item_id, mark, value = sealed.value.partition(_AFTER_ID)
    if sealed.by == dialect or not mark:
        return Reasoning(sealed=sealed)
    return Reasoning(sealed=Signature(value, sealed.by), id=item_id)
