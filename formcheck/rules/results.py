"""FC4: results as they were written down. Those that prove nothing, and a mean that its own figures contradict."""

import datetime
from collections.abc import Iterator
from fractions import Fraction

from formcheck import measures
from formcheck.findings import NOTHING, Authority, Severity, Verdict
from formcheck.papers.compounding import UnitContents, UnitMasses
from formcheck.papers.values import Number
from formcheck.planning.batch import Batch
from formcheck.planning.once import once
from formcheck.rules.masses import ONE_BY_ONE_SOURCE
from formcheck.rules.rule import Fault, record_rule
from formcheck.units import format_number

Results = UnitMasses | UnitContents


def _written(batch: Batch) -> list[tuple[str, Results]]:
    both = (("unit_masses", batch.record.unit_masses), ("unit_contents", batch.record.unit_contents))
    return [(name, results) for name, results in both if results is not None]


def _has_results(batch: Batch) -> bool:
    return batch.record.unit_masses is not None or batch.record.unit_contents is not None


@record_rule(
    "FC417",
    "Masses weighed together, or all equal: they prove nothing",
    severity=Severity.ERROR,
    authority=Authority.GOOD_PRACTICE,
    source=ONE_BY_ONE_SOURCE,
    applies=_has_results,
    alone=True,
)
def masses_prove_nothing(batch: Batch) -> Iterator[Fault]:
    """Capsules weighed together, or results that are all equal, say nothing about the single capsule.

    Five of 250 mg and five of 300 mg average 275 mg. Ten equal masses are most often one mass copied ten times.

    Weigh ten capsules one by one, and write down each mass as the balance shows it.
    """
    masses = batch.record.unit_masses
    if masses is not None and masses.together is not None and not masses.values:
        number = masses.count if masses.count is not None else "several"
        yield Fault(
            message=f"{number} capsules were weighed together ({masses.together}): that says nothing of any one of them",
            field=("unit_masses", "together"),
            found=f"{masses.together} for {number} together",
            limit="one by one",
            verdict=Verdict.NOT_DETERMINED,
        )
    for name, results in _written(batch):
        values, severity = results.values, Severity.ERROR if results is masses else Severity.WARNING
        if len(values) > 1 and all(value.number == values[0].number for value in values):
            yield Fault(
                message=f"all {len(values)} results are {values[0].text}: equal results prove nothing",
                field=(name, "values"),
                found=f"{len(values)} times {values[0].text}",
                limit="results as they were read, one by one",
                help=None if results is masses else _AS_REPORTED,
                verdict=Verdict.NOT_DETERMINED if severity is Severity.ERROR else Verdict.FAIL,
                severity=severity,
            )


_AS_REPORTED = "Look into the laboratory's report, and enter the content of each unit as it was found."


def _is_summarised(batch: Batch) -> bool:
    return any(
        stated is not None for _, results in _written(batch) for stated in (results.mean, results.least, results.greatest)
    )


@record_rule(
    "FC418",
    "A mean outside its own least and greatest",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck: arithmetic; a mean lies between the least and the greatest of its values",
    applies=_is_summarised,
    alone=True,
)
def mean_contradicted(batch: Batch) -> Iterator[Fault]:
    """A mean, a least and a greatest that were written down must agree with each other and with the single values.

    A mean below the least value cannot be, whatever was weighed: a digit slipped, or the figures belong to two
    batches. Where the single values are there, the figures are compared with them to the decimals written: values
    with the mean 178.27 agree with 178.3 and not with 187.3.

    Find out which figure is wrong in the printout of the balance or the laboratory's report, and correct it there.
    """
    for name, results in _written(batch):
        fault = _contradiction(name, results)
        if fault is not None:
            field, message, stated, limit = fault
            yield Fault(message=message, field=(name, field), found=_shown(stated.text, results), limit=limit)


_OF = {"unit_masses": "masses", "unit_contents": "contents"}
Contradiction = tuple[str, str, Number, str]


def _shown(number: str, results: Results) -> str:
    return number if results.unit is None else f"{number} {results.unit}"


def _contradiction(name: str, results: Results) -> Contradiction | None:
    """The first figure of a summary that cannot be: its field, what to say, the figure, what it should be."""
    stated, lowest, highest, of = results.mean, results.least, results.greatest, _OF[name]
    if lowest is not None and highest is not None and lowest.number > highest.number:
        bound = _shown(highest.text, results)
        words = f"the least of the {of} is {_shown(lowest.text, results)}, above the greatest, {bound}"
        return "least", words, lowest, f"at most {bound}"
    if stated is not None and lowest is not None and stated.number < lowest.number:
        bound = _shown(lowest.text, results)
        words = f"the mean of the {of} is {_shown(stated.text, results)}, below the least value, {bound}"
        return "mean", words, stated, f"at least {bound}"
    if stated is not None and highest is not None and stated.number > highest.number:
        bound = _shown(highest.text, results)
        words = f"the mean of the {of} is {_shown(stated.text, results)}, above the greatest value, {bound}"
        return "mean", words, stated, f"at most {bound}"
    return _unlike_the_values(of, results) if results.values else None


def _unlike_the_values(of: str, results: Results) -> Contradiction | None:
    values = [value.number for value in results.values]
    figures = (("mean", results.mean, measures.mean), ("least", results.least, min), ("greatest", results.greatest, max))
    for name, stated, reckoned in figures:
        if stated is not None:
            decimals = len(stated.text.partition(".")[2])
            actual: Fraction = reckoned(values)
            if abs(stated.number - actual) > Fraction(5, 10 ** (decimals + 1)):
                shown = _shown(format_number(actual, max(decimals, 1)), results)
                written = _shown(stated.text, results)
                words = f"the {name} of the {of} is written as {written}, and the {len(values)} values have {shown}"
                return name, words, stated, shown
    return None


_DATED = {"assay": "the assay", "unit_contents": "the contents of the units"}


@once
def _dates(batch: Batch) -> list[tuple[str, datetime.date]]:
    """The results of the record that say of which day they are."""
    results = [(name, getattr(batch.record, name)) for name in _DATED]
    return [(name, result.date) for name, result in results if result is not None and result.date is not None]


@record_rule(
    "FC423",
    "Results are of this batch",
    severity=Severity.ERROR,
    authority=Authority.FORMCHECK,
    source="formcheck: a result cannot be older than the batch it is of",
    needs=("made",),
    applies=lambda batch: batch.record.assay is not None or bool(_dates(batch)),
    alone=True,
)
def result_of_this_batch(batch: Batch) -> Iterator[Fault]:
    """A result with a day before the batch was made is of another batch, and says nothing of this one.

    The assay of an earlier batch shows that the procedure works; its day belongs into `last_tests`. An assay without a day
    is not determined. A result that came in after the release is FC424's matter. One from after the beyond-use date is
    most often a slip of the year, and only a warning.

    Take the result out and write its day into `last_tests`, or correct the day.
    """
    made, until, assay = batch.record.made, batch.record.beyond_use_date, batch.record.assay
    if assay is not None and assay.date is None:
        yield Fault(
            message="the assay: not said of which day it is, so nobody can say that it is of this batch",
            field=("assay", "date"),
            found=NOTHING,
            help="Write the day of the result into `assay`; if it is of an earlier batch, into `last_tests` instead.",
            verdict=Verdict.NOT_DETERMINED,
        )
    for name, date in _dates(batch):
        if made is not None and date < made:
            yield Fault(
                message=f"{_DATED[name]}: of {date}, before the batch was made on {made}, so of another batch",
                field=(name, "date"),
                found=str(date),
                limit=f"not before {made}",
            )
        elif until is not None and date > until:
            yield Fault(
                message=f"{_DATED[name]}: of {date}, after the batch could be used (until {until})",
                field=(name, "date"),
                found=str(date),
                limit=f"not after {until}",
                help="Look whether the year is right; if it is, the result says nothing of the batch while it was used.",
                severity=Severity.WARNING,
            )
