"""Load time of the gazetteer, and characters per second of places and organisations on one core.

    python benchmarks/places.py [--rounds 5]

Load times are those of fresh processes. The text is made up here: a paragraph of the genre, 3,000 characters an article.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from crawler.extract.organisations import find_organisations
from crawler.extract.outlets import find_portals
from crawler.extract.places import load_gazetteer

PARAGRAPH = (
    "日前,某评测机构发布了本年度政府网站绩效评估结果。省级政府网站前五名依次为北京市、上海市、四川省、广东省和湖北省;"
    "副省级城市中,青岛市、成都市、深圳市分列前三位,武汉市位居第四。地市网站方面,襄阳、宜昌、恩施州进入百强。"
    "武汉市武昌区和江岸区、杭州余杭区的网站在区县评估中名列前茅。商务部、交通运输部、税务总局和林业局网站表现突出,"
    "各单位以信息公开、网上办事和互动交流为重点,不断推进资源整合与服务创新,努力提高网站建设和管理水平。"
)
LOAD = """
import time; started = time.perf_counter()
from crawler.extract.places import load_gazetteer
imported = time.perf_counter(); load_gazetteer()
print(1000 * (imported - started), 1000 * (time.perf_counter() - imported))
"""


def characters_per_second(name: str, find: Callable[[str], Sequence[object]], text: str, rounds: int) -> float:
    times = []
    for number in range(rounds):
        fresh = f"{name}{number}{text}"  # the gazetteer remembers the last few texts
        started = time.perf_counter()
        find(fresh)
        times.append(time.perf_counter() - started)
    return len(text) / statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    runs = [
        subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(rounds)
    ]
    imported, loaded = (statistics.median(float(run[i]) for run in runs) for i in range(2))
    print(f"import {imported:.1f} ms, load {loaded:.1f} ms")
    gazetteer = load_gazetteer()
    text = (PARAGRAPH * 20)[:3000] * 100
    for name, find in (
        ("places", gazetteer.find),
        ("chains", gazetteer.chains),
        ("organisations", find_organisations),
        ("portals", find_portals),
    ):
        speed = characters_per_second(name, find, text, rounds)
        print(
            f"{name}: {speed / 1e6:.2f} million characters a second, {3000 / speed * 1000:.2f} ms an article of 3,000"
        )


if __name__ == "__main__":
    main()
