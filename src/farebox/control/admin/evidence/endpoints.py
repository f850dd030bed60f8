"""/admin/evidence: the metadata of an account as a file for authorities."""

import tempfile
from collections.abc import Iterator
from typing import IO, Annotated, Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from farebox.control.access import Staff, operator
from farebox.control.admin.evidence.schemas import EvidenceWanted
from farebox.control.services import Here
from farebox.risk.evidence import record_evidence, write_evidence

router = APIRouter(prefix="/admin/evidence", tags=["Operator: risk"])

_IN_MEMORY_BYTES = 4 * 1024 * 1024
_PIECE_BYTES = 64 * 1024
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A zip file; `farebox-manifest-sha256` is the digest of the manifest in it.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ZipResponse(StreamingResponse):
    """The answer's type, for FastAPI's description."""

    media_type = "application/zip"


@router.post("", response_class=ZipResponse, responses=_ANSWER)
async def export_evidence(
    body: EvidenceWanted, staff: Annotated[Staff, operator("risk:write", fresh=True)], services: Here
) -> ZipResponse:
    """Calls, refusals, addresses, ledger lines, payments and signals of one account in a span; no content."""
    # Unlinked from the beginning: it leaves with this process, however that ends.
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed when it was sent
    try:
        async with services.pool.acquire() as connection:
            made = await write_evidence(connection, body.account_id, body.since, body.until, file)
            await record_evidence(connection, services.ids, staff.actor, made, body.reason)
    except BaseException:
        file.close()
        raise
    name = f"evidence-{body.account_id}.zip"
    return ZipResponse(
        _pieces(file),
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "farebox-manifest-sha256": made.sha256,
        },
    )


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece
