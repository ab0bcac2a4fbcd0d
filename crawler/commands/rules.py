"""`evalwatch rules`: the extraction rules as data."""

from __future__ import annotations

import click

__all__ = ["rules"]


@click.command("check", epilog="Example:  evalwatch rules check")
def check() -> int:
    """Check every rule file: schema, patterns, and each rule against the examples it carries."""
    from crawler.extract.rulebook import load_rulebook  # the other commands start without the rules
    from crawler.extract.rulecheck import check_rules

    mistakes = check_rules()
    for mistake in mistakes:
        click.echo(mistake)
    if mistakes:
        click.echo(f"{len(mistakes)} mistakes", err=True)
        return 1
    book = load_rulebook()
    number = sum(len(table.rules) for table in book.tables.values())
    click.echo(f"{len(book.series)} series and {number} rules in {len(book.tables)} tables: all examples hold")
    return 0


rules = click.Group(
    "rules", commands=[check], help="Work on the extraction rules.", epilog="Example:  evalwatch rules check"
)
