"""One page, fetched as a night would: what `evalwatch sources add` looks at."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TextIO

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.config import Source
from crawler.events import Events
from crawler.fetch.domains import meta_of
from crawler.fetch.page import page_from_response
from crawler.fetch.verdict import trouble_of_failure, trouble_of_page
from crawler.job import Job
from crawler.spiders.check import run_alone

__all__ = ["OnePageSpider", "fetch_page"]


def fetch_page(job: Job, url: str, stream: TextIO) -> None:
    """Fetch one page; tells an event `page` with its address, headers and body, or `trouble`. Raises SettingsError."""
    events = Events(stream)
    source = Source(id="new", name="new", kind="search", access="list", entry=(url,))
    known = next((one for one in job.settings.sources if url in one.entry), source)
    run_alone(
        replace(job, settings=replace(job.settings, sources=(known,))),
        OnePageSpider,
        source=known,
        url=url,
        tell=events.tell,
    )


class OnePageSpider(Spider):
    """Asks for one page."""

    name = "onepage"

    def __init__(self, source: Source, url: str, tell: Callable[..., None], **arguments: Any) -> None:
        super().__init__(**arguments)
        self._source, self._url, self._tell = source, url, tell

    async def start(self) -> AsyncIterator[Any]:
        yield Request(self._url, self.on_page, errback=self.on_failure, meta=meta_of(self._source))

    async def on_page(self, response: Response) -> None:
        """Callback: tell what came."""
        page = page_from_response(response, datetime.now(UTC))
        if trouble := trouble_of_page(page):
            self._tell("trouble", why=str(trouble))
            return
        self._tell(
            "page", url=page.url, status=page.status, headers=dict(page.headers),
            body=base64.b64encode(page.body).decode(),
        )  # fmt: skip

    async def on_failure(self, failure: Failure) -> None:
        """Errback: nothing came."""
        self._tell("trouble", why=str(trouble_of_failure(self._url, failure.value or TimeoutError("no answer"))))
