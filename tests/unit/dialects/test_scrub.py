"""Words of providers: what tells who serves goes, what tells the customer what to change stays."""

import time

import pytest

from farebox.dialects.scrub import Scrub

SCRUB = Scrub("public-model", "vendor-m-0613", ("acme-channel", "Acme", "10.0.0.5"))

GOES = {
    "Rate limit reached in organization org-AbC123dEf456 on tokens": "org-AbC123dEf456",
    "Project proj_Zk41PqLw92 is archived": "proj_Zk41PqLw92",
    "too long (request id: req_8f3a)": "req_8f3a",
    "see req_011CSHoEeqs5C35K2UUqR7Fy": "req_011CSHoEeqs5C35K2UUqR7Fy",
    "failed, request_id=a1b2": "a1b2",
    "Request id: 021748392017465f00000000000000000000ffffc0a8": "021748392017465f",
    "Trace ID: 5d4e77aa-9c1b-4a83-9f6e-2b1c0d3e4f5a": "5d4e77aa",
    "of organization 'Blue Fish Trading'": "Blue Fish",
    'for account "blue-fish"': "blue-fish",
    "your account 210004455667 is too small": "210004455667",
    "organization Blue Fish Trading has no access": "Blue Fish",
    "deployment gpt4-prod-eu1 rejects this": "gpt4-prod-eu1",
    "POST http://10.1.2.3:8000/v1/chat failed": "10.1.2.3",
    "connect 10.1.2.3:8000 refused": "10.1.2.3",
    "at [fd12:3456:789a::17]:9000": "fd12",
    "node gpu-17.prod.internal:443 says": "gpu-17",
    "by eu7.models.example-vendor.com/path": "example-vendor",
    "localhost:11434 is busy": "11434",
    "write to help@vendor.example": "help@",
    "Incorrect key sk-proj-abcd****wxyz": "wxyz",
    "key ********9f2d is bad": "9f2d",
    "the key ending in Wq9Z": "Wq9Z",
    "token 3f9a0c1b2d4e5f60718293a4b5c6d7e8": "3f9a0c1b",
    "consumer projects/123456789012": "123456789012",
    "arn:aws:bedrock:us-east-1:123456789012:model/x": "us-east",
    "user_id: 2xKqPLm81": "2xKqPLm81",
    "user_2xKqPLm81 is blocked": "2xKqPLm81",
    "it is served by shard-eu-west-7b": "shard-eu",
    "Azure OpenAI refuses": "Azure",
    "acme refuses": "acme",
    "vendor-m-0613 takes less": "vendor-m",
}


@pytest.mark.parametrize(("words", "secret"), GOES.items())
def test_what_names_the_provider_goes(words: str, secret: str):
    """Ids, names, keys, addresses: whole, short and masked ones."""
    assert secret.lower() not in SCRUB.text(words).lower()


STAYS = (
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 128013 tokens.",
    "Invalid value for 'user_id': it must be a string.",
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "messages.0.content.1.image_url: the user-provided image is larger than 20 MB (20971520 bytes).",
    "tools[0].function.name must match ^[a-zA-Z0-9_-]{1,64}$",
    "Your organization must be verified to use this feature.",
    "The account has no such file; send it in the request.",
    "messages: tool_use ids were found without tool_result blocks: toolu_01A09q90qw90lq917835lq9.",
    "`temperature` must be between 0.0 and 2.0; got 2.5 at 12:30:45.",
    "A conversation ending with an assistant's message is not possible.",
    "Invalid schema for function 'get_weather': In context=('properties', 'host'), 'type' is missing.",
    "The run-time limit of 600 s and the key-value pair `project_id` are checked.",
    "Please reduce the length of the messages or completion. Request too large for claude-sonnet-4-5-20250929.",
)


@pytest.mark.parametrize("words", STAYS)
def test_advice_stays(words: str):
    """A message that names nobody is passed as it came: places in the body, numbers, names of parameters and tools."""
    assert SCRUB.text(words) == words


@pytest.mark.parametrize(
    "piece", ["a-", "a.", "ab:", "1", "a1", "x@", "*", "key ending ", "projects/", "[a:", "org ", "'"]
)
def test_scrubbing_takes_bounded_time(piece: str):
    """A hostile message of the longest length costs milliseconds: nobody else is served meanwhile."""
    words = (piece * 4000)[:4000]
    began = time.thread_time()
    SCRUB.text(words)
    assert time.thread_time() - began < 0.25
