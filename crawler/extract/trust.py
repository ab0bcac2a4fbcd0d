"""How far an article can be trusted: spun, damaged and advertising copies, rankings of nobody (N5, N6, N8, J10, J12)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extract.claims import Claim
from crawler.extract.rulebook import Rulebook

__all__ = ["TRUSTED", "Trust", "of_nobody", "trust_in"]

_LOW = 0.45
"""Below 0.5 a result goes to the review list instead of an alert."""
_MAKER = re.compile(
    r"(?:中心|大学|学院|研究[院所会]|实验室|协会|学会|联盟|委员会|公司|集团|智库|政府|办公[室厅]|[部厅局委办网报社]|清博|微博|指数|组委会|年会|大会|论坛|峰会)"
    r"[^。;\n]{0,30}(?:发布|公布|主办|举办|组织|评估|评选|评出|评定|编制|出品|推出|揭晓|通报|召开|颁|统计)"
)


@dataclass(frozen=True, slots=True)
class Trust:
    """What an article's results are worth."""

    factor: float = 1.0
    """By what the confidence of a result is multiplied."""
    reason: str = ""
    """Rule id and words; empty where nothing speaks against it."""
    full_names_only: bool = False
    """True where only exact places of full official names may be believed (N5)."""

    def admits(self, claim: Claim) -> bool:
        """Whether the claim may be believed at all."""
        if not self.full_names_only:
            return True
        if claim.rank is None:
            return False
        name = claim.name
        return name.organisation is not None or (name.chain is not None and not name.chain.hits[-1].short)


TRUSTED = Trust()


def trust_in(text: str, book: Rulebook) -> Trust:
    """The trust that the words of a text deserve."""
    found = [rule.value for rule, _, _ in book["boilerplate"].find(text)]
    if found.count("spun") >= 2:
        return Trust(_LOW, "N5 a spun text", full_names_only=True)
    if "damaged" in found:
        return Trust(_LOW, "N6 N8 a damaged copy")
    if "vendor" in found:
        return Trust(_LOW, "J10 a vendor's page")
    return TRUSTED


def of_nobody(text: str) -> Trust:
    """The trust in a ranking that bears no known name: low where nobody is named as its maker (J12)."""
    return TRUSTED if _MAKER.search(text) else Trust(_LOW, "J12 nobody is named as the evaluator")
