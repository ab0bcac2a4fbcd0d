"""Services by their Apprise URL. Apprise itself is imported when the first is used: it takes a quarter of a second.

Nothing that Apprise says goes anywhere unread: its log holds addresses with keys. The reason of a failure is taken from it
without any part of the URL.
"""

from __future__ import annotations

import difflib
import re
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from alerts.channels.discretion import hider, listening
from alerts.channels.limits import LIMITS, Limits
from alerts.channels.outcomes import Refused
from alerts.channels.robots import is_robot, send_to_robot
from alerts.channels.writing import write
from alerts.render import Form, Message
from crawler.config import AppriseChannel, environment_value
from crawler.errors import DeliveryError

if TYPE_CHECKING:
    from apprise import NotifyBase

__all__ = ["Attached", "BadUrl", "limits_of", "scheme_of", "send", "service_of"]

_NATIVE = (
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send/?\?(?:.*&)?access_token=([A-Za-z0-9]+).*"), "dingtalk"),
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?"), "feishu"),
    (re.compile(r"https://open\.larksuite\.com/open-apis/bot/v2/hook/([\w-]+)/?"), "lark"),
    (re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send/?\?key=([\w-]+).*"), "wecombot"),
)
"""Addresses as the services show them, and the scheme that Apprise has for them."""

_OTHER_NAMES = {
    "wxwork": "wecombot", "wework": "wecombot", "wecom": "wecombot", "qywx": "wecombot", "weixin": "wecombot",
    "dingding": "dingtalk", "ding": "dingtalk", "telegram": "tgram", "email": "mailtos", "mail": "mailtos", "smtp": "mailtos",
    "larksuite": "lark",
}  # fmt: skip
"""What people write for what Apprise calls otherwise."""


class BadUrl(Exception):
    """A URL that names no service: what is wrong and what would be right, without any of its secrets."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def scheme_of(url: str) -> str:
    """The service that a URL names: dingtalk, mailto … Empty: none."""
    for native, scheme in _NATIVE:
        if native.fullmatch(url):
            return scheme
    found = re.match(r"([a-z][a-z0-9+]{1,19})://", url.lower())
    return found[1] if found else ""


def limits_of(url: str) -> Limits:
    """The known bounds of the service of a URL."""
    return LIMITS.get(scheme_of(url), Limits())


def service_of(url: str) -> NotifyBase:
    """The service of a URL. Raises BadUrl."""
    known = _known_schemes()
    import apprise

    scheme = scheme_of(url)
    if not scheme:
        raise BadUrl("is no Apprise URL", "A URL begins with its service: dingtalk://…, see docs/alerts.md")
    for native, _ in _NATIVE:
        if found := native.fullmatch(url):
            url = f"{scheme}://{found[1]}"
    asset = apprise.AppriseAsset(
        app_id="evalwatch", app_desc="evalwatch", app_url="", http_redirects=False, storage_mode="memory",
        image_url_mask="", image_url_logo="",  # else phones load its pictures from elsewhere
    )  # fmt: skip
    with listening():
        service = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        if scheme in known:
            raise BadUrl(f"is no valid URL of {scheme}", f"docs/alerts.md shows how a URL of {scheme} is made")
        near = [_OTHER_NAMES[scheme]] if scheme in _OTHER_NAMES else difflib.get_close_matches(scheme, known, n=1)
        hint = f"Did you mean {near[0]}://?" if near else "docs/alerts.md shows URLs of services"
        raise BadUrl(f"names the unknown service {scheme!r}", hint)
    if len(service) == 0:
        raise BadUrl(f"names nobody to send to over {scheme}", f"docs/alerts.md shows how a URL of {scheme} is made")
    return service


@cache
def _known_schemes() -> tuple[str, ...]:
    """The services that Apprise has; loads them all."""
    with warnings.catch_warnings(), _LOADING:
        # one of its services imports a module that Python 3.13 no longer has, and does without where there is none
        warnings.simplefilter("ignore", DeprecationWarning)
        from apprise.manager_plugins import NotificationManager

        return tuple(sorted(NotificationManager().schemas()))  # type: ignore[no-untyped-call]  # theirs


_FORMS: tuple[Form, ...] = ("text", "markdown", "html")

_LOADING = threading.Lock()
"""Channels are served side by side, and warnings belong to the whole process."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A page that goes with a message."""

    name: str
    """Of the file."""
    page: bytes
    """HTML in UTF-8."""


def send(
    channel: AppriseChannel, payload: Mapping[str, Any], environment: Mapping[str, str], report: Attached | None = None
) -> None:
    """Write the message as the service takes it, and send it, with the report where it takes files. Raises DeliveryError with a
    reason, Refused for 410, Busy where the service asks to wait, SettingsError where the variable is not set."""
    where = f"channel {channel.id}"
    url = channel.url or environment_value(channel.url_env or "", environment)
    try:
        service = service_of(url)
    except BadUrl as error:
        raise DeliveryError(f"its URL {error.what}", where=where, hint=error.hint) from None
    limits = limits_of(url)
    form = _form_for(service, _form_in(url) or channel.form or limits.form)
    most_chars = channel.most_chars or limits.most_chars or int(service.body_maxlen)
    message = write(
        payload, form, most_chars=most_chars, most_bytes=limits.most_bytes.get(form), keyword=channel.keyword
    )
    hide = hider(url)
    if is_robot(service):
        send_to_robot(service, message, form, timeout_s=channel.timeout_s, where=where, hide=hide)
    else:
        _send_by_apprise(service, message, form, channel.timeout_s, where, hide, report)


def _form_in(url: str) -> Form | None:
    """What a URL says in ?format=: Apprise goes by that, whatever it is given."""
    said = parse_qs(urlsplit(url).query).get("format", [""])[-1].lower()
    return next((form for form in _FORMS if form == said), None)


def _form_for(service: NotifyBase, wanted: Form | None) -> Form:
    """The form in which a message is written for a service: the wanted one where the service has it or takes any, else what comes
    next to it. Apprise is never left to turn one form into another: it takes text of the web for markup then."""
    forms = _forms(service)
    if wanted is None:
        wanted = "markdown" if forms[0] == "markdown" else "html" if forms[0] == "html" else "text"
    if wanted in forms or len(forms) == 1 or wanted == "text":
        return wanted
    return "html" if "html" in forms else "text"


def _forms(service: NotifyBase) -> list[str]:
    """The forms that a service has; Apprise holds one alone or several."""
    given: Any = service.notify_format
    return [one.value for one in (given if isinstance(given, tuple) else (given,))]


def _send_by_apprise(
    service: NotifyBase,
    message: Message,
    form: Form,
    timeout_s: float,
    where: str,
    hide: Callable[[str], str],
    report: Attached | None,
) -> None:
    from apprise import NotifyFormat

    service.redirects = False
    service.socket_connect_timeout = service.socket_read_timeout = timeout_s
    if len(_forms(service)) == 1:
        # what ?format= in a URL does
        service.notify_format = NotifyFormat(form)
    # a service without titles would put it above a text that begins with it
    title = message.title if service.title_maxlen else ""
    body = (message.rest or message.body) if title and form != "html" else message.body
    shown = form
    if form == "text" and "text" not in _forms(service):  # Telegram: HTML or Markdown only
        body, shown = escape(body, quote=False).replace("\n", "<br/>"), "html"
    with listening() as told, _as_file(report if service.attachment_support else None) as files:
        try:
            taken = service.notify(body=body, title=title, body_format=shown, attach=files)
        except Exception as error:  # noqa: BLE001 - a service of Apprise may break in any way; the message stays owed
            raise DeliveryError(f"the service could not be used ({type(error).__name__})", where=where) from None
    if taken:
        return
    words = hide(told[-1]) if told else "no reason was given"
    if re.search(r"\berror=410\b", words):
        raise Refused("the receiver is gone (410)", where=where, hint="Remove the channel or give its new address")
    raise DeliveryError(f"the service did not take it: {words}", where=where)


@contextmanager
def _as_file(report: Attached | None) -> Iterator[Any]:
    """The report as Apprise takes attachments, for as long as the block lasts. A file: some of its services open it by its path."""
    if report is None:
        yield None
        return
    from apprise import AppriseAttachment

    with tempfile.TemporaryDirectory(prefix="evalwatch-") as folder:
        path = Path(folder) / report.name
        path.write_bytes(report.page)
        yield AppriseAttachment(str(path))
