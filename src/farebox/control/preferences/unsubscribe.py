"""/unsubscribe: the way out that stands in every mail that is not essential (RFC 8058), for whoever holds the link."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from farebox.audit.record import Actor, record
from farebox.control.services import Here
from farebox.identity.person import show_person
from farebox.notices import preference, unsubscribe
from farebox.notices.languages import Language, language_of
from farebox.storage.database import Connection

router = APIRouter(prefix=unsubscribe.PATH, tags=["Public"])
Token = Annotated[str, Path(max_length=300, pattern=r"^[A-Za-z0-9_-]+$")]

_HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title></head>
<body>{body}</body></html>
"""
# Programs that look at links in mail must not switch anything off: a person presses the button.
_FORM = """<p>{question}</p>
<form method="post"><button>{button}</button></form>"""


class _Words(NamedTuple):
    title: str
    question: str
    button: str
    done: str


_WORDS: dict[Language, _Words] = {
    "en": _Words(
        "Messages by mail",
        "Switch off messages of this kind?",
        "Switch off",
        "Done: messages of this kind are switched off. You can switch them on again in the console.",
    ),
    "zh-CN": _Words(
        "邮件通知",
        "点击按钮即可关闭此类通知。",
        "关闭",
        "已关闭此类通知。您可随时在控制台中重新开启。",
    ),
    "zh-TW": _Words(
        "郵件通知",
        "點選按鈕即可關閉此類通知。",
        "關閉",
        "已關閉此類通知。您可隨時在主控台中重新開啟。",
    ),
    "ja": _Words(
        "メール通知",
        "ボタンを押すと、この種類の通知を停止します。",
        "停止する",
        "この種類の通知を停止しました。コンソールでいつでも再開できます。",
    ),
}


@router.get("/{token}", response_class=HTMLResponse)
async def ask(token: Token, services: Here) -> HTMLResponse:
    """A page with one button."""
    wish = unsubscribe.read_token(services.seal, token)
    async with services.pool.acquire() as connection:
        language = await _language_of(connection, wish)
    words = _WORDS[language]
    return _page(language, _FORM.format(question=words.question, button=words.button))


@router.post("/{token}", response_class=HTMLResponse)
async def switch_off(token: Token, services: Here) -> HTMLResponse:
    """Switch one kind of mail off for one person; doing it again changes nothing."""
    wish = unsubscribe.read_token(services.seal, token)
    async with services.pool.acquire() as connection, connection.transaction():
        language = await _language_of(connection, wish)
        if wish.kind not in await preference.muted_kinds(connection, wish.person_id):
            await preference.mute(connection, wish.person_id, wish.kind)
            await record(
                connection,
                services.ids,
                Actor("member", wish.person_id),
                "preference.change",
                target=f"person:{wish.person_id}",
                after={"switched_off": wish.kind},
            )
    return _page(language, f"<p>{_WORDS[language].done}</p>")


async def _language_of(connection: Connection, wish: unsubscribe.Wish) -> Language:
    """That of the person whom the mail was for: whoever holds the link reads what the mail was written in."""
    return language_of((await show_person(connection, wish.person_id)).language)


def _page(language: Language, body: str) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(language=language, title=_WORDS[language].title, body=body), headers=_HEADERS)
