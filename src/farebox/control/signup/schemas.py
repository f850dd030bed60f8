"""What goes over the wire about signing up."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from farebox.control.text import Line
from farebox.identity import mail_address, password, proof, secret_link
from farebox.identity.person import Language
from farebox.identity.statement import Statements

CountryCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(description="ISO 3166-1 alpha-2.", examples=["DE"])
]
Email = Annotated[str, Field(min_length=3, max_length=mail_address.LONGEST, examples=["ada@example.com"])]
Password = Annotated[str, Field(min_length=1, max_length=password.MOST_CHARACTERS, examples=["correct horse battery"])]
Proof = Annotated[
    str | None,
    Field(max_length=proof.LONGEST, description="What ALTCHA's widget gives for GET /api/sign-up/challenge."),
]
LinkSecret = Annotated[
    str, Field(min_length=1, max_length=secret_link.LONGEST, description="What follows the # of the link in the mail.")
]


class SignUpRules(BaseModel):
    """What signing up asks for."""

    mode: Literal["open", "invited", "approved"]
    proof_of_work: bool
    least_age: int = Field(description="0: no statement is asked for.")
    accurate_details: bool
    country: bool
    terms_version: int | None = Field(description="The version in force, to be read and accepted; null: none.")


class ProofChallenge(BaseModel):
    """A challenge for ALTCHA's widget."""

    parameters: dict[str, Any]
    signature: str


class StatementsMade(BaseModel):
    """What somebody says of themselves, where it is asked for."""

    model_config = ConfigDict(extra="forbid")

    of_age: bool = False
    accurate_details: bool = False
    country: CountryCode | None = None


class Joining(BaseModel):
    """Who somebody is going to be here."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    display_name: Line = ""
    language: Language = "en"
    statements: StatementsMade = StatementsMade()
    terms_version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


class SignUp(Joining):
    """Somebody who wants an account."""

    email: Email
    proof: Proof = None


class Resend(BaseModel):
    """An address that waits for its link."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    proof: Proof = None


class Confirmation(BaseModel):
    """A link that was opened."""

    model_config = ConfigDict(extra="forbid")

    secret: LinkSecret


class MailSent(BaseModel):
    """The same whether or not the address is known here."""

    status: Literal["see_your_mail"] = "see_your_mail"


class EmailConfirmed(BaseModel):
    """Sign in now."""

    status: Literal["confirmed"] = "confirmed"


def statements_of(body: Joining) -> Statements:
    said = body.statements
    return Statements(said.of_age, said.accurate_details, said.country or "")
