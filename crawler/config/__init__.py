"""settings.toml → frozen records.

One file, read once, checked whole: an unknown key, a wrong type, a doubled id, a selector that does not parse or a channel
that nobody defined is one SettingsError that names file, key and line and says what would be right. Secrets are never in
the file: it names the environment variables that hold them.
"""

from crawler.config.loading import environment_value, find_settings, load_settings
from crawler.config.records import (
    PLACEHOLDER_CONTACT,
    Access,
    Archive,
    ArticleSelectors,
    Channel,
    Fetch,
    Interval,
    JsonlChannel,
    JsonPaths,
    ListSelectors,
    Schedule,
    Settings,
    Source,
    Subscription,
    WebhookChannel,
)

__all__ = [
    "PLACEHOLDER_CONTACT",
    "Access",
    "Archive",
    "ArticleSelectors",
    "Channel",
    "Fetch",
    "Interval",
    "JsonPaths",
    "JsonlChannel",
    "ListSelectors",
    "Schedule",
    "Settings",
    "Source",
    "Subscription",
    "WebhookChannel",
    "environment_value",
    "find_settings",
    "load_settings",
]
