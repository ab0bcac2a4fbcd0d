"""Reading: bytes → Article, and the entries of lists and feeds. Pure functions of their arguments."""

from crawler.read.charset import Decoded, decode
from crawler.read.feeds import feed_entries
from crawler.read.files import article_from_file
from crawler.read.jsonlists import json_entries
from crawler.read.lists import list_entries
from crawler.read.nextlist import next_list_url
from crawler.read.page import article_from_page
from crawler.read.pages import join_pages
from crawler.read.script import normalise

__all__ = [
    "Decoded",
    "article_from_file",
    "article_from_page",
    "decode",
    "feed_entries",
    "join_pages",
    "json_entries",
    "list_entries",
    "next_list_url",
    "normalise",
]
