"""A customer's https server that takes webhooks, with a certificate of an authority of the test's own."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Called:
    """One request, as the customer's server got it."""

    path: str
    headers: dict[str, str]
    body: bytes


def _takes_it(_: Called) -> bytes:
    return b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class HookServer:
    """`answer` gives the bytes of an answer; `before` is awaited before it is given."""

    port: int
    ca_file: str
    called: list[Called] = field(default_factory=list)
    answer: Callable[[Called], bytes] = _takes_it
    before: Callable[[Called], Awaitable[None]] | None = None

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/hook?shop=7"


@asynccontextmanager
async def hook_server(folder: Path) -> AsyncIterator[HookServer]:
    """Listens on a free port of this machine; `folder` keeps its certificate."""
    context = await asyncio.to_thread(_certificate, folder)
    server = HookServer(0, str(folder / "hook.pem"))

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
            called = Called(lines[0].split(" ")[1], headers, await reader.readexactly(int(headers["content-length"])))
            server.called.append(called)
            if server.before is not None:
                await server.before(called)
            writer.write(server.answer(called))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(play, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


def _certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hook")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "hook.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "hook.pem", folder / "key.pem")
    return context
