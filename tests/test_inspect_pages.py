"""The pages of `evalwatch inspect` over HTTP: their JSON, their CSV, and who may not see them."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import UsageError
from storage.articles import store_article
from storage.database import open_store
from storage.inspect.app import refuse_unguarded
from storage.inspect.guard import CellDefuser
from storage.inspect.marked import blocks
from storage.inspect.words import strings
from tests.inspected import HOSTILE_ENTITY, HOSTILE_OUTLET, YEARS, inspecting, make_database
from tests.nights import evalwatch
from tests.store_samples import arrival, article, extraction, result

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("inspected") / "t.db"
    make_database(path)
    return path


@pytest.fixture(scope="module")
def site(database: Path) -> Iterator[httpx.Client]:
    with (
        inspecting("--database", database, cwd=database.parent) as address,
        httpx.Client(base_url=address, timeout=20) as client,
    ):
        yield client


def told(site: httpx.Client, path: str) -> Any:
    answer = site.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_page_has_a_twin_for_programs(site: httpx.Client) -> None:
    home = told(site, "/.json")
    assert home["night"]["run"] == len(YEARS) + 1
    place = told(site, "/place/420100.json")
    assert place["entity"] == "湖北省/武汉市"
    assert sorted(point["year"] for point in place["charts"][0]["points"]) == [*YEARS, YEARS[-1]]
    assert place["results"][0]["mentions"][0]["words"] == "武汉市门户网站在省会城市中列第7位"
    assert told(site, "/place/湖北省/武汉市.json")["total"] == place["total"]
    assert [row["entity"] for row in told(site, "/place/420000.json")["below"]] == ["湖北省/武汉市"]
    table = told(site, "/evaluation/cstc-website/2024.json")
    assert {group["group"] for group in table["groups"]} == {"province", "subprovincial", "capital"}
    assert told(site, "/evaluation/other/2024.json")["several"] == []
    assert told(site, "/search.json?q=武漢")["places"][0]["code"] == "420100"
    assert told(site, "/run/7.json")["visits"][0]["state"] == "failed"


def test_a_place_tells_gaps_and_changes_and_is_followed_through_its_names(tmp_path: Path) -> None:
    with open_store(tmp_path / "t.db") as store:
        for number, (year, entity, code, rank) in enumerate(
            ((2014, "四川省/成都市/郫县", "510124", 9), (2016, "四川省/成都市/郫都区", "510117", 4))
        ):
            page = article(f"第{number}篇：{year}年评估结果公布。" * 9, f"http://a{number}.cn/")
            said = result(entity, group="county", rank=rank, code=code)
            store_article(store, arrival(store, page, extraction(said, year=year)))
    with inspecting("--database", tmp_path / "t.db", cwd=tmp_path) as address, httpx.Client(base_url=address) as client:
        pages = [told(client, f"/place/{key}.json") for key in ("510117", "510124", "四川省/成都市/郫县")]
        assert pages[0] == pages[1] == pages[2]
        page_ = pages[0]
        assert (page_["entity"], page_["code"], page_["other_names"]) == (
            "四川省/成都市/郫都区",
            "510117",
            ["四川省/成都市/郫县"],
        )
        (line,) = page_["charts"][0]["lines"]
        assert [(y["year"], y["what"], y["rank"], y["change"], y["against"]) for y in line["years"]] == [
            (2014, "place", 9, None, None), (2015, "no_results", None, None, None), (2016, "place", 4, 5, 2014),
        ]  # fmt: skip
        assert "▲5 较 2014 年" in client.get("/place/510117").text


def test_coverage_and_what_is_expected_have_their_pages(site: httpx.Client) -> None:
    table = told(site, "/evaluation/cstc-website/2024.json")
    assert [(row["group"], row["announced"], row["captured"], row["missing"]) for row in table["coverage"]] == [
        ("province", 9, 1, "1–8"), ("subprovincial", 2, 1, "1"), ("capital", 9, 2, "1–3, 5–8"),
    ]  # fmt: skip
    expected = told(site, "/.json")["expected"]
    assert [row["series"] for row in expected["overdue"]] == ["tsinghua-digital-gov"]
    assert [row["series"] for row in expected["soon"]] == ["cass-transparency"]
    assert "迟 39 天" in site.get("/").text
    assert "39 days late" in site.get("/?lang=en").text


def test_an_article_shows_each_mention_at_its_words(site: httpx.Client) -> None:
    for stored in told(site, "/run/7.json")["articles_stored"]:
        page = told(site, f"/article/{stored['article']}.json")
        for mention in page["mentions"]:
            assert page["text"][mention["start"] : mention["end"]] == mention["words"]
            marked = "".join(
                piece["text"] for block in page["blocks"] for row in block["rows"] for cell in row for piece in cell
                if mention["number"] in piece["mentions"]
            )  # fmt: skip
            assert marked == mention["words"].replace("\t", "").replace("\n", "")


def test_copies_of_one_text_count_once(site: httpx.Client) -> None:
    (row,) = (r for r in told(site, "/place/420100.json")["results"] if r["year"] == 2024 and r["group"] == "capital")
    assert row["status"] == "disputed"
    assert [(m["outlet"], m["outlets"], m["rank"]) for m in row["mentions"]] == [
        ("示例日报2024", 2, 7),
        ("争议网", 1, 9),
    ]


@pytest.mark.parametrize(
    ("path", "least"),
    [("/evalwatch/results_disputed", 3), ("/evalwatch/coverage_readable", 3), ("/evalwatch/history_readable", 4),
     ("/evalwatch/expected_readable", 1), ("/evalwatch/expected", 1), ("/evalwatch/moves?place=420100", 7),
     ("/place/420100", 10), ("/evaluation/cstc-website/2024", 5), ("/", 10)],
)  # fmt: skip
def test_every_link_of_a_table_leads_to_a_page(site: httpx.Client, path: str, least: int) -> None:
    page = site.get(path).text
    links = set(re.findall(r'href="(/(?:article|place|evaluation|run)/[^"#]+)', page))
    assert len(links) >= least
    for link in links:
        assert site.get(link).status_code == 200, link


@pytest.mark.parametrize(
    "path",
    ["/place/999999", "/place/nowhere", "/article/0123456789abcdef", "/run/99", "/evaluation/none/2020", "/nothing", "/-/databases", "/-/plugins.json", "/evalwatch.db", "/article/0123456789abcdef/archived"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(site: httpx.Client, path: str) -> None:
    assert site.get(path).status_code in (403, 404)


def test_cells_of_csv_are_inert(site: httpx.Client) -> None:
    for path in ("/evalwatch/results_last_night.csv", "/evalwatch/articles.csv?_size=max", "/evalwatch/mentions.csv?_stream=1", "/evalwatch.csv?sql=select+'=1%2B1',+-3,+'-x'"):  # fmt: skip
        answer = site.get(path)
        assert answer.status_code == 200, path
        cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
        assert not [c for c in cells if c.startswith(("=", "+", "@", "\t", "\r")) or re.match(r"-\D", c)], path
    assert "'=1+1" in cells
    assert "-3" in cells
    assert f"'{HOSTILE_OUTLET}" in [
        cell for row in csv.reader(io.StringIO(site.get("/evalwatch/articles.csv").text)) for cell in row
    ]


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8), min_size=2, max_size=4),
        max_size=6,
    ),
    st.data(),
)
def test_csv_that_comes_in_pieces_keeps_its_cells(rows: list[list[str]], data: st.DataObject) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    whole = out.getvalue().encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    defuser = CellDefuser()
    parts = [defuser.feed(whole[a:b], last=False) for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    text = (b"".join(parts) + defuser.feed(b"", last=True)).decode()
    came = list(csv.reader(io.StringIO(text, newline="")))
    assert [[c.removeprefix("'") if not o.startswith("'") else c for c, o in zip(row, old, strict=True)] for row, old in zip(came, rows, strict=True)] == rows  # fmt: skip


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_written(site: httpx.Client, method: str) -> None:
    assert site.request(method, "/").status_code == 405


@pytest.mark.parametrize(
    "sql",
    ["delete from results", "insert into runs default values", "attach database 'x.db' as x", "pragma journal_mode=delete",
     "select writefile('x', 'y')", "select load_extension('x')", "update results set rank = 1 returning *",
     "with x as (select 1) delete from results"],
)  # fmt: skip
def test_sql_can_only_read(site: httpx.Client, sql: str) -> None:
    assert site.get("/evalwatch.json", params={"sql": sql}).status_code == 400


def test_sql_that_takes_too_long_or_too_much_is_stopped(site: httpx.Client) -> None:
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    assert site.get("/evalwatch.json", params={"sql": endless}).status_code == 400
    assert site.get("/evalwatch.json", params={"sql": "select length(randomblob(1000000000))"}).status_code == 400
    many = told(
        site,
        "/evalwatch.json?sql=with+recursive+n(x)+as+(select+1+union+all+select+x%2B1+from+n+limit+5000)+select+x+from+n",
    )
    assert len(many["rows"]) == 1000
    assert many["truncated"]


def test_headers_keep_the_browser_from_running_or_fetching(site: httpx.Client) -> None:
    own, theirs = site.get("/").headers, site.get("/evalwatch").headers
    assert "script-src 'self';" in own["content-security-policy"]
    for headers in (own, theirs):
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_name_that_points_here_is_refused(site: httpx.Client, host: str) -> None:
    assert site.get("/", headers={"host": host}).status_code == 421


def test_a_public_address_needs_a_password(database: Path) -> None:
    ended = evalwatch("inspect", "--host", "0.0.0.0", "--database", database, cwd=database.parent)
    assert ended.returncode == 2
    assert "EVALWATCH_INSPECT_PASSWORD" in ended.stderr
    with pytest.raises(UsageError, match="shorter"):
        refuse_unguarded("0.0.0.0", "short")
    refuse_unguarded("::1", None)
    refuse_unguarded("0.0.0.0", "long enough to be one")


def test_the_password_is_asked_for(database: Path) -> None:
    word = "一个足够长的口令 with spaces"
    with inspecting(
        "--database", database, "--host", "127.0.0.2", cwd=database.parent, EVALWATCH_INSPECT_PASSWORD=word
    ) as address:
        asked = httpx.get(f"{address}/")
        assert asked.status_code == 401
        assert "Basic" in asked.headers["www-authenticate"]
        assert httpx.get(f"{address}/static/style.css").status_code == 401
        assert httpx.get(f"{address}/", auth=("x", "wrong")).status_code == 401
        assert httpx.get(f"{address}/", headers={"authorization": "Basic !"}).status_code == 401
        assert httpx.get(f"{address}/", auth=("anybody", word), headers={"host": "our.example"}).status_code == 200


def test_a_night_may_run_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    make_database(path)
    with inspecting("--database", path, cwd=tmp_path) as address:
        assert httpx.get(f"{address}/search.json?q=刚刚发布").json()["articles"] == []
        with open_store(path) as store:
            with store.writing():
                store_article(
                    store, arrival(store, article("这条消息刚刚发布，说的是网站评估。", url="http://new.example/1"))
                )
                # begun and not committed: the pages answer all the same, with what was there before
                assert httpx.get(f"{address}/search.json?q=刚刚发布").json()["articles"] == []
            assert len(httpx.get(f"{address}/search.json?q=刚刚发布").json()["articles"]) == 1
            assert httpx.get(f"{address}/evalwatch/articles.json?_shape=array").json()[0]["title"]


def test_a_file_of_another_kind_or_version_is_refused(tmp_path: Path) -> None:
    missing = evalwatch("inspect", "--database", "none.db", cwd=tmp_path)
    assert missing.returncode == 3
    assert "Run a night first" in missing.stderr
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (a)")
    assert "another program's" in evalwatch("inspect", "--database", "other.db", cwd=tmp_path).stderr
    (tmp_path / "text.db").write_text("no database at all, but long enough to be one" * 50, encoding="utf-8")
    assert evalwatch("inspect", "--database", "text.db", cwd=tmp_path).returncode == 3
    make_database(tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "old.db")) as old:
        old.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%looking'")
        old.commit()
    assert "evalwatch run" in evalwatch("inspect", "--database", "old.db", cwd=tmp_path).stderr


def test_every_string_is_there_in_both_languages_and_every_string_is_used() -> None:
    folder = ROOT / "storage" / "inspect"
    source = "".join(path.read_text(encoding="utf-8") for path in [*folder.rglob("*.html"), *folder.rglob("*.py")])
    used = set(re.findall(r"""\bt\(["'](\w+)["']""", source)) | {"requested", "failed", "blocked", "articles", "new"}
    table = strings()
    assert used <= table.keys()
    assert {key for key in table.keys() - used if not key.startswith("state_")} == set()
    assert all(set(texts) == {"zh", "en"} and all(texts.values()) for texts in table.values())
    for texts in table.values():
        assert set(re.findall(r"\{\w+\}", texts["zh"])) == set(re.findall(r"\{\w+\}", texts["en"]))


@given(
    st.text("武汉\t\n第三", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5),
    st.booleans(),
)
def test_a_marked_text_is_the_text(text: str, ends: list[tuple[int, int]], table: bool) -> None:
    spans = [(min(a, b), max(a, b), n) for n, (a, b) in enumerate(ends) if min(a, b) < max(a, b) <= len(text)]
    (block,) = blocks(text, [("table" if table else "text", 0, len(text))], spans)
    shown = "\n".join("\t".join("".join(piece.text for piece in cell) for cell in row) for row in block.rows)
    assert shown == text
    begun = [n for row in block.rows for cell in row for piece in cell for n in piece.begins]
    assert len(begun) == len(set(begun))
    if not table:
        assert set(begun) == {n for *_, n in spans}


def test_words_beside_the_body_are_shown(tmp_path: Path) -> None:
    found = blocks("标题第一\n正文", [("text", 5, 7)], [(0, 4, 0)])
    assert [(block.kind, block.rows[0][0][0].text) for block in found] == [("beside", "标题第一"), ("text", "正文")]


def test_hostile_names_have_pages(site: httpx.Client) -> None:
    from urllib.parse import quote

    assert told(site, f"/place/{quote(HOSTILE_ENTITY)}.json")["entity"] == HOSTILE_ENTITY


def test_the_archive_is_shown_as_text(tmp_path: Path) -> None:
    from crawler.commands.archived import archived_text
    from tests.crawls import write_warc

    path = write_warc(tmp_path / "2024-11-07.warc.gz", {"http://a.cn/1": "<script>window.hacked=1</script>武汉"})
    shown = archived_text(path, "http://a.cn/1")
    assert shown is not None
    assert shown.splitlines()[0] == "http://a.cn/1"
    assert shown.endswith("<script>window.hacked=1</script>武汉")
    assert archived_text(path, "http://a.cn/2") is None
    assert archived_text(tmp_path / "none.warc.gz", "http://a.cn/1") is None
