"""Papers at the door: in which form, on which sheets, where to."""

from collections.abc import Callable
from typing import Any

import click

from formcheck.cli.showing import show, show_bytes, wants_colour

__all__ = ["format_of", "paper_options", "show_paper", "to_file"]

_SUFFIXES = {".html": "html", ".htm": "html", ".pdf": "pdf", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}


def paper_options(command: Any) -> Any:
    """--paper, the same on every command that prints."""
    sizes = click.Choice(("a4", "us-letter"))
    return click.option("--paper", type=sizes, default="a4", show_default=True, help="The size of the sheets of a PDF.")(
        command
    )


def format_of(options: dict[str, Any]) -> str:
    """The form that was asked for, else the one that the name of the file says. Raises UsageError for one not to be had."""
    chosen: str = options["output_format"]
    context = click.get_current_context()
    if context.get_parameter_source("output_format") is not click.core.ParameterSource.DEFAULT:
        return chosen
    if options["output"] in (None, "-"):
        return chosen
    suffix = str(options["output"]).lower().rpartition(".")[2]
    named = _SUFFIXES.get(f".{suffix}", chosen)
    forms = next(each.type.choices for each in context.command.params if each.name == "output_format")  # type: ignore[attr-defined]
    if named not in forms:
        raise click.UsageError(
            f"{context.command.name} writes no .{suffix}: name a file for {', '.join(forms)}, or say --output-format",
            context,
        )
    return named


def to_file(output: str | None) -> str:
    """The name of a file to write a PDF into. Raises UsageError where there is none."""
    if output in (None, "-"):
        raise click.UsageError("a PDF goes into a file: -o FILE.pdf", click.get_current_context())
    return str(output)


def show_paper(document: Any, form: str, options: dict[str, Any], data: Callable[[], dict[str, Any]]) -> None:
    """Show a paper as text, page, PDF or data. Raises Unreadable, or UsageError for a PDF on a terminal."""
    output = options["output"]
    if form == "json":
        from formcheck.formats.data import as_json

        show(as_json(data()), output)
    elif form == "html":
        from formcheck.documents.showing import as_html

        show(as_html(document), output)
    elif form == "pdf":
        from formcheck.documents.showing import as_pdf

        show_bytes(as_pdf(document, options["paper"]), to_file(output))
    else:
        from formcheck.documents.plain import as_text

        show(as_text(document, colour=wants_colour(options["color"], output)), output)
