"""Serves made-up list and article pages on loopback addresses: `pages_server.py HOSTS ARTICLES_PER_HOST` prints its port.

The pages are as government sites have them: 20 to 30 kB of HTML with scripts and menus around some 1,500 characters of text;
one host in four declares gb2312, two in three name the charset in the header too, every second one compresses. Two articles in
three state results of one to three places, so that most facts are told by a few articles; of the entries of a list one in four is
on the topic. The texts are drawn from common words: no two are copies.
"""

# ruff: noqa: SIM905 - word lists read best as text
from __future__ import annotations

import asyncio
import gzip
import random
import sys

PER_LIST = 5
"""Articles on each list page; three times as many entries beside them are off the topic."""

PROVINCES = (
    "河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省 四川省 贵州省 "
    "云南省 陕西省 甘肃省 青海省"
).split()
CAPITALS = (
    "石家庄市 太原市 沈阳市 长春市 哈尔滨市 南京市 杭州市 合肥市 福州市 南昌市 济南市 郑州市 武汉市 长沙市 广州市 海口市 成都市 贵阳市 "
    "昆明市 西安市 兰州市 西宁市"
).split()
NUMERALS = "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四".split()
WORDS = (
    "近年来 当地 持续 推进 集约化 建设 优化 栏目 设置 规范 信息 提升 在线 办事 深度 互动 交流 质量 负责人 表示 下一步 围绕 企业 群众 关心 "
    "事项 继续 完善 数据 共享 机制 减少 重复 填报 方便 查询 会议 适老化 改造 无障碍 浏览 内容 保障 经验 代表 结合 实际 介绍 做法 采用 人工 "
    "采样 技术 监测 方式 历时 三个月 覆盖 服务 回应 统一 身份 认证 电子 证照 平台 县区 部门 窗口 市民 手机 材料 提交 审批 流程 压缩 时限 "
    "热线 留言 答复 满意 调查 报告 专栏 图解 视频 新闻 发布会 文件 解读 专家 媒体 转载 检索 搜索 智能 问答 导航 页面 改版 设计 色彩 字体 "
    "图片 链接 错误 纠正 日常 检查 通报 整改 责任 考核 培训 队伍 编辑 审核 制度 安全 防护 备份 演练 漏洞 修复 域名 备案 迁移 云平台 资源 "
    "整合 关停 上线 运行 维护 投入 预算 采购 合作 高校 研究 课题 论坛 交流会 现场 参观 学习 借鉴 外省 先进 地区 乡镇 街道 社区 村民 农业 "
    "天气 交通 教育 医疗 社保 就业 住房 户籍 婚姻 税务 工商 登记 许可 证明 取消 清单 目录 编制 权力 运转 监督 投诉 举报 核实 办理 反馈 "
    "春节 期间 值班 坚持 每天 更新 数量 增长 同比 访问 人次 点击 订阅 微信 微博 客户端 渠道 推送 用户 体验 意见 征集 听证 民意 草案 修改 "
    "通过 实施 细则 标准 国家 行业 指南 手册 案例 汇编 印发 各地 参照 执行 年底 之前 完成 任务 目标 进度 督查 组长 会上 强调 要求 认识 意义"
).split()
OFF_TOPIC = "交通管制通知 今日天气 春耕进展 招聘公告 农贸市场开业 防汛会议召开 文艺演出 道路施工".split()


def article(host: str, number: int) -> str:
    """An article page."""
    chance = random.Random(f"{host}/{number}")
    year = _year(number)
    text = "".join(f"<p>　　{paragraph}</p>\n" for paragraph in _paragraphs(chance, year))
    menu = "".join(
        f'<li><a href="/c{n}/index.html" title="栏目名称{n}" target="_blank">栏目名称{n}</a></li>\n' for n in range(90)
    )
    side = "".join(
        f'<li><a href="/s/{n}.html" title="{_words(chance, 8)}">{_words(chance, 6)}</a><span>{year}-01-{n % 28 + 1:02}</span></li>\n'
        for n in range(chance.randint(20, 60))
    )
    script = "".join(f"    if (page.width > {n}) {{ menu.show({n}, 'item-{n}', true); }}\n" for n in range(60))
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="{charset(host)}"><title>{title(host, number)}_测试站</title>\n'
        f'<meta name="ArticleTitle" content="{title(host, number)}">\n<meta name="PubDate" content="{year + 1}-01-20 09:00">\n'
        f'<meta name="ContentSource" content="测试站">\n<script src="/js/jquery.js"></script><script>\n{script}</script>\n'
        f"<style>\n{'.menu li { float: left; padding: 0 8px; line-height: 32px; }' * 20}\n</style></head>\n"
        f'<body><div class="head"><ul class="menu">{menu}</ul></div>\n<div class="main"><h1>{title(host, number)}</h1>\n'
        f'<div class="info"><span>来源：测试站</span> <span>发布时间：{year + 1}-01-20 09:00</span></div>\n'
        f'<div class="content">\n{text}</div></div>\n<div class="side"><ul>{side}</ul></div>\n'
        f'<div class="foot"><p>主办单位：测试站办公室</p></div></body></html>\n'
    )


def _paragraphs(chance: random.Random, year: int) -> list[str]:
    found = [
        f"{_words(chance, 12)}，{_words(chance, 14)}。{_words(chance, 9)}，{_words(chance, 15)}。" for _ in range(14)
    ]
    if chance.random() < 2 / 3:
        where = chance.sample(PROVINCES, 2), chance.sample(CAPITALS, 1)
        told = [
            f"{p}政府门户网站在省级政府网站中排名第{chance.choice(NUMERALS)}" for p in where[0][: chance.randint(0, 2)]
        ]
        told += [f"{c}政府门户网站在省会城市政府网站中位居第{chance.choice(NUMERALS)}" for c in where[1]]
        first = f"{year}年12月{chance.randint(1, 28)}日，中国软件评测中心在北京发布第{year - 2001}届中国政府网站绩效评估结果，"
        found[0] = first + "，".join(told) + "。"
    return found


def _words(chance: random.Random, number: int) -> str:
    return "".join(chance.choices(WORDS, k=number))


def _year(number: int) -> int:
    return 2009 + number % 14


def charset(host: str) -> str:
    """What the pages of a host declare."""
    return "gb2312" if _last(host) % 4 == 0 else "utf-8"


def compresses(host: str) -> bool:
    return _last(host) % 2 == 1


def _last(host: str) -> int:
    return int(host.rpartition(".")[2])


def title(host: str, number: int) -> str:
    return f"第{_year(number) - 2001}届政府网站绩效评估结果发布之{_last(host)}的{number}"


def list_page(host: str, page: int, articles: int) -> str:
    """List page from 1; the last has no link to a next one."""
    rows = ""
    for n in range((page - 1) * PER_LIST, min(page * PER_LIST, articles)):
        rows += f'<li><a href="/a/{n}.html">{title(host, n)}</a><span>2020-12-20</span></li>\n'
        for k in range(3):
            rows += f'<li><a href="/o/{n}_{k}.html">{OFF_TOPIC[(n + k) % 8]}之{n}</a><span>2020-12-20</span></li>\n'
    following = f'<a href="index_{page + 1}.html">下一页</a>' if page * PER_LIST < articles else ""
    menu = "".join(f'<li><a href="/c{n}/index.html" title="栏目名称{n}">栏目名称{n}</a></li>\n' for n in range(90))
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="{charset(host)}"><title>要闻_测试站</title></head><body>\n'
        f'<ul class="menu">{menu}</ul><ul class="list">{rows}</ul><div class="pages">{following}</div></body></html>\n'
    )


def hosts(number: int) -> list[str]:
    """So many loopback addresses."""
    return [f"127.0.0.{n}" for n in range(1, number + 1)]


def paths(articles: int) -> list[str]:
    """Every page of a host: its lists, then its articles."""
    lists = -(-articles // PER_LIST)
    return [f"/index_{n}.html" for n in range(1, lists + 1)] + [f"/a/{n}.html" for n in range(articles)]


def made_up(number: int, articles: int) -> dict[str, bytes]:
    """Every answer, ready to be sent, by host and path."""
    answers = {}
    for host in hosts(number):
        answers[host + "/robots.txt"] = _answer(host, "User-agent: *\nDisallow: /admin/\n")
        for path in paths(articles):
            page = int(path.strip("/ahtml.index_"))
            text = article(host, page) if path.startswith("/a/") else list_page(host, page, articles)
            answers[host + path] = _answer(host, text)
    return answers


def _answer(host: str, text: str) -> bytes:
    body, coding, declared = text.encode("gb18030" if charset(host) == "gb2312" else "utf-8"), "", ""
    if _last(host) % 3:
        declared = f"; charset={charset(host)}"
    if compresses(host):
        body, coding = gzip.compress(body, 6), "Content-Encoding: gzip\r\n"
    head = f"HTTP/1.1 200 OK\r\nServer: test\r\nContent-Type: text/html{declared}\r\n{coding}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def serve(number: int, articles: int) -> None:
    """Answer until terminated."""
    answers, missing = made_up(number, articles), b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                host = next(line for line in lines if line.lower().startswith("host:"))[5:].strip().partition(":")[0]
                writer.write(answers.get(host + lines[0].split()[1], missing))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    first, *others = hosts(number)
    server = await asyncio.start_server(answer, first)
    port = server.sockets[0].getsockname()[1]
    await asyncio.start_server(answer, others, port)
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
