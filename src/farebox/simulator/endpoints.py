"""Which endpoint and which dialect a path belongs to."""

from urllib.parse import unquote_to_bytes

from farebox.simulator.anthropic.endpoints import ANTHROPIC_ENDPOINTS
from farebox.simulator.anthropic.errors import ANTHROPIC
from farebox.simulator.credentials import ANTHROPIC_VERSION, GOOGLE_KEY
from farebox.simulator.dialect import Dialect, Endpoint
from farebox.simulator.gemini.endpoints import GEMINI_METHODS, method_of
from farebox.simulator.gemini.errors import GEMINI
from farebox.simulator.media.audio import AUDIO_ENDPOINTS
from farebox.simulator.media.images import IMAGE_ENDPOINTS
from farebox.simulator.media.judging import JUDGING_ENDPOINTS
from farebox.simulator.openai import OPENAI, OPENAI_ENDPOINTS
from farebox.simulator.responses.endpoints import RESPONSES_ENDPOINTS

ENDPOINTS: dict[str, Endpoint] = {
    **OPENAI_ENDPOINTS,
    **RESPONSES_ENDPOINTS,
    **ANTHROPIC_ENDPOINTS,
    **IMAGE_ENDPOINTS,
    **AUDIO_ENDPOINTS,
    **JUDGING_ENDPOINTS,
}


def normal_path(target: bytes) -> str:
    """The decoded path; a base URL may or may not end in the version, so that `/v1` is added where there is none."""
    path = unquote_to_bytes(target).decode("utf-8", "replace")
    return path if path.startswith(("/v1/", "/v1beta/")) else "/v1" + path


def endpoint_of(path: str) -> Endpoint | None:
    """The endpoint that answers a POST to `path`."""
    return ENDPOINTS.get(path) or GEMINI_METHODS.get(method_of(path))


def dialect_of(path: str, headers: dict[bytes, bytes]) -> Dialect:
    """The dialect in which `path` is refused; for the model list, which two vendors have, the headers tell."""
    endpoint = endpoint_of(path)
    if endpoint is not None:
        return endpoint.dialect
    if path.startswith("/v1beta/") or GOOGLE_KEY in headers:
        return GEMINI
    if ANTHROPIC_VERSION in headers:
        return ANTHROPIC
    return OPENAI
