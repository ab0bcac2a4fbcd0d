"""Articles and characters per second of `extract` alone on one core, its start-up, its memory, and lxml beside it.

    python -m benchmarks.extract_articles [--rounds 5]

Three kinds of articles of about 2,000 characters each: results hold some 20 results, as long real ones do (9 in 1,000
characters); related ones speak of evaluations and state nothing; unrelated ones are other news. They are put together from
the documents of tests/corpus and from paragraphs below. The same articles inside pages with menus and scripts are what
lxml parses. Times are processor times, the best of all rounds; start-up is that of fresh processes until the first article
is done.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lxml import html

from crawler.extract import extract
from crawler.items import Article, Paragraph

__all__ = ["Measured", "Rate", "articles", "measure", "table_lines"]

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
ARTICLES = 20
"""How many of each kind."""
CHARACTERS = 2000
RESULTS = 18
"""How many facts of the corpus go into an article with results."""
KINDS = ("results", "related", "unrelated")
T = TypeVar("T")

ON_TOPIC = """\
近年来,各地各部门把政府网站作为联系群众的重要窗口,围绕信息公开、在线服务和互动交流三项功能持续改进,栏目设置更加清楚,内容更新更加及时,群众查找信息比过去方便了许多。
评估工作从去年三月开始准备,九月进入数据采集阶段,先由系统自动扫描,再由人工逐项核对,最后请专家复核有疑问的数据。参评单位可以在规定的时间内提出说明,评估组逐条答复。
与往年相比,指标体系作了若干调整:压缩了栏目数量一类的要求,增加了对政策解读、办事指南准确程度和移动端适配的考察,更加看重群众能不能找到、看懂、办成。
业内人士认为,网站建设不能只看一时的结果。页面做得再好看,如果办事指南写错了电话,群众跑了冤枉路,就谈不上好的服务。管理单位应当把日常检查做在前面。
下一步,市政府办公室将会同有关部门完善内容保障制度,明确栏目责任人,定期检查更新情况,对群众留言做到件件有回音,并逐步把分散的办事入口归并到统一的平台上。
记者了解到,该市自2016年启动网站集约化建设以来,先后关停、归并了一批长期不更新的部门网站,统一了域名和版式,同时建立了全市共用的信息资源库,减少了重复建设。
会上,来自北京、上海、广东、四川等地的代表介绍了各自的做法,与会专家就数据开放、适老化改造和智能问答等话题交换了意见,大家认为基层人手不足仍是普遍的难题。
据介绍,网站设有新闻动态、信息公开、办事服务、互动交流四个频道,全年发布信息一万两千余条,答复群众来信三千多件,平均答复时间缩短到四个工作日以内。
""".splitlines()
"""Neutral paragraphs about websites and evaluations that state no result."""

OFF_TOPIC = """\
连日来,受冷空气影响,我市大部分地区出现降温降雨天气,气象台提醒市民注意添衣保暖,出行时留意路面湿滑。预计周末天气转晴,白天最高气温将回升到二十度左右。
秋收时节,走进城东的万亩稻田,十几台收割机来回穿梭,金黄的稻谷倾泻进运粮车。种粮大户老周说,今年雨水匀,稻子长得好,一亩地能多打七八十斤。
地铁三号线南延段昨日完成最后一座车站的主体结构封顶。项目负责人说,下一步将转入轨道铺设和设备安装,沿线的道路也会在年底前陆续恢复通行。
在社区的老年食堂,十二点不到就坐满了人。两荤一素一汤只要八元,行动不便的老人还可以请志愿者送餐上门,开张半年来已经服务了两万多人次。
学校操场上,孩子们正在练习跳绳和排球。体育老师说,课后服务开了二十多个班,有科学实验、书法、合唱,家长下班后再来接也不着急了。
经过三个月的修缮,老城区的青石板街重新开放。两旁的店铺保留了木门板和灰瓦檐,卖糕点的、修钟表的都回来了,晚上亮起灯笼,游人比往日多了不少。
水利部门介绍,城北水库的除险加固工程已经完成大坝灌浆,明年汛期之前可以恢复正常蓄水,下游六个镇的灌溉用水将更有保障。
""".splitlines()
"""Neutral paragraphs about anything else."""

MENU = "".join(f"<li><a href='/channel/{n}/index.html' target='_blank'>栏目名称</a></li>\n" for n in range(400))
SCRIPT = "<script>" + "var a = document.getElementById('a');\n" * 500 + "</script>"
START = """
import time; started = time.process_time()
from crawler.extract import extract
from crawler.items import Article
text = "2019年中国政府网站绩效评估结果显示,在省会城市网站中,第一名是成都市,第二名是长沙市。"
assert extract(Article(text=text, plain=text, offsets=range(len(text) + 1), paragraphs=())).results
print(time.process_time() - started)
"""
MEMORY = """
from benchmarks.extract_articles import articles
from crawler.extract import extract
for found in articles().values():
    for article in found:
        extract(article)
"""
PEAK = """
print(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""
"""Linux: unlike ru_maxrss it does not begin with the peak of the process that started this one."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast articles of one kind are extracted."""

    kind: str
    """results, related, unrelated, or all of them."""
    articles_per_s: float
    """Of processor time."""
    characters_per_s: float
    """The same in characters."""
    lxml_pages_per_s: float
    """How fast lxml parses their pages."""

    @property
    def of_lxml(self) -> float:
        """The cost of extracting an article in units of parsing its page."""
        return self.lxml_pages_per_s / self.articles_per_s


@dataclass(frozen=True, slots=True)
class Measured:
    """All that this benchmark measures."""

    rates: tuple[Rate, ...]
    """Of each kind, and of all together."""
    start_s: float
    """Processor time of a fresh process from the first import until one article is done."""
    start_mb: float
    """Its peak memory."""
    peak_mb: float
    """Peak memory of a fresh process that has extracted all articles."""
    page_kb: float
    """Size of a page that lxml parses."""


def articles() -> dict[str, list[Article]]:
    """ARTICLES of each kind, the same in each call."""
    documents = [
        document
        for path in sorted(CORPUS.glob("*.toml"))
        for document in tomllib.loads(path.read_text(encoding="utf-8"))["document"]
    ]
    texts = {
        kind: [(document["text"].strip(), len(document["facts"])) for document in documents if _kind(document) == kind]
        for kind in KINDS
    }
    return {
        "results": list(_assembled(texts["results"], ON_TOPIC, RESULTS)),
        "related": list(_assembled(texts["related"], ON_TOPIC, 0)),
        "unrelated": list(_assembled(texts["unrelated"], OFF_TOPIC, 0)),
    }


def _kind(document: dict[str, str]) -> str:
    return document.get("kind", "results")


def _assembled(texts: list[tuple[str, int]], padding: Sequence[str], facts: int) -> Iterator[Article]:
    """Articles that begin with a text of the corpus, or as many as have the facts, between paragraphs of padding."""
    source, fill = itertools.cycle(texts), itertools.cycle(padding)
    for _ in range(ARTICLES):
        text, found = next(source)
        lines = [next(fill), text]
        while found < facts:
            text, more = next(source)
            lines += [next(fill), text]
            found += more
        while sum(map(len, lines)) < CHARACTERS:
            lines.append(next(fill))
        yield _article("\n".join(lines))


def _article(text: str) -> Article:
    paragraphs, start = [], 0
    for line in text.split("\n"):
        paragraphs.append(Paragraph(start, start + len(line)))
        start += len(line) + 1
    return Article(text=text, plain=text, offsets=range(len(text) + 1), paragraphs=tuple(paragraphs))


def page_of(article: Article) -> bytes:
    """The article as a page of a news site would hold it."""
    body = "".join(f"<p>  {article.text[p.start : p.end]}</p>\n" for p in article.paragraphs)
    return (
        f"<html><head><meta charset='utf-8'><title>新闻</title>{SCRIPT}</head>"
        f"<body><ul>{MENU}</ul><div id='zoom'>{body}</div>{SCRIPT}</body></html>"
    ).encode()


def measure(rounds: int = 5) -> Measured:
    """Extract and parse everything `rounds` times; the best of the rounds counts."""
    found = articles()
    rates, pages = [], []
    found["all"] = list(itertools.chain.from_iterable(found.values()))
    for kind, chosen in found.items():
        pages = [page_of(article) for article in chosen]
        extracted = _seconds(extract, chosen, rounds)
        parsed = _seconds(_parse, pages, rounds)
        characters = sum(len(article.plain) for article in chosen)
        rates.append(Rate(kind, len(chosen) / extracted, characters / extracted, len(chosen) / parsed))
    start_s = min(_printed_by(START) for _ in range(rounds))
    start_mb, peak_mb = (_printed_by(code.partition("print")[0] + PEAK) / 1024 for code in (START, MEMORY))
    return Measured(tuple(rates), start_s, start_mb, peak_mb, sum(map(len, pages)) / len(pages) / 1000)


def _parse(page: bytes) -> object:
    return html.document_fromstring(page)


def _seconds(run: Callable[[T], object], inputs: Sequence[T], rounds: int) -> float:
    """Processor time of one round over all inputs, the best of `rounds` after one that does not count."""
    times = []
    for _ in range(rounds + 1):
        started = time.process_time()
        for one in inputs:
            run(one)
        times.append(time.process_time() - started)
    return min(times[1:])


def _printed_by(code: str) -> float:
    """The number that a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    return float(done.stdout)


def table_lines(measured: Measured) -> Iterator[str]:
    """What was measured, for the terminal."""
    yield f"{'extract, one core':20}{'articles/s':>12}{'characters/s':>15}{'lxml pages/s':>15}{'cost in lxml':>15}"
    for rate in measured.rates:
        yield (
            f"{rate.kind:20}{rate.articles_per_s:12,.0f}{rate.characters_per_s:15,.0f}{rate.lxml_pages_per_s:15,.0f}"
            f"{rate.of_lxml:15.2f}"
        )
    yield f"pages of {measured.page_kb:.0f} kB; articles of {CHARACTERS:,} characters, {ARTICLES} of each kind"
    yield f"start-up {measured.start_s:.2f} s and {measured.start_mb:.0f} MB; peak memory {measured.peak_mb:.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of extraction on one core.")
    parser.add_argument("--rounds", type=int, default=5, help="the best of so many counts (default: 5)")
    print("\n".join(table_lines(measure(parser.parse_args().rounds))))


if __name__ == "__main__":
    main()
