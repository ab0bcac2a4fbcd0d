"""Headlines: cleaned, compared, and told apart from paragraphs."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from crawler.read.script import normalise

__all__ = ["clean_title", "kind_of_paragraph", "letters", "same_title"]

_ENDS = "。!?;:,、…”’)》」』】"
_HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节部分编条项届]|[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\))"
)
_CAPTION = re.compile(
    r"^(?:附?表|图|附图)\s?(?:\d{1,3}(?:[-.]\d{1,3})?|[一二三四五六七八九十]{1,3})(?:\s|[:.、])*\S{2}"
)
"""The name of a table or an image: 表1 省级政府网站绩效评估排名."""
_LONG_CAPTION = 60
_ITEM = re.compile(r"^(?:[•●■◆▪·○◇★☆※➢►▶]|[(\[]?\d{1,3}[)\].、]|[①-⑳]|[*+-]\s)\s*\S")
_NO_LETTERS = re.compile(r"[\W_]+")
_PLACEHOLDER = re.compile(r"#FormatImgID_\d+#|</?TRS_DOCUMENT[^>]*>|</?[a-zA-Z][^<>]{0,80}>")


def clean_title(text: str) -> str | None:
    """A headline normalised: simplified, readings, markup left-overs and folded white space gone; None if nothing is left.

    >>> clean_title("  2017全國(guó)排行榜<br/>發布 ")
    '2017全国排行榜 发布'
    """
    plain, _ = normalise(_PLACEHOLDER.sub(" ", text))
    plain = re.sub(r"\s+", " ", plain).strip().lstrip("#").strip()
    return plain or None


def letters(text: str | None) -> str:
    """Only the letters and digits, as titles are compared by."""
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text or "").lower())


def same_title(one: str | None, other: str | None) -> bool:
    """Do they differ in punctuation and space at most?"""
    return bool(one) and letters(one) == letters(other)


def kind_of_paragraph(plain: str) -> Literal["text", "heading", "item", "caption"]:
    """What a normalised line is by its shape.

    >>> kind_of_paragraph("一、总体情况"), kind_of_paragraph("1.省级网站"), kind_of_paragraph("表1 省级网站(前6名)")
    ('heading', 'item', 'caption')
    """
    text = plain.strip()
    if len(text) <= _LONG_CAPTION and _CAPTION.match(text) and not re.search(r"[。;!?]", text):
        return "caption"
    if len(text) <= 40 and _HEADING.match(text) and not re.search(r"[。;]", text):
        return "heading"
    if text.startswith("附件"):
        return "text"
    if _ITEM.match(text):
        return "item"
    if not 2 <= len(text) <= 36 or text[-1] in _ENDS:
        return "text"
    if text.count("、") > 1 or re.search(r"[。;!?]|,.*,", text) or not re.search(r"[\u4e00-\u9fff]{2}", text):
        return "text"
    return "heading"
