"""Options that every answering command has, and where its answer goes."""

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["output_options", "refuse_own_input", "show", "show_bytes", "wants_colour"]

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


def wants_colour(color: str, output: str | None) -> bool:
    """Colour where a person looks at a terminal, unless asked otherwise; NO_COLOR is respected."""
    if color == "auto":
        return output in (None, "-") and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return color == "always"


def refuse_own_input(output: str | None, paths: tuple[str, ...]) -> None:
    """Raises Unreadable where the answer would be written over a record or a specification."""
    from pathlib import Path

    from formcheck.errors import Unreadable

    if output in (None, "-") or not Path(str(output)).exists():
        return
    target = Path(str(output)).resolve()
    asked = {Path(path).resolve() for path in paths if path != "-"}
    inside = target.suffix.lower() in (".json", ".csv", ".xlsx") and not asked.isdisjoint(target.parents)
    same = any(path.exists() and target.samefile(path) for path in asked)
    if target in asked or same or inside or target.suffix.lower() in (".yaml", ".yml") or _is_log(target):
        raise Unreadable(f"{output} is a record or a specification: the answer would be written over it")


def _is_log(target: Any) -> bool:
    """Whether a table that exists holds records, and not the verdicts that were written of them before."""
    if target.suffix.lower() not in (".csv", ".xlsx"):
        return False
    from formcheck.errors import Unreadable
    from formcheck.reading.batches import looks_like_records
    from formcheck.reading.papers import bytes_of

    try:
        data = bytes_of(str(target))
    except Unreadable:
        return False
    verdicts = looks_like_records(data, str(target), "not determined")
    return looks_like_records(data, str(target)) and not verdicts


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
        part.unlink(missing_ok=True)
        raise Unreadable(f"{output} cannot be written: {error.strerror}") from None
