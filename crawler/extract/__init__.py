"""Article → Extraction: the shared extraction rules, one engine for all sources."""

from crawler.extract.document import extract, is_on_topic

__all__ = ["extract", "is_on_topic"]
