"""The catalogue as a manual: the list of rules, one rule explained, a page for each. Nothing is written twice."""

import difflib
import re
from typing import Any

from formcheck.errors import FormcheckError
from formcheck.examples import Example, examples_of
from formcheck.findings import Authority, Finding, Severity
from formcheck.formats.words import paint, severity_of, wrapped
from formcheck.planning.needs import key_of
from formcheck.reading.problems import READING
from formcheck.rules.catalogue import CATALOGUE, by_code
from formcheck.rules.rule import PROFILES, Rule

__all__ = [
    "NoSuchRule", "entries", "index_as_markdown", "rule_as_data", "rule_as_markdown", "rule_as_text", "rules_as_data",
    "rules_as_markdown", "rules_as_text",
]  # fmt: skip

_CLASSES = {
    Authority.REGULATION: "regulation",
    Authority.COMPENDIAL: "compendial",
    Authority.GOOD_PRACTICE: "good practice",
    Authority.FORMCHECK: "formcheck's own",
}


class NoSuchRule(FormcheckError):
    """A code that is in no catalogue."""


def entries() -> tuple[Rule, ...]:
    """Every code formcheck can print, what cannot be read (FC0) first."""
    reading = (
        Rule(
            code=entry.code,
            title=entry.title,
            severity=Severity.ERROR,
            authority=Authority.FORMCHECK,
            source="formcheck, strict reading",
            manual=f"{entry.why}\n\n{entry.help}",
            subjects=("file",),
        )
        for entry in READING.values()
    )
    return (*reading, *sorted(CATALOGUE, key=lambda rule: rule.code))


def _data(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "title": rule.title,
        "severity": str(rule.severity),
        "authority": str(rule.authority),
        "source": rule.source,
        "needs": list(rule.needs),
        "profiles": list(rule.profiles),
        "about": list(rule.subjects),
    }


def rules_as_data() -> dict[str, Any]:
    """The rules with the keys of the contract."""
    return {"rules": [_data(rule) for rule in entries()]}


def rules_as_text(*, colour: bool = False) -> str:
    """The rules as a table."""
    lines = [f"{'code':<7}{'severity':<10}{'authority':<17}title"]
    for rule in entries():
        severity = paint(f"{rule.severity:<10}", str(rule.severity), colour)
        lines.append(f"{rule.code:<7}{severity}{_CLASSES[rule.authority]:<17}{rule.title}")
    lines += ["", f"{len(entries())} codes. formcheck explain CODE tells what one looks for, why, and what to do."]
    return "\n".join(lines)


def rules_as_markdown() -> str:
    """The rules as the table of the README."""
    lines = ["| code | severity | authority | title |", "|---|---|---|---|"]
    lines += [f"| {r.code} | {r.severity} | {_CLASSES[r.authority]} | {r.title} |" for r in entries()]
    return "\n".join(lines)


def _rule(code: str) -> Rule:
    known = {rule.code: rule for rule in entries()}
    # A letter O or I for a digit is the commonest slip in a code.
    wanted = re.sub(r"(?<=[0-9OI])[OI](?=[0-9OI]|$)", lambda m: "0" if m[0] == "O" else "1", code.strip().upper())
    if wanted not in known or wanted != code.strip().upper():
        family = ", ".join(known_code for known_code in known if known_code.startswith(wanted))
        near = difflib.get_close_matches(wanted, known, n=1)
        hint = f"its family is {family}; " if family else f"did you mean {near[0]}? " if near else ""
        raise NoSuchRule(f"{code[:20]!r} is no rule of this version: {hint}formcheck rules lists them")
    return known[wanted]


def rule_as_data(code: str) -> dict[str, Any]:
    """One rule with its manual and its examples. Raises NoSuchRule."""
    rule = _rule(code)
    keeps, breaks = examples_of(rule.code)
    examples = {"passes": keeps, "breaks": breaks}
    return {
        **_data(rule),
        "manual": rule.manual,
        "help": rule.help,
        "keys": [key_of(need) for need in rule.needs],
        "under": {
            profile: {"severity": str(ruling.severity), "authority": str(ruling.authority), "source": ruling.source}
            for profile, ruling in rule.under.items()
        },
        "examples": {name: _example_as_data(example) for name, example in examples.items() if example is not None},
    }


def _example_as_data(example: Example) -> dict[str, Any]:
    return {
        "about": example.about,
        "start": example.start,
        "changes": list(example.changes),
        "messages": [finding.message for finding in example.findings],
    }


def _paragraphs(rule: Rule) -> tuple[list[str], str]:
    """The manual as paragraphs of one line each, and what to do."""
    *paragraphs, last = (" ".join(paragraph.split()) for paragraph in rule.manual.split("\n\n"))
    return paragraphs, last


def _particulars(rule: Rule) -> dict[str, str]:
    """What a rule is: severity, authority, source, needs, profiles, what it judges."""
    rows = {
        "Severity": f"{rule.severity}{_other_severities(rule)}",
        "Authority": _authority(rule),
        "Source": rule.source,
        "Needs": _needs(rule),
        "Profiles": "all" if rule.profiles == PROFILES else ", ".join(rule.profiles),
        "Judges": ", ".join(_SUBJECTS[subject] for subject in rule.subjects),
    }
    if rule.after:
        titles = by_code()
        said = ", ".join(f"{code} ({titles[code].title})" for code in rule.after)
        rows["Gives way"] = f"to {said}, when it names the same fault"
    return rows


def _needs(rule: Rule) -> str:
    """The keys that must be written for a rule to run, and those that only one profile asks for."""
    keys = ", ".join(map(key_of, rule.needs)) or "nothing beyond what it judges"
    also = (
        f"; under {name} also {', '.join(map(key_of, ruling.needs))}" for name, ruling in rule.under.items() if ruling.needs
    )
    return keys + "".join(also)


_SUBJECTS = {
    "record": "records (check)",
    "formulation": "formulations (lint)",
    "conversion": "conversions (convert)",
    "example": "example records (lint)",
    "file": "files",
}


def rule_as_text(code: str, *, colour: bool = False) -> str:
    """One rule as a page. Raises NoSuchRule."""
    rule = _rule(code)
    lines = [f"{rule.code}  {rule.title}", ""]
    paragraphs, last = _paragraphs(rule)
    for paragraph in paragraphs:
        lines += [wrapped(paragraph, ""), ""]
    lines += [wrapped(last, " " * 12, "What to do  "), ""]
    for name, text in _particulars(rule).items():
        shown = text.replace(str(rule.severity), paint(str(rule.severity), str(rule.severity), colour), 1)
        lines.append(f"{name:<12}{shown}" if name == "Severity" else wrapped(text, " " * 12, f"{name:<12}"))
    for word, example in zip(("Passes", "Breaks"), examples_of(rule.code), strict=True):
        if example is not None:
            lines += ["", wrapped(example.about, " " * 12, f"{word:<12}")]
            lines += [wrapped(change, " " * 18, " " * 14) for change in example.changes]
            lines += [wrapped(_said(finding), " " * 14, " " * 12) for finding in example.findings]
    return "\n".join(lines)


def _said(finding: Finding) -> str:
    return f"-> {finding.code} {severity_of(finding)}: {finding.message}"


def rule_as_markdown(code: str) -> str:
    """One rule as a page of the documentation. Raises NoSuchRule."""
    rule = _rule(code)
    paragraphs, last = _paragraphs(rule)
    lines = [f"# {rule.code}: {rule.title}", ""]
    for paragraph in paragraphs:
        lines += [paragraph, ""]
    lines += [f"**What to do.** {last}", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {_cell(text)} |" for name, text in _particulars(rule).items()]
    for word, example in zip(("keeps the rule", "breaks it"), examples_of(rule.code), strict=True):
        if example is not None:
            lines += ["", f"## An example that {word}", "", f"{_cell(example.about)} It starts from {example.start}:"]
            lines += ["", "```yaml", *(change for change in example.changes), "```"]
            lines += [f"\n> {_cell(_said(finding).removeprefix('-> '))}" for finding in example.findings]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Text that stands for itself in Markdown."""
    return re.sub(r"([|<>*_`])", r"\\\1", text)


def index_as_markdown() -> str:
    """The list of all pages of rules."""
    lines = ["# Every rule", "", "Made from the program itself; `formcheck explain CODE` prints the same.", ""]
    lines += ["| code | title | severity | authority |", "|---|---|---|---|"]
    for rule in entries():
        page = f"[{rule.code}]({rule.code}.md)"
        lines.append(f"| {page} | {_cell(rule.title)} | {rule.severity} | {_CLASSES[rule.authority]} |")
    return "\n".join(lines) + "\n"


def _other_severities(rule: Rule) -> str:
    others = (f", {r.severity} under {profile}" for profile, r in rule.under.items() if r.severity is not rule.severity)
    return "".join(others)


def _authority(rule: Rule) -> str:
    words = _CLASSES[rule.authority]
    required = rule.authority in (Authority.REGULATION, Authority.COMPENDIAL)
    return words if required else f"{words}: advice, not a requirement of USP or of law"
