"""convert and calibrate."""

from typing import Any

import click

from formcheck.cli.showing import output_options, refuse_ucum_as_text, show, ucum_option, wants_colour, with_ucum


def drop_options(command: Any) -> Any:
    """How large a drop is: typed, from runs, or from a saved calibration."""
    options = (
        click.option("--drop-factor", metavar="F", help="Drops per mL, typed: '25.85 drops/mL'. Rather give runs."),
        click.option(
            "--run", "runs", multiple=True, metavar="RUN", help="A calibration run: '20 drops, 0.82 g'. Repeatable."
        ),
        click.option("--density", metavar="D", help="Density of the preparation, for weighed runs: '1.06 g/mL'."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def basis_option(command: Any) -> Any:
    """--basis, the same wherever milligrams are typed."""
    words = "What the milligrams count: hydrochloride (assumed) or naltrexone (the base)."
    return click.option("--basis", metavar="BASIS", help=words)(command)


@click.command()
@click.argument("quantity")
@click.option("--concentration", metavar="C", help="Concentration of the liquid: '5 mg/mL'.")
@drop_options
@click.option("--calibration", metavar="FILE", help="A calibration that `calibrate --save` wrote.")
@click.option("--per-day", default="1", metavar="N", show_default=True, help="How often a day, 1 to 24.")
@click.option("--content-tolerance", default="10 %", metavar="%", show_default=True, help="For the worst case.")
@click.option("--drop-tolerance", default="15 %", metavar="%", show_default=True, help="For the worst case.")
@basis_option
@click.option("--slips", is_flag=True, help="Show what would be taken if one thing goes wrong.")
@ucum_option
@output_options()
@click.pass_context
def convert(ctx: click.Context, /, quantity: str, **options: Any) -> None:
    """Convert one intake: a mass ('4.5 mg'), a volume ('0.9 mL') or whole drops ('23 drops').

    \b
    formcheck convert 4.5mg --concentration 5mg/mL \\
        --run "20 drops, 0.82 g" --density "1.06 g/mL"

    Quantities with a space need quotes. Above 10 mg a day there is no conversion (exit code 1).
    """
    from formcheck.answering import answer_as_data, answer_as_text
    from formcheck.converting import answer
    from formcheck.dose import Preparation, Tolerances
    from formcheck.units import amount

    refuse_ucum_as_text(options)
    intake = quantity_of(quantity, "mass", "volume", "drops")
    basis = basis_of(options["basis"])
    concentration = options["concentration"]
    preparation = None
    if concentration is not None:
        labelled = quantity_of(concentration, "concentration")
        preparation = Preparation.labelled(labelled, basis)
    tolerances = Tolerances(
        amount(options["content_tolerance"], "percent").value, amount(options["drop_tolerance"], "percent").value
    )
    result = answer(
        intake,
        preparation,
        factor_of(options),
        per_day=whole_times(options["per_day"]),
        tolerances=tolerances,
        basis=basis,
        with_slips=options["slips"],
    )
    if options["output_format"] == "json":
        from formcheck.formats.data import as_json

        text = as_json(with_ucum(answer_as_data(result, with_slips=options["slips"]), options))
    else:
        colour = wants_colour(options["color"], options["output"])
        text = answer_as_text(result, with_slips=options["slips"], colour=colour, quiet=options["quiet"])
    show(text, options["output"])
    ctx.exit(result.exit_status)


def quantity_of(text: str, *kinds: str) -> Any:
    """A quantity from the command line; a number alone gets the hint that a space needs quotes."""
    from formcheck.errors import NotAQuantity
    from formcheck.units import amount

    try:
        return amount(text, *kinds)
    except NotAQuantity as error:
        bare = text.replace(".", "", 1).isdigit()
        hint = f" (if you typed a space before the unit, put quotes around it: '{text} mg')" if bare else ""
        raise NotAQuantity(f"{error}{hint}") from None


def whole_times(text: str) -> int:
    """How often a day, a whole number as it was typed. Raises CannotConvert."""
    from formcheck.errors import CannotConvert

    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise CannotConvert(f"--per-day {text[:20]!r}: write a whole number of times a day, 1 to 24")
    return int(text)


def basis_of(text: str | None) -> Any:
    """What milligrams count, or None where nobody says. Raises CannotConvert for a basis nobody knows."""
    from formcheck.errors import CannotConvert
    from formcheck.substance import Basis

    if text is None:
        return None
    names = {"hydrochloride": Basis.HYDROCHLORIDE, "base": Basis.BASE, **{str(basis): basis for basis in Basis}}
    if text not in names:
        raise CannotConvert(f"--basis {text[:40]!r}: write hydrochloride or naltrexone (the base)")
    return names[text]


def factor_of(options: dict[str, Any]) -> Any:
    """The drop factor of the options, or None. Raises CannotConvert for two at once."""
    from formcheck.errors import CannotConvert
    from formcheck.liquid import DropFactor, read_run
    from formcheck.units import amount

    given = [name for name in ("drop_factor", "runs", "calibration") if options.get(name) not in (None, ())]
    if len(given) > 1:
        raise CannotConvert("say how large a drop is once: by --drop-factor, by --run, or by --calibration")
    density = amount(options["density"], "concentration") if options["density"] is not None else None
    if density is not None and given != ["runs"]:
        raise CannotConvert("--density belongs to weighed runs: give them with --run '20 drops, 0.82 g'")
    if not given:
        return None
    if given == ["drop_factor"]:
        return DropFactor.typed(amount(options["drop_factor"], "drop_factor"))
    if given == ["runs"]:
        return DropFactor.from_runs([read_run(run) for run in options["runs"]], density)
    from formcheck.reading.calibrations import read_calibration

    return read_calibration(options["calibration"])


@click.command()
@click.option("--run", "runs", multiple=True, required=True, metavar="RUN", help="'20 drops, 0.82 g' or '35 drops, 2 mL'.")
@click.option("--density", metavar="D", help="Density of the preparation, for weighed runs: '1.06 g/mL'.")
@click.option("--preparation", metavar="TEXT", help="The preparation that was dropped.")
@click.option("--tip", metavar="TEXT", help="The dropper tip.")
@click.option("--tip-lot", metavar="TEXT", help="The lot of the tip.")
@click.option("--angle", metavar="TEXT", help="How the dropper was held: vertical, 45 degrees.")
@click.option("--date", metavar="YYYY-MM-DD", help="The day of the calibration.")
@click.option("--save", metavar="FILE", help="Write a file that convert --calibration reads.")
@ucum_option
@output_options()
@click.pass_context
def calibrate(ctx: click.Context, /, **options: Any) -> None:
    """Work out how many drops make a millilitre, from runs by volume or by mass and density.

    \b
    formcheck calibrate --run "20 drops, 0.818 g" --run "20 drops, 0.822 g" \\
        --run "20 drops, 0.820 g" --density "1.06 g/mL"

    Use the final preparation in the final bottle. Factors are pooled and never rounded.
    """
    from pathlib import Path

    from formcheck.answering import calibration_as_data, calibration_as_text
    from formcheck.converting import findings_of_factor
    from formcheck.errors import Unreadable
    from formcheck.findings import exit_status, overall

    refuse_ucum_as_text(options)
    factor = factor_of({**options, "drop_factor": None, "calibration": None})
    findings = findings_of_factor(factor)
    if options["save"] is not None:
        from formcheck.reading.calibrations import calibration_as_yaml

        if Path(options["save"]).exists():
            raise Unreadable(f"{options['save']} exists already: choose another name, a calibration is not written over")
        names = ("preparation", "tip", "tip_lot", "angle", "date")
        show(calibration_as_yaml(factor, {name: options[name] for name in names}), options["save"])
        click.echo(f"saved: {options['save']}", err=True)
    if options["output_format"] == "json":
        from formcheck.formats.data import as_json

        text = as_json(with_ucum(calibration_as_data(factor, findings), options))
    else:
        text = calibration_as_text(factor, findings, colour=wants_colour(options["color"], options["output"]))
    show(text, options["output"])
    ctx.exit(exit_status([overall(findings)]))
