"""A generateContent answer on the wire: candidates made of parts, and the envelope around them."""

from typing import Any

import msgspec

from farebox.simulator.answer import Answer, Choice
from farebox.simulator.answer import Part as Said
from farebox.simulator.gemini.check import THOUGHT
from farebox.simulator.gemini.request import GenerateRequest
from farebox.simulator.identity import ANSWER_HOLE, CALL_HOLE, model_name
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.signature import sign


def answer_body(
    request: GenerateRequest, answer: Answer, usage: dict[str, Any], options: SimulatorOptions
) -> dict[str, Any]:
    """The plain answer."""
    candidates = [_candidate(request, choice, index) for index, choice in enumerate(answer.choices)]
    return {"candidates": candidates, **envelope(request, usage, options)}


def blocked_body(request: GenerateRequest, usage: dict[str, Any], options: SimulatorOptions) -> dict[str, Any]:
    """The answer to a prompt that was not let through: no candidate at all."""
    counted: dict[str, Any] = {name: usage[name] for name in ("promptTokenCount", "promptTokensDetails")}
    counted["totalTokenCount"] = usage.get("promptTokenCount", 0)
    feedback = {"blockReason": "PROHIBITED_CONTENT", "safetyRatings": ratings(blocked=True)}
    return {"promptFeedback": feedback, **envelope(request, counted, options)}


def envelope(request: GenerateRequest, usage: dict[str, Any] | None, options: SimulatorOptions) -> dict[str, Any]:
    """The members that the plain answer or every chunk of a stream ends with."""
    closing: dict[str, Any] = {} if usage is None or options.usage == "missing" else {"usageMetadata": usage}
    model = request.model.partition("?")[0]
    return {**closing, "modelVersion": model_name(model, options), "responseId": ANSWER_HOLE}


def finish_of(choice: Choice) -> dict[str, Any]:
    """Why the candidate ended; a call ends like anything else."""
    if choice.text("refusal") is not None:
        return {"finishReason": "SAFETY", "safetyRatings": ratings(blocked=True)}
    return {"finishReason": "MAX_TOKENS" if choice.finish_reason == "length" else "STOP"}


def ratings(*, blocked: bool) -> list[dict[str, Any]]:
    rating: dict[str, Any] = {"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "probability": "HIGH"}
    return [{**rating, "blocked": True} if blocked else {**rating, "probability": "NEGLIGIBLE"}]


def call_part(part: Said, choice: int, at: int, *, signed: bool) -> dict[str, Any]:
    """A call with what could be read of its arguments; only the first call of an answer is signed."""
    try:
        given = msgspec.json.decode(part.text or "{}")
    except msgspec.DecodeError:
        given = {}
    called = {"functionCall": {"name": part.name, "args": given, "id": f"{CALL_HOLE}{choice}{at}"}}
    return {**called, "thoughtSignature": sign(THOUGHT, part.name)} if signed else called


def text_signature() -> str:
    return sign(THOUGHT, "")


def logprobs_of(request: GenerateRequest, tokens: tuple[str, ...]) -> dict[str, Any]:
    """The scores of `tokens`, or nothing when they were not asked for."""
    if not request.config.response_logprobs or not tokens:
        return {}
    chosen = [{"token": token, "tokenId": 1, "logProbability": -0.25} for token in tokens]
    ranks = range(max(1, request.config.logprobs or 0))
    top = [{"candidates": [{**score, "logProbability": -0.25 - rank} for rank in ranks]} for score in chosen]
    return {"avgLogprobs": -0.25, "logprobsResult": {"topCandidates": top, "chosenCandidates": chosen}}


def _candidate(request: GenerateRequest, choice: Choice, index: int) -> dict[str, Any]:
    thought = choice.text("reasoning")
    parts: list[dict[str, Any]] = []
    if thought and request.shows_thoughts:
        parts.append({"text": thought, "thought": True})
    text = choice.text("content")
    if text is not None:
        signed = {"thoughtSignature": text_signature()} if thought else {}
        parts.append({"text": text, **signed})
    for at, part in enumerate(choice.tool_calls):
        parts.append(call_part(part, index, at, signed=bool(thought) and at == 0))
    tokens = tuple(token for part in choice.parts if part.kind == "content" for token in part.tokens)
    content: dict[str, Any] = {"parts": parts, "role": "model"} if parts else {"role": "model"}
    if choice.text("refusal") is not None:
        return {**finish_of(choice), "index": index}
    return {"content": content, **finish_of(choice), "index": index, **logprobs_of(request, tokens)}
