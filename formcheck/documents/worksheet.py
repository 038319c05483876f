"""A worksheet as a paper and as data: what to weigh and why, how to mix and fill, what must come out, how it keeps."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from formcheck.bench.worked import percent
from formcheck.documents.blanks import balances_checked, drops_counted, masses_found
from formcheck.documents.paper import Block, Document, Fields, Said, Section, Steps, Table, Words
from formcheck.formats.full import source_of
from formcheck.papers.formulation import MasterFormulationRecord, Role, TestPlan, When
from formcheck.planning.aliquots import doublings
from formcheck.planning.label_text import title_of
from formcheck.planning.weighing import needed_for
from formcheck.planning.worksheet import Weighing, printed_mass, smallest_batch, units_to_weigh
from formcheck.rules.weighing import working
from formcheck.units import amount, as_number, format_exactly, format_number
from formcheck.verdicts import NOT_APPROVED
from formcheck.worksheets import Worksheet

__all__ = ["worksheet_as_data", "worksheet_paper"]

_OUTCOMES = {0: "PASS", 1: "FAIL", 3: "NOT DETERMINED"}
_VERDICTS = {
    0: "A batch that goes as planned can be released; see what is to be noted.",
    1: "Do not make this batch: what stands against it is below.",
    3: "Nobody can say yet whether this batch can be released: what is missing is below.",
}


def worksheet_as_data(sheet: Worksheet) -> dict[str, Any]:
    """The worksheet as keys with their units; findings alone where nothing could be reckoned, or the batch would fail."""
    from formcheck.formats.data import finding_as_data

    batch = sheet.batch
    data: dict[str, Any] = {"formulation": dict(sheet.record["formulation"]), "verdict": str(sheet.verdict)}
    if sheet.weighings and sheet.exit_status != 1:
        data["potency_fraction"] = None if batch.potency is None else as_number(batch.potency)
        data["weigh"] = [_weighing_as_data(weighing) for weighing in sheet.weighings]
        data["measure"] = [{"name": name, "volume_mL": as_number(volume)} for name, volume in sheet.measured]
        net = batch.net_in_unit
        if net is not None:
            data["net_in_unit_mg"] = as_number(net)
            data["gross_in_unit_mg"] = None if _shell(sheet) is None else as_number(net + (_shell(sheet) or 0))
        data["beyond_use_date"] = None if sheet.dating is None else str(sheet.dating.date)
        data["limited_by"] = None if sheet.dating is None else sheet.dating.because
        data["record"] = sheet.record
    data["findings"] = [finding_as_data(finding) for finding in sheet.findings]
    return data


def _weighing_as_data(weighing: Weighing) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": weighing.used.name,
        "lot": weighing.used.used.lot,
        "balance": weighing.used.used.balance,
        "required_mg": as_number(weighing.required),
        "minimum_mg": None if weighing.minimum is None else as_number(weighing.minimum),
    }
    if weighing.aliquot is not None:
        names = ("drug", "diluent", "aliquot")
        data["aliquot"] = {f"{name}_mg": as_number(getattr(weighing.aliquot, name)) for name in names}
    return data


def _shell(sheet: Worksheet) -> Fraction | None:
    shell = sheet.batch.shell
    return shell.used.mean_mass.value if shell is not None and shell.used.mean_mass is not None else None


def worksheet_paper(sheet: Worksheet) -> Document:
    """The worksheet in the order of work, with blanks to write in; what stands against the batch comes first."""
    status = sheet.exit_status
    sections = [Section("To be noted" if not status else "What stands against it", _against(sheet))]
    if sheet.weighings and status != 1:
        sections += _sections(sheet)
    paper, record = _paper(sheet), sheet.record
    approved = paper.approved is not None and paper.approved.by and paper.approved.on
    who = f"approved by {paper.approved.by} on {paper.approved.on}" if approved and paper.approved else NOT_APPROVED
    facts = [
        ("Formulation", f"{paper.id} version {paper.version} ({who})"),
        ("Batch", record["id"]),
        ("Made", record["made"]),
    ]
    made = bool(sheet.weighings) and status != 1
    return Document(
        f"Worksheet: {title_of(sheet.batch)}, {record['quantity']}",
        [section for section in sections if section.blocks],
        facts,
        _VERDICTS[status] if sheet.findings else "",
        _OUTCOMES[status],
        signatures=("Compounded by", "Checked by") if made else (),
        date=record["made"],
    )


def _against(sheet: Worksheet) -> list[Block]:
    blocks: list[Block] = (
        [Said([each._replace(source=source_of(each)) for each in sheet.findings])] if sheet.findings else []
    )
    smallest = smallest_batch(sheet.batch, list(sheet.weighings))
    if smallest is not None:
        unit = "mL" if sheet.record["quantity"].endswith("mL") else "capsules" if smallest != 1 else "capsule"
        words = f"The smallest batch of which everything can be weighed on these balances: {smallest} {unit}."
        blocks.append(Words([words], strong=True))
    return blocks


def _sections(sheet: Worksheet) -> Iterator[Section]:
    yield Section("Weigh", [*balances_checked(sheet), *_weigh(sheet)])
    yield Section("Measure", _measure(sheet))
    yield Section("Mix", _mix(sheet))
    yield Section("Fill", _fill(sheet))
    yield Section("Count the drops", drops_counted(sheet))
    yield Section("Date and keep", [Fields(list(_keep(sheet)))])
    yield Section("Steps (initials)", [Steps([" ".join(step.split()) for step in _paper(sheet).instructions])])
    yield Section("Tests", [_tests(sheet), Fields([("Deviations", "")])])
    yield Section("Label", list(_label(sheet)))


def _paper(sheet: Worksheet) -> MasterFormulationRecord:
    return sheet.batch.formulation or MasterFormulationRecord()


def _label(sheet: Worksheet) -> Iterator[Block]:
    """The text of the label, and how it is finished where nobody has said yet how the batch is taken."""
    if sheet.label:
        yield Words(sheet.label.splitlines())
    if sheet.label and not sheet.record["label"]:
        yield Words(["Directions are still to come: formcheck label writes the whole text when the record says the dose."])


def _named(weighing: Weighing) -> str:
    """A component with its lot; a trituration as what it is, for it is weighed in place of the pure powder."""
    used, trituration = weighing.used, weighing.used.used.trituration
    name = used.name if trituration is None else f"trituration of {used.name}, {trituration.concentration or 'diluted'}"
    return f"{name}, lot {used.used.lot}" if used.used.lot else name


def _weigh(sheet: Worksheet) -> Iterator[Block]:
    rows = []
    for weighing in sheet.weighings:
        used, tolerance = weighing.used, weighing.used.planned.tolerance if weighing.used.planned is not None else None
        within = ""
        if tolerance is not None:
            ends = [printed_mass(weighing.required * (1 + s * tolerance.value), weighing.required) for s in (-1, 1)]
            within = f"{ends[0].removesuffix(' mg')} to {ends[1]}"
        named = _named(weighing)
        if weighing.aliquot is None:
            rows.append((named, weighing.printed, within or "-", used.used.balance or "", "", "", ""))
        else:
            rows.append((named, weighing.printed, "by aliquot", used.used.balance or "", "see below", "", ""))
    yield Table(("Component", "Required", "Within", "Balance", "Weighed", "By", "Read by"), rows)
    yield Fields(list(_working(sheet)))
    for weighing in sheet.weighings:
        if weighing.aliquot is not None:
            yield from _aliquot(weighing, sheet.batch.diluent.name if sheet.batch.diluent is not None else "diluent")


def _working(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    batch, used = sheet.batch, sheet.batch.active
    certificate = used.used.certificate if used is not None else None
    if certificate is not None and batch.potency is not None and used is not None and used.used.trituration is None:
        needed, words = needed_for(certificate), {"water": "water", "solvents": "solvents", "loss_on_drying": "drying"}
        losses = ((words[name], getattr(certificate, name)) for name in words if name in needed)
        given = ", ".join(f"{name} {value.text}" for name, value in losses if value is not None)
        basis = f"assay {certificate.assay} ({certificate.basis}){f', {given}' if given else ''}"
        yield "Potency", f"{percent(batch.potency)}: {basis}"
    if working(batch):
        yield "Active", working(batch)
    in_unit, rest = batch.active_in_unit, batch.diluent_in_unit
    if in_unit is not None and rest is not None:
        left = f"what {format_number(in_unit, 3)} mg of active leave of it by the packing statistics"
        yield "Diluent", f"{format_number(rest, 2)} mg in a capsule: {left}"
    least = {w.used.used.balance: w.minimum for w in sheet.weighings if w.minimum is not None}
    if least:
        error = {"rx-5-percent": "5 % error", "rx-1-percent": "1 % error", "usp41": "USP <41>"}[batch.policy]
        yield "Balances", "; ".join(f"{name} weighs {printed_mass(m)} and more well ({error})" for name, m in least.items())


def _aliquot(weighing: Weighing, diluent: str) -> Iterator[Block]:
    plan = weighing.aliquot
    if plan is None:
        return
    yield Words(
        [f"{weighing.used.name}: {weighing.printed} is too little for this balance. Weigh more, dilute, and take a part:"]
    )
    rows = [(weighing.used.name, printed_mass(plan.drug), "", "", ""), (diluent, printed_mass(plan.diluent), "", "", "")]
    rows.append(("of the mixture", printed_mass(plan.aliquot), "", "", ""))
    yield Table(("Aliquot", "Required", "Weighed", "By", "Read by"), rows)
    portions = ", ".join(printed_mass(portion) for portion in doublings(plan.drug, plan.diluent))
    yield Words([f"Mix them, the diluent in portions as large as what is in the mortar: {portions}."])


def _measure(sheet: Worksheet) -> list[Block]:
    rows = [(name, f"{format_exactly(volume, 3)} mL", "", "") for name, volume in sheet.measured]
    rows += [(used.name, f"make up to {sheet.record['quantity']}", "", "") for used in sheet.batch.made_up]
    return [Table(("Component", "Required", "Measured", "By"), rows)] if rows else []


def _mix(sheet: Worksheet) -> list[Block]:
    batch = sheet.batch
    active = next((w for w in sheet.weighings if w.used.role is Role.ACTIVE), None)
    diluent = next((w for w in sheet.weighings if w.used.role is Role.DILUENT), None)
    if active is None or diluent is None or batch.form is None or not batch.form.units_are_counted:
        return []
    first = active.aliquot.aliquot if active.aliquot is not None else active.required
    portions = ", ".join(printed_mass(portion) for portion in doublings(first, diluent.required))
    return [Words([f"Geometric dilution, the diluent in portions as large as what is in the mortar: {portions}."])]


def _fill(sheet: Worksheet) -> list[Block]:
    batch, net = sheet.batch, sheet.batch.net_in_unit
    if net is None or batch.units is None:
        return []
    shell, size = _shell(sheet), batch.shell.used.size if batch.shell is not None else None
    rows = [("Target net mass", f"{format_number(net, 1)} mg in each capsule, size {size or '____'}")]
    if shell is not None:
        gross = f"{format_number(net + shell, 1)} mg with a shell of {format_exactly(shell, 2)} mg"
        rows.append(("Target gross mass", gross))
    else:
        rows += [("Mean of ten empty shells", ""), ("Target gross mass, net and shell", "")]
    plan = next((test for test in _paper(sheet).tests if test.name == "net mass"), None)
    each = f"Each of {units_to_weigh(batch)}"
    for name, limits in ((each, plan.each if plan else None), ("Their mean", plan.mean if plan else None)):
        if limits is not None:
            ends = " to ".join(format_number(net * amount(end).value, 1) for end in (limits.low, limits.high))
            rows.append((name, f"{ends} mg net ({limits.text})"))
    if batch.batch_overage:
        extra = format_number(net * batch.units * batch.batch_overage, 0)
        rows.append(("Left over", f"about {extra} mg (batch overage {percent(batch.batch_overage)}): weigh it, discard it"))
    rows += [(name, "") for name in ("Capsules filled", "Rejected of these", "Kept back of these", "Powder left over")]
    return [Fields(rows), *masses_found(sheet)]


def _keep(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    dating, paper = sheet.dating, _paper(sheet)
    yield "Beyond-use date", "" if dating is None else f"{dating.date}: {' '.join(dating.because.split())}"
    if paper.container:
        yield "Container", " ".join(paper.container.split())
    yield "Container used, lot", ""
    yield "Storage", sheet.record["storage"]


def _tests(sheet: Worksheet) -> Table:
    rows = []
    for test in _paper(sheet).tests:
        limits = test.limits or test.each
        rows.append((test.name or "", _when(test), limits.text if limits is not None else "as described", "", ""))
    return Table(("Test", "When", "Limits", "Result", "By"), rows)


def _when(test: TestPlan) -> str:
    """How often a test is made, in words."""
    every = f"every {test.every.text}" if test.every is not None else ""
    words = {When.EVERY_BATCH: "every batch", When.ON_CHANGE: "on change"}
    return words.get(test.when, every) if test.when is not None else every
