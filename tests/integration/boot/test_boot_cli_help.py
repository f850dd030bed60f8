"""`--help` of every command: each option says what it is for, each command can answer programs."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from farebox.boot.cli.app import _app, run


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its path."""
    group: Any = typer.main.get_command(_app)
    context = typer.Context(group)
    waiting = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    while waiting:
        path, command = waiting.pop()
        below = getattr(command, "commands", None)
        if below is None:
            yield path, command
        else:
            waiting += [(f"{path} {name}", each) for name, each in below.items()]


def test_every_option_says_what_it_is_for():
    """No option without help, no command without --json."""
    silent = [
        f"{path} {parameter.opts[0]}"
        for path, command in commands()
        for parameter in command.params
        if parameter.param_type_name == "option" and not parameter.help
    ]
    deaf = [path for path, command in commands() if not any("--json" in each.opts for each in command.params)]
    assert (silent, deaf) == ([], [])


@pytest.mark.parametrize(
    "command",
    [
        ("account", "freeze", "ID"),
        ("account", "unfreeze", "ID"),
        ("account", "grant", "1", "--account", "ID"),
        ("person", "suspend", "--email", "a@example.com"),
        ("jobs", "adjust", "ID"),
        ("stop", "--all"),
    ],
)
def test_what_the_console_wants_a_reason_for_needs_one_here(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
):
    """None and an empty one are refused before anything is opened."""
    given = [part.replace("ID", "01a1f000-0000-7000-8000-000000000000") for part in command]
    for reason in ([], ["--reason", " "]):
        assert run([*given, *reason]) == 2
        assert "reason" in capsys.readouterr().err


def test_amounts_are_not_shown_as_whole_numbers(capsys: pytest.CaptureFixture[str]):
    """12.5 can be given: `<int>` would say that it cannot."""
    assert run(["account", "grant", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "AMOUNT" in shown
    assert "<int>" not in shown
