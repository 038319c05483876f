"""report and label: the verdict of one record as a paper to file, and the label of its container."""

from typing import Any

import click

from formcheck.cli.papers import format_of, paper_options, show_paper, to_file
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
    form = format_of(options)
    document = report_paper(read_file(record), load_library(options["specs"]), Selection(profile=options["profile"]))
    show_paper(document, form, options, dict)
    ctx.exit({"PASS": 0, "FAIL": 1}.get(document.outcome, 3))


@click.command()
@click.argument("record")
@click.option(
    "--size", type=click.Choice(("102x51", "89x36", "76x51", "70x37", "57x32")), default="102x51", show_default=True,
    help="Width and height of the label in mm.",
)  # fmt: skip
@click.option(
    "--directions", metavar="TEXT", help="Where the record has no label text: 'Take 1 capsule by mouth once daily.'"
)
@click.option("--pharmacy", metavar="TEXT", help="Where the record has no label text: name, address, telephone.")
@click.option("--no-symbol", is_flag=True, help="Without the GS1 DataMatrix of lot and date.")
@click.option("--specs", metavar="DIR", default="specs", show_default=True, help="The folder of specifications.")
@click.option("--profile", type=click.Choice(("usp-503a", "usp-503b", "ph-eur")), default="usp-503a", show_default=True)
@output_options("text", "json", "pdf")
@click.pass_context
def label(ctx: click.Context, /, record: str, **options: Any) -> None:
    """Print the label of a container, once the rules of doses, dates, drops and labels find nothing.

    \b
    formcheck label record.yaml -o label.pdf --size 89x36

    The text is that of the record, else it is composed of its fields. Text that does not fit is an error, never cut.
    """
    from formcheck.answering import finding_as_text
    from formcheck.cli.showing import refuse_own_input, show, show_bytes, wants_colour
    from formcheck.documents.label import container_label, label_as_pdf
    from formcheck.findings import Verdict, exit_status
    from formcheck.formats.words import with_verdict
    from formcheck.reading.papers import read_file
    from formcheck.reading.specifications import load_library

    output = options["output"]
    refuse_own_input(output, (record, options["specs"]))
    form = format_of(options)
    found = container_label(
        read_file(record),
        load_library(options["specs"]),
        directions=options["directions"] or "",
        pharmacy=options["pharmacy"] or "",
        profile=options["profile"],
    )
    if form == "json":
        from formcheck.documents.label import label_as_data
        from formcheck.formats.data import as_json

        show(as_json(label_as_data(found)), output)
        ctx.exit(exit_status([found.verdict]))
    for finding in found.findings:
        click.echo("\n".join(finding_as_text(with_verdict(finding), wants_colour(options["color"], None))), err=True)
    if found.verdict is not Verdict.PASS:
        click.echo("No label is printed: correct what is named above first.", err=True)
    elif form == "pdf":
        show_bytes(label_as_pdf(found, options["size"], symbol=not options["no_symbol"]), to_file(output))
    else:
        show("\n".join(found.lines), output)
    if found.verdict is Verdict.PASS and not found.record.label:
        click.echo("The record has no text of its label: write this one into it, for check asks what it says.", err=True)
    ctx.exit(exit_status([found.verdict]))
