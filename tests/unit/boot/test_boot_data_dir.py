"""The files of a data directory: who may read them, and what happens to paths that are too long."""

from pathlib import Path

import pytest

from farebox.boot.config import Config
from farebox.boot.data_dir import DataDir
from farebox.boot.order import CONTROL_SOCKET
from farebox.domain.errors import CommandError


def test_the_secret_key_is_made_once_and_is_private(tmp_path: Path):
    """A generated key is never a default, stays the same, and is refused when others can read it."""
    directory, config = DataDir(tmp_path), Config(data_dir=tmp_path)
    first = directory.secret_key(config)
    assert len(first) >= 32
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert DataDir(tmp_path).secret_key(config) == first
    (tmp_path / "other").mkdir()
    assert DataDir(tmp_path / "other").secret_key(config) != first
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(CommandError, match="chmod 600"):
        directory.secret_key(config)
    assert directory.secret_key(Config(data_dir=tmp_path, secret_key=b"configured")) == b"configured"


def test_processes_that_start_at_once_share_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whoever finds no key a moment before another makes one uses the other's: what it seals can be opened later."""
    config, first = Config(data_dir=tmp_path), DataDir(tmp_path)
    found = []

    def meanwhile(size: int) -> str:
        monkeypatch.undo()
        found.append(DataDir(tmp_path).secret_key(config))
        return "x" * size

    monkeypatch.setattr("farebox.boot.data_dir.secrets.token_urlsafe", meanwhile)
    assert first.secret_key(config) == found[0] == DataDir(tmp_path).secret_key(config)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_damaged_secret_key_is_an_error(tmp_path: Path):
    """An emptied file must not become a key that everybody can guess."""
    (tmp_path / "secret.key").write_bytes(b"\n")
    (tmp_path / "secret.key").chmod(0o600)
    with pytest.raises(CommandError, match="restore it"):
        DataDir(tmp_path).secret_key(Config(data_dir=tmp_path))


def test_sockets_fit_however_long_the_path_is(tmp_path: Path):
    """A socket's path has 107 bytes; a deep data directory gets its run directory elsewhere, for the while."""
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    for root in (tmp_path, deep):
        directory = DataDir(root)
        run_dir = directory.make_run_dir()
        assert len(bytes(run_dir / "metrics-gateway-63.sock")) <= 107
        assert len(bytes(run_dir / CONTROL_SOCKET)) <= 107
        assert run_dir.stat().st_mode & 0o777 == 0o700
        directory.remove_run_dir()
        assert not run_dir.exists()


def test_a_node_keeps_its_id(tmp_path: Path):
    """The id says whose spool it is; a damaged one is an error and never silently another node."""
    node_id = DataDir(tmp_path).node_id()
    assert DataDir(tmp_path).node_id() == node_id
    (tmp_path / "node.id").write_text("nonsense")
    with pytest.raises(CommandError, match=r"node\.id"):
        DataDir(tmp_path).node_id()


def test_a_second_holder_is_told_of_the_first(tmp_path: Path):
    """The lock ends with its holder."""
    first, second = DataDir(tmp_path), DataDir(tmp_path)
    first.lock()
    with pytest.raises(CommandError, match="in use"):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()
