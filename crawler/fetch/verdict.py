"""What went wrong with a page, in the terms that a night counts: blocked or failed, and whether trying again may help."""

from __future__ import annotations

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, UnsupportedURLSchemeError

from crawler.fetch.pace import Stopped
from crawler.fetch.robots import DisallowedByRobots, RobotsRefused, RobotsUnreachable
from crawler.fetch.soft404 import is_soft_404
from crawler.fetch.waits import AskedToWait
from crawler.fetch.walls import Wall, wall_of
from crawler.items import Page

__all__ = ["Trouble", "trouble_of_failure", "trouble_of_page"]

PASSING_STATUSES = frozenset({408, 425, 429})
"""Besides 5xx: answers that say nothing of the page itself."""


class Trouble(Exception):
    """Why a page is no page."""

    def __init__(
        self,
        why: str,
        *,
        blocked: bool = False,
        disallowed: bool = False,
        passing: bool = False,
        gone: bool = False,
        moved: bool = False,
        stopped: bool = False,
        wall: Wall | None = None,
    ) -> None:
        super().__init__(why)
        self.blocked = blocked or disallowed or wall is not None
        """True: robots.txt or a wall stands before it. False: it failed."""
        self.disallowed = disallowed
        """True where a rule of robots.txt keeps us from this very address, which is no fault of anybody."""
        self.passing = passing
        """True where the next night may find it well: no answer, a cut one, 5xx."""
        self.gone = gone
        """True where the server says that there is no such page."""
        self.moved = moved
        """True where another page stands in its place: it may be the same one at a new address."""
        self.stopped = stopped
        """True where the night ended before it was asked for."""
        self.wall = wall
        """Which wall stands before it. None: none, or robots.txt."""


def trouble_of_page(page: Page, *, may_find_nothing: bool = False) -> Trouble | None:
    """What is wrong with a page that came; None where it can be read. The answer to a search may say that nothing was found."""
    # first, because some are a script that says so and nothing else
    if 200 <= page.status < 300 and not may_find_nothing and is_soft_404(page):
        return Trouble(f"{page.url} says that there is no such page", gone=True)
    if wall := wall_of(page):
        return Trouble(f"{page.url} is a wall ({wall}, status {page.status})", wall=wall)
    if 200 <= page.status < 300:
        return None
    passing = page.status >= 500 or page.status in PASSING_STATUSES
    return Trouble(f"{page.url} answers {page.status}", passing=passing, gone=page.status in (404, 410))


def trouble_of_failure(url: str, error: BaseException) -> Trouble:
    """What is wrong where no page came.

    >>> trouble = trouble_of_failure("http://a.cn/", TimeoutError())
    >>> str(trouble), trouble.passing, trouble.blocked
    ('http://a.cn/: TimeoutError', True, False)
    """
    if isinstance(error, DisallowedByRobots):
        return Trouble(str(error), disallowed=True)
    if isinstance(error, RobotsRefused):
        return Trouble(str(error), blocked=True)
    if isinstance(error, Stopped):
        return Trouble(f"{url}: {error}", passing=True, stopped=True)
    if isinstance(error, RobotsUnreachable | AskedToWait):
        return Trouble(f"{url}: {error}", passing=True)
    why = f"{url}: {' '.join(str(error).split()) or type(error).__name__}"
    if isinstance(error, IgnoreRequest | DownloadCancelledError | UnsupportedURLSchemeError):
        # another host, too many redirects, too long: the same tomorrow
        return Trouble(why)
    return Trouble(why, passing=True)
