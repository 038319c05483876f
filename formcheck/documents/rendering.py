"""Templates into pages. The only room that knows Jinja2, which an extra installs and which is loaded when asked for.

Everything that is put into a page is escaped, control and bidirectional characters are shown as code points, and a page
loads nothing from anywhere: its style is inside, named in its content security policy by digest, and it has no script.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.errors import NotInstalled
from formcheck.formats.words import printable

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["needs_jinja", "page"]

_TEMPLATES = Path(__file__).with_name("templates")


def needs_jinja() -> Any:
    """The Jinja2 package. Raises NotInstalled, which says what to install."""
    try:
        import jinja2
    except ImportError:
        raise NotInstalled(
            "HTML pages need Jinja2, which is not installed: pip install 'formcheck[print]'. "
            "The same report is to be had as text or as JSON without it."
        ) from None
    return jinja2


@cache
def _environment() -> "Environment":
    jinja2 = needs_jinja()
    environment: Environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment


def _shown(value: Any) -> Any:
    """What stands in the page for a text: no character that a reader cannot see. Markup of our own passes."""
    return printable(value) if type(value) is str else value


def page(template: str, **data: Any) -> str:
    """A whole page of a template with our style inside. Raises NotInstalled."""
    needs_jinja()
    from markupsafe import Markup

    style = (_TEMPLATES / "paper.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    # The style is a file of our own, without a < in it: it is not escaped, so that its digest is right.
    return _environment().get_template(template).render(style=Markup(style), policy=policy, **data)  # noqa: S704
