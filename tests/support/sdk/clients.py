"""The official SDKs of Python and Node.js, unmodified, behind one question."""

from collections.abc import Callable

import anthropic
import openai
from google.genai import errors
from tests.support.sdk import anthropic_messages, gemini, openai_chat, openai_responses
from tests.support.sdk.question import Question, Raised, Turn

PYTHON: dict[str, Callable[[str, str, Question], Turn]] = {
    "openai": openai_chat.ask,
    "responses": openai_responses.ask,
    "anthropic": anthropic_messages.ask,
    "gemini": gemini.ask,
}


def ask(client: str, url: str, key: str, question: Question) -> Turn | Raised:
    """What one of the Python SDKs gives, or which of its exceptions it raises."""
    try:
        return PYTHON[client](url, key, question)
    except openai.APIStatusError as error:
        return Raised(type(error).__name__, error.status_code, str(error.code), str(error))
    except anthropic.APIStatusError as error:
        body = error.body if isinstance(error.body, dict) else {}
        return Raised(type(error).__name__, error.status_code, str(body.get("error", {}).get("code")), str(error))
    except errors.APIError as error:
        details = error.details["error"].get("details", ())
        reason = next((entry["reason"] for entry in details if "reason" in entry), "")
        return Raised(type(error).__name__, error.code, reason.lower(), str(error))
