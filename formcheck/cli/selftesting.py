"""selftest: published cases, example records and the ceiling, tried on this computer."""

from typing import Any

import click

from formcheck.cli.showing import output_options, refuse_own_input, show, wants_colour


@click.command()
@click.option("--specs", metavar="DIR", help="Try your own specifications, and the example records beside them, too.")
@output_options("text", "json", "html")
@click.pass_context
def selftest(ctx: click.Context, /, specs: str | None, **options: Any) -> None:
    """Try formcheck on this computer, and print a table that can be filed.

    \b
    formcheck selftest
    formcheck selftest --specs specs --output-format html -o selftest.html

    The published cases, the example records of the specifications and some attempts to pass the ceiling: what was
    expected, what was found, with the version, the platform and the SHA-256 of each specification. It supports your
    validation of formcheck and does not replace it.

    Exit code 0: everything agrees. 1: something does not. 2: a file cannot be read.
    """
    from pathlib import Path

    from formcheck.selftest.running import selftest as run

    refuse_own_input(options["output"], () if specs is None else (specs,))
    form = options["output_format"]
    if form == "html":
        from formcheck.documents.rendering import needs_jinja

        needs_jinja()
    test = run(None if specs is None else Path(specs))
    if form == "html":
        from formcheck.documents.selftest import selftest_page

        text = selftest_page(test)
    elif form == "json":
        from formcheck.formats.data import as_json
        from formcheck.selftest.showing import as_data

        text = as_json(as_data(test))
    else:
        from formcheck.selftest.showing import as_text

        text = as_text(test, colour=wants_colour(options["color"], options["output"]), quiet=options["quiet"])
    show(text, options["output"])
    ctx.exit(test.exit_status)
