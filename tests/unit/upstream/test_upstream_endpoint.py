"""Base URLs and request heads."""

import pytest

from farebox.upstream.endpoint import parse_endpoint
from farebox.upstream.errors import EndpointError, RequestRefused
from farebox.upstream.request import RequestHead


@pytest.mark.parametrize(
    ("url", "host", "port", "prefix", "authority"),
    [
        ("https://api.example.com/v1", "api.example.com", 443, "/v1", "api.example.com"),
        ("HTTPS://API.Example.com/", "api.example.com", 443, "", "api.example.com"),
        ("http://api.example.com:8080/a/b/", "api.example.com", 8080, "/a/b", "api.example.com:8080"),
        ("http://[2606:4700::1]:81", "2606:4700::1", 81, "", "[2606:4700::1]:81"),
        ("https://müller.example", "xn--mller-kva.example", 443, "", "xn--mller-kva.example"),
    ],
)
def test_base_urls_are_taken_apart(url, host, port, prefix, authority):
    """What the operator typed leads to the place it says."""
    endpoint = parse_endpoint(url)
    assert (endpoint.host, endpoint.port, endpoint.path_prefix, endpoint.authority) == (host, port, prefix, authority)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.example.com",
        "ftp://api.example.com",
        "file:///etc/passwd",
        "https://",
        "https:///v1",
        "https://user@api.example.com",
        "https://user:word@api.example.com",
        "https://api.example.com/#part",
        "https://api.example.com/?a=b",
        "https://api.example.com:0",
        "https://api.example.com:99999",
        "https://api.example.com:x",
        "https://api.exam ple.com",
        "https://api.example.com/\r\nx: y",
        "https://api.example.com\\@other.example",
        "https://api.example.com/a/../b",
        "https://api.example.com/%2e%2e/b",
        "https://127.1",
        "https://2130706433",
        "https://0x7f000001",
        "https://[fe80::1%25eth0]",
        "https://[::1",
        "https://-a.example",
        "https://a..example",
    ],
)
def test_base_urls_that_could_mislead_are_refused(url):
    """A base URL means one thing or nothing."""
    with pytest.raises(EndpointError):
        parse_endpoint(url)


@pytest.mark.parametrize("proxy", ["https://proxy.example", "proxy.example:1", "http://proxy.example/path", "http://"])
def test_proxies_that_cannot_be_used_are_refused(proxy):
    """A proxy that would be ignored or misread is an error at configuration, not silence."""
    with pytest.raises(EndpointError):
        parse_endpoint("https://api.example.com", proxy=proxy)


def test_a_proxy_keeps_its_password_out_of_texts():
    """Printing an endpoint does not print credentials."""
    endpoint = parse_endpoint("https://api.example.com", proxy="http://user:s%20cret@proxy.example:3128")
    assert endpoint.proxy is not None
    assert (endpoint.proxy.user, endpoint.proxy.password) == ("user", "s cret")
    assert "cret" not in repr(endpoint)


HEAD = RequestHead(parse_endpoint("https://api.example.com/v1"))


def test_a_head_is_written_as_the_standard_says():
    """Host, length and our wish for plain bytes are added to what the caller gives."""
    assert HEAD.encode(b"POST", b"/chat", [(b"Authorization", b"Bearer k")], 2) == (
        b"POST /v1/chat HTTP/1.1\r\nhost: api.example.com\r\nAuthorization: Bearer k\r\n"
        b"accept-encoding: identity\r\ncontent-length: 2\r\n\r\n"
    )


def test_a_get_has_no_length_and_an_empty_post_has_one():
    """Servers wait for, or refuse, a body by this header."""
    assert b"content-length" not in HEAD.encode(b"GET", b"/models", [], 0)
    assert b"content-length: 0\r\n" in HEAD.encode(b"POST", b"/x", [], 0)


def test_the_callers_wish_for_an_encoding_is_kept():
    """There is one Accept-Encoding, and the caller's wins."""
    head = HEAD.encode(b"GET", b"/models", [(b"Accept-Encoding", b"gzip")], 0)
    assert head.lower().count(b"accept-encoding") == 1
    assert b"gzip" in head


@pytest.mark.parametrize(
    "header",
    [
        (b"x", b"a\r\nhost: other"),
        (b"x", b"a\nb"),
        (b"x", b"a\rb"),
        (b"x", b"a\0b"),
        (b"x\r\ny", b"a"),
        (b"x: y", b"a"),
        (b"x y", b"a"),
        (b"", b"a"),
        (b"Host", b"other"),
        (b"Content-Length", b"5"),
        (b"transfer-encoding", b"chunked"),
        (b"Connection", b"close"),
    ],
)
def test_headers_that_could_change_the_message_are_refused(header):
    """Nothing a caller passes through can end a header, begin another or change the framing."""
    with pytest.raises(RequestRefused) as caught:
        HEAD.encode(b"POST", b"/x", [(b"a", b"b"), header], 2)
    assert caught.value.maybe_processed is False


@pytest.mark.parametrize("target", [b"", b"x", b"/a b", b"/a\r\nb", b"/a#b", b"/\xff", b"http://other/"])
def test_targets_that_could_change_the_message_are_refused(target):
    """The request line has exactly three parts and stays at the endpoint."""
    with pytest.raises(RequestRefused):
        HEAD.encode(b"GET", target, [], 0)


@pytest.mark.parametrize("method", [b"CONNECT", b"TRACE", b"get", b"GET /x HTTP/1.1\r\n"])
def test_methods_are_from_a_short_list(method):
    """A method cannot smuggle a request or open a tunnel."""
    with pytest.raises(RequestRefused):
        HEAD.encode(method, b"/x", [], 0)


def test_blocks_that_are_kept_belong_to_their_own_headers() -> None:
    """A call never goes out under another call's key, whatever was sent before it on the same endpoint."""
    head = RequestHead(parse_endpoint("https://api.example.com/v1"))
    for number in [*range(200), *range(200)]:
        block = head.encode(b"POST", b"/x", ((b"authorization", b"key-%d" % number),), number + 1)
        assert b"authorization: key-%d\r\n" % number in block
        assert block.endswith(b"content-length: %d\r\n\r\n" % (number + 1))
    with pytest.raises(RequestRefused):
        head.encode(b"POST", b"/x", ((b"authorization", b"key-1\r\nx: y"),), 1)
