"""init: starter specifications, blank records, and tables with one record a row."""

from pathlib import Path

import click

from formcheck.cli.blank_records import BLANK_RECORDS

EXAMPLES = {
    "batches-template": "naltrexone-capsules/records/good-4.5mg-dihydrate-lot.yaml",
    "batches-template-liquid": "naltrexone-oral-liquid-1/records/good-100mL-room-anhydrous-lot.yaml",
    "batches-template-drops": "naltrexone-sublingual-drops-5/records/good-30mL-refrigerator-dihydrate-lot.yaml",
}
"""The tables to fill in, and the record that stands in each, below the headings."""


def _templates(source: Path) -> dict[str, bytes]:
    """The tables to fill in, by name; the workbook only where the extra for it is installed."""
    from formcheck.errors import Unreadable
    from formcheck.formats.spreadsheet import table_as_bytes
    from formcheck.reading.columns import as_columns
    from formcheck.reading.yaml import read_document

    tables = {}
    for name, example in EXAMPLES.items():
        columns = as_columns(read_document((source / example).read_text(encoding="utf-8")).value)
        columns.pop("expects.1", None)
        tables[name] = [list(columns), list(columns.values())]
    made = {f"{name}.csv": table_as_bytes(table, ".csv") for name, table in tables.items()}
    try:
        made |= {f"{name}.xlsx": table_as_bytes(table, ".xlsx") for name, table in tables.items()}
    except Unreadable as error:
        click.echo(f"No workbook was written: {error}", err=True)
    return made


@click.command()
@click.argument("directory", metavar="DIR")
def init(directory: str) -> None:
    """Write starter specifications with their example records, blank records, and tables to fill in, into DIR.

    Nothing that exists is written over. The specifications are examples: fill in who approved them.
    """
    from formcheck.errors import Unreadable
    from formcheck.reading.specifications import shipped_specifications

    target, source = Path(directory), shipped_specifications()
    files = {target / "specs" / path.relative_to(source): path.read_bytes() for path in sorted(source.rglob("*.yaml"))}
    files.update({target / name: text.encode() for name, text in BLANK_RECORDS.items()})
    templates = _templates(source)
    files.update({target / name: data for name, data in templates.items()})
    existing = next((path for path in files if path.exists()), None)
    if existing is not None:
        raise Unreadable(f"{existing} exists already: nothing was written")
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise Unreadable(f"{error.filename or directory} cannot be written: {error.strerror}") from None
    click.echo(f"Wrote {len(files)} files into {directory}:")
    click.echo("  specs/              example specifications, not approved by your pharmacist, with their test records")
    click.echo(f"  {', '.join(BLANK_RECORDS)}: compounding records to fill in")
    click.echo(
        "  tables to fill in, of capsules, liquids and drops, one record a row; the row there is an example, delete it:"
    )
    for name in templates:
        click.echo(f"    {name}")
    click.echo(f"Next: formcheck check {target / 'blank-record.yaml'} --specs {target / 'specs'}")
