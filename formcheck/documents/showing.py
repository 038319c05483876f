"""A paper as text, as a page of its own, or as a PDF."""

from typing import Any

from formcheck import __version__
from formcheck.documents.paper import Document
from formcheck.documents.rendering import page
from formcheck.documents.typesetting import typeset

__all__ = ["as_html", "as_pdf"]


def as_html(document: Document) -> str:
    """A self-contained page. Raises NotInstalled where Jinja2 is missing."""
    return page("paper.html", document=document, version=__version__)


def as_pdf(document: Document, sheet: str = "a4") -> bytes:
    """A PDF on sheets of a size (a4, us-letter). Raises NotInstalled where typst is missing."""
    data: dict[str, Any] = {
        **document._asdict(),
        "paper": sheet,
        "foot": document.foot or f"Made by formcheck {__version__}.",
        "sections": [
            {"title": section.title, "blocks": [_block(block) for block in section.blocks]} for section in document.sections
        ],
    }
    return typeset("paper.typ", data)


def _block(block: Any) -> dict[str, Any]:
    data: dict[str, Any] = block._asdict()
    if "findings" in data:
        names = ("severity", "code", "message", "help", "source")
        data["findings"] = [{name: str(getattr(finding, name) or "") for name in names} for finding in block.findings]
    return data
