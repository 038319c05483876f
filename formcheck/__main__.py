"""`python -m formcheck` is the same program as `formcheck`."""

from formcheck.cli import main

main(prog_name="formcheck")
