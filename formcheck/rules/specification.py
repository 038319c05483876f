"""FC9: the specification, and the record's tie to it."""

from collections.abc import Iterator

from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.rules.rule import Fault, record_rule


@record_rule(
    "FC909",
    "Formulation named by the record",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source="USP <795> (official 1 Nov 2023) 7.2, compounding record: reference to the master formulation record",
    needs=("formulation.id", "formulation.version", "made", "strength", "strength_basis"),
    alone=True,
)
def formulation_named(batch: Batch) -> Iterator[Fault]:
    """The record must name a master formulation record, by id and version, that was in force when it was made.

    Without the formulation nothing can be judged, and that is never a pass. A strength, a strength basis or a
    dosage form that the formulation does not have means that the batch was made by something else.

    Name the formulation the batch was really made by, and keep its file in the folder of specifications (--specs).
    """
    record, formulation = batch.record, batch.formulation
    if formulation is None:
        named = f"{record.formulation.id} version {record.formulation.version}" if record.formulation else "nothing"
        yield Fault(
            message=f"the formulation {named} is not among the specifications{batch.elsewhere}: "
            "nothing can be judged by it",
            field=("formulation",),
            found=named,
            limit="a formulation in the folder of specifications",
            verdict=Verdict.NOT_DETERMINED,
        )
        return
    approved = formulation.approved.on if formulation.approved is not None else None
    if approved is not None and record.made is not None and approved > record.made:
        yield Fault(
            message=f"the formulation was approved on {approved}, after the batch was made on {record.made}",
            field=("formulation", "version"),
            found=f"made {record.made}",
            limit=f"approved {approved}",
        )
    if not formulation.tests:
        yield Fault(
            message=f"{formulation.id} version {formulation.version} asks for no test: nothing says what a good batch is",
            field=("formulation",),
            verdict=Verdict.NOT_DETERMINED,
        )
    yield from _same_product(batch)


def _same_product(batch: Batch) -> Iterator[Fault]:
    record, formulation = batch.record, batch.formulation
    if formulation is None or record.strength is None:
        return
    named = (record.strength.kind, record.strength.value)
    if all((strength.kind, strength.value) != named for strength in formulation.strengths):
        known = ", ".join(str(strength) for strength in formulation.strengths) or "none"
        yield Fault(
            message=f"{record.strength} is not a strength of {formulation.id} version {formulation.version}",
            field=("strength",),
            found=str(record.strength),
            limit=f"one of {known}",
            help="Correct the strength, or make the batch by a formulation that has it.",
        )
    if formulation.strength_basis != record.strength_basis:
        other = formulation.strength_basis or "does not say"
        yield Fault(
            message=f"the record counts {record.strength_basis}, the formulation {other}",
            field=("strength_basis",),
            help="Say in both papers what the milligrams count.",
            found=str(record.strength_basis),
            limit=str(formulation.strength_basis or "not said"),
        )
    if record.dosage_form is not None and record.dosage_form != formulation.dosage_form:
        yield Fault(
            message=f"the record's dosage form is {record.dosage_form}, the formulation's {formulation.dosage_form}",
            field=("dosage_form",),
            found=str(record.dosage_form),
            limit=str(formulation.dosage_form),
        )


@record_rule(
    "FC911",
    "Example record against what it expects",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="the record's own `expects`",
    subject="example",
)
def example_as_expected(_: object) -> Iterator[Fault]:
    """The records beside a formulation are its tests: each says which findings it is meant to have.

    `lint` judges them and compares. A finding that was expected and did not come means that a check of the
    formulation was lost; one that came unexpected means that an honest batch would now be stopped.

    Correct the formulation, or the record's `expects`, whichever is wrong.
    """
    return iter(())
