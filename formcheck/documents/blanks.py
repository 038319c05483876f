"""The places of a worksheet where what was found is written: what the record of the batch will ask for."""

from formcheck.documents.paper import Block, Fields, Table
from formcheck.planning.worksheet import units_to_weigh
from formcheck.worksheets import Worksheet

__all__ = ["balances_checked", "drops_counted", "masses_found"]

_IN_A_ROW = ("1st", "2nd", "3rd", "4th", "5th")


def balances_checked(sheet: Worksheet) -> list[Block]:
    """The check of the day of each balance that something is weighed on."""
    used = dict.fromkeys(each.used.used.balance for each in sheet.weighings if each.used.used.balance)
    return [Fields([(f"{balance} checked today", "") for balance in used])] if used else []


def masses_found(sheet: Worksheet) -> list[Block]:
    """A place for the gross mass of each capsule that is weighed by itself."""
    number = units_to_weigh(sheet.batch)
    starts = range(1, number + 1, len(_IN_A_ROW))
    ends = [min(start + len(_IN_A_ROW) - 1, number) for start in starts]
    rows = [
        (f"{start} to {end}" if end > start else f"{start}", *[""] * len(_IN_A_ROW))
        for start, end in zip(starts, ends, strict=True)
    ]
    return [Table(("Gross mass (mg)", *_IN_A_ROW), rows)]


def drops_counted(sheet: Worksheet) -> list[Block]:
    """The run that confirms the dropper: what is on the bottle, and what its drops weigh."""
    run = sheet.record.get("drop_calibration")
    if run is None:
        return []
    names = (
        f"Lot of the tip {run.get('tip') or ''}".rstrip(), "Mass of 20 drops (g)", "Density (g/mL)", "Temperature (°C)",
        "Counted by",
    )  # fmt: skip
    return [Fields([(name, "") for name in names])]
