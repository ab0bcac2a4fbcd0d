"""Stored articles that are looked at again, because pages are corrected after they were published.

Each page is asked for only if it is not as we know it (RFC 9110 §13). Where one came that is not the same bytes, the article is
read anew; where its text is another, what it says now takes the place of what it said, and only then is it extracted.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.asking import Asked
from crawler.errors import EvalwatchError
from crawler.fetch.conditional import NOT_MODIFIED, condition_headers, seen_page
from crawler.fetch.domains import is_within
from crawler.fetch.page import page_from_response
from crawler.fetch.verdict import Trouble, trouble_of_failure, trouble_of_page
from crawler.items import Article, Entry, Look, Page
from crawler.spiders.ledger import Sight
from crawler.spiders.stages import Reading, reread_article, said_by

if TYPE_CHECKING:
    from crawler.spiders.walk import Output, Walk

__all__ = ["Looks", "digest_of"]

log = logging.getLogger("evalwatch")


def digest_of(page: Page) -> str:
    """What the bytes of an article's page are known again by."""
    return hashlib.sha256(page.body).hexdigest()


class Looks:
    """The articles of a walk that are looked at again. Its public methods are Scrapy's callbacks."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._ledger = walk.tonight.ledger

    async def requests(self) -> list[Request]:
        """The first request for each article that is due this night."""
        due = await self._ledger.due_looks(self._walk.source.id)
        return [self._page_request(look, 0) for look in due if self._walk.tonight.may_ask(look.url)]

    async def on_page(self, response: Response, look: Look, number: int) -> Output:
        """Callback for a page that we know: the next one, or, where it is another, the article anew."""
        return await self._settle(look, self._compare(response, look, number))

    async def on_text(
        self, response: Response, look: Look, pages: tuple[Article, ...], seen: tuple[str, ...]
    ) -> Output:
        """Callback for a page of an article that is read anew."""
        page = page_from_response(response, datetime.now(UTC))
        return await self._settle(look, self._read(page, look, pages, seen))

    async def on_failure(self, failure: Failure) -> Output:
        """Errback: no page came."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        trouble = trouble_of_failure(request.url, failure.value or TimeoutError("no answer"))
        await self._fail(request.cb_kwargs["look"], trouble)
        await self._walk.close_one()
        return ()

    async def _settle(self, look: Look, work: Coroutine[Any, Any, Output]) -> Output:
        """The outcome of one answer. What goes wrong costs this look, nothing else."""
        output: Output = ()
        try:
            output = await work
        except Trouble as trouble:
            await self._fail(look, trouble)
        except EvalwatchError as error:
            await self._fail(look, Trouble(str(error)))
        except Exception as error:
            log.exception("%s: a page broke the reader", self._walk.source.id)
            await self._fail(look, Trouble(f"reading broke: {error!r}"))
        await self._walk.close_one()
        return output

    async def _fail(self, look: Look, trouble: Trouble) -> None:
        """Count what went wrong. A page that is gone, walled or of no use is not asked for again before its next look."""
        log.warning("%s: looked at again: %s", self._walk.source.id, trouble)
        self._walk.count(trouble)
        if not trouble.passing:
            await self._done(look, "gone" if trouble.gone and not trouble.moved else "unclear")

    async def _done(self, look: Look, sight: Sight) -> None:
        self._walk.tally.looked += 1
        await self._ledger.looked(look.article, sight)

    async def _compare(self, response: Response, look: Look, number: int) -> Output:
        known = look.pages[number] if look.pages else None
        page = page_from_response(response, datetime.now(UTC))
        is_same = known is not None and page.status == NOT_MODIFIED
        if not is_same:
            if trouble := trouble_of_page(page) or (
                None if number else self._walk.answers.trouble_of_article(look.url, page)
            ):
                raise trouble
            is_same = known is not None and (known.url, known.digest) == (page.url, digest_of(page))
            if not is_same and number:
                return [self._text_request(look.url, look, (), ())]
            if not is_same:
                return await self._read(page, look, (), ())
            self._walk.tally.fetched += 1
        if number + 1 < len(look.pages):
            return [self._page_request(look, number + 1)]
        await self._done(look, "there")
        return ()

    async def _read(self, page: Page, look: Look, pages: tuple[Article, ...], seen: tuple[str, ...]) -> Output:
        """One page of the article anew; with the last one, what is new in it."""
        walk = self._walk
        if trouble := trouble_of_page(page):
            raise trouble
        if not pages and page.url != look.url:
            # whatever stands there, it is no correction of this article
            raise Trouble(f"{look.url} leads to {page.url} now", gone=True, moved=True)
        walk.tally.fetched += 1
        entry = Entry(look.url, look.title, look.published)
        walk.keep_page(look.url, seen_page(page, digest_of(page)), is_first=not pages)
        seen = (*seen, page.url)
        run, is_last = walk.tonight.runner.run, len(pages) + 1 >= walk.tonight.limits.max_article_pages
        article, is_whole = await run(reread_article, page, walk.source, entry, pages, seen, is_last=is_last)
        if not is_whole and not is_within(article.next_url or "", walk.domains):
            article, is_whole = await run(reread_article, page, walk.source, entry, pages, seen, is_last=True)
        if not is_whole:
            url = article.next_url or ""
            return [self._text_request(url, look, (*pages, article), (*seen, url))]
        if await self._ledger.has_text(article):
            await self._done(look, "there")
            return ()
        reading = Reading(article, await run(said_by, article))
        walk.tally.looked += 1
        return walk.documents.next_of(entry, reading, look=look.article)

    def _page_request(self, look: Look, number: int) -> Request:
        known = look.pages[number] if look.pages else None
        asked = Asked(known.url if known and number else look.url, headers=condition_headers(known))
        return self._walk.request(asked, self.on_page, self.on_failure, {"look": look, "number": number})

    def _text_request(self, url: str, look: Look, pages: tuple[Article, ...], seen: tuple[str, ...]) -> Request:
        arguments = {"look": look, "pages": pages, "seen": seen}
        return self._walk.request(Asked(url), self.on_text, self.on_failure, arguments)
