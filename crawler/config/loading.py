"""settings.toml → `Settings`: read once, checked whole; a mistake is one SettingsError with file, key and line."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from crawler.config import channels, records, sources
from crawler.config.channels import KINDS_OF_CHANNEL, AppriseChannel, WebhookChannel
from crawler.config.families import families, similar_family, with_family
from crawler.config.records import Settings
from crawler.config.sources import Source
from crawler.errors import SettingsError

__all__ = ["channel_mistake", "environment_value", "find_settings", "load_settings"]

PACKAGE = Path(__file__).resolve().parents[1]
"""The folder crawler/, in which a wheel carries the shipped settings."""


def find_settings(given: str | None = None) -> Path:
    """The settings file to use: the given one, else ./settings.toml, else the one that came with evalwatch.

    Raises SettingsError where none is there.
    """
    shipped = [PACKAGE.parent / "settings.toml", PACKAGE / "settings.toml"]  # in a clone; in an installed package
    candidates = [Path(given)] if given else [Path("settings.toml"), *shipped]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise SettingsError("no such file", where=str(candidates[0]), hint="Give one with --settings FILE")


def load_settings(path: Path) -> Settings:
    """Read and check a settings file. Raises SettingsError with file, key and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot be read ({error})", where=str(path)) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is not TOML: {error}", where=str(path)) from error
    if "folder" in data:
        raise _mistake(path, text, ("folder",), "is no key", "Paths are always relative to the settings file")
    data |= {"sources": _completed(data, path, text)} if isinstance(data.get("sources"), list) else {}
    try:
        # JSON, because pydantic's strict mode takes arrays as tuples there and nothing else as something else
        settings = TypeAdapter(Settings).validate_json(
            json.dumps(data | {"folder": str(_folder_of(path))}, default=str)
        )
    except ValidationError as error:
        # a misspelt key is also a missing one: name what is written, not what is not
        first = min(error.errors(include_url=False), key=lambda e: e["type"] == "missing")
        loc = tuple(part for part in first["loc"] if part not in KINDS_OF_CHANNEL)
        raise _mistake(path, text, loc, *_explain(first["type"], first, first["loc"])) from error
    _check_references(settings, path, text)
    return settings


def _folder_of(path: Path) -> Path:
    """What the paths of a settings file are relative to: its folder; for the one inside the installed package, here."""
    folder = path.resolve().parent
    return Path.cwd() if folder == PACKAGE else folder


def _completed(data: Mapping[str, Any], path: Path, text: str) -> list[Any]:
    """The sources with what their families say, and switched on or off by their groups."""
    completed: list[Any] = []
    groups = data.get("enabled_groups")
    for i, source in enumerate(data["sources"]):
        if not isinstance(source, dict):
            completed.append(source)
            continue
        family = source.get("family")
        if isinstance(family, str) and family not in families():
            raise _mistake(
                path, text, ("sources", i, "family"), f"names the unknown family {family!r}", similar_family(family)
            )
        switched = {"enabled": source["group"] in (groups or ())} if "group" in source else {}
        completed.append(switched | with_family(source))
    return completed


def _check_references(settings: Settings, path: Path, text: str) -> None:
    for table, group in (
        ("sources", settings.sources), ("channels", settings.channels), ("subscriptions", settings.subscriptions),
    ):  # fmt: skip
        seen: set[str] = set()
        for i, record in enumerate(group):
            if record.id in seen:
                raise _mistake(path, text, (table, i, "id"), f"doubles the id {record.id!r}", "Ids are unique")
            seen.add(record.id)
    for i, source in enumerate(settings.sources):
        if wrong := _wrong_in(source):
            key, what, hint = wrong
            raise _mistake(path, text, ("sources", i, *key), what, hint)
    groups = [source.group for source in settings.sources if source.group]
    for name in settings.enabled_groups:
        if name not in groups:
            raise _mistake(
                path, text, ("enabled_groups",), f"names the unknown group {name!r}",
                _suggestion(name, groups) or f"Known: {', '.join(dict.fromkeys(groups))}",
            )  # fmt: skip
    known = [channel.id for channel in settings.channels]
    for i, subscription in enumerate(settings.subscriptions):
        for name in subscription.channels:
            if name not in known:
                raise _mistake(
                    path, text, ("subscriptions", i, "channels"), f"names the unknown channel {name!r}",
                    _suggestion(name, known) or "Define it under [[channels]]",
                )  # fmt: skip
        if subscription.competitors and not (subscription.places or subscription.entities):
            raise _mistake(
                path, text, ("subscriptions", i, "competitors"), "has nothing to compare with",
                "Name your own in places or entities",
            )  # fmt: skip
    for i, channel in enumerate(settings.channels):
        if isinstance(channel, WebhookChannel | AppriseChannel) and (channel.url is None) == (channel.url_env is None):
            raise _mistake(
                path, text, ("channels", i, "id"), "has not exactly one of url and url_env", "Give one of them"
            )


def _wrong_in(source: Source) -> tuple[tuple[str, ...], str, str] | None:
    """Key, what is wrong and what would be right, of a source whose keys do not go together."""
    if not source.entry:
        return ("entry",), "is empty", "Give at least one address"
    if source.access == "json" and source.json is None:
        return ("access",), 'is "json" without paths', "Add [sources.json]"
    if source.json is not None and source.list is None and not (source.json.title and source.json.url):
        return ("json",), "has no title and url", "Give both, or [sources.list] where the rows are HTML"
    if source.request is not None and source.request.form is not None and source.request.json is not None:
        return ("request",), "has both form and json", "A request has one body"
    asked = f"{source.entry} {source.request}"
    if (source.access == "search") != ("{word}" in asked):
        return ("access",), "and {word} do not go together", 'A search has access = "search", and {word} in its request'
    return None


def _mistake(path: Path, text: str, loc: tuple[Any, ...], what: str, hint: str | None) -> SettingsError:
    key = ".".join(f"[{part}]" if isinstance(part, int) else str(part) for part in loc).replace(".[", "[")
    return SettingsError(f"{key} {what}", where=f"{path}:{_line_of(text, loc)}", hint=hint)


def channel_mistake(path: Path, channel_id: str, key: str, what: str, hint: str | None) -> SettingsError:
    """The error for a key of a channel that only its service can judge, with file and line as for every other mistake.

    `what` must not hold the value: it may be a secret.
    """
    text = path.read_text(encoding="utf-8")
    number = [one.get("id") for one in tomllib.loads(text).get("channels", ())].index(channel_id)
    return _mistake(path, text, ("channels", number, key), what, hint)


def mistake(path: Path, loc: tuple[Any, ...], what: str, hint: str | None) -> SettingsError:
    """The error for a key of a settings file that was read before: `loc` leads to it, as in ("subscriptions", 0, "places")."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):  # it is gone meanwhile: the line is unknown, the mistake is not
        text = ""
    return _mistake(path, text, loc, what, hint)


def _explain(kind: str, error: Any, loc: tuple[Any, ...]) -> tuple[str, str | None]:
    """What is wrong and what would be right, of the first mistake that pydantic names."""
    if kind == "unexpected_keyword_argument":
        names = _keys_beside(loc)
        return "is no key", _suggestion(str(loc[-1]), names) or f"Known here: {', '.join(sorted(names))}"
    if kind == "missing":
        return "is missing", "Add it"
    if kind == "value_error":
        return str(error["ctx"]["error"]), None
    given = json.dumps(error.get("input"), ensure_ascii=False, default=str)
    return f"cannot be {given[:80]}", str(error["msg"])


def _suggestion(word: str, known: Iterable[str]) -> str | None:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else None


def _keys_beside(loc: tuple[Any, ...]) -> list[str]:
    """The keys that are known where the last part of loc stands; loc names the kind of a channel behind its number."""
    records: tuple[Any, ...] = (Settings,)
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        if part in KINDS_OF_CHANNEL:
            # annotations are postponed: their text names the kind
            records = tuple(r for r in records for f in fields(r) if f.name == "kind" and repr(part) in str(f.type))
            continue
        types = [f.type for r in records for f in fields(r) if f.name == part]
        records = tuple(dict.fromkeys(record for t in types for record in _records_in(t)))
    return [f.name for r in records for f in fields(r) if (r, f.name) != (Settings, "folder")]


def _records_in(annotation: Any) -> list[Any]:
    if isinstance(annotation, str):
        # our own annotations, postponed by __future__; records are defined in three modules
        annotation = eval(annotation, {**vars(sources), **vars(channels), **vars(records)})  # noqa: S307
    if is_dataclass(annotation):
        return [annotation]
    return [record for part in get_args(annotation) for record in _records_in(part) if not isinstance(part, str)]


_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w\-]+|\"[^\"]+\")\s*(?:\.|=)")


def _line_of(text: str, loc: tuple[Any, ...]) -> int:
    """The line of the deepest part of loc that is written out, counted from 1.

    >>> _line_of('a = 1\\n[[s]]\\nid = 1\\n[[s]]\\nid = 2\\n[s.list]\\nitem = 3', ("s", 1, "list", "item"))
    7
    """
    counts: dict[tuple[str, ...], int] = {}
    current: tuple[Any, ...] = ()
    best, best_line = 0, 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            names = tuple(part.strip(" \"'") for part in header[2].split("."))
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            current = tuple(
                part
                for depth in range(len(names))
                for part in (names[depth], counts.get(names[: depth + 1]))
                if part is not None
            )
            path = current
        elif key := _KEY.match(line):
            path = (*current, key[1].strip('"'))
        else:
            continue
        if path == loc[: len(path)] and len(path) > best:
            best, best_line = len(path), number
    return best_line


def environment_value(name: str, environment: Mapping[str, str]) -> str:
    """The value of an environment variable that the settings name; SettingsError where it is not set."""
    value = environment.get(name)
    if not value:
        raise SettingsError(f"the environment variable {name} is not set", hint=f"Set it: export {name}=…")
    return value
