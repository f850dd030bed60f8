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

# Ends of host names that are no words of requests: `messages.0.host` is a place in a body, not a machine.
_ZONES = "com|net|org|io|ai|cn|dev|cloud|internal|local|lan|corp|svc|us|eu|de|fr|jp|kr|sg|hk|ru"

_IDS = re.compile(
    rf"""\bhttps?://[^\s"'<>)\]]+                       # addresses
      | \b(?:www\.|api\.|platform\.|console\.)[\w.-]+\.[a-z]{{2,}}(?:/[^\s"'<>)\]]*)?
      | \b[\w.+-]{{1,64}}@[\w-]+\.[\w.-]+              # mail
      | \b(?:[a-z0-9-]{{1,63}}\.){{1,8}}(?:{_ZONES})\b(?::\d{{1,5}})?(?:/[^\s"'<>)\]]*)?
      | \blocalhost\b(?::\d{{1,5}})?
      | (?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?!\.?\d)(?::\d{{1,5}})?
      | \[?(?<![\w:])(?=[0-9a-f:]{{0,39}}(?:::|[a-f]))(?:[0-9a-f]{{1,4}}:){{2,7}}(?::|[0-9a-f]{{1,4}})
        (?::?[0-9a-f]{{1,4}}){{0,6}}(?![\w:])(?:\](?::\d{{1,5}})?)?
      | \barn:[\w:/.*-]+
      | \b(?:projects|organizations|accounts|tenants|subscriptions|deployments)/[\w.-]+
      | \b(?:sk|pk|gsk|xai|csk|rk|ak)[-_][\w*.-]{{4,}}    # keys, masked ones too
      | \bAIza[\w-]{{10,}}
      | [\w-]{{0,20}}\*{{3,}}[\w*-]*
      | \b(?:org|proj|acct)[-_][A-Za-z0-9][\w-]{{3,}}    # ids: those that could be words have a digit
      | \b(?:req|user|key|gen|resp|chatcmpl|cmpl|asst|run|msg|trace|sess|team|ws)[-_](?=[\w-]{{0,80}}\d)[\w-]{{3,}}
      | \b[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}\b
      | \b(?=[0-9a-f]{{0,80}}[0-9])(?=[0-9a-f]{{0,80}}[a-f])[0-9a-f]{{16,}}\b
      | \b(?=[a-z]{{0,80}}[0-9])(?=[0-9]{{0,80}}[a-z])[a-z0-9]{{20,}}\b
      | \b\d{{11,}}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Values that only their label gives away. Group 1 stays.
_LABELLED = re.compile(
    r"""(\b(?:request|trace|correlation|session|log|user|client|customer)[ _-]?id\b["'`]?[ ]?[:=(]?[ ]?["'`]?)
        (?=[\w.:/+-]{0,80}\d)[\w.:/+-]{3,}
      | (\b(?:organi[sz]ation|org|project|account|tenant|workspace|team|subscription|deployment|cluster|node|host)
        (?:[ _-](?:id|name|number|named))?\b(?:[ ]?[:=][ ]?|[ ]))
        (?:"[^"\n]{1,100}"|'[^'\n]{1,100}'|`[^`\n]{1,100}`|“[^”\n]{1,100}”
          |(?=[\w.-]{0,80}\d)[\w.-]{3,}
          |(?-i:(?!ID\b)[A-Z][\w&.-]{0,60}(?:[ ][A-Z][\w&-]{0,60}){0,4}))
      | (\bkey\b[^.\n]{0,60}\bending[ ](?:in|with)[ ]["'`]?)[\w-]{2,}
      | (\b(?:served|hosted|operated|routed|handled|processed)[ ](?:by|on|at|to|via)[ ]["'`]?)
        (?=[\w.-]{0,80}\d)[\w.-]{3,}
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

    def path(self, place: str) -> str | None:
        """A place in a body without what names the channel; None where a name is a part of a field's."""
        names = "|".join(re.escape(name) for name in self.names if name)
        if names and re.search(rf"(?<![^\W_])(?:{names})(?![^\W_])", place, re.IGNORECASE):
            return None
        return self.text(place)

    def _without_names(self, words: str) -> str:
        words = _IDS.sub(_REMOVED, words)
        words = _LABELLED.sub(lambda found: next(filter(None, found.groups()), "") + _REMOVED, words)
        names = sorted({*_VENDORS, *filter(None, self.names)}, key=len, reverse=True)
        pattern = "|".join(re.escape(name) for name in names)
        return re.sub(rf"(?<![\w/-])(?:{pattern})(?![\w/-])", _A_PROVIDER, words, flags=re.IGNORECASE)


NO_NAMES = Scrub()
