"""Where a self-test ran: formcheck and what it stands on, the computer, and the time."""

import datetime
import hashlib
import platform
import sys
from importlib import metadata
from pathlib import Path

import attrs

from formcheck import __version__

__all__ = ["Machine", "this_machine"]

_LIBRARIES = ("attrs", "cattrs", "click", "pint", "PyYAML")
_EXTRAS = ("python-calamine", "XlsxWriter", "Jinja2", "MarkupSafe")
"""What reads and writes workbooks, and makes the page: named where it is installed."""
_PROGRAM = (".py", ".txt", ".html", ".css")
_BESIDE = ("catalogue_examples", "published_cases", "specs")
"""What a wheel installs beside the program and a checkout keeps elsewhere: data, and no part of the program."""


@attrs.frozen(kw_only=True)
class Machine:
    """What was tried, on what, and when (UTC)."""

    formcheck: str
    program_sha256: str
    folder: str
    python: str
    platform: str
    computer: str
    libraries: dict[str, str]
    at: str


def this_machine(now: datetime.datetime | None = None) -> Machine:
    """This computer, at this moment."""
    now = now or datetime.datetime.now(datetime.UTC)
    return Machine(
        formcheck=__version__,
        program_sha256=_of_program(),
        folder=str(_folder()),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        platform=platform.platform(),
        computer=platform.node(),
        libraries={**{name: _version(name) or "not known" for name in _LIBRARIES}, **_installed(_EXTRAS)},
        at=now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _folder() -> Path:
    return Path(sys.modules["formcheck"].__file__ or ".").resolve().parent


def _of_program() -> str:
    """One SHA-256 over the name and the SHA-256 of every file of the program itself, in order.

    A checkout and an installation of the same version have the same.
    """
    total, folder = hashlib.sha256(), _folder()
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in _PROGRAM}
    for name in sorted(name for name in files if not name.startswith(_BESIDE)):
        total.update(f"{name} {hashlib.sha256(files[name].read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _installed(names: tuple[str, ...]) -> dict[str, str]:
    return {name: version for name in names if (version := _version(name)) is not None}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
