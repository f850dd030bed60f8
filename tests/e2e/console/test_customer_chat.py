"""The chat of the console, by hand in a real browser: what is asked, what is shown, and what is charged for it."""

import base64
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.house import House, open_house
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase
from tests.support.visitor import Customer

pytestmark = pytest.mark.timeout(300)

_MODEL = "m"
_REPLY = """Here **it** is:

```python
def add(left: int, right: int) -> int:
    return left + right
```

| a | b |
| - | - |
| 1 | 2 |

![far](https://elsewhere.example/picture.png)

<script>alert(1)</script>
"""
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    with open_house("discount-relay", module_database, module_data_dir) as opened:
        opened.sell(_MODEL, prices=("10", "20"))
        yield opened


@pytest.fixture(scope="module")
def customers(house: House) -> list[Customer]:
    """The first has credit, the second has none."""
    made = house.customers(2)
    batch: Any = house.clerk.decide("/admin/codes", {"kind": "promo", "count": 1, "amount": "20"})
    made[0].post("/api/codes/redeem", {"code": batch["codes"][0]["code"]})
    return made


@pytest.fixture
def at_chat(house: House, browser: Browser) -> Iterator[Callable[[Customer], Visit]]:
    """The chat of a customer; in the end each visit is asked whether all was well, and the provider is healthy."""
    made: list[Visit] = []

    def begin(customer: Customer) -> Visit:
        visit = Visit(browser, house.server.url)
        made.append(visit)
        jar = customer.http.cookies.jar
        visit.page.context.add_cookies(
            [{"name": each.name, "value": each.value or "", "url": house.server.url} for each in jar]
        )
        visit.go("/dashboard/chat")
        return visit

    yield begin
    house.provider.reset()
    for each in made:
        each.check()
        each.close()


def test_a_conversation_as_it_is_written_sent_and_kept(
    house: House, customers: list[Customer], at_chat: Callable[[Customer], Visit], tmp_path: Path
) -> None:
    """Picture, system prompt and parameters reach the model; its Markdown is shown, not believed; all is kept here."""
    house.provider.set(reply=_REPLY, record_bodies=True)
    seen = at_chat(customers[0])
    page = seen.page
    _set_parameters(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "dot.png", "mimeType": "image/png", "buffer": base64.b64decode(_PIXEL)}
    )
    expect(page.get_by_role("img", name="Picture 1")).to_be_visible()
    answer = _ask(page, "What is on it?")
    expect(answer.locator("pre .hljs-keyword").first).to_be_visible()
    expect(answer.locator("table")).to_be_visible()
    assert answer.locator("script, img").count() == 0
    body = _asked(house)[-1]
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (body["temperature"], body["max_tokens"]) == (0.3, 200)
    assert body["messages"][1]["content"][1]["image_url"]["url"] == f"data:image/png;base64,{_PIXEL}"
    seen.look("chat-markdown")

    page.get_by_role("button", name="Answer again").click()
    expect(answer.get_by_role("link", name="Receipt")).to_be_visible()
    page.get_by_role("button", name="Edit and ask again").click()
    field = page.get_by_role("textbox", name="Your message")
    expect(field).to_have_value("What is on it?")
    page.get_by_role("button", name="Remove picture 1").click()
    _ask(page, "What is not on it?")
    expect(page.get_by_text("What is on it?", exact=True)).to_have_count(0)
    last = _asked(house)[-1]["messages"]
    assert [each["content"] for each in last] == ["Be brief.", "What is not on it?"]
    asked = len(_asked(house))
    assert asked == 3

    seen.go("/dashboard/chat")
    page.get_by_role("button", name="Conversations").click()
    drawer = page.get_by_role("dialog")
    with page.expect_download() as exported:
        drawer.get_by_role("button", name="Export").click()
    exported.value.save_as(tmp_path / "conversation.json")
    kept = json.loads((tmp_path / "conversation.json").read_text())
    assert [turn["question"]["text"] for turn in kept["turns"]] == ["What is not on it?"]
    seen.check_accessible("conversations")
    drawer.get_by_text("What is not on it?").click()
    expect(page.get_by_role("link", name="Receipt")).to_have_count(1)
    page.get_by_role("button", name="Conversations").click()
    drawer.get_by_role("button", name="Delete").click()
    expect(drawer.get_by_text("Conversations of this browser are listed here.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Conversations").click()
    expect(drawer.get_by_text("Conversations of this browser are listed here.")).to_be_visible()
    # Nothing was asked again by looking at it.
    assert len(_asked(house)) == asked


def test_a_stopped_answer_says_what_it_cost(
    house: House, customers: list[Customer], at_chat: Callable[[Customer], Visit]
) -> None:
    """Stopped in mid-stream, the part that came stays, and what is shown as its charge is that of the receipt."""
    house.provider.set(chunks=400, gap_ms=50)
    page = at_chat(customers[0]).page
    _send(page, "Tell me everything.")
    answer = page.locator(f"section[aria-label={_MODEL}]")
    expect(answer.locator(".markdown")).not_to_be_empty()
    page.get_by_role("button", name="Stop").click()
    expect(answer.get_by_text("Stopped. What had come by then is charged.")).to_be_visible()
    shown = Decimal(answer.locator("data").get_attribute("value") or "")
    receipt = customers[0].receipt(_job(answer))
    assert receipt["outcome"] == "client_disconnected"
    assert 0 < shown == Decimal(receipt["charge"])


def test_a_call_that_fails_says_why_and_whether_money_moved(
    house: House, customers: list[Customer], at_chat: Callable[[Customer], Visit]
) -> None:
    """A provider's failure costs nothing, and a call without credit is refused before it costs anything."""
    rich, poor = customers
    before = rich.balance
    house.provider.set(status=500)
    seen = at_chat(rich)
    answer = _ask(seen.page, "Are you there?")
    expect(answer.get_by_text("No money was moved.")).to_be_visible()
    assert answer.get_by_role("status").inner_text().strip()
    seen.look("chat-failed")
    assert rich.balance == before
    house.provider.reset()
    page = at_chat(poor).page
    _send(page, "And you?")
    refused = page.locator(f"section[aria-label={_MODEL}]")
    expect(refused.get_by_text("No money was moved.")).to_be_visible()
    assert refused.get_by_role("status").inner_text().strip()


def _asked(house: House) -> list[dict[str, Any]]:
    """What the provider was asked, the first first."""
    return [each["body"] for each in house.provider.bodies() if "messages" in each["body"]]


def _set_parameters(page: Page) -> None:
    page.get_by_role("button", name="Parameters").click()
    page.get_by_role("textbox", name="System prompt").fill("Be brief.")
    page.get_by_role("textbox", name="Temperature").fill("0.3")
    page.get_by_role("textbox", name="Most output tokens").fill("200")


def _send(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="Your message").fill(words)
    page.get_by_role("button", name="Send").click()


def _ask(page: Page, words: str) -> Locator:
    """The answer, once it has come whole."""
    _send(page, words)
    answer = page.locator(f"section[aria-label={_MODEL}]")
    expect(answer.get_by_role("link", name="Receipt")).to_be_visible()
    return answer


def _job(answer: Locator) -> str:
    address = answer.get_by_role("link", name="Receipt").get_attribute("href") or ""
    return parse_qs(urlsplit(address).query)["job"][0]
