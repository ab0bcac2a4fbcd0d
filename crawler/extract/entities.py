"""Which place or organisation a name means, by year, group, company and the article's own place (grammar.md §L)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.extract.departments import in_full, without_office
from crawler.extract.levels import Entity, EntityLevel, levels_of_group
from crawler.extract.names import Name
from crawler.extract.organisations import find_organisations
from crawler.extract.outlets import place_of_domain, place_of_outlet
from crawler.extract.places import Place, PlaceChain, load_gazetteer
from crawler.items import Article, Group

__all__ = ["Resolver"]

_OFFICE = re.compile(r"(?:厅|局|委|委员会|办公室|署)$")
_SOURCE = re.compile(r"(?:来源|稿源):\s*(\w{2,14})")
_DATELINE = re.compile(r"(?:^|\n)\s*(\w{2,14}?)讯(?=[\s:(,])")
_EVENT = re.compile(r"市?(?:[^,。;]{0,10})?(?:揭晓|召开|举行|举办|发布|公布|颁奖|出炉|开幕|落幕|颁发)")
_ZONE = re.compile(r"(?:高新|经开|开发|保税|示范)区$|园区$")
_TOWN = re.compile(r"\w{1,5}(?:镇|乡|街道)")
_NAMED = 12
"""How many hits of the body are looked at for the place it speaks of most."""


class Resolver:
    """Resolves the names of one article."""

    def __init__(self, article: Article, text: str) -> None:
        self.gazetteer = load_gazetteer()
        self.article = article
        self.text = text
        self._homes: list[Place] | None = None
        self._spoken_of: list[Place] | None = None
        self._homes_are_said = False
        self._times: Counter[str] = Counter()
        self._full: dict[str, list[PlaceChain]] | None = None
        self._levels: dict[tuple[int, int | None], tuple[str, ...] | None] = {}

    def entity(
        self, name: Name, year: int | None, group: Group | None, parent: Name | None, company: Sequence[Name] = ()
    ) -> Entity | None:
        """The entity of that year, or None where the name means nobody known."""
        if name.organisation is not None:
            return self._organisation(name, year, among_offices=group == "other" or _beside_offices(company))
        if name.person:
            return self._person(name, year)
        if name.portal is not None:
            return self._portal(name, year, group)
        if name.chain is None:
            return None
        place = self._place(name, year, group, parent, company)
        if place is None:
            return Entity(name.form, None, "county", sure=False)
        if place.level == "zone" and name.chain.hits[-1].form != place.name:
            return Entity(name.form, None, "zone", sure=False)  # a nickname of a zone is no official name
        if name.chain.tail:
            last, tail = name.chain.hits[-1], name.chain.tail
            zone = _ZONE.search(tail) is not None and last.short  # 长沙经开区 is its name, 经开区 is not
            return Entity(self.gazetteer.path_of_town(place, last.form + tail if zone else tail), None, "town")
        return _entity(place)

    def _organisation(self, name: Name, year: int | None, *, among_offices: bool) -> Entity:
        assert name.organisation is not None
        organisation = name.organisation.organisation
        local = name.organisation.local or (among_offices and name.form != organisation.name_in(year))
        central = organisation.kind == "ministry" and not local
        level: EntityLevel = "ministry" if central else "organisation"
        return Entity(organisation.name_in(year) if central else self._department(name.form), None, level)

    def _department(self, form: str) -> str:
        """The printed name with its place (市卫健委 → 南宁市卫生健康委员会), where the article's own place is known (L9)."""
        level = {"省": "province", "市": "prefecture", "区": "county", "县": "county"}.get(form[0])
        rest = form[1:]
        if form.startswith("自治区"):
            level, rest = "province", form[3:]
        own = self.near() if form[0] == "市" else None
        if (
            own is not None and own.level == "county" and own.name.endswith("市")
        ):  # its own offices, or of the city above
            above = self.home("prefecture")
            home = own if above is None or above.name not in self.text else None
            if home is None:
                return form
        else:
            home = self.home(level) if level is not None else None
        if home is None:
            return self._town(form)
        return in_full(home.name, rest, self.text)

    def _town(self, form: str) -> str:
        """都斛镇 of the county whose article it is, with its path; other names as printed."""
        county = self.home("county") if _TOWN.fullmatch(form) else None
        return f"{county.path}/{form}" if county is not None and county.name not in form else form

    def _portal(self, name: Name, year: int | None, group: Group | None) -> Entity | None:
        assert name.portal is not None
        place = name.portal.place
        if name.portal.places is not None:
            hit, levels = name.portal.places, levels_of_group(group)
            found = self.gazetteer.resolve(hit, year=year, levels=levels, near=self.near()) if levels else None
            place = found or self.gazetteer.resolve(hit, year=year, near=self.near())
        if place is None:
            return None
        current = self.gazetteer.in_year(place, year) if year is not None else place
        return _entity(current or place)

    def _place(
        self, name: Name, year: int | None, group: Group | None, parent: Name | None, company: Sequence[Name]
    ) -> Place | None:
        assert name.chain is not None
        near = self._near_for(name)
        if len(name.chain.hits) > 1:
            return name.chain.place(year, near)
        above = self._above(parent, year)
        hit = name.chain.hits[0]
        levels = self._levels_of(company, year) or levels_of_group(group)
        if levels is not None:
            place = self.gazetteer.resolve(hit, year=year, parent=above, levels=levels, near=near)
            if place is not None:
                return place
        place = self.gazetteer.resolve(hit, year=year, parent=above, near=near)
        return place if place is not None else self._told_in_full(hit.form, year)

    def _told_in_full(self, form: str, year: int | None) -> Place | None:
        """The one place of that name that the text names elsewhere with its parent: 北京通州区 tells which 通州区."""
        if self._full is None:
            chains = [chain for chain in self.gazetteer.chains(self.text) if len(chain.hits) > 1]
            self._full = {}
            for chain in chains:
                self._full.setdefault(chain.hits[-1].form, []).append(chain)
        places = [chain.place(year, self.near()) for chain in self._full.get(form, ())]
        paths = {place.path for place in places if place is not None}
        return next((place for place in places if place is not None), None) if len(paths) == 1 else None

    def _above(self, parent: Name | None, year: int | None) -> Place | None:
        """The unit under which the list goes on: the parent that the item before names (L6)."""
        if parent is None or parent.chain is None:
            return None
        hits = parent.chain.hits
        near = self._near_for(parent)
        above = self.gazetteer.resolve(hits[-2] if len(hits) > 1 else hits[-1], year=year, near=near)
        return above if above is not None and above.level != "county" else None

    def _levels_of(self, company: Sequence[Name], year: int | None) -> tuple[str, ...] | None:
        """The level that most of the list has beyond doubt, where there are at least three of it."""
        key = (id(company), year)
        if key in self._levels:
            return self._levels[key]
        self._levels[key] = levels = self._count_levels(company, year)
        return levels

    def _count_levels(self, company: Sequence[Name], year: int | None) -> tuple[str, ...] | None:
        counted: Counter[str] = Counter()
        for name in company:
            if name.chain is not None:
                levels = {place.level for place in name.chain.hits[-1].places if year is None or place.holds_in(year)}
                if len(levels) == 1:
                    counted[levels.pop()] += 1
        most = counted.most_common(1)
        return (most[0][0],) if most and most[0][1] >= 3 and most[0][1] * 2 > len(company) else None

    def _person(self, name: Name, year: int | None) -> Entity | None:
        if name.person == "account":
            return Entity(name.form, None, "account")
        if name.person == "office":
            outlets = [
                without_office(o, name.form[-1])
                for o in (self.article.origin, self.article.outlet)
                if o and _OFFICE.search(o)
            ]
            named = outlets or self._offices_of_title()
            return Entity(named[0], None, "organisation") if named else None
        if name.person == "country":
            return Entity("中国", None, "country")
        if name.person == "home":
            return _entity(self.homes[0]) if self.homes else None
        place = self.home(name.person)
        if place is None:
            return None
        current = self.gazetteer.in_year(place, year) if year is not None else place
        return _entity(current or place)

    def _offices_of_title(self) -> list[str]:
        """The departments that the headline names, for 我厅 and 我局 (L3)."""
        hits = find_organisations(self.article.title or "")
        return [self._department(hit.form) for hit in hits if hit.local and not hit.weak]

    def _near_for(self, name: Name) -> Place | None:
        """`near` where a form of the name has several meanings; else it decides nothing and is not looked for: it takes as
        long as reading half the article."""
        hits = name.chain.hits if name.chain is not None else ()
        return self.near() if any(len(hit.places) > 1 for hit in hits) else None

    def near(self) -> Place | None:
        """The place whose children are meant first: the article's own."""
        return self.homes[0] if self.homes else None

    @property
    def homes(self) -> list[Place]:
        """Places that 我省 or 我市 may mean, best first: region, origin, outlet, domain, headline, body (L3)."""
        if self._homes is None:
            self._homes = self._find_homes()
        return self._homes

    def _find_homes(self) -> list[Place]:
        article = self.article
        found: list[Place | None] = [self.gazetteer.place(article.region) if article.region else None]
        found += [place_of_outlet(outlet) for outlet in (article.origin, article.outlet) if outlet]
        if not (article.origin or article.outlet):
            found += [
                place_of_outlet(name) for name in _SOURCE.findall(self.text)[-1:] + _DATELINE.findall(self.text)[:1]
            ]
        found.append(place_of_domain(urlsplit(article.url).hostname or "") if article.url else None)
        if article.title:
            found += self._places_in(article.title)[:2]
        homes = [place for place in found if place is not None]
        self._homes_are_said = bool(homes)
        return list({place.path: place for place in homes}.values()) or self.spoken_of

    @property
    def spoken_of(self) -> list[Place]:
        """The places that the body names most."""
        if self._spoken_of is None:
            self._spoken_of = self._most_named()
        return self._spoken_of

    def _most_named(self) -> list[Place]:
        first = self.article.paragraphs[0].start if self.article.paragraphs else 0
        counted = Counter(place.path for place in self._places_in(self.text[first : first + 4000]))
        self._times = counted
        paths = [path for path, _ in counted.most_common(_NAMED)]
        places = [self.gazetteer.place(path) for path in paths]
        return [place for place in places if place is not None]

    def _places_in(self, words: str) -> list[Place]:
        found = []
        for chain in self.gazetteer.chains(words):
            if _EVENT.match(words, chain.end) and words[chain.start - 1 : chain.start] in ("在", "于"):
                continue  # 在北京揭晓
            if not chain.hits[-1].short or chain.hits[-1].places[0].level in ("province", "prefecture"):
                place = chain.place(None)
                if place is not None and place.level != "zone":
                    found.append(place)
        return found

    def home(self, level: str) -> Place | None:
        """The article's own place at that level, a parent of what is known included."""
        homes = self.homes
        for place in homes if self._homes_are_said else ():
            if (found := self._at_level(place, level)) is not None:
                return found
        counted: Counter[str] = Counter()
        for place in self.spoken_of:
            if (found := self._at_level(place, level)) is not None:
                counted[found.path] += self._times[place.path]
        first = counted.most_common(2)
        if not first or (len(first) == 2 and first[0][1] == first[1][1]):
            return None  # no guess among several that are named as often
        return self.gazetteer.place(first[0][0])

    def _at_level(self, place: Place, level: str) -> Place | None:
        province = self.gazetteer.place(place.path.split("/")[0])
        if level == "province":
            return province
        if level == "region":
            autonomous = province is not None and province.name.endswith("自治区")
            return province if autonomous and place.level != "county" else (place if place.level == "county" else None)
        if level == "prefecture":
            if place.level == "prefecture":
                return place
            if (
                province is not None
                and province.name in ("北京市", "上海市", "天津市", "重庆市")
                and place.level == "province"
            ):
                return province
            parts = place.path.split("/")
            return self.gazetteer.place("/".join(parts[:2])) if len(parts) == 3 else None
        return place if place.level == level else None


def _beside_offices(company: Sequence[Name]) -> bool:
    """Whether departments of a place are in the list: 统计局 beside 自治区林业厅 is no national one."""
    return any(
        name.organisation is not None and name.organisation.local and re.search(r"(?:省|自治区|市|厅)", name.form)
        for name in company
    )


def _entity(place: Place) -> Entity:
    return Entity(place.path, place.code or None, place.level)
