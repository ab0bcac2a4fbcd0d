"""Serves generated list and article pages on 127.0.0.0/8: `pages_server.py ARTICLES PER_LIST` prints its port.

The texts are made up; every article ranks other places, so that none is a copy of another.
"""

from __future__ import annotations

import asyncio
import random
import sys

PROVINCES = "河北省 山西省 辽宁省 吉林省 江苏省 浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 四川省"
CITIES = "武汉市 成都市 杭州市 南京市 济南市 青岛市 厦门市 宁波市 长沙市 合肥市 福州市 南昌市 郑州市 广州市 贵阳市"
NUMERALS = "一二三四五六七八九十"
WORDS = (
    "近年来 当地 持续 推进 网站 集约化 建设 优化 栏目 设置 规范 信息 发布 提升 在线 办事 深度 互动 交流 质量 有关 负责人 表示 下一步 "
    "围绕 企业 群众 关心 事项 继续 完善 数据 共享 机制 减少 重复 填报 方便 查询 会议 适老化 改造 无障碍 浏览 内容 保障 工作 经验 代表 "
    "结合 实际 介绍 做法 采用 人工 采样 技术 监测 方式 历时 三个月 覆盖 公开 服务 回应 方面 统一 身份 认证 电子 证照 平台 县区 部门 窗口"
)


def article(host: str, number: int) -> str:
    """An article page of about 20 kB."""
    chance = random.Random(f"{host}/{number}")
    year, edition = 2010 + number % 12, 9 + number % 12
    province, city = chance.choice(PROVINCES.split()), chance.choice(CITIES.split())
    first = (
        f"{year}年12月{chance.randint(1, 28)}日，中国软件评测中心在北京发布第{edition}届中国政府网站绩效评估结果，"
        f"{province}政府门户网站在省级政府网站中排名第{chance.choice(NUMERALS)}，"
        f"{city}政府门户网站在省会城市政府网站中位居第{chance.choice(NUMERALS)}。"
    )
    body = [
        first,
        *(
            "".join(chance.choices(WORDS.split(), k=12)) + "，" + "".join(chance.choices(WORDS.split(), k=14)) + "。"
            for _ in range(24)
        ),
    ]
    menu = "".join(f'<li><a href="/c{n}/" title="栏目{n}">栏目名称{n}</a></li>' for n in range(90))
    side = "".join(
        f'<li><a href="/s/{n}.html">相关阅读的标题之{n}</a><span>2020-01-{n % 28 + 1:02}</span></li>' for n in range(40)
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title(host, number)}_测试站</title>'
        f'<meta name="ArticleTitle" content="{title(host, number)}"><meta name="PubDate" content="{year}-12-20 09:00">'
        f'<meta name="ContentSource" content="测试站"></head><body><ul class="menu">{menu}</ul>'
        f'<h1>{title(host, number)}</h1><div class="info">来源：测试站 发布时间：{year}-12-20</div>'
        f'<div class="content">{"".join(f"<p>　　{text}</p>" for text in body)}</div>'
        f'<ul class="side">{side}</ul><div class="foot">主办单位：测试站</div></body></html>'
    )


def title(host: str, number: int) -> str:
    return f"第{9 + number % 12}届政府网站绩效评估结果发布之{host[-1]}{number}"


def list_page(host: str, page: int, articles: int, per_list: int) -> str:
    """List page from 1; the last has no link to a next one."""
    numbers = range((page - 1) * per_list, min(page * per_list, articles))
    rows = "".join(f'<li><a href="/a/{n}.html">{title(host, n)}</a><span>2020-12-20</span></li>' for n in numbers)
    following = f'<a href="index_{page + 1}.html">下一页</a>' if page * per_list < articles else ""
    return f'<html><head><meta charset="utf-8"><title>列表</title></head><body><ul class="list">{rows}</ul>{following}</body></html>'


def made_up(articles: int, per_list: int) -> dict[str, bytes]:
    """Every answer, ready to be sent, by host and path."""
    pages = {}
    for host in (f"127.0.0.{n}" for n in range(1, 9)):
        pages[f"{host}/robots.txt"] = "User-agent: *\nDisallow: /admin/\n"
        for page in range(1, -(-articles // per_list) + 1):
            pages[f"{host}/index_{page}.html"] = list_page(host, page, articles, per_list)
        for number in range(articles):
            pages[f"{host}/a/{number}.html"] = article(host, number)
    return {key: _answer(200, text.encode()) for key, text in pages.items()}


def _answer(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


async def serve(articles: int, per_list: int) -> None:
    """Answer until terminated."""
    answers, missing = made_up(articles, per_list), _answer(404, b"")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                host = next(line for line in lines if line.lower().startswith("host:"))[5:].strip().partition(":")[0]
                writer.write(answers.get(host + lines[0].split()[1], missing))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    for number in range(2, 9):
        await asyncio.start_server(answer, f"127.0.0.{number}", port)
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
