"""One entity through the years: the names under which results of it are stored."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Lineage"]


@dataclass(frozen=True, slots=True)
class Lineage:
    """An entity with all names that it has had: 郫县 until 2015 and 郫都区 since are one."""

    name: str
    """Its last name: full names from the province down, joined by /."""
    code: str | None
    """Its last GB/T 2260 code. None: no place, or a place without one."""
    names: tuple[str, ...]
    """What `Result.entity` says of it, from the oldest name to the newest."""
    became: tuple[str, ...] = ()
    """Names of today of those into which it was merged or divided; their results are not its own. Empty: it goes on."""
