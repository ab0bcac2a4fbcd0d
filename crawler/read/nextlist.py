"""Where a list goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import html

from crawler.config import ListSelectors
from crawler.items import Page
from crawler.read.dom import text_of
from crawler.read.hiddenrows import next_group
from crawler.read.lists import base_of, tree_of
from crawler.read.script import normalise
from crawler.read.selectors import select

__all__ = ["next_list_url"]

_CALL = re.compile(r"createPageHTML\w*\s*\(([^()]{0,200})\)", re.IGNORECASE)
_ARGUMENT = re.compile(r"[\"']([^\"']*)[\"']|(\d+)")
_NEXT = re.compile(r"^[\s\[(<«‹]*(?:下一?页|后一?页|下页|next(?:\s*page)?|>{1,2}|»|›)[\s\])>»›]*$", re.IGNORECASE)


def next_list_url(page: Page, selectors: ListSelectors | None, *, entry: str, number: int) -> str | None:
    """Address of the list page behind `page`, which is the `number`-th (from 1); None if it is the last. Found by the
    source's selector or pattern, by createPageHTML, by the next group of a Hanweb column, by list_x_n addresses, or by a link called 下一页."""
    root = tree_of(page)
    if root is None:
        return None
    base = base_of(root, page.url)
    scripted = _scripted(root)
    if scripted and number >= scripted[0]:
        return None
    if selectors is not None and selectors.next:
        return _allowed(_selected(root, selectors.next, base), page, entry)
    if selectors is not None and selectors.pages:
        name = selectors.pages.replace("{n}", str(selectors.first + number - 1))
        return _allowed(urljoin(entry, name), page, entry)
    if scripted:
        return _allowed(urljoin(entry, f"{scripted[1]}_{number}.{scripted[2]}"), page, entry)
    if (group := next_group(page.body)) is not None:
        return _allowed(_join(base, group), page, entry)
    for target in _linked(root, base, number):
        if (allowed := _allowed(target, page, entry)) is not None:
            return allowed
    return None


def _allowed(target: str | None, page: Page, entry: str) -> str | None:
    """No page but this one, the entry, or another host's."""
    if not target or target in {page.url, entry}:
        return None
    try:
        same = urlsplit(target).netloc == urlsplit(page.url).netloc or urlsplit(target).netloc == urlsplit(entry).netloc
    except ValueError:
        return None
    return target if same and target.startswith(("http://", "https://")) else None


def _scripted(root: html.HtmlElement) -> tuple[int, str, str] | None:
    """Pages in all, name and extension of createPageHTML(pages, current, "index", "shtml"); some sites put the number of
    records first."""
    for script in root.iter("script"):
        for call in _CALL.finditer(script.text or ""):
            if (read := _read_call(call.group(1))) is not None:
                return read
    return None


def _read_call(arguments: str) -> tuple[int, str, str] | None:
    words: list[str] = []
    numbers: list[int] = []
    for match in _ARGUMENT.finditer(arguments):
        if match.group(2) or match.group(1).isdigit():
            if len(words) < 2:
                numbers.append(int((match.group(2) or match.group(1))[:9]))
        else:
            words.append(match.group(1))
    names = [word for word in words if not re.search(r"page|div|^#", word)] if len(words) > 2 else words
    if (
        len(names) < 2
        or len(numbers) < 2
        or not re.fullmatch(r"\w{3,5}", names[1])
        or not re.fullmatch(r"[\w./-]+", names[0])
    ):
        return None
    return (numbers[-2] if len(numbers) >= 3 else numbers[0]), names[0], names[1]


def _selected(root: html.HtmlElement, css: str, base: str) -> str | None:
    for found in select(root, css):
        href = (found.get("href") or "") if isinstance(found, html.HtmlElement) else str(found)
        if href and not href.lower().startswith(("#", "javascript:")):
            return _join(base, href)
    return None


def _join(base: str, href: str) -> str | None:
    try:
        return urldefrag(urljoin(base, href.strip())).url
    except ValueError:
        return None


def _linked(root: html.HtmlElement, base: str, number: int) -> Iterator[str | None]:
    """Links called 下一页, then rel=next, then those whose words are the next number and whose address ends in one."""
    numbered: list[str | None] = []
    for link in root.iter("a", "link"):
        href = (link.get("href") or "").strip()
        if not href or href.lower().startswith(("#", "javascript:")):
            continue
        words = normalise(text_of(link) or link.get("title") or "")[0].strip() if link.tag == "a" else ""
        if _NEXT.match(words) or "next" in (link.get("rel") or "").lower().split():
            yield _join(base, href)
        elif words == str(number + 1) and re.search(r"\d", href):
            numbered.append(_join(base, href))
    yield from numbered
