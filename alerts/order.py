"""In which order a message tells: one's own first, then the competitors, then the rest."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Literal, TypeVar

from alerts.match import lies_in
from crawler.config import Subscription
from crawler.items import GROUPS, Change, Evaluation

__all__ = ["Whose", "bundles", "evaluation_key", "headline", "in_reading_order", "most_telling", "whose"]

Whose = Literal["own", "below", "competitor", "other"]
"""own: a place or entity that the subscription names; below: it lies in such a place; competitor: it is, or lies in, one of those that
it compares with; other: any other, and everything where a subscription names nobody."""

_ORDER: tuple[Whose, ...] = ("own", "below", "competitor", "other")
_NO_PLACE = 10_000

T = TypeVar("T")


def whose(subscription: Subscription | None, entity: str) -> Whose:
    """What an entity is to a subscription. A competitor stays one where `places` names it as well.

    >>> of = Subscription(id="a", channels=(), places=("湖北省", "湖南省"), competitors=("湖南省",))
    >>> [whose(of, name) for name in ("湖北省", "湖北省/武汉市", "湖南省/长沙市", "四川省")]
    ['own', 'below', 'competitor', 'other']
    """
    if subscription is None:
        return "other"
    if any(lies_in(entity, name) for name in subscription.competitors):
        return "competitor"
    if entity in subscription.places or entity in subscription.entities:
        return "own"
    return "below" if any(lies_in(entity, place) for place in subscription.places) else "other"


def evaluation_key(evaluation: Evaluation) -> tuple[str, str, int]:
    """What makes two evaluations one in a message."""
    return evaluation.series, evaluation.name if evaluation.series == "other" else "", evaluation.year or 0


def in_reading_order(changes: Iterable[Change], subscription: Subscription | None) -> list[Change]:
    """By evaluation, group and entity: where one's own stands comes first, then the newest year and of it what has most to tell;
    ministries before provinces, the best place before the others. Nothing here depends on the order in which the articles came."""
    changes = list(changes)
    first = headline(changes, subscription)
    nearest: dict[Hashable, int] = {}
    facts: dict[Hashable, set[str]] = {}
    for change in changes:
        near = _ORDER.index(whose(subscription, change.result.entity))
        evaluation = evaluation_key(change.evaluation)
        facts.setdefault(evaluation, set()).add(change.fact_key)
        for key in (evaluation, (evaluation, change.result.group)):
            nearest[key] = min(near, nearest.get(key, near))

    def rank(change: Change) -> tuple[Any, ...]:
        evaluation, result = evaluation_key(change.evaluation), change.result
        series, name, year = evaluation
        place = result.rank or result.top or _NO_PLACE
        return (
            first is None or evaluation != evaluation_key(first.evaluation), nearest[evaluation], -year, -len(facts[evaluation]),
            series, name, nearest[evaluation, result.group], GROUPS.index(result.group),
            _ORDER.index(whose(subscription, result.entity)), result.rank is None, place, result.entity, result.kind,
            change.fact_key, change.kind, change.url or "",
        )  # fmt: skip

    return sorted(changes, key=rank)


def most_telling(ordered: Sequence[Change], subscription: Subscription | None, most: int) -> list[Change]:
    """At most so many of the changes, in their order: one's own before all, of the others as many of each group as there is room for, so
    that no long list hides the other evaluations."""
    if len(ordered) <= most:
        return list(ordered)
    near = [whose(subscription, change.result.entity) in {"own", "below"} for change in ordered]
    own = [number for number, is_near in enumerate(near) if is_near][:most]
    others = bundles(
        (number for number, is_near in enumerate(near) if not is_near),
        lambda number: (evaluation_key(ordered[number].evaluation), ordered[number].result.group),
    )
    room = most - len(own)
    share = max((n for n in range(1, room + 1) if sum(min(len(group), n) for group in others) <= room), default=0)
    kept = [number for group in others for number in group[: share or 1]][: max(room, 0)]
    return [ordered[number] for number in sorted(own + kept)]


def headline(changes: Sequence[Change], subscription: Subscription | None) -> Change | None:
    """The one change that matters most: one's own overall place, else what comes nearest to it. None where nothing is one's own."""
    own = [change for change in changes if whose(subscription, change.result.entity) in {"own", "below"}]

    def weight(change: Change) -> tuple[Any, ...]:
        result = change.result
        return (
            _ORDER.index(whose(subscription, result.entity)), change.kind == "corroborated", -(change.evaluation.year or 0),
            result.indicator is not None,
            result.kind != "rank", result.subject != "website", result.rank is None, result.entity.count("/"),
            result.rank or result.top or _NO_PLACE, GROUPS.index(result.group), change.fact_key, change.kind, change.url or "",
        )  # fmt: skip

    return min(own, key=weight, default=None)


def bundles(items: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """Items of one key together, in the order in which the keys first appear.

    >>> bundles([1, 2, 3, 4], lambda n: n % 2)
    [[1, 3], [2, 4]]
    """
    found: dict[Hashable, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return list(found.values())
