"""FC6, what only records have: the calibration of the dropper, and drops that are a convention."""

import datetime
import re
from collections.abc import Callable, Generator, Iterator
from fractions import Fraction
from functools import partial

from formcheck.errors import FormcheckError
from formcheck.findings import NOTHING, Authority, Severity, Verdict
from formcheck.liquid import DropFactor, read_run
from formcheck.papers.formulation import DropCalibration
from formcheck.papers.placeholders import is_blank
from formcheck.papers.values import Interval
from formcheck.planning.batch import Batch
from formcheck.planning.components import plain
from formcheck.planning.dropping import factor_of
from formcheck.planning.labels import tidy
from formcheck.rules.dropped import same_product
from formcheck.rules.rule import Fault, Path, record_rule
from formcheck.rules.tips import counted_at_another_temperature, other_density, tip_of_container
from formcheck.units import Amount

YEARLY = Interval.read("12 months")
FEWEST_RUNS, FEWEST_DROPS = 3, 20
MOST_APART = Fraction(10, 100)
FILED: Path = ("(formulation)", "drop_calibration")
OWN: Path = ("drop_calibration",)


def on_file(batch: Batch) -> tuple[DropCalibration, Path] | None:
    """The calibration that the drops are counted with: the formulation's, else a whole one in the record."""
    filed = batch.formulation.drop_calibration if batch.formulation is not None else None
    if filed is not None:
        return filed, FILED
    own = batch.record.drop_calibration
    return (own, OWN) if own is not None and len(own.runs) >= FEWEST_RUNS else None


@record_rule(
    "FC601",
    "Drop calibration present and current",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck; method of Ph. Eur. 2.1.1 and UNC pharmlabs, valid for 12 months and one lot of tips",
    applies=lambda batch: batch.is_in_drops,
)
def calibration_current(batch: Batch) -> Iterator[Fault]:
    """A dose in drops needs a calibration of this preparation with this dropper, not older than 12 months.

    Drop size depends on the liquid, the tip, its lot and the angle: 20.9 to 40.8 drops/mL were measured in 32 bottles.
    Water says nothing of a syrup. The calibration is on file in the formulation, or in the record with three runs.
    Where it is on file in the formulation, one run of 20 drops on each batch confirms it within 10 %, before its release.
    The preparation is named as the formulation is, or in plain words with naltrexone and the strength.

    Count 20 drops of this batch from its own bottle and weigh them; where tip, tip lot or formula changed, or after
    12 months, calibrate anew with three runs.
    """
    filed = on_file(batch)
    if filed is None:
        message = "no drop calibration is on file: nobody knows how large a drop of this dropper is"
        yield _unknown(message, OWN, NOTHING, f"{_CALIBRATE}, and put them on file in the formulation (drop_calibration).")
        return
    calibration, place = filed
    yield from _described(batch, calibration, place)
    factor = yield from _read(calibration, place, None)
    if place is not FILED:
        yield from tip_of_container(batch, calibration, calibration)
        yield from counted_at_another_temperature(batch, calibration, calibration)
        yield from other_density(batch, calibration)
        return
    own = batch.record.drop_calibration
    if own is None or not own.runs:
        message = "no confirmation run was counted on this batch: one of 20 drops, beside the calibration on file"
        yield _unknown(message, (*OWN, "runs"), NOTHING, _COUNT)
        return
    made = batch.record.made
    if own.date is None:
        yield _unknown("the run of this batch does not say when it was counted", (*OWN, "date"), NOTHING, _WRITE)
    elif made is not None and own.date < made:
        message = f"the run was counted on {own.date}, before the batch was made on {made}: it is of another batch"
        yield Fault(message, (*OWN, "date"), str(own.date), f"not before {made}", f"{_COUNT} {_OR_DATE}")
    elif batch.released_on is not None and own.date > max(batch.released_on, made or batch.released_on):
        message = f"the run was counted on {own.date}, after the batch was verified on {batch.released_on}"
        do = f"Do not dispense what was released before its drops were counted. {_OR_DATE}"
        yield Fault(message, (*OWN, "date"), str(own.date), f"not after {batch.released_on}", do)
    yield from same_product(batch, own, OWN, of_batch=True)
    yield from _same_dropper(batch, calibration, own)
    yield from tip_of_container(batch, calibration, own)
    yield from counted_at_another_temperature(batch, calibration, own)
    yield from other_density(batch, own)
    yield from _confirmed(batch, own, factor)


_CALIBRATE = "Count 20 drops of this preparation from its own bottle and weigh them, three times"
_COUNT = "Count 20 drops of this batch from its own bottle, weigh them, and write down tip, tip lot, angle and date."
_WRITE = "Write it down from the notes of whoever counted; where nobody knows, count 20 drops again."
_OR_DATE = "Where only the date was written down wrongly, correct it."
_ON_FILE = "Write it into the calibration of the formulation, from the notes of whoever calibrated; else calibrate anew."


def _unknown(message: str, field: Path, found: str | None = None, do: str | None = None) -> Fault:
    return Fault(message, field, found, help=do, verdict=Verdict.NOT_DETERMINED)


def _described(batch: Batch, calibration: DropCalibration, place: Path) -> Iterator[Fault]:
    """What a calibration on file must say: preparation, tip, tip lot, and a date within the twelve months before."""
    yield from same_product(batch, calibration, place, of_batch=place is OWN)
    for name in ("tip", "tip_lot", "angle"):
        if is_blank(getattr(calibration, name)):
            yield _unknown(f"the calibration on file does not say its {_WORDS[name]}", (*place, name), NOTHING, _ON_FILE)
    made, date = batch.record.made, calibration.date
    if date is None:
        yield _unknown("the calibration on file does not say when it was done", (*place, "date"), NOTHING, _ON_FILE)
    elif made is not None:
        # Drops of the batch itself are counted when it is ready, up to its release.
        latest = made if place is FILED else max(made, batch.released_on or made)
        yield from _in_date(date, latest, made, (*place, "date"), partial(_anew, batch, place))


def _anew(batch: Batch, place: Path) -> str:
    """How to calibrate anew; three good runs that stand in the record already belong on file in the formulation."""
    own = factor_of(batch.record.drop_calibration) if place is FILED else None
    if own is not None and len(own.runs) >= FEWEST_RUNS and all(run.drops >= FEWEST_DROPS for run in own.runs):
        return (
            f"The record has {len(own.runs)} runs of its own: if they are a new calibration, put them on file in the "
            "formulation (drop_calibration, in a new version) with preparation, tip, tip lot, angle and date, and work the "
            "drops of the dose out again; in the record they only confirm the one on file."
        )
    return f"{_CALIBRATE}, put them on file in the formulation, and work the drops of the dose out again."


def _in_date(
    date: datetime.date, latest: datetime.date, made: datetime.date, field: Path, do: Callable[[], str]
) -> Iterator[Fault]:
    until = YEARLY.after(date)
    if date > latest:
        message = f"the calibration on file is of {date}, after the batch was made on {made}"
        yield Fault(message, field, str(date), f"not after {latest}", _OR_DATE)
    elif made > until:
        message = f"the calibration on file is of {date} and counts until {until}; the batch was made on {made}"
        yield Fault(message, field, str(date), f"within 12 months before {made}", do())


_WORDS = {"tip": "tip", "tip_lot": "tip lot", "angle": "angle", "preparation": "preparation"}


def _same_dropper(batch: Batch, filed: DropCalibration, own: DropCalibration) -> Iterator[Fault]:
    """Whether the run of this batch was counted with the tip, the tip lot and the angle of the calibration on file."""
    for name in ("tip", "tip_lot", "angle"):
        wanted, counted = getattr(filed, name), getattr(own, name)
        if is_blank(counted):
            yield _unknown(f"the run of this batch does not say its {_WORDS[name]}", (*OWN, name), NOTHING, _WRITE)
        elif not is_blank(wanted) and plain(wanted) != plain(counted):
            do = f"Where the change is meant: {_lower(_anew(batch, FILED))}"
            yield Fault(
                message=f"the {_WORDS[name]} of this batch is {counted[:40]}, of the calibration on file {wanted[:40]}",
                field=(*OWN, name),
                found=counted[:40],
                limit=wanted[:40],
                help=f"Fit the {_WORDS[name]} of the calibration on file and count again. {do}"
                if name != "angle"
                else f"Count 20 drops again, {wanted[:40]}, as the label has the patient hold the bottle. {do}",
            )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _read(calibration: DropCalibration, place: Path, density: Amount | None) -> Generator[Fault, None, DropFactor | None]:
    """The factor of the runs; None, with a finding in the reader's words, where they cannot be read."""
    try:
        runs = [read_run(run) for run in calibration.runs]
        weighed = any(run.measured.kind == "mass" for run in runs)
        return DropFactor.from_runs(runs, calibration.density or (density if weighed else None))
    except FormcheckError as error:
        yield _unknown(
            f"the runs cannot be used: {error}", (*place, "runs"), do="Correct the run, or count 20 drops again."
        )
        return None


def _confirmed(batch: Batch, own: DropCalibration, filed: DropFactor | None) -> Iterator[Fault]:
    """Whether a run of this batch, 20 drops or more, is within 10 % of the factor on file."""
    factor = yield from _read(own, OWN, batch.record.density)
    if factor is None:
        return
    if all(run.drops < FEWEST_DROPS for run in factor.runs):
        most = max(run.drops for run in factor.runs)
        message = f"the longest run on this batch has {most} drops, and 20 confirm a calibration"
        yield _unknown(message, (*OWN, "runs"), do=_COUNT)
    elif filed is not None and abs(factor.per_millilitre / filed.per_millilitre - 1) > MOST_APART:
        yield Fault(
            message=f"the run of this batch gives {factor}, the calibration on file {filed}: more than 10 % apart",
            field=(*OWN, "runs"),
            found=str(factor),
            limit=f"within 10 % of {filed}",
            help=f"Do not dispense with these directions. {_COUNT} Where it stands, look at tip, liquid and balance, and "
            f"calibrate anew: {_lower(_anew(batch, FILED))}",
        )


_CONVENTION = re.compile(r"\[drp\]|\bgtts?\b")
_TWENTY = Fraction(20)


@record_rule(
    "FC609",
    "Conventional drops",
    severity=Severity.WARNING,
    authority=Authority.FORMCHECK,
    source="formcheck; UCUM: [drp] is 1/20 mL by convention, and nobody measured it",
    after=("FC603",),
)
def conventional_drops(batch: Batch) -> Iterator[Fault]:
    """The unit [drp] of electronic records, and gtt, stand for a twentieth of a millilitre: a convention, no measurement.

    Real droppers give 16 to 50 drops/mL. 18 conventional drops are 0.9 mL; with 25.85 drops/mL they are 0.70 mL, and
    4.5 mg become 3.48 mg. A factor of exactly 20 drops/mL, typed in, is most often the same convention.

    Write mL, or drops with the measured drops/mL beside them.
    """
    record = batch.record
    for name in ("label", "calculations", "deviations"):
        text = batch.label.folded if name == "label" else tidy(getattr(record, name)).casefold()
        match = _CONVENTION.search(text) if "gtt" in text or "[drp]" in text else None
        if match is not None:
            message = f"{match[0]} is used in the {name}: a convention of 20 drops/mL, which no dropper keeps"
            yield Fault(message, (name,), match[0], "mL, or drops with the measured drops/mL")
    if record.drop_factor is not None and record.drop_factor.value == _TWENTY:
        message = "a drop factor of exactly 20 drops/mL is a convention, and no dropper keeps it"
        yield Fault(message, ("drop_factor",), str(record.drop_factor), "the measured drops/mL")
