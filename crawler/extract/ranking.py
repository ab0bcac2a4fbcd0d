"""Statements of rank and bound (grammar.md §A-§C, §I, §T)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.claims import Claim, Found, GroupWords, Skipped
from crawler.extract.context import Context, Pending
from crawler.extract.cutoff import goes_on, is_cut
from crawler.extract.dimensions import indicator_between
from crawler.extract.distribution import distributed
from crawler.extract.grouping import NO_GROUP, groups_before, said_groups
from crawler.extract.holders import as_printed, attributed, bracketed, directly_behind, subject_ahead
from crawler.extract.leading import leading_claims
from crawler.extract.lists import Item, NameList
from crawler.extract.media import is_of_medium
from crawler.extract.membership import before_brackets, counted_members, in_brackets, tied_with
from crawler.extract.numbering import Placed, as_far_as_sure, placed_in_range, with_ties
from crawler.extract.objections import BEFORE_NOW, DENIED, objection
from crawler.extract.older import earlier_place
from crawler.extract.orders import ordered_claims
from crawler.extract.ordinals import Ordinal
from crawler.extract.rulebook import Rulebook
from crawler.extract.scoring import score_near, scores_listed
from crawler.extract.subjects import following_list, preceding_list
from crawler.extract.view import View
from crawler.extract.yearly import yearly

__all__ = ["rank_claims"]

_COMPARED = re.compile(r"仅次于|与|比|较|同|距|超过|落后|紧随|紧跟|追赶")
_TIED = re.compile(r"并列|同列|同为|共同|同获|齐")


def rank_claims(view: View, context: Context, book: Rulebook) -> Found:
    """All ranks and bounds of a sentence. The context learns subject, group and what waits for a list."""
    claims, distributed_places = distributed(view, context, book)
    of_years, used_up = ([], set()) if claims else yearly(view, context)
    claims, distributed_places = [*claims, *of_years], distributed_places | used_up
    skipped: list[Skipped] = []
    used: set[int] = set()
    floor = view.sentence.start
    for ordinal in view.ordinals:
        if ordinal.start in distributed_places:
            floor = ordinal.end
            continue
        reading = _Reading(view, context, book, ordinal, floor, used)
        reason = reading.objection()
        if reason == BEFORE_NOW and (earlier := earlier_place(view, context, book, ordinal, floor, used)) is not None:
            claims.append(earlier)
            continue
        if reason is None:
            reason = reading.read(claims)
        if reason is not None:
            skipped.append(Skipped(ordinal.start, ordinal.end, reason))
            if reason == DENIED and (said := said_groups(view, floor, ordinal.start)).values:
                context.groups = said  # 省会排名中,长春无缘前二十,南昌首次闯进前十
        if reason != BEFORE_NOW:
            floor = max(floor, reading.end)  # 从地级市第9升至第4: the group said before both holds
    claims += leading_claims(view, context)
    claims += ordered_claims(view, context, claims)
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
        self.bracketed = bracketed(view, ordinal)
        self.compared = False

    def objection(self) -> str | None:
        """Why it asserts nothing, whoever it is about; None where it may."""
        return objection(self.view, self.ordinal, self.clause, self.floor, sure=self.bracketed is not None)

    def read(self, claims: list[Claim]) -> str | None:
        """Add its claims; else the reason why there are none."""
        self._find_list()
        if self.found is None:
            self._wait()
            return self.how
        start, at, before, reason = max(self.floor, self.clause), self.ordinal.start, len(claims), None
        self.indicator = indicator_between(
            self.view, self.found, start, at, behind=self.behind, topic=self.context.topic
        )
        claims.extend(self._claims())
        claims.extend(tied for claim in claims[before:] for tied in tied_with(self.view, claim, self.ordinal))
        if len(claims) == before:
            reason = self.how or "B9 the numbers do not fit the list"
        self._teach()
        return reason

    def _find_list(self) -> None:
        if (whole := self.bracketed or before_brackets(self.view, self.ordinal)) is not None:
            self.found = whole
            self.groups = groups_before(self.view, self.floor, self.found.start, self.context)
            return
        if (named := attributed(self.view, self.ordinal)) is not None:
            self._hold(named)
            return
        if (members := counted_members(self.view, self.ordinal)) is not None:
            self._take_behind(members, "")
            self.how = "counted"
            return
        found, gap = following_list(self.view, self.ordinal.end)
        found = found or in_brackets(self.view, self.ordinal)
        if (found is None or len(found.items) < self.ordinal.numbers[0]) and (
            whole := as_printed(self.view, self.ordinal)
        ) is not None:
            self._hold(whole)
            return
        if found is None and self._names_follow():
            found, gap = directly_behind(self.view, self.ordinal), None
            self.compared = found is not None and self._is_compared()
        if found is not None:
            self._take_behind(found, gap["mid"] if gap else "")
            self.order = bool(gap and gap["order"])
            return
        self.found, self.how = preceding_list(self.view, self.ordinal.start, self.context, self.used, self.book)
        if self.found is None or self.how == "carried":
            ahead = subject_ahead(self.view, self.clause, self.ordinal.start, self.ordinal.end)
            self.found, self.how = (ahead, "ahead") if ahead is not None else (self.found, self.how)
        self.groups = groups_before(self.view, self.floor, self.ordinal.start, self.context)

    def _take_behind(self, found: NameList, mid: str) -> None:
        self.found, self.behind = found, True
        self.groups = self._groups_of_following(found, mid)
        self.end = found.end
        self.used.add(found.start)

    def _hold(self, named: NameList) -> None:
        """排名第二的成都: the place belongs to the name behind it, told in passing where it is compared with (I6)."""
        self.found, self.behind = named, True
        self.compared = self._is_compared()
        self.groups = groups_before(self.view, self.floor, self.ordinal.start, self.context)
        self.end = self.ordinal.end

    def _is_compared(self) -> bool:
        joined = self.view.text[self.floor : self.ordinal.start] in ("、", "和", "与", "及")
        start = self.clause if joined else max(self.floor, self.clause)
        return _COMPARED.search(self.view.text, start, self.ordinal.start) is not None

    def _names_follow(self) -> bool:
        """第N名E without a copula (A7), where no list stands before it in the sentence."""
        if not self.ordinal.unit or self.ordinal.kind != "exact":
            return False
        before = [f for f in self.view.lists if f.end <= self.ordinal.start and f.start not in self.used]
        return not any(f.start >= self.clause for f in before)

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
                yield self._claim(item, self.groups, rank=rank, tied=tied)
        elif (
            self.ordinal.kind == "exact" and len(self.found.items) == 1 and len(groups) == len(self.ordinal.numbers) > 1
        ):
            for value, rank in zip(groups, self.ordinal.numbers, strict=True):
                only = GroupWords((value,), self.groups.source, self.groups.regional)
                yield self._claim(self.found.items[0], only, rank=rank)
        elif self.ordinal.kind == "top" and self._told_apart(self.found):
            self.how, self.end = "A7 told one by one", self.ordinal.end
            self.used.discard(self.found.start)
        elif self.ordinal.kind == "top" and self.found.complete:
            for item in self.found.items:
                yield self._claim(item, self.groups, top=self.ordinal.numbers[0])
        elif not self.found.complete:
            self.how = "O8 the list is not as long as it says"

    def _told_apart(self, found: NameList) -> bool:
        """前五名分别是A第一,B、C分列…: the places behind the names are the ones that count."""
        near = (o.start - found.end for o in self.view.ordinals if o.start >= found.end)
        return self.behind and next(near, 99) <= 6

    def _placed(self, found: NameList) -> Placed | None:
        ordinal, ties = self.ordinal, self.context.ties
        if ordinal.kind == "range" and self.behind and is_cut(self.view, found, ordinal):
            return as_far_as_sure(found.slots, ordinal.numbers[0])
        if ordinal.kind == "range":
            return placed_in_range(found.slots, ordinal.numbers[0], ordinal.numbers[1], ties, last_and=found.last_and)
        if ordinal.kind == "exact":
            return self._placed_exactly(found)
        if not self._listed_in_order(found):
            return None
        if self.behind and len(found.items) < ordinal.numbers[0] and goes_on(self.view, found, order=self.order):
            return [(item, place, False) for place, item in enumerate(found.items, 1)]
        return placed_in_range(found.slots, 1, ordinal.numbers[0], ties, last_and=found.last_and)

    def _listed_in_order(self, found: NameList) -> bool:
        """前N名是A、B…, 位列前N名: printed order is rank; 跻身前N, means and short lists are bounds (B5, C3, C6)."""
        if len(found.items) < 2 or self.how in ("carried", "counted"):
            return False
        start = max(self.clause, self.floor)
        if self.view.has("negations", start, self.ordinal.start, "mean"):
            return False
        if self.behind:
            return True
        if self.view.has("ranks", max(found.end, start), self.ordinal.start, "member"):
            return False
        return self.view.has("ranks", max(found.end, start), self.ordinal.start, "verb", "order")

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
        names = self.found.names
        start = min(self.found.start, self.ordinal.start) if self.how != "carried" else self.clause
        end = max(self.found.end, self.ordinal.end) if self.how != "carried" else self.ordinal.end
        place = names.index(item.name)
        score = item.score
        if self.compared and not self.view.text.startswith(")", item.end - 1):
            score = None  # 落后于第二名大同5.1分
        elif score is None and len(names) == 1:
            score = score_near(self.view, self.clause, self.ordinal)
        elif score is None:
            listed = scores_listed(self.view, self.found.end, self.end, len(names))
            score = listed[place] if listed else None
        return Claim(
            name=item.name, kind="rank", start=start, end=end, at=self.ordinal.start, groups=groups, rule=self._rule(),
            paragraph=self.view.sentence.paragraph, parent=names[place - 1] if place else None, company=names, rank=rank,
            tied=tied, top=top, score=score, indicator=self.indicator, confidence=0.85 if self.how == "carried" else 1.0,
            checks="等K个 agrees" if self.found.count else "", implied=self.compared,
            subject="new_media" if self._medium() else None,
        )  # fmt: skip

    def _medium(self) -> bool:
        assert self.found is not None
        stop = self.ordinal.end if self.behind else min(self.found.start, self.ordinal.start)
        return is_of_medium(self.view, (self.found.end, self.ordinal.start), stop, headed=self.context.medium)

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
        second = self.floor > self.view.sentence.start and self.view.text[self.floor] in "、,"  # 全国第9、东北第一
        if self.groups.source == "said" and not (second and self.groups.values == ("other",)):
            self.context.groups = self.groups
