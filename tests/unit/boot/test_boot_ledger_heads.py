"""The file that keeps the heads of the ledger's chain."""

import json
from pathlib import Path

import pytest

from farebox.boot.ledger_heads import LedgerHeads
from farebox.ledger.audit_store import Block
from farebox.ledger.heads import Head, Published

HASHES = [bytes([number]) * 32 for number in range(4)]


def block(height: int) -> Block:
    return Block(height, 1, "10", "20", 3, 6, HASHES[height])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger-heads.jsonl"


def test_each_sealed_block_adds_a_line(path: Path) -> None:
    """What was published stays and reads back; only the operator can read or change it."""
    heads = LedgerHeads(path)
    assert (heads.last(), heads.read()) == (None, Published([], []))
    heads.add([block(1)])
    heads.add([block(2), block(3)])
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["height"], line["era"], line["hash"]) for line in lines] == [
        (height, 1, HASHES[height].hex()) for height in (1, 2, 3)
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert heads.read().heads == [Head(height, HASHES[height]) for height in (1, 2, 3)]
    assert heads.last() == Head(3, HASHES[3])


def test_a_line_that_was_not_finished_does_not_count(path: Path) -> None:
    """A node killed as it published says no wrong thing afterwards: the next head takes the place of the torn one."""
    heads = LedgerHeads(path)
    heads.add([block(1)])
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:30])
    assert heads.read() == Published([Head(1, HASHES[1])], [])
    heads.add([block(2)])
    assert heads.read() == Published([Head(1, HASHES[1]), Head(2, HASHES[2])], [])


@pytest.mark.parametrize("line", ["", "not json", '{"height": 1, "hash": "zz", "era": 1}', '{"height": 1, "era": 1}'])
def test_a_damaged_line_is_told(path: Path, line: str) -> None:
    """A line that somebody has changed is no reason to be silent about it."""
    heads = LedgerHeads(path)
    heads.add([block(1), block(2)])
    second = path.read_text().splitlines()[1]
    path.write_text(f"{line}\n{second}\n")
    assert heads.read() == Published([Head(2, HASHES[2])], [1])


def test_lines_of_an_earlier_release_are_passed_over(path: Path) -> None:
    """Blocks then covered less and were sealed again: their hashes are others now."""
    path.write_text(json.dumps({"height": 7, "hash": "00" * 32, "from_xact": "1", "to_xact": "2"}) + "\n")
    heads = LedgerHeads(path)
    assert (heads.last(), heads.read()) == (None, Published([], []))
