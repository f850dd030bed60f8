"""How text on the command line becomes values."""

from datetime import UTC, datetime

import pytest
import typer

from farebox.boot.cli.app import run
from farebox.boot.cli.model_route import parse_route
from farebox.boot.cli.options import parse_when, split_list
from farebox.catalog.admin import FREE

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("30d", datetime(2026, 3, 31, 12, tzinfo=UTC)),
        ("12h", datetime(2026, 3, 2, 0, tzinfo=UTC)),
        ("45m", datetime(2026, 3, 1, 12, 45, tzinfo=UTC)),
        ("2026-12-31", datetime(2026, 12, 31, tzinfo=UTC)),
        ("2026-12-31T23:00:00+09:00", datetime(2026, 12, 31, 14, tzinfo=UTC)),
        ("2026-12-31T10:00:00Z", datetime(2026, 12, 31, 10, tzinfo=UTC)),
    ],
)
def test_moments_are_dates_or_spans(text: str, moment: datetime):
    """A date without a zone is UTC, wherever the command runs."""
    assert parse_when(text, NOW) == moment


@pytest.mark.parametrize("text", ["", "soon", "30", "-3d", "31-12-2026", "999999w", "9999-12-31T23:59-01:00"])
def test_other_moments_are_bad_usage(text: str):
    """A key never expires at a moment that was guessed."""
    with pytest.raises(typer.BadParameter):
        parse_when(text, NOW)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("main/gpt-x", ("main", "gpt-x", 0, 1)),
        ("main/gpt-x@2", ("main", "gpt-x", 2, 1)),
        ("main/gpt-x@2:5", ("main", "gpt-x", 2, 5)),
        ("main/vendor/model-v1@10:0", ("main", "vendor/model-v1", 10, 0)),
        ("main/model@2024-05", ("main", "model@2024-05", 0, 1)),
    ],
)
def test_routes_name_channel_model_priority_and_weight(text: str, parts: tuple[object, ...]):
    """Slashes and at signs may be part of a provider's model name."""
    route = parse_route(text, FREE)
    assert (route.channel, route.upstream_model, route.priority, route.weight) == parts


@pytest.mark.parametrize("text", ["", "main", "main/", "/model"])
def test_a_route_without_both_names_is_bad_usage(text: str):
    """Half a route is refused before anything is written."""
    with pytest.raises(typer.BadParameter):
        parse_route(text, FREE)


def test_lists_ignore_blanks():
    assert split_list(" a, b ,,c") == ("a", "b", "c")
    assert split_list(None) == ()


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "account create",
        "account create --email a@b.example --grant ten",
        "account create --email a@b.example --grant -1",
        "account create --email a@b.example --grant 1e3",
        "account show",
        "account show not-an-id",
        "account frieze",
        "key create --account 00000000-0000-0000-0000-000000000000 --kind admin",
        "key create --account 00000000-0000-0000-0000-000000000000 --rpm 0",
        "channel add --name x --kind ftp --base-url http://x",
        "channel add --name x --kind openai --base-url https://api.example.com/v1",
        "model add m --route a/b --input 1",
        "model add m --route a/b --input -1 --output 1",
        "model add m --route a/b --input 1 --output 1.0000001",
        "model add m --route a/b --input 1 --output 1 --cost-input 1",
        "stop --reason x",
        "stop --all --model m --reason x",
        "stop --all",
        "serve --port many",
        "simulate --fail 2",
        "simulate --set nonsense=1",
        "init --profile other",
    ],
)
def test_bad_usage_exits_with_2_and_one_line(line: str, capsys: pytest.CaptureFixture[str], tmp_path):
    """Scripts tell bad usage from failure by the status, people by one line that names what is wrong."""
    arguments = line.split()
    if arguments[0] not in ("nonsense", "simulate"):
        arguments += ["--data", str(tmp_path)]
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("farebox: ")
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())
