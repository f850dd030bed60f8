"""Which parameters of chat completions a model takes: what the dialects of its providers carry over."""

from collections.abc import Iterable

from farebox.dialects import openai_chat_codec
from farebox.gateway.wire import provider_codec

# What Farebox itself answers for, whoever the provider is.
_ALWAYS = frozenset({"max_tokens", "stream", "stream_options"})
# What only passes through; nothing of it is in a conversation of another dialect.
_OF_CHAT_ONLY = frozenset({"logit_bias"})
_WITH = {"logprobs": "top_logprobs"}


def supported_parameters(kinds: Iterable[str]) -> list[str]:
    """The names, sorted, that at least one channel of these kinds makes use of."""
    names = set(_ALWAYS)
    for kind in set(kinds):
        codec = provider_codec(kind)
        for feature, asked in openai_chat_codec.FACTS.items():
            is_parameter = asked.field != "" and "." not in asked.field and "[" not in asked.field
            carried = asked.how == "yes" and codec.FACTS[feature].how in ("yes", "emulated")
            # The feature is not the parameter where that names an order of the messages.
            if is_parameter and carried and asked.field != "messages":
                names.add(asked.field)
        if codec is openai_chat_codec:
            names |= _OF_CHAT_ONLY
    return sorted(names | {also for name, also in _WITH.items() if name in names})
