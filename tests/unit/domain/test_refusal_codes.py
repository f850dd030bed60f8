"""The codes of refusals: none that nobody raises, and each told with what its words in other languages need."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

from farebox.domain.errors import STATUS_BY_CODE
from farebox.domain.refusal_codes import RefusalCode

_ROOT = Path(__file__).parents[3]
_SOURCES = _ROOT / "src" / "farebox"
_WORDS = _ROOT / "console" / "src" / "api" / "refusals"
_CALL_WORDS = _ROOT / "console" / "src" / "features" / "logs" / "refusals" / "messages.ts"
# What the console fills in by itself.
_OWN_PLACES = {"detail"}


@cache
def _sources() -> dict[Path, str]:
    return {path: path.read_text() for path in _SOURCES.rglob("*.py") if path.name != "refusal_codes.py"}


def _refusals() -> Iterator[tuple[str, Path, int, set[str]]]:
    """Every code that is raised as it stands, where, and the names in the mappings of the function around it."""
    for path, text in _sources().items():
        for function in ast.walk(ast.parse(text)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            inside = list(ast.walk(function))
            names = {
                key.value
                for node in inside
                if isinstance(node, ast.Dict)
                for key in node.keys
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
            for node in inside:
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "ActionRefused":
                    code = node.args[0]
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        yield code.value, path, node.lineno, names


def test_every_code_is_raised_somewhere() -> None:
    """A code that nobody raises any more would keep words in four languages for nothing."""
    text = "\n".join(_sources().values())
    assert [code for code in get_args(RefusalCode) if f'"{code}"' not in text] == []


def test_refusals_tell_what_their_words_need() -> None:
    """Limits and amounts of a message are told beside it, by the names that the console's sentences have for them."""
    words = "\n".join(path.read_text() for path in sorted(_WORDS.glob("*.ts")))
    english = dict(re.findall(r'^  (\w+): \[\s*"((?:[^"\\]|\\.)*)"', words, re.MULTILINE))
    assert set(get_args(RefusalCode)) <= english.keys()
    needed = {code: set(re.findall(r"\{(\w+)\}", text)) - _OWN_PLACES for code, text in english.items()}
    lacking = [
        f"{path.relative_to(_SOURCES)}:{line} {code} lacks {', '.join(sorted(needed[code] - names))}"
        for code, path, line, names in _refusals()
        if needed.get(code, set()) - names
    ]
    assert lacking == []


def test_refused_calls_have_words() -> None:
    """The log says in the reader's language why a call was refused, whatever the code."""
    words = _CALL_WORDS.read_text()
    assert [code for code in STATUS_BY_CODE if f"  code_{code}: [" not in words] == []
