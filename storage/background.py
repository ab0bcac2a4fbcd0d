"""What the store knows about the changes of one alert, for its message."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.items import Alert, Background
from storage.database import Store

__all__ = ["background_of"]


def background_of(
    store: Store,  # noqa: ARG001 - used by the next step
    alert: Alert,  # noqa: ARG001 - used by the next step
    *,
    own: Sequence[str] = (),  # noqa: ARG001 - used by the next step
    competitors: Sequence[str] = (),  # noqa: ARG001 - used by the next step
    address: str = "",
) -> Background:
    """What is known about the changes of an alert. `own` are the places and entities of its subscription, `competitors` those it
    compares them with, `address` is where `evalwatch inspect` is reached."""
    return Background(address=address)
