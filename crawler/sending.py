"""Messages over channels side by side: one thread for each channel, so that a slow one holds up no other, and none for long."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from alerts import channels
from alerts.channels import Attached
from crawler.config import Channel, Settings
from crawler.errors import DeliveryError, EvalwatchError
from storage.deliveries import Delivery

__all__ = ["Budget", "Outcome", "send_side_by_side"]


@dataclass(frozen=True, slots=True)
class Budget:
    """How long sending may take."""

    channel_s: float = 60.0
    """After so long a channel starts no further message; those stay due."""
    attempt_s: float = 90.0
    """An attempt that takes longer is given up, whatever its receiver still trickles."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one message went over one channel."""

    delivery: Delivery
    """Which."""
    error: EvalwatchError | None = None
    """Why it was not taken. None: it was."""
    was_tried: bool = True
    """False where its channel's time was up before."""


_Told = tuple[str, Outcome | Delivery | None]
"""A channel, and what it says: it begins with a delivery, it has an outcome, it has ended (None)."""


def send_side_by_side(
    work: Sequence[tuple[Channel, Sequence[Delivery]]], settings: Settings, environment: Mapping[str, str],
    clock: Callable[[], datetime], budget: Budget, reports: Mapping[tuple[str, str], Attached] = MappingProxyType({}),
) -> Iterator[Outcome]:  # fmt: skip
    """Send what each channel has, and yield the outcomes as they come, in the thread of the caller. `reports` are the pages that go
    with messages, by channel and alert.

    Every message has one outcome. A channel that hangs beyond the budget is left behind: its thread ends with the process.
    """
    told: queue.Queue[_Told] = queue.Queue()
    open_here = {channel.id: list(messages) for channel, messages in work if messages}
    begun: dict[str, float] = {}

    def attempt(channel: Channel, message: Delivery) -> EvalwatchError | None:
        return _attempt(channel, message, settings, environment, clock(), reports.get((channel.id, message.alert_id)))

    for channel, messages in work:
        if messages:
            begun[channel.id] = time.monotonic()
            serving = (channel, messages, time.monotonic() + budget.channel_s, attempt, told)
            threading.Thread(target=_serve, args=serving, name=f"send {channel.id}", daemon=True).start()
    while open_here:
        try:
            name, said = told.get(timeout=0.2)
        except queue.Empty:
            yield from _left_behind(open_here, begun, budget)
            continue
        if name not in open_here:
            continue  # it was left behind; what it says comes too late
        begun[name] = time.monotonic()
        if said is None:
            del open_here[name]
        elif isinstance(said, Outcome):
            open_here[name].remove(said.delivery)
            yield said


def _serve(
    channel: Channel, messages: Sequence[Delivery], until: float,
    attempt: Callable[[Channel, Delivery], EvalwatchError | None], told: queue.Queue[_Told],
) -> None:  # fmt: skip
    """Send the messages of one channel, one after another, until its time is up; in a thread of its own."""
    for message in messages:
        if time.monotonic() >= until:
            told.put((channel.id, Outcome(message, DeliveryError("its turn did not come"), was_tried=False)))
            continue
        told.put((channel.id, message))
        told.put((channel.id, Outcome(message, attempt(channel, message))))
    told.put((channel.id, None))


def _left_behind(open_here: dict[str, list[Delivery]], begun: Mapping[str, float], budget: Budget) -> Iterator[Outcome]:
    """The outcomes of channels that have said nothing for too long; they are not waited for any more."""
    for name in [name for name in open_here if time.monotonic() - begun[name] > budget.attempt_s]:
        first, *others = open_here.pop(name)
        yield Outcome(first, DeliveryError(f"no end within {budget.attempt_s:g} s", where=f"channel {name}"))
        for other in others:
            yield Outcome(other, DeliveryError("its turn did not come"), was_tried=False)


def _attempt(
    channel: Channel, message: Delivery, settings: Settings, environment: Mapping[str, str], now: datetime,
    report: Attached | None,
) -> EvalwatchError | None:  # fmt: skip
    try:
        channels.deliver(
            channel, alert_id=message.alert_id, payload=message.payload.encode(), settings_folder=Path(settings.folder),
            environment=environment, now=now, report=report,
        )  # fmt: skip
    except EvalwatchError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a mistake in one channel must not cost the others their messages
        return DeliveryError(f"broke ({type(error).__name__})", where=f"channel {channel.id}")
    return None
