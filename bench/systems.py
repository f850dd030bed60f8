"""Starting and stopping what is measured: the providers, nginx, the peers. Farebox itself is in `farebox.py`.

Each system is a context manager that yields a target: where to send a request, what to send, and which processes work
for it. All listen on loopback, keep their files in a temporary directory and are gone when the block is left.
"""

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import cpu
from bench.peers import litellm_command, portkey_command

MODEL = "sim-chat"
STREAM_MODEL = "metronome"
PATH = "/v1/chat/completions"
_QUESTION = [{"role": "user", "content": "Say something short about the weather."}]
_MOST_TOKENS = 16_000
_START_LIMIT_S = 90.0
_STOP_LIMIT_S = 40.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class SystemFailed(Exception):
    """A system did not start, or was not found; the message says why in one line or with the end of its log."""


@dataclass(frozen=True)
class Target:
    """One way to get an answer."""

    name: str
    port: int
    groups: Callable[[], cpu.Groups] = field(repr=False)
    stream_port: int | None = None  # when streams take another way in
    model: str = MODEL
    stream_model: str = STREAM_MODEL
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    stream_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    status: int = 200
    stream_path: str = PATH
    stream_end: bytes = b"[DONE]"  # what the last piece of a whole stream contains
    body_has: bytes = b'"usage"'  # what every right answer contains
    served_a_minute: int = 0  # how many are answered with 200 although `status` is a refusal
    version: str | None = None

    def plain_body(self) -> bytes:
        return _encoded({"model": self.model, "messages": _QUESTION})

    def stream_body(self) -> bytes:
        if self.stream_path != PATH:
            # Anthropic's dialect, before a provider of OpenAI's.
            return _encoded(
                {"model": self.stream_model, "messages": _QUESTION, "stream": True, "max_tokens": _MOST_TOKENS}
            )
        return _encoded(
            {
                "model": self.stream_model,
                "messages": _QUESTION,
                "stream": True,
                "stream_options": {"include_usage": True},
            }
        )

    def plain_headers(self) -> dict[str, str]:
        return {"content-type": "application/json", **self.headers}

    def with_key(self, name: str, api_key: str, **changes: object) -> "Target":
        """The same system seen by another customer."""
        return replace(self, name=name, headers={**self.headers, "authorization": f"Bearer {api_key}"}, **changes)  # type: ignore[arg-type]


def _encoded(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


# ---- processes ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def running(
    command: Sequence[str],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    says_ready: bool = False,
) -> Iterator["subprocess.Popen[str]"]:
    """A process in a group of its own: told to end when the block is left, and killed when it does not listen.

    Only what `says_ready` has a pipe to us: what others print goes into the log, for nobody would empty their pipe.
    """
    with log.open("a") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if says_ready else errors,
            stderr=errors,
            text=True,
            env=clean_environment() if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - nothing here has threads
        )
    try:
        yield process
    finally:
        _end(process)


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _end(process: "subprocess.Popen[str]") -> None:
    # The leader first: supervisors stop their children in order. What is left of the group then is not waited for.
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_STOP_LIMIT_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def clean_environment(**more: str) -> dict[str, str]:
    """Ours without the settings of another Farebox, and without a proxy between us and the loopback."""
    unwanted = ("FAREBOX_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(unwanted)}
    return {**kept, **more}


def first_line(process: "subprocess.Popen[str]", log: Path) -> dict[str, object]:
    """The JSON line with which our own processes say that they are ready."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith("{"):
        raise SystemFailed(f"it did not start:\n{_end_of(log)}")
    found: dict[str, object] = json.loads(line)
    return found


def _wait_for_port(process: "subprocess.Popen[str]", port: int, log: Path) -> None:
    until = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemFailed(f"it ended with status {process.returncode}:\n{_end_of(log)}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0):
            return
        time.sleep(0.05)
    raise SystemFailed(f"it did not listen within {_START_LIMIT_S:.0f} s:\n{_end_of(log)}")


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _all_as(name: str, pid: int) -> Callable[[], cpu.Groups]:
    return lambda: cpu.group_by(cpu.family(pid), lambda _: name)


# ---- the systems ----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def providers(scratch: Path, *, chunks: int, gap_ms: float) -> Iterator[Target]:
    """Going direct: the simulator for plain answers, the metronome for streams."""
    log = scratch / "providers.log"
    simulator = (sys.executable, "-m", "farebox.simulator")
    metronome = (sys.executable, "-m", "bench.metronome", "--chunks", str(chunks), "--gap-ms", str(gap_ms))
    with (
        running(simulator, log, says_ready=True) as plain,
        running(metronome, log, says_ready=True) as streams,
    ):
        plain_port, stream_port = _port(first_line(plain, log)), _port(first_line(streams, log))
        yield Target(
            "direct",
            plain_port,
            lambda: {"provider": (plain.pid, streams.pid)},
            stream_port=stream_port,
            headers={"authorization": "Bearer sk-bench"},
        )


def _port(ready: dict[str, object]) -> int:
    return int(str(ready["url"]).rpartition(":")[2])


_NGINX_CONFIG = """
daemon off;
worker_processes 1;
{user}
pid {scratch}/nginx.pid;
error_log stderr error;
events {{ worker_connections 8192; multi_accept on; }}
http {{
    access_log off;
    client_body_temp_path {scratch}/body;
    proxy_temp_path {scratch}/proxy;
    fastcgi_temp_path {scratch}/fastcgi;
    uwsgi_temp_path {scratch}/uwsgi;
    scgi_temp_path {scratch}/scgi;
    keepalive_requests 1000000000;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffering off;
    upstream plain {{ server 127.0.0.1:{plain}; keepalive 256; keepalive_requests 1000000000; }}
    upstream streams {{ server 127.0.0.1:{streams}; keepalive 256; keepalive_requests 1000000000; }}
    server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ proxy_pass http://plain; }} }}
    server {{ listen 127.0.0.1:{stream_port} backlog=4096; location / {{ proxy_pass http://streams; }} }}
}}
"""


@contextlib.contextmanager
def nginx(scratch: Path, direct: Target) -> Iterator[Target]:
    """One worker of `proxy_pass` with kept-alive connections: no key, no limits, no accounting."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if binary is None:
        raise SystemFailed("not installed: run `make bench-peers`")
    home = scratch / "nginx"
    home.mkdir()
    port, stream_port = free_port(), free_port()
    settings = {
        "user": "user root;" if os.geteuid() == 0 else "",  # else it gives up root and cannot enter its files
        "scratch": home,
        "plain": direct.port,
        "streams": direct.stream_port,
        "port": port,
        "stream_port": stream_port,
    }
    (home / "nginx.conf").write_text(_NGINX_CONFIG.format(**settings))
    log = home / "nginx.log"
    with running((binary, "-p", str(home), "-e", "stderr", "-c", str(home / "nginx.conf")), log) as process:
        _wait_for_port(process, port, log)
        yield replace(
            direct,
            name="nginx",
            port=port,
            stream_port=stream_port,
            groups=_all_as("gateway", process.pid),
            version=_said_by(binary, "-v"),
        )


def _said_by(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    return (done.stdout + done.stderr).strip().splitlines()[0].removeprefix("nginx version: ")


@contextlib.contextmanager
def portkey(scratch: Path, direct: Target) -> Iterator[Target]:
    """Portkey's open-source gateway, told by headers where to go."""
    command, version = portkey_command()
    port, log = free_port(), scratch / "portkey.log"
    env = clean_environment(NODE_ENV="production")
    with running((*command, f"--port={port}", "--headless"), log, env=env, cwd=scratch) as process:
        _wait_for_port(process, port, log)
        way = {"x-portkey-provider": "openai", "x-portkey-custom-host": f"http://127.0.0.1:{direct.port}/v1"}
        streams = {**way, "x-portkey-custom-host": f"http://127.0.0.1:{direct.stream_port}/v1"}
        yield Target(
            "portkey",
            port,
            _all_as("gateway", process.pid),
            headers={**direct.headers, **way},
            stream_headers={**direct.headers, **streams},
            version=version,
        )


@contextlib.contextmanager
def litellm(scratch: Path, direct: Target) -> Iterator[Target]:
    """LiteLLM's proxy with one worker and without a database: one key from its settings, no budgets, no accounting."""
    command, version = litellm_command()
    port, log = free_port(), scratch / "litellm.log"
    models = [
        {
            "model_name": name,
            "litellm_params": {
                "model": f"openai/{name}",
                "api_base": f"http://127.0.0.1:{upstream}/v1",
                "api_key": "sk-bench",
            },
        }
        for name, upstream in ((MODEL, direct.port), (STREAM_MODEL, direct.stream_port))
    ]
    config = scratch / "litellm.yaml"
    config.write_text(json.dumps({"model_list": models, "litellm_settings": {"telemetry": False}}))  # JSON is YAML
    key = f"sk-{secrets.token_hex(32)}"  # without one it refuses to start
    env = clean_environment(
        LITELLM_MASTER_KEY=key, LITELLM_LOCAL_MODEL_COST_MAP="True", LITELLM_MODE="PRODUCTION", LITELLM_LOG="ERROR"
    )
    options = ("--config", str(config), "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1")
    with running((*command, *options), log, env=env, cwd=scratch) as process:
        _wait_for_port(process, port, log)
        headers = {"authorization": f"Bearer {key}"}
        yield Target("litellm", port, _all_as("gateway", process.pid), headers=headers, version=version)
