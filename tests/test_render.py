"""Messages as people get them: the same night in every form and language, cut to any length, with hostile words of the web."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.digest import MOST_RESULTS, payload
from alerts.harmless import markdown_words, plain_words, safe_link
from alerts.lines import outline
from alerts.render import MOST_LINES, Form, render
from crawler.items import Alert, Background, Notice, Symptom
from tests.message_samples import BACKGROUND, CHANGES, GOV, HUBEI, message, told
from tests.store_samples import NIGHT, NOW, evaluation, result

FORMS: tuple[Form, ...] = ("text", "markdown", "html")
GOLDEN = Path(__file__).parent / "messages"
ENDINGS = {"text": "txt", "markdown": "md", "html": "html"}


class Page(HTMLParser):
    """What is in an HTML document, and whether all that opens is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in {"meta", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_message(form: Form, language: Literal["zh", "en"]) -> None:
    """After a change on purpose: write the new one, look at it, and keep it."""
    body = render(message(language), form).body.removesuffix("\n") + "\n"
    assert body == (GOLDEN / f"night_{language}.{ENDINGS[form]}").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_title_is_what_matters_most(language: Literal["zh", "en"]) -> None:
    title = render(message(language), "text").title
    assert title == {
        "zh": "湖北省：省级第5名（去年第8名），另有41条", "en": "湖北省: no. 5 among provinces (2023: no. 8), and 41 more",
    }[language]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "title"),
    [
        (3, "襄阳市：地市级第6名（更正，此前第4名）"),
        (4, "宜昌市：地市级第10名（撤回）"),
        (2, "武汉市：省会城市说法不一：第3名、第4名"),
        (9, "1条新结果：第二十三届政府网站绩效评估（2024年）"),
        (41, "湖北省：创新案例十佳案例：“一网”通办"),
    ],
)
def test_titles_of_single_changes(number: int, title: str) -> None:
    assert render(message(told=[CHANGES[number]]), "text").title == title


def test_the_body_begins_with_the_title_and_the_rest_does_not() -> None:
    for form in ("text", "markdown"):
        written = render(message(), form)
        assert written.body.splitlines()[0].strip("*") == written.title
        assert written.rest.startswith("12月21日 · ")


@pytest.mark.parametrize("form", FORMS)
@given(most=st.integers(0, 6000), unit=st.sampled_from(["most_chars", "most_bytes"]))
@settings(max_examples=60, deadline=None)
def test_a_message_is_cut_between_facts(form: Form, most: int, unit: str) -> None:
    body = render(MESSAGE, form, **{unit: most}).body
    assert (len(body) if unit == "most_chars" else len(body.encode())) <= most
    if not body or len(body) < 300:
        return
    if form == "html":
        Page(body)
    lines = {line.strip() for line in body.splitlines()}
    whole = {line.strip() for line in render(MESSAGE, form).body.splitlines()}
    # numbers of sources, what is folded and what is left may differ; every fact stands as it does in the whole message
    marks = re.compile(r"[①②③]")
    facts = {marks.sub("", line).strip() for line in lines if "第" in line and line.startswith(("·", "★", "- "))}
    known = [marks.sub("", line).strip() for line in whole]
    assert all(any(line.startswith(fact) for line in known) for fact in facts)


MESSAGE = message()


def test_where_room_is_short_facts_come_before_words_and_ones_own_keep_theirs() -> None:
    whole = render(MESSAGE, "text").body
    for most in range(len(whole) - 1, len(whole) - 60, -1):
        brief = render(MESSAGE, "text", most_chars=most).body
        assert "还有" not in brief
        assert "湖北省 鄂州市、黄石市（去年前100）　前100" in brief
        assert "黄石、鄂州进入百强" not in brief  # the last words that are not one's own
        assert "「“一网”通办获评十佳案例」" in brief
    assert "湖南第三" in render(MESSAGE, "text", most_chars=len(whole) - 1).body


@pytest.mark.parametrize("form", FORMS)
def test_what_is_left_out_is_counted_and_its_page_is_named(form: Form) -> None:
    body = render(MESSAGE, form, most_chars=3000 if form == "html" else 420).body
    assert "http://127.0.0.1:8321/run/12" in body
    assert re.search(r"还有\d+条没有列出", body)


@pytest.mark.parametrize("most", [0, 1, 2, 3, 7, 9, 20, 100])
def test_every_fact_is_told_folded_or_left(most: int) -> None:
    told_of = outline(MESSAGE).first(most)
    blocks = [block for section in told_of.sections for block in section.blocks]
    shown = frozenset[str]().union(*(line.facts for block in blocks for line in block.lines))
    assert len(shown) + sum(block.folded for block in blocks) + told_of.left == len({c.fact_key for c in CHANGES})
    assert told_of.lines <= most


def test_a_night_of_5000_results_is_bounded_in_every_form() -> None:
    changes = [
        told("new", result(f"湖北省/第{n}市", group="prefecture", rank=n + 1, evidence=f"第{n}市在全国排第{n + 1}名"),
             evaluation=evaluation(name=f"第{n % 60}项评估", series="other"))
        for n in range(5000)
    ]  # fmt: skip
    body = payload(Alert("msg_1", "hubei", NIGHT, NOW, tuple(changes)), background=BACKGROUND)
    data = body["data"]
    assert (data["results"], data["truncated"], len(data["evaluations"])) == (5000, True, 60)
    held = [item for e in data["evaluations"] for g in e["groups"] for one in g["entities"] for item in one["results"]]
    assert MOST_RESULTS // 2 < len(held) <= MOST_RESULTS
    assert all(evaluation["groups"][0]["entities"] for evaluation in data["evaluations"])
    assert sum(evaluation["results"] for evaluation in data["evaluations"]) == 5000
    assert len(json.dumps(body, ensure_ascii=False).encode()) < 256_000
    for form in FORMS:
        written = render(body, form).body
        assert len(written) < 60_000
        assert "还有" in written
    assert len(data["text"]) <= 12_000
    assert render(body, "text").body.count("\n· ") <= MOST_LINES


def test_thousands_of_evaluations_are_bounded() -> None:
    many = [
        told("new", result(), evaluation=evaluation(name=f"第{n}项" + "评估" * 400, series="other"))
        for n in range(2000)
    ]
    body = message(told=many, background=Background())
    assert len(json.dumps(body, ensure_ascii=False).encode()) < 256_000
    assert (body["data"]["results"], body["data"]["truncated"]) == (2000, True)
    assert body["data"]["evaluations"]


def test_a_long_list_hides_neither_ones_own_nor_other_evaluations() -> None:
    county = [told("new", result(f"四川省/成都市/第{n}区", group="county", rank=n + 1)) for n in range(900)]
    last = told("new", result("湖北省/武汉市/武昌区", group="county", rank=901))
    few = [
        told("new", result(f"第{n}省", rank=n + 1), evaluation=evaluation(name="某评估", series="other"))
        for n in range(9)
    ]
    body = message(told=[*county, last, *few])
    held = {
        evaluation["name"]: [entity["entity"] for group in evaluation["groups"] for entity in group["entities"]]
        for evaluation in body["data"]["evaluations"]
    }
    assert held["第二十三届政府网站绩效评估"][0] == "湖北省/武汉市/武昌区"
    assert len(held["某评估"]) == 9
    assert MOST_RESULTS // 2 < sum(map(len, held.values())) <= MOST_RESULTS
    assert render(body, "text").title == "武昌区：区县级第901名，另有909条"


@pytest.mark.parametrize("number", [1, 50])
def test_words_of_endless_length_do_not_make_a_message_endless(number: int) -> None:
    long = "长" * 100_000
    award = result(kind="award", award=long, work=long, evidence=long, indicator=long)
    many = [
        told("disputed", replace(award, entity=f"湖北省/{n}{long}"), title=long, outlet=long, previous=long, url=f"http://a.cn/{long}",
             evaluation=evaluation(name=long, series="other"))
        for n in range(number)
    ]  # fmt: skip
    body = message(told=many)
    assert len(json.dumps(body, ensure_ascii=False).encode()) < 256_000
    assert len(body["data"]["title"]) <= 120
    for form in FORMS:
        assert len(render(body, form).body) < 60_000


HOSTILE = (
    "<img src=x onerror=alert(1)>", "</li></ul><script>alert(1)</script>", "&lt;b&gt;", "[点此](http://evil.example)",
    "![x](http://evil.example/x.png)", "@all @所有人 <@everyone> <!channel>", "`rm -rf`", "**粗** __体__ ~~删~~",
    "www.evil.example http://evil.example/a", "line\nfeed\r\n# 标题\n- 列表", "\u202e反转\u2066\u200b\u0007\x1b[31m", "| a | b |",
    "{{7*7}} {% x %} ${x}", "=HYPERLINK(1)", "$$tex$$ \\n \\[x\\]",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_the_web_are_words_in_every_form(words: str) -> None:
    changes = (
        told("new", result(f"湖北省/{words}", kind="award", award=words, work=words, evidence=words), outlet=words, title=words,
             evaluation=evaluation(name=words, series="other", year=None)),
        told("disputed", result(kind="grade", grade=words, evidence=words), outlet=words, previous=words,
             evaluation=evaluation(name=words, series="other")),
    )  # fmt: skip
    body = message(told=changes)
    for form in FORMS:
        written = render(body, form)
        assert len(written.title.splitlines()) == 1
        shown = written.title + written.body.replace("\n", " ")
        assert not [letter for letter in shown if not letter.isprintable() and letter != "\u3000"]
    page = Page(render(body, "html").body)
    assert set(page.tags) <= set(TAGS)
    assert all(link.startswith(("http://127.0.0.1:8321/", GOV)) for link in page.links)
    assert plain_words(words) in page.words.replace("\n", " ")
    markdown = render(body, "markdown").body
    links = re.findall(r"\]\(([^)]*)\)", markdown)
    assert all(link.startswith(("http://127.0.0.1:8321/", GOV)) for link in links)
    assert not re.search(r"[@<>`_~|#]", re.sub(r"\]\([^)]*\)", "", markdown))
    assert "evil.example" not in markdown


TAGS = [
    "html", "head", "meta", "title", "body", "div", "h1", "h2", "h3", "p", "ul", "li", "b", "s", "span", "a", "br", "table", "tr", "td",
]  # fmt: skip


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "http://", "http://[", "ftp://a.cn/x",
     "http://gov.cn@evil.example/", "", None, "http://a.cn/" + "x" * 5000],
)  # fmt: skip
def test_only_addresses_of_the_web_are_links(url: str | None) -> None:
    assert safe_link(url) is None
    body = message(told=[told("new", result(), url=url)])
    for form in FORMS:
        assert f"{url}"[:30] not in re.sub(r"http://127[^ )\"]*", "", render(body, form).body) or not url


@pytest.mark.parametrize(
    "tail", ['a"b', "a'b", "a)b", "a b", "a<b", "a\nb", "a\u202eb", "湖北", "a[b]", "a`b", "a\\b", "(1)"]
)
def test_an_address_ends_no_link_early(tail: str) -> None:
    body = message(told=[told("new", result(), url=f"http://a.cn/{tail}")])
    assert re.fullmatch(r"http://a\.cn/[A-Za-z0-9%]+", safe_link(f"http://a.cn/{tail}") or "")
    links = Page(render(body, "html").body).links
    assert [link for link in links if not link.startswith("http://127")] == [safe_link(f"http://a.cn/{tail}")]


@given(st.text(max_size=200))
def test_no_words_are_markup_in_markdown(words: str) -> None:
    shown = markdown_words(words)
    assert not re.search(r"[\\`*_\[\]<>#|~@&\n]", shown)
    assert "://" not in shown
    assert len(shown.splitlines()) <= 1


NOTICES = (
    Notice("broken", "hubei", "湖北省人民政府", (Symptom("field", "date", 10, 100),)),
    Notice("blocked", "gx", "<b>广西</b>", (Symptom("wall", words="[521](http://evil.example)"),)),
    Notice("overdue", "cstc-website", "中国政府网站绩效评估", year=2024, week=51),
)


@pytest.mark.parametrize("form", FORMS)
def test_notices_have_the_same_forms(form: Form) -> None:
    body = payload(Alert("msg_2", "hubei", NIGHT, NOW, (), NOTICES), subscription=HUBEI, background=BACKGROUND)
    written = render(body, form)
    assert written.title == "来源读不出来（1），来源拒绝访问（1），结果逾期未见（1）"
    shown = Page(written.body).words if form == "html" else written.body
    assert "湖北省人民政府（hubei）" in shown
    assert "往年第51周前公布，至今未见" in shown
    assert "http://127.0.0.1:8321/" in written.body
    assert "全部来源" in shown
    if form == "markdown":
        assert "](http://evil" not in written.body
    if form == "html":
        assert "<b>广西" not in written.body


def test_a_single_notice_is_named_in_the_title() -> None:
    body = payload(Alert("msg_2", "hubei", NIGHT, NOW, (), NOTICES[:1]), subscription=replace(HUBEI, language="en"))
    assert render(body, "text").title == "source broken: 湖北省人民政府"


def test_a_thousand_notices_are_bounded() -> None:
    notices = tuple(replace(NOTICES[0], subject=f"s{n}") for n in range(1000))
    body = payload(Alert("msg_2", "hubei", NIGHT, NOW, (), notices), subscription=HUBEI)
    assert (body["data"]["results"], body["data"]["truncated"]) == (1000, True)
    assert len(json.dumps(body, ensure_ascii=False).encode()) < 256_000
    assert "…另有" in render(body, "text").body


def test_a_message_frozen_by_the_version_before_is_sent_all_the_same() -> None:
    old: dict[str, Any] = {
        "type": "evalwatch.results",
        "data": {"text": "1条新消息\n\n■ 评估\n· 湖北省　第5名", "evaluations": []},
    }
    assert render(old, "text").body == "1条新消息\n\n■ 评估\n· 湖北省　第5名"
    assert "湖北省　第5名" in Page(render(old, "html").body).words


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set[str]().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_every_key_of_the_message_is_documented() -> None:
    health = payload(Alert("msg_2", "hubei", NIGHT, NOW, (), NOTICES), subscription=HUBEI, background=BACKGROUND)
    documented = set(re.findall(r"[a-z_]+", (GOLDEN.parents[1] / "docs" / "alerts.md").read_text(encoding="utf-8")))
    assert keys_of(message()) | keys_of(health) <= documented
