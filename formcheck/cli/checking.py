"""check and lint."""

from pathlib import Path
from typing import Any

import click

from formcheck.cli.showing import output_options, progress, refuse_own_input, show, show_bytes, wants_colour

FORMATS = ("text", "full", "concise", "json")
PROFILES = ("usp-503a", "usp-503b", "ph-eur")


def selection_options(command: Any) -> Any:
    """Which rules, under which profile."""
    options = (
        click.option(
            "--profile", type=click.Choice(PROFILES), default=PROFILES[0], show_default=True, help="Whose rules count."
        ),
        click.option(
            "--select", multiple=True, metavar="CODES", help="Only these rules (FC4, FC407); the ceiling always runs."
        ),
        click.option(
            "--ignore", multiple=True, metavar="CODES", help="Not these rules; the record is then not determined."
        ),
        click.option("--strict", is_flag=True, help="Warnings count as errors."),
        click.option("--exit-zero", is_flag=True, help="Exit 0 in place of 1 and 3 (never for the ceiling)."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _selection(options: dict[str, Any]) -> Any:
    from formcheck.check import Selection

    codes = {
        name: tuple(code for item in options[name] for code in item.replace(",", " ").split() or [""])
        for name in ("select", "ignore")
    }
    return Selection(profile=options["profile"], strict=options["strict"], **codes)


def _show(report: Any, options: dict[str, Any]) -> None:
    from formcheck.formats import table

    name = "full" if options["output_format"] == "text" else options["output_format"]
    colour = wants_colour(options["color"], options["output"])
    show(table.FORMATS[name](report, colour=colour, quiet=options["quiet"]), options["output"])


def _wants_table(options: dict[str, Any]) -> bool:
    """Whether the answer goes into a spreadsheet: the ending of the file says so. Raises click.UsageError."""
    ending = Path(options["output"] or "").suffix.lower()
    if ending not in (".csv", ".xlsx"):
        return False
    if options["output_format"] != "text":
        raise click.UsageError(f"-o with a name that ends in {ending} writes a table: leave --output-format out")
    return True


def _show_table(report: Any, output: str) -> None:
    from formcheck.formats.spreadsheet import forced, table_as_bytes, verdict_table

    table = verdict_table(report)
    show_bytes(table_as_bytes(table, output), output)
    number = forced(table)
    if number:
        click.echo(f"{output}: cells that begin like a formula (= + - @), written as text: {number}", err=True)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--specs", metavar="DIR", help="The folder of specifications.  [default: specs, else the examples shipped]")
@selection_options
@output_options(*FORMATS)
@click.pass_context
def check(ctx: click.Context, /, paths: tuple[str, ...], specs: str | None, **options: Any) -> None:
    """Judge compounding records (YAML or JSON files, CSV or XLSX with one record a row, folders, - for standard input).

    Every record is judged against the master formulation record it names: pass, fail or not determined.
    With -o verdicts.xlsx or verdicts.csv the rows are written again, with their verdicts and findings beside them.
    Exit code 0: all pass. 1: one fails. 2: one cannot be read. 3: none fails, one is not determined.
    """
    from formcheck.check import check as judge_all
    from formcheck.reading.specifications import load_library, shipped_specifications

    selection, as_table = _selection(options), _wants_table(options)
    if specs is None and not Path("specs").is_dir():
        specs = str(shipped_specifications())
        if options["output_format"] != "json" and not options["quiet"]:
            click.echo("No folder specs here: judging by the example specifications that come with formcheck.", err=True)
    refuse_own_input(options["output"], paths)
    library = load_library(specs or "specs")
    with progress(quiet=options["quiet"]) as seen:
        report = judge_all(paths, library, selection, seen)
    if as_table:
        _show_table(report, options["output"])
    else:
        _show(report, options)
    ctx.exit(report.exit_status(exit_zero=options["exit_zero"]))


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@selection_options
@output_options(*FORMATS)
@click.pass_context
def lint(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Check specifications: each must be readable, and its example records must come out as they expect.

    A record in the folder `records` beside a formulation says in `expects` which findings it should have.
    """
    from formcheck.check import lint as lint_all

    refuse_own_input(options["output"], paths)
    report = lint_all(paths, _selection(options))
    _show(report, options)
    ctx.exit(report.exit_status(exit_zero=options["exit_zero"]))
