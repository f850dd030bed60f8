"""schemathesis as a process of its own: it reads a description and tries whether the server keeps to it."""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

_HOOKS = Path(__file__).parent / "openapi_hooks.py"
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
_START = "from schemathesis.cli import schemathesis; schemathesis()"


@dataclass(frozen=True)
class Run:
    """What is tried how hard; with the same seed the requests are the same.

    `location` is an address or a file of the description, `paths` a pattern of the paths to try; `cookies` by operation
    and `ids` are those of tests/support/openapi_hooks.py.
    """

    location: str
    base_url: str
    paths: str
    seed: int = 1
    phases: str = "examples,fuzzing"
    most: int = 3  # of the random requests to one operation
    header: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def command(self) -> tuple[str, ...]:
        chosen = ("--include-path-regex", f"^{self.paths}", "--phases", self.phases, "--max-examples", str(self.most))
        told = ("--no-color", "--no-shrink", "--continue-on-failure", "--warnings", "off")
        return (
            *(sys.executable, "-c", _START, "run", self.location, "--url", self.base_url),
            *("--checks", ",".join(_CHECKS), "--seed", str(self.seed), *chosen, *told),
            *("--generation-database", "none", "--suppress-health-check", "all"),
            *("--generation-with-security-parameters", "false"),
            *(("--header", self.header) if self.header else ()),
        )

    def environment(self, directory: Path) -> dict[str, str]:
        """With the facts for the hooks, in a file of their own."""
        facts = directory / f"facts-{len(list(directory.iterdir()))}.json"
        facts.write_text(json.dumps({"cookies": self.cookies, "ids": self.ids}))
        return {**os.environ, "SCHEMATHESIS_HOOKS": str(_HOOKS), "FAREBOX_TEST_FACTS": str(facts)}


def complaint(status: int | None, output: bytes) -> str:
    """What a run has to say; '' when nothing is wrong."""
    return "" if status == 0 else output.decode()
