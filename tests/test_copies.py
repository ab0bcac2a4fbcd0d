from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from benchmarks.copies import read
from benchmarks.copies_texts import Text
from crawler.items import Article
from storage import copies
from storage.articles import store_article
from storage.database import Store, open_store
from storage.likeness import is_copy, letters_of, marks_of
from storage.rows import digest
from storage.runs import start_run
from storage.schema.copying import prepare_copying
from tests.store_samples import NEWS, NIGHT, NOW, OTHER_NEWS, arrival, article, extraction, result

SHARED = Path(__file__).parents[2] / "shared"
MARKS = "(SELECT mark, text FROM copy_marks UNION ALL SELECT mark, text FROM copy_marks_young)"
SENTENCES = [part + "。" for part in NEWS.split("。") if part]
DISCLAIMER = (
    "免责声明：本站转载此文只为传递更多消息，并不代表赞同其中的看法，内容是否属实请读者自己核对。如果涉及版权或者其他问题，"
    "请在三十天内来信告知，我们会尽快处理。本站保留最终解释的权利，任何单位和个人引用时请注明出处。"
)
COPIES = {
    "wrapped": f"小编昨天在省政府网站上看到下面这条消息，全文转给大家。{NEWS}{DISCLAIMER}",
    "cut behind": "".join(SENTENCES[:3]),
    "cut before": "".join(SENTENCES[2:]),
    "punctuated otherwise": NEWS.replace("，", ",").replace("。", "。\n  "),
    "a few words changed": NEWS.replace("近日", "日前").replace("专家", "人士"),
    "wrapped and cut": f"{''.join(SENTENCES[1:])}{DISCLAIMER}",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "t.db")


def clusters(store: Store) -> dict[str, str]:
    """Cluster by address."""
    return {row["url"]: row["cluster"] for row in store.rows("SELECT url, cluster FROM articles")}


def put(store: Store, texts: dict[str, str]) -> dict[str, str]:
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    for url, text in texts.items():
        store_article(store, arrival(store, article(text, f"http://example.cn/{url}"), extraction(), run=run))
    return clusters(store)


TEXTS = {
    "a": NEWS, "b": COPIES["wrapped"], "c": COPIES["cut behind"], "d": OTHER_NEWS, "e": COPIES["cut before"],
    "f": OTHER_NEWS + DISCLAIMER, "g": COPIES["punctuated otherwise"], "h": DISCLAIMER + "".join(SENTENCES[3:]),
}  # fmt: skip
"""Copies of two stories: c and e have only one sentence in common, h hangs by e."""


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(sorted(TEXTS)), limits=st.sampled_from([(64, 8, 64), (3, 8, 64), (64, 1, 64), (4, 2, 4)]))
def test_copies_share_a_cluster_in_every_order(
    order: list[str], limits: tuple[int, int, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also where texts are remembered by few of their marks, and few are compared in full."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in zip(("MOST_HOLDERS", "MOST_COMPARED", "MOST_CLUSTERS"), limits, strict=True):
            patched.setattr(copies, name, value)
        with open_store(tmp_path_factory.mktemp("order") / "t.db") as store:
            by_url = put(store, {url: TEXTS[url] for url in order})
    first, second = ({by_url[f"http://example.cn/{url}"] for url in urls} for urls in ("abcegh", "df"))
    assert first == {min(digest(f"http://example.cn/{url}") for url in "abcegh")}
    assert second == {min(digest(f"http://example.cn/{url}") for url in "df")}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_every_kind_of_copy_is_found_among_the_stored(store: Store, copy: str) -> None:
    assert len(set(put(store, {"a": NEWS, "b": OTHER_NEWS + DISCLAIMER, "c": copy}).values())) == 2


def test_an_article_may_join_two_clusters(store: Store) -> None:
    halves = {"a": "".join(SENTENCES[:3]), "b": "".join(SENTENCES[3:])}
    assert len(set(put(store, halves).values())) == 2
    assert len(set(put(store, {"c": NEWS}).values())) == 1
    assert store.value("SELECT count(*) FROM clusters") == 1


def test_equal_texts_that_are_too_short_for_marks_share_a_cluster(store: Store) -> None:
    found = put(store, {"a": "结果见图。", "b": "结果见图。", "c": "名单见图。"})
    assert found["http://example.cn/a"] == found["http://example.cn/b"] != found["http://example.cn/c"]


@pytest.mark.parametrize("young", [1, 2, 3, 1000])
def test_marks_are_found_before_and_after_they_move_among_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch, young: int
) -> None:
    monkeypatch.setattr(copies, "YOUNG", young)
    put(store, {"a": NEWS, "b": OTHER_NEWS, "c": COPIES["cut before"], "d": COPIES["wrapped"]})
    tables = [store.value(f"SELECT count(*) FROM {name}") for name in ("copy_marks", "copy_marks_young")]
    assert [count > 0 for count in tables] == {
        1: [True, False],
        2: [True, False],
        3: [True, True],
        1000: [False, True],
    }[young]
    found = put(store, {"e": COPIES["cut behind"], "f": OTHER_NEWS + "完"})
    assert len({found[f"http://example.cn/{name}"] for name in "acde"}) == 1
    assert found["http://example.cn/b"] == found["http://example.cn/f"]
    # a text that goes takes its marks along, wherever they stand
    put(store, {name: "另有通知。" * 20 + name for name in "abcdef"})
    for mark in marks_of(letters_of(NEWS)).numbers:
        assert not store.rows(f"SELECT 1 FROM {MARKS} WHERE mark = ?", mark)


def test_an_article_leaves_its_cluster_when_its_text_changes(store: Store) -> None:
    found = put(store, {"a": NEWS, "b": COPIES["wrapped"]})
    assert len(set(found.values())) == 1
    found = put(store, {"a": OTHER_NEWS})
    assert len(set(found.values())) == 2
    assert set(found.values()) == {row["id"] for row in store.rows("SELECT id FROM clusters")}
    assert store.value("SELECT t.marks FROM copy_texts t JOIN articles ON id = article WHERE url LIKE '%/a'") == len(
        marks_of(letters_of(OTHER_NEWS)).numbers
    )
    found = put(store, {"a": NEWS})
    assert len(set(found.values())) == 1


def test_fellows_stay_together_when_one_leaves(store: Store) -> None:
    put(store, {"a": NEWS, "b": COPIES["wrapped"], "c": COPIES["cut before"], "d": COPIES["cut behind"]})
    for url in "abcd":
        found = put(store, {url: OTHER_NEWS + url})
        rest = {found[f"http://example.cn/{other}"] for other in "abcd" if other != url}
        assert len(rest) == 1
        assert found[f"http://example.cn/{url}"] not in rest
        put(
            store, {url: {"a": NEWS, "b": COPIES["wrapped"], "c": COPIES["cut before"], "d": COPIES["cut behind"]}[url]}
        )


def test_what_stands_on_every_page_is_remembered_so_many_times_only(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "MOST_HOLDERS", 10)
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    for number in range(16):
        own = "".join(chr(0x4E00 + (number * 997 + i * 31) % 20000) for i in range(200))
        store_article(store, arrival(store, article(own + DISCLAIMER, f"http://e.cn/{number}"), extraction(), run=run))
    most = store.value(f"SELECT max(n) FROM (SELECT count(*) AS n FROM {MARKS} GROUP BY mark)")
    assert most == 10
    assert store.value("SELECT count(DISTINCT cluster) FROM articles") == 16
    # what the last of them have of their own still finds them
    found = put(store, {"copy": f"转自网友：{own}{DISCLAIMER}"})
    assert found["http://example.cn/copy"] == found["http://e.cn/15"]


def test_a_copy_finds_its_story_among_more_likely_texts_of_other_stories(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts of one cluster that are no copies do not use up what may be compared."""
    monkeypatch.setattr(copies, "MOST_COMPARED", 2)
    other = (
        NEWS.replace("湖北", "湖南").replace("武汉市", "长沙市").replace("襄阳市", "岳阳市").replace("宜昌市", "常德市")
    )
    put(store, {f"other{number}": other + "完" * number for number in range(6)} | {"a": COPIES["cut behind"]})
    found = put(store, {"b": NEWS})
    assert found["http://example.cn/a"] == found["http://example.cn/b"]
    assert len(set(found.values())) == 2


def test_a_text_that_stands_there_word_for_word_needs_no_marks(store: Store) -> None:
    put(store, {"a": NEWS, "b": NEWS, "c": COPIES["punctuated otherwise"]})
    marks = marks_of(letters_of(NEWS)).numbers
    assert store.value(f"SELECT count(*) FROM {MARKS}") == len(marks)
    # the marks of a text that changes stay with the others that have them
    put(store, {"a": OTHER_NEWS})
    found = put(store, {"d": COPIES["cut before"]})
    assert found["http://example.cn/d"] == found["http://example.cn/b"] == found["http://example.cn/c"]
    put(store, {"b": OTHER_NEWS, "c": OTHER_NEWS, "d": OTHER_NEWS})
    assert store.value(f"SELECT count(*) FROM {MARKS}") == len(marks_of(letters_of(OTHER_NEWS)).numbers)


def test_a_notice_of_few_words_is_a_copy_only_below_the_same_headline(store: Store) -> None:
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    for number, title in enumerate(("湖北网站评估结果", "湖北网站评估结果", "湖南网站评估结果", None, None)):
        text = "结果见附件。" if title else ""
        of = article(text, f"http://e.cn/{number}", title=title)
        store_article(store, arrival(store, of, extraction(), run=run))
    found = clusters(store)
    assert [found[f"http://e.cn/{one}"] == found["http://e.cn/0"] for one in range(5)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert found["http://e.cn/3"] != found["http://e.cn/4"]


READINGS = {"国": "guó", "政": "zhèng", "府": "fǔ", "网": "wǎng", "站": "zhàn", "市": "shì", "省": "shěng"}


def test_copies_in_other_characters_and_with_readings_are_found_from_page_to_cluster(store: Store) -> None:
    printed = {
        "as it is": NEWS,
        "traditional": OpenCC("s2t").convert(NEWS),
        "readings": "".join(f"{sign}({READINGS[sign]})" if sign in READINGS else sign for sign in NEWS),
        "both, cut": "".join(f"{s}({READINGS[s]})" if s in READINGS else s for s in OpenCC("s2t").convert("".join(SENTENCES[:4]))),
        "other": OTHER_NEWS,
    }  # fmt: skip
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    pages: dict[str, Article] = {
        how: read(Text(how, how, "湖北网站评估成绩公布", (text,)), number)
        for number, (how, text) in enumerate(printed.items())
    }
    for page in pages.values():
        store_article(store, arrival(store, page, extraction(), run=run))
    found = clusters(store)
    groups = {how: found[str(page.url)] for how, page in pages.items()}
    assert len({cluster for how, cluster in groups.items() if how != "other"}) == 1
    assert len(set(groups.values())) == 2


def test_facts_keep_apart_what_the_words_do_not(store: Store) -> None:
    """襄阳 and 荆州 without 市: no place to the eye of `contradict`."""
    text = NEWS.replace("襄阳市", "襄阳").replace("湖北省", "襄阳").replace("湖北", "襄阳")
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    for number, (name, entity) in enumerate(
        (("襄阳", "湖北省/襄阳市"), ("荆州", "湖北省/荆州市"), ("襄阳", "湖北省/襄阳市"))
    ):
        of = article(text.replace("襄阳", name) + "完" * number, f"http://e.cn/{number}")
        store_article(store, arrival(store, of, extraction(result(entity)), run=run))
    found = clusters(store)
    assert found["http://e.cn/0"] == found["http://e.cn/2"] != found["http://e.cn/1"]


def test_a_store_of_the_former_tables_finds_copies_again(store: Store) -> None:
    put(store, {"a": NEWS, "b": OTHER_NEWS, "c": NEWS})
    before = store.rows(f"SELECT mark, text FROM {MARKS}")
    for table in ("copy_marks", "copy_marks_young", "copy_texts"):
        store.execute(f"DROP TABLE {table}")
    store.execute("CREATE TABLE copy_marks (mark INTEGER NOT NULL, article TEXT NOT NULL)")
    store.execute("ALTER TABLE articles ADD COLUMN marks INTEGER NOT NULL DEFAULT 0")
    prepare_copying(store.database)
    assert [row["mark"] for row in store.rows(f"SELECT mark FROM {MARKS} ORDER BY 1")] == sorted(row["mark"] for row in before)  # fmt: skip
    assert len(set(put(store, {"d": COPIES["cut before"]}).values())) == 2


@pytest.mark.skipif(not SHARED.is_dir(), reason="the example documents are not beside this checkout")
def test_the_example_documents_are_no_copies_of_each_other() -> None:
    texts = [letters_of(path.read_text(encoding="utf-8")) for path in sorted((SHARED / "seeds").glob("*.txt"))]
    assert len(texts) == 5
    assert not [1 for i, one in enumerate(texts) for other in texts[:i] if is_copy(one, other)]
