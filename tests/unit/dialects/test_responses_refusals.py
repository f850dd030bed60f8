"""What OpenAI's responses refuse, what their answers are blamed for, and what their usage holds."""

import json
from typing import Any

import pytest

from farebox.dialects import responses_codec as codec
from farebox.dialects.carriage import FEATURES
from farebox.dialects.codec import Codec
from farebox.dialects.exchange import ProviderFault
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

CODEC: Codec = codec


def body(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "input": "hi", **fields}).encode()


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"store": True}, "store"),
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"background": True}, "background"),
        ({"prompt": {"id": "p"}}, "prompt"),
        ({"service_tier": "flex"}, "service_tier"),
        ({"truncation": "auto"}, "truncation"),
        ({"include": ["file_search_call.results"]}, "include"),
        ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
        ({"tools": [{"type": "custom", "name": "x"}]}, "tools[0].type"),
        ({"tool_choice": {"type": "file_search"}}, "tool_choice.type"),
        ({"input": [{"type": "item_reference", "id": "x"}]}, "input[0].type"),
        ({"input": [{"type": "web_search_call", "id": "x"}]}, "input[0].type"),
        ({"input": []}, "input"),
        ({"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]}, None),
        ({"text": {"format": {"type": "grammar"}}}, "text.format.type"),
        ({"max_output_tokens": 0}, "max_output_tokens"),
        ({"something_new": 1}, "something_new"),
        ({"reasoning": {"effort": "low", "new": 1}}, "reasoning.new"),
    ],
)
def test_what_cannot_be_carried_is_refused_by_name(fields: dict[str, Any], param: str | None) -> None:
    """A request is never read with a part of it lost."""
    with pytest.raises(Refusal) as caught:
        codec.read_request(body(**fields))
    assert caught.value.status == 400
    assert caught.value.param == (param or "input[0].content[0].file_id")


def test_the_table_is_whole() -> None:
    """The dialect says of every feature what becomes of it, and the module is a Codec."""
    assert set(CODEC.FACTS) == set(FEATURES)
    assert CODEC.DIALECT == "openai_responses"


def test_a_usage_of_every_class_is_written_and_read() -> None:
    """Each class of tokens has its place in the dialect's usage."""
    usage = Usage(100, 10, 5, 3, 2, 50, 20, 4, 1)
    assert codec.read_usage(codec.write_usage(usage, "1")) == usage
    assert codec.read_usage(None) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"{}",
        b"no",
        b'{"status":"failed","output":[],"error":{"code":"server_error","message":"x"}}',
        b'{"status":"completed","output":[],"error":{"message":"x"}}',
        b'{"status":"queued","output":[]}',
        b'{"status":"completed","output":[{"type":"message","content":5}]}',
        b'{"status":"completed","output":[1]}',
    ],
)
def test_an_answer_that_is_none_is_the_channels_fault(raw: bytes) -> None:
    """A body that is no answer although its status says so leads to the next route."""
    fault = codec.read_answer(200, "application/json", raw)
    assert isinstance(fault, ProviderFault)
    assert (fault.fault, fault.body) == ("channel", b"")


def test_defaults_are_no_wish() -> None:
    """What clients say although it is the default anyway does not keep a request from other providers."""
    conversation = codec.read_request(
        body(
            text={"verbosity": "medium", "format": {"type": "text"}},
            store=False,
            truncation="disabled",
            service_tier="auto",
            include=["reasoning.encrypted_content"],
            metadata={"a": "b"},
            reasoning={"effort": None, "context": "all_turns"},
        )
    )
    assert conversation == codec.read_request(body())
