"""FC425: the empty shells of capsules, whose mean mass is taken off every gross mass."""

from collections.abc import Iterator
from fractions import Fraction

from formcheck.findings import NOTHING, Authority, Severity, Verdict
from formcheck.papers.placeholders import is_blank
from formcheck.planning.batch import Batch
from formcheck.planning.component_names import size_in, size_of
from formcheck.planning.components import Used
from formcheck.rules.rule import Fault, record_rule
from formcheck.rules.testing import is_counted
from formcheck.units import Amount, format_exactly

_USUAL = {"000": 158, "00": 123, "0": 99, "1": 76, "2": 61, "3": 48, "4": 38, "5": 28}
"""Mean mass of a hard gelatin shell of each size [mg] (a maker's table)."""
_NEAR = Fraction(15, 100)
_ENOUGH = 10


@record_rule(
    "FC425",
    "Empty shells: size, number weighed, mean mass",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (UNC pharmlabs: ten empty shells are weighed); makers' tables of shell masses by size",
    applies=lambda batch: is_counted(batch) and batch.shell is not None,
)
def empty_shells(batch: Batch) -> Iterator[Fault]:
    """The mean mass of the empty shells is that of ten, and of the size that was filled.

    It is taken off every gross mass: 12 mg too much make a filling of 130 mg look 9 % light, and hide one 9 % too heavy.
    A shell of size 3 weighs about 48 mg, of size 2 61 mg, of size 1 76 mg; within 15 % of that nothing is said. A batch of
    fewer than ten capsules has as many shells weighed.

    Weigh ten empty shells of the lot, and write down their size, how many they were, and their mean.
    """
    shell = batch.shell
    if shell is None:
        return
    size = _size(batch, shell)
    if size is None and shell.planned is not None and shell.planned.size is not None:
        yield Fault(
            message=f"not said: the size of {shell.name}",
            field=(*shell.path, "size"),
            found=NOTHING,
            help=f'Write the size that was filled: size: "{shell.planned.size}".',
            verdict=Verdict.NOT_DETERMINED,
        )
    yield from _too_few(batch, shell)
    usual = _USUAL.get(size or "")
    mean = shell.used.mean_mass
    if usual is not None and mean is not None and abs(mean.value / usual - 1) > _NEAR:
        yield _unlike(shell, str(size), usual, mean)


def _size(batch: Batch, shell: Used) -> str | None:
    """The size of the shells, in their field, their name, or the description of the capsules."""
    said = shell.used.size
    if said is not None and not is_blank(said):
        return size_of(said)
    return size_in(shell.name) or size_in(batch.record.description or "")


def _too_few(batch: Batch, shell: Used) -> Iterator[Fault]:
    counted = shell.used.counted
    needed = _ENOUGH if batch.units is None else min(_ENOUGH, int(batch.units))
    if counted is not None and shell.used.mean_mass is not None and counted < needed:
        shells = "shell was" if counted == 1 else "shells were"
        yield Fault(
            message=f"{counted} empty {shells} weighed for the mean of {shell.used.mean_mass}: {needed} are usual",
            field=(*shell.path, "counted"),
            found=f"{counted} weighed",
            limit=f"at least {needed}",
        )


def _unlike(shell: Used, size: str, usual: int, mean: Amount) -> Fault:
    of_size = [name for name, mass in _USUAL.items() if abs(mean.value / mass - 1) <= _NEAR]
    hint = f"; it is that of size {' or '.join(of_size)}" if of_size else ""
    off = format_exactly(abs(mean.value / usual - 1) * 100, 0)
    return Fault(
        message=f"the mean shell of {mean} is {off} % off the usual {usual} mg of size {size}{hint}",
        field=(*shell.path, "mean_mass"),
        found=str(mean),
        limit=f"within 15 % of {usual} mg, for size {size}",
        help="Weigh ten empty shells of the lot again, and look at the size on their package.",
    )
