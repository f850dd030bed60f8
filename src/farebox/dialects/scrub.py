"""Takes out of a provider's words everything that tells who serves a model: ids, keys, addresses and names."""

import re

import msgspec

_REMOVED = "[removed]"
_A_PROVIDER = "the provider"

# Vendors whose name may stand in a message although the operator's channel is named otherwise (a gateway behind a
# gateway). Only whole words: a model's name that contains one stays.
_VENDORS = (
    "OpenAI",
    "Azure OpenAI",
    "Microsoft Azure",
    "Azure",
    "Anthropic",
    "Google AI Studio",
    "Google Vertex",
    "Google",
    "Vertex AI",
    "Amazon Bedrock",
    "AWS Bedrock",
    "Bedrock",
    "OpenRouter",
    "Groq",
    "Mistral AI",
    "Cerebras",
    "DeepInfra",
    "Fireworks AI",
    "Fireworks",
    "Together AI",
    "together.ai",
    "Novita",
    "SiliconFlow",
    "Alibaba Cloud",
    "Alibaba",
    "DashScope",
    "ByteDance",
    "Volcengine",
    "Hugging Face",
    "Snowflake",
    "xAI",
    "LiteLLM",
    "vLLM",
)

_IDS = re.compile(
    r"""\bhttps?://[^\s"'<>)\]]+                       # addresses
      | \b(?:www\.|api\.|platform\.|console\.)[\w.-]+\.[a-z]{2,}(?:/[^\s"'<>)\]]*)?
      | \b[\w.+-]+@[\w-]+\.[\w.-]+                     # mail
      | \b(?:sk|pk|gsk|xai|csk|rk)[-_][\w*.-]{4,}       # keys, masked ones too
      | \bAIza[\w-]{10,}
      | \b(?:org|proj|req|user|acct|key|gen|resp|chatcmpl|cmpl|asst|run|msg)[-_][A-Za-z0-9][\w-]{5,}
      | \b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Scrub(msgspec.Struct, frozen=True):
    """What one channel must not show: its names, and its name for the model, in whose place the public one stands."""

    model: str = ""
    upstream_model: str = ""
    names: tuple[str, ...] = ()

    def text(self, words: str) -> str:
        """The words without anything that names the channel."""
        pieces = words.split(self.upstream_model) if self.upstream_model else [words]
        return (self.model or "the model").join(self._without_names(piece) for piece in pieces)

    def _without_names(self, words: str) -> str:
        words = _IDS.sub(_REMOVED, words)
        names = sorted({*_VENDORS, *filter(None, self.names)}, key=len, reverse=True)
        pattern = "|".join(re.escape(name) for name in names)
        return re.sub(rf"(?<![\w/-])(?:{pattern})(?![\w/-])", _A_PROVIDER, words, flags=re.IGNORECASE)


NO_NAMES = Scrub()
