"""Statements of tables: which column is the place, whom it names, what the total is (grammar.md §Q)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from crawler.extract.claims import Claim, GroupWords
from crawler.extract.grids import Grid, GridCell
from crawler.extract.lists import printed
from crawler.extract.names import Name, find_names
from crawler.extract.rulebook import Rulebook
from crawler.extract.titles import award_subject, trimmed

__all__ = ["case_claims", "table_claims"]

_CASE = re.compile(r"案例(?:名称|题目)?|项目名称|栏目名称|(?:获奖|入选|精品|特色|优秀)(?:栏目|案例|作品|项目)")
_GRADE = re.compile(r"(?:优秀|良好|中等|较好|一般|较差|合格|基本合格|不合格|达标|不达标)(?:等次|单位)?|[A-E]\+?[级类]?")
_GRADED = re.compile(r"等[级次第]|类别|评级|级别|档次|结果|结论|评定|是否合格")
_COMPANY = 60
"""How many names of a table are looked at to tell of which level they are."""
_RANK = re.compile(r"排名|名次|位次|排序|名$|总排名")
_SERIAL = re.compile(r"序号|编号|No")
_TOTAL = re.compile(
    r"总(?:得)?分|总体指数|综合(?:得分|指数|评分)|总(?:体)?得分|合计|总指数|总评|绩效(?:指数|得分)|总成绩|最终得分"
)
_SCORE = re.compile(r"得分|分数|指数|成绩|评分|分值")
_PART = re.compile(r"权重|满分|同比|变化|上年|去年|升降|数量")
_TOPIC = re.compile(r"检查|抽查|考核|排名|排行|得分|评估|榜|结果|指数|考评|测评|成绩|透明度|绩效|总分")
_OTHER = re.compile(r"GDP|生产总值|财政|增速|人口|信息采用|采用情况|报送|投诉|办件|访问|企业|医院|大学|学校")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d+)?")
_PRINTED = re.compile(r"[一-龥]{1,20}(?:网|部|委|局|署|院|办|厅|中心|委员会|办公室)(?:网站)?")
_INTEGER = re.compile(r"第?\s*(\d{1,3})\s*(?:名|位|\.|、)?")
_GROUP_CELL = re.compile(r"城市(?:名称)?|重点城市")


def case_claims(grid: Grid, award: str | None, book: Rulebook) -> Iterator[Claim]:
    """The works of a table of cases with their owners, under the award that its caption or the text names (F1, Q5)."""
    works = next((column for column, words in enumerate(grid.header) if _CASE.search(words)), None)
    titles = [end for _, _, end in book["awards"].find(grid.caption)]
    award = trimmed(grid.caption[: titles[-1]]) if titles else award
    names = _owner_column(grid, works)
    if award is None or works is None or names is None or works == names:
        return
    for row in grid.rows:
        name = (_name(row[names]) or _site(row[names])) if max(names, works) < len(row) else None
        if name is not None and 3 <= len(row[works].text) <= 80:
            yield Claim(
                name=name, kind="award", start=row[0].start, end=row[-1].end, at=row[0].start,
                groups=_groups(grid, names, book), rule="F1 Q5", paragraph=grid.paragraph, award=award,
                work=row[works].text, subject=award_subject(award, book),
            )  # fmt: skip


def _owner_column(grid: Grid, works: int | None) -> int | None:
    """The column of those whose works they are: known names, or the first where all its cells are bodies or sites."""
    known = _name_column(grid)
    if known is not None or works in (None, 0):
        return known
    return 0 if all(row and (_name(row[0]) or _site(row[0])) for row in grid.rows) else None


def _site(cell: GridCell) -> Name | None:
    """A site or a body that no table knows, as printed."""
    return printed(cell.text, 0, len(cell.text), cell.start) if _PRINTED.fullmatch(cell.text) else None


def table_claims(grid: Grid, title: str, book: Rulebook) -> Iterator[Claim]:
    """Every row's place and total; nothing of a table that is not about this (Q7)."""
    above = " ".join([grid.caption, *grid.header])
    if _OTHER.search(above) or not (_TOPIC.search(above) or _TOPIC.search(title)):
        return
    names = _name_column(grid)
    if names is None:
        return
    ranks = _rank_column(grid, names, above)
    scores = _score_column(grid, names, ranks)
    grades = _grade_column(grid)
    if ranks is None and scores is not None and not (grid.header or _is_decimal(grid, scores)):
        scores = None
    if ranks is None and scores is None and grades is None:
        return
    groups = _groups(grid, names, book)
    company = [found for row in grid.rows if names < len(row) and (found := _name(row[names])) is not None]
    company = company[:_COMPANY]
    places = [_integer(row[ranks]) if ranks is not None and ranks < len(row) else None for row in grid.rows]
    shared = {place for place, times in Counter(places).items() if times > 1}
    for row, place in zip(grid.rows, places, strict=True):
        holders = _names(row[names]) if names < len(row) else []
        score = _number(row[scores]) if scores is not None and scores < len(row) else None
        grade = row[grades].text if grades is not None and grades < len(row) else None
        if place is None and score is None and grade is None:
            continue
        tied = place is not None and (place in shared or len(holders) > 1)
        for name in holders:
            yield Claim(
                name=name, kind="rank" if place is not None else "score" if score is not None else "grade", start=row[0].start, end=row[-1].end,
                at=row[0].start, groups=groups, rule="Q1" if ranks is not None else "Q2", paragraph=grid.paragraph,
                company=tuple(company), rank=place, tied=tied, score=score,
                grade=grade,
            )  # fmt: skip


def _name(cell: GridCell) -> Name | None:
    names = find_names(cell.text, 0, len(cell.text))
    if not names or names[0].start > 0 or names[0].person:
        return None
    found = names[0]
    return replace(found, start=cell.start + found.start, end=cell.start + found.end, weak=False)


def _names(cell: GridCell) -> list[Name]:
    """The names of a cell: one, or several that a slash or 、 divides (T3)."""
    first = _name(cell)
    found = [first] if first is not None else []
    for mark in re.finditer(r"[/、]", cell.text) if found else ():
        part = GridCell(cell.text[mark.end() :], cell.start + mark.end(), cell.end)
        if (name := _name(part)) is not None:
            found.append(name)
    return found


def _name_column(grid: Grid) -> int | None:
    """The first column in which most rows name somebody."""
    width = max(len(row) for row in grid.rows)
    for column in range(width):
        cells = [row[column] for row in grid.rows if column < len(row)]
        if len(cells) * 2 > len(grid.rows) and sum(_name(cell) is not None for cell in cells) * 10 >= 6 * len(cells):
            return column
    return None


def _integers(grid: Grid, column: int) -> list[int]:
    return [n for row in grid.rows if column < len(row) and (n := _integer(row[column])) is not None]


def _integer(cell: GridCell) -> int | None:
    match = _INTEGER.fullmatch(cell.text.strip())
    return int(match[1]) if match else None


def _number(cell: GridCell) -> float | None:
    words = cell.text.strip().removesuffix("分")
    return float(words) if _NUMBER.fullmatch(words) else None


def _rank_column(grid: Grid, names: int, above: str) -> int | None:
    for column, words in enumerate(grid.header):
        if _RANK.search(words) and _rises(_integers(grid, column)):
            return column
    serial_only = any(_SERIAL.search(words) for words in grid.header[:names])
    if not serial_only and any(_RANK.search(words) for words in grid.header):
        return None
    for column in range(names):
        serial = column < len(grid.header) and _SERIAL.search(grid.header[column])
        if _rises(_integers(grid, column)) and (not serial or re.search(r"排名|排行|名次", above)):
            return column
    return None


def _rises(numbers: Sequence[int]) -> bool:
    return len(numbers) >= 2 and numbers[0] in range(1, 12) and all(a <= b for a, b in pairwise(numbers))


def _score_column(grid: Grid, names: int, ranks: int | None) -> int | None:
    """The total by its header, else the only column of numbers (Q1)."""
    for expression in (_TOTAL, _SCORE):
        found = [
            c
            for c, words in enumerate(grid.header)
            if expression.search(words) and not _PART.search(words) and c != ranks
        ]
        numeric = [c for c in found if _is_numeric(grid, c)]
        if numeric and (expression is _TOTAL or len(numeric) == 1):
            return numeric[0]
    width = max(len(row) for row in grid.rows)
    placed = {c for c, words in enumerate(grid.header) if _RANK.search(words) or _OTHER.search(words)}
    numeric = [c for c in range(names + 1, width) if c != ranks and c not in placed and _is_numeric(grid, c)]
    if len(numeric) >= 3 and (total := _sum_column(grid, numeric)) is not None:
        return total
    if len(numeric) == 1 and (not grid.header or not _PART.search(" ".join(grid.header[numeric[0] : numeric[0] + 1]))):
        return numeric[0]
    return None


def _grade_column(grid: Grid) -> int | None:
    """The only column of grades, where its header calls it one (D1, D7)."""
    found = []
    for column, words in enumerate(grid.header):
        cells = [row[column].text for row in grid.rows if column < len(row)]
        if cells and _GRADED.search(words) and all(_GRADE.fullmatch(cell) for cell in cells):
            found.append(column)
    return found[0] if len(found) == 1 else None


def _sum_column(grid: Grid, numeric: Sequence[int]) -> int | None:
    """The column that is the sum of the others in four rows of five: the total, whatever its header (Q2)."""
    rows = [[_number(row[c]) if c < len(row) else None for c in numeric] for row in grid.rows]
    whole = [[value for value in row if value is not None] for row in rows if None not in row]
    for place, column in enumerate(numeric):
        fitting = sum(abs(2 * row[place] - sum(row)) <= 0.35 for row in whole)
        if len(whole) >= 2 and fitting * 5 >= 4 * len(whole):
            return column
    return None


def _is_numeric(grid: Grid, column: int) -> bool:
    cells = [row[column] for row in grid.rows if column < len(row)]
    return bool(cells) and sum(_number(cell) is not None for cell in cells) * 10 >= 7 * len(cells)


def _is_decimal(grid: Grid, column: int) -> bool:
    """Whether most numbers of a column have a decimal point: points, where no header says what they are."""
    cells = [row[column].text for row in grid.rows if column < len(row)]
    return sum("." in cell for cell in cells) * 2 > len(cells)


def _groups(grid: Grid, names: int, book: Rulebook) -> GroupWords:
    cell = grid.header[names] if names < len(grid.header) else ""
    for words in (cell, grid.caption) if not _GROUP_CELL.fullmatch(cell.strip()) else (grid.caption,):
        found = [rule.value for rule, _, _ in book["groups"].find(words)]
        if found:
            value = found[-1]
            return GroupWords(("city",) if "+" in value else (value,), "heading")
    if re.search(r"城市", cell + grid.caption):
        return GroupWords(("city",), "heading")
    return GroupWords((), "none")
