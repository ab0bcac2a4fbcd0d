"""How many independent sources stand behind the mentions of a fact: pure, and the same in every order.

Ten reprints of one agency story are one source. Two mentions are of one source where their texts are copies (one cluster), or
where the same house is the author of both: 人民网 and 人民日报 are one house, and who says 来源：新华社 speaks for 新华社.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

__all__ = ["Voice", "authors_of", "roots_of", "sources_of"]


class Voice(Protocol):
    """Who speaks in a mention."""

    @property
    def article(self) -> str:
        """Id of the article."""

    @property
    def cluster(self) -> str:
        """Id of the article's cluster."""

    @property
    def published(self) -> str | None:
        """As the page states it."""

    @property
    def publisher(self) -> str | None:
        """The house that published the page. None: unknown."""

    @property
    def origin(self) -> str | None:
        """The house that it names as its source. None: none."""


def sources_of(voices: Iterable[Voice]) -> dict[str, str]:
    """The source of each cluster: clusters of the same source have the same name here, that of the smallest.

    Clusters are one source where they share an author, directly or through others (union-find).
    """
    clusters: dict[str, list[Voice]] = {}
    every = list(voices)
    for voice in every:
        clusters.setdefault(voice.cluster, []).append(voice)
    roots = roots_of(every)
    parents = {cluster: cluster for cluster in clusters}
    holder: dict[str, str] = {}
    for cluster in sorted(clusters):
        for author in authors_of(clusters[cluster], roots):
            one, other = _top(parents, cluster), _top(parents, holder.setdefault(author, cluster))
            parents[max(one, other)] = min(one, other)
    return {cluster: _top(parents, cluster) for cluster in clusters}


def _top(parents: dict[str, str], cluster: str) -> str:
    while parents[cluster] != cluster:
        cluster = parents[cluster]
    return cluster


def authors_of(copies: Sequence[Voice], roots: Mapping[str, str]) -> frozenset[str]:
    """The houses that wrote a text, given its copies: whom they name as its source; where none names any, who published it
    first. A portal that carries the text of two papers without saying so does not make the two papers one."""
    named = {roots.get(copy.origin, copy.origin) for copy in copies if copy.origin is not None}
    if named:
        return frozenset(named)
    known = [copy for copy in copies if copy.publisher is not None]
    first = min(known, key=lambda copy: (copy.published is None, copy.published or "", copy.article), default=None)
    return frozenset() if first is None or first.publisher is None else frozenset({first.publisher})


def roots_of(voices: Iterable[Voice]) -> dict[str, str]:
    """Where the chain A ← B ← C of each house ends: a house that always names one other as its source passes on to that.

    A house that also speaks for itself, or names several, is an end. Houses that name each other in a circle end at the
    smallest name among them.
    """
    named: dict[str, set[str | None]] = {}
    for voice in voices:
        if voice.publisher is not None:
            named.setdefault(voice.publisher, set()).add(None if voice.origin == voice.publisher else voice.origin)
    follows = {house: one for house, others in named.items() if (one := _only(others)) is not None}
    return {house: _end(follows, house) for house in follows}


def _only(names: Collection[str | None]) -> str | None:
    return next(iter(names)) if len(names) == 1 else None


def _end(follows: Mapping[str, str], house: str) -> str:
    seen: list[str] = []
    while house in follows and house not in seen:
        seen.append(house)
        house = follows[house]
    return min(seen[seen.index(house) :]) if house in seen else house
