"""Lists under 排在前列的有: the order of print is implied, not asserted (grammar.md B13, B15)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.claims import Claim
from crawler.extract.context import Context
from crawler.extract.grouping import groups_before
from crawler.extract.view import View

__all__ = ["leading_claims"]

_LEADING = re.compile(
    r"(?:排名|排在|排|位居|位于|居于|名列)[^,。;:、]{0,6}(?:前列|靠前)的?[^,。;:、]{0,8}?(?:分别|依次)?(?:有|是|为|包括|:)+\s*"
)
_TRUST = 0.5


def leading_claims(view: View, context: Context) -> Iterator[Claim]:
    """The implied places of the members of such a list, in print order."""
    for match in _LEADING.finditer(view.text, view.sentence.start, view.sentence.end):
        found = next((found for found in view.lists if found.start >= match.end()), None)
        if found is None or found.start > match.end() + 1 or len(found.items) < 3:
            continue
        if view.has("negations", view.clause(match.start())[0], found.start):
            continue
        groups = groups_before(view, view.sentence.start, found.start, context)
        names = found.names
        for place, item in enumerate(found.items, 1):
            yield Claim(
                name=item.name, kind="rank", start=match.start(), end=found.end, at=match.start(), groups=groups,
                rule="B13", paragraph=view.sentence.paragraph, parent=names[place - 2] if place > 1 else None,
                company=names, rank=place, score=item.score, implied=True, confidence=_TRUST,
            )  # fmt: skip
