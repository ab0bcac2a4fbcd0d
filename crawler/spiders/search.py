"""JSON lists and the answers of keyword searches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Spider

from crawler.config import Access
from crawler.spiders.ledger import Ledger
from crawler.spiders.round import Round
from crawler.spiders.stages import read_search
from crawler.spiders.worker import Runner

__all__ = ["SearchSpider"]


class SearchSpider(Spider):
    """JSON lists and the answers of keyword searches. Which ones is data: the sources of settings.toml with access ('json','search')."""

    name = "search"
    accesses: tuple[Access, ...] = ("json", "search")
    ledger: Ledger
    """Set by the pipeline when it opens, which is before start() is asked for anything."""

    def __init__(self, runner: Runner | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._runner = runner

    async def start(self) -> AsyncIterator[Any]:
        self._round = Round(self, self.accesses, read_search, self.ledger, self._runner)
        async for request in self._round.requests():
            yield request
