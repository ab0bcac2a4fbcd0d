"""How a delivery can fail besides failing: for good, or only for now."""

from __future__ import annotations

from crawler.errors import DeliveryError

__all__ = ["Busy", "Refused"]


class Refused(DeliveryError):
    """The receiver is gone for good (410): do not try again."""

    gone = True


class Busy(DeliveryError):
    """The receiver asks to wait: too many messages, or it is closed for a while."""

    def __init__(self, what: str, *, where: str | None = None, wait_s: float) -> None:
        super().__init__(what, where=where)
        self.wait_s = wait_s
        """Seconds that it asks for."""
