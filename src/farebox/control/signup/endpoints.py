"""/api/sign-up: becoming a customer. No answer tells whether an address is known here."""

from datetime import UTC, datetime

from fastapi import APIRouter, Depends

from farebox.control.openapi_refusals import REFUSES_OLD_LINKS, REFUSES_REGION
from farebox.control.origin import From, check_region, check_same_origin
from farebox.control.services import Here, Services
from farebox.control.signup import steps
from farebox.control.signup.schemas import (
    Confirmation,
    EmailConfirmed,
    MailSent,
    ProofChallenge,
    Resend,
    SignUp,
    SignUpRules,
    statements_of,
)
from farebox.control.signup.steps import Applicant
from farebox.domain.errors import ActionRefused
from farebox.identity import consent, statement
from farebox.identity.mail_address import check_address, is_disposable
from farebox.identity.password import check_strength, hash_password
from farebox.identity.person import NewPerson
from farebox.identity.proof import new_challenge, spend_proof
from farebox.identity.throttle import attempt, for_mail_to, from_address
from farebox.traces.trace import Origin

router = APIRouter(prefix="/api/sign-up", tags=["Sign-up"])
_SIGN_UPS_FROM_ADDRESS = 20


@router.get("")
async def show_rules(services: Here) -> SignUpRules:
    """What signing up asks for."""
    async with services.pool.acquire() as connection:
        terms = await consent.terms_in_force(connection)
    sign_up, asked = services.policy.sign_up, statement.asked(services.policy)
    return SignUpRules(
        mode=sign_up.mode,
        proof_of_work=sign_up.proof_of_work,
        least_age=asked.least_age,
        accurate_details=asked.accurate_details,
        country=asked.country,
        terms_version=None if terms is None else terms.version,
    )


@router.get("/challenge")
async def make_challenge(services: Here) -> ProofChallenge:
    """A proof of work to be done before signing up; it is good once, for twenty minutes."""
    return ProofChallenge.model_validate(new_challenge(services.salt, datetime.now(UTC)))


@router.post(
    "", status_code=202, dependencies=[Depends(check_same_origin), Depends(check_region)], responses=REFUSES_REGION
)
async def sign_up(body: SignUp, services: Here, origin: From) -> MailSent:
    """Ask for an account; a mail to the address says what comes next."""
    if services.policy.sign_up.mode == "invited":
        raise ActionRefused("invitation_needed", "Accounts are opened by invitation only.", status=403)
    email = check_address(body.email)
    check_domain(services, email)
    check_strength(body.password, email=email)
    said = statements_of(body)
    statement.check(services.policy, said)
    async with services.pool.acquire() as connection:
        terms_version = await consent.check_version(connection, body.terms_version)
    await _admit(services, email, body.proof, origin)
    # For every address alike, and without a connection in hand: it takes long, and others want one.
    password_hash = await hash_password(body.password)
    person = NewPerson(email=email, password_hash=password_hash, display_name=body.display_name, language=body.language)
    async with services.pool.acquire() as connection, connection.transaction():
        await steps.sign_up(connection, services, Applicant(person, said, terms_version), origin)
    return MailSent()


@router.post("/resend", status_code=202, dependencies=[Depends(check_same_origin)])
async def send_again(body: Resend, services: Here, origin: From) -> MailSent:
    """Have the link sent again."""
    email = check_address(body.email)
    await _admit(services, email, body.proof, origin)
    async with services.pool.acquire() as connection, connection.transaction():
        await steps.send_again(connection, services, email)
    return MailSent()


@router.post("/confirm", dependencies=[Depends(check_same_origin)], responses=REFUSES_OLD_LINKS)
async def confirm(body: Confirmation, services: Here) -> EmailConfirmed:
    """Confirm an address with the link of a mail; each link is good once."""
    async with services.pool.acquire() as connection, connection.transaction():
        await steps.confirm(connection, services, body.secret)
    return EmailConfirmed()


def check_domain(services: Services, email: str) -> None:
    """Refuses addresses that are thrown away after use, where the policy says so."""
    if services.policy.sign_up.disposable_mail == "refuse" and is_disposable(email):
        raise ActionRefused(
            "disposable_mail", "Addresses of this domain are not taken: use a lasting one.", status=422, field="email"
        )


async def _admit(services: Services, email: str, proof: str | None, origin: Origin) -> None:
    """The price of having mail sent to any address: work, and patience."""
    async with services.pool.acquire() as connection:
        if services.policy.sign_up.proof_of_work:
            await spend_proof(connection, services.salt, proof)
        visitors = from_address(origin.address, kind="sign_up", free=_SIGN_UPS_FROM_ADDRESS)
        await attempt(connection, services.salt, visitors, for_mail_to(email))
