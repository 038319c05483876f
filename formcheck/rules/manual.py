"""The catalogue as a manual: the list of rules, and one rule explained. Nothing is written twice."""

import difflib
import re
from typing import Any

from formcheck.errors import FormcheckError
from formcheck.findings import Authority, Severity
from formcheck.formats.words import paint, wrapped
from formcheck.reading.problems import READING
from formcheck.rules.catalogue import CATALOGUE, by_code
from formcheck.rules.rule import PROFILES, Rule

__all__ = ["NoSuchRule", "entries", "rule_as_data", "rule_as_text", "rules_as_data", "rules_as_markdown", "rules_as_text"]

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
            subject="file",
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
        "about": rule.subject,
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
    """One rule with its manual. Raises NoSuchRule."""
    rule = _rule(code)
    return {**_data(rule), "manual": rule.manual, "help": rule.help}


def rule_as_text(code: str, *, colour: bool = False) -> str:
    """One rule as a page. Raises NoSuchRule."""
    rule = _rule(code)
    lines = [f"{rule.code}  {rule.title}", ""]
    *paragraphs, last = rule.manual.split("\n\n")
    for paragraph in paragraphs:
        lines += [wrapped(" ".join(paragraph.split()), ""), ""]
    lines += [wrapped(" ".join(last.split()), " " * 12, "What to do  "), ""]
    rows = {
        "Severity": f"{paint(str(rule.severity), str(rule.severity), colour)}{_other_severities(rule)}",
        "Authority": _authority(rule),
        "Source": rule.source,
        "Needs": ", ".join(rule.needs) or "nothing beyond what it judges",
        "Profiles": "all" if rule.profiles == PROFILES else ", ".join(rule.profiles),
    }
    for name, text in rows.items():
        lines.append(f"{name:<12}{text}" if name == "Severity" else wrapped(text, " " * 12, f"{name:<12}"))
    if rule.after:
        titles = by_code()
        said = ", ".join(f"{code} ({titles[code].title})" for code in rule.after)
        lines.append(wrapped(f"{said}, when it names the same fault", " " * 12, "Gives way   "))
    return "\n".join(lines)


def _other_severities(rule: Rule) -> str:
    others = (f", {severity} under {profile}" for profile, severity in rule.severities.items())
    return "".join(others)


def _authority(rule: Rule) -> str:
    words = _CLASSES[rule.authority]
    required = rule.authority in (Authority.REGULATION, Authority.COMPENDIAL)
    return words if required else f"{words}: advice, not a requirement of USP or of law"
