"""Papers as PDF. The only room that knows typst, which an extra installs and which is loaded when asked for.

Data go in as JSON and are never taken for markup; fonts come from this package alone, and nothing is fetched. The same
paper gives the same bytes.
"""

import json
import re
from pathlib import Path
from typing import Any, Literal

from formcheck.errors import FormcheckError, NotInstalled
from formcheck.formats.words import printable

__all__ = ["typeset"]

_TEMPLATES, _FONTS = Path(__file__).with_name("templates"), Path(__file__).with_name("fonts")
STANDARD: Literal["a-2b"] = "a-2b"
"""PDF/A-2b: made to be kept for years, everything it needs inside. It asks for a date, so a paper without one is none."""


class CannotTypeset(FormcheckError):
    """A paper that does not fit its sheet, or cannot be set; the message says why."""


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template. Raises NotInstalled, or CannotTypeset where the template refuses what it is given."""
    try:
        import typst
    except ImportError:
        raise NotInstalled(
            "PDFs need typst, which is not installed: pip install 'formcheck[print]'. "
            "The same paper is to be had as text without it."
        ) from None
    text = json.dumps(_shown({"date": "", **data}), ensure_ascii=False)
    try:
        pdf = typst.compile(
            str(_TEMPLATES / template),
            root=str(_TEMPLATES),
            font_paths=[str(_FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": text},
            pdf_standards=[STANDARD] if data.get("date") else [],
        )
    except typst.TypstError as error:
        raise CannotTypeset(f"the paper cannot be set: {error.message.removeprefix('panicked with: ')}") from None
    return bytes(pdf)


_NO_GLYPH = re.compile(
    r"[^\x20-\u024f\u0370-\u052f\u1e00-\u1eff\u2010-\u2044\u20ac\u2103\u2190-\u2199\u2212\u2248\u2260-\u2265]"
)
"""What the fonts have no letters for: all but Latin, Greek, Cyrillic and the usual signs."""


_ONE_WORD = re.compile(r"[^\s\u200b]{25,}")
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MAY_BREAK = "\u200b"
"""Where a word that is longer than any line of a table may be broken; it takes no place."""


def _breakable(match: re.Match[str]) -> str:
    """A word that might be wider than its place: never cut, never over its neighbour. A digest fits its line."""
    return match[0] if _DIGEST.fullmatch(match[0]) else _MAY_BREAK.join(match[0])


def _code_point(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _shown(value: Any) -> Any:
    """Data for a paper: no character that a reader cannot see."""
    if isinstance(value, str):
        shown = (_NO_GLYPH.sub(_code_point, printable(line)) for line in value.split("\n"))
        return "\n".join(_ONE_WORD.sub(_breakable, line) for line in shown)
    if isinstance(value, dict):
        return {key: item if key == "svg" else _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, (list, tuple)) else value
