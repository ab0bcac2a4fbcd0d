"""Articles, their copies, and articles that only look like copies: for `benchmarks.copies` and tests/test_copies_gate.py.

Nothing here was found on the web: sentences of our own with places, years and figures filled in, sentences of tests/corpus, and
sentences of words thrown together. A text is made twice from one plan with other values where a near miss is wanted.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opencc import OpenCC

from benchmarks.copies_words import BEFORE, LEADS, NOTICES, NUMERALS, PLACES, READINGS, STOCK, SYNONYMS, TOLD
from benchmarks.pages_server import WORDS

__all__ = ["COPIES", "NEAR_MISSES", "Text", "articles", "copies_of", "long_texts", "near_misses"]

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"


@dataclass(frozen=True, slots=True)
class Text:
    """One article, as a site prints it."""

    story: str
    """What it is a copy of: texts of one story, and only they, belong together."""
    how: str
    """original, one of COPIES or one of NEAR_MISSES."""
    title: str
    lines: tuple[str, ...]
    """Its paragraphs."""


Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Sentences with gaps, to be filled with values."""

    sentences: tuple[str, ...]
    values: Values

    def text(self, story: str, how: str, **other: str) -> Text:
        values = self.values | other
        found = [sentence.format_map(values) for sentence in self.sentences]
        lines = ("".join(found[i : i + 3]) for i in range(0, len(found), 3))
        return Text(story, how, "{place}网站{year}年排名第{rank}".format_map(values), tuple(lines))


@cache
def _corpus() -> tuple[str, ...]:
    """Sentences of tests/corpus, as they stand there."""
    documents = (
        document["text"]
        for path in sorted(CORPUS.glob("*.toml"))
        for document in tomllib.loads(path.read_text(encoding="utf-8")).get("document", ())
    )
    found = (part.strip() for text in documents for part in text.replace("\n", "").split("。"))
    return tuple(dict.fromkeys(part + "。" for part in found if 25 < len(part) < 120 and "{" not in part))


def _figures(chance: random.Random) -> Values:
    rank = chance.randrange(19)
    return {
        "rank": NUMERALS[rank], "score": f"{chance.uniform(60, 98):.1f}", "steps": str(chance.randint(2, 30)), "few": str(chance.randint(3, 90)),
        "many": str(chance.randint(2000, 90000)), "some": str(chance.randint(100, 999)), "share": f"{chance.uniform(80, 99):.1f}",
        "points": f"{chance.uniform(1, 20):.1f}",
    }  # fmt: skip


def _of_year(year: int) -> Values:
    return {"year": str(year), "before": str(year - 1), "edition": NUMERALS[year - 2008], "quarter": NUMERALS[year % 4]}


def _of_place(chance: random.Random) -> Values:
    province, place = chance.choice(PLACES)
    return {"province": province, "place": place}


def _plan(chance: random.Random) -> _Plan:
    """A notice of two sentences, or an article of up to fifty."""
    values = _of_place(chance) | _of_year(chance.randint(2009, 2024)) | _figures(chance)
    length = chance.choices((0, 4, 10, 20, 50), (15, 20, 40, 20, 5))[0]
    if not length:
        return _Plan((chance.choice(NOTICES), _thrown(chance, 16)), values)
    told = chance.sample(TOLD, min(len(TOLD), 1 + length // 4))
    rest = [_thrown(chance, chance.randint(10, 24)) if chance.random() < 2 / 3 else chance.choice(_corpus()) for _ in range(length - len(told))]  # fmt: skip
    body = [*told, *rest]
    chance.shuffle(body)
    return _Plan((chance.choice(LEADS), *body), values)


def _thrown(chance: random.Random, words: int) -> str:
    half = words // 2
    return f"{''.join(chance.choices(WORDS, k=half))}，{''.join(chance.choices(WORDS, k=words - half))}。"


def articles(number: int, seed: int = 1) -> Iterator[tuple[_Plan, Text]]:
    """So many articles, each with its plan."""
    for index in range(number):
        plan = _plan(random.Random(f"{seed}/{index}"))
        yield plan, plan.text(f"story {index}", "original")


def long_texts(number: int, seed: int = 3) -> Iterator[str]:
    """Texts of some 900 characters with sentences in common, as many stories as texts but for every fifth, which is a copy."""
    last = ""
    for index in range(number):
        chance = random.Random(f"{seed}/{index}")
        if index % 5 == 4:
            yield last[len(last) // 4 :] + chance.choice(STOCK)
            continue
        values = _of_place(chance) | _of_year(chance.randint(2009, 2024)) | _figures(chance)
        told = [sentence.format_map(values) for sentence in (chance.choice(LEADS), *chance.sample(TOLD, 3))]
        last = "".join(
            (*told, *(_thrown(chance, 24) for _ in range(12)), *chance.sample(_corpus(), 2), chance.choice(STOCK))
        )
        yield last


def _cut(text: Text, chance: random.Random) -> tuple[str, ...]:
    """The first or the last two to four fifths; of a notice all. The first where the last would no longer say of which place, for
    then it is a copy of the near miss as well."""
    found = [part + "。" for line in text.lines for part in line.split("。") if part]
    keep = max(3, round(len(found) * chance.uniform(0.4, 0.8)))
    place = text.title.partition("网站")[0].removeprefix("重要消息：")
    is_behind = chance.random() < 0.4 and sum(place in part for part in found[-keep:]) > 2
    kept = found[-keep:] if is_behind else found[:keep]
    return tuple("".join(kept[i : i + 3]) for i in range(0, len(kept), 3))


def _wrapped(text: Text, chance: random.Random) -> tuple[str, ...]:
    return (chance.choice(BEFORE), *text.lines, chance.choice(STOCK)) if len("".join(text.lines)) > 300 else (*text.lines, chance.choice(BEFORE))  # fmt: skip


def _synonyms(text: Text, _chance: random.Random) -> tuple[str, ...]:
    return tuple(_replaced(line) for line in text.lines)


def _replaced(line: str) -> str:
    for word, other in SYNONYMS.items():
        line = line.replace(word, other)
    return line.replace("，", ",")


def _traditional(text: Text, _chance: random.Random) -> tuple[str, ...]:
    return tuple(_opencc().convert(line) for line in text.lines)


@cache
def _opencc() -> OpenCC:
    return OpenCC("s2t")


def _readings(text: Text, chance: random.Random) -> tuple[str, ...]:
    return tuple("".join(f"{sign}({READINGS[sign]})" if sign in READINGS and chance.random() < 0.5 else sign for sign in line) for line in text.lines)  # fmt: skip


def _padded(text: Text, chance: random.Random) -> tuple[str, ...]:
    """With boilerplate of three tenths of its length."""
    wanted = 0.3 * len("".join(text.lines))
    added: list[str] = []
    for sentence in chance.sample(STOCK, len(STOCK)):
        if sum(map(len, added)) + len(sentence) / 2 > wanted:
            break
        added.append(sentence)
    return (*text.lines, *added)


def _retitled(text: Text, _chance: random.Random) -> tuple[str, ...]:
    return text.lines


COPIES = {
    "cut": _cut, "wrapped": _wrapped, "retitled": _retitled, "synonyms": _synonyms, "traditional": _traditional, "readings": _readings,
    "boilerplate": _padded,
}  # fmt: skip


def copies_of(text: Text, number: int, seed: int = 1) -> Iterator[Text]:
    """Copies of an article in so many different ways; every third in two ways at once."""
    chance = random.Random(f"{seed}/{text.story}")
    for count, how in enumerate(chance.sample(sorted(COPIES), number)):
        lines, made = COPIES[how](text, chance), how
        if count % 3 == 2:
            also = chance.choice([name for name in ("synonyms", "traditional", "boilerplate") if name != how])
            lines = COPIES[also](Text(text.story, how, text.title, lines), chance)
            made = f"{how}+{also}"
        title = f"重要消息：{text.title}，速看" if how == "retitled" else text.title
        yield Text(text.story, made, title, lines)


NEAR_MISSES = ("place", "place and figures", "year", "figures", "boilerplate only", "halves")


def near_misses(plans: list[tuple[_Plan, Text]], seed: int = 1) -> Iterator[Text]:
    """One for every article: the same sentences of another place, another year or with other figures; or another article with the
    same boilerplate behind it, or one of two halves of a series with the same note."""
    for index, (plan, _) in enumerate(plans):
        chance = random.Random(f"{seed}/near/{index}")
        how = NEAR_MISSES[index % len(NEAR_MISSES)]
        yield _near_miss(plan, how, index, chance)


def _near_miss(plan: _Plan, how: str, index: int, chance: random.Random) -> Text:
    story = f"near {index}"
    figures = {name: value for name, value in _figures(chance).items() if value != plan.values[name]}
    if how == "boilerplate only":
        other = _plan(chance).text(story, how)
        return Text(story, how, other.title, (*other.lines, *chance.sample(STOCK, 2)))
    if how == "halves":
        return _half(story, index // len(NEAR_MISSES))
    while (place := _of_place(chance))["place"] == plan.values["place"]:
        pass
    year = _of_year((int(plan.values["year"]) - 2009 + chance.randint(1, 15)) % 16 + 2009)
    changed = {"place": place, "place and figures": place | figures, "year": year | figures, "figures": figures}
    return plan.text(story, how, **changed[how])


def _half(story: str, number: int) -> Text:
    """The first or the second part of an article that appears in two, below the same note."""
    chance = random.Random(f"half {number // 2}")
    while len((plan := _plan(chance)).sentences) < 6:
        pass
    middle = len(plan.sentences) // 2
    part = plan.sentences[middle:] if number % 2 else plan.sentences[:middle]
    text = _Plan(part, plan.values).text(story, "halves")
    return Text(story, "halves", f"{text.title}（{'上下'[number % 2]}）", (BEFORE[2], *text.lines))
