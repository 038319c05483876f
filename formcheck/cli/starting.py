"""init: starter specifications, a blank record, and tables with one record a row."""

from pathlib import Path

import click

BLANK_RECORD = """\
# A blank compounding record. Fill in what you know; leave the rest blank: what is missing is reported as
# not determined, never as passed. Quantities are a number and a unit (4.5 mg), dates YYYY-MM-DD.
# Judge it with:  formcheck check blank-record.yaml
kind: compounding-record
id:
formulation: {id: naltrexone-capsules, version: 1}
strength:
strength_basis: naltrexone-hydrochloride-anhydrous
made:
quantity:
beyond_use_date:
storage: room
components:
  - name: naltrexone hydrochloride
    lot:
    vendor:
    expires:
    certificate: {assay: , basis: , water: , solvents: }
    required:
    weighed:
    packing:
    balance:
  - {name: microcrystalline cellulose, lot: , vendor: , expires: , required: , weighed: , packing: , balance: }
  - {name: hard gelatin capsule, size: "3", lot: , vendor: , expires: , mean_mass: , counted: }
balances:
  - {id: , readability: , repeatability: , verified: , daily_check: }
counts: {filled: , rejected: , retained: }
residual:
unit_masses: {kind: gross, unit: mg, values: []}
last_tests: {assay: , content uniformity: }
description:
label:
people:
  compounded_by: {name: , at: }
  verified_by: {name: , at: }
deviations:
"""


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
    """Write starter specifications with their example records, a blank record, and tables to fill in, into DIR.

    Nothing that exists is written over. The specifications are examples: fill in who approved them.
    """
    from formcheck.errors import Unreadable
    from formcheck.reading.specifications import shipped_specifications

    target, source = Path(directory), shipped_specifications()
    files = {target / "specs" / path.relative_to(source): path.read_bytes() for path in sorted(source.rglob("*.yaml"))}
    files[target / "blank-record.yaml"] = BLANK_RECORD.encode()
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
    click.echo("  blank-record.yaml   a compounding record to fill in")
    click.echo(
        "  tables to fill in, of capsules, liquids and drops, one record a row; the row there is an example, delete it:"
    )
    for name in templates:
        click.echo(f"    {name}")
    click.echo(f"Next: formcheck check {target / 'blank-record.yaml'} --specs {target / 'specs'}")
