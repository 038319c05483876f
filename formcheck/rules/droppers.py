"""FC6, what only records have: the calibration of the dropper, and drops that are a convention."""

import datetime
import re
import unicodedata
from collections.abc import Generator, Iterator
from fractions import Fraction

from formcheck.errors import FormcheckError
from formcheck.findings import NOTHING, Authority, Severity, Verdict
from formcheck.liquid import DropFactor, read_run
from formcheck.papers.formulation import DropCalibration
from formcheck.papers.placeholders import is_blank
from formcheck.papers.values import Interval
from formcheck.planning.batch import Batch
from formcheck.planning.components import plain
from formcheck.planning.labels import tidy
from formcheck.rules.rule import Fault, Path, record_rule
from formcheck.units import Amount

YEARLY = Interval.read("12 months")
FEWEST_RUNS, FEWEST_DROPS = 3, 20
MOST_APART = Fraction(10, 100)
FILED: Path = ("(formulation)", "drop_calibration")
OWN: Path = ("drop_calibration",)
_NUMBER = r"[0-9]{1,5}(?:\.[0-9]{1,4})?"
_STRENGTH = re.compile(
    rf"(?<![0-9.,])(?:(?P<mass>{_NUMBER}) ?(?P<unit>mg|mcg|g) ?(?:/|per|in) ?(?P<of>{_NUMBER})? ?ml\b"
    rf"|(?P<percent>{_NUMBER}) ?%(?: ?w/v)?)"
)
_MILLIGRAMS = {"mg": Fraction(1), "mcg": Fraction(1, 1000), "g": Fraction(1000)}
_WATERS = ("water", "aqua", "aq")
_NOT_ITSELF = re.compile(
    r"\b(?:water(?![- ]based)|aqua|aq|placebo|vehicle|blank|dummy|saline|syrup|glycer(?:ol|ine?)|ethanol|alcohol|oil"
    r"|no(?![.:]| [a-z0-9-]{0,20}[0-9])|not|non|without|w/o|free|minus|instead|another|other|old|previous|earlier)\b"
)
_OF_ITSELF = frozenset(
    {
        *("naltrexone", "hydrochloride", "anhydrous", "low-dose", "low", "dose", "sublingual", "oral", "under", "tongue"),
        *(
            "drop",
            "drops",
            "solution",
            "liquid",
            "preparation",
            "batch",
            "lot",
            "no",
            "of",
            "the",
            "this",
            "final",
            "itself",
        ),
        *("finished", "aqueous", "preserved", "water-based", "water", "based"),
    }
)
"""The words in which a preparation may be named; any other leaves open whether it is this one."""
_AN_ID = re.compile(r"[a-z0-9]{1,40}(?:-[a-z0-9.]{1,40}){1,10}")


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
        yield _unknown(
            "no drop calibration is on file: nobody knows how large a drop of this dropper is", OWN, found=NOTHING
        )
        return
    calibration, place = filed
    yield from _described(batch, calibration, place)
    factor = yield from _read(calibration, place, None)
    if place is not FILED:
        return
    own = batch.record.drop_calibration
    if own is None or not own.runs:
        message = "no confirmation run was counted on this batch: one of 20 drops, beside the calibration on file"
        yield _unknown(message, (*OWN, "runs"), found=NOTHING)
        return
    made = batch.record.made
    if own.date is None:
        yield _unknown("the run of this batch does not say when it was counted", (*OWN, "date"), found=NOTHING)
    elif made is not None and own.date < made:
        message = f"the run was counted on {own.date}, before the batch was made on {made}: it is of another batch"
        yield Fault(message, (*OWN, "date"), str(own.date), f"not before {made}")
    elif batch.released_on is not None and own.date > max(batch.released_on, made or batch.released_on):
        message = f"the run was counted on {own.date}, after the batch was verified on {batch.released_on}"
        yield Fault(message, (*OWN, "date"), str(own.date), f"not after {batch.released_on}")
    yield from _same_product(batch, own, OWN)
    yield from _same_dropper(calibration, own)
    yield from _confirmed(batch, own, factor)


def _unknown(message: str, field: Path, found: str | None = None) -> Fault:
    return Fault(message, field, found, verdict=Verdict.NOT_DETERMINED)


def _described(batch: Batch, calibration: DropCalibration, place: Path) -> Iterator[Fault]:
    """What a calibration on file must say: preparation, tip, tip lot, and a date within the twelve months before."""
    yield from _same_product(batch, calibration, place)
    for name in ("tip", "tip_lot", "angle"):
        if is_blank(getattr(calibration, name)):
            yield _unknown(f"the calibration on file does not say its {_WORDS[name]}", (*place, name), found=NOTHING)
    made, date = batch.record.made, calibration.date
    if date is None:
        yield _unknown("the calibration on file does not say when it was done", (*place, "date"), found=NOTHING)
    elif made is not None:
        # Drops of the batch itself are counted when it is ready, up to its release.
        latest = made if place is FILED else max(made, batch.released_on or made)
        yield from _in_date(date, latest, made, (*place, "date"))


def _in_date(date: datetime.date, latest: datetime.date, made: datetime.date, field: Path) -> Iterator[Fault]:
    until = YEARLY.after(date)
    if date > latest:
        message = f"the calibration on file is of {date}, after the batch was made on {made}"
        yield Fault(message, field, str(date), f"not after {latest}")
    elif made > until:
        message = f"the calibration on file is of {date} and counts until {until}; the batch was made on {made}"
        yield Fault(message, field, str(date), f"within 12 months before {made}")


_WORDS = {"tip": "tip", "tip_lot": "tip lot", "angle": "angle", "preparation": "preparation"}


def _same_product(batch: Batch, calibration: DropCalibration, place: Path) -> Iterator[Fault]:
    """Whether what was dropped is this preparation: naltrexone, of this strength, and never water."""
    said = calibration.preparation
    if said is None or is_blank(said):
        yield _unknown("the calibration does not say which preparation was dropped", (*place, "preparation"), found=NOTHING)
        return
    text, strength = plain(unicodedata.normalize("NFKC", said)), batch.record.strength
    known = _names(batch)
    if text in known:
        return
    foreign = _NOT_ITSELF.search(text)
    others = [match[0] for match in _STRENGTH.finditer(text) if strength is not None and _per_ml(match) != strength.value]
    verdict = Verdict.FAIL
    if "naltrexone" not in text or foreign is not None:
        is_water = foreign is not None and foreign[0] in _WATERS
        why = "water says nothing of this liquid" if is_water else "this is another product"
    elif _AN_ID.fullmatch(text) and known:
        why = "this is another formulation"
    elif others:
        why = f"the batch is of {strength}"
    elif strange := _strange_words(text, batch):
        why = f"nobody can say that this is the preparation ({', '.join(strange[:3])})"
        verdict = Verdict.NOT_DETERMINED
    else:
        return
    yield Fault(
        message=f"the drops were counted with {said[:60]}: {why}",
        field=(*place, "preparation"),
        found=said[:60],
        limit="the preparation itself",
        help="Name the preparation as the formulation does, or by its id; count its own drops where it was another liquid.",
        verdict=verdict,
    )


def _names(batch: Batch) -> list[str]:
    """What the formulation is called: its id and its name."""
    formulation = batch.formulation
    names = (formulation.id, formulation.name) if formulation is not None else ()
    return [plain(name) for name in names if name is not None]


def _per_ml(match: re.Match[str]) -> Fraction:
    """A strength in words as mg in one mL."""
    if match["percent"] is not None:
        return Fraction(match["percent"]) * 10
    volume = Fraction(match["of"] or 1)
    return Fraction(match["mass"]) * _MILLIGRAMS[match["unit"]] / volume if volume > 0 else Fraction(0)


def _strange_words(text: str, batch: Batch) -> list[str]:
    """The words that are no part of the name of this preparation."""
    own = {word for name in (*_names(batch), plain(batch.record.id or "")) for word in name.split()}
    words = (word.strip("()[].,;:") for word in _STRENGTH.sub(" ", text).split())
    return [word[:40] for word in words if word and word not in own and word not in _OF_ITSELF]


def _same_dropper(filed: DropCalibration, own: DropCalibration) -> Iterator[Fault]:
    """Whether the run of this batch was counted with the tip, the tip lot and the angle of the calibration on file."""
    for name in ("tip", "tip_lot", "angle"):
        wanted, counted = getattr(filed, name), getattr(own, name)
        if is_blank(counted):
            yield _unknown(f"the run of this batch does not say its {_WORDS[name]}", (*OWN, name), found=NOTHING)
        elif not is_blank(wanted) and plain(wanted) != plain(counted):
            yield Fault(
                message=f"the {_WORDS[name]} of this batch is {counted[:40]}, of the calibration on file {wanted[:40]}",
                field=(*OWN, name),
                found=counted[:40],
                limit=wanted[:40],
            )


def _read(calibration: DropCalibration, place: Path, density: Amount | None) -> Generator[Fault, None, DropFactor | None]:
    """The factor of the runs; None, with a finding in the reader's words, where they cannot be read."""
    try:
        runs = [read_run(run) for run in calibration.runs]
        weighed = any(run.measured.kind == "mass" for run in runs)
        return DropFactor.from_runs(runs, calibration.density or (density if weighed else None))
    except FormcheckError as error:
        yield _unknown(f"the runs cannot be used: {error}", (*place, "runs"))
        return None


def _confirmed(batch: Batch, own: DropCalibration, filed: DropFactor | None) -> Iterator[Fault]:
    """Whether a run of this batch, 20 drops or more, is within 10 % of the factor on file."""
    factor = yield from _read(own, OWN, batch.record.density)
    if factor is None:
        return
    if all(run.drops < FEWEST_DROPS for run in factor.runs):
        most = max(run.drops for run in factor.runs)
        yield _unknown(f"the longest run on this batch has {most} drops, and 20 confirm a calibration", (*OWN, "runs"))
    elif filed is not None and abs(factor.per_millilitre / filed.per_millilitre - 1) > MOST_APART:
        yield Fault(
            message=f"the run of this batch gives {factor}, the calibration on file {filed}: more than 10 % apart",
            field=(*OWN, "runs"),
            found=str(factor),
            limit=f"within 10 % of {filed}",
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
