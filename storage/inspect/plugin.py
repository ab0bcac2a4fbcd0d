"""The Datasette plugin: routes of our pages, links in Datasette's cells, and how its connections are set up.

Datasette's plugins are one set per process; the hooks below speak only for the instances that `attach` was called for.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sqlite3
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlencode
from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.utils.asgi import Forbidden, NotFound, Response
from markupsafe import Markup, escape

from storage.inspect.guard import LANGUAGE_COOKIE
from storage.inspect.pages.article import article
from storage.inspect.pages.evaluation import evaluation
from storage.inspect.pages.home import home
from storage.inspect.pages.place import place
from storage.inspect.pages.run import run
from storage.inspect.pages.searching import search
from storage.inspect.reader import Reader, Row, reading
from storage.inspect.words import LANGUAGES, Language, Outside, Spoken

__all__ = ["DATABASE", "attach"]

DATABASE = "evalwatch"
"""What the database is called in addresses, whatever its file is called."""

PAGE_LIMIT_MS = 3000
"""How long the queries of one of our pages may take in all."""

_MAX_BYTES_PER_VALUE = 16_000_000
"""Of a string that a query makes: randomblob and printf could ask for a gigabyte."""
_MOST_LETTERS = 200
"""Of what is searched for."""

Find = Callable[[Reader, Any, Outside], Row | None]

_attached: WeakKeyDictionary[Any, Outside] = WeakKeyDictionary()


def attach(datasette: Any, outside: Outside) -> None:
    """Give this Datasette our pages."""
    _attached[datasette] = outside


def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    if datasette not in _attached:
        return []
    pages = [(pattern + r"(?P<json>\.json)?$", partial(_answer, template, find)) for pattern, template, find in _PAGES]
    return [(r"/article/(?P<id>[0-9a-f]{16})/archived$", _archived), *pages]


async def _answer(template: str, find: Find, request: Any, datasette: Any) -> Any:
    """One of our pages, or its JSON twin."""
    outside = _attached[datasette]
    spoken = Spoken(_language(request), outside)
    as_json = bool(request.url_vars.get("json"))

    def read(connection: sqlite3.Connection) -> Row | None:
        with reading(connection, PAGE_LIMIT_MS) as reader:
            return find(reader, request, outside)

    status = 200
    try:
        data = await datasette.get_database(DATABASE).execute_fn(read)
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        data, status = None, 503
    else:
        status = 200 if data is not None else 404
    if data is None:
        message = spoken.t("too_slow" if status == 503 else "no_such_page")
        if as_json:
            return _json({"error": message}, status)
        template, data = "error", {"message": message}
    elif as_json:
        return _json(data, status)
    page = await datasette.render_template(f"evalwatch/{template}.html", {"page": data}, request=request)
    return Response.html(page, status=status)


def _json(data: Row, status: int) -> Any:
    text = json.dumps(data, ensure_ascii=False, default=str)
    return Response(text, status=status, content_type="application/json; charset=utf-8")


async def _archived(request: Any, datasette: Any) -> Any:
    """The page of an article as it was kept, as plain text: markup of the web is never markup here."""
    outside = _attached[datasette]
    identity = request.url_vars["id"]
    found = await datasette.get_database(DATABASE).execute("SELECT url, night FROM articles WHERE id = ?", [identity])
    own = found.first()
    kept = await asyncio.to_thread(outside.archived, own["url"], own["night"]) if own else None
    missing = Spoken(_language(request), outside).t("no_such_page")
    return Response.text(missing, status=404) if kept is None else Response.text(kept)


def _language(request: Any) -> Language:
    """Asked for in the address, else chosen before, else Chinese."""
    for given in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if given in LANGUAGES:
            return cast("Language", given)
    return "zh"


def _number(request: Any, name: str) -> int:
    given = request.args.get(name) or ""
    return int(given) if re.fullmatch(r"[1-9][0-9]{0,4}", given) else 1


def _find_home(reader: Reader, _request: Any, _outside: Outside) -> Row | None:
    return home(reader)


def _find_place(reader: Reader, request: Any, outside: Outside) -> Row | None:
    key = unquote(request.url_vars["key"])
    return place(reader, key, outside.names_of(key), _number(request, "page"))


def _find_evaluation(reader: Reader, request: Any, _outside: Outside) -> Row | None:
    year = request.url_vars["year"]
    return evaluation(
        reader, request.url_vars["series"], None if year == "unknown" else int(year),
        request.args.get("id"), request.args.get("group"), _number(request, "page"),
    )  # fmt: skip


def _find_article(reader: Reader, request: Any, outside: Outside) -> Row | None:
    found = article(reader, request.url_vars["id"])
    return found and found | {"archived": outside.has_archive(found["night"])}


def _find_run(reader: Reader, request: Any, _outside: Outside) -> Row | None:
    return run(reader, int(request.url_vars["run"]))


def _find_words(reader: Reader, request: Any, outside: Outside) -> Row | None:
    words = " ".join((request.args.get("q") or "")[:_MOST_LETTERS].split())
    return {**search(reader, outside.simplify(words), _number(request, "page")), "asked": words}


_PAGES: tuple[tuple[str, str, Find], ...] = (
    (r"/", "home", _find_home),
    (r"/place/(?P<key>.+?)", "place", _find_place),
    (r"/evaluation/(?P<series>[^/]+)/(?P<year>[0-9]{4}|unknown)", "evaluation", _find_evaluation),
    (r"/article/(?P<id>[0-9a-f]{16})", "article", _find_article),
    (r"/run/(?P<run>[0-9]{1,9})", "run", _find_run),
    (r"/search", "search", _find_words),
)


def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    outside = _attached.get(datasette)
    if outside is None:
        return {}
    spoken = Spoken(_language(request) if request else "zh", outside)
    asked = parse_qsl(request.query_string) if request else []
    other = [
        *((name, value) for name, value in asked if name != "lang"),
        ("lang", "zh" if spoken.lang == "en" else "en"),
    ]
    return {
        "w": spoken,
        "t": spoken.t,
        "lang": spoken.lang,
        "other_language": "?" + urlencode(other),
        "title_of": partial(_title, datasette),
        "table_path": partial(_table_path, datasette),
    }


def _record(datasette: Any, table: str) -> dict[str, Any]:
    """What metadata.toml says of a table or view."""
    return cast("dict[str, Any]", datasette.metadata(database=DATABASE)["tables"].get(table, {}))


def _title(datasette: Any, table: str) -> str | None:
    return _record(datasette, table).get("title")


def _table_path(datasette: Any, table: str) -> str:
    """Where a table is shown; without counting its rows where that would take a second."""
    return f"/{DATABASE}/{table}" + ("?_nocount=1" if _record(datasette, table).get("uncounted") else "")


async def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Errors as one of our pages: what a reader can act on in words, the rest in the log."""
    if datasette not in _attached:
        return None
    status = getattr(exception, "status", 500)
    message = str(exception)
    if isinstance(exception, NotFound | Forbidden):
        status, message = (HTTPStatus.NOT_FOUND if isinstance(exception, NotFound) else HTTPStatus.FORBIDDEN), ""
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logging.getLogger("evalwatch").error("%s: %s", request.path, exception, exc_info=exception)
        message = ""
    spoken = Spoken(_language(request), _attached[datasette])
    message = message or spoken.t("no_such_page" if status == HTTPStatus.NOT_FOUND else "error")
    if request.path.endswith(".json"):
        return _json({"error": message}, status)
    page = await datasette.render_template("evalwatch/error.html", {"page": {"message": message}}, request=request)
    return Response.html(page, status=status)


def render_cell(row: Any, value: Any, column: str, datasette: Any) -> Any:
    """Links from Datasette's tables to our pages. None leaves the cell to Datasette, which escapes it."""
    if datasette not in _attached or not isinstance(value, str | int) or value == "":
        return None
    path = _path(row, value, column)
    return None if path is None else Markup('<a href="{}">{}</a>').format(path, escape(value))


def _path(row: Any, value: Any, column: str) -> str | None:
    names = row.keys()
    text = str(value)
    if column == "entity" and isinstance(value, str):
        return Spoken.place_path({"entity": text, "code": row["code"] if "code" in names else None})
    if column == "words_at" and re.fullmatch(r"/article/[0-9a-f]{16}#m[0-9]+", text):
        return text
    if column == "article" and re.fullmatch(r"[0-9a-f]{16}", text):
        return f"/article/{text}"
    if column == "run" and re.fullmatch(r"[0-9]+", text):
        return f"/run/{text}"
    # what is still expected has no page
    is_there = "due" not in names or ("state" in names and row["state"] == "seen")
    if column == "year" and "series" in names and isinstance(value, int) and row["series"] != "other" and is_there:
        return Spoken.evaluation_path({"series": row["series"], "year": value})
    return None


def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    if datasette not in _attached or database != DATABASE:
        return
    conn.execute("PRAGMA query_only = 1")
    conn.execute("PRAGMA busy_timeout = 5000")
    conn.execute("PRAGMA cache_size = -32000")
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_BYTES_PER_VALUE)


def permission_allowed(datasette: Any, action: str) -> bool | None:
    """Whoever came past the guard may read and run SQL; nobody gets Datasette's pages about itself."""
    if datasette not in _attached:
        return None
    return False if action in ("permissions-debug", "debug-menu", "view-database-download") else None


for _hook in (
    register_routes,
    extra_template_vars,
    render_cell,
    prepare_connection,
    permission_allowed,
    handle_exception,
):
    hookimpl(_hook)
