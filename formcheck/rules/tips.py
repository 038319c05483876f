"""FC601, what stands beside a calibration: the tip that the container has, and whether the drops fall cold or warm."""

import re
from collections.abc import Iterator
from fractions import Fraction

from formcheck.findings import Severity
from formcheck.papers.formulation import DropCalibration
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.components import plain
from formcheck.planning.dropping import celsius, is_cold
from formcheck.rules.rule import Fault

__all__ = ["counted_at_another_temperature", "other_density", "tip_of_container"]

# "dropper tip DT-20, tip lot 77"; a word without a figure is none of a tip's number ("tip fitted").
_TIP = re.compile(r"\b(?:tip|dropper)(?: type| no| number)?[ .:#]{1,3}(?!lot\b)([a-z]{0,6}-?[0-9][a-z0-9./-]{0,12})")
_TIP_LOT = re.compile(r"\b(?:tip|dropper)s?,? (?:lot|batch)(?: no| number)?[ .:#]{1,3}([a-z0-9][a-z0-9./-]{0,20})")


def tip_of_container(batch: Batch, filed: DropCalibration, own: DropCalibration) -> Iterator[Fault]:
    """The tip, or its lot, that the container is said to have, where the run was counted with another.

    Where the run was not counted with that of the calibration on file either, FC601 has said so.
    """
    text = plain(batch.record.container or "")
    if "tip" not in text and "dropper" not in text:
        return
    for name, words, pattern in (("tip", "tip", _TIP), ("tip_lot", "tip lot", _TIP_LOT)):
        counted, match = getattr(own, name), pattern.search(text)
        if match is None or is_blank(counted) or plain(getattr(filed, name) or counted) != plain(counted):
            continue
        found = match[1].rstrip("./-")
        if found not in plain(counted).split() and plain(counted) not in found:
            yield Fault(
                message=f"the container has {words} {found.upper()}, and the run was counted with {counted[:40]}",
                field=("container",),
                found=found.upper(),
                limit=counted[:40],
                help="Look at the bottle: correct the record where it was written down wrongly; else count 20 drops of "
                "this batch with the tip that is on it.",
            )


_WARMED = re.compile(
    r"\bwarm|(?:come|comes|get|gets|reach|reaches|bring|brought|return|rise)[^.\n]{0,30}room temperature"
    r"|\b(?:at|to) room temperature (?:before|for|first)|(?:of|from) (?:the )?(?:refrigerator|fridge)[^.\n]{0,40}before"
)
_WARM_FROM = Fraction(15)


def counted_at_another_temperature(batch: Batch, filed: DropCalibration, own: DropCalibration) -> Iterator[Fault]:
    """Drops kept cold that were counted warm, where the label does not say to warm them; or the other way round."""
    if batch.record.storage != "refrigerator" or batch.record.label is None:
        return
    counted = [found for found in map(celsius, (filed.temperature, own.temperature)) if found is not None]
    warmed = _WARMED.search(batch.label.folded) is not None
    if not warmed and counted and all(found >= _WARM_FROM for found in counted):
        yield Fault(
            message=f"the drops were counted at {filed.temperature or own.temperature}, the bottle is kept in the "
            "refrigerator, and the label does not say to let it warm up: cold drops are of another size",
            field=("label",),
            found="not said to let it warm up",
            limit="counted as the drops are taken: cold, or warmed up",
            help='Add to the label: "Let the bottle warm up before counting drops", or calibrate cold.',
            severity=Severity.WARNING,
        )
    elif warmed and any(is_cold(each.temperature) for each in (own, filed)):
        cold = next(each.temperature for each in (own, filed) if is_cold(each.temperature))
        yield Fault(
            message=f"drops were counted at {cold}, and by the label the bottle is warmed up first: warm drops are of "
            "another size",
            field=("label",),
            found=f"counted at {cold}",
            limit="counted as the drops are taken: cold, or warmed up",
            help="Count the drops warm, as the label has the patient take them; or take that sentence off the label.",
            severity=Severity.WARNING,
        )


_SAME_DENSITY = Fraction(2, 100)


def other_density(batch: Batch, own: DropCalibration) -> Iterator[Fault]:
    """The density of the batch, where its own drops were reckoned with another one."""
    of_batch, of_run = batch.record.density, own.density
    if of_batch is None or of_run is None or abs(of_batch.value / of_run.value - 1) <= _SAME_DENSITY:
        return
    yield Fault(
        message=f"the batch has a density of {of_batch}, and its drops were reckoned with {of_run}: they would be "
        "smaller or larger by as much",
        field=("density",),
        found=str(of_batch),
        limit=f"within 2 % of {of_run}",
        help="Weigh 10 mL of this batch, and correct the density that is wrong.",
        severity=Severity.WARNING,
    )
