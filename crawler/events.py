"""One JSON object per line for whoever watches a night: {"event": "start" | "article" | "source" | "end", …}."""

from __future__ import annotations

import json
from typing import Any, TextIO

__all__ = ["Events"]


class Events:
    """Where the events of a night are written; nowhere if nobody watches."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def tell(self, event: str, **facts: Any) -> None:
        """Write one line. A watcher that has gone away is no reason to stop the night."""
        if self._stream is None:
            return
        try:
            self._stream.write(json.dumps({"event": event, **facts}, ensure_ascii=False) + "\n")
            self._stream.flush()
        except BrokenPipeError:
            self._stream = None
