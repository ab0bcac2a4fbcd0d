"""Statements of rank and bound (grammar.md §A-§C, §I, §T)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.claims import Claim, Found, GroupWords, Skipped
from crawler.extract.context import Context, Pending
from crawler.extract.dimensions import indicator_between
from crawler.extract.grouping import NO_GROUP, groups_before, said_groups
from crawler.extract.lists import Item, NameList
from crawler.extract.numbering import Placed, placed_in_range, with_ties
from crawler.extract.ordinals import Ordinal
from crawler.extract.rulebook import Rulebook
from crawler.extract.scoring import score_near
from crawler.extract.subjects import following_list, preceding_list
from crawler.extract.view import View

__all__ = ["rank_claims"]

_FROM = re.compile(r"(?:从|由)[^,。;]{0,24}$")
_ROSE = re.compile(
    r"[^,。;]{0,8}(?:上升|提升|跃升|跃居|升至|升到|前进|后退|下降|下滑|滑落|掉落|退至|退到|升|跃|到|至|稳步)"
)
_DOWNWARD = re.compile(r"(?:后退|下降|下滑|滑落|掉落|退)")
_STREAK_TOP = re.compile(r"连续\s*[0-9一二三四五六七八九十两]+\s*(?:年|届)[^,。;]{0,10}$")
_BEFORE_NOW = "G5 the place before"
_YEAR_OF = re.compile(r"(20\d\d)年")
_LAST = re.compile(r"去年|上届|上年|上一年|上一届")
_TIED = re.compile(r"并列|同列|同为|共同|同获|齐")


def rank_claims(view: View, context: Context, book: Rulebook) -> Found:
    """All ranks and bounds of a sentence. The context learns subject, group and what waits for a list."""
    claims: list[Claim] = []
    skipped: list[Skipped] = []
    used: set[int] = set()
    floor = view.sentence.start
    for ordinal in view.ordinals:
        reading = _Reading(view, context, book, ordinal, floor, used)
        reason = reading.objection()
        if reason == _BEFORE_NOW and (earlier := reading.earlier()) is not None:
            claims.append(earlier)
            continue
        if reason is None:
            reason = reading.read(claims)
        if reason is not None:
            skipped.append(Skipped(ordinal.start, ordinal.end, reason))
        floor = max(floor, reading.end)
    return Found(tuple(claims), tuple(skipped))


class _Reading:
    """One ordinal, its list and its group."""

    def __init__(
        self, view: View, context: Context, book: Rulebook, ordinal: Ordinal, floor: int, used: set[int]
    ) -> None:
        self.view = view
        self.context = context
        self.book = book
        self.ordinal = ordinal
        self.floor = floor
        self.used = used
        self.clause, self.clause_end = view.clause(ordinal.start)
        self.end = ordinal.end
        self.indicator: str | None = None
        self.found: NameList | None = None
        self.behind = False
        self.order = False
        self.how = ""
        self.groups: GroupWords = NO_GROUP

    def objection(self) -> str | None:
        """Why it asserts nothing, whoever it is about; None where it may."""
        view, ordinal = self.view, self.ordinal
        if ordinal.kind == "bottom":
            return "B15 C11 counted from the end"
        start = max(self.clause, self.floor)
        for value, reason in (
            ("intention", "J1 an intention"), ("negation", "C12 denied"), ("candidate", "J3 a candidate"),
            ("traffic", "J7 R6 another measure"),
        ):  # fmt: skip
            if view.has("negations", start, ordinal.start, value):
                return reason
        if view.has("negations", start, ordinal.start, "mean") and ordinal.kind != "top":
            return "E4 a mean"
        if _FROM.search(view.text, start, ordinal.start) and _ROSE.match(view.text, ordinal.end):
            return _BEFORE_NOW
        if ordinal.kind == "top" and _STREAK_TOP.search(view.text, start, ordinal.start):
            return "C5 over several years"
        if not ordinal.unit and not self._has_verb(self.clause):
            return "no verb of rank"
        return None

    def earlier(self) -> Claim | None:
        """从2017年的第7名…: the place of the older year, where that is said (A13, M1)."""
        before = _FROM.search(self.view.text, self.clause, self.ordinal.start)
        year = _YEAR_OF.search(before[0]) if before else None
        last = _LAST.search(before[0]) if before else None
        found, _ = preceding_list(
            self.view, before.start() if before else self.clause, self.context, self.used, self.book
        )
        if found is None or len(found.items) != 1 or self.ordinal.kind != "exact" or not (year or last):
            return None
        return Claim(
            name=found.items[0].name, kind="rank", start=min(found.start, self.ordinal.start), end=self.ordinal.end,
            at=self.ordinal.start, groups=groups_before(self.view, self.floor, self.ordinal.start, self.context),
            rule="A13 G5", paragraph=self.view.sentence.paragraph, rank=self.ordinal.numbers[0],
            year=int(year[1]) if year else None, years_back=0 if year else 1, implied=year is None,
        )  # fmt: skip

    def _has_verb(self, start: int) -> bool:
        view, at = self.view, self.ordinal.start
        if view.has("ranks", start, at, "verb", "tie", "member", "order"):
            return True
        near = [word for word in view.groups if start <= word.start and 0 <= at - word.end <= 8]
        beside = [found for found in view.lists if start <= found.start and 0 <= at - found.end <= 8]
        return bool(near or beside) or view.text[max(0, at - 2) : at] in {
            "全国",
            "全省",
            "全区",
            "全市",
            "全球",
            "世界",
        }

    def read(self, claims: list[Claim]) -> str | None:
        """Add its claims; else the reason why there are none."""
        self._find_list()
        if self.found is None:
            self._wait()
            return self.how
        start = self.found.start if self.behind else max(self.floor, self.clause)
        self.indicator = indicator_between(self.view, self.found, start, self.ordinal.start, behind=self.behind)
        before = len(claims)
        reason = None
        claims.extend(self._claims())
        if len(claims) == before:
            reason = self.how or "B9 the numbers do not fit the list"
        self._teach()
        return reason

    def _find_list(self) -> None:
        found, gap = following_list(self.view, self.ordinal.end)
        if found is None and self._names_follow():
            found = next((f for f in self.view.lists if f.start == self.ordinal.end), None)
            gap = None
        if found is not None:
            mid = gap["mid"] if gap else ""
            self.found, self.behind = found, True
            self.order = bool(gap and gap["order"])
            self.groups = self._groups_of_following(found, mid)
            self.end = found.end
            self.used.add(found.start)
            return
        self.found, self.how = preceding_list(self.view, self.ordinal.start, self.context, self.used, self.book)
        self.groups = groups_before(self.view, self.floor, self.ordinal.start, self.context)

    def _names_follow(self) -> bool:
        """第N名E without a copula (A7), where no list stands before it in the sentence."""
        if not self.ordinal.unit or self.ordinal.kind != "exact":
            return False
        direct = any(found.start == self.ordinal.end for found in self.view.lists)
        before = [f for f in self.view.lists if f.end <= self.ordinal.start and f.start not in self.used]
        return direct and not any(f.start >= self.clause for f in before)

    def _groups_of_following(self, found: NameList, mid: str) -> GroupWords:
        groups = groups_before(self.view, self.floor, found.start, self.context)
        inner = said_groups(self.view, self.ordinal.end, found.start) if mid else NO_GROUP
        return GroupWords(inner.values, "said", groups.regional) if inner.values else groups

    def _wait(self) -> None:
        """A heading 前10名: with its list in the next lines."""
        rest = self.view.text[self.ordinal.end : self.view.sentence.end]
        if self.ordinal.kind in ("top", "range") and re.fullmatch(
            r"[名位强)\s的网站]*(?:依次|分别)?(?:是|为|如下|有)?[:)\s]*", rest
        ):
            self.context.pending = Pending(self.ordinal.start, self.ordinal.end, self.ordinal)

    def _claims(self) -> Iterator[Claim]:
        assert self.found is not None
        groups = self.groups.values
        placed = self._placed(self.found)
        if placed is not None:
            for item, rank, tied in placed:
                yield from self._ranked(item, rank, tied=tied, groups=self.groups)
        elif (
            self.ordinal.kind == "exact" and len(self.found.items) == 1 and len(groups) == len(self.ordinal.numbers) > 1
        ):
            for value, rank in zip(groups, self.ordinal.numbers, strict=True):
                only = GroupWords((value,), self.groups.source, self.groups.regional)
                yield from self._ranked(self.found.items[0], rank, tied=False, groups=only)
        elif self.ordinal.kind == "top" and self.found.complete:
            for item in self.found.items:
                yield self._claim(item, self.groups, top=self.ordinal.numbers[0])
        elif not self.found.complete:
            self.how = "O8 the list is not as long as it says"

    def _ranked(self, item: Item, rank: int, *, tied: bool, groups: GroupWords) -> Iterator[Claim]:
        yield self._claim(item, groups, rank=rank, tied=tied)

    def _placed(self, found: NameList) -> Placed | None:
        ordinal, ties = self.ordinal, self.context.ties
        if ordinal.kind == "range":
            return placed_in_range(found.slots, ordinal.numbers[0], ordinal.numbers[1], ties, last_and=found.last_and)
        if ordinal.kind == "exact":
            return self._placed_exactly(found)
        if not self._listed_in_order(found):
            return None
        if len(found.items) < ordinal.numbers[0] and self._goes_on(found):
            return [(item, place, False) for place, item in enumerate(found.items, 1)]
        return placed_in_range(found.slots, 1, ordinal.numbers[0], ties, last_and=found.last_and)

    def _listed_in_order(self, found: NameList) -> bool:
        """前N名是A、B…, 位列前N名: printed order is rank; 跻身前N, means and short lists are bounds (B5, C3, C6)."""
        if len(found.items) < 2 or self.how == "carried":
            return False
        start = max(self.clause, self.floor)
        if self.view.has("negations", start, self.ordinal.start, "mean"):
            return False
        if self.behind:
            return True
        if self.view.has("ranks", max(found.end, start), self.ordinal.start, "member"):
            return False
        return self.view.has("ranks", max(found.end, start), self.ordinal.start, "verb", "order")

    def _goes_on(self, found: NameList) -> bool:
        """A list that is broken off at a comma or the end of a line keeps its order as far as it goes."""
        return self.behind and self.view.text[found.end : self.view.sentence.end].strip() in ("、", ",")

    def _placed_exactly(self, found: NameList) -> Placed | None:
        numbers = self.ordinal.numbers
        items, slots = found.items, with_ties(found.slots, self.context.ties)
        if len(numbers) == len(items):
            tied = len(items) == 1 and self._says_tied(found)
            shared = {n for n in numbers if numbers.count(n) > 1}
            return [(item, n, tied or n in shared) for item, n in zip(items, numbers, strict=True)]
        if len(numbers) == len(slots):
            return [(item, n, len(slot) > 1) for slot, n in zip(slots, numbers, strict=True) for item in slot]
        if len(numbers) == 1 and (self.behind or len(slots) == 1 or self._says_tied(found)):
            return [(item, numbers[0], True) for item in items]
        return None

    def _says_tied(self, found: NameList) -> bool:
        start = self.ordinal.start - 12 if self.behind else min(found.end, self.ordinal.start)
        return _TIED.search(self.view.text, max(start, self.clause), self.ordinal.start) is not None

    def _claim(
        self,
        item: Item,
        groups: GroupWords,
        *,
        rank: int | None = None,
        top: int | None = None,
        tied: bool = False,
    ) -> Claim:
        assert self.found is not None
        names = tuple(other.name for other in self.found.items)
        start = min(self.found.start, self.ordinal.start) if self.how != "carried" else self.clause
        end = max(self.found.end, self.ordinal.end) if self.how != "carried" else self.ordinal.end
        place = names.index(item.name)
        score = item.score
        if score is None and len(names) == 1:
            score = score_near(self.view, self.clause, self.ordinal)
        return Claim(
            name=item.name, kind="rank", start=start, end=end, at=self.ordinal.start, groups=groups, rule=self._rule(),
            paragraph=self.view.sentence.paragraph, parent=names[place - 1] if place else None, company=names, rank=rank,
            tied=tied, top=top, score=score, indicator=self.indicator, confidence=0.85 if self.how == "carried" else 1.0,
            checks="等K个 agrees" if self.found.count else "",
        )  # fmt: skip

    def _rule(self) -> str:
        rules = [self.ordinal.rule]
        if self.behind:
            rules.append("B4" if self.order else "B5")
        if self.how == "carried":
            rules.append("L1")
        return " ".join(rules)

    def _teach(self) -> None:
        if self.found is not None and self.how != "carried" and not self.behind:
            self.context.subject = self.found if len(self.found.items) == 1 else None
        if self.groups.source == "said":
            self.context.groups = self.groups
