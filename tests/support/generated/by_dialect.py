"""What hypothesis draws for each dialect."""

from collections.abc import Mapping

from hypothesis import strategies as st
from tests.support.generated import anthropic, gemini, openai_chat, responses

from farebox.dialects.conversation import Conversation, Dialect
from farebox.dialects.reply import Answer

CONVERSATIONS: Mapping[Dialect, st.SearchStrategy[Conversation]] = {
    "openai_chat": openai_chat.conversations(),
    "openai_responses": responses.conversations(),
    "anthropic": anthropic.conversations(),
    "gemini": gemini.conversations(),
}
ANSWERS: Mapping[Dialect, st.SearchStrategy[Answer]] = {
    "openai_chat": openai_chat.answers(),
    "openai_responses": responses.answers(),
    "anthropic": anthropic.answers(),
    "gemini": gemini.answers(),
}
