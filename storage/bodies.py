"""The body of an article: by what its text is compared and known again."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import dataclass

from crawler.items import Article

__all__ = ["Body", "body_of"]


@dataclass(frozen=True, slots=True)
class Body:
    """What of an article is told apart from its surroundings: menus, bylines, disclaimers."""

    parts: tuple[tuple[str, int, int, str], ...]
    """Kind, span in text, and plain text of every paragraph and table, in reading order."""

    @property
    def plain(self) -> str:
        """Its text, a line per part."""
        return "\n".join(plain for *_, plain in self.parts)

    @property
    def sha256(self) -> str:
        """By which a text is known again."""
        return hashlib.sha256(self.plain.encode()).hexdigest()


def body_of(article: Article) -> Body:
    """The body of an article, its paragraphs and tables."""
    pieces = [(p.start, p.end, str(p.kind)) for p in article.paragraphs]
    pieces += [(t.start, t.end, "table") for t in article.tables]
    parts = []
    for start, end, kind in sorted(pieces):
        first, last = bisect_left(article.offsets, start), bisect_left(article.offsets, end)
        parts.append((kind, start, end, article.plain[first:last]))
    return Body(tuple(parts))
