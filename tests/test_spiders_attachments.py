"""Documents that articles link to: fetched after the article, read into it, and never a reason to lose it."""

from __future__ import annotations

from pathlib import Path

from tests.crawls import crawl, rows, settings_file, source
from tests.office import docx_of, pdf_of, xlsx_of
from tests.web_server import Answer, Route, Site, article_page, list_page

TITLE = "第十九届中国政府网站绩效评估结果公布"
PDF = Answer(pdf_of([[""]]), headers={"Content-Type": "application/pdf"})
RANKS = xlsx_of(
    [["省级政府网站绩效评估排名", None], ["名次", "单位"], [1, "北京市"], [2, "四川省"], [3, "贵州省"]], ["A1:B1"]
)
LINKS = {
    "/f/ranks.xlsx": "附件1：省级政府网站绩效评估排名.xlsx",
    "/f/scan.pdf": "附件2：评分表.pdf",
    "/f/gone.docx": "附件3：说明.docx",
    "/f/list.zip": "附件4：名单.zip",
    "http://elsewhere.invalid/a.pdf": "附件5：样本.pdf",
}


def links(files: dict[str, str]) -> str:
    return "".join(f'<p><a href="{url}">{title}</a></p>' for url, title in files.items())


def site_of(more: str, title: str = TITLE, **routes: Route) -> Site:
    pages: dict[str, Route] = {"/": list_page({"/a/1.html": title}), "/a/1.html": article_page(title, more=more)}
    return Site(pages | {f"/f/{name.replace('_', '.')}": answer for name, answer in routes.items()})


def test_the_documents_of_an_article_are_read_into_it(tmp_path: Path) -> None:
    with site_of(links(LINKS), ranks_xlsx=RANKS, scan_pdf=PDF) as site:
        night = crawl(settings_file(tmp_path, [source("s", site.url())]))
        assert site.paths() == ["/", "/a/1.html", "/f/ranks.xlsx", "/f/scan.pdf", "/f/gone.docx"]
    assert (night.source("s")["state"], night.source("s")["articles"], night.source("s")["failed"]) == ("healthy", 1, 1)
    database = tmp_path / "test.db"
    told = rows(database, "SELECT kind, outcome FROM attachments ORDER BY number")
    assert [kind for kind, _ in told] == ["xlsx", "pdf", "docx", "zip", "pdf"]
    outcomes = [outcome for _, outcome in told]
    assert outcomes[0] == "read"
    assert outcomes[1] == "is a PDF without text"
    assert outcomes[2].endswith("answers 404")
    assert outcomes[3:] == [None, "stands on another host"]
    ranks = rows(database, "SELECT entity, rank FROM results ORDER BY rank")
    assert ranks == [("北京市", 1), ("四川省", 2), ("贵州省", 3), ("湖北省", 5)]
    spans = rows(
        database,
        "SELECT m.words = substr(a.text, m.start + 1, m.end - m.start) FROM mentions m JOIN articles a ON a.id = m.article",
    )
    assert spans == [(1,)] * 4


def test_the_document_is_part_of_the_stored_body(tmp_path: Path) -> None:
    notice = docx_of("关于评估的说明", ["本次评估由第三方机构承担，历时两个月。"], [])
    with site_of(links({"/f/note.docx": "附件：说明.docx"}), note_docx=notice) as site:
        crawl(settings_file(tmp_path, [source("s", site.url())]))
    parts = rows(tmp_path / "test.db", "SELECT kind, plain FROM paragraphs ORDER BY number DESC LIMIT 2")
    assert parts == [("text", "本次评估由第三方机构承担,历时两个月。"), ("heading", "关于评估的说明")]


def test_an_article_off_the_topic_has_its_documents_left_alone(tmp_path: Path) -> None:
    page = article_page("交通管制", more=links(LINKS)).replace("评估", "管制").replace("排名", "名")
    with Site({"/": list_page({"/a/1.html": "交通管制"}), "/a/1.html": page}) as site:
        crawl(settings_file(tmp_path, [source("s", site.url(), follow="all")]))
        assert site.paths() == ["/", "/a/1.html"]
    assert rows(tmp_path / "test.db", "SELECT count(*), count(outcome) FROM attachments") == [(5, 0)]


def test_no_more_than_a_few_documents_of_one_article_are_fetched(tmp_path: Path) -> None:
    files = {f"/f/{number}.xlsx": f"附件{number}：表.xlsx" for number in range(1, 9)}
    with site_of(links(files)) as site:
        crawl(settings_file(tmp_path, [source("s", site.url())]))
        assert site.paths()[2:] == [f"/f/{number}.xlsx" for number in range(1, 6)]


def test_a_document_behind_a_wall_or_on_a_dead_host_does_not_cost_the_article(tmp_path: Path) -> None:
    files = {"/f/a.pdf": "附件1：甲.pdf", "/f/b.pdf": "附件2：乙.pdf"}
    with site_of(links(files), a_pdf=Answer("", 521), b_pdf=Answer("", hangs=True)) as site:
        night = crawl(settings_file(tmp_path, [source("s", site.url())], fetch="").with_name("settings.toml"))
    said = night.source("s")
    assert (said["state"], said["articles"], said["blocked"], said["failed"]) == ("healthy", 1, 1, 1)
