"""Whom a directory lets in, and where a socket may lie."""

from pathlib import Path

import pytest

from farebox.storage.layout import Layout, Place
from farebox.storage.privileges import ServerUser, can_enter, write_file
from farebox.storage.settings import render

STRANGER = ServerUser("stranger", uid=54_321, gid=54_321, drops=True)


@pytest.mark.parametrize(("mode", "enters"), [(0o700, False), (0o711, True), (0o750, False), (0o766, False)])
def test_every_directory_on_the_way_must_let_the_user_through(tmp_path: Path, mode: int, enters: bool) -> None:
    """One closed directory closes all below it, however open they are."""
    closed = tmp_path / "on the way"
    (closed / "open").mkdir(parents=True)
    closed.chmod(mode)
    (closed / "open").chmod(0o777)
    above_enters = can_enter(tmp_path, STRANGER)
    assert can_enter(closed / "open", STRANGER) == (enters and above_enters)


def test_a_planted_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    """Root writes into directories of a lesser user, who must not turn that against other files."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "farebox.conf").symlink_to(victim)
    write_file(tmp_path / "farebox.conf", b"ours")
    assert victim.read_text() == "precious"
    assert (tmp_path / "farebox.conf").read_bytes() == b"ours"
    assert not (tmp_path / "farebox.conf").is_symlink()


def test_a_relative_place_survives_a_move(tmp_path: Path) -> None:
    """Records name what lies elsewhere only."""
    layout = Layout(tmp_path / "before")
    layout.make()
    layout.record(Place(provisioned=True))
    (tmp_path / "before").rename(tmp_path / "after")
    assert Layout(tmp_path / "after").place() == Place(provisioned=True)
    assert Layout(tmp_path / "after").cluster() == tmp_path.resolve() / "after/postgres/cluster"


def test_settings_are_durable_and_silent() -> None:
    """The lines that money and privacy hang on, after quoting."""
    text = render(Path("/run/it's"), "tag", {"shared_buffers": "64MB"})
    for line in (
        "fsync = 'on'",
        "synchronous_commit = 'on'",
        "full_page_writes = 'on'",
        "listen_addresses = ''",
        "log_statement = 'none'",
        "log_min_error_statement = 'panic'",
        "log_parameter_max_length_on_error = '0'",
        "log_error_verbosity = 'terse'",
        "unix_socket_directories = '/run/it''s'",
        "shared_buffers = '64MB'",
    ):
        assert line in text.splitlines()
