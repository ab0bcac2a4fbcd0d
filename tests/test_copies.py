from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from storage.articles import store_article
from storage.copies import MOST_HOLDERS, is_copy, letters_of, marks_of
from storage.database import Store, open_store
from storage.rows import digest
from storage.runs import start_run
from tests.store_samples import NEWS, NIGHT, NOW, OTHER_NEWS, arrival, article, extraction

SHARED = Path(__file__).parents[2] / "shared"
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


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_copies_are_found(copy: str) -> None:
    assert is_copy(letters_of(NEWS), letters_of(copy))
    assert is_copy(letters_of(copy), letters_of(NEWS))


def test_different_articles_with_the_same_disclaimer_are_no_copies() -> None:
    assert not is_copy(letters_of(NEWS + DISCLAIMER), letters_of(OTHER_NEWS + DISCLAIMER))


def test_short_texts_are_copies_only_when_equal() -> None:
    short = "评估结果和各单位名次见下面的图片。"
    assert not is_copy(letters_of(short), letters_of(f"{short}{NEWS}"))
    assert is_copy(letters_of("请看图片。"), letters_of("请看 图片"))
    assert not is_copy(letters_of(""), letters_of(NEWS))


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


def test_copies_share_a_cluster_in_every_order(tmp_path: Path) -> None:
    texts = {"a": NEWS, "b": COPIES["wrapped"], "c": COPIES["cut behind"], "d": OTHER_NEWS, "e": COPIES["cut before"]}
    found = set()
    for number, order in enumerate(permutations(texts)):
        if number % 10:
            continue  # 12 of 120 orders
        with open_store(tmp_path / f"{number}.db") as store:
            found.add(tuple(sorted(put(store, {url: texts[url] for url in order}).items())))
    assert len(found) == 1
    by_url = dict(found.pop())
    assert len({by_url[f"http://example.cn/{url}"] for url in "abce"}) == 1
    assert by_url["http://example.cn/d"] != by_url["http://example.cn/a"]
    assert by_url["http://example.cn/a"] == min(digest(f"http://example.cn/{url}") for url in "abce")


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


def test_an_article_leaves_its_cluster_when_its_text_changes(store: Store) -> None:
    found = put(store, {"a": NEWS, "b": COPIES["wrapped"]})
    assert len(set(found.values())) == 1
    found = put(store, {"a": OTHER_NEWS})
    assert len(set(found.values())) == 2
    assert set(found.values()) == {row["id"] for row in store.rows("SELECT id FROM clusters")}
    assert store.value("SELECT count(*) FROM copy_marks JOIN articles ON id = article WHERE url LIKE '%/a'") == len(
        marks_of(letters_of(OTHER_NEWS))
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


def test_what_stands_on_every_page_is_remembered_so_many_times_only(store: Store) -> None:
    run = start_run(store, night=NIGHT, now=NOW, replay=True)
    for number in range(MOST_HOLDERS + 6):
        own = "".join(chr(0x4E00 + (number * 997 + i * 31) % 20000) for i in range(200))
        store_article(store, arrival(store, article(own + DISCLAIMER, f"http://e.cn/{number}"), extraction(), run=run))
    most = store.value("SELECT max(n) FROM (SELECT count(*) AS n FROM copy_marks GROUP BY mark)")
    assert most == MOST_HOLDERS
    assert store.value("SELECT count(DISTINCT cluster) FROM articles") == MOST_HOLDERS + 6


@pytest.mark.skipif(not SHARED.is_dir(), reason="the example documents are not beside this checkout")
def test_the_example_documents_are_no_copies_of_each_other() -> None:
    texts = [letters_of(path.read_text(encoding="utf-8")) for path in sorted((SHARED / "seeds").glob("*.txt"))]
    assert len(texts) == 5
    assert not [1 for i, one in enumerate(texts) for other in texts[:i] if is_copy(one, other)]
