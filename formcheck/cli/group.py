"""The click group: commands loaded on first use, and the exit codes of everything that can go wrong.

0 all passed; 1 a fail, or a dose refused; 2 usage, or input that cannot be read; 3 not determined;
101 an internal error. A Python exception never escapes, least of all as 1.
"""

import atexit
import gc
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from formcheck import __version__

USAGE, INTERNAL = 2, 101

# name: (module, what it is for). The module is loaded when the command runs, so that --help stays quick.
_COMMANDS = {
    "check": ("formcheck.cli.checking", "Judge compounding records against their specifications."),
    "convert": ("formcheck.cli.calculating", "Convert a dose between milligrams, millilitres and drops."),
    "calibrate": ("formcheck.cli.calculating", "Work out a drop factor from counted and measured drops."),
    "plan": ("formcheck.cli.planning", "Write the worksheet of a batch, and the record to fill in."),
    "titrate": ("formcheck.cli.planning", "Plan a titration in capsules, mL or drops, with its supply."),
    "report": ("formcheck.cli.printing", "Write the report of one record, to file: text, page or PDF."),
    "label": ("formcheck.cli.printing", "Print the label of a container."),
    "calc": ("formcheck.cli.bench", "Reckon at the bench, with the working: potency, aliquot, uniformity, dates."),
    "lint": ("formcheck.cli.checking", "Check specifications by their own example records."),
    "rules": ("formcheck.cli.explaining", "List the rules."),
    "explain": ("formcheck.cli.explaining", "Explain one rule: what it looks for, why, and what to do."),
    "selftest": ("formcheck.cli.selftesting", "Try formcheck on this computer, and print a table to file."),
    "init": ("formcheck.cli.starting", "Write starter specifications, blank records, and tables to fill in."),
}


class FormcheckGroup(click.Group):
    """Finds commands by name without importing them all, and turns every failure into a sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        return getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in _COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else f" The commands are {', '.join(_COMMANDS)}."
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx) from error

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> Any:
        arguments = list(sys.argv[1:] if args is None else args)
        # One command makes many short-lived values and hardly a cycle: look for garbage rarely.
        gc.set_threshold(50_000, 20, 20)
        # Nor on the way out: the memory goes back to the system as a whole.
        atexit.register(gc.freeze)
        for stream in (sys.stdout, sys.stderr):
            # A character the console cannot show is shown as its code point, not as a failure.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        try:
            _refuse_negative(arguments)
            status = super().main(arguments, standalone_mode=False, prog_name=extra.get("prog_name") or "formcheck")
            _flush()
        except (click.exceptions.Abort, KeyboardInterrupt):
            click.echo("stopped", err=True)
            sys.exit(130)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except click.exceptions.Exit as leave:
            status = leave.exit_code
        except Exception as error:
            status = _fail(error, arguments)
        sys.exit(status if isinstance(status, int) else 0)


def _flush() -> None:
    sys.stdout.flush()


def _refuse_negative(arguments: Sequence[str]) -> None:
    """`-5mg` is a negative number, not an option; after `--` click takes it as an argument."""
    for argument in arguments:
        if argument == "--":
            return
        if re.match(r"-[0-9.,]", argument):
            raise click.UsageError(f"{argument[:40]!r} is a negative number: amounts are never negative")


def _fail(error: Exception, arguments: Sequence[str]) -> int:
    from formcheck.errors import DoseAboveCeiling, FormcheckError

    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message())
        return USAGE
    if isinstance(error, click.UsageError):
        said = " ".join(error.format_message().split())  # click breaks a list of choices into lines with tabs
        message = said + _quote_hint(said)
        where = f"\nTry: {error.ctx.command_path} --help" if error.ctx is not None else ""
    elif isinstance(error, click.ClickException):
        message, where = error.format_message(), ""
    elif isinstance(error, FormcheckError):
        message, where = str(error), ""
    else:
        return _internal(error, arguments)
    status = 1 if isinstance(error, DoseAboveCeiling) else USAGE
    _say(message, where, arguments)
    return status


def _quote_hint(message: str) -> str:
    """A unit left over as an argument of its own means that a quantity with a space was not quoted."""
    left_over = re.search(r"unexpected extra arguments? \((.*)\)", message)
    if left_over is None or not re.search(r"\b(mg|mcg|g|mL|drops?|%|capsules?|days?)\b", left_over[1]):
        return ""
    return " (a quantity with a space needs quotes around it: '4.5 mg', or is written without one: 4.5mg)"


def _internal(error: Exception, arguments: Sequence[str]) -> int:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "?"
    message = (
        f"internal error ({type(error).__name__} at {place}, formcheck {__version__}). No verdict was given. "
        "This is a fault of formcheck, not of your record: please report it with the command and the input."
    )
    _say(message, "", arguments)
    return INTERNAL


def _say(message: str, where: str, arguments: Sequence[str]) -> None:
    if _wants_json(arguments):
        from formcheck.formats.data import as_json

        click.echo(as_json({"error": message}))
    else:
        from formcheck.formats.words import printable

        lines = "\n".join(printable(line) for line in message.splitlines())
        click.echo(f"formcheck: {lines}{where}", err=True)


def _wants_json(arguments: Sequence[str]) -> bool:
    joined = " ".join(arguments)
    return re.search(r"--output-format[= ]json\b", joined) is not None


@click.group(cls=FormcheckGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="formcheck %(version)s")
def main() -> None:
    """Quality and formulation checker for compounding pharmacies.

    No conversion of formcheck ever yields more than 10 mg of naltrexone a day. It supports a pharmacist's
    judgement and does not replace it.

    Exit codes: 0 all passed, 1 a fail or a refused dose, 2 unreadable or unacceptable input, 3 not determined.
    """
