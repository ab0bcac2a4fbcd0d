"""Pages of every CMS family and trap, in our own words and their real encodings: each read exactly, and all of them read
again with every known name taken away, against floors that only rise."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article, Page
from crawler.read import article_from_page, body, list_entries, next_list_url
from crawler.read.titles import letters

SITES = Path(__file__).parent / "pages" / "sites"
FLOOR = tomllib.loads((Path(__file__).parent / "pages" / "floor").read_text(encoding="utf-8"))
NOW = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)
NAMES = sorted(path.stem for path in SITES.glob("*.json"))
ARTICLES = [name for name in NAMES if not name.startswith("list_")]
LISTS = [name for name in NAMES if name.startswith("list_")]
_ATTRIBUTE = re.compile(rb"(\s(?:class|id|itemprop)\s*=\s*)(\"[^\"]*\"|'[^']*')", re.IGNORECASE)


def gold_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SITES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def page_of(name: str, change: Callable[[bytes], bytes] = bytes) -> Page:
    gold = gold_of(name)
    body = change((SITES / f"{name}.html").read_bytes())
    return Page(gold["url"], 200, {"content-type": gold["header"]}, body, NOW)


def paragraphs(article: Article) -> list[str]:
    return [article.text[p.start : p.end] for p in article.paragraphs]


def squashed(lines: list[str]) -> list[str]:
    return [re.sub(r"\s", "", line) for line in lines]


def is_one_of(got: str | None, gold: Mapping[str, Any], field: str) -> bool:
    wanted = (gold.get(field), *gold.get(f"{field}_alt", ()))
    return letters(got) in {letters(name) for name in wanted}


def test_there_is_a_page_for_every_family() -> None:
    assert (len(ARTICLES), len(LISTS)) >= (53, 14)
    assert {gold_of(name)["charset"] for name in ARTICLES} == {"utf-8", "gb18030", "big5hkscs"}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_read_whole_and_without_its_frame(name: str) -> None:
    gold = gold_of(name)
    article = article_from_page(page_of(name))
    assert squashed(paragraphs(article)) == squashed(gold["paragraphs"])
    counts = (len(article.tables), len(article.images), len(article.attachments))
    assert counts == (gold.get("tables", 0), gold.get("images", 0), gold.get("attachments", 0))
    assert (article.charset, article.next_url) == (gold["charset"], gold.get("next"))


@pytest.mark.parametrize("name", ARTICLES)
def test_the_fields_of_an_article_are_what_its_page_says(name: str) -> None:
    gold = gold_of(name)
    article = article_from_page(page_of(name))
    assert is_one_of(article.title, gold, "title"), article.title
    assert article.published is not None
    assert article.published.isoformat().startswith(gold["published"])
    assert is_one_of(article.outlet, gold, "source"), article.outlet
    people = {field: getattr(article, field) for field in ("author", "editor", "origin")}
    assert {field: is_one_of(name, gold, field) for field, name in people.items()} == dict.fromkeys(people, True), (
        people
    )


@pytest.mark.parametrize("name", LISTS)
def test_a_list_gives_its_entries_and_where_it_goes_on(name: str) -> None:
    gold = gold_of(name)
    page = page_of(name)
    found = [
        (entry.url, letters(entry.title), entry.published and entry.published.isoformat()[:10])
        for entry in list_entries(page, None)
    ]
    assert found == [(entry["url"], letters(entry["title"]), entry["date"]) for entry in gold["entries"]]
    assert next_list_url(page, None, entry=page.url, number=1) == gold["next"]


def without_names(page: bytes) -> bytes:
    """A page whose class and id names say nothing: what is left is its shape and its words."""

    def hashed(match: re.Match[bytes]) -> bytes:
        names = [b"x" + hashlib.md5(name).hexdigest()[:6].encode() for name in match[2][1:-1].split()]
        return match[1] + b'"' + b" ".join(names) + b'"'

    return _ATTRIBUTE.sub(hashed, page)


def without_headings(page: bytes) -> bytes:
    return re.sub(rb"<(/?)h[1-6]\b", rb"<\1div", page)


def without_metas(page: bytes) -> bytes:
    return re.sub(rb"<meta\b(?![^>]*charset)[^>]*>", b"", page, flags=re.IGNORECASE)


def grams(text: str) -> Counter[str]:
    text = re.sub(r"\s", "", text)
    return Counter(text[n : n + 4] for n in range(len(text) - 3))


def f1(got: Counter[str], wanted: Counter[str]) -> float:
    return 2 * sum((got & wanted).values()) / max(1, sum(got.values()) + sum(wanted.values()))


def measured(change: Callable[[bytes], bytes]) -> dict[str, float]:
    """Shares of all articles: text F1 (mean and worst), titles, dates and sources that are right."""
    rows = []
    for name in ARTICLES:
        gold, article = gold_of(name), article_from_page(page_of(name, change))
        text = f1(grams("".join(paragraphs(article))), grams("".join(gold["paragraphs"])))
        day = bool(article.published and article.published.isoformat()[:10] == gold["published"][:10])
        rows.append((text, is_one_of(article.title, gold, "title"), day, is_one_of(article.outlet, gold, "source")))
    columns = list(zip(*rows, strict=True))
    shares = dict(
        zip(("text", "title", "date", "source"), (sum(column) / len(rows) for column in columns), strict=True)
    )
    return {**shares, "worst": min(columns[0])}


@pytest.mark.parametrize(
    ("kept_from_it", "change"),
    [("families", bytes), ("names", without_names), ("headings", without_headings), ("metas", without_metas)],
)
def test_reading_rests_on_no_name_alone(
    kept_from_it: str, change: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Floors of tests/pages/floor: raise them when reading gets better, never lower them."""
    if kept_from_it in {"families", "names"}:
        monkeypatch.setattr(body, "_families", dict)
    found = measured(change)
    assert {key: value for key, value in found.items() if value < FLOOR[f"without_{kept_from_it}"][key]} == {}, found
