"""An article taken apart into rows and put together again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Article, Attachment, Cell, Extraction, Image, Paragraph, Table
from crawler.read import normalise
from storage.articles import article_columns, store_article
from storage.database import open_store
from storage.rereading import stored_article
from storage.structure import rebuilt_article, structure_text
from tests.store_samples import arrival, article

FETCHED = datetime(2024, 12, 20, 22, 30, tzinfo=UTC)


def rebuilt(folder: Path, of: Article) -> Article:
    """What the store gives back of an article."""
    with open_store(folder / "t.db") as store:
        store_article(store, arrival(store, of))
        (row,) = store.rows("SELECT id FROM articles WHERE url = ?", of.url)
        found = stored_article(store, row["id"], normalise).article
    assert found is not None
    return replace(found, offsets=tuple(found.offsets))


def whole(text: str, **changes: Any) -> Article:
    plain, offsets = normalise(text)
    return article(text, plain=plain, offsets=tuple(offsets), fetched=FETCHED, **changes)


def test_every_field_comes_back(tmp_path: Path) -> None:
    text = "名次如下(xià)。\n名次\t單位\n1\t湖北省\n \n尾聲"
    head = (Cell("名次", 10, 12, header=True), Cell("單位", 13, 15, header=True))
    row = (Cell("1", 16, 17), Cell("湖北省", 18, 21))
    spanned = (row[0], Cell("湖北 省", 18, 21), Cell("", 21, 21, header=True))
    of = whole(
        text, paragraphs=(Paragraph(0, 9, "lead"), Paragraph(24, 26)), origin="甲", author="乙", editor="丙", charset="utf-8",
        tables=(Table(10, 21, (head, row, spanned, ()), "2020年名次"), Table(22, 23, (), None)),
        images=(Image("http://a.cn/1.png", 24, "图"), Image("2.png", 26)), region="湖北省", modified=FETCHED,
        attachments=(Attachment("http://a.cn/1.pdf", "附件", "pdf", "read"),), notes=("joined 2 pages",),
    )  # fmt: skip
    assert rebuilt(tmp_path, of) == of


def test_text_without_tables_costs_two_bytes() -> None:
    assert structure_text(whole("正文。")) == "{}"


def test_an_ordinary_table_costs_a_few_bytes_a_cell() -> None:
    lines = [f"{n}\t某某市\t{90 - n}.5" for n in range(10, 60)]
    text, rows, at = "\n".join(lines), [], 0
    for line in lines:
        cells = []
        for words in line.split("\t"):
            cells.append(Cell(words, at, at + len(words)))
            at += len(words) + 1
        rows.append(tuple(cells))
    of = whole(text, paragraphs=(), tables=(Table(0, len(text), tuple(rows)),))
    assert len(structure_text(of).encode()) < 3 * 150


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, Table]:
    """A table with gaps, repeated cells, headers and folded texts."""
    text = draw(st.text("一二三 \t\n", min_size=1, max_size=60))
    place = st.integers(0, len(text))
    spans = st.tuples(place, place).map(lambda pair: (min(pair), max(pair)))
    cell = st.builds(
        lambda span, header, folded: Cell(" ".join(text[slice(*span)].split()) if folded else text[slice(*span)], span[0], span[1], header),
        spans, st.booleans(), st.booleans(),
    )  # fmt: skip
    rows = draw(st.lists(st.lists(cell, max_size=4).map(tuple), max_size=4))
    return text, Table(0, len(text), tuple(rows), draw(st.none() | st.just("表一")))


@settings(deadline=None)
@given(tables())
def test_any_table_comes_back(drawn: tuple[str, Table]) -> None:
    text, table = drawn
    of = whole(text, paragraphs=(), tables=(table,))
    row = article_columns(of, Extraction("unrelated")) | {"url": of.url, "fetched": None}
    span = {"kind": "table", "start": table.start, "end": table.end}
    assert rebuilt_article(row, [span], [], normalise).tables == (table,)
