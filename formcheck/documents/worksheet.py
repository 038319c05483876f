"""A worksheet as words and as data: what to weigh and why, how to mix and fill, what must come out, until when it keeps."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from formcheck.answering import finding_as_text
from formcheck.bench.worked import percent
from formcheck.formats.words import paint, printable, wrapped
from formcheck.papers.formulation import MasterFormulationRecord, Role, TestPlan
from formcheck.planning.aliquots import doublings
from formcheck.planning.label_text import title_of
from formcheck.planning.worksheet import Weighing, printed_mass, smallest_batch
from formcheck.rules.weighing import working
from formcheck.units import amount, as_number, format_exactly, format_number
from formcheck.verdicts import NOT_APPROVED
from formcheck.worksheets import Worksheet

__all__ = ["worksheet_as_data", "worksheet_as_text"]

_BLANK = "_" * 14


def worksheet_as_data(sheet: Worksheet) -> dict[str, Any]:
    """The worksheet as keys with their units; without amounts where nothing could be reckoned."""
    from formcheck.formats.data import finding_as_data

    batch = sheet.batch
    data: dict[str, Any] = {"formulation": dict(sheet.record["formulation"]), "verdict": str(sheet.verdict)}
    if sheet.weighings:
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


def worksheet_as_text(sheet: Worksheet, *, colour: bool = False) -> str:
    """The worksheet in the order of work, with blanks to write in; what stands against the batch comes first."""
    lines = list(_head(sheet))
    if sheet.findings:
        words = "what stands against it" if sheet.weighings else "no amounts can be given"
        style = {0: "PASS", 1: "FAIL"}.get(sheet.exit_status, "NOT DETERMINED")
        said = {0: "TO NOTE", 1: "DO NOT MAKE", 3: "NOT DETERMINED"}[sheet.exit_status]
        lines += ["", f"{paint(said, style, colour)}  {words[0].upper()}{words[1:]}:"]
        for finding in sheet.findings:
            lines += ["", *finding_as_text(finding, colour)]
    if sheet.weighings and sheet.exit_status != 1:
        for title, section in _sections(sheet):
            found = list(section)
            if found:
                lines += ["", title, *found]
    smallest = smallest_batch(sheet.batch, list(sheet.weighings))
    if smallest is not None:
        unit = sheet.record["quantity"].partition(" ")[2]
        lines += ["", f"The smallest batch of which everything can be weighed on these balances: {smallest} {unit}."]
    return "\n".join(lines)


def _head(sheet: Worksheet) -> Iterator[str]:
    paper, record = sheet.batch.formulation, sheet.record
    yield f"WORKSHEET  {title_of(sheet.batch)}, {record['quantity']}"
    if paper is not None:
        approved = paper.approved is not None and paper.approved.by and paper.approved.on
        named = f"{paper.id} version {paper.version}"
        who = f"approved by {paper.approved.by} on {paper.approved.on}" if approved and paper.approved else NOT_APPROVED
        yield f"  Formulation {named} ({who})"
    yield f"  Batch {record['id'] or _BLANK}   Made {record['made']}   Compounded by {_BLANK}"


def _sections(sheet: Worksheet) -> Iterator[tuple[str, Iterator[str]]]:
    yield "WEIGH", _weigh(sheet)
    yield "MEASURE", _measure(sheet)
    yield "MIX", _mix(sheet)
    yield "FILL", _fill(sheet)
    yield "DATE AND KEEP", _keep(sheet)
    yield "STEPS (initials)", _steps(sheet)
    yield "TESTS", _tests(sheet)
    yield "LABEL", (f"  {printable(line)}" for line in sheet.record["label"].splitlines())


def _weigh(sheet: Worksheet) -> Iterator[str]:
    for number, weighing in enumerate(sheet.weighings, start=1):
        used = weighing.used
        lot = f", lot {used.used.lot}" if used.used.lot else f", lot {_BLANK}"
        yield f"  {number}. {printable(used.name)}{printable(lot)}"
        yield f"     required {weighing.printed}   weighed {_BLANK}   by {_BLANK}   read by {_BLANK}"
        if used.role is Role.ACTIVE:
            yield from _potency(sheet)
        tolerance = used.planned.tolerance if used.planned is not None else None
        if tolerance is not None and weighing.aliquot is None:
            ends = [printed_mass(weighing.required * (1 + s * tolerance.value), weighing.required) for s in (-1, 1)]
            yield f"     within {tolerance}: {ends[0]} to {ends[1]}"
        if weighing.minimum is not None:
            least = printed_mass(weighing.minimum)
            yield f"     balance {printable(used.used.balance or '')} weighs {least} and more well ({_policy(sheet)})"
        if weighing.aliquot is not None:
            yield from _aliquot(weighing)


def _potency(sheet: Worksheet) -> Iterator[str]:
    batch, used = sheet.batch, sheet.batch.active
    certificate = used.used.certificate if used is not None else None
    if certificate is not None and batch.potency is not None and used is not None and used.used.trituration is None:
        losses = (("water", certificate.water), ("solvents", certificate.solvents), ("drying", certificate.loss_on_drying))
        given = ", ".join(f"{name} {value.text}" for name, value in losses if value is not None)
        basis = f"assay {certificate.assay} ({certificate.basis}){f', {given}' if given else ''}"
        yield f"     potency {percent(batch.potency)}: {printable(basis)}"
    if working(batch):
        yield f"     {working(batch)}"


def _policy(sheet: Worksheet) -> str:
    return {"rx-5-percent": "5 % error", "rx-1-percent": "1 % error", "usp41": "USP <41>"}[sheet.batch.policy]


def _aliquot(weighing: Weighing) -> Iterator[str]:
    plan = weighing.aliquot
    if plan is None:
        return
    yield "     too little for this balance: by an aliquot"
    yield f"       a. weigh of the drug     {printed_mass(plan.drug)}   weighed {_BLANK}"
    yield f"       b. weigh of the diluent  {printed_mass(plan.diluent)}   weighed {_BLANK}"
    portions = ", ".join(printed_mass(portion) for portion in doublings(plan.drug, plan.diluent))
    yield wrapped(f"c. mix, the diluent in portions as large as what is in the mortar: {portions}", " " * 10, first=" " * 7)
    yield f"       d. weigh of the mixture  {printed_mass(plan.aliquot)}   weighed {_BLANK}"


def _measure(sheet: Worksheet) -> Iterator[str]:
    for name, volume in sheet.measured:
        yield f"  {printable(name)}   {format_exactly(volume, 3)} mL   measured {_BLANK}   by {_BLANK}"
    for used in sheet.batch.made_up:
        yield f"  {printable(used.name)}   to make up to {sheet.record['quantity']}   volume reached {_BLANK}"


def _mix(sheet: Worksheet) -> Iterator[str]:
    batch = sheet.batch
    active = next((w for w in sheet.weighings if w.used.role is Role.ACTIVE), None)
    diluent = next((w for w in sheet.weighings if w.used.role is Role.DILUENT), None)
    if active is None or diluent is None or batch.form is None or not batch.form.units_are_counted:
        return
    first = active.aliquot.aliquot if active.aliquot is not None else active.required
    portions = [printed_mass(portion) for portion in doublings(first, diluent.required)]
    yield wrapped(
        f"Geometric dilution: the diluent in portions as large as what is in the mortar: {', '.join(portions)}", "  "
    )


def _fill(sheet: Worksheet) -> Iterator[str]:
    batch, net = sheet.batch, sheet.batch.net_in_unit
    if net is None or batch.units is None:
        return
    yield f"  Target net mass    {format_number(net, 1)} mg in each capsule, size {_size(sheet)}"
    shell = _shell(sheet)
    if shell is not None:
        yield f"  Target gross mass  {format_number(net + shell, 1)} mg with a shell of {format_exactly(shell, 2)} mg"
    else:
        yield f"  Mean of ten shells {_BLANK} mg; gross mass = net + shell = {_BLANK} mg"
    plan = next((test for test in _paper(sheet).tests if test.name == "net mass"), None)
    if plan is not None and plan.each is not None:
        ends = [format_number(net * amount(end).value, 1) for end in (plan.each.low, plan.each.high)]
        yield f"  Each of {plan.units or 10}         {ends[0]} to {ends[1]} mg net ({plan.each.text})"
    if plan is not None and plan.mean is not None:
        ends = [format_number(net * amount(end).value, 1) for end in (plan.mean.low, plan.mean.high)]
        yield f"  Their mean         {ends[0]} to {ends[1]} mg net ({plan.mean.text})"
    if batch.batch_overage:
        extra = format_number(net * batch.units * batch.batch_overage, 0)
        yield f"  Left over          about {extra} mg (batch overage {percent(batch.batch_overage)}): weigh, discard"
    yield f"  Filled {_BLANK}   rejected {_BLANK}   kept back {_BLANK}   residual {_BLANK} mg"


def _size(sheet: Worksheet) -> str:
    shell = sheet.batch.shell
    return (shell.used.size if shell is not None else None) or _BLANK


def _paper(sheet: Worksheet) -> MasterFormulationRecord:
    return sheet.batch.formulation or MasterFormulationRecord()


def _keep(sheet: Worksheet) -> Iterator[str]:
    paper = _paper(sheet)
    if sheet.dating is not None:
        yield wrapped(f"Beyond-use date {sheet.dating.date}: {sheet.dating.because}", " " * 4, first="  ")
    else:
        yield f"  Beyond-use date {_BLANK}"
    if paper.container:
        yield wrapped(f"Container: {' '.join(paper.container.split())}", " " * 4, first="  ")
    yield f"  Storage: {sheet.record['storage'] or _BLANK}"


def _steps(sheet: Worksheet) -> Iterator[str]:
    for number, step in enumerate(_paper(sheet).instructions, start=1):
        yield wrapped(f"[    ] {number}. {printable(' '.join(step.split()))}", " " * 12, first="  ")


def _tests(sheet: Worksheet) -> Iterator[str]:
    rows = [(f"{test.name} ({_when(test)})", (test.limits or test.each)) for test in _paper(sheet).tests]
    wide = max((len(name) for name, _ in rows), default=0) + 3
    for name, limits in rows:
        yield f"  {name:<{wide}}{limits.text if limits is not None else 'as described':<16}{_BLANK}"


def _when(test: TestPlan) -> str:
    """How often a test is made, in words."""
    every = f"every {test.every.text}" if test.every is not None else ""
    return {"every_batch": "every batch", "periodic": every, "on_change": "on change"}.get(
        str(test.when), every
    ) or "as needed"
