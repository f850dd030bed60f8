"""Who may use an endpoint. Every endpoint names one of these in its signature; without one it is public.

person: Person            anybody who is signed in
member: Member            with an account chosen; roles below narrow it
owner: Owner, developer: Developer (or owner), billing: Billing (or owner)
staff: Annotated[Staff, operator("money:write")]            an operator, or a program with an admin token
staff: Annotated[Staff, operator("money:write", fresh=True)]   for what is dangerous: a second factor just shown
"""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from farebox.audit.record import Actor
from farebox.control.origin import check_same_origin
from farebox.control.services import Here, Services
from farebox.domain.errors import ActionRefused
from farebox.identity import admin_token, session
from farebox.identity.scopes import Scope
from farebox.identity.visitor import Role, Visitor

# The __Host- prefix makes browsers insist on HTTPS, so plain HTTP (a first try on loopback) needs a name without.
COOKIE_HTTPS, COOKIE_HTTP = "__Host-farebox_session", "farebox_session"

_in_cookie = APIKeyCookie(name=COOKIE_HTTPS, auto_error=False, scheme_name="session", description="A browser session.")
_in_header = HTTPBearer(auto_error=False, scheme_name="admin token", description="An admin token.")


class Member(msgspec.Struct, frozen=True):
    """A person in the account that the session looks at."""

    person_id: UUID
    account_id: UUID
    role: Role
    email: str
    language: str

    @property
    def actor(self) -> Actor:
        return Actor("member", self.person_id)


class Staff(msgspec.Struct, frozen=True):
    """An operator, or a program with an admin token."""

    actor: Actor
    person_id: UUID | None
    scopes: tuple[str, ...]

    @property
    def owner_key(self) -> str:
        """Whose Idempotency-Keys these are."""
        return f"{self.actor.kind}:{self.actor.id}"


def cookie_name(services: Services) -> str:
    return COOKIE_HTTPS if services.is_https else COOKIE_HTTP


async def visitor_or_nobody(request: Request, services: Here) -> Visitor | None:
    """Who the cookie stands for; None without one, or with one that is over."""
    secret = request.cookies.get(cookie_name(services))
    if not secret:
        return None
    async with services.pool.acquire() as connection:
        return await session.resolve(connection, secret)


async def _person(
    request: Request,
    services: Here,
    visitor: Annotated[Visitor | None, Depends(visitor_or_nobody)],
    _: Annotated[str | None, Depends(_in_cookie)],
) -> Visitor:
    if visitor is None:
        raise ActionRefused("not_signed_in", "Sign in first.", status=401)
    check_same_origin(request, services)
    return visitor


Person = Annotated[Visitor, Depends(_person)]


async def _member(person: Person, services: Here) -> Member:
    if not person.email_verified and services.policy.sign_up.verified_email:
        raise ActionRefused("email_not_verified", "Confirm your e-mail address first.", status=403)
    if person.account_id is None or person.role is None:
        raise ActionRefused("no_account", "You have no account here yet.", status=403)
    return Member(person.person_id, person.account_id, person.role, person.email, person.language)


AnyMember = Annotated[Member, Depends(_member)]


def _with_role(*roles: Role) -> Any:
    async def allowed(member: AnyMember) -> Member:
        if member.role not in roles:
            raise ActionRefused("role_not_allowed", f"This needs the role {' or '.join(roles)}.", status=403)
        return member

    return Depends(allowed)


Owner = Annotated[Member, _with_role("owner")]
Developer = Annotated[Member, _with_role("owner", "developer")]
Billing = Annotated[Member, _with_role("owner", "billing")]


def operator(scope: Scope, *, fresh: bool = False) -> Any:
    """A dependency that lets in who has the scope; `fresh` asks for a second factor shown a moment ago."""

    async def allowed(
        request: Request,
        services: Here,
        visitor: Annotated[Visitor | None, Depends(visitor_or_nobody)],
        _: Annotated[Any, Depends(_in_header)],
    ) -> Staff:
        token = _bearer(request)
        if token is not None:
            return await _staff_of_token(services, token, scope)
        if visitor is None:
            raise ActionRefused("not_signed_in", "Sign in first.", status=401)
        check_same_origin(request, services)
        # To everybody else there is no such page.
        if not visitor.scopes:
            raise ActionRefused("not_found", "There is nothing here.", status=404)
        if not visitor.may(scope):
            raise ActionRefused("scope_missing", f"This needs the scope {scope}.", status=403, values={"scope": scope})
        if fresh and not visitor.is_fresh(datetime.now(UTC)):
            raise ActionRefused("second_factor_required", _how_to_prove(visitor), status=403)
        return Staff(visitor.actor, visitor.person_id, visitor.scopes)

    return Depends(allowed)


def _how_to_prove(visitor: Visitor) -> str:
    if visitor.has_second_factor:
        return "Show your second factor again for this."
    return "This needs a second factor: enrol an authenticator app or a passkey first, under security."


def _bearer(request: Request) -> str | None:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() or None if kind.lower() == "bearer" else None


async def _staff_of_token(services: Services, secret: str, scope: Scope) -> Staff:
    # A program cannot show a second factor: its scopes are what its maker, who did, has given it.
    async with services.pool.acquire() as connection:
        token = await admin_token.resolve(connection, secret)
    if token is None:
        raise ActionRefused("invalid_token", "This admin token is unknown, over or revoked.", status=401)
    if not token.may(scope):
        raise ActionRefused(
            "scope_missing", f"This token lacks the scope {scope}.", status=403, values={"scope": scope}
        )
    return Staff(Actor("token", token.id, token.name, token.made_by), None, token.scopes)
