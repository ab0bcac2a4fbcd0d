"""What subscriptions name, checked against the tables of extraction: a name that stands for nothing is a mistake of the settings, never
silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from crawler.config import Settings, Subscription, mistake
from crawler.items import Lineage

__all__ = ["names_of", "resolved"]

_ENDINGS = ("省", "市", "县", "区", "州", "旗", "盟", "兵团")
"""What a name ends in that is meant as a place."""
_MOST = 6

Wrong = tuple[str, str, str]
"""Key, what is wrong, what would be right."""


def resolved(settings: Settings, path: Path) -> Settings:
    """The settings with the subscriptions' places and entities by all the names that results use for them: 湖北 is 湖北省, and 郫县 is
    told to who asked for 郫都区. Raises SettingsError with file, key and line for a name that stands for nothing, or for several.

    Only subscriptions that name something cost the time to load the tables.
    """
    if not any(one.places or one.entities or one.competitors or one.series for one in settings.subscriptions):
        return settings
    subscriptions = []
    for number, subscription in enumerate(settings.subscriptions):
        named, wrong = _resolve(subscription)
        if wrong is not None:
            key, what, hint = wrong
            raise mistake(path, ("subscriptions", number, key), what, hint)
        subscriptions.append(named)
    return replace(settings, subscriptions=tuple(subscriptions))


def names_of(entity: str) -> tuple[str, ...]:
    """The names that an entity had and has, its own among them.

    >>> names_of("四川省/成都市/郫都区"), names_of("某研究会")
    (('四川省/成都市/郫县', '四川省/成都市/郫都区'), ('某研究会',))
    """
    from crawler.extract import lineages_of

    return next((one.names for one in lineages_of(entity) if entity in one.names), (entity,))


def _resolve(subscription: Subscription) -> tuple[Subscription, Wrong | None]:
    found: list[tuple[str, ...]] = []
    for key, given, names_of in (
        ("places", subscription.places, _places),
        ("entities", subscription.entities, _entities),
        ("competitors", subscription.competitors, _competitors),
    ):
        names: dict[str, None] = {}
        for name in given:
            meant, wrong = names_of(name)
            if wrong is not None:
                return subscription, (key, *wrong)
            names |= dict.fromkeys(meant)
        found.append(tuple(names))
    for series in subscription.series:
        if wrong := _wrong_series(series):
            return subscription, ("series", *wrong)
    places, entities, competitors = found
    return replace(subscription, places=places, entities=entities, competitors=competitors), None


Named = tuple[Sequence[str], tuple[str, str] | None]
"""The names that are meant; or what is wrong and what would be right."""


def _places(given: str) -> Named:
    places = [one for one in _lineages(given) if _is_place(one)]
    if len(places) == 1:
        return places[0].names, None
    if places:
        return (), (f"names {given!r}, which {len(places)} places are called", _which(places))
    if bodies := _lineages(given):
        return (), (f"names {given!r}, which is no place", f"Put {bodies[0].name!r} into entities")
    return (), (f"names the unknown place {given!r}", _meant(given))


def _entities(given: str) -> Named:
    found = _lineages(given)
    bodies = [one for one in found if not _is_place(one)]
    if bodies:
        return bodies[0].names, None
    if found or _looks_like_place(given):
        name = found[0].name if len(found) == 1 else given
        return (), (f"names {given!r}, which is a place", f"Put {name!r} into places")
    return (given,), None


def _competitors(given: str) -> Named:
    found = _lineages(given)
    if len(found) == 1:
        return (found[0].name,), None
    if found:
        return (), (f"names {given!r}, which {len(found)} places are called", _which(found))
    if _looks_like_place(given):
        return (), (f"names the unknown place {given!r}", _meant(given))
    return (given,), None


def _lineages(given: str) -> Sequence[Lineage]:
    """What is called so; of several that what bears exactly this name."""
    from crawler.extract import lineages_of  # 0.3 s that settings without names do not need

    found = lineages_of(given)
    exact = [one for one in found if given in one.names]
    return exact if len(exact) == 1 else found


def _is_place(lineage: Lineage) -> bool:
    return lineage.code is not None or "/" in lineage.name


def _looks_like_place(given: str) -> bool:
    return "/" in given or given.endswith(_ENDINGS)


def _which(places: Iterable[Lineage]) -> str:
    names = [place.name for place in places]
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"Say which: {', '.join(names[:_MOST])}{more}"


def _meant(given: str) -> str:
    """What may have been meant by the name of a place that is none; what lies below the place before the last / comes first."""
    from crawler.extract.gazetteer import load_table
    from crawler.extract.suggest import close_names

    above, _, last = given.rpartition("/")
    table = load_table()
    here = [table.at(row) for rows in table.full.values() for row in rows] if above else []
    below = [place.name for place in here if place.path.startswith(f"{above}/") and place.last_year is None]
    near = [name for name in close_names(last, below) if name in below or not above] or close_names(last, [])
    known = dict.fromkeys(one.name for name in near for one in _lineages(f"{above}/{name}".lstrip("/")))
    told = [repr(name) for name in known or near]
    return f"Did you mean {' or '.join(told[:3])}?" if told else "Give its official name: 湖北省, 湖北省/武汉市"


def _wrong_series(given: str) -> tuple[str, str] | None:
    from crawler.extract.rulebook import load_rulebook

    names = {rule.key: rule.name for rule in load_rulebook().series}
    if given in names or given == "other":
        return None
    by_name = {name: key for key, name in names.items()}
    holding = [key for name, key in by_name.items() if given in name]
    close = holding or [by_name.get(near, near) for near in get_close_matches(given, [*names, *by_name], n=3)]
    hint = (
        f"Did you mean {' or '.join(map(repr, close[:3]))}?" if close else f"Known: {', '.join(sorted(names))}, other"
    )
    return f"names the unknown series {given!r}", hint
