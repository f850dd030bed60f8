"""What goes over the wire about what is done to people."""

from pydantic import BaseModel, ConfigDict

from farebox.control.text import NonEmptyWords


class Deed(BaseModel):
    """Why it is done; kept with the change."""

    model_config = ConfigDict(extra="forbid")

    reason: NonEmptyWords
