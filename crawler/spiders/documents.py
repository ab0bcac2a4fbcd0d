"""What an article attaches: PDF, DOCX and XLSX are fetched after it, one after another, and read with it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.asking import Asked
from crawler.fetch.domains import is_within
from crawler.fetch.page import page_from_response
from crawler.fetch.verdict import Trouble, trouble_of_failure, trouble_of_page
from crawler.items import Entry
from crawler.spiders.stages import Reading, read_attachment, without_attachment

if TYPE_CHECKING:
    from crawler.spiders.walk import Output, Walk

__all__ = ["Documents"]

log = logging.getLogger("evalwatch")

FIRST = 10
"""Priority of documents, so that articles are finished, and stored, in the order of the list."""


class Documents:
    """The documents of a walk's articles. Its public methods are Scrapy's callbacks."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    def next_of(self, entry: Entry, reading: Reading, *, look: str | None = None) -> Output:
        """A request for the next document that an article links to; the article, where there is none left to read. `look` is its
        id where it is looked at again."""
        for url in reading.documents():
            if is_within(url, self._walk.domains):
                arguments = {"entry": entry, "reading": reading, "url": url, "look": look}
                return [self._walk.request(Asked(url), self.on_document, self.on_failure, arguments, priority=FIRST)]
            reading = without_attachment(reading, url, "stands on another host")
        assert reading.extraction is not None
        return [self._walk.give(entry, reading, look=look)]

    async def on_document(
        self, response: Response, entry: Entry, reading: Reading, url: str, look: str | None
    ) -> Output:
        """Callback for a document that an article links to: the next one, or the article with what they say."""
        output = self.next_of(entry, await self._read(response, reading, url), look=look)
        await self._walk.close_one()
        return output

    async def on_failure(self, failure: Failure) -> Output:
        """Errback: the document did not come; the article is stored without it."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        entry, reading, url, look = (request.cb_kwargs[name] for name in ("entry", "reading", "url", "look"))
        trouble = trouble_of_failure(url, failure.value or TimeoutError("no answer"))
        output = self.next_of(entry, self._without(reading, url, trouble), look=look)
        await self._walk.close_one()
        return output

    async def _read(self, response: Response, reading: Reading, url: str) -> Reading:
        """The reading with the document. A document that is none, or breaks the reader, costs nothing but itself."""
        page = page_from_response(response, datetime.now(UTC))
        try:
            if trouble := trouble_of_page(page):
                raise trouble
            self._walk.tally.fetched += 1
            return await self._walk.tonight.runner.run(read_attachment, page, reading, url)
        except Trouble as trouble:
            return self._without(reading, url, trouble)
        except Exception as error:
            log.exception("%s: a document broke the reader", self._walk.source.id)
            return self._without(reading, url, Trouble(f"reading broke: {error!r}"))

    def _without(self, reading: Reading, url: str, trouble: Trouble) -> Reading:
        log.info("%s: %s", self._walk.source.id, trouble)
        self._walk.count(trouble)
        return without_attachment(reading, url, str(trouble))
