"""Channels, models, prices and stops on the command line."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from tests.integration.boot.conftest import Cli

LOCAL = ("--base-url", "http://127.0.0.1:9/v1", "--allow-private")


@pytest.fixture
def channel(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PROVIDER_KEY", "sk-provider-secret")
    kind = ("--kind", "openai-compatible", "--api-key-env", "PROVIDER_KEY")
    return str(cli.ok("channel", "add", "--name", "main", *kind, *LOCAL)["name"])


def test_a_channel_is_added_listed_and_switched(cli: Cli, channel: str):
    """Its key is stored and never shown; disabling it is seen in the list."""
    (listed,) = cli.ok("channel", "list")
    assert (listed["name"], listed["keys"], listed["enabled"], listed["provider"]) == ("main", 1, True, "127.0.0.1")
    assert "sk-provider" not in str(listed)
    assert cli.ok("channel", "disable", channel)["enabled"] is False
    assert cli.ok("channel", "list")[0]["enabled"] is False
    assert cli.ok("channel", "enable", channel)["enabled"] is True
    assert "no channel" in cli.fails("channel", "disable", "other")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/v1",
        "http://localhost/v1",
        "http://10.1.2.3/v1",
        "http://169.254.169.254/latest",
        "http://[::1]/v1",
        "http://metadata.google.internal/",
    ],
)
def test_addresses_of_the_own_network_need_allow_private(cli: Cli, url: str):
    """A channel cannot be pointed at the machine, its network or a cloud's metadata without saying so."""
    assert "--allow-private" in cli.fails(
        "channel", "add", "--name", "x", "--kind", "openai-compatible", "--base-url", url
    )
    assert cli.ok("channel", "list") == []


@pytest.mark.parametrize("url", ["ftp://example.com", "https://", "https://user:pw@example.com/v1", "nonsense"])
def test_what_is_no_base_url_is_refused(cli: Cli, url: str):
    """A URL that could not be called is found when it is given."""
    cli.fails("channel", "add", "--name", "x", "--kind", "openai-compatible", "--base-url", url)


def test_a_channel_needs_the_key_that_it_names(cli: Cli):
    """An unset variable is an error, not a channel without a key."""
    kind = ("--kind", "openai", "--api-key-env", "SURELY_NOT_SET")
    assert "SURELY_NOT_SET" in cli.fails("channel", "add", "--name", "x", *kind, *LOCAL)


@pytest.mark.parametrize("kind", ["anthropic", "gemini"])
def test_channels_of_every_vendor(cli: Cli, kind: str, channel: str):
    """All kinds can be added; a vendor wants a key, and only a vendor's address is known."""
    key = ("--api-key-env", "PROVIDER_KEY")
    cli.ok("channel", "add", "--name", "x", "--kind", kind, *key, *LOCAL)
    added = next(found for found in cli.ok("channel", "list") if found["name"] == "x")
    assert (added["kind"], added["provider"], added["keys"]) == (kind, kind, 1)
    assert "--api-key-env" in cli.fails("channel", "add", "--name", "y", "--kind", kind, *LOCAL, status=2)
    compatible = ("--name", "y", "--kind", "openai-compatible", *key)
    assert "--base-url" in cli.fails("channel", "add", *compatible, status=2)


def test_a_model_is_added_with_routes_and_prices(cli: Cli, channel: str):
    """Prices are exact decimal strings; a second model of the name is refused, its price changed by `model price`."""
    add = (
        "model",
        "add",
        "gpt-x",
        "--input",
        "2.50",
        "--output",
        "10",
        "--cached-input",
        "1.25",
        "--context",
        "128000",
    )
    routes = ("--route", "main/up-1", "--route", "main/vendor/up-2@1:3")
    assert cli.ok(*add, *routes) == {"model": "gpt-x"}
    (model,) = cli.ok("model", "list")
    assert model["pricing"] == {"input": "2.5", "output": "10", "cached_input": "1.25"}
    assert model["routes"] == ["main/up-1@0:1", "main/vendor/up-2@1:3"]
    assert "model price" in cli.fails(*add, *routes)
    assert len(cli.ok("model", "list")) == 1


def test_a_model_with_an_unknown_channel_leaves_nothing(cli: Cli, channel: str):
    """Row, routes and rate card appear together or not at all."""
    prices = ("--input", "1", "--output", "1")
    assert "nowhere" in cli.fails("model", "add", "m", "--route", "main/a", "--route", "nowhere/b", *prices)
    assert "twice" in cli.fails("model", "add", "m", "--route", "main/a", "--route", "main/a", *prices)
    assert cli.ok("model", "list") == []


def test_new_prices_are_new_versions(cli: Cli, channel: str):
    """A price can be set ahead of time; until then the old one is in force."""
    cli.ok("model", "add", "m", "--route", "main/a", "--input", "1", "--output", "2")
    later = cli.ok("model", "price", "m", "--input", "3", "--output", "4", "--effective", "7d")
    assert later["rate_card"] == 2
    (model,) = cli.ok("model", "list")
    assert (model["rate_card"], model["pricing"]["input"], len(model["coming"])) == (1, "1", 1)
    assert cli.ok("model", "price", "m", "--input", "5", "--output", "6")["rate_card"] == 3
    assert cli.ok("model", "list")[0]["pricing"] == {"input": "5", "output": "6"}
    assert "no model" in cli.fails("model", "price", "other", "--input", "1", "--output", "1")
    cli.fails("model", "price", "m", "--input", "1", "--output", "1", "--effective", "2001-01-01", status=2)


def test_stops_name_what_exists_and_end(cli: Cli, channel: str):
    """A stop that names nothing would look like one that works."""
    cli.ok("model", "add", "m", "--route", "main/a", "--input", "1", "--output", "2")
    assert cli.ok("stop", "--model", "m", "--reason", "odd answers") == {
        "scope": "model",
        "target": "m",
        "stopped": True,
    }
    assert cli.ok("model", "list")[0]["stopped"] is True
    cli.ok("stop", "--channel", "main", "--reason", "bill")
    assert cli.ok("channel", "list")[0]["stopped"] is True
    cli.ok("resume", "--channel", "main")
    assert cli.ok("channel", "list")[0]["stopped"] is False
    cli.ok("stop", "--provider", "127.0.0.1", "--reason", "bill")
    assert cli.ok("channel", "list")[0]["stopped"] is True
    assert cli.ok("stop", "--all", "--reason", "fire")["scope"] == "all"
    assert cli.ok("resume", "--all")["stopped"] is False
    assert "nothing is stopped" in cli.fails("resume", "--all")
    for option in ("--model", "--channel", "--provider"):
        assert "nowhere" in cli.fails("stop", option, "nowhere", "--reason", "x")


class _Provider(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_known = self.headers["authorization"] == "Bearer sk-provider-secret" and self.path == "/v1/models"
        body = b'{"data": []}'
        self.send_response(200 if is_known else 401)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def provider_url() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_testing_a_channel_asks_the_provider(cli: Cli, provider_url: str, monkeypatch: pytest.MonkeyPatch):
    """The stored key is opened and sent; a refused key or a dead address is told in a line, with status 1."""
    kind = ("--kind", "openai-compatible", "--base-url", provider_url, "--allow-private", "--api-key-env", "K")
    monkeypatch.setenv("K", "sk-provider-secret")
    cli.ok("channel", "add", "--name", "good", *kind)
    monkeypatch.setenv("K", "sk-wrong")
    cli.ok("channel", "add", "--name", "bad", *kind)
    assert cli.ok("channel", "test", "good")["ok"] is True
    status, out, err = cli.run("channel", "test", "bad", "--json")
    assert status == 1
    assert '"ok":false' in out
    assert "refuses the key" in err
