"""The life of a job in words: kinds, states, outcomes."""

from typing import Literal

KeyKind = Literal["live", "test"]
Endpoint = Literal["chat.completions", "completions", "embeddings", "responses", "messages"]
JobStatus = Literal["open", "settled", "voided"]
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
