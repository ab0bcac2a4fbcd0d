"""Walls in crawls: recorded as blocked with their kind, never solved, never an article."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.fetch.sameness import Answers
from crawler.fetch.walls import wall_of
from crawler.items import Page
from tests.crawls import crawl, rows, settings_file, source
from tests.dead_ends import articles, framed
from tests.web_server import Answer, Asked, Route, Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"
JSL = "<script>document.cookie=('__jsl_clearance_s=1')+location.pathname;location.href=location.pathname</script>"
RUISHU = "<html><head><meta charset=utf-8><script>$_ts=window['$_ts'];$_ts.nsd=1;</script></head><body></body></html>"

WALLS: dict[str, tuple[str, Answer]] = {
    "jsl 521": ("challenge", Answer(JSL, 521)),
    "jsl 512": ("challenge", Answer(JSL, 512)),
    "ruishu 412": ("challenge", Answer(RUISHU, 412)),
    "ruishu 200": ("challenge", Answer(RUISHU)),
    "ruishu 405": ("challenge", Answer(RUISHU, 405)),
    "wzws": ("challenge", Answer("<script src='/WZWSREL/x.js'></script><noscript>请开启JavaScript并刷新该页.</noscript>")),
    "aliyun": ("challenge", Answer("<html><script>var arg1='x';var c='acw_sc__v2';document.cookie=c</script></html>")),
    "cloud": ("challenge", Answer("<title>Just a moment</title><script src=/cdn-cgi/challenge-platform/x.js></script>", 403)),
    "captcha": ("captcha", Answer("<title>访问验证</title><script></script><p>请输入验证码以继续访问</p><img src=c>")),
    "slider": ("captcha", Answer("<title>滑动验证页面</title><div>请按住滑块，拖动到最右边</div>")),
    "sogou": ("captcha", Answer("<title>搜索</title><script></script><p>您的访问过于频繁，请确认不是机器人。</p>")),
    "captcha 403": ("captcha", Answer("<title>人机验证</title><script></script>", 403)),
    "405": ("forbidden", Answer("<html><body>405 Not Allowed</body></html>", 405)),
    "403": ("forbidden", Answer("<html><body>Forbidden</body></html>", 403)),
    "401": ("forbidden", Answer("", 401)),
    "waf 403": ("forbidden", Answer("<title>访问被拦截</title><p>您的请求疑似攻击行为</p>", 403)),
    "waf 405": ("forbidden", Answer("<title>405</title><p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>", 405)),
    "waf 200": ("forbidden", Answer("<html><head><title>网站防火墙</title></head><body><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>"
                                    "<p>可能原因：您提交的内容包含危险的攻击请求</p></body></html>")),
    "waf 200, no title": ("forbidden", Answer("<p>当前访问疑似黑客攻击，已被云防护拦截。事件编号：1</p>")),
    "denied": ("forbidden", Answer("<html><head><title>Access Denied</title></head><body>Reference #18.1</body></html>")),
    "shell": ("shell", Answer("<title>某市</title><div id=app></div><script src=app.js></script>")),
    "shell with noscript": ("shell", Answer("<div id=root></div><script src=a.js></script><noscript>x</noscript>")),
    "cookie": ("cookie", Answer("", 302, {"Location": "/cookie", "Set-Cookie": "CT6T=1; path=/"})),
}  # fmt: skip


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_has_its_kind(name: str) -> None:
    kind, answer = WALLS[name]
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    headers = {"content-type": "text/html"} | {key.lower(): value for key, value in answer.headers.items()}
    page = Page(
        url="http://a.example/cookie", status=answer.status, headers=headers, body=body, fetched=datetime.now(UTC)
    )
    assert wall_of(page) == kind


def test_no_article_is_a_wall_that_tells_of_walls() -> None:
    told = "<p>　　该网站升级后，市民登录须输入验证码，异常访问会被拦截，防火墙一个月拦截攻击九万次，专家建议启用JavaScript校验。</p>"
    rest = "<p>　　评估组认为，安全防护是绩效的一部分，网站负责人表示将继续完善页面的栏目内容，把群众常用的服务放到显眼的地方，让人找得到、看得懂、办得成，"
    pages = [
        framed(
            f"<h1>某市网站安全验证</h1>{told}{rest}并在年底前完成对全部{n}个栏目的检查，检查结果向社会公开，接受群众监督评议。</p>"
        )
        for n in range(20)
    ]
    pages += list(articles(100))
    found = [
        Page(url="http://a.example/1", status=200, headers={}, body=body, fetched=datetime.now(UTC)) for body in pages
    ]
    assert [page.body.decode(errors="replace") for page in found if wall_of(page)] == []


def test_every_wall_blocks_its_source_and_none_is_stored(tmp_path: Path) -> None:
    routes: dict[str, Route] = {f"/w{n}": answer for n, (_, answer) in enumerate(WALLS.values())}
    number = list(WALLS).index("cookie")
    routes[f"/w{number}"] = Answer("", 302, {"Location": f"/w{number}", "Set-Cookie": "CT6T=1; path=/"})
    with Site(routes) as site:
        night = crawl(settings_file(tmp_path, [source(f"w{n}", site.url(f"/w{n}")) for n in range(len(WALLS))]))
        # nothing is tried a second time, let alone solved
        assert sorted(site.paths()) == sorted(routes)
        assert not any("cookie" in asked.headers for asked in site.asked)
    for n, (kind, _) in enumerate(WALLS.values()):
        assert night.source(f"w{n}")["state"] == "blocked", n
        assert any(f"WARNING: w{n}: " in line and f"({kind}, status" in line for line in night.log.splitlines()), n
    assert rows(tmp_path / "test.db", "SELECT count(*) FROM articles") == [(0,)]


def test_a_site_that_wants_its_cookie_back_gets_it_where_the_source_says_so_and_nowhere_else(tmp_path: Path) -> None:
    def gate(asked: Asked) -> Answer:
        if "CT6T=1" in asked.headers.get("cookie", ""):
            return Answer(list_page({"/a/1.html": TITLE}))
        return Answer("", 302, {"Location": asked.path, "Set-Cookie": "CT6T=1; path=/"})

    with Site({"/open": gate, "/shut": gate, "/a/1.html": article_page(TITLE)}) as site:
        other = {"allowed_domains": ["127.0.0.1"]}
        night = crawl(settings_file(tmp_path, [source("open", site.url("/open"), cookies=True, **other),
                                               source("shut", site.url("/shut"), **other)]))  # fmt: skip
        assert [asked.path for asked in site.asked if "cookie" in asked.headers] == ["/open", "/a/1.html"]
    assert (night.source("open")["state"], night.source("open")["articles"]) == ("healthy", 1)
    assert night.source("shut")["state"] == "blocked"


def test_a_cookie_gate_that_never_opens_is_a_wall_too(tmp_path: Path) -> None:
    with Site({"/": Answer("", 302, {"Location": "/", "Set-Cookie": "CT6T=1; path=/"})}) as site:
        night = crawl(settings_file(tmp_path, [source("s", site.url(), cookies=True)]))
        assert len(site.paths()) == 3
    assert night.source("s")["state"] == "blocked"
    assert "(cookie, status 302)" in night.log


def search(site: Site) -> str:
    paths = {"rows": "rows", "title": "title", "url": "url"}
    return source("s", site.url("/search?q={word}"), access="search", json=paths, keywords=["网站评估", "数字政府"])


def answers(*bodies: str) -> dict[str, Route]:
    words = ("%E7%BD%91%E7%AB%99%E8%AF%84%E4%BC%B0", "%E6%95%B0%E5%AD%97%E6%94%BF%E5%BA%9C")
    return {f"/search?q={word}": Answer(body, headers={"Content-Type": "application/json"})
            for word, body in zip(words, bodies, strict=True)}  # fmt: skip


def test_a_search_that_answers_every_query_alike_is_blocked(tmp_path: Path) -> None:
    shell, found = '{"code":0,"rows":[]}', f'{{"rows":[{{"title":"{TITLE}","url":"/a/1.html"}}]}}'
    with Site(answers(shell, shell)) as site:
        night = crawl(settings_file(tmp_path, [search(site)]))
        assert len(site.paths()) == 2, night.log
        assert night.source("s")["state"] == "blocked"
        assert "answers 2 queries alike" in night.log
        # one of them answered otherwise: it works, and found nothing for the other
        site.routes |= answers(shell, found) | {"/a/1.html": article_page(TITLE)}
        assert crawl(settings_file(tmp_path, [search(site)])).source("s")["state"] == "healthy"


def test_lists_at_different_addresses_may_be_alike() -> None:
    answers, page = (
        Answers(),
        Page(url="http://a.example/", status=200, headers={}, body=b"x", fetched=datetime.now(UTC)),
    )
    answers.add_list("http://a.example/1/index.html", page)
    answers.add_list("http://a.example/2/index.html", page)
    assert answers.trouble_of_lists() is None
    answers.add_list("http://a.example/s#a", page)
    assert answers.trouble_of_lists() is None
    answers.add_list("http://a.example/s#b", page)
    trouble = answers.trouble_of_lists()
    assert trouble is not None
    assert (trouble.blocked, trouble.wall) == (True, "alike")
