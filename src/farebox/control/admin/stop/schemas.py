"""What goes over the wire about emergency stops."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from farebox.control.text import NonEmptyLine

_Scope = Literal["all", "provider", "channel", "model"]
_Target = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{0,200}$")]


class Target(BaseModel):
    """What is meant: everything, or one provider, channel or model by name."""

    model_config = ConfigDict(extra="forbid")

    scope: _Scope
    target: Annotated[_Target, Field(description="Empty for everything.")] = ""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if (self.scope == "all") is bool(self.target):
            raise ValueError("target names what is meant, and is empty for everything")
        return self


class Preparing(Target):
    """A stop to be prepared. `now` ends running jobs too; they are not charged."""

    reason: NonEmptyLine
    now: bool = False


class Prepared(BaseModel):
    """Nothing is stopped yet. Send the token to /admin/stop before it is over."""

    token: str
    expires_at: datetime
    running_jobs: Annotated[int, Field(description="Jobs that run there now.")]


class Confirming(BaseModel):
    """The token of a prepared stop."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_=-]{1,4000}$")]


class StopView(BaseModel):
    """A stop in force."""

    scope: _Scope
    target: str
    reason: str
    now: bool
    since: datetime


class StopState(BaseModel):
    """All stops in force, oldest first, and how many jobs run in the whole deployment."""

    stops: list[StopView]
    running_jobs: int
