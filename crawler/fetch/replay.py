"""Scrapy's HTTP cache over a recording: every request of a replay is answered from WARC files, 404 for the rest.

Nothing can reach the network in a replay: this storage answers every request, and settings.py takes the download handlers
away in case one is asked past it.
"""

from __future__ import annotations

from pathlib import Path

from scrapy import Spider
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

from crawler.fetch.recording import Recording, open_recording

__all__ = ["RECORDINGS", "ReplayStorage"]

RECORDINGS = "EVALWATCH_RECORDINGS"
"""Scrapy setting: paths of the WARC files, the later winning over the earlier."""


class ReplayStorage:
    """A HTTPCACHE_STORAGE that answers from recordings and stores nothing."""

    def __init__(self, settings: BaseSettings) -> None:
        self._recording: Recording = open_recording(tuple(Path(name) for name in settings.getlist(RECORDINGS)))

    def open_spider(self, spider: Spider) -> None:
        """Nothing to open: the files are opened at each look-up."""

    def close_spider(self, spider: Spider) -> None:
        """Nothing to close."""

    def retrieve_response(self, _spider: Spider, request: Request) -> Response:
        """The recorded answer, 404 where there is none; never None, which would let the request out."""
        recorded = self._recording.answer(request.url, request.method, request.body)
        if recorded is None:
            return Response(request.url, status=404)
        # the key under which Scrapy's own storages keep the time of an answer
        request.meta["cache_timestamp"] = recorded.time.timestamp()
        headers = Headers()
        for name, value in recorded.headers:
            headers.appendlist(name, value.encode("latin-1", "replace"))
        kind = responsetypes.from_args(headers=headers, url=recorded.url, body=recorded.body)
        return kind(url=request.url, status=recorded.status, headers=headers, body=recorded.body)

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        """Never called: every answer comes from here."""
