"""`evalwatch read`, typed as a user types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.commands import cli
from tests.office import docx_of

SITES = Path(__file__).parent / "pages" / "sites"
KEYS = {
    "id", "title", "published", "modified", "media", "origin", "author", "editor", "text", "tables", "images", "attachments",
    "next", "charset", "notes",
}  # fmt: skip


def read(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["read", *arguments], input=given, standalone_mode=False)


def page(name: str) -> str:
    return str(SITES / f"{name}.html")


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_json_gives_one_object_per_document_with_the_fields_of_the_contract() -> None:
    result = read("--json", page("ce"), page("word_markup"))
    first, second = objects(result)
    assert set(first) == set(second) == KEYS
    assert (first["id"], first["title"], first["published"]) == (
        "ce",
        "新安县数字政务观察",
        "2020-12-16T06:50:00+08:00",
    )
    assert (first["media"], first["author"], first["editor"], first["charset"]) == (
        "经济日报",
        "秦六",
        "许七",
        "gb18030",
    )
    (table,) = second["tables"]
    assert table["rows"][:2] == [["名次", "单位", "得分"], ["1", "东山市", "95.5"]]
    assert (table["header_rows"], second["text"][slice(*table["span"])][:8]) == (1, "名次\t单位\t得分")
    assert [file["kind"] for file in second["attachments"]] == ["xlsx", "zip"]


def test_people_see_fields_then_the_body() -> None:
    shown = read(page("chinacn")).stdout.splitlines()
    assert shown[0].endswith("chinacn.html: 海宁口市公布网站考评排名")
    assert "  media     中国网" in shown
    assert any(line.startswith("  next") for line in shown) is False
    assert shown[-2].endswith("。")


def test_the_address_of_a_page_gives_its_next_page_and_images() -> None:
    (found,) = objects(
        read("--json", "--url", "http://news.china.example/2019-12/09/content_75500001.htm", page("chinacn"))
    )
    assert found["next"] == "http://news.china.example/2019-12/09/content_75500001_2.htm"


def test_explain_says_where_a_field_comes_from_and_what_the_others_say() -> None:
    shown = read("--explain", page("ucap_literal")).stdout
    told = shown[shown.index("  published: ") :].splitlines()
    assert told[0] == "  published: 2022-04-17 14:46:00+08:00  (beside the headline)"
    assert told[1] == "      not 2022-04-19 10:02:11+08:00  (meta tags)"
    (found,) = objects(read("--explain", "--json", page("ucap_literal")))
    said = [(c["where"], c["value"]) for c in found["candidates"] if c["field"] == "outlet"]
    assert said[0] == ("beside the headline", "区行政审批局")
    assert ("name of the site", "长桥区人民政府") in said


def test_a_list_gives_its_entries() -> None:
    (found,) = objects(read("--list", "--json", "--url", "http://www.pinggu.example/xwdt.htm", page("list_vsb")))
    assert (found["id"], len(found["entries"])) == ("list_vsb", 10)
    assert found["entries"][0].keys() == {"url", "title", "date"}
    assert found["entries"][0]["url"].startswith("http://www.pinggu.example/info/1032/")
    shown = read("--list", "--explain", page("list_vsb")).stdout.splitlines()
    assert "10 entries, from the links of the page" in shown[0]
    assert shown[1].endswith("/info/1032/1200.htm")


def test_a_feed_is_a_list() -> None:
    (found,) = objects(read("--list", "--json", str(SITES.parent / "rss.xml")))
    assert len(found["entries"]) >= 2


def test_standard_input_and_documents_are_read() -> None:
    (found,) = objects(read("--json", "-", given=docx_of("网站考评结果", ["现将结果公布如下。"], [])))
    assert (found["id"], found["title"], found["text"]) == ("stdin", "网站考评结果", "现将结果公布如下。")
    shown = read(
        "--explain",
        "-",
        given="网站考评结果\n来源:某报 2021-01-05\n\n现将结果公布如下,请各单位认真对照检查。\n".encode(),
    ).stdout
    assert "its fields come from its own lines" in shown


@pytest.mark.parametrize(
    ("arguments", "what"),
    [(("missing.html",), "missing.html: No such file"), (("--list", page("short_notice"), page("list_vsb")), "")],
)
def test_what_cannot_be_read_is_told_and_the_rest_is_read(
    arguments: tuple[str, ...], what: str, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"")
    result = read(*arguments, str(empty))
    assert result.return_value == 1
    assert what in result.stderr
    assert "empty.html: is empty" in result.stderr
