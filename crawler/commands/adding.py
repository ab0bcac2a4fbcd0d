"""`evalwatch sources add`: what a list page is built with, and the lines that make it a source."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from crawler.commands.child import run_child
from crawler.commands.options import database_path, json_option, load, settings_option
from crawler.commands.screen import printable
from crawler.errors import DocumentError, UsageError
from crawler.items import Page

if TYPE_CHECKING:
    from crawler.read import Proposal

__all__ = ["add"]

SHOWN = 8
"""Entries that are printed of a proposal."""
_NOT_IN_IDS = {"www", "com", "cn", "gov", "org", "net", "edu"}


@click.command(
    epilog="Example:  evalwatch sources add https://www.wuhan.gov.cn/sy/whyw/",
)
@click.argument("place", metavar="URL|FILE")
@click.option("--url", metavar="URL", help="The address that a saved page came from.")
@click.option("--id", "source_id", metavar="ID", help="The id of the new source [default: from its address].")
@click.option("--name", metavar="NAME", help="What people call the outlet [default: the title of the page].")
@settings_option
@json_option
@click.pass_context
def add(
    context: click.Context, place: str, url: str | None, source_id: str | None, name: str | None,
    settings_file: str | None, *, as_json: bool,
) -> int:  # fmt: skip
    """Look at a list page (HTML, feed, sitemap or JSON), recognise what it is built with, and print the lines to paste into
    settings.toml.

    A page is fetched once, as a night would fetch it: robots.txt, guard and your contact hold. Nothing is written. A page that
    you saved needs its address: evalwatch sources add saved.html --url https://www.wuhan.gov.cn/sy/whyw/
    """
    from crawler.read import proposals

    outer, database = context.obj
    page = _saved(place, url) if not place.startswith(("http://", "https://")) else None
    if page is None:
        settings, path = load(settings_file or outer)
        page = _fetched(place, path, database_path(database, settings))
    try:
        found = proposals(page)
    except DocumentError as error:
        raise DocumentError(error.what, where=place, hint=error.hint) from error
    if not found:
        raise DocumentError("holds no list", where=place, hint="Give the page that lists the newest articles")
    best = found[0]
    keys = _keys(best, page, source_id, name)
    if as_json:
        click.echo(json.dumps(_for_programs(best, keys), ensure_ascii=False))
        return 0
    click.echo("\n".join(printable(line) for line in (*_told(best), "", *_toml(keys))))
    return 0


def _saved(place: str, url: str | None) -> Page:
    if url is None:
        raise UsageError("a saved page needs its address", hint="Give it with --url")
    try:
        return Page(url, 200, {}, Path(place).read_bytes(), datetime.now(UTC))
    except OSError as error:
        raise UsageError(error.strerror or str(error), where=place, hint="Give an address or a saved page") from error


def _fetched(url: str, settings: Path, database: Path) -> Page:
    """The page, fetched by the child process. Raises DocumentError where it did not come."""
    page = None
    for event in run_child(settings, database, ["--fetch", url]):
        if event["event"] == "trouble":
            raise DocumentError(event["why"])
        if event["event"] == "page":
            body = base64.b64decode(event["body"])
            page = Page(event["url"], event["status"], event["headers"], body, datetime.now(UTC))
    if page is None:
        raise DocumentError("did not come", where=url, hint="See the messages above")
    return page


def _keys(proposal: Proposal, page: Page, source_id: str | None, name: str | None) -> dict[str, Any]:
    """The keys of the new source, in the order in which they are written."""
    family = proposal.family
    keys: dict[str, Any] = {
        "id": source_id or _id_of(page.url), "name": name or _name_of(page), "kind": "city",
        "entry": [page.url],
    }  # fmt: skip
    if family is not None:
        keys["family"] = family.id
    if family is None or family.source.get("access") != proposal.access:
        keys["access"] = proposal.access
    return keys | dict(proposal.keys)


def _id_of(url: str) -> str:
    """Something short from the host: www.wuhan.gov.cn becomes wuhan."""
    parts = [part for part in (urlsplit(url).hostname or "").split(".") if part not in _NOT_IN_IDS]
    return re.sub(r"[^a-z0-9-]", "-", parts[-1].lower()) if parts else "new"


def _name_of(page: Page) -> str:
    """The title of the page, or its host."""
    from crawler.read import decode

    text = decode(page.body, header=page.headers.get("content-type"), where=page.url).text
    match = re.search(r"<title[^>]*>\s*(?:<!\[CDATA\[)?([^<\]]{2,80})", text, re.IGNORECASE)
    return re.sub(r"\s+", " ", match[1]).strip() if match else urlsplit(page.url).hostname or page.url


def _told(proposal: Proposal) -> Iterator[str]:
    """What was recognised, and the entries that it would yield."""
    family = proposal.family
    if family is not None:
        yield f"# {family.name} ({family.id})" + (f": {', '.join(proposal.why)}" if proposal.why else "")
        yield from (f"#   beware: {trap}" for trap in family.traps)
    else:
        yield "# no family recognised"
    yield f"# {len(proposal.entries)} items, {proposal.dated} of them dated:"
    for entry in proposal.entries[:SHOWN]:
        yield f"#   {str(entry.published or '')[:10]:10}  {entry.title}  {entry.url}"
    if len(proposal.entries) > SHOWN:
        yield f"#   … and {len(proposal.entries) - SHOWN} more"


def _toml(keys: Mapping[str, Any]) -> Iterator[str]:
    yield "[[sources]]"
    for key, value in keys.items():
        shown = _value(value)
        kinds = (
            "  # organiser, central, province, municipality, city, county, national_media …" if key == "kind" else ""
        )
        yield f"{key} = {shown}{kinds}"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def _for_programs(proposal: Proposal, keys: Mapping[str, Any]) -> dict[str, Any]:
    from crawler.read import entry_as_json

    return {
        "source": dict(keys), "family": proposal.family.id if proposal.family else None, "why": list(proposal.why),
        "toml": "\n".join(_toml(keys)), "entries": [entry_as_json(entry) for entry in proposal.entries],
    }  # fmt: skip
