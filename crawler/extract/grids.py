"""Tables as rows of cells: those of the page, and those flattened to lines of text (grammar.md §Q)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.extract.names import find_names
from crawler.extract.sentences import Sentence, plain_offset
from crawler.items import Article

__all__ = ["Grid", "GridCell", "grids_of"]

_INTEGER = re.compile(r"第?\s*\d{1,3}\s*(?:名|位|\.|、)?")
_COLUMNS = re.compile(r"\s*\|\s*|\t+|\s+")
_ONE_NAME = re.compile(r"(?:人民)?(?:政府|政务)?(?:门户)?(?:网站|网)?\s*(?:\*|#)?")
_HEAD = re.compile(
    r".{0,8}(?:序号|编号|排名|名次|位次|排序|单位|部门|地区|城市|省份|网站|名称|栏目|案例|项目|得分|总分|分数|指数|结果|等次|等级|类别)"
)
_OWNER = re.compile(r"(?:申报|推荐|获奖|入选|报送)?(?:部门|地区|单位|城市)(?:/(?:部门|地区|单位))?(?:名称)?")
_WORK = re.compile(r"(?:优秀|创新|典型)?(?:案例|项目|栏目)(?:名称|题目)?")
_NUMBERED = re.compile(
    r"(?P<rank>第?[\d一二三四五六七八九十]{1,3}名?)\s*(?:[.、:)]|(?<=名))\s*(?P<rest>[^\s\d.、:][^,。;:!?]*)$"
)
_CAPTION = re.compile(r"^[^。]{4,36}(?:排名表?|排行榜?|得分表?|名次表?|结果表?)(?:\s*\([^()]*\))?$")
_FAR = 20
_MOST_LINES = 4000


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell; offsets are into the plain text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    rows: tuple[tuple[GridCell, ...], ...]
    """Rows that hold outcomes, header rows left out."""
    header: tuple[str, ...]
    """Words of the header row, as many as a row has cells; empty: none."""
    caption: str
    """The line above it; empty: none."""
    start: int
    """Where it begins."""
    paragraph: int
    """Number of the paragraph in or behind which it stands."""

    @property
    def span(self) -> tuple[int, int]:
        """From its first cell to its last."""
        return self.start, max(row[-1].end for row in self.rows if row)


def grids_of(article: Article, text: str, sentences: Sequence[Sentence]) -> list[Grid]:
    """All tables in reading order."""
    grids = [grid for table in range(len(article.tables)) for grid in _from_table(article, text, sentences, table)]
    lines = list(_lines(text, sentences))
    grids += [*_from_lines(lines), *_from_cells(lines), *_from_pairs(lines), *_from_bars(lines)]
    return sorted(grids, key=lambda grid: grid.start)


def _from_table(article: Article, text: str, sentences: Sequence[Sentence], number: int) -> Iterator[Grid]:
    table = article.tables[number]
    rows = []
    for row in table.rows:
        cells = []
        for cell in row:
            first, last = plain_offset(article, cell.start), plain_offset(article, cell.end)
            cells.append(GridCell(" ".join(text[first:last].split()), first, last))
        rows.append(tuple(cells))
    start = plain_offset(article, table.start)
    before = [s for s in sentences if s.end <= start]
    paragraph = before[-1].paragraph if before else (sentences[0].paragraph if sentences else 0)
    heads = [s for s in before[-4:] if s.heads]
    caption = table.caption or (text[heads[-1].start : heads[-1].end].strip() if heads else "")
    if not _CAPTION.search(caption):  # the lines between are a header that was broken over them
        near = [text[s.start : s.end].strip() for s in before[-_FAR:] if start - s.end < _FAR * 20]
        caption = next((words for words in reversed(near) if _CAPTION.search(words)), caption)
    yield from _split(rows, caption, start, paragraph)


def _split(rows: list[tuple[GridCell, ...]], caption: str, start: int, paragraph: int) -> Iterator[Grid]:
    """The table with its header, in halves where two tables stand side by side (Q3)."""
    body = [row for row in rows if any(_is_rank(cell.text) or _is_name(cell.text) for cell in row)]
    first = next((i for i, row in enumerate(rows) if any(_is_name(cell.text) for cell in row)), len(rows))
    if rows and sum(_HEAD.fullmatch(cell.text) is not None for cell in rows[0]) >= 2:
        first = min(first, 1)  # names that no table knows may follow
    header = tuple(cell.text for cell in rows[first - 1]) if 0 < first < len(rows) else ()
    body = rows[first:]
    if len(body) < 2:
        return
    width = max(len(row) for row in body)
    half = width // 2
    if width % 2 == 0 and half >= 2 and _is_double(body, half):
        for begin in (0, half):
            part = [row[begin : begin + half] for row in body if len(row) >= begin + half and row[begin].text]
            yield Grid(tuple(part), header[begin : begin + half], caption, start, paragraph)
        return
    yield Grid(tuple(body), header, caption, start, paragraph)


def _is_double(rows: list[tuple[GridCell, ...]], half: int) -> bool:
    checked = [row for row in rows if len(row) == 2 * half][:3]
    return bool(checked) and all(
        any(_is_name(cell.text) for cell in row[:half]) and any(_is_name(cell.text) for cell in row[half:])
        for row in checked
    )


_Line = tuple[GridCell, int]


def _lines(text: str, sentences: Sequence[Sentence]) -> Iterator[_Line]:
    """The lines of the body with the numbers of their paragraphs."""
    for number, sentence in enumerate(sentences):
        if number > _MOST_LINES:
            return
        words = text[sentence.start : sentence.end]
        stripped = words.strip().strip("|").strip()
        if stripped and len(stripped) <= 120:
            start = sentence.start + words.find(stripped)
            yield GridCell(stripped, start, start + len(stripped)), sentence.paragraph


def _cells(line: GridCell) -> tuple[GridCell, ...]:
    if (numbered := _NUMBERED.match(line.text)) is not None:  # 1.广东省, 第一名:广东省
        rank = GridCell(numbered["rank"], line.start, line.start + numbered.end("rank"))
        return rank, GridCell(numbered["rest"], line.start + numbered.start("rest"), line.end)
    cells, position = [], 0
    for mark in _COLUMNS.finditer(line.text):
        if mark.start() > position:
            cells.append(GridCell(line.text[position : mark.start()], line.start + position, line.start + mark.start()))
        position = mark.end()
    if position < len(line.text):
        cells.append(GridCell(line.text[position:], line.start + position, line.end))
    return tuple(cells)


def _is_rank(words: str) -> bool:
    return _INTEGER.fullmatch(words.strip()) is not None


def _is_name(words: str) -> bool:
    words = words.strip()
    if not 2 <= len(words) <= 24:
        return False
    names = find_names(words, 0, len(words))
    return (
        bool(names)
        and names[0].start == 0
        and _ONE_NAME.fullmatch(words, names[-1].end) is not None
        and len(names) <= 2
    )


def _from_lines(lines: list[_Line]) -> Iterator[Grid]:
    """Rows in one line each: 1 浙江 96.73 (Q1, Q3, Q4)."""
    run: list[tuple[GridCell, ...]] = []
    first = 0
    for number, (line, _) in enumerate([*lines, (GridCell("", 0, 0), 0)]):
        cells = _cells(line) if line.text[:1].isdigit() or line.text[:1] == "第" else ()
        if len(cells) >= 2 and _is_rank(cells[0].text) and _is_name(cells[1].text):
            first = first if run else number
            run.append(cells)
            continue
        if len(run) >= 3:
            header, caption = _above(lines, first, len(run[0]))
            yield from (
                Grid(g.rows, g.header or header[: len(g.rows[0])], caption, run[0][0].start, lines[first][1])
                for g in _split(run, caption, run[0][0].start, lines[first][1])
            )
        run = []


def _above(lines: list[_Line], first: int, width: int) -> tuple[tuple[str, ...], str]:
    header: tuple[str, ...] = ()
    above = [line.text for line, _ in lines[max(0, first - 3) : first]]
    if above and len(cells := above[-1].replace("|", " ").split()) == width:
        header = tuple(cells)
        above.pop()
    named = [line.text for line, _ in lines[max(0, first - _FAR) : first] if _CAPTION.search(line.text)]
    caption = above[-1] if above else ""
    if named and not _CAPTION.search(caption):
        caption = named[-1]  # the lines between are the header, a cell in each
    return header, caption


def _from_cells(lines: list[_Line]) -> Iterator[Grid]:
    """One cell in each line: rank, name, number … (Q2). Rows must all have the same number of cells."""
    number = 0
    while number + 3 < len(lines):
        cell = lines[number][0]
        if not (cell.text.strip("第名位.、 ") == "1" and _is_rank(cell.text) and _is_name(lines[number + 1][0].text)):
            number += 1
            continue
        width = _width(lines, number)
        rows = _rows(lines, number, width) if width else []
        if len(rows) < 3:
            number += 1
            continue
        head = [line.text for line, _ in lines[max(0, number - width) : number]]
        header = tuple(head) if len(head) == width and not any(_is_rank(words) for words in head) else ()
        before = lines[number - width - 1][0].text if header and number > width else ""
        yield Grid(tuple(rows), header, before, cell.start, lines[number][1])
        number += width * len(rows)


def _from_pairs(lines: list[_Line]) -> Iterator[Grid]:
    """One cell in each line: owner, work, owner, work … below a header that says so (Q5)."""
    number = 0
    while number + 2 < len(lines):
        owner, work = lines[number][0].text, lines[number + 1][0].text
        number += 1
        if not (_OWNER.fullmatch(owner) and _WORK.fullmatch(work)):
            continue
        rows: list[tuple[GridCell, ...]] = []
        position = number + 1
        while position + 1 < len(lines) and len(rows) < _MOST_LINES:
            if _is_name(lines[position][0].text):
                rows.append((lines[position][0], lines[position + 1][0]))
                position += 2
            elif (skip := _category(lines, position)) > 0:
                position += skip  # a cell that spans rows
            else:
                break
        if len(rows) >= 2:
            yield Grid(tuple(rows), (owner, work), "", lines[number - 1][0].start, lines[number - 1][1])
            number = position


def _from_bars(lines: list[_Line]) -> Iterator[Grid]:
    """Rows in one line each whose cells bars divide, below a header: 单位 | 等次."""
    run: list[tuple[GridCell, ...]] = []
    for number, (line, paragraph) in enumerate([*lines, (GridCell("", 0, 0), 0)]):
        cells = _cells(line) if "|" in line.text and not line.text[:1].isdigit() else ()
        if len(cells) >= 2 and (not run or len(cells) == len(run[0])):
            run.append(cells)
            continue
        if len(run) >= 3:
            above = lines[number - len(run) - 1][0].text if number > len(run) else ""
            yield Grid(tuple(run[1:]), tuple(cell.text for cell in run[0]), above, run[0][0].start, paragraph)
        run = [cells] if len(cells) >= 2 else []


def _category(lines: list[_Line], position: int) -> int:
    """How many short lines stand before the next owner: a category, whose words may be broken; 0: none does."""
    for skip in (1, 2):
        if len(lines[position + skip - 1][0].text) > 8 or position + skip >= len(lines):
            return 0
        if _is_name(lines[position + skip][0].text):
            return skip
    return 0


def _width(lines: list[_Line], first: int) -> int:
    for step in range(2, 16):
        after = first + step
        if after + 1 < len(lines) and _is_rank(lines[after][0].text) and _is_name(lines[after + 1][0].text):
            return step
    return 0


def _rows(lines: list[_Line], first: int, width: int) -> list[tuple[GridCell, ...]]:
    rows = []
    for start in range(first, len(lines) - 1, width):
        if not (_is_rank(lines[start][0].text) and _is_name(lines[start + 1][0].text)):
            break
        rows.append(tuple(line for line, _ in lines[start : start + width]))
    return rows
