"""`evalwatch extract`: what single documents say."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from crawler.commands.explained import explanation_lines
from crawler.commands.options import json_option
from crawler.commands.screen import document_lines
from crawler.errors import DocumentError

__all__ = ["documents", "extract"]


@click.command(
    epilog="Example:  evalwatch extract --json articles/*.txt > results.jsonl", no_args_is_help=True,
)  # fmt: skip
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@json_option
@click.option(
    "--explain", "explain_it", is_flag=True, help="Show the text with every mention marked, and why each fact is one."
)
def extract(files: tuple[str, ...], *, as_json: bool, explain_it: bool) -> int:
    """Read documents (.html, .txt, .md; - is standard input) and print the results they state.

    With --json one object per line and document, with every result, its exact words and where they stand. A document
    that cannot be read is told on standard error; the others are read all the same, and the exit code is 1.
    """
    failed = False
    for name, data in documents(files):
        try:
            if isinstance(data, OSError):
                raise DocumentError(data.strerror or str(data), where=name)
            lines = _explained(name, data) if explain_it else _told(name, data, as_json=as_json)
        except DocumentError as error:
            failed = True
            click.echo(f"evalwatch: {error}", err=True)
            continue
        click.echo("\n".join(lines))
    return 1 if failed else 0


def documents(files: tuple[str, ...]) -> Iterator[tuple[str, bytes | OSError]]:
    """Name and content of each file, or why it cannot be opened."""
    for name in files:
        if name == "-":
            yield "stdin", sys.stdin.buffer.read()
            continue
        try:
            yield name, Path(name).read_bytes()
        except OSError as error:
            yield name, error


# the stages are imported where they are used, so that other commands start without the rules


def _told(name: str, data: bytes, *, as_json: bool) -> list[str]:
    from crawler.extract import extract as extract_article
    from crawler.extract.contract import document_as_json
    from crawler.read import article_from_file

    article = article_from_file(name, data)
    found = document_as_json(Path(name).stem, article, extract_article(article))
    return [json.dumps(found, ensure_ascii=False)] if as_json else list(document_lines(found))


def _explained(name: str, data: bytes) -> list[str]:
    from crawler.extract import extract as extract_article
    from crawler.extract.explain import explain
    from crawler.read import article_from_file

    article = article_from_file(name, data)
    extraction = extract_article(article)
    explanation = explain(article, extraction)
    return list(explanation_lines(article, extraction, explanation, colour=sys.stdout.isatty()))
