"""Signing up: what is asked for, one answer whoever exists, links of one use, and what bars an account till then."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.control import running_control
from tests.support.postgres import TestDatabase
from tests.support.signing_up import PASSWORD, execute, form, mails, rows, rules, secrets_for, sign_up, with_region


async def test_a_new_customer_confirms_and_signs_in(database: TestDatabase) -> None:
    """Barred until the link is opened; then an owner of an account with the credit of signing up."""
    async with running_control(database, rules(credit="2.5", credit_days=30)) as control:
        sent = form("Ada@Example.com", display_name="Ada", language="ja")
        asked = await control.public.post("/api/sign-up", json=sent)
        assert (asked.status_code, asked.json()) == (202, {"status": "see_your_mail"})
        (account,) = await rows(control, "SELECT barred, balance_nano FROM account")
        assert account == {"barred": "email_not_verified", "balance_nano": 0}
        ((kind, facts),) = await mails(control, "ada@example.com")
        assert (kind, facts["link"].startswith(f"{control.base_url}/verify-email#")) == ("verification", True)
        (secret,) = await secrets_for(control, "ada@example.com")
        assert secret not in str(await rows(control, "SELECT * FROM email_link"))
        assert (await control.public.post("/api/sign-up/confirm", json={"secret": secret})).status_code == 200
        (account,) = await rows(control, "SELECT barred, balance_nano FROM account")
        assert account == {"barred": "", "balance_nano": 2_500_000_000}
        (lot,) = await rows(control, "SELECT kind, expires_at FROM lot")
        assert lot["kind"] == "promo"
        assert lot["expires_at"] - datetime.now(UTC) > timedelta(days=29)
        made = await control.public.post("/api/session", json={"email": "ada@example.com", "password": PASSWORD})
        assert made.status_code == 201, made.text
        assert (made.json()["role"], made.json()["language"], made.json()["display_name"]) == ("owner", "ja", "Ada")
        assert (await control.public.get("/api/account")).json()["bars"] == []
        actions = [row["action"] for row in await rows(control, "SELECT action FROM audit ORDER BY at")]
        assert actions[:2] == ["person.sign_up", "person.confirm_email"]
        assert "ada@" not in str(await rows(control, "SELECT * FROM audit")).lower()


async def test_nobody_learns_whose_address_is_known(database: TestDatabase) -> None:
    """The same answer for a new, a waiting and a confirmed address; its owner gets a mail, once a day."""
    async with running_control(database, rules()) as control:
        known = await sign_up(control)
        waiting = form()
        await control.public.post("/api/sign-up", json=waiting)
        answers = [
            await control.public.post("/api/sign-up", json=form(email, password="another long one"))
            for email in (known.upper(), known, waiting["email"], "new@example.com")
        ]
        assert {(answer.status_code, answer.text) for answer in answers} == {(202, '{"status":"see_your_mail"}')}
        kinds = [kind for kind, _ in await mails(control, known)]
        assert kinds.count("already_registered") == 1
        assert len(await rows(control, "SELECT id FROM person")) == 3
        again = await control.public.post("/api/session", json={"email": known, "password": "another long one"})
        assert again.status_code == 401
        nobody = await control.public.post("/api/sign-up/resend", json={"email": "nobody@example.com"})
        assert (nobody.status_code, nobody.json()) == (202, {"status": "see_your_mail"})
        assert await mails(control, "nobody@example.com") == []


async def test_whoever_takes_somebody_elses_address_never_sets_its_password(database: TestDatabase) -> None:
    """Each sign-up's password counts with the link of its own mail only, and ends sessions under any other."""
    async with running_control(database, rules()) as control:
        address = "victim@example.com"
        await control.public.post("/api/sign-up", json=form(address, password="of the attacker"))
        session = await control.public.post("/api/session", json={"email": address, "password": "of the attacker"})
        assert session.status_code == 201
        await control.public.post("/api/sign-up", json=form(address, password="of the victim"))
        early, own = await secrets_for(control, address)
        assert (await control.public.post("/api/sign-up/confirm", json={"secret": own})).status_code == 200
        assert (await control.public.get("/api/session")).status_code == 401
        late = await control.public.post("/api/sign-up/confirm", json={"secret": early})
        assert (late.status_code, late.json()["code"]) == (410, "link_over")
        for password, status in (("of the attacker", 401), ("of the victim", 201)):
            made = await control.public.post("/api/session", json={"email": address, "password": password})
            assert made.status_code == status


async def test_a_link_is_good_once_and_for_two_days(database: TestDatabase) -> None:
    """Of twenty at once one confirms and gives credit; a replayed, expired or made-up link changes nothing."""
    async with running_control(database, rules(credit="1")) as control:
        sent = form()
        await control.public.post("/api/sign-up", json=sent)
        (secret,) = await secrets_for(control, sent["email"])
        await execute(control, "UPDATE email_link SET expires_at = now()")
        expired = await control.public.post("/api/sign-up/confirm", json={"secret": secret})
        await execute(control, "UPDATE email_link SET expires_at = now() + interval '1 hour'")
        tried = await asyncio.gather(
            *(control.public.post("/api/sign-up/confirm", json={"secret": secret}) for _ in range(20))
        )
        assert sorted(answer.status_code for answer in tried) == [200] + [410] * 19
        made_up = await control.public.post("/api/sign-up/confirm", json={"secret": "made up"})
        assert (expired.status_code, expired.json()) == (made_up.status_code, made_up.json())
        assert await rows(control, "SELECT balance_nano FROM account") == [{"balance_nano": 1_000_000_000}]
        assert len(await rows(control, "SELECT id FROM audit WHERE action = 'person.confirm_email'")) == 1


async def test_two_at_once_with_one_address_become_one_person(database: TestDatabase) -> None:
    """No error for any of them, and one account."""
    async with running_control(database, rules()) as control:
        tried = await asyncio.gather(
            *(control.public.post("/api/sign-up", json=form("twice@example.com")) for _ in range(3))
        )
        assert {answer.status_code for answer in tried} == {202}
        assert len(await rows(control, "SELECT id FROM person")) == 1
        assert len(await rows(control, "SELECT id FROM account")) == 1


async def test_another_link_works_like_the_first(database: TestDatabase) -> None:
    """Asked for again, for who lost the mail; too many in an hour are refused, whether or not the address is known."""
    async with running_control(database, rules()) as control:
        sent = form()
        await control.public.post("/api/sign-up", json=sent)
        await control.public.post("/api/sign-up/resend", json={"email": sent["email"]})
        first, second = await secrets_for(control, sent["email"])
        assert (await control.public.post("/api/sign-up/confirm", json={"secret": second})).status_code == 200
        made = await control.public.post("/api/session", json={"email": sent["email"], "password": PASSWORD})
        assert made.status_code == 201
        assert (await control.public.post("/api/sign-up/confirm", json={"secret": first})).status_code == 410
        for email in (sent["email"], "nobody@example.com"):
            for _ in range(4):
                await control.public.post("/api/sign-up/resend", json={"email": email})
            await control.lengthen_waits()
            refused = await control.public.post("/api/sign-up/resend", json={"email": email})
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("policy", "changes", "status", "code"),
    [
        (rules(), {"email": "not an address"}, 422, "not_an_address"),
        (rules(), {"email": "a@b\r\nbcc: x@example.com"}, 422, "not_an_address"),
        (rules(), {"email": "x" * 65 + "@example.com"}, 422, "not_an_address"),
        (rules(), {"password": "short"}, 422, "weak_password"),
        (rules(), {"password": "x" * 201}, 422, None),
        (rules(), {"display_name": "a\u0000b"}, 422, None),
        (rules(), {"language": "fr"}, 422, None),
        (rules(), {"role": "owner"}, 422, None),
        (rules(mode="invited"), {}, 403, "invitation_needed"),
        (rules(disposable_mail="refuse"), {"email": "x@mailinator.com"}, 422, "disposable_mail"),
        (rules(disposable_mail="refuse"), {"email": "x@eu.mailinator.com"}, 422, "disposable_mail"),
        (rules(least_age=18), {}, 422, "statement_missing"),
        (rules(least_age=18), {"statements": {"accurate_details": True}}, 422, "statement_missing"),
        (rules(accurate_details=True), {"statements": {"of_age": True}}, 422, "statement_missing"),
        (with_region(rules(), "XX"), {}, 422, "statement_missing"),
        (with_region(rules(), "XX"), {"statements": {"country": "XX"}}, 451, "region_not_served"),
        (with_region(rules(), "XX", unknown_address="refuse"), {"statements": {"country": "DE"}}, 451, None),
        (rules(), {"statements": {"country": "Germany"}}, 422, None),
    ],
)
async def test_what_is_refused_changes_nothing(
    module_database: TestDatabase, policy: Any, changes: dict[str, Any], status: int, code: str | None
) -> None:
    """A clear error that names what is wrong; no person, no account, no mail."""
    async with running_control(module_database, policy) as control:
        refused = await control.public.post("/api/sign-up", json=form(**changes))
        assert refused.status_code == status, refused.text
        assert refused.headers["content-type"] == "application/problem+json"
        if code is not None:
            assert refused.json()["code"] == code
        for table in ("person", "account", "mail"):
            assert await rows(control, f"SELECT FROM {table}") == []


async def test_statements_and_the_version_of_the_terms_are_kept(database: TestDatabase) -> None:
    """The version in force must be named, and is recorded with what was said; a later one is not asked for yet."""
    policy = with_region(rules(least_age=18, accurate_details=True), "XX")
    async with running_control(database, policy) as control:
        await execute(
            control,
            "INSERT INTO terms_version (version, effective_at) VALUES (1, now() - interval '2 days'),"
            " (2, now() - interval '1 day'), (3, now() + interval '1 day')",
        )
        shown = (await control.public.get("/api/sign-up")).json()
        assert (shown["terms_version"], shown["least_age"], shown["country"]) == (2, 18, True)
        said = {"of_age": True, "accurate_details": True, "country": "DE"}
        for version in (None, 1, 3):
            refused = await control.public.post("/api/sign-up", json=form(statements=said, terms_version=version))
            assert (refused.status_code, refused.json()["code"]) == (422, "terms_not_accepted")
        await sign_up(control, statements=said, terms_version=2)
        (consent,) = await rows(control, "SELECT terms_version, how, account_id FROM consent")
        assert (consent["terms_version"], consent["how"]) == (2, "sign_up")
        kept = await rows(control, "SELECT kind, said FROM statement ORDER BY kind")
        assert [tuple(row.values()) for row in kept] == [
            ("accurate_details", "yes"),
            ("country", "DE"),
            ("of_age", "18"),
        ]


async def test_an_unconfirmed_address_opens_nothing(database: TestDatabase) -> None:
    """Whoever signs in before the link is opened is told what to do; where the policy asks for no link, all is open."""
    for verified_email, status in ((True, 403), (False, 200)):
        async with running_control(database, rules(verified_email=verified_email)) as control:
            sent = form()
            await control.public.post("/api/sign-up", json=sent)
            made = await control.public.post(
                "/api/session", json={"email": sent["email"], "password": sent["password"]}
            )
            assert made.status_code == 201
            seen = await control.public.get("/api/keys")
            assert seen.status_code == status
            if status == 403:
                assert seen.json()["code"] == "email_not_verified"


async def test_an_account_that_waits_for_an_address_becomes_its_owners(database: TestDatabase) -> None:
    """The operator made it on the command line; whoever confirms the address owns it, and nobody before."""
    async with running_control(database, rules()) as control:
        member = await control.member()
        await execute(control, "DELETE FROM member")
        await execute(control, "UPDATE person SET status = 'erased', email = '' WHERE id = $1", member.person_id)
        await control.public.post("/api/sign-up", json=form(member.email))
        assert await rows(control, "SELECT FROM member") == []
        (secret,) = await secrets_for(control, member.email)
        assert (await control.public.post("/api/sign-up/confirm", json={"secret": secret})).status_code == 200
        (row,) = await rows(control, "SELECT account_id, role FROM member")
        assert row == {"account_id": member.account_id, "role": "owner"}
