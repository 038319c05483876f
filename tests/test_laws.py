"""Laws that hold for every rule at once: fail closed, one rule for one record and for a million."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any, NamedTuple

import duckdb
import narwhals as nw
import pint
import polars
import pytest
from catalogue.pairs import (
    CAPSULES,
    GOOD,
    SPECS,
    Case,
    batch_of,
    cases,
    changed,
    formulation,
    good,
    judged,
    library_of,
    of_case,
    plain,
    read,
    shipped,
)
from column import Column
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.check import Selection, judge_record
from formcheck.findings import Severity, Verdict
from formcheck.judging import State, judge
from formcheck.reading.papers import Reading
from formcheck.reading.specifications import Library
from formcheck.rules.catalogue import ABOUT_RECORDS, CATALOGUE, CEILING_CODE, by_code
from formcheck.rules.rule import PROFILES, Limits, Part, Rule
from formcheck.units import Quantity, amount

WORST_FIRST = [Verdict.FAIL, Verdict.NOT_DETERMINED, Verdict.PASS]
BREAKS = [case for case in cases("breaks") if "change" in case.says or "formulation" in case.says]
BREAKS = [case for case in BREAKS if "lint" not in case.says and case.says["verdict"] != "note"]
FIRST_OF_A_CODE = [case for case in BREAKS if case.name == "breaks"]
NAMES = {"ids": lambda case: case.id}


# ---------------------------------------------------------------------------- blanking

DRIED = {"components.0.certificate": {"assay": "91.3 %", "basis": "dried", "loss_on_drying": "0.5 %"}}
VARIANTS: dict[str, dict[str, Any]] = {
    "anhydrous and solvent-free": {},
    "dried": DRIED,
    "anhydrous": {"components.0.certificate.basis": "anhydrous", "components.0.certificate.solvents": "null"},
    "net masses": {"unit_masses.kind": "net"},
}
CALM = [case for case in cases("passes") if "convert" not in case.says and "lint" not in case.says]


class Paper(NamedTuple):
    """A record that a rule passes, with its formulation, and the profile it is judged under."""

    name: str
    record: dict[str, Any]
    formulation: dict[str, Any]
    profile: str


@cache
def good_papers() -> tuple[Paper, ...]:
    """The good records, and the first one's variants with other kinds of certificate and masses."""
    bases = [Paper(of, good(of), formulation(of), profile) for of in GOOD for profile in PROFILES]
    variants = [Paper(v, changed(good(), c), formulation(), PROFILES[0]) for v, c in VARIANTS.items()]
    return (*bases, *variants)


def paper_of(case: Case) -> Paper:
    """The record and the formulation of a near miss."""
    of = case.says.get("of", CAPSULES)
    plan = changed(formulation(of), case.says.get("formulation", {}))
    return Paper(case.id, of_case(case)[0], plan, case.says.get("profile", PROFILES[0]))


class Needed(NamedTuple):
    """A field that a rule needs, the record it was seen in, and where it stands: in the record or the formulation."""

    rule: Rule
    seen: Paper
    paper: str
    dotted: str

    @property
    def id(self) -> str:
        return f"{self.rule.code}-{self.dotted}-{self.seen.name}".replace(" ", "_")


def needs_of(rule: Rule, profile: str) -> tuple[str, ...]:
    """The needs of a rule under a profile."""
    return (*rule.needs, *rule.ruling(profile).needs)


@cache
def needed() -> tuple[Needed, ...]:
    """Every field that any rule needs, of the good records and of the rule's own near misses."""
    seen, found = set(), []
    for rule in ABOUT_RECORDS:
        for paper in (*good_papers(), *(paper_of(case) for case in CALM if case.code == rule.code)):
            batch = batch_of(paper.record, library_of(paper.formulation), paper.profile)
            if judge(rule, batch, profile=paper.profile).state is not State.JUDGED:
                continue
            for path in (path for need in needs_of(rule, paper.profile) for path, _ in batch.find(need)):
                first, *rest = map(str, path)
                in_formulation = first == "(formulation)"
                dotted = ".".join(rest if in_formulation else [first, *rest])
                if (rule.code, dotted, rule.ruling(paper.profile)) not in seen:
                    seen.add((rule.code, dotted, rule.ruling(paper.profile)))
                    found.append(Needed(rule, paper, "formulation" if in_formulation else "record", dotted))
    return tuple(found)


def blanked(paper: dict[str, Any], dotted: str, way: str) -> dict[str, Any]:
    """The paper with one value taken away, left empty, or a placeholder in its place."""
    return changed(paper, {dotted: {"deleted": "null", "left empty": "", "n/a": "n/a"}[way]})


@pytest.mark.parametrize("way", ["deleted", "left empty", "n/a"])
@pytest.mark.parametrize("need", needed(), **NAMES)
def test_blanking_a_needed_field_never_passes(need: Needed, way: str) -> None:
    """Without a field that a rule needs, the rule is not determined (or fails), and so is the record of an error rule."""
    record, papers, profile = copy.deepcopy(need.seen.record), copy.deepcopy(need.seen.formulation), need.seen.profile
    inside = papers if need.paper == "formulation" else record
    if resolves(inside, need.dotted):
        blanked(inside, need.dotted, way)
    library = library_of(papers)
    found = judged(record, library, profile=profile)

    unreadable = found.unreadable or library.unreadable
    said = {f.verdict for f in found.findings if f.code == need.rule.code}
    others = {f.verdict for f in found.findings if f.code in need.rule.after}
    assert unreadable or (said | others) & {Verdict.NOT_DETERMINED, Verdict.FAIL}
    if need.rule.severity_in(profile) is Severity.ERROR or unreadable:
        assert found.verdict is not Verdict.PASS


def resolves(paper: Any, dotted: str) -> bool:
    """Whether a dotted path leads to something in a paper; what is not there is blank already."""
    for step in dotted.split("."):
        try:
            paper = paper[int(step) if isinstance(paper, list) else step]
        except (KeyError, IndexError, ValueError, TypeError):
            return False
    return True


def test_the_needs_of_every_rule_were_blanked() -> None:
    """The law above met every need of every rule: none resolves to nothing on all the records it saw."""
    met = {(need.rule.code, need.dotted.split(".")[-1]) for need in needed()}
    wanted = {(r.code, need.split(".")[-1]) for r in ABOUT_RECORDS for profile in PROFILES for need in needs_of(r, profile)}
    components = {(code, "components") for code, _ in wanted}

    assert wanted - met - components == set()


def keys(value: Any, above: str = "") -> Iterator[str]:
    """Every key and every place of a list in a paper, at all depths, as dotted paths."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        dotted = f"{above}.{key}" if above else str(key)
        yield dotted
        yield from keys(inner, dotted)


def codes(found: Any) -> set[str]:
    """The codes of what fails or is not determined."""
    return {f.code for f in found.findings if f.verdict in (Verdict.FAIL, Verdict.NOT_DETERMINED)}


# What a record may leave out altogether: a rule uses it where it stands, and does not need it. Taking it away takes
# away the only evidence of the fault. Each is named here, so that no other such way out can slip in.
EVIDENCE_ONLY: dict[str, set[str]] = {
    "FC101-breaks": {"per_day"},  # the label says once daily
    "FC101-breaks-9": {"per_day"},
    "FC101-breaks-12": {"dose"},
    "FC801-breaks": {"people.compounded_by.trained"},
    "FC909-breaks-5": {"dosage_form"},  # the formulation says it
    # What a prescription, a second way of saying the dose, a stated mean, an optional figure or a signature's digest says
    # is asked of no record; it is judged where it stands.
    "FC104-breaks": {"prescription", "prescription.plan"},
    "FC104-breaks-2": {"prescription"},
    "FC104-breaks-5": {"prescription"},
    "FC105-breaks": {"prescription", "prescription.plan"},
    "FC105-breaks-3": {"prescription"},
    "FC105-breaks-4": {"prescription"},
    "FC105-breaks-5": {"prescription"},
    "FC105-breaks-6": {"prescription"},
    "FC108-breaks": {"dose", "dose.capsules"},
    "FC108-breaks-10": {"prescription"},
    **{f"FC108-breaks-{n}": {"dose"} for n in (2, 3, 4, 5, 6)},  # the label says what is taken
    "FC604-breaks-5": {"dose"},
    "FC202-breaks": {"components.0.certificate.lot"},
    "FC314-breaks": {"components.1.required"},
    "FC406-breaks": {"unit_contents.method"},
    "FC418-breaks": {"unit_masses.mean"},
    "FC420-breaks-5": {"ph"},
    **{f"FC607-breaks{n}": {"dose_masses"} for n in ("", "-2", "-3", "-4")},
    "FC806-breaks": {"people.verified_by.content_sha256"},
    "FC912-breaks": {"waivers", "waivers.0"},  # it would have waived a warning
    "FC912-breaks-2": {"waivers"},
    "FC912-breaks-3": {"waivers"},
    "FC912-breaks-5": {"waivers"},
    "FC912-breaks-6": {"waivers"},
    "FC914-breaks": {"amends"},
    "FC914-breaks-2": {"amends"},
    "FC914-breaks-3": {"amends"},
}
# What a formulation may leave out: a limit of its own that is narrower than the one every formulation has.
FORMULATION_ONLY: dict[str, set[str]] = {}


@pytest.mark.parametrize(("of", "dotted"), [(of, dotted) for of in GOOD for dotted in keys(good(of))])
def test_blanking_any_key_of_the_good_record_never_raises_nor_needs_a_way_out(of: str, dotted: str) -> None:
    """Each key of the good records, blanked in each way, leaves a record that is judged or said to be unreadable."""
    for way in ("deleted", "left empty", "n/a"):
        found = judged(blanked(good(of), dotted, way))
        if found.verdict is Verdict.PASS:
            assert found.findings == () or all(f.severity is not Severity.ERROR for f in found.findings)
        else:
            assert codes(found)


@pytest.mark.parametrize("case", [case for case in BREAKS if case.says["severity"] == "error"], **NAMES)
def test_blanking_never_turns_a_wrong_record_into_a_pass(case: Case) -> None:
    """Whatever is taken out of a record that does not pass, it does not pass (but for evidence that no rule needs)."""
    record, library = of_case(case)
    profile = case.says.get("profile", PROFILES[0])
    assert judged(record, library, profile=profile).verdict is not Verdict.PASS

    every = list(keys(record)) if case in FIRST_OF_A_CODE else list(record)
    ways_out = set()
    for dotted in every:
        less = blanked(copy.deepcopy(record), dotted, "deleted")
        if judged(less, library, profile=profile).verdict is Verdict.PASS:
            ways_out.add(dotted)
    assert ways_out == EVIDENCE_ONLY.get(case.id, set())


@cache
def library_without(of: str, dotted: str) -> Library:
    """The library with a good record's formulation, of which one value was taken away."""
    return library_of(blanked(formulation(of), dotted, "deleted"))


# Every shipped dating rests on the table, and no shipped formulation has errors, so an extension (FC503) and a formulation
# with errors (FC915) can only break in one that was changed.
OF_CHANGED = ("FC503-breaks", "FC915-breaks")
WITH_SHIPPED = [case for case in FIRST_OF_A_CODE if case.says["severity"] == "error" and case.id not in OF_CHANGED]


@pytest.mark.parametrize("case", WITH_SHIPPED, **NAMES)
def test_blanking_the_formulation_never_turns_a_wrong_record_into_a_pass(case: Case) -> None:
    """Whatever is taken out of the formulation of a record that does not pass, the record does not pass."""
    assert "formulation" not in case.says
    of, selection = case.says.get("of", CAPSULES), Selection(profile=case.says.get("profile", PROFILES[0]))
    reading = read(of_case(case)[0])

    assert judge_record(reading, shipped(), selection).verdict is not Verdict.PASS
    every = list(keys(formulation(of)))
    passing = {k for k in every if judge_record(reading, library_without(of, k), selection).verdict is Verdict.PASS}
    assert passing == FORMULATION_ONLY.get(case.id, set())


# ---------------------------------------------------------------------------- columns

NEAR = Fraction(1, 10**9)


class Judgement(NamedTuple):
    """A part of a limit rule with the limits it is judged by, the unit of each parameter, and a row of a record."""

    rule: Rule
    part: Part
    units: dict[str, str]
    limits: Limits
    row: dict[str, Fraction]
    number: int

    @property
    def id(self) -> str:
        bounds = "-".join(f"{bound.number}{bound.unit}" for bound in self.limits.bounds).replace("/", "_")
        return f"{self.rule.code}-{self.number}-{'-'.join(self.units)}-{bounds}"


def units_of(rule: Rule, part: Part) -> dict[str, str]:
    """The unit of each parameter of a part; a further part has no units of its own, and counts as it is shown."""
    units = part.quantities or rule.quantities
    return {name: units.get(name, part.shown_in) for name in inspect.signature(part.value).parameters}


@cache
def judgements() -> tuple[Judgement, ...]:
    """Every part of every limit rule with each of its limits, from records that have all of them."""
    found: dict[str, Judgement] = {}
    for rule in CATALOGUE:
        for paper in (*good_papers(), *(paper_of(case) for case in CALM if case.code == rule.code)):
            batch = batch_of(paper.record, library_of(paper.formulation), paper.profile)
            if judge(rule, batch, profile=paper.profile).state is not State.JUDGED:
                continue
            for number, part in enumerate(rule.parts):
                for row in part.rows(batch):
                    judgement = Judgement(rule, part, units_of(rule, part), row.limits, dict(row.values), number)  # type: ignore[arg-type]
                    if None not in row.values.values():
                        found.setdefault(judgement.id, judgement)
    return tuple(found.values())


def pint_unit(unit: str) -> Any:
    """The unit of a parameter for pint; dimensionless where it is empty."""
    one = amount(f"1 {unit or '%'}").quantity
    return one.units if unit else (one / one).units


def factor(unit: str) -> Fraction:
    """How many coherent units one unit is."""
    return amount(f"1 {unit}").value if unit else Fraction(1)


def over_columns(judgement: Judgement) -> Any:
    """What the very function of the rule gives over columns: a quantity in coherent units."""
    columns = {name: Quantity(Column(nw.col(name)), pint_unit(unit)) for name, unit in judgement.units.items()}
    return judgement.part.value(**columns).to(pint_unit(judgement.part.shown_in)).to_root_units()


def asked(judgement: Judgement) -> dict[str, nw.Expr]:
    """The value, and what each bound says of it, as expressions."""
    value = over_columns(judgement).magnitude
    said = {f"broken_{n}": bound.broken_by(value).expression for n, bound in enumerate(judgement.limits.bounds)}
    return {"value": value.expression, **said}


Table = list[dict[str, Fraction | None]]


def floats(judgement: Judgement, table: Table) -> list[list[float | None]]:
    """The rows as a file of columns would have them: nearest floats, in the unit of each parameter."""
    units = judgement.units
    return [[None if row[n] is None else float(row[n] / factor(units[n])) for n in units] for row in table]  # type: ignore[operator]


def with_polars(judgement: Judgement, table: Table) -> list[tuple[Any, ...]]:
    """The answers of Polars, row by row."""
    schema = dict.fromkeys(judgement.units, polars.Float64)
    frame = nw.from_native(polars.DataFrame(floats(judgement, table), schema=schema, orient="row"))
    return frame.select(**asked(judgement)).to_native().rows()


def with_duckdb(judgement: Judgement, table: Table) -> list[tuple[Any, ...]]:
    """The answers of DuckDB, row by row."""
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} double" for name in judgement.units)
        connection.execute(f"create table rows_ (place integer, {columns})")
        rows = [[place, *row] for place, row in enumerate(floats(judgement, table))]
        marks = ", ".join(f"({', '.join('?' for _ in row)})" for row in rows)
        connection.execute(f"insert into rows_ values {marks}", [cell for row in rows for cell in row])
        relation = nw.from_native(connection.table("rows_"))
        answers = relation.select(nw.col("place"), **asked(judgement)).to_native().fetchall()
    return [answer for _, *answer in sorted(answers)]  # type: ignore[misc]


ENGINES = {"polars": with_polars, "duckdb": with_duckdb}


def assert_same(judgement: Judgement, table: Table, engine: str) -> None:
    """Columns and exact numbers say the same of every row, or the row is so near that the exact path decides."""
    answers = ENGINES[engine](judgement, table)
    assert len(answers) == len(table)
    for row, (value, *broken) in zip(table, answers, strict=True):
        if None in row.values():
            assert value is None and set(broken) == {None}, row
            continue
        exact = judgement.part.value(**row)
        for bound, said in zip(judgement.limits.bounds, broken, strict=True):
            threshold, wanted = bound.threshold, bound.broken_by(exact)
            reach = NEAR * abs(threshold)
            no_rounding = Fraction(value) == exact and Fraction(float(threshold)) == threshold
            if no_rounding or abs(exact - threshold) > reach:
                assert said is wanted, (row, value, threshold)
            else:
                assert abs(Fraction(value) - threshold) <= reach, (row, value, threshold)


def steered(judgement: Judgement, row: dict[str, Fraction], target: Fraction) -> dict[str, Fraction]:
    """The row with one value changed so that the rule's value is exactly the target."""
    value = judgement.part.value
    for name in row:
        at = [value(**(row | {name: Fraction(place)})) for place in (1, 2)]
        slope = at[1] - at[0]
        if slope:
            moved = row | {name: 1 + (target - at[0]) / slope}
            if value(**moved) == target:
                return moved
        start = row[name]
        here, there = value(**row), value(**(row | {name: start + start / 1000}))
        if here != there and start:
            moved = row | {name: start + (target - here) * (start / 1000) / (there - here)}
            if moved[name] and value(**moved) == target:
                return moved
    raise AssertionError(f"{judgement.id}: no value can be steered to {target}")


def about(threshold: Fraction, unit: str) -> list[Fraction]:
    """A threshold itself, and values just below and above it, near and less near."""
    if unit == "days":
        return [threshold - 1, threshold, threshold + 1]
    steps = [Fraction(0), *(Fraction(1, 10**n) for n in (2, 4, 8, 10, 13))]
    return sorted({threshold * (1 + sign * step) for step in steps for sign in (-1, 1)})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("judgement", judgements(), **NAMES)
def test_columns_say_what_exact_numbers_say_about_every_threshold(judgement: Judgement, engine: str) -> None:
    """On a threshold, just inside and just outside, a rule over columns says what it says of exact numbers."""
    targets = [t for bound in judgement.limits.bounds for t in about(bound.threshold, judgement.part.shown_in)]
    table: Table = [steered(judgement, judgement.row, target) for target in targets]  # type: ignore[misc]

    assert len(table) >= 3
    verdicts = {bound.broken_by(judgement.part.value(**row)) for row in table for bound in judgement.limits.bounds}
    assert verdicts == {True, False}
    assert_same(judgement, [judgement.row, *table], engine)  # type: ignore[list-item]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("judgement", judgements(), **NAMES)
def test_a_missing_value_of_a_column_is_missing_and_never_a_pass(judgement: Judgement, engine: str) -> None:
    """Where any value of a row is missing, the rule's value and its verdict are missing too, not "within"."""
    table: Table = [dict(judgement.row) | {name: None} for name in judgement.row]
    answers = ENGINES[engine](judgement, [*table, judgement.row])  # type: ignore[list-item]

    assert all(cell is None for answer in answers[:-1] for cell in answer)
    assert all(cell is not None for cell in answers[-1])


def numbers(unit: str) -> st.SearchStrategy[Fraction]:
    """Numbers as somebody types them in a unit, above 0 (days also below), in coherent units."""
    if unit == "day":
        return st.integers(-800, 800).map(Fraction)
    digits = st.one_of(st.integers(1, 50), st.integers(1, 20_000), st.integers(9_000, 11_000))
    return st.builds(lambda n, places: Fraction(n, 10**places) * factor(unit), digits, st.integers(0, 4))


@st.composite
def tables(draw: st.DrawFn, judgement: Judgement) -> Table:
    """Two to twelve rows: typed numbers, some steered to a threshold, some missing."""
    table: Table = []
    thresholds = [bound.threshold for bound in judgement.limits.bounds]
    for _ in range(draw(st.integers(2, 12))):
        row = {name: draw(numbers(unit)) for name, unit in judgement.units.items()}
        kind = draw(st.sampled_from(["typed", "typed", "threshold", "missing"]))
        if kind == "threshold" and judgement.part.shown_in != "days":
            near = draw(st.sampled_from(about(draw(st.sampled_from(thresholds)), judgement.part.shown_in)))
            table.append(steered(judgement, judgement.row | {list(row)[-1]: judgement.row[list(row)[-1]]}, near))  # type: ignore[arg-type]
        elif kind == "missing":
            table.append(row | {draw(st.sampled_from(sorted(row))): None})
        else:
            table.append(row)  # type: ignore[arg-type]
    return table


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("judgement", judgements(), **NAMES)
def test_columns_say_what_exact_numbers_say_of_any_table(judgement: Judgement, engine: str) -> None:
    """Over tables of two and more rows a rule over columns says what it says row by row of exact numbers."""

    @settings(max_examples=max(10, settings().max_examples // 20))
    @given(tables(judgement))
    def law(table: Table) -> None:
        assert_same(judgement, table, engine)

    law()


def test_every_part_of_every_limit_rule_was_judged_over_columns() -> None:
    """No limit rule, and no part of one, is left out of the law of columns."""
    assert {(j.rule.code, j.part.value) for j in judgements()} == {(r.code, p.value) for r in CATALOGUE for p in r.parts}


def test_a_column_is_no_condition() -> None:
    """A rule that asks a column for its truth is stopped, since no single answer serves all rows."""
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(Column(nw.col("net")) > 1)


@pytest.mark.parametrize("judgement", judgements(), **NAMES)
def test_the_units_of_a_rule_give_the_unit_it_is_shown_in(judgement: Judgement) -> None:
    """With the units that `quantities` names, the value has the dimension of the unit it is printed in."""
    value = judgement.part.value(
        **{name: Quantity(Column(nw.col(name)), pint_unit(unit)) for name, unit in judgement.units.items()}
    )

    assert value.check(pint_unit(judgement.part.shown_in))


@pytest.mark.parametrize(("judgement", "name"), [(j, name) for j in judgements() for name in j.units])
def test_a_quantity_of_another_dimension_is_refused(judgement: Judgement, name: str) -> None:
    """A volume where a mass belongs raises, or gives a value of another dimension than the one it is printed in."""
    wrong = "mL" if judgement.units[name] not in ("mL", "mg/mL") else "day"
    units = judgement.units | {name: wrong}
    columns = {name: Quantity(Column(nw.col(name)), pint_unit(unit)) for name, unit in units.items()}

    with pytest.raises(pint.DimensionalityError):
        judgement.part.value(**columns).to(pint_unit(judgement.part.shown_in))


# ---------------------------------------------------------------------------- selecting, strictness


@cache
def papers() -> tuple[tuple[str, Reading, Library], ...]:
    """Every record the tests have: the good one, every broken one, the examples that are shipped."""
    known = [(of, read(good(of)), shipped()) for of in GOOD]
    for case in BREAKS:
        record, library = of_case(case)
        known.append((case.id, read(record), library))
    for file in sorted(SPECS.glob("*/records/*.yaml")):
        known.append((file.stem, read(plain(file), str(file)), shipped()))
    return tuple(known)


def verdict(reading: Reading, library: Library, **selection: Any) -> Verdict:
    """The verdict of one record under a selection."""
    return judge_record(reading, library, Selection(**selection)).verdict


RECORDS = pytest.mark.parametrize(("reading", "library"), [p[1:] for p in papers()], ids=[p[0] for p in papers()])
IGNORABLE = [rule for rule in ABOUT_RECORDS if rule.code != CEILING_CODE]


@pytest.mark.parametrize(("name", "reading", "library"), papers(), ids=[p[0] for p in papers()])
@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
def test_deselecting_a_rule_never_makes_a_pass(name: str, reading: Reading, library: Library, strict: bool) -> None:
    """A record that does not pass does not pass without a rule that spoke, nor without some that did not, nor by one."""
    found = judge_record(reading, library, Selection(strict=strict))
    if found.verdict is not Verdict.PASS:
        known = {rule.code for rule in IGNORABLE}
        spoke = {f.code for f in found.findings} & known
        silent = Random(name).sample(sorted(known), 3)
        passing = [
            code
            for code in sorted({*spoke, *silent})
            if verdict(reading, library, ignore=(code,), strict=strict) is Verdict.PASS
            or verdict(reading, library, select=(code,), strict=strict) is Verdict.PASS
        ]

        assert passing == []


@pytest.mark.parametrize("rule", IGNORABLE, ids=lambda rule: rule.code)
def test_a_record_without_an_error_rule_is_not_determined(rule: Rule) -> None:
    """A good record of which a required rule was deselected is not determined; the rule is listed as not run."""
    found = judged(good(), ignore=(rule.code,))

    applies = PROFILES[0] in rule.profiles and rule.applies(batch_of(good()))
    required = applies and rule.severity is Severity.ERROR
    assert found.verdict is (Verdict.NOT_DETERMINED if required else Verdict.PASS)
    assert ((rule.code, "deselected") in [(not_run.code, not_run.reason) for not_run in found.not_run]) is applies


@pytest.mark.parametrize("rule", ABOUT_RECORDS, ids=lambda rule: rule.code)
def test_selecting_one_rule_alone_is_never_a_pass(rule: Rule) -> None:
    """A good record judged by one rule alone is not determined: the others were required too."""
    found = judged(good(), select=(rule.code,))

    assert found.verdict is Verdict.NOT_DETERMINED
    assert CEILING_CODE not in [not_run.code for not_run in found.not_run]


@RECORDS
@pytest.mark.parametrize("profile", PROFILES)
def test_strict_never_makes_a_verdict_better(reading: Reading, library: Library, profile: str) -> None:
    """A record is never nearer to a pass under --strict."""
    lenient, strict = (verdict(reading, library, profile=profile, strict=strict) for strict in (False, True))

    assert WORST_FIRST.index(strict) <= WORST_FIRST.index(lenient)


@pytest.mark.parametrize("case", [case for case in BREAKS if case.says["severity"] == "warning"], **NAMES)
def test_strict_counts_warnings(case: Case) -> None:
    """A record with a warning passes, if nothing else is wrong, and does not pass under --strict."""
    record, library = of_case(case)
    wrong = {f.code for f in judged(record, library).findings if f.severity is Severity.ERROR}

    assert judged(record, library, strict=True).verdict is not Verdict.PASS
    assert (judged(record, library).verdict is Verdict.PASS) is (wrong == set())


def test_the_laws_speak_of_every_rule() -> None:
    """Rules that only conversions and examples have are the only ones the laws of records leave out."""
    assert {rule.code for rule in CATALOGUE} - {rule.code for rule in ABOUT_RECORDS} == {
        rule.code for rule in by_code().values() if not {"record"} & set(rule.subjects)
    }
