"""The command `farebox`: finds the file of a noun, and turns every failure into one line and an exit status.

Files of nouns are loaded when their noun is used, so that help and usage errors come at once.
"""

import importlib
import keyword
import os
import sys
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from farebox.domain.errors import FareboxError

# Noun: what `farebox --help` says of it. The file of the same name in this folder has its commands.
_NOUNS = {
    "serve": "Start everything, with an embedded database unless told otherwise.",
    "init": "Write a commented policy file from a shipped profile.",
    "policy": "The rules of the policy file, and which differ from the default.",
    "account": "Accounts: create, list, find, show, limit, grant, freeze, unfreeze, close.",
    "key": "API keys: create, list, revoke.",
    "member": "Members of accounts: list, invite, remove.",
    "person": "People: list, show, suspend, restore, export their data, erase them.",
    "approval": "Accounts that wait: list, approve, decline, allow-region.",
    "invitation": "Invitations to open an account: send, list, revoke.",
    "channel": "Channels to providers: add, list, change, test, disable, enable, cap, key.",
    "model": "Models on sale: add, list, change, price, cap, enable, disable, route.",
    "price": "Prices over time: list, cancel, preview.",
    "provider": "Providers, each with all its channels: list, cap.",
    "discount": "Discounts on models, for a time: add, list, end.",
    "group": "Customer groups and what they are charged: set, list, remove, assign.",
    "stop": "Emergency stop of everything, a model, a channel or a provider.",
    "resume": "End an emergency stop.",
    "operator": "Operators: add, list, change, revoke, reset-password.",
    "token": "Admin tokens of programs: create, list, revoke.",
    "recharge": "Recharges: list, show, approve, decline.",
    "code": "Redemption codes: create, list, find, void.",
    "payment": "Payments: list, show, refund, end-refund, credit, event.",
    "dispute": "Disputes of payments: list, show, decide.",
    "debt": "Debts of accounts: forgive.",
    "statement": "Monthly statements: list, show.",
    "announcement": "Announcements: make, list, withdraw.",
    "terms": "Versions of the terms: publish, list.",
    "text": "Privacy, refund rules and imprint: publish, list, show.",
    "mail": "The outbox of mail: list, send-again.",
    "ledger": "The ledger: verify, export.",
    "audit": "The audit trail: list, verify.",
    "support": "Support requests: list, show, file, reply, close, template.",
    "adjustment": "Charges called wrong: list, file, approve, decline.",
    "refund": "Refunds asked for: list, show, file, approve, decline.",
    "closing": "Accounts that close: list, begin, decide.",
    "withdrawal": "Payouts and moves of balances: list, show, file, approve, decline, paid, give-back.",
    "winddown": "Balances to repay at the end: refresh, list, mark.",
    "jobs": "Receipts of jobs: list, show, adjust.",
    "case": "What wants a decision: list, show, close.",
    "risk": "Signals and the review queue: list, signals, decide, end-user.",
    "evidence": "The metadata of an account as a file for authorities.",
    "report": "Figures: margin, usage, statement.",
    "import": "Channels and models of another gateway: new-api, one-api, litellm.",
    "simulate": "Run the simulated provider on a port.",
    "doctor": "Check whether this machine is fit to serve.",
    "bench": "Run the benchmarks of the source tree.",
}

# The base of what typer raises for wrong options and arguments; it has no public name of its own.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
_EXIT_INTERRUPTED = 130


class _Nouns(TyperGroup):
    """A group whose commands are loaded by name."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(_NOUNS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in _NOUNS:
            return None
        file = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command = typer.main.get_command(importlib.import_module(f"farebox.boot.cli.{file}").app)
        command.name = cmd_name
        _plain_arguments(command)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_NOUNS.items()))


def _plain_arguments(command: Any) -> None:
    """Arguments are shown by name alone: the kind typer puts beside it is the one stored, an int for 12.5."""
    for each in getattr(command, "commands", {}).values():
        _plain_arguments(each)
    for parameter in command.params:
        if parameter.param_type_name == "argument" and parameter.metavar is not None:
            parameter.display_type_rich = _no_kind


def _no_kind(ctx: Any) -> None:
    del ctx


_app = typer.Typer(
    cls=_Nouns,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@_app.callback(invoke_without_command=True)
def _farebox(
    context: typer.Context, *, version: bool = typer.Option(False, "--version", help="Print the version and exit.")
) -> None:
    """A prepaid, multi-tenant gateway to large language models."""
    if version:
        from farebox import __version__

        sys.stdout.write(f"farebox {__version__}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")
        raise typer.Exit


def main() -> NoReturn:
    """Runs the command line of this process and exits with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Carries out one command line; the exit status."""
    if not _is_text(arguments):
        return _fail(2, "an argument holds bytes that are no UTF-8 text: type it anew")
    try:
        status = typer.main.get_command(_app).main(args=arguments, prog_name="farebox", standalone_mode=False)
    except _UsageError as error:
        return _fail(2, _usage_line(error))
    except FareboxError as error:
        return _fail(1, str(error))
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        place = "" if error.filename is None else f" ({error.filename})"
        return _fail(1, f"{error.strerror or error}{place}")
    except (KeyboardInterrupt, typer.Abort):
        return _EXIT_INTERRUPTED
    return status if isinstance(status, int) else 0


def _is_text(arguments: list[str]) -> bool:
    try:
        "".join(arguments).encode()
    except UnicodeEncodeError:
        return False
    return True


def _usage_line(error: Any) -> str:
    context = getattr(error, "ctx", None)
    path = "farebox" if context is None else context.command_path
    return f"{error.format_message().rstrip('.')} (see `{path} --help`)"


def _fail(status: int, message: str) -> int:
    sys.stderr.write(f"farebox: {message}\n")
    return status
