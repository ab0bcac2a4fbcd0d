"""Pages per second and peak memory of reading, beside its parts and the libraries, in one run, each in a process of its own.

    python benchmarks/read_pages.py [FOLDER]

FOLDER holds .html files (real pages stay outside the repository); without it the test fixtures are used, filled up to the
size of real pages. List pages are left out: they are not read as articles.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import DocumentError
from crawler.items import Page

FIXTURES = Path(__file__).parents[1] / "tests" / "pages"
FILL = (
    "<ul class='m'><li><a href='/c/1.html'>栏目名称</a></li></ul>\n" * 300
    + "<script>var a;"
    + "a = 1;\n" * 9000
    + "</script>"
)
ROUNDS = 5
SIZE = 174
"""Kilobytes of the mean page that the goal of 60 pages per second is meant for."""


def pages(folder: Path | None) -> list[Page]:
    """The pages to read; fixtures are filled up to about 100 kB."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    bodies = []
    for path in sorted((folder or FIXTURES).rglob("*.html")):
        if "list" in path.stem or path.stem.startswith("ger_l"):
            continue
        body = path.read_bytes()
        bodies.append(
            body if folder else body.replace(b"</body>", FILL.encode("ascii", "xmlcharrefreplace") + b"</body>")
        )
    return [Page(f"https://www.example.cn/x/{n}.html", 200, {}, body, now) for n, body in enumerate(bodies)]


def read(page: Page) -> None:
    from crawler.read import article_from_page

    try:
        article_from_page(page)
    except DocumentError as error:
        print(f"  not read: {error}", file=sys.stderr)


def text(page: Page) -> str:
    from crawler.read import decode

    return decode(page.body, header=None).text


def parse(page: Page) -> None:
    """lxml alone."""
    from crawler.read.dom import parse_html

    parse_html(text(page))


def readability(page: Page) -> None:
    from readability import Document  # type: ignore[import-untyped]  # the package has no types

    Document(text(page)).summary()


def trafilatura(page: Page) -> None:
    import trafilatura as library

    library.extract(text(page))


STEPS: dict[str, Callable[[Page], object]] = {
    "read": read,
    "decode": text,
    "decode, parse": parse,
    "readability-lxml": readability,
    "trafilatura": trafilatura,
}


def figures(name: str, folder: Path | None) -> tuple[float, float]:
    """Pages per second of processor time, the best of some rounds, and the process's peak memory in MB."""
    found, run = pages(folder), STEPS[name]
    run(found[0])
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        for page in found:
            run(page)
        best = max(best, len(found) / (time.process_time() - start))
    return best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0]) if arguments else None
    found = pages(folder)
    size = sum(len(page.body) for page in found) / len(found) / 1000
    print(
        f"{len(found)} pages of {size:.0f} kB, one core\n{'':18}{'pages/s':>9}{f'at {SIZE} kB':>11}{'peak MB':>9}  read is"
    )
    whole = 0.0
    for name in STEPS:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
            rate, memory = pool.submit(figures, name, folder).result()
        whole = whole or rate
        print(f"{name:18}{rate:9.1f}{rate * size / SIZE:11.1f}{memory:9.0f}  {whole / rate:.2f} times as fast")


if __name__ == "__main__":
    main(sys.argv[1:])
