"""The life of a job in words: kinds, states, outcomes."""

from collections.abc import Mapping
from typing import Literal

KeyKind = Literal["live", "test"]
Endpoint = Literal[
    "chat.completions",
    "completions",
    "embeddings",
    "responses",
    "messages",
    "images.generations",
    "images.edits",
    "audio.speech",
    "audio.transcriptions",
    "moderations",
    "rerank",
]
Task = Literal["chat", "embeddings", "images", "speech", "transcriptions", "moderations", "rerank"]
UsageSource = Literal["provider", "estimated", "none"]
Outcome = Literal[
    "completed",
    "client_disconnected",
    "provider_error",
    "provider_cut",
    "timeout",
    "platform_error",
    "refused",
]

# What a model must be able to do for a call at each endpoint.
TASK_OF: Mapping[Endpoint, Task] = {
    "chat.completions": "chat",
    "completions": "chat",
    "responses": "chat",
    "messages": "chat",
    "embeddings": "embeddings",
    "images.generations": "images",
    "images.edits": "images",
    "audio.speech": "speech",
    "audio.transcriptions": "transcriptions",
    "moderations": "moderations",
    "rerank": "rerank",
}
