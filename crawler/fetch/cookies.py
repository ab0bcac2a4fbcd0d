"""Walls of cookies: a site that answers with a redirect to the same address and a cookie that it wants to see there."""

from __future__ import annotations

from scrapy.http import Request, Response

from crawler.fetch.walls import leads_to_itself

__all__ = ["CookieWalls"]

TIMES = 2
"""How often a source with cookies may be sent round in a circle."""


class CookieWalls:
    """Downloader middleware before Scrapy's redirects: such an answer is kept, and known for a wall by walls.py."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The response as it is."""
        headers = {
            name.decode("latin-1").lower(): values[-1].decode("latin-1")
            for name, values in response.headers.items()
            if values
        }
        sends_back = not request.meta.get("dont_merge_cookies") and request.meta.get("redirect_times", 0) < TIMES
        if 300 <= response.status < 400 and not sends_back and leads_to_itself(request.url, headers):
            request.meta["dont_redirect"] = True
        return response
