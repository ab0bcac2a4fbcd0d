"""Results as an Atom feed: one entry each, whose id is that of the fact for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from alerts.feed import Feed, FeedEntry, feed_bytes, urn
from alerts.harmless import html_words, plain_words, safe_link
from alerts.wording import GROUPS, SUBJECTS, Language, outcome_words
from crawler.items import Result

__all__ = ["result_feed"]

Row = Mapping[str, Any]

_OUTCOMES = ("rank", "tied", "top", "score", "grade", "award", "work", "improved", "change", "indicator")
_MOST_MENTIONS = 10


def result_feed(
    rows: Iterable[Row], times: Mapping[str, str], names: Sequence[str], *, title: str, language: Language = "zh"
) -> bytes:
    """The feed of these results (as `storage.results.find_results` gives them), the last changed first.

    `times` say by fact key when a result last changed, which is what a reader of feeds sorts by; `names` tell this feed from all
    others.
    """
    entries = [_entry(row, times.get(row["fact_key"], row["first_seen"]), language) for row in rows]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    return feed_bytes(Feed(urn("results", *names), title, tuple(entries)))


def _entry(row: Row, time: str, language: Language) -> FeedEntry:
    told = {name: row[name] for name in _OUTCOMES if row.get(name) is not None}
    outcome = outcome_words(Result("", "", "other", "other", row["kind"], "", (0, 0), **told), language)
    subject = SUBJECTS[language][row["subject"]]
    evaluation = plain_words(row["evaluation"] or row["series"])
    year = "" if row["year"] is None or str(row["year"]) in evaluation else f" {row['year']}"
    scope = " · ".join(part for part in (evaluation + year, GROUPS[language][row["group"]], subject) if part)
    links = [link for mention in row["mentions"] if (link := safe_link(mention["url"]))]
    return FeedEntry(
        urn("result", row["fact_key"]),
        plain_words(f"{row['entity'].replace('/', ' ')} {outcome}（{scope}）"),
        datetime.fromisoformat(time),
        str(Markup("").join(_html(row, scope))),
        links[0] if links else None,
    )


def _html(row: Row, scope: str) -> Iterator[Markup]:
    yield Markup("<p>{}</p>\n<ul>\n").format(html_words(scope))
    for mention in row["mentions"][:_MOST_MENTIONS]:
        outlet, link = html_words(mention["outlet"] or "?"), safe_link(mention["url"])
        who = Markup('<a href="{}">{}</a>').format(link, outlet) if link else outlet
        day = (mention["published"] or "")[:10]
        yield Markup("<li>“{}” {} {}</li>\n").format(html_words(mention["words"]), who, day)
    yield Markup("</ul>")
