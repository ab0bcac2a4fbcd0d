"""Two nights on the recorded web of ../shared: the promises of the nightly run, typed as a user would."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.nights import ROOT, SHARED, content, evalwatch, listed, run_night

pytestmark = pytest.mark.skipif(not (SHARED / "web").is_dir(), reason="needs the recorded web in ../shared")

SEEDS = {
    "000_f15270956b4abc0d": "http://dwrh.net/a/dxw/gxgl/2021/0105/215085.html",
    "001_bc4734b40c949ecf": "http://www.china.com.cn/zhibo/zhuanti/2015-12/25/content_37398811.htm",
    "002_6863e8b473bc5ea6": "https://www.seoxiehui.cn/article-131342-1.html",
    "003_8f95d45b81c144a1": "http://www.ftgroup.cc/news_detail/newsId=214.html",
    "004_91abfc8e7ca02329": "https://finews.withounder.com/xinhuacaijing/2021/12/17/NW202112172217951027.html",
}
HUBEI = "https://www.hubei.gov.cn/zwgk/hbyw/hbywqb/202012/t20201216_3089000.shtml"


class Nights:
    """Night 1, night 1 again, night 2, night 2 again, in one database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder, folder / "t.db"
        self.settings = folder / "settings.toml"
        self.settings.write_text((ROOT / "settings.toml").read_text(encoding="utf-8"), encoding="utf-8")
        recordings = [SHARED / "web" / f"night{n}.warc.gz" for n in (1, 1, 2, 2)]
        self.summaries, self.contents = [], []
        for recording in recordings:
            self.summaries.append(run_night(folder, self.settings, self.database, recording))
            self.contents.append(content(self.database))
        self.results = listed(folder, "results", self.settings, self.database)
        self.alerts = listed(folder, "alerts", self.settings, self.database)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    return Nights(tmp_path_factory.mktemp("nights"))


def urls_of(result: dict[str, Any]) -> set[str]:
    return {mention["url"] for mention in result["mentions"]}


def test_the_first_night_stores_the_results_of_three_articles(nights: Nights) -> None:
    first = nights.summaries[0]
    assert first["status"] == "ok"
    with_results = {row[1] for row in nights.contents[0]["mentions"]}
    assert with_results == {SEEDS[name] for name in list(SEEDS)[1:4]}
    assert first["results"]["new"] == len(nights.contents[0]["results"]) > 0


def test_the_first_night_of_a_source_is_its_baseline_and_alerts_nobody(nights: Nights) -> None:
    assert nights.summaries[0]["alerts"] == 0
    assert nights.summaries[0]["deliveries"] == {"owed": 0, "sent": 0, "failed": 0}
    assert nights.contents[0]["owed"] == []


@pytest.mark.parametrize("again", [1, 3])
def test_the_same_night_again_finds_nothing_new(nights: Nights, again: int) -> None:
    summary = nights.summaries[again]
    assert summary["status"] == "ok"
    assert summary["articles"] == 0
    assert not any(summary["results"].values())
    assert summary["alerts"] == 0
    assert nights.contents[again] == nights.contents[again - 1]
    # only lists are asked for, no article
    assert summary["requests"] == sum(source["unchanged"] for source in summary["sources"])


def test_the_second_night_brings_hubei_and_guangxi_and_nothing_else(nights: Nights) -> None:
    second = nights.summaries[2]
    assert second["articles"] == 3
    known = {row[0] for row in nights.contents[0]["results"]}
    new = [result for result in nights.results if result["fact_key"] not in known]
    assert second["results"]["new"] == len(new)
    assert (second["alerts"], second["deliveries"]["sent"]) == (1, 1)
    assert second["results"]["disputed"] == second["results"]["refined"] == 0
    for result in new:
        assert urls_of(result) <= {HUBEI, SEEDS["000_f15270956b4abc0d"], SEEDS["004_91abfc8e7ca02329"]}
    assert {result["entity"].split("/")[0] for result in new} >= {"湖北省", "广西壮族自治区"}


def test_original_and_reprint_are_one_cluster_and_share_every_result(nights: Nights) -> None:
    reprint = SEEDS["000_f15270956b4abc0d"]
    copies = {url: cluster for cluster, url in nights.contents[2]["copies"]}
    assert copies[HUBEI] == copies[reprint]
    assert sum(cluster == copies[HUBEI] for cluster in copies.values()) == 2
    shared = [result for result in nights.results if urls_of(result) & {HUBEI, reprint}]
    assert shared
    for result in shared:
        assert urls_of(result) == {HUBEI, reprint}
        assert len(result["mentions"]) == 2


def test_each_new_result_is_in_one_alert(nights: Nights) -> None:
    known = {row[0] for row in nights.contents[0]["results"]}
    new = {result["fact_key"] for result in nights.results} - known
    told = [fact for alert in nights.alerts for fact in alert["results"]]
    assert sorted(told) == sorted(new)
    assert {alert["state"] for alert in nights.alerts} == {"sent"}


def test_the_alert_file_holds_each_message_once_with_the_words(nights: Nights) -> None:
    lines = (nights.folder / "var" / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line) for line in lines]
    assert [message["id"] for message in messages] == [alert["id"] for alert in nights.alerts]
    text = messages[0]["data"]["text"]
    for part in ("湖北省", "第5名", "省政府门户网站位居全国省级政府门户网站第五", HUBEI):
        assert part in text


def test_every_mention_holds_the_exact_words(nights: Nights) -> None:
    with closing(sqlite3.connect(nights.database)) as connection:
        rows = connection.execute(
            "SELECT substr(a.text, m.start + 1, m.end - m.start), m.words FROM mentions m JOIN articles a ON a.id = m.article"
        ).fetchall()
    assert rows
    assert all(cut == words for cut, words in rows)


def test_the_facts_of_the_database_score_as_those_of_the_documents(nights: Nights, tmp_path: Path) -> None:
    predictions = tmp_path / "p.jsonl"
    predictions.write_text(
        "".join(
            json.dumps(_document(nights.results, name, url), ensure_ascii=False) + "\n" for name, url in SEEDS.items()
        ),
        encoding="utf-8",
    )
    scored = subprocess.run(
        [sys.executable, SHARED / "gold" / "score.py", SHARED / "gold" / "seeds", predictions, "--min-f1", "0.98", "--errors"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert scored.returncode == 0, scored.stdout
    assert "WRONG" not in scored.stdout


def _document(results: list[dict[str, Any]], name: str, url: str) -> dict[str, Any]:
    """What the database knows of one article, in the form of the contract."""
    mine = [result for result in results if url in urls_of(result)]
    evaluations = {(result["series"], result["year"], result["evaluation"]) for result in mine}
    keys = {evaluation: f"e{number}" for number, evaluation in enumerate(sorted(evaluations, key=str), 1)}
    return {
        "id": name,
        "kind": "results",
        "evaluations": [
            {"key": key, "series": series, "year": year, "name": title} for (series, year, title), key in keys.items()
        ],
        "results": [
            result | {"evaluation": keys[result["series"], result["year"], result["evaluation"]]} for result in mine
        ],
    }


def test_the_command_line_extracts_the_seeds_as_labelled(tmp_path: Path) -> None:
    files = sorted((SHARED / "seeds").glob("*.txt"))
    extracted = evalwatch("extract", "--json", *files, cwd=tmp_path)
    assert extracted.returncode == 0, extracted.stderr
    (tmp_path / "p.jsonl").write_text(extracted.stdout, encoding="utf-8")
    scored = subprocess.run(
        [sys.executable, SHARED / "gold" / "score.py", SHARED / "gold" / "seeds", tmp_path / "p.jsonl", "--errors"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    precision = float(scored.stdout.split("strict   precision")[1].split()[0])
    assert precision >= 0.98, scored.stdout
    metadata = [line for line in scored.stdout.splitlines() if "/" in line and line.startswith("  ")]
    assert metadata
    assert all(line.endswith("1.0000") for line in metadata), scored.stdout


def test_a_work_wins_once_however_the_sentence_goes_on(nights: Nights) -> None:
    won = [(result["entity"], result["work"]) for result in nights.results if result["work"]]
    assert ("湖北省", "网上政府集约建设助力抗疫狙击战") in won
    assert len({(entity, work.strip("“”则")) for entity, work in won}) == len(won)
