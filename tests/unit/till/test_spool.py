"""The spool of one worker: what was answered is on disk, what was torn is not answered for."""

import os
from pathlib import Path
from uuid import UUID

import pytest
from tests.support.tills import IDS, call, ending, voiding

from farebox.till.operations import Settle, Void
from farebox.till.spool import Spool, SpoolDamaged, owner_lives, put_aside, spool_path

WORKER = UUID(int=5)


def some_endings() -> list[Settle | Void]:
    made = [call(UUID(int=1), UUID(int=2)) for _ in range(3)]
    return [ending(made[0]), voiding(made[1]), ending(made[2], 77)]


async def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Settlements and voids come back equal, in order, and in as many steps as asked for."""
    spool, endings = Spool.create(tmp_path, WORKER), some_endings()
    await spool.append(endings[:1])
    await spool.append(endings[1:])
    first, place = await spool.read(2)
    await spool.replayed_to(place)
    rest, end = await spool.read(2)
    assert [*first, *rest] == endings
    assert spool.waiting
    await spool.replayed_to(end)
    assert not spool.waiting
    assert spool.path.stat().st_size == 0
    spool.close()
    assert not list(tmp_path.iterdir())


async def test_a_dead_owners_spool_is_adopted_with_its_torn_tail(tmp_path: Path) -> None:
    """Whoever adopts gets every whole record; a tail cut anywhere by the owner's death is no record."""
    for cut in range(1, 40, 3):
        spool, endings = Spool.create(tmp_path, WORKER), some_endings()
        await spool.append(endings)
        assert Spool.adopt(spool.path) is None
        assert owner_lives(tmp_path, WORKER)
        os.truncate(spool.path, spool.path.stat().st_size - cut)
        os.close(spool._handle)
        assert not owner_lives(tmp_path, WORKER)
        adopted = Spool.adopt(spool.path)
        assert adopted is not None
        whole, place = await adopted.read(10)
        assert whole == endings[:2]
        await adopted.replayed_to(place)
        assert await adopted.read(10) == ([], adopted.path.stat().st_size)
        await adopted.replayed_to(adopted.path.stat().st_size)
        adopted.close()
        assert not spool.path.exists()


async def test_a_flipped_bit_loses_nothing(tmp_path: Path) -> None:
    """A record that the checksum does not confirm is not posted; it and all after it are kept for the operator."""
    spool, endings = Spool.create(tmp_path, WORKER), some_endings()
    await spool.append(endings[:1])
    second = spool.path.stat().st_size
    await spool.append(endings[1:])
    written = spool.path.read_bytes()
    os.pwrite(spool._handle, b"\xff", second + 20)
    first, place = await spool.read(10)
    assert first == endings[:1]
    await spool.replayed_to(place)
    with pytest.raises(SpoolDamaged):
        await spool.read(10)
    await spool.put_rest_aside()
    assert not spool.waiting
    (kept,) = put_aside(tmp_path)
    assert len(kept.read_bytes()) == len(written) - second


async def test_a_disk_without_room_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An append that fails is as if it had not been tried: what comes after it can be read."""
    spool, endings = Spool.create(tmp_path, WORKER), some_endings()
    await spool.append(endings[:1])
    with monkeypatch.context() as full:
        full.setattr(os, "fdatasync", _no_room)
        with pytest.raises(OSError, match="No space"):
            await spool.append(endings[1:2])
    await spool.append(endings[2:])
    assert (await spool.read(10))[0] == [endings[0], endings[2]]


def _no_room(handle: int) -> None:
    raise OSError(28, "No space left on device")


async def test_a_new_name_keeps_the_lock_and_the_content(tmp_path: Path) -> None:
    """A worker that goes on under a new id takes its settlements along."""
    spool, endings = Spool.create(tmp_path, WORKER), some_endings()
    await spool.append(endings)
    new = IDS.new()
    spool.rename(new)
    assert owner_lives(tmp_path, new)
    assert not owner_lives(tmp_path, WORKER)
    assert (await spool.read(10))[0] == endings
    spool.close()
    assert spool_path(tmp_path, new).exists()


async def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """The file is private."""
    spool = Spool.create(tmp_path / "spool", WORKER)
    assert spool.path.stat().st_mode & 0o777 == 0o600
    spool.close()
