"""The console's types of the control API, made of its description: console/src/api/schema.d.ts.

They are no source: `make lint` makes them of the API as it stands. Whoever edits the console runs
python -m tests.support.console_types once, and after a change of the API.
"""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import FastAPI
from tests.support.console import CONSOLE, install, node

from farebox.control.openapi_refusals import PROBLEM
from farebox.control.routers import ROUTERS

TYPES = CONSOLE / "src" / "api" / "schema.d.ts"
_LIMIT_S = 120
_WORDS = frozenset(("title", "summary", "description", "format", "pattern"))
_TITLE = """// Types of the control API: made by `python -m tests.support.console_types`, not by hand.
/* eslint-disable */
"""


def write_types() -> None:
    """Has the file say what the API is now; one that says so already is left as it is."""
    made = _generated()
    if not TYPES.is_file() or TYPES.read_text() != made:
        TYPES.write_text(made)


def _generated() -> str:
    install()
    with TemporaryDirectory() as folder:
        described, made = Path(folder, "openapi.json"), Path(folder, "schema.d.ts")
        described.write_text(json.dumps(description()))
        done = subprocess.run(
            [node(), "node_modules/openapi-typescript/bin/cli.js", str(described), "-o", str(made)],
            cwd=CONSOLE,
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
        )
        assert done.returncode == 0, done.stderr
        text = made.read_text()
    return _TITLE + text[text.index("export interface paths") :]


def description() -> dict[str, Any]:
    """The description of the control API as the types are made of it."""
    app = FastAPI(title="Farebox")
    for router in ROUTERS:
        app.include_router(router)
    described: dict[str, Any] = app.openapi()
    for methods in described["paths"].values():
        for operation in methods.values():
            # Refusals all have one shape, which is kept once.
            answers = operation["responses"]
            operation["responses"] = {status: answers[status] for status in answers if status.startswith(("2", "3"))}
    described["components"]["schemas"]["Problem"] = PROBLEM
    bare: dict[str, Any] = _without_words(described)
    return bare


def _without_words(value: Any) -> Any:
    """The same, without what only people read: that is in /openapi.json, and would be most of the file."""
    if isinstance(value, list):
        return [_without_words(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _without_words(each)
        for name, each in value.items()
        # A property may well be called "title" or "description": then it is no text.
        if not (name in _WORDS and isinstance(each, str)) and not (name == "examples" and isinstance(each, list))
    }


if __name__ == "__main__":
    write_types()
