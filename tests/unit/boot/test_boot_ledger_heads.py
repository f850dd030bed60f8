"""The file that keeps the heads of the ledger's chain."""

import json
from pathlib import Path

from farebox.boot.ledger_heads import LedgerHeads
from farebox.ledger.audit_store import Block


def test_each_sealed_block_adds_a_line(tmp_path: Path) -> None:
    """What was published stays; only the operator can read or change it."""
    path = tmp_path / "ledger-heads.jsonl"
    for height in (1, 2):
        LedgerHeads(path)(Block(height, "10", "20", 3, 6, bytes([height]) * 32))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["height"], line["hash"]) for line in lines] == [(1, "01" * 32), (2, "02" * 32)]
    assert path.stat().st_mode & 0o777 == 0o600
