"""Lines → bytes of a file: CSV (RFC 4180), JSON Lines, Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import IO, Any, Literal

from storage.cells import inert
from storage.export.lines import Lines

__all__ = ["FileFormat", "parquet_is_here", "write_file"]

FileFormat = Literal["csv", "jsonl", "parquet"]

_BOM = b"\xef\xbb\xbf"


def write_file(lines: Lines, file: IO[bytes], form: FileFormat, *, excel: bool = False) -> int:
    """Write all lines; returns how many. `excel`: CSV begins with the mark by which Excel knows UTF-8. For Parquet its library must be there (`parquet_is_here`)."""
    if form == "csv" and excel:
        file.write(_BOM)
    return _WRITERS[form](lines, file)


def _write_csv(lines: Lines, file: IO[bytes]) -> int:
    """RFC 4180: a header, lines that end in CRLF, quotes doubled. What is missing is empty. A spreadsheet runs none of its cells;
    NUL, which no reader of CSV takes, becomes U+FFFD."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in lines.columns])
    kinds = [_csv_text if column.kind == "text" else None for column in lines.columns]
    number = 0
    for batch in lines.batches:
        writer.writerows(
            [cell if kind is None or cell is None else kind(cell) for kind, cell in zip(kinds, line, strict=True)]
            for line in batch
        )
        number += len(batch)
        _empty_into(out, file)
    _empty_into(out, file)
    return number


def _csv_text(cell: str) -> str:
    return inert(cell.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in cell else cell)


def _empty_into(out: io.StringIO, file: IO[bytes]) -> None:
    file.write(out.getvalue().encode())
    out.seek(0)
    out.truncate()


def _write_jsonl(lines: Lines, file: IO[bytes]) -> int:
    """One object per line: every column is there, flags are true or false, what is missing is null. The separators of lines that
    Unicode has besides are escaped, so that every reader counts the same lines."""
    names = [column.name for column in lines.columns]
    flags = [i for i, column in enumerate(lines.columns) if column.kind == "flag"]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    number = 0
    for batch in lines.batches:
        objects = []
        for line in batch:
            values = list(line)
            for i in flags:
                values[i] = None if values[i] is None else bool(values[i])
            objects.append(encode(dict(zip(names, values, strict=True))))
        text = "\n".join(objects)
        for separator in ("\x85", "\u2028", "\u2029"):
            text = text.replace(separator, f"\\u{ord(separator):04x}")
        file.write(text.encode() + b"\n")
        number += len(batch)
    return number


def parquet_is_here() -> bool:
    """Whether the library that writes Parquet is installed."""
    return find_spec("arro3") is not None and find_spec("arro3.io") is not None


def _write_parquet(lines: Lines, file: IO[bytes]) -> int:
    """Columns of strings, 64-bit integers, doubles and booleans, all of which may be null; compressed with Zstandard."""
    from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
    from arro3.io import write_parquet

    types = {"text": DataType.utf8(), "integer": DataType.int64(), "real": DataType.float64(), "flag": DataType.bool()}
    schema = Schema([Field(column.name, types[column.kind], nullable=True) for column in lines.columns])
    number = 0

    def batches() -> Iterator[Any]:
        nonlocal number
        for batch in lines.batches:
            number += len(batch)
            arrays = [
                Array([None if v is None else _PYTHON[column.kind](v) for v in values], types[column.kind])
                for column, values in zip(lines.columns, zip(*batch, strict=True), strict=True)
            ]
            yield RecordBatch.from_arrays(arrays, schema=schema)

    write_parquet(
        RecordBatchReader.from_batches(schema, batches()), file, compression="zstd(3)", max_row_group_size=100_000
    )
    return number


_PYTHON: Mapping[str, Callable[[Any], Any]] = {"text": str, "integer": int, "real": float, "flag": bool}
_WRITERS: Mapping[FileFormat, Callable[[Lines, IO[bytes]], int]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
}
