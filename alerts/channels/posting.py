"""One POST to a receiver: no redirects, a bound on time, and no address in any message or log."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from functools import cache

import httpx

from alerts.channels.outcomes import Busy, Refused
from crawler.errors import DeliveryError

__all__ = ["USER_AGENT", "post"]

USER_AGENT = "evalwatch"

GONE = 410
"""The receiver wants no more of these: Standard Webhooks, Responding to webhooks."""

LONGEST_WAIT_S = 86_400
"""A Retry-After beyond a day is not believed."""

MOST_ANSWER_BYTES = 65_536
"""What is read of an answer."""

# both tell every address that is asked for, and addresses of robots are secrets
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def post(
    url: str, content: bytes, headers: Mapping[str, str], *, params: Mapping[str, str] | None = None, timeout_s: float,
    where: str,
) -> bytes:  # fmt: skip
    """Send one body and return what a 2xx answer holds. Raises Refused for 410, Busy where a wait is asked for, and
    DeliveryError for every other failure."""
    try:
        # no redirects: what is sent was meant for this receiver
        with (
            httpx.Client(timeout=timeout_s, follow_redirects=False, verify=_certificates()) as client,
            client.stream(
                "POST", url, content=content, params=params, headers={"user-agent": USER_AGENT, **headers}
            ) as answer,
        ):
            body = _beginning(answer)
    except httpx.TimeoutException:
        raise DeliveryError(f"no answer within {timeout_s:g} s", where=where) from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        # the text of the error may hold the address, which may be a secret
        raise DeliveryError(f"could not be reached ({type(error).__name__})", where=where) from None
    _judge(answer.status_code, answer.headers.get("retry-after", ""), where)
    return body


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to believe, read once: it takes 25 ms."""
    return httpx.create_ssl_context()


def _beginning(answer: httpx.Response) -> bytes:
    body = b""
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > MOST_ANSWER_BYTES:
            break
    return body[:MOST_ANSWER_BYTES]


def _judge(status: int, retry_after: str, where: str) -> None:
    if status == GONE:
        raise Refused("the receiver is gone (410)", where=where, hint="Remove the channel or give its new address")
    if status in (429, 503) and retry_after.isdecimal():
        wait_s = min(int(retry_after), LONGEST_WAIT_S)
        raise Busy(f"the receiver answered {status} and asks to wait {wait_s} s", where=where, wait_s=wait_s)
    if not 200 <= status < 300:
        raise DeliveryError(f"the receiver answered {status}", where=where)
