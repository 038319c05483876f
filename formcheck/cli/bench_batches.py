"""calc: a batch of capsules. The diluent by packing statistics, the yield, and the powder found again."""

from typing import Any

import click

from formcheck.cli.bench import (
    amount_of,
    calc,
    certificate_of,
    certificate_options,
    finish,
    number_of,
    option,
)
from formcheck.cli.showing import output_options, ucum_option


@calc.command(short_help="Diluent and theoretical mass of a capsule, by packing statistics.")
@option("--strength", "MASS", "What one capsule is to hold: 4.5mg.", required=True)
@certificate_options
@option("--packing", "MASS", "The mass of the active, as it is, that fills one capsule.", required=True)
@option("--diluent-packing", "MASS", "The mass of the diluent that fills one capsule.", required=True)
@option("--units", "N", "How many capsules, for the diluent in all.")
@option("--shell", "MASS", "The mean mass of an empty shell, for the gross mass.")
@ucum_option
@output_options()
@click.pass_context
def filling(ctx: click.Context, /, **options: Any) -> None:
    """The diluent that fills a capsule up beside the active, and what the capsule should weigh.

    \b
    formcheck calc filling --strength 4.5mg --assay 99.5% --basis anhydrous-solvent-free --water 0.3% \\
        --packing 150mg --diluent-packing 130mg --units 100 --batch-overage 3%

    Exit code 1: the active does not fit into the capsule.
    """
    from formcheck.bench import batches
    from formcheck.bench.powders import potency_of

    units, overage = options["units"], amount_of(options["batch_overage"], "percent").value
    worked = batches.filling(
        amount_of(options["strength"], "mass"),
        potency_of(*certificate_of(options)),
        (amount_of(options["packing"], "mass"), amount_of(options["diluent_packing"], "mass")),
        amount_of(options["active_overage"], "percent").value,
        None if units is None else (number_of(units), overage),
        amount_of(options["shell"], "mass"),
    )
    finish(ctx, worked, options)


@calc.command("yield", short_help="What was made, of what was planned.")
@option("--planned", "N", "What was planned, or required: 100, 250mL, 13100mg.", required=True)
@option("--made", "N", "What came of it, or was weighed: 94, 240mL.", required=True)
@ucum_option
@output_options()
@click.pass_context
def yield_(ctx: click.Context, /, **options: Any) -> None:
    """What was made as a percentage of what was planned.

    \b
    formcheck calc yield --planned 100 --made 94
    """
    from formcheck.bench import batches

    planned, made = (number_of(options[name], "volume", "mass") for name in ("planned", "made"))
    finish(ctx, batches.yielded(planned, made), options)


@calc.command("mass-balance", short_help="The powder found again, of what was charged.")
@option("--charged", "LIST", "All powders that were weighed in: '511.0, 12853 mg'.", required=True)
@option("--units", "N", "How many capsules were filled, those rejected and kept back among them.", required=True)
@option("--mean", "MASS", "Their mean net mass: see calc mass-variation --shell.", required=True)
@option("--residual", "MASS", "The powder that was left over.", required=True)
@ucum_option
@output_options()
@click.pass_context
def mass_balance(ctx: click.Context, /, **options: Any) -> None:
    """The powder that was lost or gained, of what was charged.

    \b
    formcheck calc mass-balance --charged '511.0, 12853 mg' --units 94 --mean 132.11mg --residual 144mg
    """
    from formcheck.bench import batches
    from formcheck.reading.lists import read_list

    worked = batches.mass_balance(
        read_list(options["charged"], "mass"),
        number_of(options["units"]),
        amount_of(options["mean"], "mass"),
        amount_of(options["residual"], "mass"),
    )
    finish(ctx, worked, options)
