"""The walk of one source in one night: list page → unknown entries → articles, and on to the next list page.

It goes on while a page held something unknown, up to max_pages; on the first night of a source, and when the last walk was
cut off, to max_pages in any case, because then known entries do not mean that all behind them are known.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.asking import Asked, asked_of, entries_of
from crawler.config import Source
from crawler.errors import EvalwatchError, SettingsError
from crawler.fetch.conditional import NOT_MODIFIED, condition_headers, seen_page
from crawler.fetch.domains import domains_of, is_within, meta_of
from crawler.fetch.page import page_from_response
from crawler.fetch.sameness import Answers
from crawler.fetch.verdict import Trouble, trouble_of_failure, trouble_of_page
from crawler.items import Article, Entry, Page, SeenPage
from crawler.job import environment_of
from crawler.spiders.documents import Documents
from crawler.spiders.ledger import Found, Standing, Tally
from crawler.spiders.looks import Looks, digest_of
from crawler.spiders.outcome import NOTHING, Sight
from crawler.spiders.stages import Listed, Reading, read_article
from crawler.spiders.tonight import Tonight

__all__ = ["ListReader", "Output", "Walk"]

log = logging.getLogger("evalwatch")

ListReader = Callable[[Page, Source, str, int], Listed]
"""(list page, source, entry address, number of the page from 1) → what it holds."""

Output = Sequence[Request | Found]

NEXT_PAGES_FIRST = 10
"""Priority of an article's further pages, so that articles are finished, and stored, in the order of the list."""


class Walk:
    """One source's walk. Its public methods are Scrapy's callbacks; it is done when nothing it asked for is open."""

    def __init__(self, source: Source, read_list: ListReader, tonight: Tonight) -> None:
        self.source = source
        self.tonight = tonight
        self.domains = domains_of(source)
        self.tally = Tally()
        self.documents = Documents(self)
        self.done = asyncio.Event()
        self._read_list = read_list
        self._max_pages = tonight.job.deep or source.max_pages
        self._standing = Standing(baseline_done=False, complete=False)
        self._is_due = True
        self._open = 0
        self._seen = Sight()
        self.answers = Answers()
        self._missing: set[str] = set()
        self._pages: dict[str, list[SeenPage]] = {}
        self._looks = Looks(self)

    async def begin(self) -> list[Request]:
        """The first requests: page 1 of each entry address, what was missing before, and what is to be looked at again."""
        ledger = self.tonight.ledger
        self._standing = await ledger.begin(self.source.id, self.tally)
        self._is_due = self.tonight.is_due(self.source, self._standing.visited)
        requests: list[Request] = []
        if self._is_due:
            for entry in entries_of(self.source, self.tonight.search, self.tonight.day):
                known = await ledger.known_list(entry) if self._is_settled else None
                try:
                    requests.append(self._list_request(entry, entry, 1, known))
                except SettingsError as error:
                    self._note(Trouble(str(error)), None)
        for missing in await ledger.due_misses(self.source.id):
            if self.tonight.may_ask(missing.url) and missing.url not in self.tonight.claimed:
                self._missing.add(missing.url)
                requests += self._claim([missing])
        requests += await self._looks.requests()
        if not requests and self._seen.list_troubles:
            self._open = 1
            await self.close_one()
        elif not requests:
            await ledger.rest(self.source.id)
            self.done.set()
        return requests

    async def on_list(self, response: Response, entry: str, number: int, known: SeenPage | None) -> Output:
        """Callback for a list page: requests for articles, and for the next list page."""
        return await self._settle(self._follow_list(response, entry, number, known), None)

    async def on_article(
        self, response: Response, entry: Entry, pages: tuple[Article, ...], seen: tuple[str, ...]
    ) -> Output:
        """Callback for a page of an article: a request for its next page, or the whole article."""
        return await self._settle(self._follow_article(response, entry, pages, seen), entry)

    async def on_failure(self, failure: Failure) -> Output:
        """Errback: no page came."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        trouble = trouble_of_failure(request.url, failure.value or TimeoutError("no answer"))
        await self._fail(trouble, None if request.callback == self.on_list else request.cb_kwargs["entry"])
        await self.close_one()
        return ()

    async def on_stored(self, entry: Entry, error: BaseException | None = None) -> None:
        """An article has been stored, or could not be."""
        if error is not None:
            self._seen.is_complete = False
            self._note(Trouble(f"storing broke: {error!r}", passing=True), entry)
        await self.close_one()

    async def _settle(self, work: Coroutine[Any, Any, Output], entry: Entry | None) -> Output:
        """The outcome of one answer; entry is None for a list. What goes wrong costs that page, nothing else."""
        output: Output = ()
        try:
            output = await work
        except Trouble as trouble:
            await self._fail(trouble, entry)
        except EvalwatchError as error:
            await self._fail(Trouble(str(error)), entry, unread=True)
        except Exception as error:
            log.exception("%s: a page broke the reader", self.source.id)
            await self._fail(Trouble(f"reading broke: {error!r}"), entry, unread=True)
        await self.close_one()
        return output

    async def _fail(self, trouble: Trouble, entry: Entry | None, *, unread: bool = False) -> None:
        """Count what went wrong, and see to it that a link that leads nowhere is not asked for every night."""
        self._note(trouble, entry)
        if entry is None:
            return
        if unread:
            self._seen.articles.append(NOTHING)
        if trouble.disallowed:
            await self.tonight.ledger.remember(self.source.id, [entry])
        elif trouble.gone or unread or (entry.url in self._missing and not trouble.passing):
            self._missing.add(entry.url)
            await self.tonight.ledger.missed(self.source.id, entry)
        else:
            self._seen.is_complete = False

    async def _follow_list(self, response: Response, entry: str, number: int, known: SeenPage | None) -> Output:
        page = page_from_response(response, datetime.now(UTC))
        if page.status == NOT_MODIFIED and known is not None:
            self.tally.unchanged += 1
            self._seen.lists[entry] = None
            return ()
        if trouble := trouble_of_page(page, may_find_nothing=self.source.access == "search"):
            if trouble.gone and number > 1:
                # many lists have no page behind their last one and do not say so
                return ()
            raise trouble
        self.tally.fetched += 1
        if number == 1:
            self.answers.add_list(entry, page)
        listed = await self.tonight.runner.run(self._read_list, page, self.source, entry, number)
        if number == 1:
            self._seen.lists[entry] = seen_page(page, listed.digest, url=entry)
            self._seen.rows += listed.entries
            # a server may say that a page is another where it is the same; that it is the same, its entries say
            if known is not None and known.digest == listed.digest:
                self.tally.unchanged += 1
                return ()
        requests, has_news = await self._article_requests(listed)
        if (has_news or not self._is_settled) and number < self._max_pages:
            requests += self._next_list_request(listed.next_url, entry, number + 1)
        return requests

    @property
    def _is_settled(self) -> bool:
        """Does a page without anything unknown mean that all behind it is known?"""
        return self._standing.baseline_done and self._standing.complete and self.tonight.job.deep is None

    async def _article_requests(self, listed: Listed) -> tuple[list[Request], bool]:
        """Requests for what is unknown and relevant, and whether the page held anything unknown."""
        unknown = await self.tonight.ledger.unknown(entry.url for entry in listed.entries)
        fresh = [entry for entry in listed.relevant if entry.url in unknown]
        wanted = [entry for entry in fresh if is_within(entry.url, self.domains)]
        passed = [entry for entry in (*listed.others, *fresh) if entry.url in unknown and entry not in wanted]
        await self.tonight.ledger.remember(self.source.id, passed)
        unclaimed = [entry for entry in wanted if entry.url not in self.tonight.claimed]
        budget = self.tonight.limits.max_articles_per_source - self._seen.asked
        if len(unclaimed) > budget:
            log.warning("%s: %d new articles beyond max_articles_per_source", self.source.id, len(unclaimed) - budget)
            self._seen.has_left_some = True
        return self._claim(unclaimed[:budget]), bool(unknown)

    def _claim(self, entries: Sequence[Entry]) -> list[Request]:
        """Requests for these articles, which no other walk asks for then."""
        self._seen.asked += len(entries)
        self.tonight.claimed.update(entry.url for entry in entries)
        return [self._article_request(entry.url, entry, (), (entry.url,)) for entry in entries]

    async def _follow_article(
        self, response: Response, entry: Entry, pages: tuple[Article, ...], seen: tuple[str, ...]
    ) -> Output:
        page = page_from_response(response, datetime.now(UTC))
        if trouble := trouble_of_page(page) or self.answers.trouble_of_article(entry.url, page):
            raise trouble
        self.tally.fetched += 1
        self.keep_page(entry.url, seen_page(page, digest_of(page)), is_first=not pages)
        seen = (*seen, page.url)
        run, is_last = self.tonight.runner.run, len(pages) + 1 >= self.tonight.limits.max_article_pages
        reading = await run(read_article, page, self.source, entry, pages, seen, is_last=is_last)
        following = reading.article.next_url
        if following is not None and not is_within(following, self.domains):
            reading = await run(read_article, page, self.source, entry, pages, seen, is_last=True)
        if reading.extraction is None:
            url = reading.article.next_url or ""
            return [self._article_request(url, entry, (*pages, reading.article), (*seen, url))]
        self._seen.articles.append(reading.signs or NOTHING)
        return self.documents.next_of(entry, reading)

    def keep_page(self, url: str, page: SeenPage, *, is_first: bool) -> None:
        """Keep how a page of the article listed at `url` came, until the article is given."""
        if is_first:
            self._pages[url] = []
        self._pages.setdefault(url, []).append(page)

    def give(self, entry: Entry, reading: Reading, *, look: str | None = None) -> Found:
        """The article for the store, which answers with on_stored."""
        assert reading.extraction is not None
        self._open += 1
        pages = tuple(self._pages.pop(entry.url, ()))
        return Found(self.source.id, entry, reading.article, reading.extraction, pages, look)

    def _next_list_request(self, url: str | None, entry: str, number: int) -> list[Request]:
        if url is None or not is_within(url, self.domains):
            return []
        return [self._list_request(url, entry, number)]

    def _list_request(self, url: str, entry: str, number: int, known: SeenPage | None = None) -> Request:
        asked = asked_of(self.source, url, entry, self.tonight.day, environment_of(self.tonight.job))
        if asked.method == "GET":
            asked = replace(asked, headers={**asked.headers, **condition_headers(known)})
        return self.request(
            asked, self.on_list, self.on_failure, {"entry": entry, "number": number, "known": known}, priority=0
        )

    def _article_request(self, url: str, entry: Entry, pages: tuple[Article, ...], seen: tuple[str, ...]) -> Request:
        arguments = {"entry": entry, "pages": pages, "seen": seen}
        priority = NEXT_PAGES_FIRST if pages else 0
        return self.request(Asked(url), self.on_article, self.on_failure, arguments, priority=priority)

    def request(
        self, asked: Asked, callback: Any, errback: Any, arguments: dict[str, Any], *, priority: int = 0
    ) -> Request:
        """A request of this walk, which is open until close_one."""
        self._open += 1
        self.tally.requested += 1
        return Request(
            asked.url, callback, asked.method, dict(asked.headers), asked.body,
            errback=errback, cb_kwargs=arguments, meta=meta_of(self.source), priority=priority,
        )  # fmt: skip

    def _note(self, trouble: Trouble, entry: Entry | None) -> None:
        """Count what went wrong, with a list where entry is None, and what it says of how the walk ended."""
        log.warning("%s: %s", self.source.id, trouble)
        self.count(trouble)
        if entry is None:
            self._seen.list_troubles.append(trouble)
        elif trouble.disallowed or entry.url in self._missing:
            # as if the list had not named it
            self._seen.asked -= 1
        else:
            self._seen.article_troubles.append(trouble)

    def count(self, trouble: Trouble) -> None:
        """Count what went wrong."""
        if trouble.blocked:
            self.tally.blocked += 1
        else:
            self.tally.failed += 1

    async def close_one(self) -> None:
        """One request has been dealt with; after the last one the walk has ended."""
        self._open -= 1
        if self._open == 0:
            if trouble := self.answers.trouble_of_lists():
                self._note(trouble, None)
            ending = self._seen.ending(is_baseline=not self._standing.baseline_done, lists_due=self._is_due)
            await self.tonight.ledger.finish(self.source.id, ending)
            self.done.set()
