"""Where a customer may have us call: https on the open internet, and nothing that means something else to somebody."""

import pytest

from farebox.upstream.callback import callback_of
from farebox.upstream.errors import EndpointError


def test_a_url_in_its_parts() -> None:
    """Host and port are the endpoint's; path and query are sent as they stand."""
    callback = callback_of("https://Example.com:8443/a/b?c=d&e=%20")
    assert (callback.endpoint.host, callback.endpoint.port, callback.endpoint.is_tls) == ("example.com", 8443, True)
    assert (callback.target, callback.endpoint.path_prefix) == (b"/a/b?c=d&e=%20", "")
    assert callback_of("https://example.com").target == b"/"
    assert not callback.endpoint.allow_private


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "//example.com/",
        "https:///path",
        "https://user:password@example.com/",
        "https://example.com@10.0.0.1/",
        "https://example.com/#fragment",
        "https://example.com/a b",
        "https://example.com/a\r\nhost: b",
        "https://example.com/ä",
        "https://localhost/",
        "https://metadata.google.internal/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://example.com:0/",
        "https://[fe80::1%25eth0]/",
        "https://example.com\\@10.0.0.1/",
        "https://example.com/" + "a" * 2000,
    ],
)
def test_what_is_no_place_to_call(url: str) -> None:
    """Other schemes, credentials, local names, addresses in disguise, what breaks a request's first line."""
    with pytest.raises(EndpointError):
        callback_of(url)
