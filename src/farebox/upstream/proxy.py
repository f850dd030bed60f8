"""The tunnel through an HTTP proxy: CONNECT, spoken on a bare socket before TLS begins."""

import asyncio
import re
import socket

from farebox.upstream.endpoint import Endpoint, Proxy
from farebox.upstream.errors import ConnectError
from farebox.upstream.request import proxy_authorization

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
_ANSWER_BYTES = 16 * 1024


async def open_tunnel(sock: socket.socket, endpoint: Endpoint, proxy: Proxy) -> None:
    """Ask the proxy for a way to the endpoint; the socket then leads there. ConnectError when it refuses."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, _request(endpoint, proxy))
    answer = b""
    while b"\r\n\r\n" not in answer:
        received = await loop.sock_recv(sock, 4096)
        answer += received
        if not received or len(answer) > _ANSWER_BYTES:
            raise ConnectError("the proxy closed, or talked too much, instead of answering CONNECT")
    status = _STATUS.match(answer)
    if status is None:
        raise ConnectError("the proxy does not speak HTTP/1.1")
    if not status[1].startswith(b"2"):
        raise ConnectError(f"the proxy refused the tunnel with status {status[1].decode('ascii')}")
    # In TLS the client speaks first: bytes that are here already do not come from the endpoint.
    if not answer.endswith(b"\r\n\r\n"):
        raise ConnectError("the proxy sent bytes of its own into the tunnel")


def _request(endpoint: Endpoint, proxy: Proxy) -> bytes:
    place = f"{endpoint.host_in_url}:{endpoint.port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"host: {place}"]
    authorization = proxy_authorization(proxy)
    if authorization:
        lines.append(f"proxy-authorization: {authorization}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")
