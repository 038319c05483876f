"""FC8: people."""

from collections.abc import Iterator

from formcheck.findings import Authority, Severity
from formcheck.papers.values import Interval
from formcheck.planning.batch import Batch
from formcheck.rules.rule import Fault, record_rule

YEARLY = Interval.read("12 months")


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
    required of an outsourcing facility (503B). Where the record gives a training date, it must be
    within the twelve months before compounding.

    Write down the missing name. Who was not trained may not release the batch.
    """
    people, made = batch.record.people, batch.record.made
    if people is None or people.compounded_by is None or people.verified_by is None:
        return
    if same_person(people.compounded_by.name, people.verified_by.name):
        yield _same_person(batch, str(people.verified_by.name))
    for role, person in (("compounded_by", people.compounded_by), ("verified_by", people.verified_by)):
        if person.trained is None or made is None:
            continue
        until = YEARLY.after(person.trained)
        if made > until or person.trained > made:
            late = f"was trained {person.trained}, which counts until {until}"
            yield Fault(
                message=f"{person.name} {late if made > until else 'was trained only after the batch was made'}",
                field=("people", role, "trained"),
                found=str(person.trained),
                limit=f"within 12 months before {made}",
            )


def same_person(one: str | None, other: str | None) -> bool:
    """Whether two names are the same, but for spaces and capitals."""
    return (one or "").casefold().split() == (other or "").casefold().split()


def _same_person(batch: Batch, name: str) -> Fault:
    outsourcing = batch.profile == "usp-503b"
    return Fault(
        message=f"{name} both compounded and verified the batch",
        field=("people", "verified_by", "name"),
        help="Have a second person verify, where there is one.",
        found="one person",
        limit="two people",
        severity=Severity.ERROR if outsourcing else Severity.WARNING,
        authority=Authority.REGULATION if outsourcing else Authority.GOOD_PRACTICE,
        source="21 CFR 211.188(b)(11) for outsourcing facilities" if outsourcing else "good practice (USP <1163>)",
    )
