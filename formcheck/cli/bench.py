"""calc: the bench calculators, each with its working."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from formcheck.cli.showing import output_options, refuse_ucum_as_text, show, ucum_option, wants_colour, with_ucum

BASES = ("anhydrous-solvent-free", "anhydrous", "dried", "as-is")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def calc() -> None:
    """Reckon at the bench, with the working to check by hand: potency, aliquots, dilutions, uniformity, dates.

    Lists are separated by commas, the last unit serving all ('4.41, 4.53, 4.38 mg'), or come from a file:
    @FILE (one value a line) or @FILE:COLUMN (a column of a CSV or XLSX whose header names the unit, content_mg), of
    several batches @FILE:COLUMN:ID.
    """


def option(name: str, metavar: str, help: str, **more: Any) -> Callable[[Any], Any]:
    """An option that takes a text."""
    return click.option(name, metavar=metavar, help=help, **more)


def finish(ctx: click.Context, worked: Any, options: dict[str, Any]) -> None:
    """Show what was reckoned, as text or as JSON, and end with its status."""
    from formcheck.bench.worked import as_data, as_text

    refuse_ucum_as_text(options)
    if options["output_format"] == "json":
        from formcheck.formats.data import as_json

        text = as_json(with_ucum(as_data(worked), options))
    else:
        text = as_text(worked, quiet=options["quiet"], colour=wants_colour(options["color"], options["output"]))
    show(text, options["output"])
    ctx.exit(worked.status)


def amount_of(text: str | None, *kinds: str) -> Any:
    """A quantity typed, or None. Raises NotAQuantity."""
    from formcheck.units import amount

    return None if text is None else amount(text, *kinds)


def only(options: dict[str, Any], wanted: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether one way of asking was chosen, whole, and nothing of the other ways with it. Raises UsageError if half."""
    given = [name for name in wanted if options.get(name) is not None]
    if not given:
        return False
    stray = [name for name in others if options.get(name) is not None]
    missing = [name for name in wanted if options.get(name) is None]
    if stray or missing:
        names = [f"--{name.strip('_').replace('_', '-')}" for name in (stray or missing)]
        one = len(names) == 1
        says = (
            ("does not belong here" if one else "do not belong here") if stray else "is missing" if one else "are missing"
        )
        raise click.UsageError(f"{', '.join(names)} {says}", click.get_current_context())
    return True


def number_of(text: str, *otherwise: str) -> Any:
    """A number of units typed, the word capsules left out or not; or a quantity of another kind. Raises NotAQuantity."""
    return amount_of(f"{text} capsules" if text.isdigit() else text, "capsules", *otherwise)


def certificate_options(command: Any) -> Any:
    """What the certificate of analysis of the active says, and the overages of the batch."""
    options = (
        option("--assay", "%", "The assay of the certificate of analysis.", required=True),
        click.option("--basis", type=click.Choice(BASES), required=True, help="What that assay is of."),
        option("--water", "%", "Water of the lot."),
        option("--solvents", "%", "Residual solvents of the lot.  [default: 0 %]"),
        option("--loss-on-drying", "%", "Loss on drying of the lot."),
        option("--batch-overage", "%", "Overage of every component.", default="0 %", show_default=True),
        option("--active-overage", "%", "Overage of the active alone.", default="0 %", show_default=True),
    )
    for each in reversed(options):
        command = each(command)
    return command


def certificate_of(options: dict[str, Any]) -> tuple[Any, str, dict[str, Any]]:
    """The assay, its basis, and the figures beside it."""
    from formcheck.papers.values import Residue

    names = ("water", "solvents", "loss_on_drying")
    residues = {name: None if options[name] is None else Residue.read(options[name]) for name in names}
    return amount_of(options["assay"], "percent"), options["basis"], residues


@calc.command(short_help="Powder to weigh, corrected for its potency.")
@option("--strength", "S", "What one unit (or one mL) is to hold: 4.5mg, or 5mg/mL.", required=True)
@option("--units", "N", "How many units, or how many mL: 100, '100 capsules', 30mL.", required=True)
@certificate_options
@option("--weighed", "MASS", "What was weighed, to be compared.")
@ucum_option
@output_options()
@click.pass_context
def potency(ctx: click.Context, /, **options: Any) -> None:
    """How much powder holds the active that a batch needs.

    \b
    formcheck calc potency --strength 4.5mg --units 100 --assay 99.5% \\
        --basis anhydrous-solvent-free --water 8.7% --batch-overage 3%
    """
    from formcheck.bench import powders

    worked = powders.potency(
        amount_of(options["strength"], "mass", "concentration"),
        number_of(options["units"], "volume"),
        *certificate_of(options),
        amount_of(options["batch_overage"], "percent").value,
        amount_of(options["active_overage"], "percent").value,
        amount_of(options["weighed"], "mass"),
    )
    finish(ctx, worked, options)


@calc.command(short_help="A mass of salt as base, or of base as salt.")
@click.argument("mass")
@click.option("--from", "from_", metavar="FORM", help="naltrexone-hydrochloride or naltrexone (the base).")
@click.option("--to", metavar="FORM", help="naltrexone or naltrexone-hydrochloride.")
@option("--mw-from", "M", "Molar mass of what is given [g/mol], in place of --from.")
@option("--mw-to", "M", "Molar mass of what is asked [g/mol], in place of --to.")
@ucum_option
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

    if only(options, ("mw_from", "mw_to"), ("from_", "to")):
        ends = [(words, bare_number(options[name])) for words, name in (("one form", "mw_from"), ("the other", "mw_to"))]
    else:
        forms = [options["from_"], options["to"]]
        if not all(form in powders.MOLAR for form in forms):
            raise CannotConvert(
                f"name both forms, --from and --to, among {', '.join(powders.MOLAR)}, or give --mw-from and --mw-to"
            )
        ends = [(form, powders.MOLAR[form]) for form in forms]
    finish(ctx, powders.salt(amount_of(mass, "mass"), *ends), options)


@calc.command("minimum-weight", short_help="The least that a balance weighs well enough.")
@option("--sensitivity", "MASS", "Sensitivity requirement of the balance: 6mg.")
@option("--max-error", "%", "The error allowed: 5%.")
@option("--repeatability", "MASS", "Standard deviation of repeated weighings.")
@option("--readability", "MASS", "The last digit of the balance.")
@ucum_option
@output_options()
@click.pass_context
def minimum_weight(ctx: click.Context, /, **options: Any) -> None:
    """The least that a balance weighs well enough.

    \b
    formcheck calc minimum-weight --sensitivity 6mg --max-error 5%
    formcheck calc minimum-weight --repeatability 0.08mg --readability 0.1mg --max-error 5%
    formcheck calc minimum-weight --repeatability 0.08mg --readability 0.1mg

    With an error it is sensitivity x 100 / % error, as FC308 reckons under the policies of 1 and 5 %; the sensitivity
    of a balance with a screen is the larger of twice its repeatability and its readability. Without an error it is the
    minimum weight of USP <41>.
    """
    from formcheck.bench import powders

    by_error, of_screen = ("sensitivity", "max_error"), ("repeatability", "readability")
    error, (spread, step) = amount_of(options["max_error"], "percent"), (amount_of(options[n], "mass") for n in of_screen)
    if error is not None and options["sensitivity"] is None and spread is not None and step is not None:
        worked = powders.minimum_weight_of_screen(spread, step, error)
    elif only(options, by_error, of_screen):
        worked = powders.minimum_weight(amount_of(options["sensitivity"], "mass"), error)
    elif only(options, of_screen, by_error):
        worked = powders.minimum_weight_usp41(spread, step)
    else:
        raise click.UsageError("give --sensitivity and --max-error, or --repeatability and --readability (USP <41>)", ctx)
    finish(ctx, worked, options)


@calc.command(short_help="A drug too little to weigh: a plan, or a plan checked.")
@option("--needed", "MASS", "The drug that is needed.", required=True)
@option("--minimum", "MASS", "The least that the balance weighs well.", required=True)
@option("--drug", "MASS", "Check this plan: the drug weighed,")
@option("--diluent", "MASS", "the diluent weighed,")
@option("--aliquot", "MASS", "and the part that is taken.")
@ucum_option
@output_options()
@click.pass_context
def aliquot(ctx: click.Context, /, **options: Any) -> None:
    """Plan a dilution of a drug too little to weigh, or check a plan (exit 1 if it does not work).

    \b
    formcheck calc aliquot --needed 20mg --minimum 120mg
    formcheck calc aliquot --needed 2mg --minimum 120mg --drug 120mg --diluent 7380mg --aliquot 125mg
    """
    from formcheck.bench import aliquots

    needed, minimum = amount_of(options["needed"], "mass"), amount_of(options["minimum"], "mass")
    given = ("drug", "diluent", "aliquot")
    if only(options, given, ()):
        worked = aliquots.checked_aliquot(needed, minimum, *(amount_of(options[name], "mass") for name in given))
    else:
        worked = aliquots.aliquot(needed, minimum)
    finish(ctx, worked, options)


@calc.command(short_help="Dilute a stock to a weaker liquid.")
@option("--stock", "C", "The stronger liquid: 10mg/mL, or 12%.", required=True)
@option("--target", "C", "The weaker one that is wanted.", required=True)
@option("--volume", "V", "How much of it: 100mL.", required=True)
@ucum_option
@output_options()
@click.pass_context
def dilute(ctx: click.Context, /, **options: Any) -> None:
    """Dilute a stock to a weaker liquid.

    \b
    formcheck calc dilute --stock 10mg/mL --target 1mg/mL --volume 100mL
    """
    from formcheck.bench import mixtures

    stock, target = (amount_of(options[name], "concentration", "percent", "percent_ww") for name in ("stock", "target"))
    finish(ctx, mixtures.dilute(stock, target, amount_of(options["volume"], "volume")), options)


@calc.command(short_help="Mix a weaker and a stronger preparation.")
@option("--low", "C", "The weaker preparation: 1%.", required=True)
@option("--high", "C", "The stronger one: 5%.", required=True)
@option("--target", "C", "The strength that is wanted, between them.", required=True)
@option("--total", "AMOUNT", "How much of it: 100g, or 100mL.", required=True)
@ucum_option
@output_options()
@click.pass_context
def alligation(ctx: click.Context, /, **options: Any) -> None:
    """Mix a weaker and a stronger preparation to a strength between them.

    \b
    formcheck calc alligation --low 1% --high 5% --target 2% --total 100g
    """
    from formcheck.bench import mixtures

    kinds = ("concentration", "percent", "percent_ww")
    low, high, target = (amount_of(options[name], *kinds) for name in ("low", "high", "target"))
    finish(ctx, mixtures.alligation(low, high, target, amount_of(options["total"], "mass", "volume")), options)


@calc.command(short_help="Crushed tablets as the source of the drug.")
@option("--needed", "MASS", "The drug that is needed: 135mg.", required=True)
@option("--label", "MASS", "What a tablet holds: 50mg.", required=True)
@option("--tablet-mass", "MASS", "The mean mass of a tablet: 125mg.", required=True)
@ucum_option
@output_options()
@click.pass_context
def tablets(ctx: click.Context, /, **options: Any) -> None:
    """Crushed tablets as the source of the drug: how much powder, and how many to crush.

    \b
    formcheck calc tablets --needed 135mg --label 50mg --tablet-mass 125mg
    """
    from formcheck.bench import powders

    finish(
        ctx, powders.tablets(*(amount_of(options[name], "mass") for name in ("needed", "label", "tablet_mass"))), options
    )


# The other calculators join the group.
for others in ("results", "batches"):
    import_module(f"formcheck.cli.bench_{others}")
