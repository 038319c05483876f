"""FC8: people."""

from collections.abc import Iterator

from formcheck.findings import Authority, Severity, Verdict
from formcheck.papers.compounding import Person
from formcheck.papers.values import Interval
from formcheck.planning.batch import Batch
from formcheck.planning.names import Likeness, likeness
from formcheck.rules.rule import OUTSOURCING, Fault, Ruling, record_rule

YEARLY = Interval.read("12 months")
SIGNERS = ("compounded_by", "verified_by")


@record_rule(
    "FC801",
    "Compounder and verifier identified",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source="USP <795> (official 1 Nov 2023) 7.2, compounding record; training every 12 months",
    needs=("people.compounded_by.name", "people.verified_by.name"),
    alone=True,
)
def people_identified(batch: Batch) -> Iterator[Fault]:
    """The record must say who compounded and who verified the preparation, and both must be trained.

    A sole pharmacist may do both: two different people are good practice in a pharmacy (503A), and
    required of an outsourcing facility (503B). Credentials, capitals and the order of a name make no second person;
    where one name says less than the other ("I. Calloway", "Idris Calloway"), it is not determined. A single letter
    names nobody. Where the record gives a training date, it must be within the twelve months before compounding.

    Write down the missing name. Who was not trained may not release the batch.
    """
    people, made = batch.record.people, batch.record.made
    if people is None or people.compounded_by is None or people.verified_by is None:
        return
    for role, person in (("compounded_by", people.compounded_by), ("verified_by", people.verified_by)):
        if person.name is not None and sum(map(str.isalpha, person.name)) == 1 and person.name.isascii():
            yield Fault(
                message=f'"{person.name}" ({role.replace("_", " ")}) names nobody',
                field=("people", role, "name"),
                found=person.name,
                limit="the name of a person",
                help="Write the name in full, given name and surname.",
                verdict=Verdict.NOT_DETERMINED,
            )
    yield from _one_person(batch, people.compounded_by, people.verified_by)
    for role, person in (("compounded_by", people.compounded_by), ("verified_by", people.verified_by)):
        if person.trained is None or made is None:
            continue
        until = YEARLY.after(person.trained)
        if made > until or person.trained > made:
            late = f"was trained {person.trained}, which counts until {until}, before the batch was made on {made}"
            early = f"was trained on {person.trained}, only after the batch was made on {made}"
            yield Fault(
                message=f"{person.name} {late if made > until else early}",
                field=("people", role, "trained"),
                found=str(person.trained),
                limit=f"within 12 months before {made}",
                help=f"Look whether the date is right (people.{role}.trained). If it is, somebody who is trained makes or "
                "verifies the batch anew.",
            )


def _one_person(batch: Batch, compounder: Person, verifier: Person) -> Iterator[Fault]:
    alike = likeness(compounder.name, verifier.name)
    if alike is Likeness.DIFFERENT:
        return
    outsourcing = batch.profile == OUTSOURCING
    fault = Fault(
        message=f"{verifier.name} both compounded and verified the batch",
        field=("people", "verified_by", "name"),
        help="Have a second person verify, where there is one.",
        found="one person",
        limit="two people",
        severity=Severity.ERROR if outsourcing else Severity.WARNING,
        authority=Authority.REGULATION if outsourcing else Authority.GOOD_PRACTICE,
        source="21 CFR 211.188(b)(11) for outsourcing facilities" if outsourcing else "good practice (USP <1163>)",
    )
    yield fault if alike is Likeness.SAME else _may_be_one(fault, compounder.name, verifier.name)


def _may_be_one(fault: Fault, one: str | None, other: str | None) -> Fault:
    """The fault where two names may be one person's: one of them says less than the other."""
    return fault._replace(
        message=f'"{one}" and "{other}" may be one person or two: the names do not say',
        help="Write both names in full, given name and surname, as they stand in the list of staff.",
        found=f"{one}, {other}",
        verdict=Verdict.NOT_DETERMINED,
    )


def _may_say_who_checked(batch: Batch) -> bool:
    people = batch.record.people
    return batch.profile == OUTSOURCING or (people is not None and people.weighings_checked_by is not None)


@record_rule(
    "FC802",
    "Second check of the weighings",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (a second person at critical steps)",
    under={
        OUTSOURCING: Ruling(
            Severity.ERROR,
            Authority.REGULATION,
            "21 CFR 211.101(d), 211.188(b)(11) for outsourcing facilities",
            needs=("people.weighings_checked_by.name", "people.compounded_by.name"),
        )
    },
    applies=_may_say_who_checked,
    alone=True,
)
def second_check(batch: Batch) -> Iterator[Fault]:
    """Where a second person is said to have checked the weighings, it is not the one who weighed.

    A balance read by the same eyes twice hides the same slip twice: 51.1 for 511.0 mg is ten times too little. A pharmacy
    (503A) need not name a checker, and nothing is said where it does not. An outsourcing facility (503B) names one for
    every batch.

    Write down who watched the weighings. Where nobody did, a pharmacy leaves the field out; an outsourcing facility does
    not release the batch.
    """
    people = batch.record.people
    if people is None or people.weighings_checked_by is None or people.compounded_by is None:
        return
    compounder, checker = people.compounded_by.name, people.weighings_checked_by.name
    alike = likeness(compounder, checker)
    fault = Fault(
        message=f"{checker} both compounded and checked the weighings",
        field=("people", "weighings_checked_by", "name"),
        found="one person",
        limit="two people",
    )
    if alike is not Likeness.DIFFERENT:
        yield fault if alike is Likeness.SAME else _may_be_one(fault, compounder, checker)


def _has_people(batch: Batch) -> bool:
    return batch.profile == OUTSOURCING or batch.record.people is not None


@record_rule(
    "FC803",
    "Signature with name, time and meaning",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (after 21 CFR 11.50, which binds outsourcing facilities)",
    under={
        OUTSOURCING: Ruling(
            Severity.ERROR,
            Authority.REGULATION,
            "21 CFR 11.50 for outsourcing facilities",
            needs=tuple(f"people.{role}.{part}" for role in SIGNERS for part in ("name", "at", "meaning")),
        )
    },
    applies=_has_people,
    alone=True,
)
def signature_complete(batch: Batch) -> Iterator[Fault]:
    """A signature says who signed, on which day and at what time, and what the signature stands for.

    A date alone does not tell whether the verification came before or after the work. In a pharmacy (503A) the role says
    what the signature means: compounded by, verified by. An outsourcing facility (503B) writes the meaning down too.

    Add the day and the time of day, as in at: YYYY-MM-DDThh:mm.
    """
    for role in SIGNERS:
        person: Person | None = getattr(batch.record.people, role, None)
        if person is None or person.name is None:
            continue
        if person.at is None or person.at.time is None:
            given = "no day and no time" if person.at is None else f"{person.at.date} without a time"
            yield Fault(
                message=f"the signature of {person.name} ({role.replace('_', ' ')}) has {given}",
                field=("people", role, "at"),
                found=given,
                limit="day and time of the signature",
            )
