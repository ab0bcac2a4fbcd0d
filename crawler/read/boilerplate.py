"""Lines that stand around a text and are no part of it: what they are called by, judged one line at a time.

All functions take normalised text (simplified characters, half-width punctuation).
"""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["LineKind", "image_name", "is_breadcrumb", "is_markup", "is_menu", "is_related", "kind_of_line"]

LineKind = Literal["end", "drop", "lead", "text"]
"""end: the body is over; drop: no body, but more may follow; lead: a summary ahead of the body; text: anything else."""

_END = re.compile(
    r"""^[\s\[(【•·>*#|]*(?:
      免责声明|免责条款|版权声明|版权申明|版权归|版权所有|版权稿件|(?:任何|其他)(?:媒体|单位|网站|个人).{0,20}未经|特别声明|郑重声明|特别提示:|特别注意:|风险提示:
     |(?:本网|本站)(?:声明|注明|所有|文章|转载)|凡(?:本网|注明|本站|标注)|(?:平台|本文)?声明:\s*(?:本|凡|转载|该|以上|部分|文章)
     |(?:以上|本|该|此)(?:文章?|内容|稿件|信息)(?:仅|只|版权|转载|来源于?网络|系(?:转载|网络)|由.{0,12}原创|中?不代表|为转载|观点)
     |本文(?:来自|由).{0,30}(?:授权|投稿|原创发布)|转载请(?:注明|联系)|未经.{0,12}(?:授权|许可|允许).{0,8}(?:不得|禁止|严禁)
     |如(?:有|果).{0,12}(?:侵权|侵犯).{0,20}(?:联系|删除)|违法和不良信息举报
     |(?:上|下|前|后)一(?:篇|条|则|主题|新闻)(?:[:]|\s|$)|没有了$
     |(?:相关|延伸|推荐|热点|更多|精彩|猜你)(?:阅读|新闻|文章|链接|资讯|报道|推荐|稿件|信息|喜欢|内容|专题|标签|附件下载)(?:[:\s]|$)
     |(?:热门|最新|今日|编辑|为您|为你|站内|本类|网友|24小时|图文|本周|本月|一周|频道)(?:推荐|资讯|文章|关键字|排行|热点|评论|新闻|精选|热门)
     |(?:新闻|点击|阅读|关注|热文)(?:关注)?排行|(?:大家|别人|网友)(?:都|还|也)在(?:看|搜)|.{0,5}热文$
     |copyright\b|©|.{0,12}版权所有|[\u4e00-\u9fff]ICP[备证]|.{0,20}(?:网安备|公网安)
     |(?:主办|承办|主办单位|承办单位|技术支持|网站标识码):.{0,60}$
     |(?:网友|发表|我要|我来|用户|最新|全部|参与)(?:评论|说两句|留言)|(?:评论|跟帖)(?:\(\d+\)|\d+条|区)
     |分享(?:到|至)[:\s]|分享本文|一键分享|(?:打印|关闭)(?:本页|窗口|此页|本文)|(?:顶一下|踩一下|收藏本文)
     |(?:上一页|首页)?\s*(?:\[?\d+\]?\s+){1,12}(?:下一页|末页|尾页)|(?:上一页|下一页|尾页)\s*$
     |返回(?:首页|顶部|列表|上一页)|返回[^。,]{1,14}(?:[|丨]|$)|关于我们\s*[-|]
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_RELATED = re.compile(r"^[\s\[(【•·>*#|]*(?:相关|延伸|推荐|热点|更多|精彩|猜你|往期|此前)\S{0,6}[:\s\])】]*$")
_DROP = re.compile(
    r"""^[\s\[(【•·>*#|“"]*(?:
      (?:纠错[】\]]\s*[【\[]\s*)?(?:责任)?(?:编辑|责编)\s*:|责任编辑|责编\s|(?:实习|执行|值班|网络|本文|见习|版面|新媒体)?(?:编辑|校对|审核|编审|监制|审校|初审|复审|终审|终校|美编|排版|编制|总编辑|总监制|主编|制作|签发|录入)\s*(?:[:/|]|丨)
     |扫一扫|扫描?(?:二维码|码)|长按.{0,10}二维码|关注.{0,14}(?:公众号|微信号|官方微)|微信(?:扫码|扫一扫)
     |(?:文章|信息|稿件|内容)?来源\s*[:丨|]|稿源\s*[:丨|]|转自\s*:|原标题\s*:|本文原标题|原文(?:链接|地址|标题)\s*:|本文(?:链接|地址)\s*:|原题\s*:
     |标签\s*:|关键[词字]\s*:|tags?\s*:
     |(?:字体|字号)\s*:|【?\s*(?:大\s*中\s*小|字体)|(?:浏览|阅读|点击|访问)(?:次数|量|数)?\s*:\s*\d*|我要纠错|【?打印】?\s*【?关闭|(?:加入)?收藏\s*(?:打印|举报)
     |(?:分享|分享到|打印|关闭|收藏|举报|点赞|转发|评论|返回|纠错|复制链接|朗读|听新闻|放大|缩小|默认|新浪微博|微信|微博|qq空间|朋友圈|(?:点击)?展开(?:阅读|查看)?全文|点击查看全文|阅读全文|阅读原文|查看原文|点击进入专题|您的浏览器不支持.*|正在加载.*|加载中.*|请输入.*|.{0,4}公众号)\s*[】\])”"]?\s*$
     |(?:发布|发表|更新|刊发|创建|发稿|成文|生成)(?:时间|日期|于)\s*:
     |点击(?:查看|下载|进入|放大|图片|上方|下方|蓝字).{0,20}$|附件下载\s*$
     |\+1\s*$|图集\s*$|进入【.{2,12}】讨论\s*$|\S{2,24}供稿\s+.{0,30}(?:编辑|责编|摄影)\s*[:/].{0,20}$|返回\S{2,8}[,，]?\s*查看更多|海量资讯、精准解读.*|小字体\s*大字体|(?:转自|摘自|选自|原载)\s*:?\s*[^,。]{2,20}$|<?https?://\S+>?\s*$
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^[\s(【\[]*(?:(?:责任)?(?:编辑|责编|作者|记者|来源|审核|校对|编审|监制|摄影|文/图?|通讯员)\s*:[^。;!?]{0,60}"
    r"|(?:制图|供图|绘图|图表|摄影|实习编辑|责编)\s*[/|丨]?\s*[\u4e00-\u9fff]{2,4})[)】\]]?\s*$"
)
_WRITTEN_FROM = re.compile(
    r"^\s*(?:[(【\[](?:本文)?(?:资料来源:|综合(?:整理)?自)[^()。;!?]{2,60}[)】\]]|本文(?:首发于|首发自|原载于?)[^。;!?]{2,40})\s*$"
)
"""From what an article was put together, on a line of its own."""
_LEAD = re.compile(
    r"^\s*[\[【(]?(?:核心提示|内容提要|内容摘要|文章摘要|新闻摘要|导读|摘要|提要|导语|阅读提示)\s*[\]】)]?\s*[:\s]"
)
_BREADCRUMB = re.compile(
    r"^\s*(?:您(?:现在|目前|当前)?的?(?:当前)?(?:所在)?位置|(?:您)?当前(?:所在)?(?:的)?(?:位置|页面)|所在位置|位置)\s*(?:是|为)?\s*:"
    r"|^\s*(?:网站)?(?:首页|主页)\s*(?:>|»|›|/|-{1,2}>|→|\|)|(?:\S{2,12}\s*(?:>>?|»|›|→)\s*){2,}"
)
_PATH_SIGN = re.compile(r"[>»›→]|位置|页面|^\s*(?:网站)?[首主]页")
_IMAGE = re.compile(r"^\s*[!\w().\-\u4e00-\u9fff]{1,80}\.(?:jpe?g|png|gif|bmp|webp)\s*$", re.IGNORECASE)
_NO_MENU = re.compile(r"[\d。;!?,]")
_CELLS = re.compile(r"\s{2,}|\t|\s[|丨]\s")


def kind_of_line(line: str) -> LineKind:
    """What a line is by the words it begins with.

    >>> kind_of_line("免责声明:我方仅为"), kind_of_line("(责任编辑:方向)"), kind_of_line("核心提示:湖北")
    ('end', 'drop', 'lead')
    """
    head = line[:200]
    if _LEAD.match(head):
        return "lead"
    if _END.match(head):
        return "end"
    if len(line) <= 160 and _DROP.match(head):
        return "drop"
    if len(line) <= 80 and (_CREDIT.match(head) or _WRITTEN_FROM.match(head)):
        return "drop"
    return "drop" if is_breadcrumb(line) or is_markup(line) else "text"


def is_related(line: str) -> bool:
    """Does a line announce neighbours, which may also stand within a text?

    >>> is_related("相关阅读:"), is_related("免责声明:仅供参考")
    (True, False)
    """
    return bool(_RELATED.match(line))


def is_markup(line: str) -> bool:
    """Is the line a left-over of markup or an address, without a word a reader would read?

    >>> is_markup('/strip/quality/95/ignore-error/1|imageslim"/>'), is_markup("GDP 2021")
    (True, False)
    """
    return line.isascii() and bool(re.search(r"[/<>=\\\\{}|\"]", line)) and " " not in line.strip()


def is_breadcrumb(line: str) -> bool:
    """Does the line say where on the site one is?"""
    if len(line) > 160 or not _PATH_SIGN.search(line):
        return False
    return bool(_BREADCRUMB.search(line))


def is_menu(line: str) -> bool:
    """Is the line a row of short labels without figures or sentences, as menus and footers are?

    >>> is_menu("产品方案      服务支持      新闻动态"), is_menu("北京市    95.2    1")
    (True, False)
    """
    if _NO_MENU.search(line):
        return False
    cells = [cell for cell in _CELLS.split(line.strip()) if cell]
    return len(cells) >= 3 and all(len(cell) <= 10 for cell in cells)


def image_name(line: str) -> str | None:
    """The file name if the line is nothing but that of an image: pages copied as text keep it (grammar note N10).

    >>> image_name("20180126013854642.jpg")
    '20180126013854642.jpg'
    """
    return line.strip() if _IMAGE.match(line) else None
