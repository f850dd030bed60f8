"""From an endpoint to an open connection: checked address, socket, proxy tunnel, TLS.

Slow by nature and off the hot path, so it may use timeouts, threads and tasks freely.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable

from farebox.kit.clock import Clock
from farebox.upstream.address import Resolver, is_literal, is_local_name, refusal_of
from farebox.upstream.connection import Connection
from farebox.upstream.endpoint import Endpoint, Proxy
from farebox.upstream.errors import AddressRefused, ConnectError, ConnectTimeout, TlsError
from farebox.upstream.limits import Limits
from farebox.upstream.proxy import open_tunnel

# An address that does not answer at once gives way to the next one; the last one gets all the time that is left.
_TRY_S = 1.0
_TRIED_ADDRESSES = 4


class Dialer:
    """Opens connections; remembers one TLS context per file of trusted certificates."""

    def __init__(self, resolver: Resolver, clock: Clock, limits: Limits) -> None:
        self._resolver = resolver
        self._clock = clock
        self._limits = limits
        self._contexts: dict[str | None, ssl.SSLContext] = {}

    async def dial(self, endpoint: Endpoint, connect_s: float, on_lost: Callable[[Connection], None]) -> Connection:
        """An open, unused connection; a ConnectError of some kind when there is none within `connect_s`."""
        try:
            async with asyncio.timeout(connect_s) as bound:
                sock = await self._reach(endpoint, connect_s)
                return await self._attach(endpoint, sock, on_lost)
        except TimeoutError as error:
            if bound.expired():
                raise ConnectTimeout(f"no connection to {endpoint.authority} within {connect_s:g} s") from error
            raise ConnectError(f"cannot connect to {endpoint.authority}") from error

    async def _reach(self, endpoint: Endpoint, connect_s: float) -> socket.socket:
        """A socket that leads to the endpoint, through the proxy if there is one."""
        proxy = endpoint.proxy
        if proxy is None:
            addresses = await self._resolver.addresses(
                endpoint.host, endpoint.port, allow_private=endpoint.allow_private
            )
            return await self._connect(addresses, endpoint.port, connect_s)
        _check_before_proxy(endpoint)
        # The operator names the proxy and means it, also inside the own network.
        addresses = await self._resolver.addresses(proxy.host, proxy.port, allow_private=True)
        sock = await self._connect(addresses, proxy.port, connect_s)
        if endpoint.is_tls:
            await _or_close(sock, endpoint, proxy)
        return sock

    async def _connect(self, addresses: tuple[str, ...], port: int, connect_s: float) -> socket.socket:
        last: OSError | None = None
        tried = addresses[:_TRIED_ADDRESSES]
        for address in tried:
            is_last = address is tried[-1]
            try:
                async with asyncio.timeout(connect_s if is_last else min(_TRY_S, connect_s / len(tried))):
                    return await _connect_to(address, port)
            except OSError as error:  # TimeoutError is one
                last = error
        raise ConnectError(f"cannot connect to {tried[0]}, port {port}") from last

    async def _attach(
        self, endpoint: Endpoint, sock: socket.socket, on_lost: Callable[[Connection], None]
    ) -> Connection:
        """Put our protocol on the socket, and TLS between them where the endpoint wants it."""
        try:
            context = await self._context(endpoint.ca_file) if endpoint.is_tls else None
        except BaseException:
            sock.close()
            raise
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(
                lambda: Connection(self._clock, self._limits, on_lost),
                sock=sock,
                ssl=context,
                server_hostname=endpoint.host.rstrip(".") if context is not None else None,
            )
        except ssl.SSLCertVerificationError as error:
            raise TlsError(f"{endpoint.authority} has no valid certificate: {error.verify_message}") from error
        except ssl.SSLError as error:
            raise TlsError(f"TLS with {endpoint.authority} failed: {error.reason}") from error
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise TlsError(f"{endpoint.authority} closed during the TLS handshake") from error
        return connection

    async def _context(self, ca_file: str | None) -> ssl.SSLContext:
        context = self._contexts.get(ca_file)
        if context is None:
            # Reading the machine's certificates takes tens of milliseconds: not on the loop.
            context = await asyncio.get_running_loop().run_in_executor(None, _make_context, ca_file)
            self._contexts[ca_file] = context
        return context


def _make_context(ca_file: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise TlsError("the file of trusted certificates cannot be read") from error
    context.set_alpn_protocols(["http/1.1"])
    return context


def _check_before_proxy(endpoint: Endpoint) -> None:
    # Behind a proxy the proxy resolves names, and what it may reach is its operator's to limit. What can be judged
    # without resolving is judged here.
    if endpoint.allow_private:
        return
    refusal = refusal_of(endpoint.host) if is_literal(endpoint.host) else None
    if refusal is not None or is_local_name(endpoint.host):
        raise AddressRefused(f"{endpoint.host} is {refusal or 'a local name'}")


async def _connect_to(address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except BaseException:
        sock.close()
        raise
    return sock


async def _or_close(sock: socket.socket, endpoint: Endpoint, proxy: Proxy) -> None:
    try:
        await open_tunnel(sock, endpoint, proxy)
    except OSError as error:
        sock.close()
        raise ConnectError("the proxy broke the connection") from error
    except BaseException:
        sock.close()
        raise
