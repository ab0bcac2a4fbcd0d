"""Soft 404: a page that says, with status 200, that it is none. Told from its text alone; no request is spent on a probe.

The sentence also stands hidden in the templates of good articles (ecas.cas.cn, sites.md §2, trap 5): so what decides is what
else the page has to say.
"""

from __future__ import annotations

import re

from crawler.fetch.visible import is_html, markup_of, segments, title_of
from crawler.items import Page

__all__ = ["is_bare", "is_soft_404"]

MAX_BYTES = 200_000
"""Longer pages have something to say."""

MAX_REST = 80
"""Characters outside links that a dead end may have besides saying so. An article has more."""

MAX_HELP = 45
"""A sentence of advice (返回首页, 请检查网址) is not longer; a paragraph with such a word is."""

MIN_TITLES, MIN_TITLE = 5, 10
"""So many links of so many characters make a list, which has no other text."""

_THING = "页面|网页|文件|文章|内容|信息|资源|地址|网址|链接|栏目|稿件|新闻|记录|数据|文档"
_LOST = (
    "不存在|没有找到|没找到|未找到|找不到|无法找到|无法访问|无法显示|丢失|走丢|跑丢|飞走|失踪|迷路|失效|过期|下线|下架|撤回|撤销"
    "|(?:已经?|被)(?:被|经)?(?:删除|移除|移走|移动|转移|清除|关闭|停用)|删除或|不在了|去哪"
)
_NO_PAGE = re.compile(
    rf"(?:{_THING})[^。！？!?;；]{{0,16}}(?:{_LOST})|(?:找不到|未找到|没有找到|没找到|无法找到|不存在)[^。！？!?;；]{{0,12}}(?:{_THING})"
    rf"|您?所?(?:访问|查找|请求|浏览|查看|要找)的?[^。！？!?;；]{{0,16}}(?:{_LOST})"
    r"|(?<![\d.])404(?![\d.年号个万亿元人次件])|not found|page (?:you|can(?:not|.t)|does ?n.t|is (?:gone|missing))|no longer (?:available|exists?)"
    r"|(?:页面|程序|系统|服务器)(?:内部)?(?:出错|错误|异常)|出错了|参数(?:错误|有误)|没有(?:查看|浏览|访问)?权限",
    re.IGNORECASE,
)
_HELP = re.compile(
    "返回|首页|主页|秒|跳转|刷新|抱歉|对不起|很遗憾|管理员|可能|原因|检查|重新|输入|网址|稍后|稍候|搜索|上一页|建议|错误|联系|拼写|收藏|更新|尝试"
    "|点击|sorry|home|back|try|check|oops",
    re.IGNORECASE,
)
_FRAME = re.compile(
    "版权所有|备案|ICP|公网安备|标识码|主办|承办|协办|维护|技术支持|联系(?:电话|我们)|电话|地址|邮编|邮箱|copyright|©|无障碍|适老|当前位置"
    "|欢迎|今天是|星期|网站地图|建议使用|分辨率|浏览器|扫一扫|微信|微博|客户端|all rights",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"""<meta\b(?=[^>]*\bname\s*=\s*["']?(?:PubDate|ArticleTitle)\b)(?=[^>]*\bcontent\s*=\s*["']?[^"'\s>])""",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"来源\s*[:：]|作者\s*[:：]|发布(?:时间|日期)|(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}"
)
_ALERT = re.compile(r"alert\s*\(\s*[\"'](?P<says>[^\"']{2,80})", re.IGNORECASE)


def is_soft_404(page: Page) -> bool:
    """Does the page say that there is no such page, and nothing else?"""
    if not is_html(page) or len(page.body) > MAX_BYTES:
        return False
    markup = markup_of(page.body)
    if not _is_bare(markup):
        return False
    texts = list(segments(markup))
    if _is_dead_title(title_of(markup)):
        return True
    if not texts and (alert := _ALERT.search(markup)):
        # <script>alert("文章不存在"); history.back()</script>
        return _NO_PAGE.search(alert["says"]) is not None
    titles = sum(is_link and len(words) >= MIN_TITLE for words, is_link in texts)
    own = [words for words, is_link in texts if not is_link and not _FRAME.search(words)]
    says_so = any(_says_so(words) for words in own)
    is_published = _PUBLISHED.search(markup) is not None or any(_BYLINE.search(words) for words in own)
    return says_so and titles < MIN_TITLES and not is_published


def is_bare(page: Page) -> bool:
    """Has the page no text of its own, besides links, frame and advice?"""
    return is_html(page) and len(page.body) <= MAX_BYTES and _is_bare(markup_of(page.body))


def _is_bare(markup: str) -> bool:
    """Is there hardly any text outside links that neither says that there is no page, nor advises, nor belongs to the frame?

    Looks no further than it must: most pages are articles.
    """
    rest = 0
    for words, is_link in segments(markup):
        if is_link or _FRAME.search(words) or (len(words) <= MAX_HELP and _HELP.search(words)) or _says_so(words):
            continue
        rest += len(words)
        if rest > MAX_REST:
            return False
    return True


def _says_so(words: str) -> bool:
    return len(words) <= 2 * MAX_HELP and _NO_PAGE.search(words) is not None


def _is_dead_title(title: str) -> bool:
    """Is this the title of no article? Titles that mention lost pages say more: 政府网站出现“页面不存在”怎么办.

    >>> _is_dead_title("404 - 某市人民政府"), _is_dead_title("关于政府网站链接失效问题整改情况的通报")
    (True, False)
    """
    parts = [part.strip() for part in re.split(r"\s[-–—|_]\s?|[-–—|_]{1,2}(?=\D)", title)]
    return any(part and len(part) <= 14 and _NO_PAGE.search(part) for part in parts)
