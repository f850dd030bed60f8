"""The file that keeps the heads of the audit chain."""

from pathlib import Path

import pytest

from farebox.audit.chain import Head
from farebox.boot.audit_heads import AuditHeadFile

HASHES = [bytes([number]) * 32 for number in range(4)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit-heads.jsonl"


def test_each_head_adds_a_line(path: Path) -> None:
    """What was published stays and reads back; only the operator can read or change it."""
    heads = AuditHeadFile(path)
    assert heads.read() == {}
    heads.add(Head(1, HASHES[1]))
    heads.add(Head(2, HASHES[2]))
    assert heads.read() == {1: HASHES[1], 2: HASHES[2]}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_head_that_was_not_finished_does_not_count(path: Path) -> None:
    """A node killed as it published hides no later head: the next one takes the place of the torn one."""
    heads = AuditHeadFile(path)
    heads.add(Head(1, HASHES[1]))
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:30])
    assert heads.read() == {1: HASHES[1]}
    heads.add(Head(2, HASHES[2]))
    assert heads.read() == {1: HASHES[1], 2: HASHES[2]}
