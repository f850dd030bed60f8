"""TLS with verification, and HTTP proxies."""

import asyncio
import base64
import datetime as dt
import ipaddress
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from farebox.kit.clock import FixedClock
from farebox.upstream.address import Resolver
from farebox.upstream.endpoint import parse_endpoint
from farebox.upstream.errors import AddressRefused, ConnectError, ConnectionLost, ConnectTimeout, TlsError
from farebox.upstream.limits import Timeouts

HI = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"


async def serve_hi(peer):
    while True:
        await peer.request()
        await peer.send(HI)


async def everything_is_here(host, port):
    return ["127.0.0.1"]


def here():
    """A resolver that finds every name on this machine."""
    return Resolver(FixedClock(), everything_is_here)


class Authority:
    """A certificate authority of our own and the certificates it gives."""

    def __init__(self, folder):
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        certificate = self._certificate(self._name, self._key.public_key(), is_authority=True)
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, *names, days_left=10):
        """A server's TLS context for these names or addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        certificate = self._certificate(subject, key.public_key(), names=names, days_left=days_left)
        path = self._folder / f"{names[0]}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _certificate(self, subject, public_key, *, names=(), is_authority=False, days_left=10):
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=30))
            .not_valid_after(now + dt.timedelta(days=days_left))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), False)
        return builder.sign(self._key, hashes.SHA256())


def _general(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def secure(there, host, authority, **options):
    ca_file = str(authority.ca_file) if authority is not None else None
    return parse_endpoint(there.url("https", host), allow_private=True, ca_file=ca_file, **options)


@pytest.mark.parametrize("host", ["api.example", "api.example.", "127.0.0.1"])
def test_a_provider_that_proves_its_name_is_trusted(provider, client, get, run, authority, host):
    """TLS works with the operator's own authority, for names and addresses, and connections are reused."""

    async def main():
        tls = authority.server(host.rstrip("."))
        asked = []
        tls.sni_callback = lambda _socket, name, _context: asked.append(name)
        async with provider(serve_hi, tls=tls) as there, client(resolver=here()) as ours:
            for _ in range(3):
                assert await get(ours, secure(there, host, authority)) == (200, b"hi")
            assert there.connections == 1
            assert asked == [None if host[0].isdigit() else "api.example"]

    run(main())


@pytest.mark.parametrize("fault", ["other-name", "expired", "unknown-authority", "no-tls"])
def test_a_provider_that_cannot_prove_its_name_gets_no_request(provider, client, get, run, authority, fault):
    """A key and a prompt are never sent to somebody else."""

    async def main():
        received = []

        async def script(peer):
            if fault == "no-tls":
                await peer.reader.read(1)
                await peer.send(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            received.append(await peer.request())

        tls = authority.server(
            "other.example" if fault == "other-name" else "api.example", days_left=-1 if fault == "expired" else 10
        )
        async with (
            provider(script, tls=None if fault == "no-tls" else tls) as there,
            client(resolver=here()) as ours,
        ):
            endpoint = secure(there, "api.example", None if fault == "unknown-authority" else authority)
            with pytest.raises(TlsError) as caught:
                await get(ours, endpoint)
            assert not caught.value.maybe_processed
            assert not received

    run(main())


def test_a_handshake_that_never_comes_runs_into_the_connect_timeout(provider, client, get, run, authority):
    """connect_s bounds the handshake as well."""

    async def main():
        async def silent(peer):
            await peer.until_gone()

        async with provider(silent) as there, client(resolver=here()) as ours:
            with pytest.raises(ConnectTimeout):
                await get(ours, secure(there, "api.example", authority), timeouts=Timeouts(0.2, 5, 5))

    run(main())


def test_a_file_of_certificates_that_is_not_there_is_a_tls_error(provider, client, get, run, tmp_path):
    """A wrong path in the configuration is told, not ignored."""

    async def main():
        async with provider(serve_hi) as there, client(resolver=here()) as ours:
            endpoint = parse_endpoint(there.url("https"), allow_private=True, ca_file=str(tmp_path / "none.pem"))
            with pytest.raises(TlsError):
                await get(ours, endpoint)

    run(main())


def test_cancelling_over_tls_reaches_the_provider(provider, client, get, run, authority):
    """A call over TLS is cancelled like any other."""

    async def main():
        reached, gone = asyncio.Event(), asyncio.Event()

        async def script(peer):
            await peer.request()
            await peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi")
            reached.set()
            await peer.until_gone()
            gone.set()

        async with (
            provider(script, tls=authority.server("api.example")) as there,
            client(resolver=here()) as ours,
        ):
            task = asyncio.ensure_future(get(ours, secure(there, "api.example", authority)))
            await reached.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await gone.wait()

    run(main())


def test_plain_http_goes_through_a_proxy_in_absolute_form(provider, client, get, run):
    """The proxy learns where to go from the request line, and who we are from its own header."""

    async def main():
        heads = []

        async def proxy(peer):
            while True:
                heads.append((await peer.request())[0])
                await peer.send(HI)

        async with provider(proxy) as there, client() as ours:
            endpoint = parse_endpoint(
                "http://api.example:8080/base", proxy=f"http://me:pass%20word@127.0.0.1:{there.port}"
            )
            for _ in range(2):
                assert await get(ours, endpoint) == (200, b"hi")
            assert there.connections == 1
            assert heads[0].startswith(b"POST http://api.example:8080/base/v1/x HTTP/1.1\r\nhost: api.example:8080\r\n")
            assert b"proxy-authorization: Basic " + base64.b64encode(b"me:pass word") + b"\r\n" in heads[0]

    run(main())


def test_https_goes_through_a_tunnel(provider, client, get, run, authority):
    """TLS is with the provider and not with the proxy, which sees neither headers nor its credentials twice."""

    async def main():
        asked, heads = [], []

        async def script(peer):
            heads.append((await peer.request())[0])
            await peer.send(HI)

        async with provider(script, tls=authority.server("api.example")) as there:

            async def proxy(peer):
                asked.append(await peer.reader.readuntil(b"\r\n\r\n"))
                reader, writer = await asyncio.open_connection("127.0.0.1", there.port)
                await peer.send(b"HTTP/1.1 200 Connection established\r\nvia: x\r\n\r\n")

                async def pump(source, sink):
                    try:
                        while data := await source.read(65536):
                            sink.write(data)
                    except ConnectionError:
                        pass
                    sink.close()

                await asyncio.gather(pump(peer.reader, writer), pump(reader, peer.writer))

            async with provider(proxy) as way, client() as ours:
                endpoint = secure(there, "api.example", authority, proxy=f"http://me:word@127.0.0.1:{way.port}")
                assert await get(ours, endpoint) == (200, b"hi")
                assert asked[0].startswith(b"CONNECT api.example:%d HTTP/1.1\r\n" % there.port)
                assert b"proxy-authorization: Basic " in asked[0]
                assert b"proxy-authorization" not in heads[0]

    run(main())


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", "407"),
        (b"HTTP/1.1 200 OK\r\n\r\n\x16\x03\x01", "bytes of its own"),
        (b"what?\r\n\r\n", "does not speak"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 50_000, "talked too much"),
        (b"", "closed"),
    ],
)
def test_a_proxy_that_does_not_open_the_tunnel_is_a_connect_error(provider, client, get, run, answer, why):
    """Nothing is sent into a tunnel that is not clearly open."""

    async def main():
        async def proxy(peer):
            await peer.reader.readuntil(b"\r\n\r\n")
            await peer.send(answer)

        async with provider(proxy) as way, client() as ours:
            with pytest.raises(ConnectError, match=why) as caught:
                await get(ours, parse_endpoint("https://api.example", proxy=f"http://127.0.0.1:{way.port}"))
            assert not caught.value.maybe_processed

    run(main())


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "localhost", "metadata.google.internal"])
def test_a_proxy_is_not_a_way_around_the_address_guard(provider, client, get, run, host):
    """What can be judged without resolving is judged before a proxy is asked."""

    async def main():
        async with provider(serve_hi) as way, client() as ours:
            with pytest.raises(AddressRefused):
                await get(ours, parse_endpoint(f"http://{host}", proxy=f"http://127.0.0.1:{way.port}"))
            assert way.connections == 0

    run(main())


def test_endpoints_do_not_share_connections_across_proxies(provider, client, get, run):
    """A connection belongs to one way of reaching one place."""

    async def main():
        async with provider(serve_hi) as there, client() as ours:
            direct = there.endpoint()
            assert await get(ours, direct) == (200, b"hi")
            assert await get(ours, there.endpoint(proxy=there.url())) == (200, b"hi")
            assert there.connections == 2

    run(main())


def test_a_server_that_closes_after_the_handshake_is_a_lost_connection(provider, client, get, run, authority):
    """A close right after connecting neither hangs nor looks like an answer."""

    async def close(peer):
        return

    async def main():
        async with (
            provider(close, tls=authority.server("api.example")) as there,
            client(resolver=here()) as ours,
        ):
            with pytest.raises((ConnectionLost, ConnectError)):
                await get(ours, secure(there, "api.example", authority))

    run(main())
