"""The values that generated conversations and answers are made of."""

import base64
import json

import msgspec
from hypothesis import strategies as st

from farebox.dialects.conversation import CacheMarker, Dialect, Inline, Signature
from farebox.domain.usage import Usage

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=30)
names = st.text("abcXYZ_09", min_size=1, max_size=8).map("n{}".format)
ids = st.text("abcXYZ09", min_size=8, max_size=12).map("id_{}".format)
opaque = st.text("abcXYZ09+/", min_size=8, max_size=40)
data = st.binary(min_size=1, max_size=30).map(lambda raw: base64.b64encode(raw).decode())
urls = st.text("abcxyz", min_size=1, max_size=9).map("https://pictures.example/{}.png".format)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | words,
    lambda inner: st.lists(inner, max_size=3) | (st.dictionaries(names, inner, max_size=3)),
    max_leaves=6,
)
json_objects = st.dictionaries(names, json_values, max_size=4).map(
    lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
)
schemas = st.dictionaries(names, st.sampled_from(["string", "integer", "boolean"]), max_size=3).map(
    lambda fields: msgspec.Raw(
        json.dumps(
            {"type": "object", "properties": {name: {"type": kind} for name, kind in fields.items()}},
            separators=(",", ":"),
        ).encode()
    )
)
markers = st.none() | st.sampled_from([CacheMarker(), CacheMarker("5m")])
flags = st.none() | st.booleans()


def signatures(by: Dialect) -> st.SearchStrategy[Signature]:
    return st.builds(Signature, opaque, st.just(by))


def few(items: st.SearchStrategy, least: int = 0) -> st.SearchStrategy:
    return st.lists(items, min_size=least, max_size=3).map(tuple)


inline_images = st.builds(Inline, st.sampled_from(["image/png", "image/jpeg"]), data)
inline_pdfs = st.builds(Inline, st.just("application/pdf"), data)


def usages() -> st.SearchStrategy[Usage]:
    count = st.integers(0, 100_000)
    return st.builds(
        lambda plain, cached, written, output, reasoning: Usage(
            input_tokens=plain + cached + written,
            cached_input_tokens=cached,
            cache_write_tokens=written,
            output_tokens=output + reasoning,
            reasoning_tokens=reasoning,
        ),
        st.integers(1, 100_000),
        count,
        count,
        count,
        count,
    )
