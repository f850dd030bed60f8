"""Documents that are given as files, one per language: LANGUAGE=FILE, the title in the first line."""

from collections.abc import Sequence
from pathlib import Path

import typer

from farebox.domain.errors import CommandError
from farebox.notices.languages import LANGUAGES, Language
from farebox.notices.texts import Text

METAVAR = "LANGUAGE=FILE…"
_LONGEST_BYTES = 800_000
_LONGEST_TITLE = 200


def read_documents(arguments: Sequence[str]) -> dict[Language, Text]:
    """The texts by language; CommandError for a file that is no such document."""
    return dict(_read(argument) for argument in arguments)


def _read(argument: str) -> tuple[Language, Text]:
    name, is_pair, path = argument.partition("=")
    language = next((each for each in LANGUAGES if each == name), None)
    if not is_pair or language is None:
        raise typer.BadParameter(f"write LANGUAGE=FILE with one of {', '.join(LANGUAGES)}")
    try:
        written = Path(path).read_text("utf-8").strip()
    except UnicodeDecodeError:
        raise CommandError(f"{path} is not UTF-8 text") from None
    if len(written.encode()) > _LONGEST_BYTES or "\0" in written:
        raise CommandError(f"{path} is no text of at most {_LONGEST_BYTES} bytes")
    title, _, body = written.partition("\n")
    title = title.lstrip("# ").strip()
    if not title or not body.strip():
        raise CommandError(f"{path} needs a title in its first line, and a text below it")
    return language, Text(title[:_LONGEST_TITLE], body.strip())
