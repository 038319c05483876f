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
    for phrase in sentence:
        if phrase.kind in (Kind.THEN, Kind.HEADING) and any(p.kind is Kind.AMOUNT for p in parts[-1]):
            parts.append([])
        parts[-1].append(phrase)
    return [_step(part) for part in parts]


def _step(part: list[Phrase]) -> Step:
    times = max((int(phrase.number) for phrase in part if phrase.kind is Kind.TIMES), default=1)
    before, *taken = _grouped(part)
    if len(taken) == 1:
        taken = [[*before, *taken[0]]]
    intakes = tuple(_intake(group, max(times, _occasions(group), _occasions(before))) for group in taken)
    return Step(
        intakes,
        bare=max(times, _occasions(part)),
        allows=any(phrase.kind in (Kind.LIMIT, Kind.NOT) for phrase in part),
        lasts=any(phrase.kind in (Kind.LASTS, Kind.HEADING) for phrase in part),
        then=any(phrase.kind is Kind.THEN for phrase in part),
        heading=next((phrase for phrase in part if phrase.kind is Kind.HEADING), None),
    )


def _grouped(part: list[Phrase]) -> list[list[Phrase]]:
    """The phrases before the first amount, and then those of each intake.

    A second amount in another unit (but after "and"), in brackets or after "or" is the same intake in other words.
    """
    groups: list[list[Phrase]] = [[]]
    depth, before = 0, Kind.PLAIN
    for phrase in part:
        if phrase.kind is Kind.AMOUNT:
            units = {other.of for other in groups[-1] if other.kind is Kind.AMOUNT}
            another = before is Kind.AND or (phrase.of in units and before is not Kind.OR)
            if len(groups) == 1 or (another and not depth):
                groups.append([])
        depth += (phrase.kind is Kind.OPEN) - (phrase.kind is Kind.CLOSE)
        before = phrase.kind
        groups[-1].append(phrase)
    return groups


def _intake(group: list[Phrase], per_day: int) -> Intake:
    most = dict.fromkeys(("capsules", "drops", "mL", "mg"), _ZERO)
    for phrase in group:
        if phrase.kind is Kind.AMOUNT:
            most[phrase.of] = max(most[phrase.of], phrase.number)
    return Intake(Amounts(*most.values()), per_day)


def _occasions(group: list[Phrase]) -> int:
    """At how many times of day: evening and bedtime are one, unless both are said; "morning or bedtime" is one of two."""
    said = [phrase for phrase in group if phrase.kind in (Kind.OCCASION, Kind.AND, Kind.OR)]
    times = [phrase for phrase in said if phrase.kind is Kind.OCCASION]
    clocks = {phrase.of for phrase in times if phrase.of[0].isdigit() or phrase.of.startswith("at ")}
    between = {
        said[place].kind
        for place in range(1, len(said) - 1)
        if said[place - 1].kind is Kind.OCCASION and said[place + 1].kind is Kind.OCCASION
    }
    if Kind.AND in between:
        return max(len({phrase.text for phrase in times if phrase.of not in clocks}), len(clocks))
    if Kind.OR in between:
        return 1
    return max(len({phrase.of for phrase in times} - clocks), len(clocks))


def stated_day(steps: list[Step], bare: int) -> Intake | None:
    """The largest day of the steps: one that follows another in time takes its place, else both are taken."""
    days: list[list[Intake]] = []
    last: Step | None = None
    for step in steps:
        if last is None or _follows(step, last):
            days.append([])
        days[-1].extend(step.intakes)
        last = step
    return most_of([day_of(tuple(day), bare) for day in days]) if days else None


def _follows(step: Step, last: Step) -> bool:
    """Whether a step begins when the last one has ended: "for 14 days, then", "week 1 ... week 2", "after 2 weeks"."""
    if step.heading is None:
        return step.then and last.lasts
    before = last.heading
    if not step.heading.last:
        return True
    return before is not None and before.of == step.heading.of and before.last < step.heading.number


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
