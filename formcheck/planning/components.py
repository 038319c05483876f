"""The components of a record beside those of its formulation: which stands for which.

They are matched by name, or by an alternate that the formulation names.
"""

from typing import TypeVar

import attrs

from formcheck.papers.compounding import CompoundingRecord, UsedComponent
from formcheck.papers.formulation import Component, MasterFormulationRecord, Role
from formcheck.planning.component_names import is_shell_of, plain, substance

__all__ = ["Path", "Used", "is_measured", "is_to_be_weighed", "is_weighed", "matched", "only", "plain"]

Path = tuple[str | int, ...]
_Thing = TypeVar("_Thing")


@attrs.frozen
class Used:
    """A component of the record, its place in it, and the component of the formulation it stands for."""

    index: int
    used: UsedComponent
    planned: Component | None

    @property
    def path(self) -> Path:
        return ("components", self.index)

    @property
    def role(self) -> Role | None:
        return None if self.planned is None else self.planned.role

    @property
    def name(self) -> str:
        return self.used.name or f"component {self.index + 1}"


def matched(record: CompoundingRecord, formulation: MasterFormulationRecord | None) -> tuple[Used, ...]:
    """Every component of the record, with the one of the formulation it stands for."""
    planned = formulation.components if formulation is not None else ()
    named: dict[str, Component] = {}
    for component in planned:
        for name in (*component.alternates, component.name):
            if name is not None:
                named[substance(name)] = component
    found = [
        Used(index, used, named.get(substance(used.name)) if used.name else None)
        for index, used in enumerate(record.components)
    ]
    return tuple(_with_stand_in(_with_shell(found, planned), planned))


def _with_shell(found: list[Used], planned: tuple[Component, ...]) -> list[Used]:
    """The shells under a looser name ("capsule shells", "hard gelatin capsules size 3"), where no other is the shell."""
    shell = only(tuple(p for p in planned if p.role is Role.SHELL))
    if shell is None or shell.name is None or any(u.planned is shell for u in found):
        return found
    loose = [u for u in found if u.planned is None and u.used.name and is_shell_of(u.used.name, shell.name)]
    return [attrs.evolve(u, planned=shell) if any(u is other for other in loose) else u for u in found]


def _with_stand_in(found: list[Used], planned: tuple[Component, ...]) -> list[Used]:
    """Where no component has the name of the active, the one strange component with a certificate
    stands in its place: its identity is then a fault (FC203), and its weights can still be judged.
    """
    active = only(tuple(p for p in planned if p.role is Role.ACTIVE))
    strange = only(tuple(u for u in found if u.planned is None and u.used.certificate is not None))
    if any(u.role is Role.ACTIVE for u in found):
        return found
    return [attrs.evolve(u, planned=active) if u is strange else u for u in found]


def only(found: tuple[_Thing, ...]) -> _Thing | None:
    """The one thing of a tuple; None where there is none, or more than one."""
    return found[0] if len(found) == 1 else None


def is_weighed(used: Used) -> bool:
    """Whether a component is one to be weighed: not counted, not made up to volume, not measured."""
    planned = used.planned
    if planned is None:
        paper = used.used
        return paper.counted is None and paper.final_volume is None and paper.system is None and paper.measured is None
    return is_to_be_weighed(planned) or (_is_a_volume(planned) and used.used.weighed is not None)


def is_measured(used: Used) -> bool:
    """Whether a component is one to be measured by volume, and was not weighed in its stead."""
    return used.planned is not None and _is_a_volume(used.planned) and used.used.weighed is None


def is_to_be_weighed(planned: Component) -> bool:
    """Whether the formulation wants a component weighed; one without an amount is not let off for that."""
    if planned.amount is None:
        return planned.final_volume is None
    return planned.amount.kind == "mass"


def _is_a_volume(planned: Component) -> bool:
    return planned.amount is not None and planned.amount.kind == "volume"
