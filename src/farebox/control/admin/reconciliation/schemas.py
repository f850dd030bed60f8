"""What goes over the wire about comparisons of the books."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from farebox.audit.store import Line


class ComparisonView(BaseModel):
    """One comparison; what differed is a case, too. `failure`: the other side did not answer, nothing was compared."""

    id: UUID
    at: datetime
    subject: str = Field(description="payments:<provider>, payments:wash or ledger.", examples=["payments:stripe"])
    compared: int = Field(description="Payments, books of the wash account, or entries of the ledger.")
    differences: int
    found: list[str] = Field(description="The first of the differences.")
    failure: str


def comparison_view(line: Line) -> ComparisonView:
    told = line.after or {}
    return ComparisonView(
        id=line.id,
        at=line.at,
        subject=line.target,
        compared=told.get("compared", 0),
        differences=told.get("differences", 0),
        found=told.get("found", []),
        failure=told.get("failure", ""),
    )
