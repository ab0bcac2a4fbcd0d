"""Those who won the award that the sentence before tells: B、C两市同获此奖 (grammar.md F3, L1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.extract.claims import Claim
from crawler.extract.context import Context
from crawler.extract.rulebook import Rulebook
from crawler.extract.subjects import preceding_list
from crawler.extract.view import View

__all__ = ["same_award"]

_SAME = re.compile(
    r"(?:也|亦|均|都|还|一同|一并|双双|同样|[同共])*(?:获得|荣获|获评|摘得|拿到|拿下|赢得|获)(?:了)?(?:同一|同样的?|相同的?|[此该]|这一)(?:奖项?|荣誉|称号|殊荣)"
)


def same_award(view: View, context: Context, claims: list[Claim], book: Rulebook) -> Iterator[Claim]:
    """The claims of a sentence that gives the one award of the sentence before to others; `claims` are its own awards,
    which the next one may mean."""
    before = context.honour
    titles = {claim.award for claim in claims}
    context.honour = (claims[-1] if len(titles) == 1 else None) if titles else context.honour
    said = _SAME.search(view.text, view.sentence.start, view.sentence.end)
    if said is None or before is None or titles:
        return
    if view.has("negations", view.sentence.start, said.start()):
        return
    found, how = preceding_list(view, said.start(), context, set(), book)
    if found is None or how == "carried" or not found.complete:
        return
    for number, name in enumerate(found.names):
        yield replace(
            before, name=name, start=found.start, end=said.end(), at=said.start(), paragraph=view.sentence.paragraph,
            parent=found.names[number - 1] if number else None, company=found.names, work=None, rule="F3 L1",
        )  # fmt: skip
