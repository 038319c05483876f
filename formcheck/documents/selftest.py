"""The report of a self-test as a page: self-contained, to be read on a screen, printed and filed."""

from formcheck.documents.rendering import page
from formcheck.selftest.comparing import words
from formcheck.selftest.running import SelfTest
from formcheck.selftest.showing import NOTE, SIGNATURES, differences, header, listed_codes, published_answer

__all__ = ["selftest_page"]


def selftest_page(test: SelfTest) -> str:
    """The page. Raises NotInstalled where Jinja2 is missing."""
    return page(
        "selftest.html",
        test=test,
        header=header(test),
        differences=list(differences(test)),
        words=words,
        listed_codes=listed_codes,
        published_answer=published_answer,
        notes=NOTE,
        signatures=SIGNATURES,
    )
