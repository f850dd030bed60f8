"""Where each kind of channel has its API, and how it is told its key."""

import pytest

from farebox.upstream.provider import DEFAULT_BASE_URLS, auth_headers, models_request, versioned


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
    assert auth_headers("openai", b"k") == auth_headers("openai-compatible", b"k") == ((b"authorization", b"Bearer k"),)
    assert auth_headers("anthropic", b"k") == ((b"x-api-key", b"k"),)
    assert auth_headers("gemini", b"k") == ((b"x-goog-api-key", b"k"),)


def test_every_vendor_lists_its_models_and_has_an_address() -> None:
    """What `channel test` asks for; compatible servers have no address of their own."""
    assert models_request("anthropic", "") == (b"/v1/models", ((b"anthropic-version", b"2023-06-01"),))
    assert models_request("gemini", "/v1beta") == (b"/models", ())
    assert models_request("openai", "/v1") == (b"/models", ())
    assert set(DEFAULT_BASE_URLS) == {"openai", "anthropic", "gemini"}
