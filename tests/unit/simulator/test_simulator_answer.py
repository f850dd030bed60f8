"""What the simulated model says and how it counts."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.simulator.answer import answer_chat, answer_completion
from farebox.simulator.embedding import unit_vector
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import ChatRequest, CompletionRequest
from farebox.simulator.schema import sample
from farebox.simulator.words import echo_of, tokens_of

LOOKUP = {
    "type": "function",
    "function": {
        "name": "lookup",
        "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
    },
}


def chat(text="hello", **fields):
    return msgspec.convert({"model": "m", "messages": [{"role": "user", "content": text}], **fields}, ChatRequest)


def said(request, **options):
    return answer_chat(request, SimulatorOptions(**options))


@given(st.text())
def test_tokens_give_the_text_back(text):
    """Splitting loses nothing, so that an echo is byte-exact."""
    assert "".join(tokens_of(text)) == text


def test_completion_tokens_are_what_was_sent():
    """Reported usage equals the tokens emitted: the ground truth for pricing tests."""
    answer = said(chat(), chunks=7, tokens_per_chunk=3)
    assert answer.completion_tokens == 21 == sum(len(part.tokens) for part in answer.choices[0].parts)


def test_prompt_tokens_rule():
    """A prompt token is four bytes of text, rounded up."""
    assert said(chat("x" * 9)).prompt_tokens == 3


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
def test_output_limit_is_respected(field):
    """The provider never answers more than it was allowed, hidden reasoning included, and says `length`."""
    answer = said(chat(**{field: 5}), chunks=50, reasoning_tokens=3)
    assert answer.completion_tokens == 5
    assert answer.reasoning_tokens == 3
    assert answer.choices[0].finish_reason == "length"


def test_same_request_same_answer():
    """Content depends on seed and prompt alone; another choice or seed says something else."""
    one, two = said(chat(n=2)).choices
    assert said(chat(n=2)) == said(chat(n=2))
    assert one != two
    assert said(chat(), seed=1) != said(chat(), seed=2)


def test_echo_marker():
    """Tests can recognise their content in the answer."""
    answer = said(chat("Please\necho: canary-word 42!"))
    assert answer.choices[0].text("content") == "canary-word 42!"
    assert echo_of("nothing to repeat") == ""


def test_stop_sequence():
    """The stop sequence ends the answer and is not part of it, nor counted."""
    answer = said(chat("echo: one two three", stop=["three", " two"]))
    assert answer.choices[0].text("content") == "one"
    assert answer.completion_tokens == 1


def test_tools_are_called_once_and_then_answered():
    """A tool loop ends: results in the messages turn into text that contains them."""
    first = said(chat(tools=[LOOKUP, LOOKUP]))
    assert [part.text for part in first.choices[0].tool_calls] == ['{"query":"amber"}'] * 2
    assert first.choices[0].finish_reason == "tool_calls"
    messages = [{"role": "user", "content": "q"}, {"role": "tool", "content": "result-77", "tool_call_id": "x"}]
    second = said(chat(tools=[LOOKUP], messages=messages))
    assert "result-77" in second.choices[0].text("content")


@pytest.mark.parametrize(
    ("fields", "calls"),
    [
        ({"tool_choice": "none"}, 0),
        ({"parallel_tool_calls": False}, 1),
        ({"tool_choice": "required"}, 2),
        ({"tool_choice": {"type": "function", "function": {"name": "lookup"}}}, 2),
    ],
)
def test_tool_choice(fields, calls):
    """The client's wishes about tools are honoured."""
    assert len(said(chat(tools=[LOOKUP, LOOKUP], **fields)).choices[0].tool_calls) == calls


def test_completion_choices_for_every_prompt():
    """Several prompts with `n` give their product of choices, 16 tokens each unless told otherwise."""
    request = msgspec.convert({"model": "m", "prompt": ["a", "b"], "n": 3}, CompletionRequest)
    answer = answer_completion(request, SimulatorOptions(chunks=40))
    assert len(answer.choices) == 6
    assert answer.completion_tokens == 96


def test_best_of_costs_what_is_not_shown():
    """Attempts that the client never sees are in the usage, as they are upstream."""
    request = msgspec.convert({"model": "m", "prompt": "a", "n": 1, "best_of": 4}, CompletionRequest)
    answer = answer_completion(request, SimulatorOptions(chunks=5))
    assert len(answer.choices) == 1
    assert answer.completion_tokens == 20


def test_schema_samples_are_valid():
    """Structured output satisfies the parts of JSON schema that the SDKs generate."""
    schema = {
        "type": "object",
        "required": ["kind", "when", "size", "tags", "next", "score"],
        "properties": {
            "kind": {"enum": ["b", "a"]},
            "when": {"type": "string", "format": "date"},
            "size": {"type": "integer", "minimum": 3, "multipleOf": 2},
            "tags": {"type": "array", "items": {"type": "string", "maxLength": 2}, "minItems": 2},
            "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
            "score": {"type": "number", "exclusiveMaximum": 0, "minimum": -1},
            "spare": {"type": "string"},
        },
        "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
    }
    assert sample(schema) == {
        "kind": "b",
        "when": "2025-01-15",
        "size": 4,
        "tags": ["am", "am"],
        "next": None,
        "score": -1.0,
    }


def test_embeddings_are_unit_vectors():
    """Vectors have length one and tell texts and seeds apart."""
    vector = unit_vector("hello", 64, 0)
    assert math.isclose(sum(value * value for value in vector), 1.0, rel_tol=1e-9)
    assert vector == unit_vector("hello", 64, 0)
    assert vector != unit_vector("hellp", 64, 0)
    assert vector != unit_vector("hello", 64, 1)
