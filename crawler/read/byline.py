"""The line under a headline: 来源, 作者, 责任编辑, 发表时间 in any order, with or without labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from crawler.read.dates import dates_in

__all__ = ["Byline", "clean_name", "is_office", "own_name", "parse_byline"]


@dataclass(frozen=True, slots=True)
class Byline:
    """What one or more such lines say."""

    source: str | None = None
    """来源 as printed, without an address behind it."""
    author: str | None = None
    """作者, 记者 or 通讯员."""
    editor: str | None = None
    """责任编辑 or 编辑."""
    published: date | None = None
    """The date shown, labelled or not."""
    written: date | None = None
    """成文日期: when a document was signed, asked where nothing says when it was published."""
    modified: date | None = None
    """更新时间 or 修改时间, only where a date of publication is given too."""
    publisher: str | None = None
    """发布机构 or 发布者: whom the page belongs to, asked where no 来源 is; often a login name."""
    short_date: str | None = None
    """A date without its year, as printed."""
    rest: str = ""
    """What none of the rules took: long for a line that is none."""

    def is_empty(self) -> bool:
        """Did the line say nothing of all that?"""
        return not (
            self.source
            or self.author
            or self.editor
            or self.published
            or self.modified
            or self.publisher
            or self.short_date
            or self.written
        )

    def joined(self, other: Byline) -> Byline:
        """This one, completed by what `other` says."""
        if other.is_empty() and not other.rest:
            return self
        return replace(
            self,
            source=self.source or other.source,
            author=self.author or other.author,
            editor=self.editor or other.editor,
            published=self.published or other.published,
            written=self.written or other.written,
            modified=self.modified or other.modified,
            publisher=self.publisher or other.publisher,
            short_date=self.short_date or other.short_date,
            rest=(self.rest + " " + other.rest).strip(),
        )


_LABELS = {
    "source": r"(?:文章|信息|稿件|新闻|内容|资料|转载|数据)?来\s*源(?:于|自)?(?:单位|媒体|网站)?|稿\s*源|来自|供稿(?:单位|部门)|来稿单位|信息提供|媒体|出处|转载自|转自|摘自|选自|载自|原载|Source",
    "publisher": r"(?:信息)?发布(?:机构|单位|部门|者|人)|公开(?:机构|主体|责任部门)|发文机关|供稿",
    "author": r"(?:文章|原文|本文|本报)?作\s*者|(?:本报|本网|特约|见习|首席|实习|全媒体)?记者|通讯员|撰\s*稿(?:人)?|撰文|文/?图|文字|文",
    "editor": r"(?:责任|实习|执行|值班|网络|本文|见习|版面|新媒体|信息|文字)?编\s*辑|责编|录入(?:者|人)?|上传",
    "reviewed": r"(?:审核|校对|编审|监制|初审|复审|终审|审校|签发|摄影|图片|制图|主编|翻译|版权)(?:人|者|单位)?",
    "modified": r"(?:最后|最近)?(?:更新|修改|修订)(?:时间|日期|于|)|Updated?(?: on)?",
    "written": r"(?:成文|印发|签发|制发)(?:时间|日期)",
    "other_date": r"(?:生效|施行|实施|失效|废止|截止|有效)(?:时间|日期|期)?",
    "published": r"(?:发表|发布|刊发|发稿|出版|创建|添加|提交|生成|录入|日报|公开|发文|登载|上传|采编)?(?:时\s*间|日\s*期)|发布于|发表于|发布|发表|Time|Date",
    "count": r"(?:已?(?:浏览|阅读|点击|访问|查看|关注|人气|点赞|评论|跟帖|参与|打印|分享|下载)(?:次数|数量?|量|率|人数)?|人气|热度|字数|views?)",
    "page": r"字体(?:大小)?|字号|(?:大|中|小)号?|颜色|视力保护色|分享(?:到|至)?|打印(?:本页)?|关闭(?:窗口)?|收藏|保存|纠错|我要|投稿|访问量|标签|栏目|所属栏目|分类|类别|索引号|关键[词字]",
}
_BARRED = {"source", "author", "editor", "reviewed"}
"""Labels behind which a bar stands for a colon: 来源丨某报."""
_LABEL = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})\\s*[】\\]]?\\s*[{':/丨|' if name in _BARRED else ':/'}]"
        for name, pattern in _LABELS.items()
    ),
    re.IGNORECASE,
)
_BARE_LABEL = re.compile(
    r"(?:^|(?<=[\s|()\[【]))(?:(?P<source>来源|稿源)|(?P<author>作者|撰文)|(?P<editor>责任编辑|编辑|责编)|(?P<published>发布(?:日期|时间)))\s+(?=\S)|(?P<count>(?:浏览|阅读|点击|访问)(?:次数|量)?)\s*\d+\s*次?"
)
_MARKS = ":/丨|"
"""What stands behind a label."""
_BARE = ("来源", "稿源", "作者", "撰文", "编辑", "责编", "发布", "浏览", "阅读", "点击", "访问")
_FURNITURE = re.compile(
    r"【?\s*\[?\s*(?:字体|字号)?\s*:?\s*[\[【(]?\s*(?:大|较大|特大)\s*号?\s*[|/ ,]?\s*(?:中|默认|正常|标准)\s*号?\s*[|/ ,]?\s*(?:小|较小)\s*号?\s*[\]】)]?|打印(?:本页|本文)?|关闭(?:窗口|本页)?|收藏(?:本文)?|分享(?:到|至)?|"
    r"微信(?:扫一扫)?|微博|QQ空间|我要(?:评论|纠错)|评论|字号|字体|举报|朗读|放大|缩小|默认|视力保护色|复制(?:链接|本文)?|下载|人?次|浏览|阅读|点击|T\|T|A[+-]|\d+\s*人?(?:参与|评论|次|跟帖)|原创|本文|已有|责编|查看|手机|客户端下载"
)
_SPACE = re.compile(r"[\s|丨·•,;>/\-_—()\[\]【】《》:+]+")
_NAME_END = re.compile(
    r"(?:网|网站|(?<![通公简捷喜年预])报|报社|日报|晚报|时报|商报|早报|晨报|快报|社|台|电视台|电台|周刊|周报|杂志|客户端|新闻|传媒|在线|门户|政府|"
    r"(?:委|局|厅|部|办|院|处|署|会|中心|办公室|公司|大学|学院|集团|频道|财经|科技|发布|观察|视点|资讯|融媒体?|公众号|微博|微信))$"
)
_SHORT_DATE = re.compile(r"(?<!\d)\d{1,2}\s*[-/.月]\s*\d{1,2}|\d+\s*(?:分钟|小时|天)前|昨天|今天|前天|刚刚")
_BUTTONS = re.compile(r"\s*(?:打印|关闭|字号|字体|分享|收藏|点击|浏览|阅读|评论|我要|【).*$")
_OWN_NAMES = re.compile(
    r"^(?:本网站?|本站|本站原创|本网原创|原创|本单位|本部门|网站原创|互联网|网络|转载|未知|佚名|微信公众平台|今日头条|admin)(?:讯|原创)?$",
    re.IGNORECASE,
)
"""What pages print as 来源 that names nobody: they mean themselves, or do not know."""
_BRACKETED = re.compile(r"[\[【<《]\s*([^\[\]【】<>《》]{2,30}?)\s*[\]】>》]")
_PERSON = "[\u4e00-\u9fff]{2,3}"
_REPORTERS = re.compile(
    rf"(?:^|[\s|(])[\u4e00-\u9fff]{{0,8}}?(?:记者|通讯员|实习生)[\s:]*(?P<who>{_PERSON}(?:[\s、,]+{_PERSON})*)(?=$|[\s|)(\d/])"
)
"""People without a colon: 本报记者 张三 李四 通讯员 王五."""
_CLOCKED = re.compile(r"^\W*(\d{1,2}[-/月]\d{1,2}日?\s+\d{1,2}:\d{2})(?!\d)")
"""A date without its year at the beginning of a line: only with a time beside it."""
_STAFF_NUMBER = re.compile(r"\s+[A-Z]{1,4}[_-]?\d{2,6}$")
_CODE = re.compile(r"^[A-Z]{1,6}[-_]?\d+$")
_ADDRESS = re.compile(
    r"https?://[^\s|]+|(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|gov|cc|tv|info)\b\S*", re.IGNORECASE
)


def parse_byline(line: str, *, fetched: datetime | None = None) -> Byline:
    """What a normalised line says as a byline. A line that is none gives an empty record with itself as `rest`.

    >>> b = parse_byline("来源:融合网|dwrh.net 作者:张华 责任编辑:方向 发表时间:2021-01-05 10:40")
    >>> b.source, b.author, b.editor, b.published.isoformat(), b.rest
    ('融合网', '张华', '方向', '2021-01-05T10:40:00+08:00', '')
    """
    return _parsed(line.strip()[:600], fetched)


@lru_cache(maxsize=64)
def _parsed(line: str, fetched: datetime | None) -> Byline:
    # one line is asked for as neighbour of the headline, as end of the body, and when the body is pruned
    named = _LABEL.finditer(line) if any(mark in line for mark in _MARKS) else ()
    bare = _BARE_LABEL.finditer(line) if any(word in line for word in _BARE) else ()
    labels = sorted([*named, *bare], key=lambda match: match.start())
    head = line[: labels[0].start()] if labels else line
    found, loose = _unlabelled(head, fetched)
    rest = [loose]
    for number, match in enumerate(labels):
        after = labels[number + 1].start() if number + 1 < len(labels) else len(line)
        if match.end() > after:
            continue
        said, left = _labelled(match.lastgroup or "", line[match.end() : after], fetched)
        found = found.joined(said)
        rest.append(left)
    if found.published is None and found.modified is not None:
        found = replace(found, published=found.modified, modified=None)
    found, left = _unnamed(found, " ".join(rest), line)
    return replace(found, rest=_SPACE.sub(" ", _ADDRESS.sub(" ", left)).strip())


def _unnamed(found: Byline, rest: str, line: str) -> tuple[Byline, str]:
    """What stands in a byline without a label: reporters, a date without its year, an outlet."""
    if len(line) <= 80 and not found.author and (people := _REPORTERS.search(rest)):
        found, rest = replace(found, author=people["who"].strip()), rest.replace(people[0], " ")
    if found.published is None and found.short_date is None and (clocked := _CLOCKED.match(line)):
        found, rest = replace(found, short_date=clocked[1]), rest.replace(clocked[1], " ")
    if found.source is None and not found.is_empty() and (name := _name_in(rest)):
        found, rest = replace(found, source=name), rest.replace(name, "")
    return found, rest


def _labelled(label: str, value: str, fetched: datetime | None) -> tuple[Byline, str]:
    """One field, and what stands behind it."""
    if label == "other_date":
        return Byline(), ""
    if label in {"published", "modified", "written"}:
        said, left = _unlabelled(value, fetched)
        if label == "written":
            return Byline(written=said.published), left
        if said.published is None:
            return (Byline(short_date=value.strip()[:40]) if _SHORT_DATE.search(value[:40]) else Byline()), ""
        return (Byline(modified=said.published) if label == "modified" else said), left
    said, left = _unlabelled(value, fetched)
    if label in {"source", "publisher"}:
        printed, left = _first_name(value, fetched)
        name, left = clean_name(printed), _FURNITURE.sub(" | ", left)
        return (replace(said, source=name) if label == "source" else replace(said, publisher=name)), left
    if label in {"author", "editor"}:
        names = _people(value, fetched)
        return (replace(said, author=names) if label == "author" else replace(said, editor=names)), ""
    return said, "" if label in {"count", "page", "reviewed"} else left


def _unlabelled(text: str, fetched: datetime | None) -> tuple[Byline, str]:
    """Dates without a label, and the text without them and without the buttons of the page."""
    if not text.strip():
        return Byline(), ""
    dates = list(dates_in(text, fetched=fetched))
    for found in reversed(dates):
        text = text[: found.start] + " | " + text[found.end :]
    text = _FURNITURE.sub(" | ", text)
    return Byline(published=dates[0].value if dates else None), text


def _first_name(value: str, fetched: datetime | None) -> tuple[str, str]:
    """A source ends at a bar, a wide gap, a bracket or a date; what is behind it goes back."""
    for found in dates_in(value, fetched=fetched):
        value = value[: found.start] + " | " + value[found.end :]
        break
    plain = value.strip(" |丨")
    if bracketed := _BRACKETED.match(plain):
        return bracketed.group(1), plain[bracketed.end() :]
    match = re.match(r"[^|丨]*?(?=\s*[|丨]|\s{2,}|\s+(?=[\d(【\[<>])|[【\[<]|$)", plain)
    name = match.group() if match else plain
    first, _, more = name.strip().partition(" ")
    if more and _NAME_END.search(first):
        return first, plain[plain.index(first) + len(first) :]
    return _BUTTONS.sub("", name).strip() or name.strip(), plain[len(name) :]


def _people(value: str, fetched: datetime | None) -> str | None:
    _, plain = _unlabelled(value, fetched)
    name = re.split(r"\s*[|丨]\s*|\s{2,}", plain.strip(" |丨"))[0].strip(" ()[]【】,;、。")
    name = _STAFF_NUMBER.sub("", name)
    return name if 0 < len(name) <= 40 else None


def _name_in(rest: str) -> str | None:
    """An unlabelled outlet among what is left over: 2020-12-16 15:40 | 湖北省人民政府门户网站."""
    for part in re.split(r"[\s|丨]+", rest):
        name = part.strip(" ()[]【】,;、。:")
        if 2 <= len(name) <= 24 and _NAME_END.search(name) and not re.search(r"[。!?;:,]", name):
            return name
    return None


def clean_name(name: str | None) -> str | None:
    """A source without address, quotes, dates and trailing marks; None where nothing is left.

    >>> clean_name("融合网|dwrh.net"), clean_name("《南方都市报》"), clean_name("https://www.gov.cn/")
    ('融合网', '南方都市报', None)
    """
    if not name:
        return None
    name = re.split(r"\s*[|丨]\s*", _ADDRESS.sub("", name).strip(" |丨"))[0]
    if titled := re.match(r"\s*《([^《》]{2,30})》\s", name):
        name = titled.group(1)
    name = re.sub(r"^(?:来源|稿源)\s*:?\s*", "", name).strip(" \t|丨:,;。、-—_()[]【】<>\"'")
    if match := re.fullmatch(r"[《“](.+)[》”]", name):
        name = match.group(1)
    name = name.strip("《》“”")
    if not name or len(name) > 60 or not re.search(r"\w", name) or _CODE.match(name):
        return None
    return name


def own_name(name: str | None) -> str | None:
    """A source by name; None for 本站, 原创 and the like.

    >>> own_name("本站原创"), own_name("来源:某日报")
    (None, '某日报')
    """
    cleaned = clean_name(name)
    return None if cleaned is None or _OWN_NAMES.match(cleaned) else cleaned


def is_office(name: str | None) -> bool:
    """Is it the name of an outlet or an office, not of a person or a login?

    >>> is_office("市政府办公室"), is_office("admin"), is_office("王明")
    (True, False, False)
    """
    return bool(name and _NAME_END.search(name))
