"""rules and explain."""

from typing import Any

import click

from formcheck.cli.showing import output_options, show, wants_colour


@click.command()
@output_options()
def rules(**options: Any) -> None:
    """List every rule: code, severity, authority, title. `formcheck explain CODE` tells more."""
    from formcheck.manual import rules_as_data, rules_as_text

    if options["output_format"] == "json":
        from formcheck.formats.data import as_json

        text = as_json(rules_as_data())
    else:
        text = rules_as_text(colour=wants_colour(options["color"], options["output"]))
    show(text, options["output"])


@click.command()
@click.argument("code")
@output_options()
def explain(code: str, **options: Any) -> None:
    """Explain one rule (FC407): what it looks for, why, what to do, and where its limit comes from."""
    from formcheck.manual import rule_as_data, rule_as_text

    if options["output_format"] == "json":
        from formcheck.formats.data import as_json

        text = as_json(rule_as_data(code))
    else:
        text = rule_as_text(code, colour=wants_colour(options["color"], options["output"]))
    show(text, options["output"])
