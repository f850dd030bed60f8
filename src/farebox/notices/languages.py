"""The languages that people are told things in (BCP 47), and which one serves whom."""

from collections.abc import Mapping
from typing import Literal, TypeVar, get_args

Language = Literal["en", "zh-CN", "zh-TW", "ja"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "en"
_TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")

Text = TypeVar("Text")


def language_of(wanted: str) -> Language:
    """The language we have that comes nearest to a BCP 47 tag."""
    tag = wanted.lower().replace("_", "-")
    if tag.startswith(_TRADITIONAL):
        return "zh-TW"
    if tag.split("-")[0] == "zh":
        return "zh-CN"
    return "ja" if tag.split("-")[0] == "ja" else DEFAULT


def best_of(texts: Mapping[Language, Text], wanted: str) -> Text:
    """The text in the language wanted, or in English, which is always there."""
    return texts.get(language_of(wanted), texts[DEFAULT])
