"""calc: results and dates. Uniformity of content and of mass, and beyond-use dates."""

from typing import Any

import click

from formcheck.cli.bench import amount_of, calc, finish, only, option
from formcheck.cli.showing import output_options, ucum_option

FORMS = ("capsule", "aqueous-preserved", "aqueous-nonpreserved", "oral-liquid-nonaqueous", "other-nonaqueous")


@calc.command(short_help="Acceptance value of USP <905>.")
@option("--contents", "LIST", "The contents of 10 or 30 units: '4.41, 4.53, ... mg', or in %.")
@option("--label", "MASS", "The label claim, for contents in mg.")
@option("--masses", "LIST", "Net masses of the units, for weight variation.")
@option("--assay", "%", "The assay of the batch, for weight variation.")
@option("--mean", "%", "The mean of the contents, where single ones are not at hand.")
@option("--sd", "%", "Their sample standard deviation.")
@option("--n", "N", "How many they were, 10 or 30.")
@option("--target", "%", "T, where an approved target differs from 100 %.")
@ucum_option
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
    from formcheck.papers.values import Count

    target = amount_of(options["target"], "percent")
    summary, by_mass = ("mean", "sd", "n"), ("masses", "assay")
    if only(options, summary, ("contents", "label", *by_mass)):
        mean, deviation = (amount_of(options[name], "percent") for name in ("mean", "sd"))
        worked = results.uniformity_of_summary(mean, deviation, int(Count.read(options["n"])), target)
    elif only(options, by_mass, ("contents", "label", *summary)):
        from formcheck.reading.lists import read_list

        worked = results.uniformity_by_mass(
            read_list(options["masses"], "mass"), amount_of(options["assay"], "percent"), target
        )
    elif only(options, ("contents",), (*by_mass, *summary)):
        from formcheck.reading.lists import read_list

        contents = read_list(options["contents"], "mass", "percent")
        worked = results.uniformity(contents, amount_of(options["label"], "mass"), target)
    else:
        raise click.UsageError("give --contents, or --masses and --assay, or --mean, --sd and --n", ctx)
    finish(ctx, worked, options)


@calc.command("mass-variation", short_help="Uniformity of mass, Ph. Eur. 2.9.5, or against theory.")
@option("--masses", "LIST", "The masses, one by one.", required=True)
@option("--shell", "MASS", "The mean mass of an empty shell, to be taken off.")
@option("--target", "MASS", "The theoretical net mass: every unit must lie within the limit of it.")
@option("--limit", "%", "The limit.  [default: 10 % below a mean of 300 mg, else 7.5 %]")
@ucum_option
@output_options()
@click.pass_context
def mass_variation(ctx: click.Context, /, **options: Any) -> None:
    """Uniformity of mass as Ph. Eur. 2.9.5, or each unit against its theoretical mass.

    \b
    formcheck calc mass-variation --masses @capsules.csv:mass_mg --shell 48mg
    """
    from formcheck.bench import results
    from formcheck.reading.lists import read_list

    more = (
        amount_of(options["shell"], "mass"),
        amount_of(options["target"], "mass"),
        amount_of(options["limit"], "percent"),
    )
    finish(ctx, results.mass_variation(read_list(options["masses"], "mass"), *more), options)


@calc.command(short_help="Beyond-use date by USP <795>, and what limits it.")
@click.option("--form", type=click.Choice(FORMS), required=True, help="What it is.")
@option("--compounded", "YYYY-MM-DD", "The day it was compounded.", required=True)
@option("--earliest-expiry", "DATE", "The earliest expiry among all components: YYYY-MM-DD or MM/YYYY.")
@option("--stability-days", "N", "The days that a study or the literature gives.")
@option("--assigned", "DATE", "A date that was assigned, to be compared with the latest: exit 1 if it is later.")
@click.option("--justified", is_flag=True, help="The study allows more than the table (USP <795> 10.5).")
@ucum_option
@output_options()
@click.pass_context
def bud(ctx: click.Context, /, **options: Any) -> None:
    """The beyond-use date by USP <795> (2023), and what limits it.

    \b
    formcheck calc bud --form capsule --compounded 2026-03-01 --earliest-expiry 05/2026
    """
    from formcheck.bench import dates
    from formcheck.papers.values import Count, Expiry, read_date

    expiry, days, assigned = (options[name] for name in ("earliest_expiry", "stability_days", "assigned"))
    worked = dates.beyond_use(
        options["form"],
        read_date(options["compounded"]),
        None if expiry is None else Expiry.read(expiry),
        None if days is None else int(Count.read(days)),
        None if assigned is None else read_date(assigned),
        justified=options["justified"],
    )
    finish(ctx, worked, options)
