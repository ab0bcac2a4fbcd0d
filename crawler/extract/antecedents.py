"""Whom a sentence speaks of that names nobody: 该市网站此次列第四 behind a sentence about one place (grammar.md L1, L4)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from crawler.extract.lists import NameList
from crawler.extract.naming import Naming
from crawler.extract.rulebook import Rulebook
from crawler.extract.sentences import Sentence
from crawler.extract.subjects import is_in_title
from crawler.extract.view import View, view_of

__all__ = ["antecedent"]

_THAT = re.compile(r"\s*(?:其中,?|此外,?|目前,?)?该(?:省|市|区|县|州|地|网站|网|门户网站)")
_HERE = re.compile(r"\s*在?(?:本届|此次|本次|这次|该届)(?:评选|评估|评比|评测|测评)(?:活动)?中,?")
_SITE = re.compile(r"(?:省|市|区|县|州)?(?:人民)?(?:政府)?(?:门户|官方)?(?:网站|网)")


def antecedent(view: View, sentences: Sequence[Sentence], namings: list[Naming], book: Rulebook) -> NameList | None:
    """The one place of the sentence before, where this one says 该市 or that one begins with its site; else None."""
    if any(not is_in_title(view, found) for found in view.lists) or not (
        view.ordinals or _HERE.match(view.text, view.sentence.start)
    ):
        return None
    place = bisect_left(sentences, view.sentence.start, key=lambda sentence: sentence.start)
    if place == 0:
        return None
    before = view_of(view.text, sentences[place - 1], namings, book)
    if len(before.lists) != 1 or len(before.lists[0].items) != 1 or before.ordinals:
        return None
    found = before.lists[0]
    if found.items[0].name.chain is None and found.items[0].name.portal is None:
        return None
    site = found.items[0].name.portal is not None or _SITE.match(view.text, found.items[0].name.end) is not None
    begins = found.start - before.sentence.start <= 1 and site
    return found if begins or _THAT.match(view.text, view.sentence.start) is not None else None
