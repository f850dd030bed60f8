"""Lessons on usage that other gateways paid for: from what a provider reports to the lines of the receipt.

Each provider's usage object stands as it was documented or seen; the lines are what a person would write beside it.
"""

from typing import Any

import pytest
from tests.unit.gateway.facts import a_model, a_request

from farebox.dialects.conversation import Dialect
from farebox.dialects.registry import CODECS
from farebox.domain.policy import AdmissionPolicy
from farebox.domain.pricing import PerTokenCard, RateCard, TokenPrices, price
from farebox.domain.usage import Usage
from farebox.gateway.quote import output_bound

# A price for each class, so that a token in the wrong one shows: pico per token, in whole nano.
PRICES = TokenPrices(
    input=1_000,
    output=2_000,
    cached_input=3_000,
    cache_write=5_000,
    cache_write_1h=7_000,
    image_input=11_000,
    audio_input=13_000,
    reasoning=17_000,
    image_output=19_000,
    audio_output=23_000,
)
CARD = RateCard(id=1, model="m", version=1, rates=PerTokenCard(PRICES))


def lines(dialect: Dialect, reported: dict[str, Any], prices: TokenPrices = PRICES) -> dict[str, int]:
    usage = CODECS[dialect].read_usage(reported)
    assert usage is not None
    card = RateCard(id=1, model="m", version=1, rates=PerTokenCard(prices))
    return {line.line_class: line.quantity for line in price(card, usage).lines}


@pytest.mark.parametrize(
    ("dialect", "reported", "expected"),
    [
        pytest.param(
            "openai_chat",
            {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 60}},
            {"input": 40, "cached_input": 60, "output": 5},
            id="OpenAI, xAI, Groq, Alibaba, ByteDance: within",
        ),
        pytest.param(
            "openai_chat",
            {
                "prompt_tokens": 100,
                "completion_tokens": 5,
                "prompt_cache_hit_tokens": 60,
                "prompt_cache_miss_tokens": 40,
                "prompt_tokens_details": {"cached_tokens": 60},
            },
            {"input": 40, "cached_input": 60, "output": 5},
            id="DeepSeek: told twice, counted once",
        ),
        pytest.param(
            "openai_chat",
            {"prompt_tokens": 100, "completion_tokens": 5, "num_cached_tokens": 60},
            {"input": 40, "cached_input": 60, "output": 5},
            id="Mistral: within",
        ),
        pytest.param(
            "openai_responses",
            {"input_tokens": 100, "output_tokens": 5, "input_tokens_details": {"cached_tokens": 60}},
            {"input": 40, "cached_input": 60, "output": 5},
            id="responses: within",
        ),
        pytest.param(
            "anthropic",
            {"input_tokens": 40, "output_tokens": 5, "cache_read_input_tokens": 60},
            {"input": 40, "cached_input": 60, "output": 5},
            id="Anthropic: beside",
        ),
        pytest.param(
            "gemini",
            {"promptTokenCount": 100, "candidatesTokenCount": 5, "cachedContentTokenCount": 60},
            {"input": 40, "cached_input": 60, "output": 5},
            id="Gemini: within",
        ),
        pytest.param(
            "gemini",
            {
                "promptTokenCount": 100,
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 40},
                    {"modality": "IMAGE", "tokenCount": 60},
                ],
                "cachedContentTokenCount": 60,
                "cacheTokensDetails": [{"modality": "IMAGE", "tokenCount": 60}],
            },
            {"input": 40, "cached_input": 60},
            id="Gemini: a cached image is cached, and no image any more",
        ),
        pytest.param(
            "openai_chat",
            {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 60}},
            {"cached_input": 10, "output": 5},
            id="more cached than there was: never negative",
        ),
        pytest.param(
            "openai_chat",
            {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": -60}},
            {"input": 10, "output": 5},
            id="a negative claim is none",
        ),
    ],
)
def test_lesson_cached_input_is_counted_once_whoever_reports_it(
    dialect: Dialect, reported: dict[str, Any], expected: dict[str, int]
) -> None:
    """Cached input counted twice, or taken off until the rest was negative."""
    assert lines(dialect, reported) == expected


@pytest.mark.parametrize(
    ("dialect", "reported", "expected"),
    [
        pytest.param(
            "anthropic",
            {
                "input_tokens": 10,
                "output_tokens": 5,
                "cache_read_input_tokens": 20,
                "cache_creation_input_tokens": 70,
                "cache_creation": {"ephemeral_5m_input_tokens": 30, "ephemeral_1h_input_tokens": 40},
            },
            {"input": 10, "output": 5, "cached_input": 20, "cache_write": 30, "cache_write_1h": 40},
            id="Anthropic: five minutes and an hour have prices of their own",
        ),
        pytest.param(
            "anthropic",
            {"input_tokens": 10, "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4}},
            {"input": 10, "cache_write": 3, "cache_write_1h": 4},
            id="Anthropic: without their sum",
        ),
        pytest.param(
            "anthropic",
            {"input_tokens": 10, "cache_creation_input_tokens": 70},
            {"input": 10, "cache_write": 70},
            id="Anthropic: without lifetimes",
        ),
        pytest.param(
            "openai_chat",
            {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cache_write_tokens": 70}},
            {"input": 30, "cache_write": 70, "output": 5},
            id="OpenAI, OpenRouter: within",
        ),
        pytest.param(
            "openai_chat",
            {
                "prompt_tokens": 100,
                "completion_tokens": 5,
                "prompt_tokens_details": {
                    "cached_tokens": 20,
                    "cache_creation_input_tokens": 70,
                    "cache_creation": {"ephemeral_5m_input_tokens": 70},
                },
            },
            {"input": 10, "cached_input": 20, "cache_write": 70, "output": 5},
            id="Alibaba: within, under Anthropic's names",
        ),
    ],
)
def test_lesson_cache_writes_are_billed_in_their_class(
    dialect: Dialect, reported: dict[str, Any], expected: dict[str, int]
) -> None:
    """Cache writes unbilled, or an hour's at the price of five minutes."""
    assert lines(dialect, reported) == expected


def test_lesson_an_hours_cache_writes_cost_no_less_than_any_other() -> None:
    """Without a price of their own they have that of cache writes, or the input's; holds know the dearest."""
    used = Usage(input_tokens=10, cache_write_tokens=10, cache_write_1h_tokens=4)
    without = PerTokenCard(TokenPrices(input=1_000, output=1, cache_write=5_000))
    assert price(RateCard(1, "m", 1, without), used).charge_nano == 10 * 5
    bare = PerTokenCard(TokenPrices(input=1_000, output=1))
    assert price(RateCard(1, "m", 1, bare), used).charge_nano == 10 * 1
    assert price(CARD, used).charge_nano == 6 * 5 + 4 * 7
    assert TokenPrices(input=1, output=1, cache_write_1h=9).dearest(media=False) == (9, 1)


@pytest.mark.parametrize(
    ("dialect", "reported", "expected"),
    [
        pytest.param(
            "openai_chat",
            {
                "prompt_tokens": 9,
                "completion_tokens": 30,
                "total_tokens": 39,
                "completion_tokens_details": {"reasoning_tokens": 30},
            },
            {"input": 9, "reasoning": 30},
            id="within: all of the output is reasoning",
        ),
        pytest.param(
            "openai_chat",
            {
                "prompt_tokens": 9,
                "completion_tokens": 5,
                "total_tokens": 44,
                "completion_tokens_details": {"reasoning_tokens": 30},
            },
            {"input": 9, "output": 5, "reasoning": 30},
            id="xAI: beside, as the total tells",
        ),
        pytest.param(
            "openai_chat",
            {"prompt_tokens": 9, "completion_tokens": 0, "total_tokens": 39},
            {"input": 9, "reasoning": 30},
            id="Google's compatible endpoint: in the total alone",
        ),
        pytest.param(
            "anthropic",
            {"input_tokens": 9, "output_tokens": 35, "output_tokens_details": {"thinking_tokens": 30}},
            {"input": 9, "output": 5, "reasoning": 30},
            id="Anthropic: within",
        ),
        pytest.param(
            "gemini",
            {"promptTokenCount": 9, "candidatesTokenCount": 5, "thoughtsTokenCount": 30, "totalTokenCount": 44},
            {"input": 9, "output": 5, "reasoning": 30},
            id="Gemini: beside",
        ),
        pytest.param(
            "gemini",
            {"promptTokenCount": 9, "thoughtsTokenCount": 30, "totalTokenCount": 39},
            {"input": 9, "reasoning": 30},
            id="Gemini: nothing but thoughts",
        ),
    ],
)
def test_lesson_reasoning_is_billed_wherever_it_is_counted(
    dialect: Dialect, reported: dict[str, Any], expected: dict[str, int]
) -> None:
    """Reasoning unbilled because it stood beside the output, or billed twice because it stood within."""
    assert lines(dialect, reported) == expected


@pytest.mark.parametrize(
    ("dialect", "reported", "expected"),
    [
        pytest.param(
            "openai_chat",
            {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "prompt_tokens_details": {"image_tokens": 60, "audio_tokens": 30},
                "completion_tokens_details": {"audio_tokens": 40},
            },
            {"input": 10, "image_input": 60, "audio_input": 30, "output": 10, "audio_output": 40},
            id="OpenAI's shape",
        ),
        pytest.param(
            "openai_chat",
            {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"video_tokens": 90}},
            {"input": 10, "image_input": 90, "output": 5},
            id="frames of a video are images",
        ),
        pytest.param(
            "gemini",
            {
                "promptTokenCount": 100,
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 10},
                    {"modality": "VIDEO", "tokenCount": 60},
                    {"modality": "AUDIO", "tokenCount": 30},
                ],
                "candidatesTokenCount": 50,
                "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 50}],
            },
            {"input": 10, "image_input": 60, "audio_input": 30, "image_output": 50},
            id="Gemini, by modality",
        ),
    ],
)
def test_lesson_media_tokens_are_not_sold_at_the_price_of_text(
    dialect: Dialect, reported: dict[str, Any], expected: dict[str, int]
) -> None:
    """Image and audio tokens at the text price."""
    assert lines(dialect, reported) == expected


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("asked", [None, 50_000])
def test_lesson_no_estimate_is_above_the_models_own_output_limit(stream: bool, asked: int | None) -> None:
    """A hold for fifty thousand tokens of a model that can give a thousand; nor is more told to the provider."""
    request = a_request(stream=stream, most_output_tokens=asked)
    assert output_bound(request, a_model(most_output_tokens=1_000), AdmissionPolicy()).most == 1_000
