"""`evalwatch read`: what a page is read as, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.documents import documents
from crawler.commands.options import json_option
from crawler.commands.screen import printable
from crawler.errors import DocumentError
from crawler.items import Article, Entry, Page

if TYPE_CHECKING:
    from crawler.read import Candidate

__all__ = ["read"]

_NOWHERE = "https://page.invalid/"
"""Stands for the address of a saved page that nobody gave; never printed."""
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex)\b", re.IGNORECASE)


@click.command(
    epilog="Example:  evalwatch read --explain saved/page.html", no_args_is_help=True,
)  # fmt: skip
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@click.option(
    "--list", "as_list", is_flag=True, help="Read lists (HTML, RSS, Atom, sitemaps): the entries with their dates."
)
@click.option("--explain", is_flag=True, help="Say where each field comes from and what the other places say.")
@click.option("--url", metavar="URL", help="The address that the page was saved from, for its links and its date.")
@json_option
def read(files: tuple[str, ...], *, as_list: bool, explain: bool, url: str | None, as_json: bool) -> int:
    """Read saved pages, texts, PDF, DOCX and XLSX (- is standard input) and print what they hold, without looking for results.

    With --json one object per line and document: id, title, published, modified, media, origin, author, editor, text, tables,
    images, attachments, next, charset, notes; with --list id and entries (url, title, date). A document that cannot be read
    is told on standard error; the others are read all the same, and the exit code is 1.
    """
    failed = False
    for name, data in documents(files):
        try:
            if isinstance(data, OSError):
                raise DocumentError(data.strerror or str(data), where=name)
            show = _list_lines if as_list else _article_lines
            for line in show(name, data, url=url, explain=explain, as_json=as_json):
                click.echo(line)
        except DocumentError as error:
            failed = True
            click.echo(f"evalwatch: {error}", err=True)
    return 1 if failed else 0


def _article_lines(name: str, data: bytes, *, url: str | None, explain: bool, as_json: bool) -> Iterator[str]:
    from crawler.read import article_as_json, reading_from_file

    reading = reading_from_file(name, data, url=url)
    if not as_json:
        yield from map(printable, _told(name, reading.article))
        yield from map(printable, _explained(reading.candidates) if explain else ())
        return
    found = article_as_json(Path(name).stem, reading.article)
    if explain:
        found["candidates"] = [_candidate_as_json(candidate) for candidate in reading.candidates]
    yield json.dumps(found, ensure_ascii=False)


def _told(name: str, article: Article) -> Iterator[str]:
    """An article for people: its fields, its body, what it links to."""
    yield f"{name}: {article.title or 'without title'}"
    fields = {
        "published": article.published, "modified": article.modified, "media": article.outlet, "origin": article.origin,
        "author": article.author, "editor": article.editor, "next": article.next_url, "charset": article.charset,
    }  # fmt: skip
    for field, value in fields.items():
        if value is not None:
            yield f"  {field:10}{value}"
    for image in article.images:
        yield f"  {'image':10}{image.url}"
    for file in article.attachments:
        yield f"  {'attached':10}{file.title}  {file.url}"
    for note in article.notes:
        yield f"  {'note':10}{note}"
    yield ""
    yield article.text
    yield ""


def _explained(candidates: Sequence[Candidate]) -> Iterator[str]:
    """Each field with the place that was believed, and below it what the others say."""
    told: set[str] = set()
    for candidate in candidates:
        mark = "      not" if candidate.field in told else f"  {candidate.field}:"
        told.add(candidate.field)
        yield f"{mark} {candidate.value}  ({candidate.where})"
    if not told:
        yield "  a text or document: its fields come from its own lines"


def _candidate_as_json(candidate: Candidate) -> dict[str, Any]:
    value = candidate.value
    shown = value if isinstance(value, str) else value.isoformat()
    return {"field": candidate.field, "where": candidate.where, "value": shown}


def _list_lines(name: str, data: bytes, *, url: str | None, explain: bool, as_json: bool) -> Iterator[str]:
    from crawler.read import entry_as_json, feed_entries, list_entries

    page = Page(url or _NOWHERE, 200, {}, data, datetime.now(UTC))
    is_feed = bool(_FEED.search(data[:2000]))
    try:
        entries: Sequence[Entry] = feed_entries(page) if is_feed else list_entries(page, None)
    except DocumentError as error:
        raise DocumentError(error.what, where=name, hint=error.hint) from error
    if not entries:
        raise DocumentError("holds no list", where=name, hint="Try without --list")
    found = [_without_host(entry_as_json(entry)) for entry in entries]
    if as_json:
        yield json.dumps({"id": Path(name).stem, "entries": found}, ensure_ascii=False)
        return
    kind = "a feed" if is_feed else "the links of the page that are most like a list"
    yield printable(f"{name}: {len(found)} entries" + (f", from {kind}" if explain else ""))
    for entry in found:
        yield printable(f"  {(entry['date'] or '')[:10]:10}  {entry['title']}  {entry['url']}")


def _without_host(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry without the address that stood for the unknown one of its page."""
    url = entry["url"]
    return {**entry, "url": url[len(_NOWHERE) - 1 :] if url.startswith(_NOWHERE) else url}
