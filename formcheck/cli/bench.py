"""calc: the bench calculators, each with its working."""

from typing import Any

import click

from formcheck.cli.showing import output_options, show, wants_colour

BASES = ("anhydrous-solvent-free", "anhydrous", "dried", "as-is")
FORMS = ("capsule", "aqueous-preserved", "aqueous-nonpreserved", "oral-liquid-nonaqueous", "other-nonaqueous")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def calc() -> None:
    """Reckon at the bench, with the working to check by hand: potency, aliquots, dilutions, uniformity, dates.

    Lists are separated by commas, the last unit serving all ('4.41, 4.53, 4.38 mg'), or come from a file:
    @FILE (one value a line) or @FILE:COLUMN (a column of a CSV or XLSX whose header names the unit, content_mg).
    """


def _option(name: str, metavar: str, help: str, **more: Any) -> Any:
    return click.option(name, metavar=metavar, help=help, **more)


def _finish(ctx: click.Context, worked: Any, options: dict[str, Any]) -> None:
    """Show what was reckoned, as text or as JSON, and end with its status."""
    from formcheck.bench.worked import as_data, as_text

    if options["output_format"] == "json":
        from formcheck.formats.data import as_json

        text = as_json(as_data(worked))
    else:
        text = as_text(worked, quiet=options["quiet"], colour=wants_colour(options["color"], options["output"]))
    show(text, options["output"])
    ctx.exit(worked.status)


def _amount(text: str | None, *kinds: str) -> Any:
    from formcheck.units import amount

    return None if text is None else amount(text, *kinds)


def _only(options: dict[str, Any], wanted: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether one way of asking was chosen, whole, and nothing of the other ways with it. Raises UsageError if half."""
    given = [name for name in wanted if options.get(name) is not None]
    if not given:
        return False
    stray = [name for name in others if options.get(name) is not None]
    missing = [name for name in wanted if options.get(name) is None]
    if stray or missing:
        dashed = ", ".join(f"--{name.replace('_', '-')}" for name in (stray or missing))
        raise click.UsageError(f"{dashed} {'does not belong here' if stray else 'is missing'}", click.get_current_context())
    return True


@calc.command()
@_option("--strength", "S", "What one unit (or one mL) is to hold: 4.5mg, or 5mg/mL.", required=True)
@_option("--units", "N", "How many units, or how many mL: 100, '100 capsules', 30mL.", required=True)
@_option("--assay", "%", "The assay of the certificate of analysis.", required=True)
@click.option("--basis", type=click.Choice(BASES), required=True, help="What that assay is of.")
@_option("--water", "%", "Water of the lot.")
@_option("--solvents", "%", "Residual solvents of the lot.  [default: 0 %]")
@_option("--loss-on-drying", "%", "Loss on drying of the lot.")
@_option("--batch-overage", "%", "Overage of every component.", default="0 %", show_default=True)
@_option("--active-overage", "%", "Overage of the active alone.", default="0 %", show_default=True)
@output_options()
@click.pass_context
def potency(ctx: click.Context, /, **options: Any) -> None:
    """How much powder holds the active that a batch needs.

    \b
    formcheck calc potency --strength 4.5mg --units 100 --assay 99.5% \\
        --basis anhydrous-solvent-free --water 8.7% --batch-overage 3%
    """
    from formcheck.bench import powders
    from formcheck.papers.values import Residue

    units = options["units"]
    names = ("water", "solvents", "loss_on_drying")
    worked = powders.potency(
        _amount(options["strength"], "mass", "concentration"),
        _amount(f"{units} capsules" if units.isdigit() else units, "capsules", "volume"),
        _amount(options["assay"], "percent"),
        options["basis"],
        {name: None if options[name] is None else Residue.read(options[name]) for name in names},
        _amount(options["batch_overage"], "percent").value,
        _amount(options["active_overage"], "percent").value,
    )
    _finish(ctx, worked, options)


@calc.command()
@click.argument("mass")
@click.option("--from", "from_", metavar="FORM", help="naltrexone-hydrochloride or naltrexone (the base).")
@click.option("--to", metavar="FORM", help="naltrexone or naltrexone-hydrochloride.")
@_option("--mw-from", "M", "Molar mass of what is given [g/mol], in place of --from.")
@_option("--mw-to", "M", "Molar mass of what is asked [g/mol], in place of --to.")
@output_options()
@click.pass_context
def salt(ctx: click.Context, /, mass: str, **options: Any) -> None:
    """A mass of a salt as base, or of a base as salt.

    \b
    formcheck calc salt 4.5mg --from naltrexone-hydrochloride --to naltrexone
    """
    from formcheck.bench import powders
    from formcheck.errors import CannotConvert
    from formcheck.grammar import bare_number

    if _only(options, ("mw_from", "mw_to"), ("from_", "to")):
        ends = [(words, bare_number(options[name])) for words, name in (("one form", "mw_from"), ("the other", "mw_to"))]
    else:
        forms = [options["from_"], options["to"]]
        if not all(form in powders.MOLAR for form in forms):
            raise CannotConvert(
                f"name both forms, --from and --to, among {', '.join(powders.MOLAR)}, or give --mw-from and --mw-to"
            )
        ends = [(form, powders.MOLAR[form]) for form in forms]
    _finish(ctx, powders.salt(_amount(mass, "mass"), *ends), options)


@calc.command("minimum-weight")
@_option("--sensitivity", "MASS", "Sensitivity requirement of the balance: 6mg.")
@_option("--max-error", "%", "The error allowed: 5%.")
@_option("--repeatability", "MASS", "Standard deviation of repeated weighings, for USP <41>.")
@_option("--readability", "MASS", "The last digit of the balance, for USP <41>.")
@output_options()
@click.pass_context
def minimum_weight(ctx: click.Context, /, **options: Any) -> None:
    """The least that a balance weighs well enough.

    \b
    formcheck calc minimum-weight --sensitivity 6mg --max-error 5%
    formcheck calc minimum-weight --repeatability 0.08mg --readability 0.1mg
    """
    from formcheck.bench import powders

    by_error, by_usp = ("sensitivity", "max_error"), ("repeatability", "readability")
    if _only(options, by_error, by_usp):
        worked = powders.minimum_weight(_amount(options["sensitivity"], "mass"), _amount(options["max_error"], "percent"))
    elif _only(options, by_usp, by_error):
        worked = powders.minimum_weight_usp41(*(_amount(options[name], "mass") for name in by_usp))
    else:
        raise click.UsageError("give --sensitivity and --max-error, or --repeatability and --readability (USP <41>)", ctx)
    _finish(ctx, worked, options)


@calc.command()
@_option("--needed", "MASS", "The drug that is needed.", required=True)
@_option("--minimum", "MASS", "The least that the balance weighs well.", required=True)
@_option("--drug", "MASS", "Check this plan: the drug weighed,")
@_option("--diluent", "MASS", "the diluent weighed,")
@_option("--aliquot", "MASS", "and the part that is taken.")
@output_options()
@click.pass_context
def aliquot(ctx: click.Context, /, **options: Any) -> None:
    """Plan a dilution of a drug too little to weigh, or check a plan (exit 1 if it does not work).

    \b
    formcheck calc aliquot --needed 20mg --minimum 120mg
    formcheck calc aliquot --needed 2mg --minimum 120mg --drug 120mg --diluent 7380mg --aliquot 125mg
    """
    from formcheck.bench import powders

    needed, minimum = _amount(options["needed"], "mass"), _amount(options["minimum"], "mass")
    given = ("drug", "diluent", "aliquot")
    if _only(options, given, ()):
        worked = powders.checked_aliquot(needed, minimum, *(_amount(options[name], "mass") for name in given))
    else:
        worked = powders.aliquot(needed, minimum)
    _finish(ctx, worked, options)


@calc.command()
@_option("--stock", "C", "The stronger liquid: 10mg/mL, or 12%.", required=True)
@_option("--target", "C", "The weaker one that is wanted.", required=True)
@_option("--volume", "V", "How much of it: 100mL.", required=True)
@output_options()
@click.pass_context
def dilute(ctx: click.Context, /, **options: Any) -> None:
    """Dilute a stock to a weaker liquid.

    \b
    formcheck calc dilute --stock 10mg/mL --target 1mg/mL --volume 100mL
    """
    from formcheck.bench import mixtures

    stock, target = (_amount(options[name], "concentration", "percent", "percent_ww") for name in ("stock", "target"))
    _finish(ctx, mixtures.dilute(stock, target, _amount(options["volume"], "volume")), options)


@calc.command()
@_option("--low", "C", "The weaker preparation: 1%.", required=True)
@_option("--high", "C", "The stronger one: 5%.", required=True)
@_option("--target", "C", "The strength that is wanted, between them.", required=True)
@_option("--total", "AMOUNT", "How much of it: 100g, or 100mL.", required=True)
@output_options()
@click.pass_context
def alligation(ctx: click.Context, /, **options: Any) -> None:
    """Mix a weaker and a stronger preparation to a strength between them.

    \b
    formcheck calc alligation --low 1% --high 5% --target 2% --total 100g
    """
    from formcheck.bench import mixtures

    kinds = ("concentration", "percent", "percent_ww")
    low, high, target = (_amount(options[name], *kinds) for name in ("low", "high", "target"))
    _finish(ctx, mixtures.alligation(low, high, target, _amount(options["total"], "mass", "volume")), options)


@calc.command()
@_option("--needed", "MASS", "The drug that is needed: 135mg.", required=True)
@_option("--label", "MASS", "What a tablet holds: 50mg.", required=True)
@_option("--tablet-mass", "MASS", "The mean mass of a tablet: 125mg.", required=True)
@output_options()
@click.pass_context
def tablets(ctx: click.Context, /, **options: Any) -> None:
    """Crushed tablets as the source of the drug: how much powder, and how many to crush.

    \b
    formcheck calc tablets --needed 135mg --label 50mg --tablet-mass 125mg
    """
    from formcheck.bench import powders

    _finish(ctx, powders.tablets(*(_amount(options[name], "mass") for name in ("needed", "label", "tablet_mass"))), options)


@calc.command()
@_option("--contents", "LIST", "The contents of 10 or 30 units: '4.41, 4.53, ... mg', or in %.")
@_option("--label", "MASS", "The label claim, for contents in mg.")
@_option("--masses", "LIST", "Net masses of the units, for weight variation.")
@_option("--assay", "%", "The assay of the batch, for weight variation.")
@_option("--mean", "%", "The mean of the contents, where single ones are not at hand.")
@_option("--sd", "%", "Their sample standard deviation.")
@_option("--n", "N", "How many they were, 10 or 30.")
@_option("--target", "%", "T, where an approved target differs from 100 %.")
@output_options()
@click.pass_context
def uniformity(ctx: click.Context, /, **options: Any) -> None:
    """The acceptance value of USP <905> (and Ph. Eur. 2.9.40).

    \b
    formcheck calc uniformity --contents @capsules.csv:content_mg --label 4.5mg
    formcheck calc uniformity --mean 105.9% --sd 5% --n 10

    Exit code 0: passes. 1: fails. 3: test twenty more, or not determined.
    """
    from formcheck.bench import results
    from formcheck.reading.lists import read_list

    target = _amount(options["target"], "percent")
    summary, by_mass = ("mean", "sd", "n"), ("masses", "assay")
    if _only(options, summary, ("contents", "label", *by_mass)):
        mean, deviation = (_amount(options[name], "percent") for name in ("mean", "sd"))
        number = int(options["n"]) if options["n"].isascii() and options["n"].isdigit() else 0
        worked = results.uniformity_of_summary(mean, deviation, number, target)
    elif _only(options, by_mass, ("contents", "label", *summary)):
        worked = results.uniformity_by_mass(
            read_list(options["masses"], "mass"), _amount(options["assay"], "percent"), target
        )
    elif _only(options, ("contents",), (*by_mass, *summary)):
        contents = read_list(options["contents"], "mass", "percent")
        worked = results.uniformity(contents, _amount(options["label"], "mass"), target)
    else:
        raise click.UsageError("give --contents, or --masses and --assay, or --mean, --sd and --n", ctx)
    _finish(ctx, worked, options)


@calc.command("mass-variation")
@_option("--masses", "LIST", "The masses, one by one.", required=True)
@_option("--shell", "MASS", "The mean mass of an empty shell, to be taken off.")
@_option("--target", "MASS", "The theoretical net mass: every unit must lie within the limit of it.")
@_option("--limit", "%", "The limit.  [default: 10 % below a mean of 300 mg, else 7.5 %]")
@output_options()
@click.pass_context
def mass_variation(ctx: click.Context, /, **options: Any) -> None:
    """Uniformity of mass as Ph. Eur. 2.9.5, or each unit against its theoretical mass.

    \b
    formcheck calc mass-variation --masses @capsules.csv:mass_mg --shell 48mg
    """
    from formcheck.bench import results
    from formcheck.reading.lists import read_list

    more = (_amount(options["shell"], "mass"), _amount(options["target"], "mass"), _amount(options["limit"], "percent"))
    _finish(ctx, results.mass_variation(read_list(options["masses"], "mass"), *more), options)


@calc.command()
@click.option("--form", type=click.Choice(FORMS), required=True, help="What it is.")
@_option("--compounded", "YYYY-MM-DD", "The day it was compounded.", required=True)
@_option("--earliest-expiry", "DATE", "The earliest expiry among all components: YYYY-MM-DD or MM/YYYY.")
@_option("--stability-days", "N", "The days that a study or the literature gives.")
@click.option("--justified", is_flag=True, help="The study allows more than the table (USP <795> 10.5).")
@output_options()
@click.pass_context
def bud(ctx: click.Context, /, **options: Any) -> None:
    """The beyond-use date by USP <795> (2023), and what limits it.

    \b
    formcheck calc bud --form capsule --compounded 2026-03-01 --earliest-expiry 05/2026
    """
    from formcheck.bench import dates
    from formcheck.papers.values import Count, Expiry, read_date

    expiry, days = options["earliest_expiry"], options["stability_days"]
    worked = dates.beyond_use(
        options["form"],
        read_date(options["compounded"]),
        None if expiry is None else Expiry.read(expiry),
        None if days is None else int(Count.read(days)),
        justified=options["justified"],
    )
    _finish(ctx, worked, options)
