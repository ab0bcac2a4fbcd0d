"""What is needed to keep to the limits of channels, and to leave alone those that are gone."""

from __future__ import annotations

from sqlite_utils import Database

__all__ = ["prepare_deliveries"]

_STATEMENTS = (
    "ALTER TABLE deliveries ADD COLUMN tried TEXT",
    "UPDATE deliveries SET tried = finished WHERE attempts > 0",
    "CREATE INDEX deliveries_tried ON deliveries (channel, tried) WHERE tried IS NOT NULL",
    """CREATE TABLE closed_channels (
    channel TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    closed TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
)


def prepare_deliveries(database: Database) -> None:
    """Times of the last attempts, and the channels whose receiver is gone."""
    for statement in _STATEMENTS:
        database.execute(statement)
