"""Where a command writes a file: all of it, or nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from crawler.errors import UsageError

__all__ = ["STANDARD_OUTPUT", "writing_to"]

STANDARD_OUTPUT = "-"


@contextmanager
def writing_to(name: str) -> Iterator[IO[bytes]]:
    """A file to write to; `-` is standard output. A file takes its name only when it is whole: until then, and where the block
    fails, what was there before stays. A device or a pipe is written to as it is. Raises UsageError where it cannot be made."""
    if name == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(name).resolve()
    if path.exists() and not path.is_file():
        if path.is_dir():
            raise UsageError("is a folder", where=name, hint="Give the name of a file")
        with path.open("wb") as device:
            yield device
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with _opened(partial, name) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _opened(path: Path, name: str) -> IO[bytes]:
    try:
        return path.open("wb")
    except OSError as error:
        raise UsageError(f"cannot be written ({error.strerror})", where=name, hint="Look at its folder") from error
