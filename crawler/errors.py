"""The errors a user can act on.

    EvalwatchError            exit code in brackets
    ├── UsageError            (2) a command, a file or a flag that cannot be used as given
    │   └── SettingsError     (2) settings.toml: names file, key, line and what would be right
    ├── RulesError            (2) a rules file that does not hold what the engine needs
    ├── DocumentError         (1) a document that cannot be read: empty, binary, no text, unknown charset
    ├── RecordingError        (2) a WARC file that cannot be read to its end
    ├── StorageError          (3) the database is locked, damaged, full or of a later version
    ├── DeliveryError         (1) a channel did not take a message; the outbox keeps it
    └── AlreadyRunning        (75) another night holds the lock

An error says what happened, where, and what to do about it. Expected absence is None, never an error.
"""

from __future__ import annotations

__all__ = [
    "AlreadyRunning",
    "DeliveryError",
    "DocumentError",
    "EvalwatchError",
    "RecordingError",
    "RulesError",
    "SettingsError",
    "StorageError",
    "UsageError",
]


class EvalwatchError(Exception):
    """What went wrong, where, and what to do: rendered as `where: what. Hint`."""

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        text = f"{where}: {what}" if where else what
        super().__init__(f"{text}. {hint}" if hint else text)


class UsageError(EvalwatchError):
    exit_code = 2


class SettingsError(UsageError):
    pass


class RulesError(EvalwatchError):
    exit_code = 2


class DocumentError(EvalwatchError):
    exit_code = 1


class RecordingError(EvalwatchError):
    exit_code = 2


class StorageError(EvalwatchError):
    exit_code = 3


class DeliveryError(EvalwatchError):
    exit_code = 1


class AlreadyRunning(EvalwatchError):
    exit_code = 75
