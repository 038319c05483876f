"""The command line. `main` is the click group."""

from formcheck.cli.group import main

__all__ = ["main"]
