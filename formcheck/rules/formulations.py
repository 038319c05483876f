"""FC9 and FC304: what a formulation must say before records can be judged by it. Asked by `lint`."""

import datetime
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from formcheck.findings import Authority, Severity
from formcheck.papers.formulation import NEVER_OPTIONAL, MasterFormulationRecord, TestPlan, When
from formcheck.papers.placeholders import is_blank
from formcheck.papers.values import Interval
from formcheck.planning.batch import Batch
from formcheck.rules.rule import Fault, record_rule

MASTER_RECORD = "USP <795> (official 1 Nov 2023) 7.1, master formulation record"
HERE = "(formulation)"


def paper_of(batch: Batch) -> MasterFormulationRecord:
    """The formulation that `lint` judges; an empty one where there is none."""
    return batch.formulation or MasterFormulationRecord()


_ITEMS = {
    "name": "a name",
    "dosage_form": "the dosage form",
    "strengths": "its strengths",
    "components": "its components",
    "container": "the container",
    "instructions": "the instructions",
    "description": "a description of the finished preparation",
    "beyond_use": "the beyond-use date",
    "storage": "the storage",
    "label": "what the label must say",
    "tests": "the tests of quality",
}
_WHERE_APPLICABLE = {"calculations": "the calculations", "equipment": "the equipment"}


def _is_missing(value: Any) -> bool:
    return value in (None, ()) or (isinstance(value, str) and is_blank(value))


@record_rule(
    "FC901",
    "What a master formulation record contains",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=MASTER_RECORD,
    subjects=("formulation",),
)
def formulation_complete(batch: Batch) -> Iterator[Fault]:
    """A master formulation record says everything that another pharmacist needs to make the same preparation again.

    Name, strengths and dosage form; every component with its amount; container; instructions; description of the
    finished preparation; beyond-use date and storage; label; tests. Calculations and equipment belong there where
    they apply, and with a powder whose potency differs from lot to lot they do.

    Write down what is missing. A formulation with gaps leaves the gap to whoever stands at the bench.
    """
    paper = paper_of(batch)
    missing = [words for name, words in _ITEMS.items() if _is_missing(getattr(paper, name))]
    if missing:
        yield Fault(
            f"the formulation does not say: {', '.join(missing)}",
            (HERE,),
            found=f"{len(missing)} item{'s' if len(missing) > 1 else ''} missing",
        )
    for index, component in enumerate(paper.components):
        if is_blank(component.name) or (component.amount is None and component.final_volume is None):
            lacks = "has no name" if is_blank(component.name) else "has no amount and is not made up to a volume"
            place = (HERE, "components", index)
            yield Fault(f"{component.name or f'component {index + 1}'} {lacks}", place, limit="a name and an amount")
        if component.optional == "yes" and component.role in NEVER_OPTIONAL:
            yield Fault(
                f"{component.name}, the {component.role}, is called optional: without it this is another preparation",
                (HERE, "components", index, "optional"),
                found="optional: yes",
                limit="only what changes nothing, such as a flavour",
                help="Take `optional` away, or write a formulation of its own for the preparation without it.",
                authority=Authority.FORMCHECK,
                source="formcheck; without its preservative a liquid keeps 14 days, not 35",
            )
    useful = [words for name, words in _WHERE_APPLICABLE.items() if _is_missing(getattr(paper, name))]
    if useful:
        yield Fault(f"the formulation does not say: {', '.join(useful)}", (HERE,), severity=Severity.WARNING)


def _has_expectation(test: TestPlan) -> bool:
    limits = (test.each, test.mean, test.limits, test.rsd_at_most, test.loss_at_most, test.l1)
    return any(limit is not None for limit in limits) or not is_blank(test.expected)


_LONGEST = Interval.read("24 months")
_SOME_DAY = datetime.date(2026, 1, 1)


@record_rule(
    "FC902",
    "Each test says what is expected",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=f"{MASTER_RECORD}: quality control procedures and expected results",
    subjects=("formulation",),
)
def tests_have_expectations(batch: Batch) -> Iterator[Fault]:
    """A test without a limit or an expected result cannot be failed: "weigh ten capsules" alone says nothing.

    Each test of the formulation has limits as data, or a sentence in `expected` that a person compares with. One test at
    least is due for every batch: where all of them wait for a change or for a month, nobody looks at most batches.

    Give the limit and its source, or say what the result should look like.
    """
    for index, test in enumerate(paper_of(batch).tests):
        if not _has_expectation(test):
            yield Fault(
                f"the test {test.name} says neither a limit nor what is expected",
                (HERE, "tests", index),
                found="no expected result",
                limit="a limit or an expected result",
            )
    tests = paper_of(batch).tests
    if tests and all(test.when is not When.EVERY_BATCH for test in tests):
        yield Fault(
            "no test of the formulation is due for every batch: most batches would be released without a look",
            (HERE, "tests"),
            found="no test is every_batch",
            limit="one test at least, every batch",
            help="Have at least the appearance looked at for every batch (when: every_batch).",
        )
    for index, test in enumerate(tests):
        if test.every is not None and test.every.after(_SOME_DAY) > _LONGEST.after(_SOME_DAY):
            yield Fault(
                f"the test {test.name} is due again after {test.every.text}: that is no schedule",
                (HERE, "tests", index, "every"),
                found=test.every.text,
                limit=f"at most {_LONGEST.text}",
                help="Give an interval of 6 or 12 months.",
                authority=Authority.FORMCHECK,
                source="formcheck; USP sets no number for potency tests in a pharmacy",
                severity=Severity.WARNING,
            )


@record_rule(
    "FC903",
    "Beyond-use date has a source",
    severity=Severity.ERROR,
    authority=Authority.COMPENDIAL,
    source=f"{MASTER_RECORD}: reference for the beyond-use date",
    subjects=("formulation",),
)
def dating_has_a_source(batch: Batch) -> Iterator[Fault]:
    """Each beyond-use date says where it comes from: the table of USP <795>, a monograph, or a study.

    Without its source nobody can see whether the date still holds, for this strength, this vehicle and this container.

    Write the source beside the days.
    """
    for index, entry in enumerate(paper_of(batch).beyond_use):
        lacks = [words for words, value in _dating_items(entry) if value is None or is_blank(value)]
        if lacks:
            yield Fault(
                f"the beyond-use date{f' for {entry.storage}' if entry.storage else ''} does not say {', '.join(lacks)}",
                (HERE, "beyond_use", index),
                found=f"{entry.days} days" if entry.days is not None else "no days",
                limit="days, category and source",
            )


def _dating_items(entry: Any) -> Iterator[tuple[str, Any]]:
    yield "how many days", entry.days
    yield "its category", entry.category
    yield "where it comes from", entry.source


@record_rule(
    "FC904",
    "Strength basis declared",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck; USP, naltrexone hydrochloride tablets are labelled as the hydrochloride",
    subjects=("formulation",),
)
def strength_basis_declared(batch: Batch) -> Iterator[Fault]:
    """The formulation says what the milligrams of its strength are milligrams of: the hydrochloride, or the base.

    4.5 mg of the base is 4.98 mg of the hydrochloride. By convention low-dose naltrexone counts the hydrochloride,
    anhydrous, and a convention that is not written down is read in two ways.

    Write strength_basis: naltrexone-hydrochloride-anhydrous (or naltrexone, for the base).
    """
    if paper_of(batch).strength_basis is None:
        yield Fault(
            "nothing says whether the strength counts the hydrochloride or the base",
            (HERE,),
            found="no basis",
            limit="naltrexone-hydrochloride-anhydrous, or naltrexone",
        )


@record_rule(
    "FC906",
    "Version and approval of the formulation",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (USP <1163>): master formulation records are versioned and approved",
    subjects=("formulation",),
)
def formulation_approved(batch: Batch) -> Iterator[Fault]:
    """A formulation has an id and a version, and says who approved it and on which day.

    Records name the version they were made by. An approval with a name and no day, or a day and no name, is none.
    A formulation that nobody approved yet is an example, and says so wherever it is used.

    Have your pharmacist go through the formulation, and write name and day into `approved`.
    """
    paper = paper_of(batch)
    for name in ("id", "version"):
        if getattr(paper, name) is None or is_blank(getattr(paper, name)):
            yield Fault(f"the formulation has no {name}: no record can name it", (HERE,), found=f"no {name}")
    by, on = (paper.approved.by, paper.approved.on) if paper.approved is not None else (None, None)
    if is_blank(by) != (on is None):
        lacks = "by whom" if is_blank(by) else "on which day"
        yield Fault(f"the approval does not say {lacks}", (HERE, "approved"), limit="a name and a day")


_NOTABLE_OVERAGE = Fraction(5, 100)


@record_rule(
    "FC304",
    "Kind and size of the overage",
    severity=Severity.WARNING,
    authority=Authority.GOOD_PRACTICE,
    source="good practice (USP General Notices: formulate to 100 % of label); DAC/NRF: 5 or 10 % of the active in Germany",
    subjects=("formulation",),
)
def kind_of_overage(batch: Batch) -> Iterator[Fault]:
    """A batch overage makes more of everything and leaves the strength alone; an overage of the active raises it.

    10 % more active with no loss gives 110 % of label, the very limit. In the United States 0 to 5 % of the whole
    batch is usual; the German DAC/NRF adds 5 or 10 % to the active of small capsules, for what stays in the mortar.

    Use a batch overage, or say in the references what loss the overage of the active makes up for.
    """
    active, whole = batch.active_overage, batch.batch_overage
    if active is not None and active > 0 and batch.profile.startswith("usp"):
        said = str(_plan_of(batch).active_overage)
        message = f"the active has an overage of {said}: without a loss every unit holds that much more than its label"
        yield Fault(message, (HERE, "batch", "active_overage"), found=said, limit="0 % of the active")
    if whole is not None and whole > _NOTABLE_OVERAGE:
        said = str(_plan_of(batch).batch_overage)
        message = f"a batch overage of {said} is more than the usual 0 to 5 %"
        place = (HERE, "batch", "batch_overage")
        yield Fault(message, place, found=said, limit="0 to 5 % is usual", severity=Severity.INFO)


def _plan_of(batch: Batch) -> Any:
    return paper_of(batch).batch
