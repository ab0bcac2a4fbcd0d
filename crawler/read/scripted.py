"""What a page holds in its scripts and hidden fields: a text that is put in its place when the page is shown, and WeChat's
variables.

The scripts are never run: JSON strings, plain assignments and the contents of fields are read.
"""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from crawler.read.dom import text_of

__all__ = ["ScriptedHead", "scripted_head", "scripted_text"]

_TEXT = re.compile(
    r"[\"']?(?:content|contentHtml|html_?content|article_?content|article_?body|body|detail|text|html|doc_?content)[\"']?\s*:\s*"
    r"(\"(?:[^\"\\]|\\.){60,}\"|'(?:[^'\\]|\\.){60,}')",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"[\"']?(?:source|media_?name|publisher|author_?name)[\"']?\s*:\s*[\"']([^\"'<>{}]{2,40})[\"']", re.IGNORECASE
)
_TIME = re.compile(
    r"[\"']?(?:display_)?(?:pub(?:lish)?_?)?(?:time|date)[\"']?\s*:\s*[\"']((?:19|20)\d\d[^\"'<>]{4,24})[\"']",
    re.IGNORECASE,
)
_WECHAT = etree.XPath("boolean(//div[@id='js_content'])")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]")
_EPOCH = re.compile(r"\bvar\s+ct\s*=\s*[\"'](\d{10})[\"']")
_ACCOUNT = re.compile(r"\bvar\s+nickname\s*=\s*(?:htmlDecode\()?[\"']([^\"'<>]{1,40})[\"']")
_AREA = re.compile(r"(?<![a-z])(?:title|time|date|source)(?![a-z])", re.IGNORECASE)
_MOMENT = re.compile(r"1\d{9}(?:\d{3})?|20\d\d-\d\d-\d\d.{0,16}")
FEW = 40
"""Ideographs from which on a string is a text."""
MAX_SCRIPT = 600_000


@dataclass(frozen=True, slots=True)
class ScriptedHead:
    """The fields that a script holds; None where it has none."""

    published: str | None = None
    """As the script has it: a date, or seconds since 1970."""
    source: str | None = None
    """Name of the outlet, or of the WeChat account that publishes."""
    title: str | None = None
    """The headline."""


def scripted_head(root: html.HtmlElement) -> ScriptedHead:
    """What the variables of a WeChat article say; nothing for another page."""
    if not _WECHAT(root):
        return ScriptedHead()
    scripts = [script.text for script in root.iter("script") if script.text and "var " in script.text]
    epoch = next((match[1] for text in scripts if (match := _EPOCH.search(text))), None)
    account = next((match[1] for text in scripts if (match := _ACCOUNT.search(text))), None)
    return ScriptedHead(epoch, entities.unescape(account) if account else None)


def scripted_text(root: html.HtmlElement) -> tuple[html.HtmlElement, ScriptedHead] | None:
    """The longest text among the strings of a page's scripts (Guangdong's gkmlpt, Toutiao, pages of Next.js) and its hidden
    fields (Huanqiu), as an element that now hangs at the end of its body, with what stands beside it; None where there is
    none."""
    best, head, most = "", "", FEW - 1
    for text, script in (*_strings(root), *_areas(root)):
        size = len(_IDEOGRAPHS.findall(text))
        if size > most:
            best, head, most = text, script, size
    body = root.find("body")
    if not best or body is None:
        return None
    try:
        element = html.fragment_fromstring(best, create_parent="div")
    except (etree.LxmlError, ValueError):
        return None
    if len(_IDEOGRAPHS.findall(text_of(element))) < FEW:
        return None
    body.append(element)
    if not head:
        return element, _head_of_areas(root)
    time, source = _TIME.search(head), _SOURCE.search(head)
    return element, ScriptedHead(time[1] if time else None, source[1] if source else None)


def _areas(root: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """What stands in fields that nobody sees and scripts read: <textarea class="article-content">, <template>."""
    for area in root.iter("textarea", "template"):
        if len(area) or (area.text and len(area.text) >= FEW):
            inner = (etree.tostring(child, encoding="unicode", method="html") for child in area)
            yield (area.text or "") + "".join(inner), ""


def _head_of_areas(root: html.HtmlElement) -> ScriptedHead:
    """The fields beside a text in a field, told by their names."""
    said: dict[str, str] = {}
    for area in root.iter("textarea"):
        name = " ".join(area.get(key) or "" for key in ("class", "id", "name"))
        if (match := _AREA.search(name)) and (text := text_of(area)):
            said.setdefault(match[0].lower(), text)
        elif _MOMENT.fullmatch((area.text or "").strip()):
            said.setdefault("time", text_of(area))
    return ScriptedHead(said.get("time") or said.get("date"), said.get("source"), said.get("title"))


def _strings(root: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """What may be a text, with the script it stands in."""
    for script in root.iter("script"):
        if not script.text or not 200 <= len(script.text) <= MAX_SCRIPT:
            continue
        for match in _TEXT.finditer(script.text):
            text = _unquoted(match[1])
            yield entities.unescape(text) if text.lstrip(" \"'").startswith("&lt;") else text, script.text


def _unquoted(printed: str) -> str:
    """The value of a string of JSON or of a script; empty for one that is broken."""
    if printed[0] == "'":
        printed = '"' + printed[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    try:
        return str(json.loads(printed, strict=False))
    except ValueError:
        return ""
