"""settings.toml → frozen records.

One file, read once, checked whole: an unknown key, a wrong type, a doubled id, a selector that does not parse or a channel
that nobody defined is one SettingsError that names file, key and line and says what would be right. Secrets are never in
the file: it names the environment variables that hold them.
"""

from crawler.config.channels import AppriseChannel, AtomChannel, Channel, JsonlChannel, WebhookChannel
from crawler.config.families import Family, families
from crawler.config.fetching import PLACEHOLDER_CONTACT, Fetch
from crawler.config.loading import channel_mistake, environment_value, find_settings, load_settings, mistake
from crawler.config.records import (
    Archive,
    Inspect,
    Schedule,
    Search,
    Settings,
    Subscription,
)
from crawler.config.sources import Access, ArticleSelectors, Asking, Interval, JsonPaths, ListSelectors, Source

__all__ = [
    "PLACEHOLDER_CONTACT",
    "Access",
    "AppriseChannel",
    "Archive",
    "ArticleSelectors",
    "Asking",
    "AtomChannel",
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
    "channel_mistake",
    "environment_value",
    "families",
    "find_settings",
    "load_settings",
    "mistake",
]
