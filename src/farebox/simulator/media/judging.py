"""Texts judged: moderation, which flags one word, and reranking, which counts words in common."""

from typing import Any

import msgspec

from farebox.simulator.dialect import Endpoint, Incoming
from farebox.simulator.errors import bad_request
from farebox.simulator.identity import ANSWER_HOLE, Marks, model_name
from farebox.simulator.openai import OPENAI
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import text_tokens
from farebox.simulator.script import Script, json_script
from farebox.simulator.stats import RequestHead

FLAGGED_WORD = "forbidden"
CATEGORIES = ("harassment", "hate", "illicit", "self-harm", "sexual", "violence")
DOCUMENTS_PER_UNIT = 100


class ModerationPart(msgspec.Struct):
    type: str
    text: str = ""


class ModerationRequest(msgspec.Struct):
    input: str | list[str | ModerationPart]
    model: str = "sim-moderation"

    @property
    def texts(self) -> list[str]:
        """What is judged one by one; the parts of one message are judged together."""
        if isinstance(self.input, str):
            return [self.input]
        if any(isinstance(item, ModerationPart) for item in self.input):
            return [" ".join(item.text for item in self.input if isinstance(item, ModerationPart))]
        return [item for item in self.input if isinstance(item, str)]


class Document(msgspec.Struct):
    text: str


class RerankRequest(msgspec.Struct):
    model: str
    query: str
    documents: list[str | Document]
    top_n: int | None = None
    return_documents: bool = False

    @property
    def texts(self) -> list[str]:
        return [item if isinstance(item, str) else item.text for item in self.documents]


MODERATION = msgspec.json.Decoder(ModerationRequest)
RERANK = msgspec.json.Decoder(RerankRequest)


def _read_moderation(incoming: Incoming) -> ModerationRequest:
    return MODERATION.decode(incoming.body)


def _read_rerank(incoming: Incoming) -> RerankRequest:
    return RERANK.decode(incoming.body)


def _check_rerank(request: RerankRequest, options: SimulatorOptions) -> None:
    if not request.documents:
        raise bad_request("documents must not be empty", "documents")
    if request.top_n is not None and request.top_n < 1:
        raise bad_request("top_n must be at least 1", "top_n")


def _moderate(request: ModerationRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    results = []
    for text in request.texts:
        flagged = FLAGGED_WORD in text.lower()
        judged = {name: flagged and name == "violence" for name in CATEGORIES}
        scores = {name: 0.99 if found else 0.001 for name, found in judged.items()}
        results.append({"flagged": flagged, "categories": judged, "category_scores": scores})
    body = {"id": f"modr-{ANSWER_HOLE}", "model": model_name(model, options), "results": results}
    return json_script(msgspec.json.encode(body), options, marks=marks)


def _rerank(request: RerankRequest, model: str, options: SimulatorOptions, marks: Marks | None) -> Script:
    wanted = set(request.query.lower().split())
    texts = request.texts
    scored = [(len(wanted & set(text.lower().split())) / max(1, len(wanted)), at) for at, text in enumerate(texts)]
    ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[: request.top_n]
    results: list[dict[str, Any]] = [{"index": at, "relevance_score": score} for score, at in ranked]
    if request.return_documents:
        results = [{**result, "document": {"text": texts[result["index"]]}} for result in results]
    body: dict[str, Any] = {"id": ANSWER_HOLE, "model": model_name(model, options), "results": results}
    tokens = _rerank_tokens(request)
    if options.usage != "missing":
        units = -(-len(texts) // DOCUMENTS_PER_UNIT)
        meta = {"api_version": {"version": "2"}, "billed_units": {"search_units": units}}
        body |= {"meta": meta, "usage": {"total_tokens": tokens}}
    return json_script(msgspec.json.encode(body), options, tokens=(tokens, 0), marks=marks)


def _moderation_tokens(request: ModerationRequest) -> int:
    return sum(text_tokens(text) for text in request.texts)


def _rerank_tokens(request: RerankRequest) -> int:
    return text_tokens(request.query) + sum(text_tokens(text) for text in request.texts)


def _head(path: str, request: ModerationRequest | RerankRequest, model: str) -> RequestHead:
    return RequestHead(path, model)


JUDGING_ENDPOINTS = {
    "/v1/moderations": Endpoint(OPENAI, _read_moderation, _head, _moderate, _moderation_tokens),
    "/v1/rerank": Endpoint(OPENAI, _read_rerank, _head, _rerank, _rerank_tokens, _check_rerank),
}
