"""The families of sites, as families.toml has them, and what a source that names one becomes."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from crawler.config.checks import Identifier, Pattern, strict

__all__ = ["Containers", "Family", "families", "similar_family", "with_family"]


@dataclass(frozen=True, slots=True, config=strict)
class Containers:
    """Elements that hold the text of a family's articles. Names are compared without regard to case."""

    ids: tuple[str, ...] = ()
    """Whole ids."""
    classes: tuple[str, ...] = ()
    """Whole names of classes."""
    id_prefixes: tuple[str, ...] = ()
    """What ids begin with; digits and _ follow."""
    tags: tuple[str, ...] = ()
    """Names of elements."""
    itemprops: tuple[str, ...] = ()
    """Values of itemprop."""


@dataclass(frozen=True, slots=True, config=strict)
class Family:
    """Sites that are built alike."""

    id: Identifier
    """What a source calls it."""
    name: str
    """What people call it."""
    traps: tuple[str, ...]
    """What goes wrong there."""
    source: Mapping[str, Any]
    """Keys of a source that need not be repeated."""
    addresses: tuple[Pattern, ...] = ()
    """What the addresses of its articles look like. Empty: a search, which leads anywhere."""
    marks: tuple[Pattern, ...] = ()
    """What the source text of its list pages holds."""
    containers: Containers = Field(default_factory=Containers)
    """What holds the text of its articles."""


@cache
def families() -> Mapping[str, Family]:
    """All families by id, in the order of the file."""
    text = files("crawler.config").joinpath("families.toml").read_text(encoding="utf-8")
    # JSON, because pydantic's strict mode takes arrays as tuples there
    rows = TypeAdapter(tuple[Family, ...]).validate_json(json.dumps(tomllib.loads(text)["family"]))
    return {family.id: family for family in rows}


def similar_family(name: str) -> str:
    """What to write instead of a family that is not known."""
    near = difflib.get_close_matches(name, families(), n=1)
    known = f"Known: {', '.join(families())}"
    return f"Did you mean {near[0]!r}? {known}" if near else known


def with_family(source: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a source with those of its family behind them: what the source says wins, key by key, in tables too.

    >>> with_family({"id": "a", "family": "discuz", "list": {"date": "em"}})["list"]
    {'item': 'dl.bbda', 'link': 'dt a', 'date': 'em'}
    """
    family = families().get(str(source.get("family")))
    if family is None:
        return dict(source)
    merged = _merged(family.source, source)
    has_rows = "item" in merged.get("list", {}) or merged.get("json") is not None
    if merged.get("access") == "list" and family.addresses and not has_rows:
        merged["list"] = {"address": "|".join(family.addresses)} | merged.get("list", {})
    return merged


def _merged(behind: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**behind, **before}
    for key in behind.keys() & before.keys():
        if isinstance(behind[key], Mapping) and isinstance(before[key], Mapping):
            merged[key] = _merged(behind[key], before[key])
    return merged
