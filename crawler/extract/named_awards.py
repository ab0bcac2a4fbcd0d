"""An evaluation that only the title of its award names: 荣获“2019年政府网站政民互动类精品栏目” (grammar.md §F, J12)."""

from __future__ import annotations

import re

from crawler.extract.firsts import guarded
from crawler.extract.naming import Naming
from crawler.extract.rulebook import Rulebook
from crawler.items import SUBJECTS

__all__ = ["award_namings"]

_TOPIC = r"(?:政府网站|政务网站|政务微博|政务微信|政务新媒体|数字政府|电子政务|政务服务|政务公开|网络理政|网上政府)"
_TAIL = r"(?:奖|先进单位|优秀单位|示范单位|领先单位|精品栏目|优秀栏目|优秀案例|示范案例|典型案例|创新案例|优秀平台|十佳[一-龥]{0,6})"
_TITLE = re.compile(
    guarded(
        rf"(?:获评|荣获|获得|喜获|斩获|授予|入选|当选|评为|荣膺|发布了|获)(?:了)?[^,。;“”\n]{{0,8}}?[“]?"
        rf"(?P<name>(?:(?P<year>20\d\d)年?(?:度)?)?[^,。;“”()\n]{{0,16}}?{_TOPIC}[^,。;“”()\n]{{0,16}}?{_TAIL})(?:[”,。;\n]|奖|称号|$)"
    )
)
_AROUND = re.compile(r"(20\d\d)\s*年?(?:度|’|')?[^,。;\n]{0,12}(?:年会|论坛|峰会|大会|评选|颁奖)")


def award_namings(text: str, book: Rulebook) -> list[Naming]:
    """The evaluations that titles of awards name, for an article that names none by itself; of the series other."""
    found = []
    around = _AROUND.search(text)
    for match in _TITLE.finditer(text):
        rule = book["subjects"].first(match["name"])
        subject = next((s for s in SUBJECTS if rule is not None and s == rule.value), None)
        year = match["year"] or (around[1] if around is not None else None)
        if subject is None or subject == "innovation_case":
            subject = "other" if subject is None else subject
        start, end = match.span("name")
        found.append(Naming(start, end, "other", subject, int(year) if year else None, None, start))
    return found
