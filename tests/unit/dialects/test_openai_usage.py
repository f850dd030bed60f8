"""Every vendor's way of counting, as a table that can be read aloud."""

import json
from typing import Any

import pytest

from farebox.dialects.openai_usage import read_usage, stamped_usage, usage_object
from farebox.domain.usage import Usage


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        pytest.param(
            {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "total_tokens": 150,
                "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 20, "audio_tokens": 5},
                "completion_tokens_details": {"reasoning_tokens": 30, "audio_tokens": 7},
            },
            Usage(
                input_tokens=100,
                cached_input_tokens=60,
                cache_write_tokens=20,
                audio_input_tokens=5,
                output_tokens=50,
                reasoning_tokens=30,
                audio_output_tokens=7,
            ),
            id="OpenAI",
        ),
        pytest.param(
            {"prompt_tokens": 10, "completion_tokens": 2, "prompt_cache_hit_tokens": 8, "prompt_cache_miss_tokens": 2},
            Usage(input_tokens=10, output_tokens=2, cached_input_tokens=8),
            id="DeepSeek: cache hits are part of the prompt",
        ),
        pytest.param(
            {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12, "num_cached_tokens": 8},
            Usage(input_tokens=10, output_tokens=2, cached_input_tokens=8),
            id="Mistral",
        ),
        pytest.param(
            {
                "cached_tokens": 9,
                "prompt_tokens": 10,
                "input_tokens": 11,
                "prompt_tokens_details": {"cached_tokens": 0},
                "num_cached_tokens": 8,
            },
            Usage(input_tokens=10, cached_input_tokens=8),
            id="of several places the first that holds a count wins, wherever it stands",
        ),
        pytest.param(
            {
                "prompt_tokens": 10,
                "completion_tokens": 2,
                "total_tokens": 112,
                "completion_tokens_details": {"reasoning_tokens": 100},
            },
            Usage(input_tokens=10, output_tokens=102, reasoning_tokens=100),
            id="xAI: reasoning only in the total",
        ),
        pytest.param(
            {"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 109},
            Usage(input_tokens=35, output_tokens=74, reasoning_tokens=62),
            id="Google: thinking nowhere but in the total",
        ),
        pytest.param(
            {"prompt_tokens": 40, "completion_tokens": 2, "prompt_tokens_details": None},
            Usage(input_tokens=40, output_tokens=2),
            id="null details",
        ),
        pytest.param(
            {"prompt_tokens": 4.0, "completion_tokens": 2.0}, Usage(input_tokens=4, output_tokens=2), id="floats"
        ),
        pytest.param(
            {"prompt_tokens": -4, "completion_tokens": "2", "total_tokens": True}, None, id="claims that are no counts"
        ),
        pytest.param({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, None, id="nothing reported"),
        pytest.param({}, None, id="empty"),
        pytest.param(None, None, id="null"),
    ],
)
def test_usage_is_read(reported: Any, expected: Usage | None) -> None:
    """No class is lost, counted twice or negative, whoever reports it."""
    assert read_usage(reported, "chat.completions") == expected


def test_embeddings_are_all_input() -> None:
    """Some vendors give only a total; none of it is output."""
    assert read_usage({"total_tokens": 9}, "embeddings") == Usage(input_tokens=9)
    assert read_usage({"prompt_tokens": 2, "total_tokens": 9}, "embeddings") == Usage(input_tokens=2)


def test_the_providers_cost_gives_way_to_ours() -> None:
    """What the operator pays never shows; all other members and numbers stay as they came."""
    reported = b'{"prompt_tokens": 1, "cost": 0.5, "cost_details": {"upstream": 1}, "is_byok": false, "x": 1e400}'
    assert stamped_usage(reported, "0.25") == b'{"prompt_tokens": 1, "cost": "0.25", "x": 1e400}'
    assert stamped_usage(b'{"prompt_tokens":1 }', "0.25") == b'{"prompt_tokens":1,"cost":"0.25"}'


def test_our_usage_in_their_shape() -> None:
    """Where the provider reports nothing the client still finds the object its SDK expects."""
    written = json.loads(usage_object(Usage(input_tokens=3, output_tokens=4), "0.1", "chat.completions"))
    assert (written["prompt_tokens"], written["completion_tokens"], written["total_tokens"]) == (3, 4, 7)
    assert written["cost"] == "0.1"
    assert "completion_tokens" not in json.loads(usage_object(Usage(input_tokens=3), None, "embeddings"))
