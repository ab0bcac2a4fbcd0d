"""settings.toml → frozen records.

One file, read once, checked whole: an unknown key, a wrong type, a doubled id, a selector that does not parse or a channel
that nobody defined is one SettingsError that names file, key and line and says what would be right. Secrets are never in
the file: it names the environment variables that hold them.
"""

from crawler.config.families import Family, families
from crawler.config.fetching import PLACEHOLDER_CONTACT, Fetch
from crawler.config.loading import environment_value, find_settings, load_settings
from crawler.config.records import (
    Archive,
    Channel,
    Inspect,
    JsonlChannel,
    Schedule,
    Search,
    Settings,
    Subscription,
    WebhookChannel,
)
from crawler.config.sources import Access, ArticleSelectors, Asking, Interval, JsonPaths, ListSelectors, Source

__all__ = [
    "PLACEHOLDER_CONTACT",
    "Access",
    "Archive",
    "ArticleSelectors",
    "Asking",
    "Channel",
    "Family",
    "Fetch",
    "Inspect",
    "Interval",
    "JsonPaths",
    "JsonlChannel",
    "ListSelectors",
    "Schedule",
    "Search",
    "Settings",
    "Source",
    "Subscription",
    "WebhookChannel",
    "environment_value",
    "families",
    "find_settings",
    "load_settings",
]
