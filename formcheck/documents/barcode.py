"""Lot and beyond-use date as a GS1 DataMatrix. The only room that knows zint, which an extra installs."""

import datetime
import re

from formcheck.errors import CannotConvert, NotInstalled

__all__ = ["data_matrix"]

_LOT = re.compile(r"[0-9A-Za-z!\"%&'()*+,./:;<=>?_-]{1,20}")
"""The characters and the length that GS1 allows for a lot, AI (10)."""


def data_matrix(lot: str, until: datetime.date) -> str:
    """The symbol as SVG, with AI (17) for the date and AI (10) for the lot. Raises NotInstalled.

    Raises CannotConvert for a lot that GS1 does not allow: 1 to 20 letters, digits and signs, no space.
    """
    if not _LOT.fullmatch(lot):
        raise CannotConvert(
            f"the lot {lot[:40]!r} cannot stand in a GS1 DataMatrix: 1 to 20 letters, digits and signs without a space; "
            "choose such a number, or print without the symbol: --no-symbol"
        )
    try:
        import zint
    except ImportError:
        raise NotInstalled(
            "the DataMatrix needs zint-bindings, which is not installed: pip install 'formcheck[print]', or --no-symbol"
        ) from None
    symbol = zint.Symbol()
    symbol.symbology, symbol.input_mode = zint.Symbology.DATAMATRIX, zint.InputMode.GS1
    symbol.warn_level, symbol.option_3 = zint.WarningLevel.FAIL_ALL, zint.DataMatrixOptions.SQUARE
    try:
        symbol.encode(f"[17]{until:%y%m%d}[10]{lot}")
        symbol.buffer_vector()
    except RuntimeError as error:
        raise CannotConvert(f"lot and date cannot stand in a GS1 DataMatrix: {error}") from None
    vector = symbol.vector
    quiet = 2 * int(vector.width) // int(symbol.width)
    size = int(vector.width) + 2 * quiet
    squares = "".join(
        f'<rect x="{int(r.x) + quiet}" y="{int(r.y) + quiet}" width="{int(r.width)}" height="{int(r.height)}"/>'
        for r in vector.rectangles
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#ffffff"/>{squares}</svg>'
    )
