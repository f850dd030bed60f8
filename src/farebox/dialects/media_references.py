"""Members of content that lead to media without a known bound: addresses, ids at the provider, data of other kinds.

Each dialect's `*_media` measures the members that it knows; whatever else a part holds comes by here. Servers know more
kinds of parts than their references tell, and a few bytes of an address may stand for an hour of video: so what looks
like a reference is refused by name, and words pass.
"""

from collections.abc import Collection
from typing import Any

from farebox.dialects.request_fields import bad_value

# Where addresses and ids are words to the model: quotations of what it has said or searched before.
_WORDS = frozenset(
    {"annotations", "citations", "text", "title", "context", "cache_control", "input", "args", "arguments"}
)
_IDS_OF_CALLS = frozenset({"tool_call_id", "tool_use_id", "call_id", "item_id", "approval_request_id", "server_label"})
_STATE = ("file_id", "fileid", "asset_id", "video_id", "audio_id", "image_id", "image_file", "file_ids")
_ADDRESSES = ("url", "uri")
_DEEPEST = 8

AT_PROVIDER = "refers to a file kept at the provider. Send its content"
AT_ADDRESS = "is at an address, and its cost cannot be bounded. Send its content"
UNKNOWN_DATA = "is data of a kind whose cost is not known. Send text, images, audio or documents"


def refuse_references(holder: dict[str, Any], where: str, known: Collection[str], *, depth: int = 0) -> None:
    """Refuse the members of an object, and of those inside, that lead to media; `known` ones have been measured."""
    for name, value in holder.items():
        if name in known or name in _WORDS or name in _IDS_OF_CALLS or value is None:
            continue
        place = f"{where}.{name}"
        folded = name.casefold()
        if folded.endswith(_STATE):
            raise bad_value(place, AT_PROVIDER)
        if folded.endswith(_ADDRESSES):
            raise bad_value(place, AT_ADDRESS)
        if isinstance(value, str):
            if value[:5].lower() == "data:":
                raise bad_value(place, UNKNOWN_DATA)
        elif depth < _DEEPEST:
            for number, inner in enumerate(value if isinstance(value, list) else [value]):
                inside = f"{place}[{number}]" if isinstance(value, list) else place
                if isinstance(inner, dict):
                    refuse_references(inner, inside, (), depth=depth + 1)
                elif isinstance(inner, str) and inner[:5].lower() == "data:":
                    raise bad_value(inside, UNKNOWN_DATA)
