"""The kinds of value that settings hold, each with its check: what is wrong is said in words."""

from __future__ import annotations

import re
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import parsel
from cssselect import SelectorError
from pydantic import AfterValidator, ConfigDict, Field

strict = ConfigDict(extra="forbid", strict=True)


def _selector(value: str) -> str:
    try:
        parsel.css2xpath(value)
    except SelectorError as error:
        raise ValueError(f"is no CSS selector: {error}") from error
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("is no timezone of the IANA list, e.g. Asia/Shanghai") from error
    return value


def _address(value: str) -> str:
    if not re.match(r"https?://[^\s/]+", value):
        raise ValueError("is no http or https address")
    return value


def _cron(value: str) -> str:
    parts = value.split()
    if len(parts) != 5:
        raise ValueError("has not five fields: minute hour day month weekday, e.g. 30 6 * * *")
    if re.search(r"\d", parts[4]):
        raise ValueError("numbers weekdays, which schedulers count differently; use names: mon-fri, sat,sun")
    return value


def _page_pattern(value: str) -> str:
    if value.count("{n}") != 1:
        raise ValueError("holds {n} not exactly once, e.g. index_{n}.shtml")
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return value


def _host(value: str) -> str:
    host = value.lower().rstrip(".")
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:]*:[0-9a-f:.]*", host):
        raise ValueError("is no host: a name or an address, without http://, port or *")
    return host


Css = Annotated[str, AfterValidator(_selector)]
Address = Annotated[str, AfterValidator(_address)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Cron = Annotated[str, AfterValidator(_cron)]
PagePattern = Annotated[str, AfterValidator(_page_pattern)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
EnvironmentName = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$")]
Host = Annotated[str, AfterValidator(_host)]
Seconds = Annotated[float, Field(ge=0)]
