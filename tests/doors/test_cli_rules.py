"""rules and explain: the catalogue as a manual."""

from typing import Any, get_args

import attrs
import pytest

from doors.running import FIRST, as_json, run
from formcheck.papers.compounding import CompoundingRecord
from formcheck.papers.formulation import MasterFormulationRecord
from formcheck.planning.needs import key_of
from formcheck.reading.problems import READING
from formcheck.rules.catalogue import CATALOGUE

CODES = [*sorted(READING), *sorted(rule.code for rule in CATALOGUE)]


def test_the_keys_of_the_rules() -> None:
    """rules as JSON lists every code once, in order, each with code, title, severity, authority and source."""
    data = as_json("rules").data
    assert list(data) == [*FIRST, "rules"]
    assert [rule["code"] for rule in data["rules"]] == CODES and len(set(CODES)) == len(CODES)
    keys = list(data["rules"][0])
    for rule in data["rules"]:
        assert list(rule) == keys and {"code", "title", "severity", "authority", "source"} <= set(keys)
        assert rule["severity"] in ("error", "warning", "info") and rule["title"] and rule["source"]
        assert rule["authority"] in ("regulation", "compendial", "good_practice", "formcheck")


def test_the_rules_in_words() -> None:
    """rules prints a line for every code, with its title."""
    ran = run("rules")
    assert ran.code == 0
    lines = {line.split()[0]: line for line in ran.out.splitlines() if line.startswith("FC")}
    assert list(lines) == CODES
    assert all(rule.title in lines[rule.code] for rule in CATALOGUE)


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str) -> None:
    """explain says of every code what it looks for, what to do, its severity, authority and source."""
    ran = run("explain", code)
    assert ran.code == 0 and ran.out.startswith(f"{code}  ")
    for words in ("What to do", "Severity", "Authority", "Source"):
        assert words in ran.out
    data = as_json("explain", code).data
    assert list(data)[:3] == [*FIRST, "code"] and data["code"] == code
    assert data["help"].strip() and data["help"] in " ".join(data["manual"].split())


@pytest.mark.parametrize("spelling", ["fc407", " FC407 "])
def test_a_code_may_be_written_small(spelling: str) -> None:
    """explain takes a code in small letters."""
    assert run("explain", spelling).out == run("explain", "FC407").out


@pytest.mark.parametrize(
    ("code", "near"), [("FC4O7", "FC407"), ("FC1", "formcheck rules"), ("nonsense", "formcheck rules")]
)
def test_a_code_that_does_not_exist_is_a_usage_error(code: str, near: str) -> None:
    """explain of an unknown code: exit 2, with the nearest code or where to look."""
    ran = run("explain", code)
    assert ran.code == 2 and ran.out == "" and near in ran.err
    assert list(as_json("explain", code).data) == [*FIRST, "error"]


def _is_a_key(kind: Any, path: str) -> bool:
    """Whether a dotted key leads to a field of a paper."""
    for name in path.split("."):
        fields = {field.name: field.type for field in attrs.fields(kind)} if attrs.has(kind) else {}
        if name not in fields:
            return False
        kind = next((inner for inner in _inside(fields[name]) if attrs.has(inner)), None)
    return True


def _inside(kind: Any) -> list[Any]:
    return [kind] if not get_args(kind) else [part for inner in get_args(kind) for part in _inside(inner)]


def test_what_a_rule_needs_is_said_as_the_keys_of_a_paper() -> None:
    """explain names the keys to write, "components.weighed of the active", and each of them is a key of its paper."""
    for rule in CATALOGUE:
        for need in {*rule.needs, *(need for ruling in rule.under.values() for need in ruling.needs)}:
            key, _, where = key_of(need).partition(" ")
            assert _is_a_key(MasterFormulationRecord if where == "in the formulation" else CompoundingRecord, key), need
    words = " ".join(run("explain", "FC301").out.split())
    assert "components.required of the active" in words and "batch.batch_overage in the formulation" in words
    assert "under usp-503b also people.compounded_by.name" in " ".join(run("explain", "FC803").out.split())
    assert "components.required of the active" in as_json("explain", "FC301").data["keys"]
