"""Templates of mail: complete in every language, and nobody's facts can add to them."""

import ast
from pathlib import Path

import jinja2
import jinja2.meta
import pytest

import farebox
from farebox.notices.kinds import KINDS
from farebox.notices.languages import LANGUAGES, language_of
from farebox.notices.rendering import FILTERS, NotRenderable, Renderer, load_sources

_SOURCE = Path(farebox.__file__).parent
_QUEUEING = {"queue_mail": 2, "queue_mail_to_members": 2, "begin_broadcast": 2}
RENDERER = Renderer("https://gateway.example")


def _facts(kind: str, value: str = "2026-01-02T03:04:05Z") -> dict[str, str]:
    known = KINDS[kind]
    return {name: f"https://x.example/{name}" if name == "link" else value for name in known.facts | known.optional}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_there_in_every_language(language: str) -> None:
    """No language lacks a kind or a part, and none has one that nobody knows."""
    written = load_sources()[language]
    assert set(written) - {"_layout"} == set(KINDS)
    for kind, parts in written.items():
        assert set(parts) == ({"reason", "unsubscribe"} if kind == "_layout" else {"subject", "body"}), kind


def test_every_language_tells_the_same_facts() -> None:
    """A template uses facts that its kind has, and all languages use the same ones, the required ones among them."""
    environment = jinja2.Environment(autoescape=False)
    environment.filters.update(FILTERS)
    for kind, known in KINDS.items():
        used = {
            language: jinja2.meta.find_undeclared_variables(
                environment.parse(" ".join(load_sources()[language][kind].values()))
            )
            - {"site"}
            for language in LANGUAGES
        }
        assert all(facts == used["en"] for facts in used.values()), (kind, used)
        assert known.facts <= used["en"] <= known.facts | known.optional, kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_can_be_written(language: str) -> None:
    """With all facts, and with the required ones alone: one line of subject, text, and HTML with the same words."""
    for kind, known in KINDS.items():
        facts = _facts(kind)
        for told in (facts, {name: facts[name] for name in known.facts}):
            written = RENDERER.render(kind, language, told)
            assert written.subject, kind
            assert "\n" not in written.subject, kind
            assert "gateway.example" in written.text, kind
            assert "{" not in written.text, kind
            assert "\n\n\n" not in written.text, kind
            assert "<p></p>" not in written.html, kind


def test_every_kind_that_is_queued_has_a_template() -> None:
    """Read from the source: whoever queues mail names a kind that exists."""
    queued: set[str] = set()
    for path in _SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _QUEUEING:
                at = _QUEUEING[node.func.id]
                if len(node.args) > at and isinstance(node.args[at], ast.Constant):
                    queued.add(str(node.args[at].value))
    assert "key_leaked" in queued
    assert queued <= set(KINDS), queued - set(KINDS)


def test_facts_are_never_markup_templates_or_headers() -> None:
    """Tags are escaped, template syntax is text, line breaks in a name are blanks, other links stay text."""
    name = "<script>alert(1)</script> {{ 7 * 7 }}\r\nBcc: all@example.com\u2028https://evil.example"
    written = RENDERER.render("key_leaked", "en", {"key_name": name, "key_prefix": "fb_1"})
    assert "<script>" not in written.html
    assert "&lt;script&gt;" in written.html
    assert "href" not in written.html
    assert "{{ 7 * 7 }} Bcc: all@example.com https://evil.example" in written.text
    assert "\r" not in written.text
    title = RENDERER.render("announcement", "en", {"title": "a\r\nBcc: b@example.com\nc\x00\x1b[31m"})
    assert title.subject == "a Bcc: b@example.com c [31m"


def test_only_the_message_s_own_link_can_be_clicked() -> None:
    """A link is one where it is http(s); anything else that a fact says stays text."""
    assert '<a href="https://x.example/a?b=1&amp;c=2">' in _html("https://x.example/a?b=1&c=2")
    assert "<a " not in _html("javascript:alert(1)")


def _html(link: str) -> str:
    return RENDERER.render("verification", "en", {"link": link}).html


def test_what_is_missing_is_named() -> None:
    """An unknown kind or a missing fact makes no half message."""
    with pytest.raises(NotRenderable, match="no kind of mail 'nonsense'"):
        RENDERER.render("nonsense", "en", {})
    with pytest.raises(NotRenderable, match="lacks balance, unit"):
        RENDERER.render("recharge_credited", "en", {"amount": "1"})


@pytest.mark.parametrize(
    ("wanted", "served"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
        ("zh", "zh-CN"),
        ("zh-CN", "zh-CN"),
        ("zh-Hans-SG", "zh-CN"),
        ("zh-TW", "zh-TW"),
        ("zh_HK", "zh-TW"),
        ("zh-Hant", "zh-TW"),
        ("ja-JP", "ja"),
    ],
)
def test_the_nearest_language_serves(wanted: str, served: str) -> None:
    """Traditional characters where they are read, English where we have nothing nearer."""
    assert language_of(wanted) == served
