"""Pages that say with status 200 that they are none, built in our own words after the ways in which real ones do it, and
article pages for comparison."""

from __future__ import annotations

import random
from collections.abc import Iterator

__all__ = ["articles", "dead_ends"]

NAV = "".join(
    f'<li><a href="/{n}/">{name}</a></li>'
    for n, name in enumerate(("首页", "要闻动态", "政务公开", "政务服务", "互动交流", "数据", "专题"))
)
FOOT = (
    "<div class=foot><p>主办：某市人民政府办公室　承办：某市大数据中心</p><p>网站标识码：1234560001　某ICP备05000001号　"
    "某公网安备 12345602000001号</p><p>地址：某市人民路1号　邮编：123456　联系电话：0123-1234567</p></div>"
)


def framed(body: str, *, title: str = "某市人民政府门户网站", head: str = "", charset: str = "utf-8") -> bytes:
    """A page in the frame of its site."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title>{head}'
        f"<script>var site=1;</script><style>.a{{color:red}}</style></head><body><ul class=nav>{NAV}</ul>{body}{FOOT}</body></html>"
    ).encode("gb18030" if charset.startswith("gb") else charset)


def dead_ends() -> dict[str, bytes]:
    """Thirty of them."""
    home = '<a href="/">返回首页</a>'
    hot = "".join(f'<li><a href="/art/{n}.html">第{n}批政府网站绩效评估整改情况通报发布</a></li>' for n in range(8))
    return {
        "sentence": framed(f"<div>对不起，您访问的页面不存在。{home}</div>"),
        "sentence, gbk": framed(f"<div>对不起，您访问的页面不存在。{home}</div>", charset="gb2312"),
        "countdown": framed(f"<h2>页面没有找到</h2><p><span>5</span>秒钟后将自动跳转到首页，{home}</p>"),
        "title 404": framed("<img src=404.png>" + home, title="404"),
        "title 404 of a site": framed(f"<p>您要查看的内容暂时没有。</p>{home}", title="404 - 某市人民政府"),
        "title not found": framed("<h1>404 Not Found</h1><p>nginx</p>", title="404 Not Found"),
        "apache": b"<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The requested URL was not found on this "
        b"server.</p></body></html>",
        "iis": "<html><head><title>找不到文件或目录。</title></head><body><h2>404 - 找不到文件或目录。</h2><h3>您要查找的资源可能已被删除，"
        "已更改名称或者暂时不可用。</h3></body></html>".encode(),
        "iis, gbk": '<html><head><meta charset="gb2312"><title>无法找到网页</title></head><body><h1>无法找到该网页</h1>您正在搜索的网页可能已经'
        "删除、更名或暂时不可用。<ul><li>确保浏览器的地址栏中显示的网站地址的拼写和格式正确无误。</li><li>单击后退按钮尝试另一个链接。"
        "</li></ul></body></html>".encode("gb18030"),
        "deleted": framed("<div class=msg>该文章已被删除或尚未发布！</div>"),
        "off line": framed("<p>您浏览的信息已下线，给您带来不便，敬请谅解。</p>"),
        "alert": '<script>alert("文章不存在或已被删除！");history.back();</script>'.encode(),
        "alert, gbk": "<html><head><meta charset=gbk></head><script language=javascript>alert('找不到该信息');location.href='/';</script>"
        "</html>".encode("gb18030"),
        "reasons": framed(
            "<h1>抱歉！页面无法访问……</h1><p>可能因为：</p><p>网址有错误，请检查地址是否完整或存在多余字符</p><p>网址已失效，可能页面已删除，"
            f"活动已下线等</p>{home}"
        ),
        "lost": framed(f"<p>哎呀，页面走丢了</p><p>请稍后再试或联系管理员</p>{home}"),
        "english": framed(
            "<h1>Page not found</h1><p>Sorry, the page you are looking for is no longer available.</p>", title="Oops"
        ),
        "with news": framed(f"<h3>您访问的页面找不到了</h3><div>大家都在看</div><ul>{hot}</ul>", title="404页面"),
        "empty metas": framed(
            "<p>内容不存在</p>", head='<meta name="ArticleTitle" content=""><meta name="PubDate" content="">'
        ),
        "cms error": framed("<p>参数错误，没有找到相关文章。</p>", title="系统提示"),
        "no rights": framed("<p>您没有浏览权限，请登录后再试。</p>", title="提示信息"),
        "no data": framed("<td>未找到相关记录</td>"),
        "not there any more": framed(f"<p>您查找的文件已经被移除</p>{home}"),
        "column": framed("<div>您所访问的栏目不存在</div>", title="错误提示"),
        "expired": framed("<p>链接已过期</p><p>请返回上一页重新获取</p>"),
        "public interest page": framed(
            "<h2>您访问的页面找不回来了，但我们可以一起帮他们找回家</h2><p>请检查网址是否正确</p>" + home,
            title="404-公益寻人",
        ),
        "meta refresh": framed(
            "<p>页面不存在，3秒后返回首页</p>", head='<meta http-equiv="refresh" content="3;url=/index.html">'
        ),
        "server": framed("<p>服务器错误，请稍后再试</p>", title="服务器错误"),
        "in a table": framed("<table><tr><td><b>提示：</b></td><td>对不起，该页面已失效！</td></tr></table>"),
        "discuz": framed(
            "<div id=messagetext><p>抱歉，指定的文章不存在或已被删除或正在审核</p></div>", title="提示信息 - 某论坛"
        ),
        "in two parts": framed("<p>抱歉，</p><p>您要找的新闻已经</p><p>不在了。</p>", title="某某新闻网"),
    }


SENTENCES = (
    "中国软件评测中心日前公布了年度政府网站绩效评估结果，{place}门户网站在同类网站中名列第{n}。",
    "评估从信息公开、在线服务、互动交流和用户体验等方面打分，共抽查了{n}个栏目。",
    "{place}今年以来清理了长期不更新的栏目{n}个，修复了打不开的链接，答复网民留言的平均用时缩短到{n}天。",
    "负责人说，下一步要把各部门的数据接到一起，让群众少填表、少跑路。",
    "会上还通报了抽查中发现的问题，要求有关单位在{n}日内完成整改并书面报告。",
    "与上一年相比，得分提高了{n}分，进步主要来自办事指南的准确和搜索的好用。",
)
ABOUT_LOST = (
    "抽查发现，该县门户网站首页有{n}个链接点开后提示“页面不存在”，有的栏目显示“您访问的内容已被删除”。",
    "检查人员随机打开{n}个页面，其中三个返回404错误，一个显示“系统错误”，均被记入失分项。",
)
HIDDEN = (
    '<div id="error" style="display:none"><p>页面没有找到</p><p>5秒钟后跳转到首页</p></div>',
    "<noscript>页面无法显示</noscript><div class=hide>您访问的页面不存在</div>",
    "<script>var tip='内容不存在或已被删除';</script>",
    "<div class=tip>该信息已过期的，请以最新发布为准</div>",
)
TITLES = (
    "{place}门户网站在全国评估中名列第{n}", "{place}召开数字政府建设推进会", "关于{place}政府网站“页面不存在”等问题的通报",
    "{place}公布第{n}季度抽查结果", "404个问题全部整改：{place}网站焕然一新", "链接失效怎么办？{place}出台办法",
)  # fmt: skip
PLACES = ("湖北省", "武汉市", "贵阳市", "深圳市", "江山市", "余庆县", "浦东新区", "商务部")


def articles(number: int) -> Iterator[bytes]:
    """So many pages of articles, long and short, with and without marks of a CMS; every third has the sentence of a dead end in
    its text or in a hidden part of its template."""
    chance = random.Random(404)
    for count in range(number):
        place, n = chance.choice(PLACES), chance.randint(2, 90)
        texts = [chance.choice(SENTENCES) for _ in range(chance.choice((2, 2, 3, 5, 9)))]
        hidden = ""
        if count % 3 == 0:
            texts.insert(chance.randrange(len(texts)), chance.choice(ABOUT_LOST))
        if count % 3 == 1 and chance.random() < 0.6:
            hidden = chance.choice(HIDDEN)
        paragraphs = "".join(f"<p>　　{text.format(place=place, n=n)}</p>" for text in texts)
        title = chance.choice(TITLES).format(place=place, n=n)
        head = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2024-12-20 09:00">'
        yield framed(
            f"<h1>{title}</h1><div>来源：某报　时间：2024-12-20</div><div class=content>{paragraphs}</div>{hidden}<div>上一篇：<a>没有了</a></div>",
            title=f"{title}-某市人民政府", head=head if chance.random() < 0.5 else "", charset=chance.choice(("utf-8", "gb2312")),
        )  # fmt: skip
