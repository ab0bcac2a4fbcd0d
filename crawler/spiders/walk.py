"""The walk of one source in one night: list page → unknown entries → articles, and on to the next list page.

It goes on while a page held something unknown, up to max_pages; on the first night of a source, and when the last walk was
cut off, to max_pages in any case, because then known entries do not mean that all behind them are known.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.asking import Asked, asked_of, entries_of
from crawler.config import Fetch, Search, Source
from crawler.errors import EvalwatchError
from crawler.fetch.domains import domains_of, is_within, meta_of
from crawler.fetch.page import page_from_response
from crawler.fetch.sameness import Answers
from crawler.fetch.verdict import Trouble, trouble_of_failure, trouble_of_page
from crawler.items import Article, Entry, Page
from crawler.spiders.ledger import Found, Ledger, Outcome, Standing, Tally
from crawler.spiders.stages import Listed, Reading, read_article, read_attachment, without_attachment
from crawler.spiders.worker import Runner

__all__ = ["ListReader", "Tonight", "Walk", "outcome_of"]

log = logging.getLogger("evalwatch")

ListReader = Callable[[Page, Source, str, int], Listed]
"""(list page, source, entry address, number of the page from 1) → what it holds."""

Output = Sequence[Request | Found]

NEXT_PAGES_FIRST = 10
"""Priority of an article's further pages, so that articles are finished, and stored, in the order of the list."""


@dataclass(frozen=True, slots=True)
class Tonight:
    """What the walks of a night share."""

    limits: Fetch
    """How much is fetched at most."""
    ledger: Ledger
    """The store."""
    runner: Runner
    """Where pages are read."""
    day: date
    """The day that stands in addresses which name one."""
    search: Search = Search()  # noqa: RUF009  # it is frozen
    """What searches ask for."""
    claimed: set[str] = field(default_factory=set)
    """Articles that a walk has asked for; another source that lists them too leaves them to it."""


class Walk:
    """One source's walk. Its public methods are Scrapy's callbacks; it is done when nothing it asked for is open."""

    def __init__(self, source: Source, read_list: ListReader, tonight: Tonight) -> None:
        self.source = source
        self.tally = Tally()
        self.done = asyncio.Event()
        self._read_list = read_list
        self._tonight = tonight
        self._domains = domains_of(source)
        self._standing = Standing(baseline_done=False, complete=False)
        self._open = 0
        self._articles = 0
        self._list_troubles: list[Trouble] = []
        self._article_troubles: list[Trouble] = []
        self._digests: dict[str, str] = {}
        self._answers = Answers()

    async def begin(self) -> list[Request]:
        """The first requests: page 1 of each entry address."""
        self._standing = await self._tonight.ledger.begin(self.source.id, self.tally)
        entries = entries_of(self.source, self._tonight.search, self._tonight.day)
        return [self._list_request(entry, entry, 1) for entry in entries]

    async def on_list(self, response: Response, entry: str, number: int) -> Output:
        """Callback for a list page: requests for articles, and for the next list page."""
        return await self._settle(self._follow_list(response, entry, number), is_list=True)

    async def on_article(
        self, response: Response, entry: Entry, pages: tuple[Article, ...], seen: tuple[str, ...]
    ) -> Output:
        """Callback for a page of an article: a request for its next page, or the whole article."""
        return await self._settle(self._follow_article(response, entry, pages, seen), is_list=False)

    async def on_document(self, response: Response, entry: Entry, reading: Reading, url: str) -> Output:
        """Callback for a document that an article links to: the next one, or the article with what they say."""
        output = self._with_documents(entry, await self._read_document(response, reading, url))
        await self._close_one()
        return output

    async def on_document_failure(self, failure: Failure) -> Output:
        """Errback: the document did not come; the article is stored without it."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        entry, reading, url = (request.cb_kwargs[name] for name in ("entry", "reading", "url"))
        trouble = trouble_of_failure(url, failure.value or TimeoutError("no answer"))
        output = self._with_documents(entry, self._without(reading, url, trouble))
        await self._close_one()
        return output

    async def on_failure(self, failure: Failure) -> Output:
        """Errback: no page came."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        trouble = trouble_of_failure(request.url, failure.value or TimeoutError("no answer"))
        is_list = request.callback == self.on_list
        self._note(trouble, is_list=is_list)
        if trouble.disallowed and not is_list:
            # no night need ask again
            await self._tonight.ledger.remember(self.source.id, [request.cb_kwargs["entry"]])
        await self._close_one()
        return ()

    async def on_stored(self, error: BaseException | None = None) -> None:
        """An article has been stored, or could not be."""
        if error is not None:
            self._note(Trouble(f"storing broke: {error!r}", passing=True), is_list=False)
        await self._close_one()

    async def _settle(self, work: Coroutine[Any, Any, Output], *, is_list: bool) -> Output:
        """The outcome of one answer. What goes wrong with it is counted and costs that page, nothing else."""
        output: Output = ()
        try:
            output = await work
        except Trouble as trouble:
            self._note(trouble, is_list=is_list)
        except EvalwatchError as error:
            self._note(Trouble(str(error)), is_list=is_list)
        except Exception as error:
            log.exception("%s: a page broke the reader", self.source.id)
            self._note(Trouble(f"reading broke: {error!r}"), is_list=is_list)
        await self._close_one()
        return output

    async def _follow_list(self, response: Response, entry: str, number: int) -> Output:
        page = page_from_response(response, datetime.now(UTC))
        if trouble := trouble_of_page(page):
            if trouble.gone and number > 1:
                # many lists have no page behind their last one and do not say so
                return ()
            raise trouble
        self.tally.fetched += 1
        if number == 1:
            self._answers.add_list(entry, page)
        listed = await self._tonight.runner.run(self._read_list, page, self.source, entry, number)
        if number == 1:
            self._digests[entry] = listed.digest
            if self._is_settled and await self._tonight.ledger.is_unchanged(entry, listed.digest):
                self.tally.unchanged += 1
                return ()
        requests, has_news = await self._article_requests(listed)
        if (has_news or not self._is_settled) and number < self.source.max_pages:
            requests += self._next_list_request(listed.next_url, entry, number + 1)
        return requests

    @property
    def _is_settled(self) -> bool:
        """Does a page without anything unknown mean that all behind it is known?"""
        return self._standing.baseline_done and self._standing.complete

    async def _article_requests(self, listed: Listed) -> tuple[list[Request], bool]:
        """Requests for what is unknown and relevant, and whether the page held anything unknown."""
        unknown = await self._tonight.ledger.unknown(entry.url for entry in (*listed.relevant, *listed.others))
        fresh = [entry for entry in listed.relevant if entry.url in unknown]
        wanted = [entry for entry in fresh if is_within(entry.url, self._domains)]
        passed = [entry for entry in (*listed.others, *fresh) if entry.url in unknown and entry not in wanted]
        await self._tonight.ledger.remember(self.source.id, passed)
        unclaimed = [entry for entry in wanted if entry.url not in self._tonight.claimed]
        budget = self._tonight.limits.max_articles_per_source - self._articles
        if len(unclaimed) > budget:
            log.warning("%s: %d new articles beyond max_articles_per_source", self.source.id, len(unclaimed) - budget)
        chosen = unclaimed[:budget]
        self._articles += len(chosen)
        self._tonight.claimed.update(entry.url for entry in chosen)
        return [self._article_request(entry.url, entry, (), (entry.url,)) for entry in chosen], bool(unknown)

    async def _follow_article(
        self, response: Response, entry: Entry, pages: tuple[Article, ...], seen: tuple[str, ...]
    ) -> Output:
        page = page_from_response(response, datetime.now(UTC))
        if trouble := trouble_of_page(page) or self._answers.trouble_of_article(entry.url, page):
            raise trouble
        self.tally.fetched += 1
        seen = (*seen, page.url)
        run, is_last = self._tonight.runner.run, len(pages) + 1 >= self._tonight.limits.max_article_pages
        reading = await run(read_article, page, self.source, entry, pages, seen, is_last=is_last)
        following = reading.article.next_url
        if following is not None and not is_within(following, self._domains):
            reading = await run(read_article, page, self.source, entry, pages, seen, is_last=True)
        if reading.extraction is None:
            url = reading.article.next_url or ""
            return [self._article_request(url, entry, (*pages, reading.article), (*seen, url))]
        return self._with_documents(entry, reading)

    def _with_documents(self, entry: Entry, reading: Reading) -> Output:
        """A request for the next document that an article links to; the article, where there is none left to read."""
        for url in reading.documents():
            if is_within(url, self._domains):
                arguments = {"entry": entry, "reading": reading, "url": url}
                request = self._request(Asked(url), self.on_document, arguments, priority=NEXT_PAGES_FIRST)
                return [request.replace(errback=self.on_document_failure)]
            reading = without_attachment(reading, url, "stands on another host")
        assert reading.extraction is not None
        self._open += 1
        return [Found(self.source.id, entry, reading.article, reading.extraction)]

    async def _read_document(self, response: Response, reading: Reading, url: str) -> Reading:
        """The reading with the document. A document that is none, or breaks the reader, costs nothing but itself."""
        page = page_from_response(response, datetime.now(UTC))
        try:
            if trouble := trouble_of_page(page):
                raise trouble
            self.tally.fetched += 1
            return await self._tonight.runner.run(read_attachment, page, reading, url)
        except Trouble as trouble:
            return self._without(reading, url, trouble)
        except Exception as error:
            log.exception("%s: a document broke the reader", self.source.id)
            return self._without(reading, url, Trouble(f"reading broke: {error!r}"))

    def _without(self, reading: Reading, url: str, trouble: Trouble) -> Reading:
        log.info("%s: %s", self.source.id, trouble)
        self._count(trouble)
        return without_attachment(reading, url, str(trouble))

    def _next_list_request(self, url: str | None, entry: str, number: int) -> list[Request]:
        if url is None or not is_within(url, self._domains):
            return []
        return [self._list_request(url, entry, number)]

    def _list_request(self, url: str, entry: str, number: int) -> Request:
        asked = asked_of(self.source, url, entry, self._tonight.day, os.environ)
        return self._request(asked, self.on_list, {"entry": entry, "number": number}, priority=0)

    def _article_request(self, url: str, entry: Entry, pages: tuple[Article, ...], seen: tuple[str, ...]) -> Request:
        arguments = {"entry": entry, "pages": pages, "seen": seen}
        return self._request(Asked(url), self.on_article, arguments, priority=NEXT_PAGES_FIRST if pages else 0)

    def _request(self, asked: Asked, callback: Any, arguments: dict[str, Any], *, priority: int) -> Request:
        self._open += 1
        self.tally.requested += 1
        return Request(
            asked.url, callback, asked.method, dict(asked.headers), asked.body,
            errback=self.on_failure, cb_kwargs=arguments, meta=meta_of(self.source), priority=priority,
        )  # fmt: skip

    def _note(self, trouble: Trouble, *, is_list: bool) -> None:
        log.warning("%s: %s", self.source.id, trouble)
        self._count(trouble)
        if is_list:
            self._list_troubles.append(trouble)
        elif trouble.disallowed:
            # as if the list had not named it
            self._articles -= 1
        else:
            self._article_troubles.append(trouble)

    def _count(self, trouble: Trouble) -> None:
        if trouble.blocked:
            self.tally.blocked += 1
        else:
            self.tally.failed += 1

    async def _close_one(self) -> None:
        self._open -= 1
        if self._open == 0:
            if trouble := self._answers.trouble_of_lists():
                self._note(trouble, is_list=True)
            outcome = outcome_of(
                self._list_troubles,
                self._article_troubles,
                asked=self._articles,
                is_baseline=not self._standing.baseline_done,
            )
            is_clean = outcome == "healthy" and not self._article_troubles
            await self._tonight.ledger.finish(self.source.id, outcome, self._digests if is_clean else {})
            self.done.set()


def outcome_of(
    list_troubles: Sequence[Trouble], article_troubles: Sequence[Trouble], *, asked: int, is_baseline: bool
) -> Outcome:
    """How a walk ended.

    A dead article link does no harm to a source. An article that the next night may find well leaves the walk unfinished,
    so that the list is read to its end again; except on the baseline night, which one lame article must not repeat for ever.

    >>> outcome_of([], [Trouble("404", gone=True)], asked=20, is_baseline=False)
    'healthy'
    >>> outcome_of([], [Trouble("503", passing=True)], asked=20, is_baseline=False)
    'failed'
    """
    if any(trouble.stopped for trouble in (*list_troubles, *article_troubles)):
        return "failed"
    if any(trouble.blocked for trouble in list_troubles):
        return "blocked"
    if list_troubles:
        return "failed"
    if asked and len(article_troubles) >= asked:
        return "blocked" if all(trouble.blocked for trouble in article_troubles) else "failed"
    if not is_baseline and any(trouble.passing for trouble in article_troubles):
        return "failed"
    return "healthy"
