"""FC7: the labels of liquids: mg per mL, directions in mL, and what directions in drops must show."""

import re
from collections.abc import Iterator
from fractions import Fraction

from formcheck.findings import Authority, Severity
from formcheck.liquid import nearest_whole
from formcheck.planning.batch import Batch
from formcheck.planning.labels import Intake
from formcheck.rules.rule import Fault, record_rule
from formcheck.units import format_exactly

_SPOON = re.compile(
    r"\b(?:tea|table|dessert|soup)? ?spoon(?:s|fuls?)?\b|\bt(?:ea)?sps?\b|\btbsps?\b|\btblsps?\b"
    r"|\bdropper(?:s ?full?|fuls?)\b|\bdropper full\b|\bfull dropper\b|\bcap(?:s ?full?|fuls?)\b|\bmouthfuls?\b"
)
_NEGATION = re.compile(r"\b(?:not|never|no|nor|without|instead|rather)\b|n't\b")
_CLAUSES = re.compile(r"[,;](?! ?(?:or|nor) )|\b(?:but|then)\b")
_VOLUME_OFF, _MASS_OFF, _FACTOR_OFF = Fraction(5, 100), Fraction(10, 100), Fraction(2, 100)
_MOST_NAMED = 6


def _is_liquid(batch: Batch) -> bool:
    return batch.form is not None and not batch.form.units_are_counted


def _is_dosed_in_drops(batch: Batch) -> bool:
    if not _is_liquid(batch):
        return False
    dose = batch.record.dose
    return bool(dose is not None and dose.drops) or bool(batch.directions.drops or batch.label.intakes)


@record_rule(
    "FC704",
    "Liquid in mg per mL, directions in mL",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (NCPDP white paper 2014, ISMP: oral liquids are dosed in mL)",
    needs=("label",),
    applies=_is_liquid,
)
def liquid_in_millilitres(batch: Batch) -> Iterator[Fault]:
    """The label of a liquid shows its strength in mg per mL, and tells the patient a number of mL, never spoons.

    A household spoon holds anything from 2.5 to 10 mL, and a "dropperful" is whatever the dropper holds. With the
    mass and the volume in the strength line, and mL in the directions, nobody has to reckon at the bedside.
    Directions in drops are the exception: what they show is FC705.

    Write the strength as "1 mg/mL", the directions as "Take N mL by mouth" with the mL of this dose, and supply an oral
    syringe.
    """
    label = batch.label
    faults = [] if label.has_concentration else ["the strength is not given in mg per mL"]
    if not label.has_directions_in_millilitres and not _is_dosed_in_drops(batch):
        faults.append("the directions give no mL")
    faults += [f"it measures by {spoon!r}" for spoon in _spoons(label.sentences)]
    if faults:
        yield Fault(
            message=f"the label of a liquid: {', '.join(faults)}",
            field=("label",),
            found=", ".join(faults),
            limit="strength in mg per mL, directions in mL",
        )


def _spoons(sentences: tuple[str, ...]) -> list[str]:
    """The household measures that directions use; "never in spoons" is none."""
    found = []
    for sentence in sentences:
        if not _SPOON.search(sentence):
            continue
        for clause in _CLAUSES.split(sentence):
            match = _SPOON.search(clause)
            if match is not None and not _NEGATION.search(clause[: match.start()]):
                found.append(match[0].strip())
    return list(dict.fromkeys(found))[:_MOST_NAMED]


@record_rule(
    "FC705",
    "Directions in drops show drops, mL and mg",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck; drops per mL on the label as in Ph. Eur., oral drops",
    needs=("label", "strength"),
    applies=_is_dosed_in_drops,
)
def drops_with_volume_and_mass(batch: Batch) -> Iterator[Fault]:
    """Directions in drops show four figures that agree: the drops, the mL and the mg they hold, and the drops per mL.

    Another dropper gives other drops: 20.9 to 40.8 in a millilitre were measured. Whoever has to measure with a syringe
    instead, or to check the dose, finds on the label what the drops stand for. The mL may be 5 % and the mg 10 % off
    what the calibration gives, since they are rounded (whether drops make the mg that were ordered is FC604's matter);
    drops per mL is the calibration's figure as a whole number, or written with decimals within 2 %. Where no
    calibration is on file, the figures are compared with each other, and FC601 speaks of the calibration.

    Write the figures of this dose, in the form "Place N drops under the tongue once daily (about N mg; N mL)" and "N drops
    per mL with this dropper only", N drops per mL being the figure of the calibration.
    """
    faults = [*_missing(batch), *_disagreeing(batch)][:_MOST_NAMED]
    if faults:
        yield Fault(
            message=f"the directions in drops: {'; '.join(faults)}",
            field=("label",),
            found="; ".join(faults),
            limit="drops, mL, mg and drops per mL, which agree",
        )


def _missing(batch: Batch) -> Iterator[str]:
    label = batch.label
    lacking = [] if label.intakes else ["the number of drops in figures"]
    if any(not intake.millilitres for intake in label.intakes):
        lacking.append("the mL")
    if any(not intake.milligrams for intake in label.intakes):
        lacking.append("the mg")
    if not label.drops_per_millilitre:
        lacking.append("the drops per mL")
    if lacking:
        yield f"not shown: {', '.join(lacking)}"


def _disagreeing(batch: Batch) -> Iterator[str]:
    """Each figure that does not agree with the calibration, or with the others where there is none."""
    label, dose = batch.label, batch.record.dose
    counted = int(dose.drops) if dose is not None and dose.drops else None
    if counted is not None and label.intakes and all(intake.drops != counted for intake in label.intakes):
        yield f"the label says {_drops(label.intakes[0].drops)}, the record {_drops(counted)}"
    factor, says = _factor(batch)
    if factor is None:
        return
    for text in dict.fromkeys(label.drops_per_millilitre):
        if not _stands_for(text, factor):
            yield f"{text} drops per mL, where {says} gives {format_exactly(factor, 2)}"
    for intake in label.intakes:
        yield from _of_intake(batch, intake, factor, f"by {says}")


def _factor(batch: Batch) -> tuple[Fraction | None, str]:
    """The drops per mL that the label's figures are compared with, and whose they are.

    The calibration's; where there is none, what was typed into the record (FC603 says that it was), else the label's own.
    """
    printed = {Fraction(text) for text in batch.label.drops_per_millilitre}
    if batch.drop_factor is not None:
        return batch.drop_factor.per_millilitre, "the calibration"
    if batch.record.drop_factor is not None and batch.record.drop_factor.number > 0:
        return batch.record.drop_factor.number, "the drop factor of the record"
    own = next(iter(printed)) if len(printed) == 1 else Fraction(0)
    return (own, "the label itself") if own > 0 else (None, "")


def _of_intake(batch: Batch, intake: Intake, factor: Fraction, says: str) -> Iterator[str]:
    volume = intake.drops / factor
    if intake.millilitres and not any(_near(shown, volume, _VOLUME_OFF) for shown in intake.millilitres):
        yield (
            f"{_drops(intake.drops)} are {format_exactly(volume, 3)} mL {says}, "
            f"the label says {format_exactly(intake.millilitres[0])} mL"
        )
    strength = batch.record.strength
    if strength is None or strength.kind != "concentration" or _is_as_ordered(batch, intake):
        return
    held = volume * strength.value
    if intake.milligrams and not any(_near(shown, held, _MASS_OFF) for shown in intake.milligrams):
        yield (
            f"{_drops(intake.drops)} hold {format_exactly(held, 3)} mg {says}, "
            f"the label says {format_exactly(intake.milligrams[0])} mg"
        )


def _is_as_ordered(batch: Batch, intake: Intake) -> bool:
    """Whether the mg on the label are those ordered: that the drops do not make them is FC604's to say."""
    dose = batch.record.dose
    if dose is None or dose.ordered is None or dose.drops is None or batch.conversion is None:
        return False
    return dose.ordered.value in intake.milligrams and int(dose.drops) == intake.drops


def _near(shown: Fraction, exact: Fraction, off: Fraction) -> bool:
    return (1 - off) * exact <= shown <= (1 + off) * exact


def _stands_for(text: str, factor: Fraction) -> bool:
    """Whether drops per mL as printed stand for the calibration: its whole number, or decimals within 2 %."""
    if "." in text:
        return _near(Fraction(text), factor, _FACTOR_OFF)
    return int(text) == nearest_whole(factor)


def _drops(count: int) -> str:
    return f"{count} drop{'s' if count != 1 else ''}"
