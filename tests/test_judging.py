"""The engine: one rule, one subject, what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import attrs
import pytest
from catalogue.pairs import batch_of, changed, formulation, good, library_of, read

from formcheck.findings import Authority, Location, Severity, Verdict
from formcheck.judging import Outcome, State, field_name, finding_of, judge
from formcheck.rules.catalogue import by_code
from formcheck.rules.rule import Fault, Limits, Part, Row, Rule, Ruling, Telling, limit_rule, record_rule

COMMON: dict[str, Any] = {"severity": Severity.ERROR, "authority": Authority.COMPENDIAL, "source": "USP <0>"}
ROW = ("rows",)


@attrs.frozen
class Subject:
    """A subject with numbers to judge, and fields that say nothing."""

    numbers: tuple[Fraction | None, ...] = ()
    blank: tuple[str, ...] = ()

    def missing(self, needs: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        return tuple((need,) for need in needs if need in self.blank)


def of(*numbers: str | None, blank: Iterable[str] = ()) -> Subject:
    """A subject with these numbers."""
    return Subject(tuple(None if n is None else Fraction(n) for n in numbers), tuple(blank))


def tell(place: int) -> Telling:
    return Telling(f"number {place}", working="as read", help="Look again.", unknown="nobody wrote it down")


def rows(limits: Limits, **rest: Any) -> Any:
    """Rows of the numbers of a subject, each judged by the same limits."""

    def of_subject(subject: Subject) -> Iterator[Row]:
        for place, number in enumerate(subject.numbers):
            yield Row({"number": number}, limits, rest.get("tell", lambda p=place: tell(p)), ("numbers", place))

    return of_subject


def rule_of(limits: Limits, *, shown_in: str = "mg", rest: dict[str, Any] | None = None, **options: Any) -> Rule:
    """A limit rule that judges each number as it is."""

    @limit_rule(
        "FC999",
        "A number",
        rows=rows(limits, **(rest or {})),
        quantities={"number": shown_in},
        shown_in=shown_in,
        **(COMMON | options),
    )
    def number(number: Any) -> Any:
        """What is looked for.

        What to do.
        """
        return number

    return number


def record_rule_of(*faults: Fault, **options: Any) -> Rule:
    """A record rule that finds these faults."""

    @record_rule("FC998", "A text", **(COMMON | options))
    def text(_: Any) -> Iterator[Fault]:
        """What is looked for.

        What to do,
        in two lines.
        """
        yield from faults

    return text


def said(outcome: Outcome) -> list[str]:
    return [finding.message for finding in outcome.findings]


# ---------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("number", "broken"), [("15.04", False), ("15.049999", False), ("15.05", True), ("15", False), ("16", True)]
)
def test_an_upper_limit_is_compared_after_rounding_half_up(number: str, broken: bool) -> None:
    """15.04 rounds to 15.0 and is within; 15.05 rounds half up to 15.1 and is not."""
    found = judge(rule_of(Limits.at_most("15.0 mg", "USP <0>")), of(number)).findings

    assert bool(found) is broken


@pytest.mark.parametrize(("number", "broken"), [("97.95", False), ("97.949999", True), ("98", False), ("97.9", True)])
def test_a_lower_limit_is_compared_after_rounding_half_up(number: str, broken: bool) -> None:
    """97.95 rounds half up to 98.0 and is within; anything below rounds to 97.9 and is not."""
    found = judge(rule_of(Limits.at_least("98.0 mg", "USP <0>")), of(number)).findings

    assert bool(found) is broken


@pytest.mark.parametrize(("number", "broken"), [("10", False), ("10.000000000001", True), ("9.99", False)])
def test_a_dose_is_compared_as_it_is(number: str, broken: bool) -> None:
    """A limit that does not round is broken by the smallest excess, and includes itself."""
    found = judge(rule_of(Limits.at_most("10 mg", "own", rounded=False)), of(number)).findings

    assert bool(found) is broken


def test_a_limit_is_compared_in_coherent_units() -> None:
    """A limit of 0.5 g is 500 mg, with the decimals it was written with: 549.99 mg rounds to 0.5 g, 550 mg does not."""
    rule = rule_of(Limits.at_most("0.5 g", "USP <0>"), shown_in="g")

    assert judge(rule, of("549.99")).findings == ()
    assert said(judge(rule, of("550"))) == ["number 0 is 0.6 g, above 0.5 g (as read)"]


def test_a_limit_without_a_unit_is_a_bare_number() -> None:
    """A pH has no unit: 3.3 to 3.9, and 3.95 rounds to 4.0."""
    limits = Limits.between("3.3", "3.9", "the formulation")

    assert [bound.unit for bound in limits.bounds] == ["", ""]
    assert [bound.threshold for bound in limits.bounds] == [Fraction("3.25"), Fraction("3.95")]


# ---------------------------------------------------------------------------- findings of a limit rule


def test_a_broken_limit_says_what_it_is_found_the_limit_and_the_source() -> None:
    """The finding of a limit carries value, limit, source, working, help and place, and the rule's own words."""
    where = Location("a.yaml", 3, 7)
    (finding,) = judge(
        rule_of(Limits.between("90.0 mg", "110.0 mg", "Ph. Eur. 0")), of("110.05"), place=lambda path: where
    ).findings

    assert finding.message == "number 0 is 110.1 mg, above 110.0 mg (as read)"
    assert (finding.found, finding.limit, finding.source) == ("110.1 mg", "90.0 to 110.0 mg", "Ph. Eur. 0")
    assert (finding.code, finding.title, finding.field) == ("FC999", "A number", "numbers[0]")
    assert (finding.verdict, finding.severity, finding.authority) == ("fail", "error", "compendial")
    assert finding.help == "Look again."
    assert finding.location == where


def test_without_a_place_the_finding_has_none() -> None:
    """A rule may be judged without a file; its findings then have no place."""
    (finding,) = judge(rule_of(Limits.at_most("1 mg", "USP <0>")), of("2")).findings

    assert finding.location == Location()


def test_an_unrounded_value_reads_differently_from_its_limit() -> None:
    """10.000001 mg is never printed as 10 mg, above 10 mg."""
    found = judge(rule_of(Limits.at_most("10 mg", "own", rounded=False)), of("10.000001"))

    assert said(found) == ["number 0 is 10.000001 mg, above 10 mg (as read)"]


def test_a_bare_value_is_printed_without_its_unit() -> None:
    """An acceptance value is a percentage that nobody writes with a % sign."""
    rule = rule_of(Limits.at_most("15.0 %", "USP <0>"), shown_in="%", bare=True)

    assert said(judge(rule, of("0.1505"))) == ["number 0 is 15.1, above 15.0 (as read)"]


def test_a_row_may_have_a_sentence_of_its_own() -> None:
    """Where a number of days would read badly, the row says the sentence and the figure itself."""
    telling = Telling("the time", said="it expired on 2026-02-28", found="expired 02/2026")
    rule = rule_of(Limits.at_least("0 days", "USP <0>", rounded=False), shown_in="days", rest={"tell": lambda: telling})
    (finding,) = judge(rule, of("-2")).findings

    assert (finding.message, finding.found) == ("it expired on 2026-02-28", "expired 02/2026")


def test_a_row_without_help_of_its_own_has_the_help_of_the_rule() -> None:
    """What to do is the last paragraph of the manual, unless the row knows better."""
    rule = rule_of(Limits.at_most("1 mg", "USP <0>"), rest={"tell": lambda: Telling("it")})
    (finding,) = judge(rule, of("2")).findings

    assert finding.help == "What to do."
    assert finding.message == "it is 2 mg, above 1 mg"


def test_only_the_first_bound_that_is_broken_is_named() -> None:
    """A value below the lower bound is said to be below it, and only that."""
    rule = rule_of(Limits.between("90.0 mg", "110.0 mg", "USP <0>"))

    assert said(judge(rule, of("89.949"))) == ["number 0 is 89.9 mg, below 90.0 mg (as read)"]


def test_several_broken_rows_make_a_finding_each() -> None:
    """Components are different things: each has its own finding."""
    found = judge(rule_of(Limits.at_most("1 mg", "USP <0>")), of("2", "1", "3"))

    assert [finding.field for finding in found.findings] == ["numbers[0]", "numbers[2]"]


def test_gathered_rows_make_one_finding_that_names_five() -> None:
    """Capsules are one sample: many of them outside are one finding, which names the first five and counts the rest."""
    rule = rule_of(Limits.at_most("1 mg", "USP <0>"), gathered=True, of=" each")
    (finding,) = judge(rule, of("2", "3", "1", "4", "5", "6", "7", "8")).findings

    assert finding.message == (
        "7 values are outside at most 1 mg each: "
        "number 0 2 mg, number 1 3 mg, number 3 4 mg, number 4 5 mg, number 5 6 mg and 2 more"
    )
    assert (finding.field, finding.limit, finding.help) == ("numbers[0]", "at most 1 mg", "Look again.")


def test_exactly_five_gathered_rows_are_all_named() -> None:
    """Five values are named and nobody is told of "0 more"."""
    (finding,) = judge(rule_of(Limits.at_most("1 mg", "USP <0>"), gathered=True), of("2", "3", "4", "5", "6")).findings

    assert "more" not in finding.message and "number 4 6 mg" in finding.message


def test_gathered_rows_without_help_have_the_help_of_the_rule() -> None:
    """A gathered finding says what to do as any other does."""
    rule = rule_of(Limits.at_most("1 mg", "USP <0>"), gathered=True, rest={"tell": lambda: Telling("it")})
    (finding,) = judge(rule, of("2", "3")).findings

    assert finding.help == "What to do."


def test_one_broken_row_of_a_gathered_rule_is_told_like_any_other() -> None:
    """A single capsule outside has its own sentence, with its working."""
    found = judge(rule_of(Limits.at_most("1 mg", "USP <0>"), gathered=True), of("1", "2"))

    assert said(found) == ["number 1 is 2 mg, above 1 mg (as read)"]


def test_a_row_may_make_less_than_a_failure_of_a_broken_limit() -> None:
    """Stage 1 above L1 is no failure yet: the row says which verdict its broken limit has."""

    def one(subject: Subject) -> Iterator[Row]:
        yield Row({"number": Fraction(2)}, Limits.at_most("1 mg", "s"), lambda: Telling("it"), (), Verdict.NOT_DETERMINED)

    part = Part(lambda number: number, one, "mg")
    rule = rule_of(Limits.at_most("1 mg", "s"))._replace(parts=(part,))

    assert [finding.verdict for finding in judge(rule, of()).findings] == [Verdict.NOT_DETERMINED]


def test_a_rule_may_have_further_parts() -> None:
    """Each part is judged over its own rows, with its own function, limits and unit."""

    def twice(subject: Subject) -> Iterator[Row]:
        for number in subject.numbers:
            yield Row({"number": number}, Limits.at_most("3 mg", "s"), lambda: Telling("twice that"))

    rule = rule_of(Limits.at_most("1 mg", "s"), also=(Part(lambda number: 2 * number, twice, "mg"),))

    assert said(judge(rule, of("1"))) == []
    assert said(judge(rule, of("2"))) == ["number 0 is 2 mg, above 1 mg (as read)", "twice that is 4 mg, above 3 mg"]


# ---------------------------------------------------------------------------- missing


def test_a_missing_value_is_not_determined_with_its_reason() -> None:
    """A row without a value is not determined, and says why, whatever the function would have said."""
    (finding,) = judge(rule_of(Limits.at_most("1 mg", "USP <0>")), of(None)).findings

    assert finding.verdict is Verdict.NOT_DETERMINED
    assert finding.message == "number 0: not determined, because nobody wrote it down"
    assert (finding.help, finding.field) == ("Look again.", "numbers[0]")


def test_a_missing_value_without_a_reason_is_not_determined_all_the_same() -> None:
    """A row that does not know why its value is missing says that one is, and what the rule says to do."""
    rule = rule_of(Limits.at_most("1 mg", "USP <0>"), rest={"tell": lambda: Telling("it")})
    (finding,) = judge(rule, of(None)).findings

    assert finding.message == "it: not determined, because a value is missing"
    assert finding.help == "What to do."


def test_a_function_that_gives_nothing_is_not_determined() -> None:
    """Where the arithmetic itself says "missing", nothing passes."""
    part = Part(lambda number: None, rows(Limits.at_most("1 mg", "s")), "mg")
    rule = rule_of(Limits.at_most("1 mg", "s"))._replace(parts=(part,))

    assert [finding.verdict for finding in judge(rule, of("1")).findings] == [Verdict.NOT_DETERMINED]


def test_a_limit_rule_with_nothing_to_judge_is_not_determined() -> None:
    """No rows at all are no pass."""
    (finding,) = judge(rule_of(Limits.at_most("1 mg", "USP <0>")), of()).findings

    assert (finding.verdict, finding.message) == (Verdict.NOT_DETERMINED, "there is nothing to judge")
    assert (finding.field, finding.found, finding.help) == (None, "nothing", "What to do.")


def test_a_missing_need_is_named_and_the_rule_is_not_determined() -> None:
    """The engine looks at the needs of a rule itself, and names what says nothing."""
    (finding,) = judge(rule_of(Limits.at_most("1 mg", "s"), needs=("lot", "name")), of(blank=["lot"])).findings

    assert (finding.verdict, finding.message, finding.field) == (Verdict.NOT_DETERMINED, "not said: lot", "lot")
    assert finding.help.startswith("Write down what is missing")


def test_a_missing_need_silences_rows_that_cannot_be_judged_but_not_broken_ones() -> None:
    """One sentence for what is missing; a value that is there and beyond its limit still fails."""
    found = judge(rule_of(Limits.at_most("1 mg", "s"), needs=("lot",)), of(None, "2", blank=["lot"]))

    assert [(f.verdict, f.message) for f in found.findings] == [
        ("not_determined", "not said: lot"),
        ("fail", "number 1 is 2 mg, above 1 mg (as read)"),
    ]


def test_a_record_rule_does_not_run_without_what_it_needs() -> None:
    """A record rule is never trusted with missing data: it is not asked."""
    rule = record_rule_of(Fault(message="wrong"), needs=("lot",))

    assert said(judge(rule, of(blank=["lot"]))) == ["not said: lot"]
    assert said(judge(rule, of())) == ["wrong"]


def test_everything_that_is_missing_is_named() -> None:
    """A long list of what is missing is not cut: each of it has to be written down."""
    needs = tuple("abcdefg")
    rule = record_rule_of(needs=needs)

    assert said(judge(rule, of(blank=needs[:5]))) == ["not said: a, b, c, d, e"]
    assert said(judge(rule, of(blank=needs))) == ["not said: a, b, c, d, e, f, g"]


def test_what_is_missing_is_named_in_the_words_of_the_trade_and_once() -> None:
    """A batch knows what a pharmacist calls its fields."""
    found = judge(by_code()["FC210"], batch_of(changed(good(), {"components.2.lot": "TBD"})))

    assert said(found) == ["not said: the lot of hard gelatin capsule"]


# ---------------------------------------------------------------------------- faults


def test_a_fault_takes_from_the_rule_what_it_does_not_say() -> None:
    """Severity, authority, source and help of a finding are the rule's, unless the fault has its own."""
    bare, own = judge(
        record_rule_of(
            Fault(message="bare"),
            Fault(
                message="own",
                field=("people", "verified_by", "name"),
                found="one",
                limit="two",
                help="",
                severity=Severity.WARNING,
                authority=Authority.GOOD_PRACTICE,
                source="advice",
            ),
        ),
        of(),
    ).findings

    assert (bare.severity, bare.authority, bare.source, bare.help) == (
        Severity.ERROR,
        Authority.COMPENDIAL,
        "USP <0>",
        "What to do, in two lines.",
    )
    assert (bare.field, bare.found, bare.limit, bare.verdict) == (None, None, None, Verdict.FAIL)
    assert (own.severity, own.authority, own.source, own.help) == (
        Severity.WARNING,
        Authority.GOOD_PRACTICE,
        "advice",
        "",
    )
    assert (own.field, own.found, own.limit) == ("people.verified_by.name", "one", "two")


def test_an_info_is_a_note_and_never_a_failure() -> None:
    """What is merely worth knowing is a note; not determined stays so."""
    note, unknown = judge(
        record_rule_of(
            Fault(message="know this"), Fault(message="unknown", verdict=Verdict.NOT_DETERMINED), severity=Severity.INFO
        ),
        of(),
    ).findings

    assert (note.verdict, unknown.verdict) == (Verdict.NOTE, Verdict.NOT_DETERMINED)


def test_a_fault_with_an_own_severity_of_info_is_a_note_too() -> None:
    """The severity of the finding decides, not that of the rule."""
    (finding,) = judge(record_rule_of(Fault(message="know this", severity=Severity.INFO)), of()).findings

    assert (finding.verdict, finding.severity) == (Verdict.NOTE, Severity.INFO)


def test_a_rule_may_weigh_differently_under_a_profile() -> None:
    """What is advice in a pharmacy may be an error in an outsourcing facility."""
    law = Ruling(Severity.ERROR, Authority.REGULATION, "21 CFR 211.103")
    rule = record_rule_of(Fault(message="x"), severity=Severity.WARNING, under={"usp-503b": law})

    (advice,), (required,) = judge(rule, of()).findings, judge(rule, of(), profile="usp-503b").findings
    assert (advice.severity, advice.authority, advice.source) == (Severity.WARNING, rule.authority, rule.source)
    assert (required.severity, required.authority, required.source) == law[:3]


def test_a_rule_may_need_more_under_a_profile() -> None:
    """What a profile needs beside the rule's own needs is missing only under that profile."""
    law = Ruling(Severity.ERROR, Authority.REGULATION, "21 CFR 11.50", needs=("lot",))
    rule = record_rule_of(severity=Severity.WARNING, under={"usp-503b": law})

    assert judge(rule, of(blank=["lot"])).findings == ()
    (finding,) = judge(rule, of(blank=["lot"]), profile="usp-503b").findings
    assert (finding.verdict, finding.severity) == (Verdict.NOT_DETERMINED, Severity.ERROR)


def test_a_finding_can_be_made_of_a_fault_alone() -> None:
    """A refused dose is a fault without a subject, and becomes a finding without a place."""
    finding = finding_of(record_rule_of(), Fault(message="refused", found="18 mg"))

    assert (finding.code, finding.message, finding.found) == ("FC998", "refused", "18 mg")
    assert finding.location == Location()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), ""),
        (("made",), "made"),
        (("components", 0, "certificate", "water"), "components[0].certificate.water"),
        (("unit_masses", "values", 3), "unit_masses.values[3]"),
    ],
)
def test_a_field_is_named_by_its_path(path: tuple[str | int, ...], name: str) -> None:
    """A path in words: keys with points between them, places of a list in brackets."""
    assert field_name(path) == name


# ---------------------------------------------------------------------------- what became of a rule


def test_a_rule_of_another_profile_does_not_apply() -> None:
    """A rule that a profile does not know says nothing under it."""
    rule = record_rule_of(Fault(message="x"), profiles=("ph-eur",))

    assert judge(rule, of()) == Outcome(State.DOES_NOT_APPLY)
    assert judge(rule, of(), profile="ph-eur").state is State.JUDGED


def test_a_rule_that_does_not_apply_says_nothing() -> None:
    """A rule about capsules says nothing of a liquid, though its needs are missing."""
    rule = record_rule_of(Fault(message="x"), needs=("lot",), applies=lambda subject: False)

    assert judge(rule, of(blank=["lot"])) == Outcome(State.DOES_NOT_APPLY)


def due(test: dict[str, str], change: dict[str, Any] | None = None) -> Outcome:
    """What becomes of the assay rule where the record has no assay and the formulation plans the test so."""
    papers = changed(formulation(), {"tests": [test] if test else []})
    return judge(by_code()["FC411"], batch_of(changed(good(), {"assay": "null"} | (change or {})), library_of(papers)))


EVERY_6_MONTHS = {"name": "assay", "when": "periodic", "every": "6 months"}


def test_a_test_the_formulation_does_not_have_does_not_apply() -> None:
    """A formulation without an assay does not want one of the record."""
    assert due({"name": "count", "when": "every_batch"}).state is State.DOES_NOT_APPLY


def test_a_test_that_is_not_due_is_no_finding() -> None:
    """Within its interval a periodic test need not stand in the record."""
    assert due(EVERY_6_MONTHS, {"last_tests.assay": "2026-01-28"}) == Outcome(State.NOT_DUE)


@pytest.mark.parametrize(
    ("test", "change"),
    [
        (EVERY_6_MONTHS, {"last_tests.assay": "2025-08-01"}),
        (EVERY_6_MONTHS, {}),
        ({"name": "assay", "when": "periodic"}, {"last_tests.assay": "2026-01-28"}),
        ({"name": "assay"}, {"last_tests.assay": "2026-01-28"}),
        ({"name": "assay", "when": "every_batch"}, {"last_tests.assay": "2026-01-28"}),
        ({"name": "assay", "when": "on_change"}, {"last_tests.assay": "2026-01-28", "changes": ["new diluent"]}),
    ],
    ids=["overdue", "never done", "no interval", "no schedule", "every batch", "on a change"],
)
def test_a_test_that_is_due_overdue_or_of_unknown_schedule_is_not_determined(
    test: dict[str, str], change: dict[str, Any]
) -> None:
    """Unless it is certain that a test is not due, its absence is not determined."""
    outcome = due(test, change)

    assert outcome.state is State.JUDGED
    assert {finding.verdict for finding in outcome.findings} == {Verdict.NOT_DETERMINED}


def test_a_test_that_is_there_is_judged_though_it_was_not_due() -> None:
    """A result that stands in the record counts, due or not."""
    outcome = judge(
        by_code()["FC411"], batch_of(changed(good(), {"last_tests.assay": "2026-01-28", "assay.value": "80 %"}))
    )

    assert [finding.verdict for finding in outcome.findings] == [Verdict.FAIL]


def test_a_rule_reads_as_its_place_in_the_file() -> None:
    """The engine asks the reading for the place of each finding's field."""
    paper = changed(good(), {"assay.value": "80 %"})
    (finding,) = judge(by_code()["FC411"], batch_of(paper), place=read(paper).location).findings

    assert finding.location.path == "record.yaml"
    assert finding.location.line is not None and finding.location.line > 50
