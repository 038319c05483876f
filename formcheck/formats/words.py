"""Words that every text format shares: safe to print, wrapped, coloured on request."""

from formcheck.findings import Finding, Severity, Verdict

__all__ = ["VERDICTS", "paint", "printable", "severity_of", "with_verdict", "wrapped"]

VERDICTS = {
    Verdict.PASS: "PASS",
    Verdict.FAIL: "FAIL",
    Verdict.NOT_DETERMINED: "NOT DETERMINED",
    Verdict.WAIVED: "WAIVED",
    Verdict.NOTE: "NOTE",
}
_COLOURS = {
    "AS EXPECTED": "32",
    "NOT AS EXPECTED": "31",
    "NOT READ": "31",
    "PASS": "32",
    "FAIL": "31",
    "NOT DETERMINED": "33",
    "WAIVED": "36",
    "error": "31",
    "warning": "33",
    "info": "36",
}
WIDTH = 100


def printable(text: str) -> str:
    """The text with control, bidirectional and other unprintable characters as code points."""
    return "".join(c if c.isprintable() or c == "\u00a0" else f"\\u{ord(c):04x}" for c in text)


def paint(word: str, style: str, colour: bool) -> str:
    """The word in the colour of a style, where colour is wanted; the word itself always says it too."""
    return f"\x1b[1;{_COLOURS[style]}m{word}\x1b[0m" if colour and style in _COLOURS else word


def severity_of(finding: Finding) -> str:
    """How a finding is announced: "error", "warning", "info", or that it is not determined or waived."""
    if finding.verdict is Verdict.NOT_DETERMINED:
        return "not determined" if finding.severity is Severity.ERROR else f"not determined ({finding.severity})"
    return "waived" if finding.verdict is Verdict.WAIVED else str(finding.severity)


def wrapped(text: str, indent: str, first: str | None = None) -> str:
    """The text, printable, wrapped to the width of a page."""
    import textwrap

    return textwrap.fill(
        printable(text),
        width=WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def with_verdict(finding: Finding) -> Finding:
    """A finding whose words say that it is not determined, or waived, by whom and until when."""
    undetermined = "not determined: " if finding.verdict is Verdict.NOT_DETERMINED else ""
    waiver = f" ({finding.waiver})" if finding.waiver is not None else ""
    return finding._replace(message=f"{undetermined}{finding.message}{waiver}")
