"""What a stranger reads before signing up, on a house with models, a discount, contacts and published texts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.support.desk import Desk, box, button
from tests.support.house import House, open_house
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase

pytestmark = pytest.mark.timeout(300)

_GROUP = "https://chat.example.com/group"
_EDITS = (
    ('contact_mail = ""', 'contact_mail = "help@farebox.example"'),
    (
        '# links = [{ title = "Chat", url = "https://chat.example.com/", qr = true }]',
        f'links = [{{ title = "Group", url = "{_GROUP}", qr = true }}]',
    ),
)
_RULES = """Money goes back to where it came from.

# What we look at

- whether the credit was used
- [our terms](/terms)

<b>no markup</b> ![a picture](https://elsewhere.example/x.png) [no script](javascript:alert(1))

<iframe src="https://elsewhere.example/"></iframe> [read on](/terms)"""


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    with open_house("discount-relay", module_database, module_data_dir, *_EDITS) as opened:
        opened.sell("fast-1", family="Fast", prices=("1", "2"), context_tokens=128_000)
        opened.sell("fast-2", family="Fast", prices=("2", "4"))
        opened.sell("deep-1", family="Deep", prices=("3", "15"))
        # Before anybody looks: what is offered is remembered for half a minute.
        _offer(opened)
        yield opened


@pytest.fixture(scope="module")
def desk(house: House, browser: Browser) -> Desk:
    return Desk(house, browser)


def _offer(house: House) -> None:
    end = datetime.now(UTC) + timedelta(days=9)
    house.clerk.post(
        "/admin/discounts",
        {"name": "Autumn", "models": ["fast-*"], "off_percent": "50", "ends_at": end.isoformat()},
    )
    texts = {
        "en": {"title": "A new region", "body": "From now on:\n\n- faster answers"},
        "zh-CN": {"title": "新区域", "body": "从今天起\n\n- 回答更快"},
    }
    house.clerk.post("/admin/announcements", {"kind": "general", "texts": texts, "is_banner": True})


def test_texts_are_published_by_hand_and_read_by_everybody(house: House, browser: Browser, desk: Desk) -> None:
    """In two languages at once; the next version begins as the last; strangers get theirs, safely, where it is."""
    stranger = Visit(browser, house.server.url, language="zh-CN", scheme="dark")
    page, say = stranger.page, stranger.say
    stranger.go("/privacy")
    expect(page.get_by_role("heading", name=say("legal", "Nothing is published here yet"))).to_be_visible()
    stranger.look("legal-nothing")
    foot = page.locator("footer")
    expect(foot.get_by_role("link", name=say("app", "Terms"))).to_be_visible()
    expect(foot.get_by_role("link", name=say("legal/published", "Refund rules"))).to_have_count(0)

    operator = desk.sit_down()
    _publish(operator)
    operator.look("operator-texts")
    stranger.go("/refund-rules")
    expect(page.get_by_role("heading", name="退款说明", level=2)).to_be_visible()
    expect(page.get_by_text("原路退回。")).to_be_visible()
    foot.get_by_role("link", name=say("legal/published", "Refund rules")).click()
    stranger.look("refund-rules")
    page.goto("/sign-up")
    expect(page.get_by_role("link", name=say("legal/published", "Refund rules"))).to_be_visible()
    stranger.check()
    stranger.close()

    # In English there are a heading, a list and a link in it, and nothing else that was tried.
    operator.go("/refund-rules")
    article = operator.page.get_by_role("article")
    expect(article.get_by_role("heading", name="What we look at", level=3)).to_be_visible()
    expect(article.get_by_role("listitem")).to_have_count(2)
    terms = article.get_by_role("link", name="our terms")
    assert terms.get_attribute("rel") == "noreferrer noopener"
    expect(article.get_by_text("<b>no markup</b>")).to_be_visible()
    assert article.get_by_text("no script").get_attribute("href") in (None, "")
    expect(article.locator("img, iframe")).to_have_count(0)
    expect(article.get_by_text('<iframe src="https://elsewhere.example/"></iframe>')).to_be_visible()
    expect(article.get_by_role("link", name="read on")).to_be_visible()
    operator.look("refund-rules")
    _revise(operator)
    operator.check()
    operator.close()


def _publish(visit: Visit) -> None:
    """The first version, in two languages; a title alone is pointed at and stays in the form."""
    page, say = visit.page, visit.say
    visit.go("/admin/operation/texts")
    row = page.get_by_role("row", name=say("legal/published", "Refund rules"))
    button(row, say("admin/notices", "#publishText")).click()
    dialog = page.get_by_role("dialog")
    box(dialog, say("admin/notices", "Title")).fill("Refunds")
    button(dialog, say("admin/notices", "#publishText")).click()
    expect(dialog).to_be_visible()
    box(dialog, say("admin/notices", "#text")).fill(_RULES)
    dialog.get_by_role("tab", name="简体中文").click()
    box(dialog, say("admin/notices", "Title")).fill("退款说明")
    box(dialog, say("admin/notices", "#text")).fill("原路退回。")
    visit.check_accessible("publish a text")
    button(dialog, say("admin/notices", "#publishText")).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("row", name="Refund rules, version 1")).to_be_visible()


def _revise(visit: Visit) -> None:
    """Another sentence; what the first version said can be read by its address."""
    page, say = visit.page, visit.say
    visit.go("/admin/operation/texts")
    button(page.get_by_role("row"), say("admin/notices", "Publish next version")).click()
    dialog = page.get_by_role("dialog")
    text = box(dialog, say("admin/notices", "#text"))
    expect(text).to_have_value(_RULES)
    text.fill("Money goes back within 30 days.")
    button(dialog, say("admin/notices", "#publishText")).click()
    expect(dialog).to_be_hidden()
    visit.go("/admin/operation/texts?text=refund_rules.1")
    drawer = page.get_by_role("dialog", name="Refund rules, version 1")
    expect(drawer.get_by_role("heading", name="What we look at")).to_be_visible()
    drawer.get_by_role("tab", name="简体中文").click()
    expect(drawer.get_by_text("原路退回。")).to_be_visible()
    visit.look("operator-text-version")
    visit.go("/refund-rules")
    expect(page.get_by_text("Money goes back within 30 days.")).to_be_visible()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-CN", "dark")])
def test_a_stranger_finds_out_what_it_costs_and_how_to_begin(
    house: House, browser: Browser, language: str, scheme: str
) -> None:
    """Landing, prices compared and reckoned, the discount with its end, contacts with a picture to scan, news."""
    stranger = Visit(browser, house.server.url, language=language, scheme=scheme)
    _land(house, stranger)
    _compare(stranger)
    _begin(house, stranger)
    _reach(stranger)
    stranger.check()
    stranger.close()


def _land(house: House, visit: Visit) -> None:
    """The curl has the real address and copies whole; of the questions one is open at a time."""
    page, say = visit.page, visit.say
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.go("/")
    banner = page.get_by_text(say("announcements", "{name}: {percent} % off", name="Autumn", percent="50"))
    expect(banner).to_be_visible()
    end = banner.locator("xpath=..").locator("time")
    assert (end.get_attribute("datetime") or "") > datetime.now(UTC).isoformat()
    main = page.get_by_role("main")
    button(main, say("components", "Copy")).click()
    expect(button(main, say("components", "Copied"))).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"curl {house.server.url}/v1/chat/completions"), copied
    first, second = (button(main, say("landing", key)) for key in ("#q1", "#q2"))
    first.click()
    expect(page.get_by_text(say("landing", "#a1"))).to_be_visible()
    second.click()
    expect(page.get_by_text(say("landing", "#a2"))).to_be_visible()
    expect(page.get_by_text(say("landing", "#a1"))).to_be_hidden()
    visit.look("landing-offer")


def _compare(visit: Visit) -> None:
    """Search and family narrow the list, two models stand side by side, and an estimate takes the discount off."""
    page, say = visit.page, visit.say
    visit.go("/models")
    table = page.get_by_role("table", name=say("models", "Models and prices"))
    expect(table.locator("tbody tr")).to_have_count(3)
    page.get_by_label(say("models", "Search"), exact=True).last.fill("deep")
    expect(table.locator("tbody tr")).to_have_count(1)
    page.get_by_label(say("models", "Search"), exact=True).last.fill("")
    box(page, say("models", "Family")).click()
    page.get_by_role("option", name="Fast", exact=True).click()
    expect(table.locator("tbody tr")).to_have_count(2)
    for name in ("fast-1", "fast-2"):
        table.get_by_label(say("models", "Compare {name}", name=name)).check()
    side = page.get_by_role("table", name=say("models", "Side by side"))
    expect(side.get_by_role("columnheader", name="fast-2")).to_be_visible()
    page.wait_for_url("**/models?*compare=*")
    box(page, say("models", "Calls")).fill("1000")
    box(page, say("models", "Input tokens")).fill("1000")
    box(page, say("models", "Output tokens")).fill("500")
    calculator = page.locator("section").filter(has_text=say("models", "What would it cost?")).last
    box(calculator, say("models", "Model")).click()
    page.get_by_role("option", name="fast-1", exact=True).click()
    # A million of input for 1, half a million of output for 2, half off.
    expect(calculator.get_by_role("status")).to_contain_text("$1.00")
    visit.look("models-compared")


def _begin(house: House, visit: Visit) -> None:
    """Each SDK has its tab, with the address of this house; the status tells of families, not of models."""
    page = visit.page
    visit.go("/quick-start")
    tabs = page.get_by_role("tab")
    names = tabs.all_inner_texts()
    assert len(names) >= 3
    for name in names:
        page.get_by_role("tab", name=name, exact=True).click()
        expect(page.get_by_role("tabpanel").locator("pre")).to_contain_text(house.server.url)
    visit.go("/status")
    expect(page.get_by_role("heading", level=2)).to_have_text(["Deep", "Fast"])
    expect(page.get_by_text("fast-1, fast-2")).to_be_visible()
    assert page.locator(".days").first.locator(".day").count() == 90
    visit.look("status-families")


def _reach(visit: Visit) -> None:
    """News as they were meant; a mail address, a link and its picture to scan."""
    page, say = visit.page, visit.say
    visit.go("/announcements")
    expect(page.get_by_role("article").get_by_role("listitem")).to_have_count(1)
    visit.look("announced")
    visit.go("/contact")
    mail = page.get_by_role("link", name="help@farebox.example")
    assert mail.get_attribute("href") == "mailto:help@farebox.example"
    assert page.get_by_role("link", name="Group").get_attribute("href") == _GROUP
    expect(page.get_by_role("img", name=say("contact", "Scan to open {title}", title="Group"))).to_be_visible()
    visit.look("contact-group")
