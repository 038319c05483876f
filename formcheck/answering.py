"""A conversion as data and as words."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from formcheck.converting import Answer
from formcheck.dose import CEILING, Conversion, DropFactor
from formcheck.findings import Finding, Severity
from formcheck.formats.words import paint, printable, wrapped
from formcheck.liquid import nearest_whole
from formcheck.units import as_number, format_beyond, format_exactly, format_number

__all__ = ["answer_as_data", "answer_as_text", "calibration_as_data", "calibration_as_text", "finding_as_text"]

_NAMES = 18


def answer_as_data(answer: Answer, *, with_slips: bool = False) -> dict[str, Any]:
    """The keys of the contract; a refused conversion has findings and no key that carries a dose."""
    from formcheck.formats.data import finding_as_data
    from formcheck.slips import slips_of

    data: dict[str, Any] = {} if answer.conversion is None else _numbers(answer.conversion)
    data["findings"] = [finding_as_data(finding) for finding in answer.findings]
    if with_slips and answer.conversion is not None:
        names = ("slip", "taken", "above_ceiling")
        data["slips"] = [dict(zip(names, slip, strict=True)) for slip in slips_of(answer.conversion)]
    return data


def _numbers(conversion: Conversion) -> dict[str, Any]:
    exact: dict[str, Fraction | int | None] = {
        "dose_mg": conversion.asked.milligrams,
        "concentration_mg_per_mL": conversion.preparation.per_millilitre,
        "volume_mL": _magnitude(conversion.volume),
        "drops_per_mL": None if conversion.factor is None else conversion.factor.per_millilitre,
        "mg_per_drop": _magnitude(conversion.content_of_drop),
        "drops_exact": conversion.drops_exact,
        "drops": conversion.drops,
        "delivered_mg": None if conversion.delivered is None else conversion.delivered.milligrams,
        "delivered_volume_mL": _magnitude(conversion.delivered_volume),
        "rounding_error_pct": None if conversion.rounding_error is None else conversion.rounding_error * 100,
        "per_day": conversion.per_day,
        "daily_mg": conversion.daily.milligrams,
        "worst_case_daily_mg": conversion.worst_case,
    }
    return {key: as_number(Fraction(value)) for key, value in exact.items() if value is not None}


def _magnitude(quantity: Any) -> Fraction | None:
    return None if quantity is None else Fraction(quantity.magnitude)


def answer_as_text(answer: Answer, *, with_slips: bool = False, colour: bool = False, quiet: bool = False) -> str:
    """The conversion as it is read at the counter: what to give first, what to know below; quiet: no infos."""
    lines: list[str] = []
    if answer.conversion is None:
        lines.append(f"{paint('REFUSED', 'FAIL', colour)}  No conversion is given.")
    else:
        if answer.exit_status:
            lines.append(f"{paint('FAIL', 'FAIL', colour)}  Do not use this conversion as it is; see the error below.")
            lines.append("")
        lines.extend(_table(answer.conversion))
        if with_slips:
            lines.extend(["", *_slip_lines(answer.conversion)])
    for finding in answer.findings:
        if not (quiet and finding.severity is Severity.INFO):
            lines.append("")
            lines.extend(finding_as_text(finding, colour))
    return "\n".join(lines)


def _slip_lines(conversion: Conversion) -> Iterator[str]:
    from formcheck.slips import slips_of

    yield "  If one thing goes wrong, what would be taken in a day:"
    for what, taken, above_ceiling in slips_of(conversion):
        yield _row(what, f"{taken}{'  (above 10 mg)' if above_ceiling else ''}", 34)


def _row(name: str, text: str, width: int = _NAMES) -> str:
    return f"  {name:<{width}}{text}"


def _table(conversion: Conversion) -> Iterator[str]:
    asked = _shown(conversion.asked.milligrams, conversion.per_day, 4)
    yield f"{asked} mg naltrexone hydrochloride, from a liquid of {_concentration(conversion)} mg/mL"
    yield ""
    if conversion.delivered is not None and conversion.factor is not None and conversion.delivered_volume is not None:
        number = conversion.drops
        volume = _shown(Fraction(conversion.delivered_volume.magnitude), _mg_a_day_in_one_mL(conversion), 3, zeros=True)
        yield _row("Give", f"{number} drop{'s' if number != 1 else ''}{_each_time(conversion)}, with this dropper only")
        error = format_number((conversion.rounding_error or Fraction(0)) * 100, 1)
        sign = "+" if not error.startswith("-") and float(error) else ""
        yield _row(
            "Delivered",
            f"{_shown(conversion.delivered.milligrams, conversion.per_day, 3)} mg ({sign}{error} %), {volume} mL",
        )
        yield _row("Exactly", f"{format_exactly(conversion.drops_exact or Fraction(0), 3)} drops")
        yield _row("One drop", f"{_one_drop(conversion)} mg; {_factor(conversion.factor)}")
        if conversion.factor.described:
            yield _row("Calibrated", printable(conversion.factor.described))
        yield _row("By volume", f"{_measured(conversion)} mL holds {asked} mg")
    else:
        yield _row("Give", f"{_measured(conversion)} mL{_each_time(conversion)}, with an oral syringe")
    if conversion.per_day > 1:
        yield _row("A day", f"{_shown(conversion.daily.milligrams, 1, 3)} mg in {conversion.per_day} doses")
    worst = conversion.worst_case
    if worst is not None:
        yield _row("Worst case", f"{format_beyond(worst, Fraction(0), 2)} mg a day ({_why_worst(conversion)})")


def _each_time(conversion: Conversion) -> str:
    return f", {conversion.per_day} times a day" if conversion.per_day > 1 else ""


def _shown(number: Fraction, times: Fraction | int, decimals: int, *, zeros: bool = False) -> str:
    """A number rounded half up for print, but down where what is printed, times so much, would pass the ceiling."""
    while number < Fraction(5, 10**decimals):
        decimals += 1
    scale = 10**decimals
    printed = Fraction(nearest_whole(number * scale), scale)
    if printed * times > CEILING.value:
        printed = Fraction(int(number * scale), scale)
    return format_number(printed, decimals) if zeros else format_exactly(printed, decimals)


def _concentration(conversion: Conversion) -> str:
    """The concentration as it is, or rounded down where it does not end."""
    exact = conversion.preparation.per_millilitre
    return format_exactly(exact if (exact * 10**9).denominator == 1 else Fraction(int(exact * 10**4), 10**4), 9)


def _mg_a_day_in_one_mL(conversion: Conversion) -> Fraction:  # noqa: N802 - mL is mL
    return conversion.preparation.per_millilitre * conversion.per_day


def _one_drop(conversion: Conversion) -> str:
    drops = conversion.per_day * (conversion.drops or 1)
    return _shown(Fraction(conversion.content_of_drop.magnitude), drops, 3)


def _measured(conversion: Conversion) -> str:
    return format_exactly(conversion.volume_to_measure)


def _factor(factor: DropFactor) -> str:
    runs = len(factor.runs)
    return f"{factor}, {f'{runs} run' + ('s' if runs != 1 else '') if runs else 'typed, not measured'}"


def _why_worst(conversion: Conversion) -> str:
    content = f"content +{format_exactly(conversion.tolerances.content * 100)} %"
    if conversion.drops is None:
        return content
    return f"{content}, drop +{format_exactly(conversion.tolerances.drop * 100)} %, one drop more each time"


def finding_as_text(finding: Finding, colour: bool) -> Iterator[str]:
    """A finding of a conversion or a plan, with what to do where it asks for something."""
    word = str(finding.severity)
    message = finding.message[:1].upper() + finding.message[1:]
    yield f"  {paint(f'{word:<8}', word, colour)} {finding.code}  " + wrapped(message, " " * 18).strip()
    if finding.severity is not Severity.INFO:
        yield wrapped(finding.help, " " * 18)


def calibration_as_data(factor: DropFactor, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """The keys of the contract for `calibrate`."""
    from formcheck.formats.data import finding_as_data

    runs = [
        {
            "drops": run.drops,
            "volume_mL": as_number(Fraction(run.volume(factor.density).magnitude)),
            "drops_per_mL": as_number(each),
            "as_written": str(run),
        }
        for run, each in zip(factor.runs, factor.run_factors, strict=True)
    ]
    return {
        "drops_per_mL": as_number(factor.per_millilitre),
        "mL_per_drop": as_number(1 / factor.per_millilitre),
        "spread_pct": as_number(factor.spread * 100),
        "runs": runs,
        "findings": [finding_as_data(finding) for finding in findings],
    }


def calibration_as_text(factor: DropFactor, findings: tuple[Finding, ...], *, colour: bool = False) -> str:
    """A calibration as a small table with its working."""
    lines = [f"{factor}, pooled over {len(factor.runs)} run{'s' if len(factor.runs) != 1 else ''}", ""]
    for number, (run, each) in enumerate(zip(factor.runs, factor.run_factors, strict=True), start=1):
        volume = Fraction(run.volume(factor.density).magnitude)
        lines.append(
            _row(
                f"Run {number}", f"{printable(str(run))}: {format_number(volume, 4)} mL, {format_number(each, 3)} drops/mL"
            )
        )
    if factor.density is not None:
        lines.append(_row("Density", str(factor.density)))
    lines.append(_row("One drop", f"{format_number(1 / factor.per_millilitre, 5)} mL"))
    if len(factor.runs) > 1:
        lines.append(_row("Spread", f"{format_number(factor.spread * 100, 1)} % from the pooled factor, at most"))
    lines.append(_row("Working", "all drops / all millilitres; volume = mass / density; the factor is not rounded"))
    for finding in findings:
        lines.append("")
        lines.extend(finding_as_text(finding, colour))
    return "\n".join(lines)
