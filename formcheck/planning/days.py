"""The days that directions describe: what is taken at once and how often, step after step, and the most of a day."""

from fractions import Fraction
from typing import NamedTuple

from formcheck.planning.phrases import Kind, Phrase

__all__ = ["Amounts", "Intake", "Step", "day_of", "exceeds", "most_of", "stated_day", "steps_of"]

_ZERO = Fraction(0)


class Amounts(NamedTuple):
    """One amount in every unit it is given in; 0 in the others."""

    capsules: Fraction
    drops: Fraction
    millilitres: Fraction
    milligrams: Fraction


class Intake(NamedTuple):
    """What is taken at once, and how often a day."""

    amounts: Amounts
    per_day: int

    def in_a_day(self) -> Amounts:
        return Amounts(*(amount * self.per_day for amount in self.amounts))


class Step(NamedTuple):
    """The intakes of a day under one step, how often a day is said in it, and where it stands among the others.

    `allows` is a limit ("do not take more than 2 capsules"), `lasts` says for how long, `then` and `heading` after what.
    """

    intakes: tuple[Intake, ...]
    bare: int
    allows: bool
    lasts: bool
    then: bool
    heading: Phrase | None


def steps_of(sentence: tuple[Phrase, ...]) -> list[Step]:
    """The steps of a sentence: it is divided at "then" and at the headings of weeks and days."""
    parts: list[list[Phrase]] = [[]]
    has_amount = False
    for phrase in sentence:
        if phrase.kind in (Kind.THEN, Kind.HEADING) and has_amount:
            parts.append([])
            has_amount = False
        has_amount = has_amount or phrase.kind is Kind.AMOUNT
        parts[-1].append(phrase)
    return [_step(part) for part in parts]


def _step(part: list[Phrase]) -> Step:
    often = max((int(phrase.number) for phrase in part if phrase.kind is Kind.TIMES and phrase.of == "day"), default=1)
    before, *taken = _grouped(part)
    if len(taken) == 1:
        taken = [[*before, *taken[0]]]
    intakes = tuple(_intake(group, max(often, _times_a_day(group), _times_a_day(before))) for group in taken)
    heading = next((phrase for phrase in part if phrase.kind is Kind.HEADING), None)
    return Step(
        intakes,
        bare=max(often, _times_a_day(part)),
        allows=any(phrase.kind is Kind.LIMIT for phrase in part),
        lasts=any(phrase.kind is Kind.LASTS for phrase in part) or (heading is not None and heading.last > 0),
        then=any(phrase.kind is Kind.THEN for phrase in part),
        heading=heading,
    )


def _grouped(part: list[Phrase]) -> list[list[Phrase]]:
    """The phrases before the first amount, and then those of each intake.

    A second amount in another unit, in brackets or after "or" is the same intake in other words; after "and" never.
    """
    groups: list[list[Phrase]] = [[]]
    units: set[str] = set()
    depth, before = 0, Kind.PLAIN
    for phrase in part:
        if phrase.kind is Kind.AMOUNT:
            another = before is Kind.AND or (phrase.of in units and before is not Kind.OR and not depth)
            if len(groups) == 1 or another:
                groups.append([])
                units = set()
            units.add(phrase.of)
        depth += (phrase.kind is Kind.OPEN) - (phrase.kind is Kind.CLOSE)
        before = phrase.kind
        groups[-1].append(phrase)
    return groups


def _intake(group: list[Phrase], per_day: int) -> Intake:
    most = dict.fromkeys(("capsules", "drops", "mL", "mg"), _ZERO)
    for phrase in group:
        if phrase.kind is Kind.AMOUNT:
            most[phrase.of] = max(most[phrase.of], phrase.number)
            most["mg"] = max(most["mg"], phrase.mass)
    return Intake(Amounts(*most.values()), per_day)


def _times_a_day(group: list[Phrase]) -> int:
    """How often a day: by numbers ("twice daily"), by times of day, or both ("once at noon and twice at bedtime").

    Times of day are added; those of one group that stand side by side ("at night at bedtime", "in the morning (8 am)") are
    one, and "in the morning or at bedtime" is one of the two.
    """
    by_number = by_time = 0
    each, is_open, added = 1, False, False
    said: set[str] = set()
    between: set[Kind] = set()
    previous: Phrase | None = None
    for phrase in group:
        if phrase.kind in (Kind.AND, Kind.COMMA, Kind.OR):
            between.add(phrase.kind)
        elif phrase.kind is Kind.TIMES:
            added = added or (previous is not None and Kind.AND in between)
            if phrase.of == "each":
                by_number = max(by_number, each if is_open else 0)
                each, is_open = int(phrase.number), True
            else:
                by_number = max(by_number, int(phrase.number) * (each if is_open else 1))
                each, is_open = 1, False
        elif phrase.kind is Kind.OCCASION:
            added = added or (previous is not None and previous.kind is Kind.TIMES and Kind.AND in between)
            by_time += 0 if phrase.text in said or _is_the_same_time(previous, phrase, between) else each
            said.add(phrase.text)
            is_open = False
        if phrase.kind in (Kind.TIMES, Kind.OCCASION):
            previous, between = phrase, set()
    if is_open:
        by_number = max(by_number, each)
    return max(by_number + by_time if added else max(by_number, by_time), 1)


def _is_the_same_time(previous: Phrase | None, phrase: Phrase, between: set[Kind]) -> bool:
    if previous is None or previous.kind is not Kind.OCCASION:
        return False
    return (not between and (previous.of == phrase.of or "clock" in (previous.of, phrase.of))) or between == {Kind.OR}


def stated_day(steps: list[Step], bare: int) -> Intake | None:
    """The largest day of the steps: one that follows another in time takes its place, all others are taken beside it."""
    chains: list[list[list[Intake]]] = []
    last: Step | None = None
    for step in steps:
        if last is not None and _follows(step, last):
            # What stood before the last intake goes on: "1 every morning and 1 at bedtime for 14 days, then 2".
            going_on = [[*last.intakes[:-1]]] if len(last.intakes) > 1 else []
            chains[-1:] = [*(chain for chain in [going_on] if chain), [*chains[-1], [*step.intakes]]]
        else:
            chains.append([[*step.intakes]])
        last = step
    if not chains:
        return None
    most = [most_of([day_of(tuple(day), bare) for day in chain]) for chain in chains]
    return most[0] if len(most) == 1 else day_of(tuple(most), 1)


def _follows(step: Step, last: Step) -> bool:
    """Whether a step begins when the last one has ended: "for 14 days, then", "week 1 ... week 2"."""
    if step.heading is None:
        return step.then and last.lasts
    before = last.heading
    if not step.heading.last:
        return last.lasts
    return before is not None and before.of == step.heading.of and 0 < before.last < step.heading.number


def day_of(intakes: tuple[Intake, ...], bare: int) -> Intake:
    """A day of several intakes: as often as there are, where all are alike; else their sum at once."""
    often = [intake._replace(per_day=max(intake.per_day, bare)) for intake in intakes]
    if len({intake.amounts for intake in often}) == 1:
        return Intake(often[0].amounts, sum(intake.per_day for intake in often))
    units = zip(*(intake.in_a_day() for intake in often), strict=True)
    return Intake(Amounts(*(sum(amounts, _ZERO) for amounts in units)), 1)


def most_of(days: list[Intake]) -> Intake:
    """The most of several days, unit by unit."""
    alike = len({day.per_day for day in days}) == 1
    units = zip(*(day.amounts if alike else day.in_a_day() for day in days), strict=True)
    return Intake(Amounts(*map(max, units)), days[0].per_day if alike else 1)


def exceeds(day: Intake, stated: Intake) -> bool:
    """Whether a day holds more than another, in any unit."""
    return any(more > said for more, said in zip(day.in_a_day(), stated.in_a_day(), strict=True))
