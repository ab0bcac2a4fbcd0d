"""Options that commands share, and what they stand for."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.config import Settings, find_settings, load_settings
from crawler.errors import UsageError
from crawler.subscribing import resolved

__all__ = ["database_option", "database_path", "existing", "json_option", "load", "settings_option"]

settings_option = click.option(
    "--settings", "settings_file", metavar="FILE", envvar="EVALWATCH_SETTINGS",
    help="The settings file [default: ./settings.toml, else the one that came with evalwatch].",
)  # fmt: skip
database_option = click.option(
    "--database", metavar="FILE", envvar="EVALWATCH_DATABASE",
    help="The SQLite database [default: as the settings say].",
)  # fmt: skip
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for programs instead of text for people."
)


def load(settings_file: str | None) -> tuple[Settings, Path]:
    """The settings and the file they stand in, with all that subscriptions name."""
    path = find_settings(settings_file)
    return resolved(load_settings(path), path), path


def database_path(given: str | None, settings: Settings) -> Path:
    """The database to use: the given one, relative to the working folder, else that of the settings."""
    return Path(given) if given else settings.path(settings.database)


def existing(path: Path) -> Path:
    """The same path. Raises UsageError where no file is there."""
    if not path.is_file():
        raise UsageError(
            "no such database", where=str(path), hint="Run a night first: evalwatch run, or evalwatch demo"
        )
    return path


def is_answered() -> bool:
    """Whether somebody is there to answer a question."""
    return sys.stdin.isatty()
