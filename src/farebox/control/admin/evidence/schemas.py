"""What goes over the wire to ask for evidence."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from farebox.control.text import NonEmptyWords


class EvidenceWanted(BaseModel):
    """Of which account and span; the reason, such as the authority's reference, stays on the trail."""

    model_config = ConfigDict(extra="forbid")

    account_id: UUID
    since: AwareDatetime = Field(description="The first moment.")
    until: AwareDatetime = Field(description="The moment after the last.")
    reason: NonEmptyWords
