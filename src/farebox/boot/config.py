"""Configuration: read once from options, environment and the policy file into one frozen value.

This is the only module that reads the environment. Options of the command line win over the environment, which wins
over the defaults. Children of the supervisor get the value as JSON, and read nothing themselves.
"""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from farebox.boot import outside_services as services
from farebox.domain.errors import CommandError
from farebox.domain.policy import Policy
from farebox.identity.settings import OidcSettings
from farebox.notices.settings import MailSettings
from farebox.payments.settings import CreemSettings, StripeSettings

LogLevel = Literal["debug", "info", "warning", "error"]
_LOG_LEVELS = ("debug", "info", "warning", "error")
_MOST_WORKERS = 64
_KEY_PREFIX = re.compile(r"[a-z0-9]{1,16}", re.ASCII)
LEAST_SECRET_CHARACTERS = 32
POLICY_FILE = "farebox.toml"


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a process has to be told. It holds secrets, and so prints without them."""

    data_dir: Path
    database_url: str | None = None
    database_owner_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    admin_host: str = "127.0.0.1"
    admin_port: int | None = None  # None: the port after the public one
    trusted_proxies: tuple[str, ...] = ()
    body_limit_bytes: int = 32 * 1024 * 1024
    connect_timeout_s: float = 10.0
    first_byte_timeout_s: float = 120.0  # of a stream
    plain_timeout_s: float = 600.0  # of a plain answer, which begins when it is complete
    idle_timeout_s: float = 120.0
    keep_alive_s: int = 75
    drain_s: float = 120.0
    upstream_proxy: str | None = None
    log_level: LogLevel = "info"
    log_json: bool = False
    secret_key: bytes | None = None
    demo: bool = True  # a fresh deployment gets a demo account, model and keys
    public_url: str | None = None  # where people reach us; None: the address that serve prints
    mail: MailSettings | None = None  # None: messages wait in the outbox
    stripe: StripeSettings | None = None
    creem: CreemSettings | None = None
    oidc: tuple[OidcSettings, ...] = ()
    geo_file: Path | None = None  # None: the addresses by country that are shipped
    policy: Policy = msgspec.field(default_factory=Policy)

    def __repr__(self) -> str:
        return f"Config(data_dir={str(self.data_dir)!r}, host={self.host!r}, port={self.port}, workers={self.workers})"


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What options of the command line say; None where they say nothing."""

    data: str | None = None
    host: str | None = None
    port: int | None = None
    workers: int | None = None
    admin_host: str | None = None
    admin_port: int | None = None


def load_config(given: Given, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration; CommandError names the variable or the field of the policy file that is wrong."""
    read = _Reader(os.environ if environ is None else environ)
    data_dir = data_dir_of(given.data, environ)
    read.given.update({name: value for name, value in msgspec.structs.asdict(given).items() if value is not None})
    defaults = Config(data_dir=data_dir)
    return Config(
        data_dir=data_dir,
        database_url=read.database_url("FAREBOX_DATABASE_URL"),
        database_owner_url=read.database_url("FAREBOX_DATABASE_OWNER_URL"),
        host=read.option("host") or read.text("FAREBOX_HOST") or defaults.host,
        port=read.port("port", "FAREBOX_PORT", defaults.port),
        workers=read.workers(_default_workers()),
        admin_host=read.option("admin_host") or read.text("FAREBOX_ADMIN_HOST") or defaults.admin_host,
        admin_port=read.port("admin_port", "FAREBOX_ADMIN_PORT", None),
        trusted_proxies=read.networks("FAREBOX_TRUSTED_PROXIES"),
        body_limit_bytes=read.number("FAREBOX_BODY_LIMIT_BYTES", defaults.body_limit_bytes, least=1024),
        connect_timeout_s=read.seconds("FAREBOX_CONNECT_TIMEOUT_S", defaults.connect_timeout_s),
        first_byte_timeout_s=read.seconds("FAREBOX_FIRST_BYTE_TIMEOUT_S", defaults.first_byte_timeout_s),
        plain_timeout_s=read.seconds("FAREBOX_PLAIN_TIMEOUT_S", defaults.plain_timeout_s),
        idle_timeout_s=read.seconds("FAREBOX_IDLE_TIMEOUT_S", defaults.idle_timeout_s),
        keep_alive_s=read.number("FAREBOX_KEEP_ALIVE_S", defaults.keep_alive_s, least=1),
        drain_s=read.seconds("FAREBOX_DRAIN_S", defaults.drain_s),
        upstream_proxy=read.proxy_url("FAREBOX_UPSTREAM_PROXY"),
        log_level=read.log_level(defaults.log_level),
        log_json=read.choice("FAREBOX_LOG_FORMAT", ("text", "json"), "text") == "json",
        secret_key=read.secret("FAREBOX_SECRET_KEY"),
        demo=read.choice("FAREBOX_DEMO", ("on", "off"), "on") == "on",
        public_url=read.web_url("FAREBOX_PUBLIC_URL"),
        mail=services.mail(read),
        stripe=services.stripe(read),
        creem=services.creem(read),
        oidc=services.oidc(read),
        geo_file=read.file("FAREBOX_GEO_FILE"),
        policy=load_policy(data_dir / POLICY_FILE),
    )


def data_dir_of(given: str | None, environ: Mapping[str, str] | None = None) -> Path:
    """The data directory: --data, else FAREBOX_DATA, else ./data."""
    from_environment = (os.environ if environ is None else environ).get("FAREBOX_DATA", "").strip()
    return Path(given or from_environment or "data").absolute()


def load_policy(path: Path) -> Policy:
    """The business rules of a policy file; the defaults where there is no file."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Policy()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from None
    try:
        policy = msgspec.toml.decode(raw, type=Policy, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from None
    if not _KEY_PREFIX.fullmatch(policy.key_prefix):
        raise CommandError(f"{path}: key_prefix must be 1 to 16 small letters and digits, got {policy.key_prefix!r}")
    return policy


def read_secret_variable(name: str, environ: Mapping[str, str] | None = None) -> bytes:
    """A provider's API key from the variable that the operator names; read once, for storing it sealed."""
    value = (os.environ if environ is None else environ).get(name, "").strip()
    if not value:
        raise CommandError(f"the environment variable {name} is not set: put the provider's API key into it")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise CommandError(f"the environment variable {name} does not hold an API key: it has blanks or odd characters")
    return value.encode()


class _Reader:
    # One place for what can be wrong with a setting, so that every message names the setting.

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.given: dict[str, Any] = {}

    def text(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def option(self, name: str) -> Any:
        return self.given.get(name)

    def number(self, name: str, default: int, *, least: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdecimal()) or int(text) < least:
            raise CommandError(f"{name} must be a whole number of at least {least}, got {text!r}")
        return int(text)

    def seconds(self, name: str, default: float) -> float:
        text = self.text(name)
        if text is None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = 0.0
        if not 0 < value < 86_400:
            raise CommandError(f"{name} must be a number of seconds above 0 and below a day, got {text!r}")
        return value

    def port(self, option: str, name: str, default: Any) -> Any:
        port = self.option(option)
        source = f"--{option.replace('_', '-')}"
        if port is None:
            if self.text(name) is None:
                return default
            port, source = self.number(name, 0, least=0), name
        if not 0 <= port <= 65_535:
            raise CommandError(f"{source} must be between 0 and 65535, got {port}")
        return port

    def workers(self, default: int) -> int:
        workers: int | None = self.option("workers")
        if workers is None:
            workers = self.number("FAREBOX_WORKERS", default, least=1)
        if not 1 <= workers <= _MOST_WORKERS:
            raise CommandError(f"the number of workers must be between 1 and {_MOST_WORKERS}, got {workers}")
        return workers

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        text = self.text(name) or default
        if text not in allowed:
            raise CommandError(f"{name} must be one of {', '.join(allowed)}, got {text!r}")
        return text

    def log_level(self, default: LogLevel) -> LogLevel:
        level: LogLevel = msgspec.convert(self.choice("FAREBOX_LOG_LEVEL", _LOG_LEVELS, default), LogLevel)
        return level

    def networks(self, name: str) -> tuple[str, ...]:
        parts = [part.strip() for part in (self.text(name) or "").split(",") if part.strip()]
        for part in parts:
            try:
                ip_network(part)
            except ValueError:
                raise CommandError(f"{name} must list networks such as 10.0.0.0/8, got {part!r}") from None
        return tuple(parts)

    def database_url(self, name: str) -> str | None:
        text = self.text(name)
        if text is not None and not text.startswith(("postgresql://", "postgres://")):
            raise CommandError(f"{name} must start with postgresql://")
        return text

    def web_url(self, name: str) -> str | None:
        text = self.text(name)
        if text is None:
            return None
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.username or parts.query or parts.fragment:
            raise CommandError(f"{name} must be an address such as https://llm.example.com, got {text!r}")
        return text.rstrip("/")

    def file(self, name: str) -> Path | None:
        text = self.text(name)
        if text is None:
            return None
        if not Path(text).is_file():
            raise CommandError(f"{name} must name a file, got {text!r}")
        return Path(text).absolute()

    def proxy_url(self, name: str) -> str | None:
        # What follows may hold a password, and is not repeated; upstream/endpoint.py judges the rest of it.
        text = self.text(name)
        if text is not None and not text.startswith("http://"):
            raise CommandError(f"{name} must start with http://")
        return text

    def secret(self, name: str) -> bytes | None:
        text = self.text(name)
        if text is None:
            return None
        if len(text) < LEAST_SECRET_CHARACTERS:
            raise CommandError(f"{name} must have at least {LEAST_SECRET_CHARACTERS} random characters")
        return text.encode()


def _default_workers() -> int:
    # PostgreSQL and the other processes need cores, too.
    return max(1, min(8, (os.cpu_count() or 1) // 2))


def child_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of child processes: ours without our own variables, which may hold secrets."""
    source = os.environ if environ is None else environ
    return {name: value for name, value in source.items() if not name.startswith("FAREBOX_")}
