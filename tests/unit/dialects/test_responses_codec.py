"""OpenAI's responses both ways against the conversation model, on generated data and on what must be refused."""

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.support.generated.responses import answers, calls, conversations
from tests.support.generated.streams import CREATED_S, JOB, streamed
from tests.support.generated.values import words

from farebox.dialects import responses_codec as codec
from farebox.dialects.codec import AnswerStamp, Codec, Target
from farebox.dialects.conversation import Conversation, Reasoning, Signature, Text
from farebox.dialects.reply import Answer, Choice, Stop
from farebox.dialects.responses_request import parse_request, upstream_body
from farebox.domain.usage import Usage

CODEC: Codec = codec

foreign = st.builds(Signature, words, st.sampled_from(["anthropic", "gemini", "openai_chat"]))


@given(conversations())
def test_a_request_leaves_nothing_at_the_provider(conversation: Conversation) -> None:
    """Whatever the client asked, in whatever dialect, the provider is told not to store it."""
    assert json.loads(codec.write_request(conversation, Target("upstream")))["store"] is False


@given(st.lists(calls | st.builds(Text, words), min_size=1, max_size=3), foreign)
def test_foreign_signatures_travel_through_the_client(parts: list[Any], signature: Signature) -> None:
    """Signatures of texts, calls and thoughts of other providers come back as they went, each with its part."""
    given = (
        Reasoning("thought", signature),
        Reasoning(sealed=signature),
        *(msgspec.structs.replace(part, signature=signature) for part in parts),
    )
    answer = Answer((Choice(given, Stop("end")),))
    response = json.loads(codec.write_answer(answer, AnswerStamp(JOB, 0, Usage())))
    raw = json.dumps({"model": "m", "input": [{"role": "user", "content": "x"}, *response["output"]]}).encode()
    (_, turn) = codec.read_request(raw).messages
    kept = [msgspec.structs.replace(part, id=None) if isinstance(part, Reasoning) else part for part in turn.parts]
    assert kept == list(given)


def decoded(stream: bytes) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in stream.decode().split("\n") if line.startswith("data: ")]


@given(answers(), st.integers(1, 5))
def test_a_stream_ends_with_the_plain_answer(answer: Answer, size: int) -> None:
    """The last event holds the whole response as the plain call gives it, however it was cut into deltas."""
    plain = json.loads(codec.write_answer(answer, AnswerStamp(JOB, CREATED_S, answer.usage or Usage(), "0.5")))
    assert plain["usage"]["cost"] == "0.5"
    assert decoded(streamed(CODEC, answer, size))[-1]["response"] == plain


@given(words)
def test_unsigned_thoughts_come_back(text: str) -> None:
    """Thoughts that their provider did not sign can be sent back like all others, and never reach OpenAI."""
    answer = Answer((Choice((Reasoning(text), Text("so")), Stop("end")),))
    items = json.loads(codec.write_answer(answer, AnswerStamp(JOB, 0, Usage())))["output"]
    raw = json.dumps({"model": "m", "input": [{"role": "user", "content": "x"}, *items], "store": False}).encode()
    parsed = parse_request(raw)
    assert [type(part) for part in codec.read_request(raw).messages[1].parts] == [Reasoning, Text]
    sent = json.loads(upstream_body(parsed, upstream_model="m", most_output_tokens=None, end_user=None))
    assert [item["type"] for item in sent["input"] if "type" in item] == ["message"]


@given(answers(), st.integers(1, 5))
def test_a_stream_is_one_that_clients_can_follow(answer: Answer, size: int) -> None:
    """Events are numbered without a gap, each item and part is opened before and closed after it is said."""
    events = decoded(streamed(CODEC, answer, size))
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert [event["type"] for event in events[:2]] == ["response.created", "response.in_progress"]
    items: list[Any] = []
    said: dict[tuple[str, int, int], str] = {}
    for event in events:
        kind = event["type"].removeprefix("response.")
        index: int = event.get("output_index", -1)
        if kind == "output_item.added":
            assert index == len(items)
            items.append(None)
        elif kind == "output_item.done":
            assert index == len(items) - 1
            assert items[index] is None
            items[index] = event["item"]
        elif kind.endswith(".delta"):
            assert items[index] is None
            key = (event["item_id"], index, event.get("content_index", event.get("summary_index", 0)))
            said[key] = said.get(key, "") + event["delta"]
        elif kind.endswith(("text.done", "arguments.done")) or kind == "refusal.done":
            key = (event["item_id"], index, event.get("content_index", event.get("summary_index", 0)))
            whole = event.get("text", event.get("arguments", event.get("refusal")))
            assert said.get(key, "") == whole
    last = events[-1]["response"]
    assert [item["id"] for item in last["output"]] == [item["id"] for item in items]
    assert events[-1]["type"] == f"response.{last['status']}"
