"""Works that enter a list whose title was announced before: “十佳案例”揭晓,温州“政策直通车”等10个案例入选 (grammar.md F1, F2, F8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.extract.claims import Claim
from crawler.extract.context import Context
from crawler.extract.grouping import NO_GROUP
from crawler.extract.titles import trimmed
from crawler.extract.view import View, Word
from crawler.extract.works import works_before

__all__ = ["announced"]

_VERBS = ("入选", "当选", "上榜")
_MADE_KNOWN = re.compile(r"[”\"](?:评选结果|评选|名单|结果)?(?:日前|近日|正式|同时|也)*(?:揭晓|公布|出炉|发布|产生)")
_ENDS = re.compile(r"[,。;!]|$")


def announced(view: View, context: Context, verb: re.Match[str], titles: Sequence[Word]) -> Iterator[Claim]:
    """The award for each quoted work before the verb, where a quoted title was made known in the same sentence."""
    before = [word for word in titles if word.end <= verb.start() and "案例" in view.text[word.start : word.end]]
    if verb["verb"] not in _VERBS or not before or _ENDS.match(view.text, verb.end()) is None:
        return
    word = before[-1]
    quote = view.text.rfind("“", view.sentence.start, word.start + 1)
    if quote < 0 or _MADE_KNOWN.match(view.text, word.end) is None:
        return
    if view.has("negations", view.clause(verb.start())[0], verb.start(), "negation", "candidate", "intention"):
        return
    title = trimmed(view.text[quote + 1 : word.end])
    for name, work, start in works_before(view, context, verb.start(), word.end + 1):
        if name.person == "home":
            continue  # whose it is nobody says
        yield Claim(
            name=name, kind="award", start=min(start, name.start), end=verb.end(), at=verb.start(), groups=NO_GROUP,
            rule="F1 F2", paragraph=view.sentence.paragraph, award=title, work=work, subject="innovation_case",
        )  # fmt: skip
