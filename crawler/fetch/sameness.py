"""Answers that are the same where they should differ: an empty shell behind every query, one dead end behind many links."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from crawler.fetch.soft404 import is_bare
from crawler.fetch.verdict import Trouble
from crawler.items import Page

__all__ = ["Answers"]

_DEAD_END = re.compile(r"(?:/|^)(?:\d+/)?(?:404|error|err|notfound|not_found|nofound|expired)[^/]*$", re.IGNORECASE)
_HOME = re.compile(r"/?(?:(?:index|default|main|home)\.\w{2,5})?")


class Answers:
    """The answers of one source in one night. Bodies are compared byte by byte, through their digests."""

    def __init__(self) -> None:
        self._lists: dict[str, bytes] = {}
        self._articles: dict[bytes, str] = {}

    def add_list(self, query: str, page: Page) -> None:
        """Remember the first page of a list. `query` is its address, with the keyword behind # where the body has it."""
        self._lists[query] = _digest(page)

    def trouble_of_lists(self) -> Trouble | None:
        """A wall where two or more queries of one search, which differ behind ? or # only, were all answered alike.

        sites.md §4: gov.cn's t=news gives the same empty shell for every word.
        """
        searches: dict[str, list[bytes]] = {}
        for query, digest in self._lists.items():
            searches.setdefault(re.split("[?#]", query, maxsplit=1)[0], []).append(digest)
        for address, digests in searches.items():
            if len(digests) > 1 and len(set(digests)) == 1:
                return Trouble(f"{address} answers {len(digests)} queries alike (alike)", wall="alike")
        return None

    def trouble_of_article(self, asked: str, page: Page) -> Trouble | None:
        """A dead link where an article's address led to the home page, to an error page, or to what another address gave."""
        given, came = urlsplit(asked).path, urlsplit(page.url).path
        if asked != page.url and not _HOME.fullmatch(given) and (_HOME.fullmatch(came) or _DEAD_END.search(came)):
            return Trouble(f"{asked} leads to {page.url}: there is no such page", gone=True)
        digest = _digest(page)
        other = self._articles.setdefault(digest, asked)
        # an article with text may well stand under two addresses
        if digest in self._lists.values() or (other != asked and is_bare(page)):
            return Trouble(f"{asked} answers as {other} does: there is no such page", gone=True)
        return None


def _digest(page: Page) -> bytes:
    return hashlib.sha256(page.body).digest()
