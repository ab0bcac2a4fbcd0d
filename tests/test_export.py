"""`evalwatch export`: what is read back is what the database holds, in every format; files that are whole or not there."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast, get_args

import feedparser
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from crawler.commands import cli
from crawler.commands.outfile import writing_to
from storage.articles import store_article
from storage.cells import as_it_was, inert
from storage.database import Store, open_store
from storage.export import TABLES, FileFormat, What, export_lines, write_file
from storage.export.columns import TEXT, Column
from storage.results import value_times
from storage.rows import time_text
from tests.inspected import HOSTILE_OUTLET, HOSTILE_TITLE, make_database
from tests.nights import ROOT, command, environment
from tests.store_samples import NOW, arrival, article, extraction, result

Table = list[dict[str, Any]]
NASTY = (
    '=HYPERLINK("http://evil.example/","点我")\r\n<img src=x onerror=1>,"quoted" \u202eright to left\x00\u2028\tend\''
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """News of some years, a dispute, hostile texts, and a result that nobody states any more."""
    path = tmp_path_factory.mktemp("export") / "t.db"
    make_database(path)
    with open_store(path) as store:
        nasty = result(NASTY, "award", evidence=NASTY, award=NASTY, work="-1", group="all")
        url = "http://nasty.example/1"
        store_article(
            store, arrival(store, article(NASTY, url, title=NASTY, outlet=NASTY), extraction(nasty, name=NASTY))
        )
        gone = article("先有后无。", "http://gone.example/1")
        store_article(store, arrival(store, gone, extraction(result("海南省", evidence="先有", span=(0, 2)))))
        emptied = article("已经改正。", "http://gone.example/1")
        store_article(store, arrival(store, emptied, extraction()))
    return path


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    with open_store(database, readonly=True) as opened:
        yield opened


def written(store: Store, what: What, form: FileFormat, **options: Any) -> bytes:
    file = io.BytesIO()
    lines = export_lines(store, what, **options)
    number = write_file(lines, file, form)
    assert number == len(BACK[form](file.getvalue(), lines.columns))
    return file.getvalue()


def _from_csv(data: bytes, columns: tuple[Column, ...]) -> Table:
    rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
    kinds = {column.name: column.kind for column in columns}
    python: dict[str, Callable[[str], Any]] = {
        "text": as_it_was, "integer": int, "real": float, "flag": lambda cell: bool(int(cell)),
    }  # fmt: skip
    return [{name: python[kinds[name]](cell) if cell else None for name, cell in row.items()} for row in rows]


def _from_jsonl(data: bytes, _columns: tuple[Column, ...]) -> Table:
    return [json.loads(line) for line in data.decode().splitlines()]


def _from_parquet(data: bytes, _columns: tuple[Column, ...]) -> Table:
    from arro3.io import read_parquet

    table = read_parquet(io.BytesIO(data)).read_all()
    columns = {name: table.column(name).to_pylist() for name in table.schema.names}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


BACK: dict[str, Callable[[bytes, tuple[Column, ...]], Table]] = {
    "csv": _from_csv, "jsonl": _from_jsonl, "parquet": _from_parquet,
}  # fmt: skip

STORED = {
    "results": 'SELECT e.series, e.year, e.edition, e.name AS evaluation, r.entity, r.code, r."group", r.subject, r.kind, r.rank, '
    "r.tied, r.top, r.score, r.grade, r.award, r.work, r.improved, r.change, r.indicator, r.implied, r.confidence, r.status, "
    "r.decided, r.sources, r.run, r.first_seen, r.fact_key FROM results r JOIN evaluations e ON e.id = r.evaluation "
    "WHERE r.status <> 'withdrawn' ORDER BY r.fact_key",
    "mentions": "SELECT m.words, m.start, m.end, m.rank, m.score, m.award, m.work, m.rule, m.confidence, m.id AS mention, m.result AS "
    "fact_key, m.article, m.tied FROM mentions m ORDER BY m.id",
    "articles": "SELECT id AS article, url, title, outlet, origin, author, published, kind, cluster, run, night, baseline, notes, "
    "sha256, first_seen, changed, text FROM articles ORDER BY id",
}


@pytest.mark.parametrize("form", get_args(FileFormat))
@pytest.mark.parametrize("what", get_args(What))
def test_what_is_read_back_is_what_the_database_holds(store: Store, what: What, form: FileFormat) -> None:
    whole = export_lines(store, what, text=True).columns
    back = BACK[form](written(store, what, form, text=True), whole)
    stored = store.rows(STORED[what])
    key = {"results": "fact_key", "mentions": "mention", "articles": "article"}[what]
    flags = {column.name for column in whole if column.kind == "flag"}
    assert len(back) == len(stored) > 5
    for mine, own in zip(sorted(back, key=lambda row: str(row[key])), stored, strict=True):
        for name, value in own.items():
            # a reader of CSV takes no NUL
            text = value.replace("\0", "\ufffd") if form == "csv" and isinstance(value, str) else value
            assert mine[name] == (bool(text) if name in flags else text), name
            assert type(mine[name]) is (bool if name in flags else type(text)), name


def test_the_words_of_a_result_are_those_of_its_own_value(store: Store) -> None:
    lines = _from_jsonl(written(store, "results", "jsonl"), ())
    (disputed,) = [line for line in lines if line["status"] == "disputed"]
    assert disputed["outcome"] == "第9名"
    assert disputed["words"] == "武汉市门户网站在省会城市中列第九位"
    assert disputed["outlet"] == "争议网"
    assert disputed["stated"] == "第7名（示例日报2024,转载网）；第9名（争议网）"
    assert disputed["mentions"] == 3
    for line in lines:
        text = store.value("SELECT text FROM articles WHERE id = ?", line["article"])
        assert text[line["start"] : line["end"]] == line["words"] or line["words"] == NASTY


def test_withdrawn_results_are_exported_only_where_they_are_asked_for(database: Path) -> None:
    shown = exported(database, "--format", "jsonl", "--status", "withdrawn")
    (gone,) = [json.loads(line) for line in shown.output.splitlines()]
    assert (gone["entity"], gone["words"], gone["url"], gone["mentions"]) == ("海南省", None, None, 0)
    assert "海南省" not in exported(database).output


def exported(database: Path, *arguments: str | Path) -> Result:
    shown = CliRunner().invoke(cli, ["export", "--database", str(database), *map(str, arguments)])
    assert shown.exit_code == 0, shown.output
    return shown


def test_csv_is_as_rfc_4180_says(store: Store) -> None:
    data = written(store, "results", "csv").decode()
    assert data.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(data, newline=""), strict=True))
    assert [len(row) for row in rows] == [len(TABLES["results"].columns)] * len(rows)
    assert rows[0] == [column.name for column in TABLES["results"].columns]
    assert f'''"'{HOSTILE_OUTLET.replace('"', '""')}"''' in data
    assert HOSTILE_TITLE.replace('"', '""') in data
    for row in rows[1:]:
        for column, cell in zip(TABLES["results"].columns, row, strict=True):
            assert (
                column.kind != "text"
                or not re.match(r"[ ']*[=+@\t\r＝＋－＠-]", cell)
                or cell[0] == "'"
                or cell == "-1"
            )


def test_every_reader_counts_the_same_lines_of_json(store: Store) -> None:
    data = written(store, "results", "jsonl").decode()
    assert len(data.splitlines()) == data.count("\n")


@given(st.text(alphabet=st.sampled_from("=+-@'\t\r ＝1.e湖\"\n"), max_size=8) | st.text(max_size=8))
def test_an_inert_cell_can_be_turned_back(cell: str) -> None:
    assert as_it_was(inert(cell)) == cell
    assert not re.match(r"[=@\t\r＝＋－＠]", inert(cell))


def test_excel_is_told_that_it_is_utf_8(database: Path, tmp_path: Path) -> None:
    shown = exported(database, "--excel", "-o", tmp_path / "x.csv", "--place", "武汉")
    assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbfseries,")
    assert re.fullmatch(r"7 results in .*x\.csv, 2\.\d kB\n", shown.output)


@pytest.mark.parametrize(
    ("name", "begins"), [("x.csv", b"series,"), ("x.jsonl", b'{"series"'), ("x.parquet", b"PAR1"), ("x", b"series,")]
)
def test_the_ending_of_the_file_says_the_format(database: Path, tmp_path: Path, name: str, begins: bytes) -> None:
    exported(database, "--output", tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_articles_are_those_that_state_what_is_asked_for(database: Path) -> None:
    said = exported(database, "--what", "articles", "--place", "成都", "--format", "jsonl").output.splitlines()
    assert {json.loads(line)["outlet"] for line in said} == {"争议网", "表格网"}
    every = exported(database, "--what", "articles", "--format", "jsonl").output.splitlines()
    assert len(every) > len(said)
    assert "text" not in json.loads(every[0])


def test_an_empty_database_gives_a_header(tmp_path: Path) -> None:
    open_store(tmp_path / "empty.db").close()
    shown = exported(tmp_path / "empty.db", "-o", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").startswith("series,year,")
    assert shown.output.startswith("0 results in ")
    exported(tmp_path / "empty.db", "-o", tmp_path / "x.parquet")
    assert _from_parquet((tmp_path / "x.parquet").read_bytes(), ()) == []
    assert exported(tmp_path / "empty.db", "--format", "jsonl").output == "No results are what you ask for.\n"


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("before", encoding="utf-8")
    with pytest.raises(RuntimeError), writing_to(str(target)) as file:  # noqa: PT012 - the block must fail
        file.write(b"half")
        assert target.read_text(encoding="utf-8") == "before"
        raise RuntimeError
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    with writing_to(str(link)) as file:
        file.write(b"whole")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "whole"


def test_a_device_stays_one(database: Path) -> None:
    exported(database, "-o", "/dev/null")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--excel", "--format", "jsonl"), "--excel is for CSV"),
        (("--text",), "--text is for articles"),
        (("--format", "atom", "--what", "articles"), "a feed holds results"),
        (("-o", "no/such/folder/x.csv"), "cannot be written"),
        (("-o", "."), "is a folder"),
    ],
)
def test_what_cannot_be_done_is_told(database: Path, arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        command("export", "--database", database, *arguments), cwd=tmp_path, env=environment(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_without_its_library_parquet_says_what_to_install(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.export.files.find_spec", lambda _name: None)
    shown = CliRunner().invoke(cli, ["export", "--database", str(database), "--format", "parquet"])
    assert "pip install 'evalwatch[parquet]'" in str(shown.exception)


def test_an_export_shows_one_state_while_a_night_writes(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    path.write_bytes(database.read_bytes())
    with open_store(path) as writer, open_store(path, readonly=True) as reader:
        lines = export_lines(reader, "results")
        first = next(lines.batches)
        with writer.writing():
            writer.execute("UPDATE results SET status = 'withdrawn'")
        assert len(first) + sum(map(len, lines.batches)) > 15


def test_the_reader_of_a_pipe_may_leave(database: Path) -> None:
    line = f"{' '.join(command('export', '--database', database))} | head -1"
    ended = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)  # fmt: skip
    assert ended.stdout.startswith("series,")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("what", get_args(What))
def test_docs_name_every_column(what: What) -> None:
    text = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    part = text.split(f"### {what.capitalize()}\n")[1].split("\n### ")[0]
    documented = re.findall(r"^\| `(\w+)` \| (\w+) \|", part, re.MULTILINE)
    columns = (*TABLES[what].columns, *((TEXT,) if what == "articles" else ()))
    assert documented == [(column.name, cast("str", column.kind)) for column in columns]


def feed_of(database: Path, *arguments: str) -> Any:
    return feedparser.parse(exported(database, "--format", "atom", *arguments).output.encode())


def test_a_feed_has_an_entry_per_result_with_an_id_for_ever(database: Path, tmp_path: Path) -> None:
    feed = feed_of(database, "--place", "武汉")
    assert not feed.bozo
    assert feed.feed.title == "evalwatch: 湖北省/武汉市"
    assert len(feed.entries) == 7
    first = feed.entries[0]
    assert first.title == "湖北省 武汉市 第2名（第二十三届政府网站绩效评估 2024 · 副省级及计划单列市 · 政务新媒体）"
    assert "“武漢市政務新媒體在副省級城市中位列第二”" in first.content[0].value
    assert first.link == "http://news1.example/1.html"
    assert feed.feed.id == feed_of(database, "--place", "武汉").feed.id != feed_of(database).feed.id
    make_database(tmp_path / "other.db")
    other = feed_of(tmp_path / "other.db", "--place", "武汉")
    assert [entry.id for entry in other.entries] == [entry.id for entry in feed.entries]
    assert other.feed.id != feed.feed.id


def test_an_entry_moves_when_its_value_does_not_when_it_is_repeated(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        for hour, rank in enumerate((6, 6, 6, 7)):
            text = f"第{hour}家媒体的报道，各有各的写法：湖北省门户网站排名第{rank}，{'细节不同。' * (hour + 1)}"
            told = article(text, f"http://site{hour}.example/1", outlet=f"媒体{hour}")
            said = extraction(result("湖北省", rank=rank, evidence=text[:4], span=(0, 4)))
            store_article(store, arrival(store, told, said, now=NOW + timedelta(hours=hour)))
            (row,) = store.rows("SELECT fact_key, status FROM results")
            moved = value_times(store, [row["fact_key"]])[row["fact_key"]]
            assert moved == time_text(NOW + timedelta(hours=3 if row["status"] == "disputed" else 0)), hour
        assert row["status"] == "disputed"


def test_a_feed_makes_nothing_of_text_of_the_web(database: Path) -> None:
    feed = exported(database, "--format", "atom").output
    assert not re.search(r"<(img|script|svg|iframe)|href=\W*javascript", feed)
    assert not re.search("[\x00-\x08\u202a-\u202e]", feed)
    for entry in feedparser.parse(feed.encode(), sanitize_html=False).entries:
        assert not re.search(r"<(?!/?(p|ul|li|a)\b)", entry.content[0].value)
