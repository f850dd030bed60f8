"""Where each kind of channel has its API, and how it is told its key."""

import pytest

from farebox.upstream.presets import presets
from farebox.upstream.provider import asked_path, auth_headers, models_request, versioned


@pytest.mark.parametrize(
    ("kind", "prefix", "asked"),
    [
        ("openai", "/v1", b"/x"),
        ("openai", "", b"/v1/x"),
        ("openai-compatible", "/compatible-mode/v1", b"/x"),
        ("openai-compatible", "/openai", b"/x"),
        ("anthropic", "", b"/v1/x"),
        ("anthropic", "/v1", b"/x"),
        ("anthropic", "/anthropic", b"/v1/x"),
        ("gemini", "", b"/v1beta/x"),
        ("gemini", "/v1beta", b"/x"),
        ("gemini", "/v1alpha", b"/x"),
        ("gemini", "/google", b"/v1beta/x"),
    ],
)
def test_a_version_is_asked_for_once(kind: str, prefix: str, asked: bytes) -> None:
    """With the base URL as the vendor's SDK takes it, with or without its version, the API's path comes out."""
    assert versioned(kind, prefix, b"/x") == asked


def test_each_vendor_is_told_its_key_in_its_own_header() -> None:
    """A key in another vendor's header would be refused, and a second header would give it to a proxy."""
    headers = {name: auth_headers(preset, b"k") for name, preset in presets().items()}
    assert headers.pop("anthropic") == ((b"x-api-key", b"k"),)
    assert headers.pop("google") == ((b"x-goog-api-key", b"k"),)
    assert headers.pop("azure") == ((b"api-key", b"k"),)
    assert set(headers.values()) == {((b"authorization", b"Bearer k"),)}


@pytest.mark.parametrize(
    ("prefix", "asked"),
    [
        ("/openai/v1", b"/chat/completions"),
        ("", b"/openai/v1/chat/completions"),
        ("/openai", b"/deployments/my%2Fgpt/chat/completions?api-version=2024-10-21"),
        ("/openai/deployments/gpt-4o", b"/chat/completions?api-version=2024-10-21"),
    ],
)
def test_azure_is_asked_by_version_or_by_deployment(prefix: str, asked: bytes) -> None:
    """Every form of a base URL that Azure's own pages show comes out as a path that it serves."""
    assert asked_path(presets()["azure"], "openai", prefix, b"/chat/completions", "my/gpt") == asked
    assert asked_path(presets()["openai"], "openai", "/v1", b"/chat/completions", "my/gpt") == b"/chat/completions"


def test_every_vendor_lists_its_models() -> None:
    """What `channel test` asks for."""
    known = presets()
    version = ((b"anthropic-version", b"2023-06-01"),)
    assert models_request(known["anthropic"], "anthropic", "") == (b"/v1/models", version)
    assert models_request(known["google"], "gemini", "/v1beta") == (b"/models", ())
    assert models_request(known["openai"], "openai", "/v1") == (b"/models", ())
    assert models_request(known["azure"], "openai", "/openai/v1") == (b"/models", ())
    assert models_request(known["azure"], "openai", "") == (b"/openai/v1/models", ())
    assert models_request(known["azure"], "openai", "/openai") == (b"/models?api-version=2024-10-21", ())
