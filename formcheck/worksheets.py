"""A batch before it is made: the worksheet, the record to fill in, and what the rules will say of the lots at hand.

The record is judged twice: blank, to find out what it asks for, and filled in with exactly that, to find out whether such a
batch could be released. What is printed was reckoned by two independent paths.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs

from formcheck.check import Selection, judge_record
from formcheck.dose import Dose
from formcheck.errors import CannotConvert
from formcheck.findings import NOTHING, Finding, Location, Severity, Verdict, exit_status, overall
from formcheck.formats.paper import as_yaml
from formcheck.judging import finding_of
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.dosage_forms import DOSAGE_FORMS
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.planning import second_path
from formcheck.planning.batch import Batch
from formcheck.planning.blank import Order, blank_record, to_fill_in, with_amounts
from formcheck.planning.components import is_weighed
from formcheck.planning.filling import why_no_room
from formcheck.planning.ideal import filled_in, usual_dose
from formcheck.planning.label_text import label_lines
from formcheck.planning.worksheet import Dating, Weighing, assigned_date, measured, printed_mass, weighings
from formcheck.reading.papers import Reading, read_bytes
from formcheck.reading.specifications import Library
from formcheck.rules import dosing, filling, weighing
from formcheck.rules.rule import Fault
from formcheck.substance import Basis, as_hydrochloride
from formcheck.units import Amount

__all__ = ["Order", "Worksheet", "plan"]


@attrs.frozen(slots=False)
class Worksheet:
    """What a batch asks for. `record` is the paper to fill in (nested texts), `findings` what stands against making it.

    Without `weighings` nothing could be reckoned, and the findings say what is missing. `label` is the text as far as it
    is known.
    """

    batch: Batch
    record: Mapping[str, Any]
    weighings: tuple[Weighing, ...] = ()
    measured: tuple[tuple[str, Fraction], ...] = ()
    dating: Dating | None = None
    findings: tuple[Finding, ...] = ()
    label: str = ""

    @property
    def verdict(self) -> Verdict:
        return overall(self.findings)

    @property
    def exit_status(self) -> int:
        return exit_status([self.verdict])

    @property
    def record_as_yaml(self) -> str:
        """The record to fill in, as a file."""
        return as_yaml(self.record, HEADING)


HEADING = """\
A compounding record to fill in: what is blank is to be written while the batch is made.
Judge it with:  formcheck check THIS-FILE --specs FOLDER"""


def plan(formulation: Reading, lots: Reading | None, order: Order) -> Worksheet:
    """The worksheet of a batch of a formulation from the lots at hand (a record that has its components and balances).

    Raises CannotConvert for a strength or a size that the formulation does not know, DoseAboveCeiling for a unit above it.
    """
    paper = formulation.paper
    if not isinstance(paper, MasterFormulationRecord):
        why = f": {formulation.findings[0].message}" if formulation.findings else ""
        raise CannotConvert(f"{formulation.path} is no master formulation record{why}")
    order = order._replace(strength=_known_strength(paper, order))
    record = blank_record(paper, _written(lots), order)
    bare = _batch(record, paper, order)
    second_path.must_agree(bare)
    found = tuple(weighings(bare))
    lacking = _lacking(bare, found)
    if lacking:
        return Worksheet(bare, record, findings=lacking)
    if bare.active is not None and any(weighing.aliquot is not None for weighing in found):
        # The diluent that comes with the aliquot is left out of the rest: reckon it anew.
        record = with_amounts(record, found)
        bare = _batch(record, paper, order)
        second_path.must_agree(bare)
        found = tuple(each if each.aliquot else again for each, again in zip(found, weighings(bare), strict=True))
    volumes = tuple((used.name, volume) for used, volume in measured(bare))
    dating = assigned_date(bare)
    record = with_amounts(record, found)
    record["beyond_use_date"] = "" if dating is None else str(dating.date)
    batch = _batch(record, paper, order)
    record["label"] = _label(batch, order)
    batch = _batch(record, paper, order)
    findings = _judged(_trial(record, batch, found, dict(volumes), order), formulation, order)
    if any(finding.code == dosing.daily_dose_ceiling.code for finding in findings):
        record["label"] = ""  # directions above the ceiling, or that nobody can count, stand on no paper
    blank = to_fill_in(record, labelled=bool(order.directions))
    return Worksheet(batch, blank, found, volumes, dating, findings, record["label"])


_FOR_AMOUNTS = (
    "active.certificate.assay", "active.certificate.basis", "active.certificate.water", "active.certificate.solvents",
    "active.certificate.loss_on_drying", "active.packing", "diluent.packing", "formulation.batch.batch_overage",
    "formulation.batch.active_overage",
)  # fmt: skip


def _lacking(batch: Batch, found: tuple[Weighing, ...]) -> tuple[Finding, ...]:
    """Why not every amount can be given: what is not said of the lots, or powder that does not fit; else nothing."""
    no_room = why_no_room(batch)
    if no_room and batch.active is not None and batch.active.used.packing is not None and batch.potency is not None:
        most = batch.active.used.packing.value * batch.potency
        fault = Fault(
            message=no_room.partition(":")[0],
            found=f"{printed_mass(batch.active_in_unit or most)} of this lot in a capsule",
            limit=f"less than {batch.active.used.packing}",
            help=f"With this lot and this packing statistic less than {printed_mass(most)} of active goes into a "
            "capsule: use a larger shell, with packing statistics of its own.",
        )
        return (finding_of(filling.fill_fits, fault),)
    wanted = [used for used in batch.components if is_weighed(used)]
    if len(found) == len(wanted):
        return ()
    counted = batch.form is not None and batch.form.units_are_counted
    needs = [need for need in _FOR_AMOUNTS if counted or not need.endswith(".packing")]
    words = list(dict.fromkeys(batch.words(path) for path in batch.missing(tuple(needs))))
    without = [used.name for used in wanted if used.index not in {each.used.index for each in found}]
    fault = Fault(
        message=f"not said: {', '.join(words)}" if words else f"no amount follows for {', '.join(without)}",
        found=NOTHING,
        limit="what each amount is reckoned from",
        verdict=Verdict.NOT_DETERMINED,
        help="Name a record with the lots at hand, their certificates and packing statistics: --lots FILE. "
        "formcheck init writes a blank one.",
    )
    return (finding_of(weighing.required_amount, fault),)


def _label(batch: Batch, order: Order, pharmacy: str = "") -> str:
    lines = label_lines(batch, directions=order.directions, pharmacy=order.pharmacy or pharmacy)
    return "".join(f"{line}\n" for line in lines)


def _trial(
    record: Mapping[str, Any],
    batch: Batch,
    found: tuple[Weighing, ...],
    volumes: Mapping[str, Fraction],
    order: Order,
) -> dict[str, Any]:
    """The record of a batch that goes exactly as planned, with what only its patient would add: to be judged, not shown."""
    trial = filled_in(record, batch, found, volumes)
    if not order.directions:
        trial |= {"dose": usual_dose(batch), "per_day": "1"}
    assert batch.formulation is not None  # noqa: S101 - there is no worksheet without one
    return {**trial, "label": _label(_batch(trial, batch.formulation, order), order, "a pharmacy, tel. 555-0100")}


def _known_strength(paper: MasterFormulationRecord, order: Order) -> Amount:
    """The strength as the formulation writes it: 4500 mcg is 4.5 mg, 0.1 % w/v is 1 mg/mL.

    Raises CannotConvert for what the formulation does not make, DoseAboveCeiling for a unit above the ceiling.
    """
    form = DOSAGE_FORMS.get(paper.dosage_form or "")
    if form is None:
        raise CannotConvert(f"{paper.id} does not say its dosage form: no batch of it can be planned")
    if order.strength.kind != form.strength_kind or (order.size.kind == "capsules") is not form.units_are_counted:
        strength = "".join(str(paper.strengths[0]).split()) if paper.strengths else "..."
        asked = f"--strength {strength} {'--units 100' if form.units_are_counted else '--volume 30mL'}"
        raise CannotConvert(f"{paper.id} is planned by {asked}")
    if order.strength.kind == "mass":
        Dose.of(order.strength, paper.strength_basis or Basis.HYDROCHLORIDE)
    known = [strength for strength in paper.strengths if strength.value == order.strength.value]
    if not known:
        raise CannotConvert(
            f"{paper.id} has no strength of {order.strength}: it has {', '.join(map(str, paper.strengths))}"
        )
    if not order.size.value > 0:
        raise CannotConvert("a batch of 0 is none")
    if known[0].kind == "concentration":
        held = as_hydrochloride(known[0].value, paper.strength_basis or Basis.HYDROCHLORIDE)
        if held > SOLUBLE:
            raise CannotConvert(
                f"nobody knows that {known[0]} dissolves: {SOLUBLE} mg of naltrexone hydrochloride do in 1 mL of water "
                f"(USP monograph: 650 mg in 10 mL, clear); plan at most {SOLUBLE} mg/mL"
            )
    return known[0]


SOLUBLE = Fraction(65)
"""So much naltrexone hydrochloride is known to dissolve in water [mg/mL] (USP, naltrexone hydrochloride, clarity)."""


def _written(lots: Reading | None) -> Mapping[str, Any]:
    """The paper that has the lots, as it was written. Raises CannotConvert for one that could not be read."""
    if lots is None:
        return {}
    written = lots.document.value if lots.document is not None else None
    if not isinstance(lots.paper, CompoundingRecord) or not isinstance(written, dict):
        why = lots.findings[0].message if lots.findings else "it is no compounding record"
        raise CannotConvert(f"{lots.path}: {why}; lots are the components and balances of a compounding record")
    return written


def _batch(record: Mapping[str, Any], paper: MasterFormulationRecord, order: Order) -> Batch:
    """The record as it would be read from its file. Raises CannotConvert for a lot that cannot be read."""
    reading = _read(record)
    if not isinstance(reading.paper, CompoundingRecord):
        raise CannotConvert(f"the lots cannot be read: {reading.findings[0].message}")
    return Batch(reading.paper, paper, order.profile)


def _read(record: Mapping[str, Any]) -> Reading:
    return read_bytes(as_yaml(record).encode(), "record.yaml")


_LATER = ("FC411", "FC803", "FC804")
"""What depends on days that the lots do not say, or on how the record is signed, and is no matter of this worksheet."""

_OF_THE_DOSE = ("FC508", "FC604", "FC605", "FC606", "FC608", "FC109", "FC111")
"""What is said of a dose, where nobody has ordered one yet."""


def _judged(record: Mapping[str, Any], formulation: Reading, order: Order) -> tuple[Finding, ...]:
    """What the rules say of a record: all but notes. Where it stands in the paper is left out: it is not written yet."""
    judged = judge_record(_read(record), Library((formulation,)), Selection(profile=order.profile))
    later = _LATER if order.directions else (*_LATER, *_OF_THE_DOSE)
    kept = [f for f in judged.findings if f.severity is not Severity.INFO and f.code not in later]
    kept.sort(key=lambda finding: (list(Severity).index(finding.severity), finding.code))
    return tuple(finding._replace(location=Location()) for finding in kept)
