"""titrate and plan: a plan of daily doses for one patient, and the worksheet of a batch."""

import os
import re
from typing import Any

import click

from formcheck.cli.calculating import basis_of, drop_options, factor_of, quantity_of, whole_times
from formcheck.cli.papers import format_of, paper_options, show_paper
from formcheck.cli.showing import (
    output_options,
    read_by,
    refuse_own_input,
    refuse_ucum_as_text,
    show,
    ucum_option,
    wants_colour,
    with_ucum,
)

MOST_PLAN_DAYS = 3_660
"""Ten years: a longer plan is a slip."""
MOST_TIMES = 24


@click.command()
@click.option("--start", metavar="MASS", help="The daily dose to begin with: 0.5mg.")
@click.option("--target", metavar="MASS", help="The daily dose to end with: 4.5mg.")
@click.option("--step", metavar="MASS", help="How much more each time: 0.5mg.")
@click.option("--every", metavar="DAYS", help="How long each dose is taken: 7days.")
@click.option("--maintain", metavar="DAYS", help="How long the target is taken (else it stays open): 28days.")
@click.option("--steps", metavar="PLAN", help="The plan itself: '1.5mg x 14, 3mg x 14, 4.5mg x 30'.")
@click.option("--per-day", metavar="N", help="Divide each daily dose into so many, 1 to 24 (else once a day).")
@click.option("--strengths", metavar="LIST", help="The capsules at hand: '0.5mg, 1.5mg'.")
@click.option("--concentration", metavar="C", help="Or the liquid at hand: '5 mg/mL'.")
@drop_options
@click.option("--calibration", metavar="FILE", help="A calibration that `calibrate --save` wrote.")
@click.option("--liquid-from-day", metavar="DAY", help="Go over from the capsules to the liquid on this day: 29.")
@click.option("--hold", multiple=True, metavar="WHEN", help="Stay on the dose of a day longer: 'day 20 for 7 days'.")
@click.option(
    "--step-back", multiple=True, metavar="WHEN", help="Take the dose before again, then go on: 'day 20 for 7 days'."
)
@click.option(
    "--basis", metavar="BASIS", help="What the milligrams count: hydrochloride (assumed) or naltrexone (the base)."
)
@click.option("--fill-every", metavar="DAYS", help="Dispense for so many days each time: 28days (else all at once).")
@click.option("--bottle", metavar="VOLUME", help="The size of a bottle, to count them: 30mL.")
@click.option("--usable", metavar="DAYS", help="How long what is dispensed may be used (its beyond-use date): 35days.")
@click.option("--dispensed", metavar="QUANTITY", help="What is dispensed, to see whether it is enough: '84 capsules'.")
@click.option("--first-day", metavar="DATE", help="The first day of treatment, to write dates: 2026-12-01.")
@ucum_option
@paper_options
@output_options("text", "json", "html", "pdf")
@click.pass_context
def titrate(ctx: click.Context, /, **options: Any) -> None:
    """Plan a titration in capsules, in mL or in drops, with its supply and what is to be said of it.

    \b
    formcheck titrate --start 0.5mg --target 4.5mg --step 0.5mg --every 7days \\
        --maintain 28days --strengths "0.5mg, 1.5mg"
    formcheck titrate --steps "1.5mg x 14, 3mg x 14, 4.5mg x 30" \\
        --concentration 5mg/mL --run "20 drops, 0.77 mL" --bottle 30mL

    Doses typed are daily. Above 10 mg a day there is no plan (exit code 1).
    """
    from formcheck.timetable import titration_as_data, titration_as_text

    refuse_ucum_as_text(options)
    refuse_own_input(options["output"], read_by(options["calibration"], options["strengths"]))
    form = format_of(options)
    first_day = _day(options["first_day"])
    result = _titration(options)
    if form in ("html", "pdf") and not result.exit_status:
        from formcheck.documents.calendar import calendar_paper

        show_paper(calendar_paper(result, first_day), form, options, dict)
    elif form == "json":
        from formcheck.formats.data import as_json

        show(as_json(with_ucum(titration_as_data(result), options)), options["output"])
    else:
        colour = wants_colour(options["color"], options["output"])
        text = titration_as_text(result, first_day=first_day, colour=colour, quiet=options["quiet"])
        if form in ("html", "pdf"):
            click.echo(text, err=True)  # no calendar for a plan that cannot be given
        else:
            show(text, options["output"])
    ctx.exit(result.exit_status)


def _titration(options: dict[str, Any]) -> Any:
    """The titration that the options ask for. Raises CannotConvert, NotAQuantity or UsageError."""
    from formcheck.errors import CannotConvert
    from formcheck.planning import schedule
    from formcheck.titrating import Supply, titrate

    basis = basis_of(options["basis"])
    ordered = _ordered(options, basis)
    steps = ordered
    changes = [(_change(text), schedule.held) for text in options["hold"]]
    changes += [(_change(text), schedule.stepped_back) for text in options["step_back"]]
    for change, alter in sorted(changes, key=lambda each: each[0].day):
        steps = alter(steps, change)
    if schedule.days_of(steps) > MOST_PLAN_DAYS:
        raise CannotConvert(f"this plan takes {schedule.days_of(steps)} days: formcheck plans at most {MOST_PLAN_DAYS}")
    hands = _hands(options, basis)
    parts = [steps] if len(hands) < 2 else list(schedule.split(steps, hands[1].from_day))
    supply = Supply(
        _days(options["fill_every"], "--fill-every"),
        None if options["bottle"] is None else _above_zero(options["bottle"], "volume"),
        _days(options["usable"], "--usable"),
        None if options["dispensed"] is None else quantity_of(options["dispensed"], "capsules", "volume"),
    )
    return titrate(ordered, parts, hands, supply, basis=basis)


def _ordered(options: dict[str, Any], basis: Any) -> Any:
    """The steps as they are ordered, daily doses divided over the day."""
    from formcheck.errors import CannotConvert
    from formcheck.papers.values import DosePlan
    from formcheck.planning.schedule import rising
    from formcheck.substance import Basis, as_hydrochloride

    rise = ("start", "target", "step", "every")
    given = [name for name in (*rise, "maintain") if options[name] is not None]
    basis = basis or Basis.HYDROCHLORIDE
    per_day = 1 if options["per_day"] is None else whole_times(options["per_day"])
    if not 1 <= per_day <= MOST_TIMES:
        raise CannotConvert(f"--per-day {per_day}: write a whole number of times a day, 1 to {MOST_TIMES}")
    if options["steps"] is not None:
        if given:
            raise click.UsageError(f"--{given[0]} does not go with --steps: the plan is written there", _context())
        planned = DosePlan.read(options["steps"]).steps
        return [_planned(step, per_day, basis) for step in planned]
    missing = [name for name in rise if options[name] is None]
    if missing:
        raise click.UsageError(
            f"--{missing[0]} is missing: a plan needs --start, --target, --step and --every, or --steps", _context()
        )
    start, target, step = (as_hydrochloride(_above_zero(options[name], "mass"), basis) for name in rise[:3])
    every = _days(options["every"], "--every") or 0
    return rising(start, target, step, every, _days(options["maintain"], "--maintain"), per_day)


def _planned(step: Any, per_day: int, basis: Any) -> Any:
    """A step as it was typed: "2x2.25mg x 30" gives the intake, "4.5mg x 30" the day, which --per-day divides."""
    from formcheck.planning.titration import Step
    from formcheck.substance import as_hydrochloride

    dose = as_hydrochloride(step.dose.value, basis)
    return Step(dose, step.per_day, step.days) if step.per_day > 1 else Step(dose / per_day, per_day, step.days)


def _hands(options: dict[str, Any], basis: Any) -> Any:
    """What is at hand, in the order in which it is taken."""
    from formcheck.errors import CannotConvert
    from formcheck.liquid import Preparation
    from formcheck.reading.lists import read_list
    from formcheck.substance import Basis, as_hydrochloride
    from formcheck.titrating import Hand

    factor = factor_of(options)
    capsules = liquid = None
    if options["strengths"] is not None:
        masses = [each.value for each in read_list(options["strengths"], "mass")]
        if not all(masses):
            raise CannotConvert("--strengths: a capsule of 0 mg holds no dose")
        capsules = Hand(tuple(as_hydrochloride(mass, basis or Basis.HYDROCHLORIDE) for mass in masses))
    if options["concentration"] is not None:
        day = 1 if options["liquid_from_day"] is None else _number(options["liquid_from_day"], "--liquid-from-day")
        liquid = Hand((), Preparation.labelled(quantity_of(options["concentration"], "concentration"), basis), factor, day)
    elif factor is not None:
        raise CannotConvert("how large a drop is goes with a liquid: write its --concentration")
    if capsules is None and liquid is None:
        raise click.UsageError("say what is at hand: --strengths '0.5mg, 1.5mg', or --concentration '5 mg/mL'", _context())
    if (capsules is not None and liquid is not None) is not (options["liquid_from_day"] is not None):
        raise click.UsageError(
            "to go over from capsules to a liquid, write --strengths, --concentration and --liquid-from-day DAY", _context()
        )
    return [hand for hand in (capsules, liquid) if hand is not None]


def _context() -> click.Context:
    return click.get_current_context()


def _change(text: str) -> Any:
    from formcheck.errors import CannotConvert
    from formcheck.planning.schedule import Change

    match = re.fullmatch(r"(?:day )?([1-9][0-9]{0,3}) for ([1-9][0-9]{0,2}) ?days?", text.strip(), re.ASCII)
    if match is None:
        raise CannotConvert(f"{text[:40]!r} says no day and how long: write 'day 20 for 7 days'")
    return Change(int(match[1]), int(match[2]))


def _days(text: str | None, option: str) -> int | None:
    """Whole days, or None. Raises CannotConvert."""
    from formcheck.errors import CannotConvert

    if text is None:
        return None
    days = quantity_of(text, "days").number
    if days.denominator != 1 or not 1 <= days <= MOST_PLAN_DAYS:
        raise CannotConvert(f"{option} {text[:20]}: write whole days, 1 or more, such as 7days")
    return int(days)


def _above_zero(text: str, kind: str) -> Any:
    from formcheck.errors import CannotConvert

    found = quantity_of(text, kind)
    if not found.value > 0:
        raise CannotConvert(f"{text[:20]}: nothing is planned of 0")
    return found.value


def _number(text: str, option: str) -> int:
    from formcheck.errors import CannotConvert

    if not re.fullmatch(r"[1-9][0-9]{0,3}", text, re.ASCII):
        raise CannotConvert(f"{option} {text[:20]!r}: write the number of a day, such as 29")
    return int(text)


def _day(text: str | None) -> Any:
    """A date, or None. Raises NotAQuantity."""
    from formcheck.papers.values import read_date

    return None if text is None else read_date(text)


@click.command()
@click.argument("formulation")
@click.option("--strength", metavar="STRENGTH", required=True, help="Of each unit, or of the liquid: 4.5mg, 5mg/mL.")
@click.option("--units", metavar="N", help="How many capsules: 100.")
@click.option("--volume", metavar="VOLUME", help="Or how much of a liquid: 30mL.")
@click.option("--lots", metavar="FILE", help="The lots at hand: a record with components and balances, as the last.")
@click.option("--balance", metavar="ID", help="The balance for what the lots name none for.")
@click.option("--made", metavar="DATE", help="The day it is made (else today): 2026-12-01.")
@click.option("--id", "number", metavar="ID", help="The number of the batch.")
@click.option(
    "--storage", type=click.Choice(("room", "refrigerator")), help="How it is kept, where the formulation gives two."
)
@click.option("--directions", metavar="TEXT", help="For the label: 'Take 1 capsule by mouth once daily.'")
@click.option("--pharmacy", metavar="TEXT", help="For the label: name, address, telephone.")
@click.option(
    "--specs", metavar="DIR", default="specs", show_default=True, help="Where a formulation is looked up by its id."
)
@click.option("--profile", type=click.Choice(("usp-503a", "usp-503b", "ph-eur")), default="usp-503a", show_default=True)
@paper_options
@output_options("text", "json", "html", "pdf", "yaml")
@click.pass_context
def plan(ctx: click.Context, /, formulation: str, **options: Any) -> None:
    """Write the worksheet of a batch: what to weigh, how, and why; and the record to fill in.

    \b
    formcheck plan specs/naltrexone-capsules --strength 4.5mg --units 100 \\
        --lots last-record.yaml
    formcheck plan naltrexone-sublingual-drops-5 --strength 5mg/mL --volume 30mL \\
        --lots last-record.yaml -o record.yaml

    With -o RECORD.yaml the record to fill in is written: formcheck check judges it when the batch is made.
    """
    from formcheck.documents.worksheet import worksheet_as_data, worksheet_paper
    from formcheck.reading.papers import read_file
    from formcheck.worksheets import plan as planned

    form = format_of(options)
    if form != "yaml":
        refuse_own_input(options["output"], (formulation, options["specs"], *read_by(options["lots"])))
    lots = None if options["lots"] is None else read_file(options["lots"])
    sheet = planned(_formulation(formulation, options["specs"]), lots, _order(options))
    if form == "yaml":
        _write_record(sheet, options["output"])
    else:
        show_paper(worksheet_paper(sheet), form, options, lambda: worksheet_as_data(sheet))
    ctx.exit(sheet.exit_status)


def _write_record(sheet: Any, output: str | None) -> None:
    """The record to fill in, never over a file that exists; what stands against the batch goes to standard error."""
    from formcheck.documents.plain import as_text
    from formcheck.documents.worksheet import worksheet_paper
    from formcheck.errors import Unreadable

    if output not in (None, "-") and os.path.lexists(str(output)):
        raise Unreadable(f"{output} exists already: a record is never written over")
    if not sheet.weighings or sheet.exit_status == 1:
        click.echo(as_text(worksheet_paper(sheet)), err=True)
        return
    show(sheet.record_as_yaml.rstrip("\n"), output)


def _formulation(named: str, specs: str) -> Any:
    """The formulation by its file, its folder, or its id in the folder of specifications. Raises Unreadable."""
    from pathlib import Path

    from formcheck.errors import Unreadable
    from formcheck.reading.papers import read_file
    from formcheck.reading.specifications import load_library

    # Of os.path, for which a name that is too long is no file.
    path = Path(named) / "formulation.yaml" if os.path.isdir(named) else Path(named)  # noqa: PTH112
    if os.path.isfile(path):  # noqa: PTH113
        reading = read_file(str(path))
        if reading.paper is None:
            raise Unreadable(f"{path}: {reading.findings[0].message if reading.findings else 'it cannot be read'}")
        return reading
    found = [each for each in load_library(specs).formulations if each.paper is not None and each.paper.id == named]
    if not found:
        raise Unreadable(f"{named[:80]} is no file, and no formulation of that id is in {specs}")
    return max(found, key=lambda each: int(each.paper.version or 0) if each.paper is not None else 0)  # type: ignore[union-attr]


def _order(options: dict[str, Any]) -> Any:
    import datetime

    from formcheck.errors import CannotConvert
    from formcheck.planning.blank import Order
    from formcheck.units import amount

    units, volume = options["units"], options["volume"]
    if (units is None) is (volume is None):
        raise click.UsageError("say how much: --units 100, or --volume 30mL", _context())
    if units is not None and not re.fullmatch(r"[1-9][0-9]{0,4}( ?capsules?)?", units, re.ASCII):
        raise CannotConvert(f"--units {units[:20]!r}: write a whole number of capsules, 1 to 99999, such as 100")
    size = amount(f"{units.split('c')[0].strip()} capsules") if units is not None else quantity_of(volume, "volume")
    made = datetime.date.today() if options["made"] is None else _day(options["made"])  # noqa: DTZ011 - the day at the bench
    return Order(
        quantity_of(options["strength"], "mass", "concentration"),
        size,
        made,
        options["number"] or "",
        options["storage"],
        options["balance"],
        options["directions"] or "",
        options["pharmacy"] or "",
        options["profile"],
    )
