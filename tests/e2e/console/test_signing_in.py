"""All ways in and out of the console, by hand in a real browser: who gets in, by what, and what becomes of the rest."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect
from pyotp import TOTP
from tests.support.house import write_policy
from tests.support.mail import MailServer
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, running_oidc_provider
from tests.support.pages import Visit
from tests.support.server import Server, eventually, free_port, running_server
from tests.support.visitor import PASSWORD, Applicant

pytestmark = pytest.mark.timeout(300)

_ELSEWHERE = "example"
_OTHER_PASSWORD = "quite another one"
_NAMES = ("totp", "passkey", "oidc", "forgetful", "owner", "traveller")
_SETTINGS = "/dashboard/settings"
_DASHBOARD = re.compile(r"/dashboard$")


@pytest.fixture(scope="module")
def oidc() -> Iterator[OidcProvider]:
    with running_oidc_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def server(module_data_dir: Path, mail: MailServer, oidc: OidcProvider) -> Iterator[Server]:
    """A node that asks for much at sign-up. Passkeys belong to a name, and this machine's own is `localhost`."""
    write_policy("payg-simple", module_data_dir, (('accounts_per_person = "approval"', 'accounts_per_person = "any"'),))
    port = free_port()
    env = {
        "FAREBOX_DEMO": "off",
        "FAREBOX_PUBLIC_URL": (url := f"http://localhost:{port}"),
        "FAREBOX_SMTP_URL": f"smtp+plain://127.0.0.1:{mail.port}",
        "FAREBOX_MAIL_FROM": "no-reply@farebox.example",
        "FAREBOX_OIDC_NAME": _ELSEWHERE,
        "FAREBOX_OIDC_ISSUER": oidc.issuer,
        "FAREBOX_OIDC_CLIENT_ID": CLIENT_ID,
        "FAREBOX_OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }
    with running_server(module_data_dir, "--workers", "1", "--port", str(port), env=env) as started:
        terms = started.data_dir / "terms.txt"
        terms.write_text("Terms of the test\nBe kind.\n")
        started.cli("terms", "publish", f"en={terms}")
        started.ready["url"] = url
        yield started


@pytest.fixture(scope="module")
def people(server: Server, link_to: Callable[[str], str]) -> Iterator[dict[str, str]]:
    """Addresses of people who have signed up and confirmed, by what they are there for."""
    made = {name: Applicant(server.url, "127.0.0.1") for name in _NAMES}
    for each in made.values():
        each.sign_up()
    for each in made.values():
        each.confirm(link_to(each.email))
    yield {name: each.email for name, each in made.items()}
    for each in made.values():
        each.close()


def test_signing_up_asks_what_the_policy_asks(visit: Callable[..., Visit], link_to: Callable[[str], str]) -> None:
    """Age, true details and terms, a puzzle for the browser; what is wrong is said, and nothing typed is lost."""
    seen = visit()
    page, email = seen.page, "newcomer@example.com"
    seen.go("/sign-up")
    page.get_by_label("E-mail address").fill("newcomer@nowhere")
    page.get_by_label("Password").fill("a" * 10)
    for words in ("I am 18 or older", "What I enter here is accurate", "I have read and accept the"):
        # The browser itself asks for what is missing.
        page.get_by_role("button", name="Sign up").click()
        assert page.locator("form :invalid").count() > 0
        page.get_by_role("checkbox", name=re.compile(words)).check()
    page.get_by_role("button", name="Sign up").click()
    wrong = page.locator("[role=alert], [aria-invalid=true]").first
    expect(wrong).to_be_visible()
    seen.check_accessible("a wrong field")
    expect(page.get_by_role("checkbox", name=re.compile("I am 18"))).to_be_checked()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    first = link_to(email)
    _ask_again_inside(seen, email)
    link = _path(eventually(lambda: link_to(email).replace(first, ""), limit_s=60))
    seen.go(link)
    page.get_by_role("button", name="Confirm my address").click()
    page.get_by_role("link", name="Sign in").click()
    _sign_in(page, email)
    page.wait_for_url("**/dashboard/start")
    # The link has done its work: it does it once.
    seen.go(link)
    page.get_by_role("button", name="Confirm my address").click()
    expect(page.get_by_text("This link is over or was used already.")).to_be_visible()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send another link").click()
    expect(page.get_by_text(f"If {email} still waits to be confirmed, a link is on its way.")).to_be_visible()


def _ask_again_inside(seen: Visit, email: str) -> None:
    """Signed in too early: the mail is sent again from there, and one can leave."""
    page = seen.page
    seen.go("/sign-in")
    _sign_in(page, email)
    expect(page.get_by_role("heading", name="Confirm your e-mail address")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Sent again.")).to_be_visible()
    seen.look("not-confirmed")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")


def test_a_code_of_the_app_or_a_backup_code_is_the_second_factor(
    visit: Callable[..., Visit], people: dict[str, str]
) -> None:
    """After the password a code is asked for; each code and each backup code opens once."""
    seen = visit()
    page, email = seen.page, people["totp"]
    _enter(seen, email)
    seen.go(f"{_SETTINGS}/security")
    form = _form_of(page, "Set up")
    form.get_by_label("Your password, to go on").fill(PASSWORD)
    form.get_by_role("button", name="Set up").click()
    secret = page.locator("code.secret").inner_text().strip()
    seen.check_accessible("an authenticator app")
    page.get_by_role("textbox", name="Code", exact=True).fill(TOTP(secret).now())
    page.get_by_role("button", name="Confirm").click()
    backup = page.get_by_role("status").locator("pre, code").first.inner_text().split()
    assert len(backup) == 10
    seen.look("security-with-factor")
    _leave(page)
    _sign_in(page, email)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    seen.look("second-factor")
    _show_factor(page, "000000" if TOTP(secret).now() != "000000" else "000001")
    expect(page.get_by_role("alert")).to_be_visible()
    # The code of half a minute later: that of now was used to enrol.
    _show_factor(page, TOTP(secret).at(time.time() + 30))
    page.wait_for_url(_DASHBOARD)
    _leave(page)
    for code, opens in ((backup[0], True), (backup[0], False), (backup[1], True)):
        if page.get_by_role("heading", name="Second factor").count() == 0:
            _sign_in(page, email)
        _show_factor(page, code)
        if opens:
            page.wait_for_url(_DASHBOARD)
            seen.go(f"{_SETTINGS}/security")
            expect(page.get_by_text(f"{9 - backup.index(code)} left.")).to_be_visible()
            _leave(page)
        else:
            expect(page.get_by_role("alert")).to_be_visible()


def test_a_passkey_opens_without_a_password(visit: Callable[..., Visit], people: dict[str, str]) -> None:
    """Made in the settings, used at the door; whoever is not its owner gets words, and stays outside."""
    seen = visit()
    page = seen.page
    device, authenticator = _passkey_device(page)
    _enter(seen, people["passkey"])
    seen.go(f"{_SETTINGS}/security")
    form = _form_of(page, "Add a passkey")
    form.get_by_label("Name of the passkey").fill("this laptop")
    form.get_by_label("Your password, to go on").fill(PASSWORD)
    form.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("this laptop", exact=True)).to_be_visible()
    expect(page.get_by_text("Keep these codes in a safe place.")).to_be_visible()
    _leave(page)
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not used.")).to_be_visible()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(_DASHBOARD)
    seen.go(f"{_SETTINGS}/security")
    expect(page.get_by_text("last used")).to_be_visible()


def test_an_account_elsewhere_opens_and_a_lie_does_not(
    visit: Callable[..., Visit], people: dict[str, str], oidc: OidcProvider
) -> None:
    """Whose address the provider has confirmed is signed in; what goes wrong there is said at our door."""
    seen = visit(elsewhere=oidc.issuer)
    page = seen.page
    button = page.get_by_role("button", name=f"Continue with {_ELSEWHERE}")
    seen.go("/sign-in")
    oidc.set(claims={"email": people["oidc"], "email_verified": True}, lie="other_key")
    button.click()
    expect(page.get_by_text("Signing in elsewhere did not work")).to_be_visible()
    oidc.set(claims={"email": people["oidc"], "email_verified": True})
    button.click()
    page.wait_for_url(_DASHBOARD)
    page.get_by_role("button", name="Your menu").click()
    expect(page.get_by_text(people["oidc"])).to_be_visible()


def test_a_forgotten_password_is_set_anew_by_mail(
    visit: Callable[..., Visit], people: dict[str, str], link_to: Callable[[str], str]
) -> None:
    """The old one opens nothing afterwards, and whoever was signed in by it is not any more."""
    email, elsewhere, seen = people["forgetful"], visit(), visit()
    _enter(elsewhere, email)
    before = link_to(email)
    page = seen.page
    seen.go("/sign-in")
    page.get_by_role("link", name="Forgotten password?").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("a link is on its way")).to_be_visible()
    seen.go(_path(eventually(lambda: link_to(email).replace(before, ""), limit_s=60)))
    assert "#" not in page.url
    page.get_by_label("Password").fill(_OTHER_PASSWORD)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("Your password is set.")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    _sign_in(page, email)
    expect(page.get_by_text("The e-mail address or the password is wrong.")).to_be_visible()
    _sign_in(page, email, _OTHER_PASSWORD)
    page.wait_for_url(_DASHBOARD)
    elsewhere.page.goto("/dashboard/logs")
    expect(elsewhere.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_invited_member_joins_and_sees_what_the_role_may(
    visit: Callable[..., Visit], people: dict[str, str], link_to: Callable[[str], str]
) -> None:
    """A developer makes keys and does not pay; billing pays and does not chat; whoever is removed is outside."""
    owner, joined = visit(), visit()
    _enter(owner, people["owner"])
    owner.go(f"{_SETTINGS}/members")
    invitee = "invited@example.com"
    owner.page.get_by_label("E-mail address").fill(invitee)
    owner.page.get_by_role("button", name="Invite").click()
    expect(owner.page.get_by_text(f"Invited: {invitee}")).to_be_visible()
    _join(joined, link_to(invitee), invitee)
    page = joined.page
    joined.go("/dashboard/tokens")
    expect(page.get_by_role("button", name="Create key").first).to_be_visible()
    joined.go("/dashboard/recharge")
    expect(page.get_by_text("Recharges are made by owners and billing members of the account.")).to_be_visible()
    joined.go(f"{_SETTINGS}/members")
    expect(page.get_by_role("button", name="Invite")).to_be_hidden()
    joined.look("members-as-developer")
    members = owner.page.get_by_role("table", name="Members")
    owner.go(f"{_SETTINGS}/members")
    theirs = members.get_by_role("row").filter(has_text=invitee)
    theirs.get_by_role("textbox", name="Role").click()
    owner.page.get_by_role("option", name="billing").last.click()
    expect(theirs.get_by_role("textbox", name="Role")).to_have_value("billing")
    joined.go("/dashboard/chat")
    expect(
        page.get_by_text("Chatting needs a key, which owners and developers of the account can make.")
    ).to_be_visible()
    joined.go("/dashboard/recharge")
    expect(page.get_by_label("Code")).to_be_visible()
    theirs.get_by_role("button", name="Remove").click()
    owner.check_accessible("removing a member")
    owner.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(theirs).to_be_hidden()
    page.goto("/dashboard/logs")
    expect(page.get_by_text("No account yet")).to_be_visible()


def test_a_session_ended_elsewhere_returns_to_where_it_was(visit: Callable[..., Visit], people: dict[str, str]) -> None:
    """Sessions are listed, and any can be ended; who is put out comes back to the very same address."""
    here, there = visit(), visit()
    _enter(here, people["traveller"])
    _enter(there, people["traveller"])
    there.go("/dashboard/logs?status=refused&span=week&model=demo")
    here.go(f"{_SETTINGS}/sessions")
    sessions = here.page.get_by_role("table")
    # The one in which the address was confirmed, this one, and that one.
    expect(sessions.get_by_role("button", name="End")).to_have_count(2)
    here.look("sessions")
    here.page.get_by_role("button", name="End all others").click()
    expect(sessions.get_by_role("button", name="End")).to_have_count(0)
    # Somebody at work, whose next request finds the session gone.
    page = there.page
    page.get_by_role("textbox", name="Status", exact=True).click()
    page.get_by_role("option", name="not charged").click()
    expect(page.get_by_text("Sign in to go on where you were.")).to_be_visible()
    _sign_in(page, people["traveller"])
    page.wait_for_url("**/dashboard/logs?status=voided&span=week&model=demo")
    expect(page.get_by_role("textbox", name="Status", exact=True)).to_have_value("not charged")
    # And somebody whose browser has forgotten it.
    page.context.clear_cookies()
    page.goto("/dashboard/usage?split=key")
    _sign_in(page, people["traveller"])
    page.wait_for_url("**/dashboard/usage?split=key")


def _enter(seen: Visit, email: str) -> None:
    seen.go("/sign-in")
    _sign_in(seen.page, email)
    seen.page.wait_for_url(_DASHBOARD)


def _sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _show_factor(page: Page, code: str) -> None:
    page.get_by_label("Code of your authenticator app").fill(code)
    page.get_by_role("button", name="Confirm").click()


def _leave(page: Page) -> None:
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def _form_of(page: Page, button: str) -> Locator:
    """Of several that ask for the password, the one with this button."""
    return page.locator("form").filter(has=page.get_by_role("button", name=button))


def _passkey_device(page: Page) -> tuple[CDPSession, str]:
    """What keeps passkeys, as Chromium plays it: built in, and its owner always has a finger on it."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return device, str(made["authenticatorId"])


def _join(seen: Visit, link: str, email: str) -> None:
    page = seen.page
    seen.go(_path(link))
    expect(page.get_by_text(email)).to_be_visible()
    seen.look("invitation")
    page.get_by_label("Password").fill(PASSWORD)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    _sign_in(page, email)
    page.wait_for_url(_DASHBOARD)


def _path(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}#{parts.fragment}"
