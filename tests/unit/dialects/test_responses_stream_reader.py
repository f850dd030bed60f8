"""Streams of providers that leave things out or say them in another order: nothing is lost or said twice."""

import json
from typing import Any

import pytest
from tests.support.gathering import gather

from farebox.dialects import responses_codec as codec
from farebox.dialects.conversation import Opaque, Reasoning, Signature, Text, ToolCall
from farebox.dialects.reply import Answer, Ended, Event, Failed

MESSAGE: dict[str, Any] = {
    "type": "message",
    "id": "msg_1",
    "content": [{"type": "output_text", "text": "Hello"}],
}
THOUGHT: dict[str, Any] = {
    "type": "reasoning",
    "id": "rs_1",
    "summary": [{"type": "summary_text", "text": "hm"}],
    "encrypted_content": "gAAA",
}
CALL: dict[str, Any] = {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"}
SEARCH: dict[str, Any] = {"type": "web_search_call", "id": "ws_1", "action": {}}
ITEMS = [THOUGHT, MESSAGE, CALL]
RESPONSE: dict[str, Any] = {"id": "r", "model": "m", "status": "completed", "output": ITEMS, "usage": None}


def event(kind: str, **members: Any) -> bytes:
    return b"data: " + json.dumps({"type": kind, **members}).encode() + b"\n\n"


def read(*pieces: bytes) -> list[Event]:
    reader = codec.stream_reader()
    return [found for piece in pieces for found in reader.feed(piece)] + reader.end_of_input()


LAST = event("response.completed", response=RESPONSE)
DONE = [event("response.output_item.done", output_index=number, item=item) for number, item in enumerate(ITEMS)]
DELTAS = [
    event("response.output_item.added", output_index=0, item={"type": "reasoning", "id": "rs_1"}),
    event("response.reasoning_summary_text.delta", output_index=0, summary_index=0, delta="hm"),
    DONE[0],
    event("response.output_text.delta", output_index=1, content_index=0, delta="Hel"),
    event("response.output_text.delta", output_index=1, content_index=0, delta="lo"),
    event("response.output_text.done", output_index=1, content_index=0, text="Hello"),
    DONE[1],
    event("response.output_item.added", output_index=2, item=CALL),
    event("response.function_call_arguments.done", output_index=2, arguments="{}"),
    DONE[2],
]


@pytest.mark.parametrize("pieces", [[LAST], [*DONE, LAST], [*DELTAS, LAST], [*DELTAS[:2], *DONE, LAST]])
def test_every_way_to_say_it_gives_the_same(pieces: list[bytes]) -> None:
    """Words that come as deltas, with their item, or only with the last event are read once each."""
    events = read(*pieces)
    assert isinstance(events[-1], Ended)
    answer = gather(events)
    assert answer.choices[0].parts == (
        Reasoning("hm", sealed=Signature("gAAA", "openai_responses"), id="rs_1"),
        Text("Hello"),
        ToolCall("c1", "f", "{}"),
    )
    plain = codec.read_answer(200, "", json.dumps(RESPONSE).encode())
    assert isinstance(plain, Answer)
    assert answer.choices == plain.choices


def test_hosted_work_is_kept_for_its_own_dialect() -> None:
    """An item that only this dialect knows neither breaks the stream nor looks like words."""
    events = read(event("response.output_item.done", output_index=0, item=SEARCH), DONE[1], LAST)
    parts = gather(events).choices[0].parts
    assert [type(part) for part in parts] == [Opaque, Text]


@pytest.mark.parametrize(
    "pieces",
    [
        [*DELTAS[:4], DELTAS[1], LAST],
        [event("response.function_call_arguments.delta", output_index=9, delta="{"), LAST],
        [event("response.output_text.delta", output_index="x", delta="a"), LAST],
        [*DELTAS[:4], event("response.failed", response=RESPONSE | {"status": "failed", "error": {"message": "x"}})],
        [*DELTAS[:4], event("error", message="x")],
        [*DELTAS[:4], event("response.completed", response=RESPONSE | {"status": "cancelled"})],
    ],
)
def test_what_makes_no_sense_fails(pieces: list[bytes]) -> None:
    """A stream that cannot be told without guessing ends as the channel's failure, with nothing after it."""
    events = read(*pieces)
    assert isinstance(events[-1], Failed)
    assert events[-1].fault.fault == "channel"


def test_a_stream_without_its_last_event_is_cut() -> None:
    """Whole items alone are no end."""
    assert not any(isinstance(found, Ended | Failed) for found in read(*DELTAS))
