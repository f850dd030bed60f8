"""A JSON schema for the answer as a tool that the model must call, for models that know tools but no schemas."""

from collections.abc import Iterable

import msgspec

from farebox.dialects.conversation import Conversation, JsonSchema, Text, Tool, ToolCall, ToolChoice, Untranslatable
from farebox.dialects.reply import (
    Answer,
    Choice,
    Event,
    Stop,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
)

_replace = msgspec.structs.replace
_END = Stop("end")


def with_schema_tool(conversation: Conversation, field: str) -> Conversation:
    """The conversation with its schema as a forced tool; refused under `field` where other tools may be called."""
    schema = conversation.output_format
    if not isinstance(schema, JsonSchema):
        return conversation
    choice = conversation.tool_choice
    if conversation.tools and (choice is None or choice.mode != "none"):
        raise Untranslatable(field, "cannot be had together with tools from this model. Remove one of them")
    description = schema.description or "Gives the answer to the user."
    tool = Tool(schema.name, description, schema.schema)
    return _replace(
        conversation,
        tools=(*conversation.tools, tool),
        tool_choice=ToolChoice("required", (schema.name,)),
        parallel_tools=False,
        output_format=None,
    )


class SchemaTool:
    """Turns the calls of the forced tool back into the text that the client asked for."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: set[tuple[int, int]] = set()

    def answer(self, answer: Answer) -> Answer:
        return _replace(answer, choices=tuple(map(self._choice, answer.choices)))

    def _choice(self, choice: Choice) -> Choice:
        parts = tuple(
            Text(part.arguments_json) if isinstance(part, ToolCall) and part.name == self._name else part
            for part in choice.parts
        )
        is_called = parts != choice.parts and choice.stop is not None and choice.stop.reason == "tool_calls"
        return _replace(choice, parts=parts, stop=_END if is_called else choice.stop)

    def events(self, events: Iterable[Event]) -> list[Event]:
        return [changed for event in events if (changed := self._event(event)) is not None]

    def _event(self, event: Event) -> Event | None:
        match event:
            case ToolCallStarted() if event.name == self._name:
                self._parts.add((event.choice, event.part))
                return None
            case ToolArgumentsDelta() if (event.choice, event.part) in self._parts:
                return TextDelta(event.json, event.part, event.choice)
            case Stopped() if event.stop.reason == "tool_calls" and self._parts:
                return Stopped(_END, event.choice)
            case _:
                return event
