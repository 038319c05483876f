"""Options that every answering command has, and where its answer goes."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import click

__all__ = [
    "output_options", "progress", "refuse_own_input", "refuse_ucum_as_text", "show", "show_bytes", "ucum_option",
    "wants_colour", "with_ucum",
]  # fmt: skip

_Command = TypeVar("_Command", bound=Callable[..., Any])


def output_options(*formats: str) -> Callable[[_Command], _Command]:
    """--output-format, -o, --color and -q, the same on every command that answers with data."""

    def add(command: _Command) -> _Command:
        options = (
            click.option(
                "--output-format",
                type=click.Choice(formats or ("text", "json")),
                default=(formats or ("text",))[0],
                show_default=True,
                help="How the answer is written.",
            ),
            click.option("-o", "--output", metavar="FILE", help="Write the answer to a file (- is standard output)."),
            click.option(
                "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True, help="Colour."
            ),
            click.option("-q", "--quiet", is_flag=True, help="Only what needs attention."),
        )
        for option in reversed(options):
            command = option(command)
        return command

    return add


def ucum_option(command: _Command) -> _Command:
    """--ucum, the same on every command whose JSON keys name units."""
    words = "With JSON: name the unit of each key by its UCUM code."
    return click.option("--ucum", is_flag=True, help=words)(command)


def with_ucum(data: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """The answer, with the UCUM codes of its keys where they were asked for."""
    if not options["ucum"]:
        return data
    from formcheck.ucum import codes_of

    return {**data, "ucum": codes_of(data)}


def refuse_ucum_as_text(options: dict[str, Any]) -> None:
    """Raises UsageError where UCUM codes were asked for in a text: they are keys of the JSON answer."""
    if options["ucum"] and options["output_format"] != "json":
        raise click.UsageError(
            "--ucum goes with --output-format json: text names its units itself", click.get_current_context()
        )


def wants_colour(color: str, output: str | None) -> bool:
    """Colour where a person looks at a terminal, unless asked otherwise; NO_COLOR is respected."""
    if color == "auto":
        return output in (None, "-") and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return color == "always"


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """Tells on standard error how many records were judged so far, and takes it away again; only on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    width = 0

    def say(text: str) -> None:
        nonlocal width
        click.echo(f"\r{text}{' ' * (width - len(text))}", nl=False, err=True)
        width = len(text)

    def seen(number: int) -> None:
        if number % 50 == 0:
            say(f"judged {number:,} records ...")

    say("reading ...")
    try:
        yield seen
    finally:
        say("")
        click.echo("\r", nl=False, err=True)


def read_by(file: str | None, values: str | None = None) -> tuple[str, ...]:
    """The files that two options name: a file itself, and a list of values from one (@FILE, @FILE:COLUMN)."""
    listed = values[1:] if values is not None and values.startswith("@") else ""
    return tuple(path for path in (file, listed, listed.partition(":")[0]) if path)


def refuse_own_input(output: str | None, paths: tuple[str, ...]) -> None:
    """Raises Unreadable where the answer would be written over a record or a specification."""
    from pathlib import Path

    from formcheck.errors import Unreadable

    if output in (None, "-"):
        return
    target = Path(str(output)).resolve()
    asked = {Path(path).resolve() for path in paths if path != "-"}
    inside = not asked.isdisjoint(target.parents)
    if inside and target.suffix.lower() in (".csv", ".xlsx"):
        raise Unreadable(f"{output} lies in a folder that is read: it would be written over records, or read as such next")
    if not os.path.exists(target):  # noqa: PTH110 - no error for a name that is too long
        return
    inside = inside and target.suffix.lower() == ".json"
    same = any(_is_same(target, path) for path in asked)
    if target in asked or same or inside or target.suffix.lower() in (".yaml", ".yml"):
        raise Unreadable(f"{output} is a record or a specification: the answer would be written over it")
    if _is_another_table(target):
        raise Unreadable(f"{output} exists, and formcheck did not write it: it would be written over; name another file")


def _is_same(target: Any, path: Any) -> bool:
    """Whether two names are of one file; a name that is too long is of none."""
    try:
        return bool(target.samefile(path))
    except OSError:
        return False


def _is_another_table(target: Any) -> bool:
    """Whether a table stands there that holds something, and formcheck did not write it."""
    if target.suffix.lower() not in (".csv", ".xlsx"):
        return False
    from formcheck.reading.batches import are_verdicts
    from formcheck.reading.papers import bytes_of
    from formcheck.reading.tables import MOST_TABLE_BYTES

    data = bytes_of(str(target), MOST_TABLE_BYTES)
    return bool(data) and not are_verdicts(data, str(target))


def show(text: str, output: str | None) -> None:
    """Write an answer. A file is written whole or not at all. Raises Unreadable if it cannot be."""
    if output in (None, "-"):
        if text:
            click.echo(text, color=True)
        return
    show_bytes(f"{text}\n".replace("\n", os.linesep).encode(), output)


def show_bytes(data: bytes, output: str | None) -> None:
    """Write a file whole or not at all. Raises Unreadable if it cannot be."""
    from pathlib import Path

    from formcheck.errors import Unreadable

    target = Path(str(output))
    part = target.parent / f".{target.name}.part"
    try:
        if target.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if target.is_symlink() or (target.exists() and not target.is_file()):
            # A link, a terminal, /dev/null: written into, never replaced.
            target.write_bytes(data)
            return
        part.write_bytes(data)
        os.replace(part, target)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise Unreadable(f"{output} cannot be written: {error.strerror}") from None
