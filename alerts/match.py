"""Who wants to hear of a change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.config import Subscription
from crawler.items import Change, Notice

__all__ = ["is_of_interest", "lies_in", "subscriptions_for", "subscriptions_told", "wants"]


def subscriptions_for(change: Change, subscriptions: Sequence[Subscription]) -> tuple[str, ...]:
    """The ids of the subscriptions that are told of this change, in the order of the settings.

    What is only implied is told to nobody.
    """
    return tuple(subscription.id for subscription in subscriptions if wants(subscription, change))


def subscriptions_told(notice: Notice, subscriptions: Sequence[Subscription]) -> tuple[str, ...]:
    """The ids of the subscriptions that are told of a source or of an overdue result. Of the filters only the one by series
    can say anything of these."""
    kind = "overdue" if notice.kind == "overdue" else "broken"
    return tuple(
        subscription.id
        for subscription in subscriptions
        if kind in subscription.changes
        and (kind == "broken" or not subscription.series or notice.subject in subscription.series)
    )


def wants(subscription: Subscription, change: Change) -> bool:
    """Whether a subscription lets a change pass. An empty filter lets everything pass."""
    result = change.result
    return (
        not result.implied
        and change.kind in subscription.changes
        and result.confidence >= subscription.min_confidence
        and (not subscription.series or change.evaluation.series in subscription.series)
        and (not subscription.groups or result.group in subscription.groups)
        and (not subscription.subjects or result.subject in subscription.subjects)
        and is_of_interest(subscription, result.entity)
        and (subscription.top is None or any(place <= subscription.top for place in _places_told(change)))
    )


def is_of_interest(subscription: Subscription, entity: str) -> bool:
    """Whether the subscription is about this entity: one of its places, what lies below one, or one of its entities."""
    if not subscription.places and not subscription.entities:
        return True
    if entity in subscription.places or entity in subscription.entities:
        return True
    return subscription.below and any(lies_in(entity, place) for place in subscription.places)


_PLACE_WORDS = re.compile(r"(?:第|前)(\d+)")


def _places_told(change: Change) -> list[int]:
    """The places that a change speaks of, exact or as bounds, and those that were known before: whoever was told of a 5th place
    is told as well that it was an 11th."""
    result = change.result
    if result.kind != "rank":
        return []
    known = [int(number) for number in _PLACE_WORDS.findall(change.previous or "")]
    return [place for place in (result.rank, result.top) if place is not None] + known


def lies_in(entity: str, place: str) -> bool:
    """Whether an entity is a place or lies below it.

    >>> lies_in("湖北省/武汉市", "湖北省"), lies_in("湖北省", "湖北省/武汉市"), lies_in("湖北省", "湖北")
    (True, False, False)
    """
    return entity == place or entity.startswith(f"{place}/")
