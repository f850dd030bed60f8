"""What a start tells people: where it runs, how to sign in, and a call that works. For scripts: one JSON line.

Secrets are told on the start that made them and never again.
"""

import json
import shlex
import sys
from typing import TextIO

import msgspec

from farebox.boot.demo import DEMO_CREDIT
from farebox.boot.serve import Ready


def print_json(ready: Ready, stream: TextIO = sys.stdout) -> None:
    """One line with the keys of the wire contract; keys whose value is not known, or not told again, are left out."""
    first = ready.first
    values = {
        "url": ready.url,
        "data_dir": str(ready.config.data_dir),
        "operator_email": first.operator_email,
        "operator_password": first.operator_password,
        "account_id": None if first.account_id is None else str(first.account_id),
        "api_key": first.api_key,
        "test_key": first.test_key,
        "model": first.model,
    }
    stream.write(json.dumps({name: value for name, value in values.items() if value is not None}) + "\n")
    stream.flush()


def print_banner(ready: Ready, stream: TextIO = sys.stdout) -> None:
    """The same for people; coloured on a terminal, plain elsewhere."""
    # Loaded late: a server that is started by a script has no use for it.
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, soft_wrap=True)
    console.print()
    console.print(Text("Farebox is ready", style="bold green"))
    for label, value in _facts(ready):
        console.print(Text(f"  {label:<18}", style="dim") + Text(value))
    for title, command in _commands(ready):
        console.print()
        console.print(Text(title, style="bold"))
        console.print(Text(command))
    console.print()


def _facts(ready: Ready) -> list[tuple[str, str]]:
    first = ready.first
    facts = [("console", f"{ready.url}/"), ("API base URL", f"{ready.url}/v1")]
    if ready.admin_url is not None:
        facts.append(("metrics, health", f"{ready.admin_url}/metrics  {ready.admin_url}/readyz"))
    facts.append(("data directory", str(ready.config.data_dir)))
    if ready.config.mail is None:
        facts.append(("mail", f"no server: messages wait, operators read them at {ready.url}/admin/operation/mail"))
    if first.operator_email is not None:
        facts.append(("operator", first.operator_email))
    if first.operator_password is not None:
        facts.append(("  password", f"{first.operator_password}   (shown once)"))
    if first.account_id is not None:
        facts.append(("demo account", str(first.account_id)))
    if first.api_key is not None:
        facts += [("  balance", f"{DEMO_CREDIT} {ready.config.policy.unit}"), ("  live key", _once(first.api_key))]
    if first.test_key is not None:
        facts.append(("  test key", _once(first.test_key)))
    if first.model is not None:
        facts.append(("  model", first.model))
    return facts


def _once(secret: str) -> str:
    return f"{secret}   (shown once)"


def _commands(ready: Ready) -> list[tuple[str, str]]:
    first = ready.first
    if first.model is None:
        return []
    if first.api_key is None:
        key = "farebox key create"
        if first.account_id is not None:
            key += f" --account {first.account_id} --data {shlex.quote(str(ready.config.data_dir))}"
        return [("Keys were shown on the first start. A new one:", f"  {key}")]
    return [
        ("Try it:", curl(ready.url, first.api_key, first.model, stream=False)),
        ("The same as a stream:", curl(ready.url, first.api_key, first.model, stream=True)),
    ]


def curl(url: str, api_key: str, model: str, *, stream: bool) -> str:
    """A chat completion as a command for a shell."""
    body: dict[str, object] = {"model": model, "messages": [{"role": "user", "content": "Hello!"}]}
    if stream:
        body["stream"] = True
    return " \\\n".join(
        (
            f"  curl {'-N ' if stream else ''}{url}/v1/chat/completions",
            f"    -H 'Authorization: Bearer {api_key}'",
            "    -H 'Content-Type: application/json'",
            f"    -d {shlex.quote(msgspec.json.encode(body).decode())}",
        )
    )
