"""Article → Extraction: the shared extraction rules, one engine for all sources."""

from crawler.extract.document import extract, is_on_topic
from crawler.extract.lineages import lineages_of
from crawler.extract.rulebook import usual_releases

__all__ = ["extract", "is_on_topic", "lineages_of", "usual_releases"]
