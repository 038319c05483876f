"""FC9: the specification, and the record's tie to it."""

from collections.abc import Iterator

from formcheck.findings import Authority, Severity, Verdict
from formcheck.planning.batch import Batch
from formcheck.rules.rule import OUTSOURCING, Fault, record_rule


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
    "FC908",
    "What a compounding record contains",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source="USP <795> (official 1 Nov 2023) 7.2, compounding record",
    needs=("id", "strength", "made", "quantity", "beyond_use_date", "storage", "description"),
    alone=True,
)
def record_complete(batch: Batch) -> Iterator[Fault]:
    """A compounding record says what was made, when, how much of it, from what, by whom, and what came of it.

    Its number, strength and dosage form; the day; the quantity; every component with lot, vendor, expiry and what was
    weighed or measured; beyond-use date and storage; a description of the finished preparation; the results of the
    tests; the formulation it was made by; who compounded and who verified. Other rules look at each of these; this one
    looks that none is absent. The yield, and a second person at every weighing, are not among them.

    Write down what is missing, as long as somebody still knows it.
    """
    if not batch.record.components:
        yield Fault("the record names no component", ("components",), found="nothing", verdict=Verdict.NOT_DETERMINED)
    if batch.form is None and batch.formulation is not None:
        yield Fault(
            "neither the record nor its formulation says the dosage form",
            ("dosage_form",),
            verdict=Verdict.NOT_DETERMINED,
        )


def _says_its_facility(batch: Batch) -> bool:
    return batch.record.facility is not None


@record_rule(
    "FC910",
    "Kind of facility decides severity",
    severity=Severity.INFO,
    authority=Authority.REGULATION,
    source="FD&C Act 503A (pharmacies) and 503B (outsourcing facilities, 21 CFR 211 applies)",
    applies=_says_its_facility,
    alone=True,
)
def facility_of_record(batch: Batch) -> Iterator[Fault]:
    """A pharmacy (503A) compounds for a named patient; an outsourcing facility (503B) keeps the rules of manufacturers.

    What is advice for one is law for the other: a second checker, the yield, signatures with their meaning. A record that
    says it is of an outsourcing facility is judged as such, even where the rules of a pharmacy were asked for.

    Under another profile its record is not determined, since nobody looked at those rules.

    Nothing is to be done if the facility is right; else correct it, or name the profile: --profile usp-503b.
    """
    facility = batch.record.facility
    judged_as = {"usp-503a": "503A", OUTSOURCING: "503B"}.get(batch.profile)
    if facility == "503B" and judged_as == "503B":
        yield Fault("the record is of an outsourcing facility (503B), and was judged as such", ("facility",), found="503B")
    elif facility == "503B":
        yield Fault(
            "the record is of an outsourcing facility (503B), and was judged by the European profile: the rules of "
            "manufacturers (21 CFR 211) were not looked at",
            ("facility",),
            found="503B",
            limit="--profile usp-503b",
            help="Judge it with --profile usp-503b as well; or correct the facility.",
            verdict=Verdict.NOT_DETERMINED,
            severity=Severity.ERROR,
        )
    elif judged_as is not None and facility != judged_as:
        yield Fault(
            f"the record is of a pharmacy ({facility}), and was judged by the rules of an outsourcing facility",
            ("facility",),
            found=str(facility),
            limit=str(judged_as),
        )


@record_rule(
    "FC911",
    "Example record against what it expects",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="the record's own `expects`",
    subjects=("example",),
)
def example_as_expected(_: object) -> Iterator[Fault]:
    """The records beside a formulation are its tests: each says which findings it is meant to have.

    `lint` judges them and compares. A finding that was expected and did not come means that a check of the
    formulation was lost; one that came unexpected means that an honest batch would now be stopped.

    Correct the formulation, or the record's `expects`, whichever is wrong.
    """
    return iter(())


@record_rule(
    "FC915",
    "Formulation without errors of its own",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck: a limit that is wrong judges nothing",
)
def formulation_in_order(batch: Batch) -> Iterator[Fault]:
    """A batch cannot pass by a formulation in which `lint` finds an error: its limits, or its dating, judge nothing.

    An assay of 60 % keeps limits of 50 to 150 %. What the record breaks is named all the same; where it breaks nothing, it
    is not determined. An error that somebody took on by a waiver in the formulation does not count.

    Run formcheck lint on the formulation and correct what it names, or waive it there; then check the batch again.
    """
    paper, codes = batch.formulation, ", ".join(batch.errors_of_formulation)
    if paper is not None and codes:
        yield Fault(
            message=f"{paper.id} version {paper.version} has errors itself ({codes}): a batch cannot pass by it",
            field=("formulation",),
            found=codes,
            limit="a formulation without errors",
            verdict=Verdict.NOT_DETERMINED,
        )
