"""What --explain has to show."""

from __future__ import annotations

from crawler.extract import extract
from crawler.extract.explain import explain
from crawler.items import Article, Paragraph

TEXT = "2019年政府网站绩效评估结果公布,常州市政府网站位列地级市第九名。我市力争明年进入前五名。"


def test_facts_have_rules_and_the_rest_has_reasons() -> None:
    article = Article(text=TEXT, plain=TEXT, offsets=range(len(TEXT) + 1), paragraphs=(Paragraph(0, len(TEXT)),))
    told = explain(article, extract(article))
    assert [fact.fact for fact in told.facts] == ["cstc-website 2019: 江苏省/常州市 · website · prefecture · 第9名"]
    assert "A1" in told.facts[0].rule
    assert any("J1" in reason for _, _, reason in told.passed_over)
    assert {("name", "常州市"), ("group", "地级市"), ("rank", "第九名"), ("top", "前五名"), ("negations", "力争")} <= {
        (mark.kind, mark.words) for mark in told.marks
    }
    assert all(TEXT[first:last] == mark.words for mark in told.marks for first, last in [mark.span])
