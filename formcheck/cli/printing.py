"""report: the verdict of one record as a paper to file."""

from typing import Any

import click

from formcheck.cli.papers import format_of, paper_options, show_paper
from formcheck.cli.showing import output_options


@click.command()
@click.argument("record")
@click.option("--specs", metavar="DIR", default="specs", show_default=True, help="The folder of specifications.")
@click.option("--profile", type=click.Choice(("usp-503a", "usp-503b", "ph-eur")), default="usp-503a", show_default=True)
@paper_options
@output_options("text", "html", "pdf")
@click.pass_context
def report(ctx: click.Context, /, record: str, **options: Any) -> None:
    """Write the report of one record: identity, verdict, findings, single results, working, sources, hashes.

    \b
    formcheck report record.yaml -o report.pdf
    formcheck report record.yaml -o report.html

    The same record and specification give the same bytes. The exit code is that of formcheck check.
    """
    from formcheck.check import Selection
    from formcheck.cli.showing import refuse_own_input
    from formcheck.documents.report import report_paper
    from formcheck.reading.papers import read_file
    from formcheck.reading.specifications import load_library

    refuse_own_input(options["output"], (record, options["specs"]))
    document = report_paper(read_file(record), load_library(options["specs"]), Selection(profile=options["profile"]))
    show_paper(document, format_of(options), options, dict)
    ctx.exit({"PASS": 0, "FAIL": 1}.get(document.outcome, 3))
