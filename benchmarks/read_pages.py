"""Pages per second of reading, beside its parts and the libraries, on one core in one run.

    python benchmarks/read_pages.py [FOLDER]

FOLDER holds .html files (real pages stay outside the repository); without it the test fixtures are used, filled up to the
size of real pages.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from readability import Document  # type: ignore[import-untyped]  # the package has no types

from crawler.errors import DocumentError
from crawler.items import Page
from crawler.read import article_from_page, decode
from crawler.read.dom import parse_html

FIXTURES = Path(__file__).parents[1] / "tests" / "pages"
FILL = (
    "<ul class='m'><li><a href='/c/1.html'>栏目名称</a></li></ul>\n" * 300
    + "<script>var a;"
    + "a = 1;\n" * 9000
    + "</script>"
)
ROUNDS = 3


def pages(folder: Path | None) -> list[Page]:
    """The pages to read; fixtures are filled up to about 100 kB."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    bodies = []
    for path in sorted((folder or FIXTURES).glob("*.html")):
        if path.name.startswith("list_"):
            continue
        body = path.read_bytes()
        bodies.append(body if folder else body.replace(b"</body>", FILL.encode() + b"</body>"))
    return [Page(f"https://www.example.cn/x/{n}.html", 200, {}, body, now) for n, body in enumerate(bodies)]


def read(page: Page) -> None:
    try:
        article_from_page(page)
    except DocumentError as error:
        print(f"  not read: {error}", file=sys.stderr)


def rate(pages_read: list[Page], run: Callable[[Page], object]) -> float:
    """Pages per second of processor time, the best of three rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        for page in pages_read:
            run(page)
        best = max(best, len(pages_read) / (time.process_time() - start))
    return best


def text(page: Page) -> str:
    return decode(page.body, header=None).text


def main() -> None:
    found = pages(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    size = sum(len(page.body) for page in found) / len(found) / 1000
    read(found[0])
    whole = rate(found, read)
    print(f"{len(found)} pages of {size:.0f} kB, one core")
    print(f"read                {whole:8.1f} pages/s   {whole * size / 174:8.1f} at 174 kB")
    steps: tuple[tuple[str, Callable[[Page], object]], ...] = (
        ("decode alone", text),
        ("decode and parse", lambda page: parse_html(text(page))),
        ("readability-lxml", lambda page: Document(text(page)).summary()),
        ("trafilatura", lambda page: trafilatura.extract(text(page))),
    )
    for name, run in steps:
        one = rate(found, run)
        print(f"{name:20}{one:8.1f} pages/s   read is {whole / one:6.2f} times as fast")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
