"""Reading: bytes → Article, and the entries of lists and feeds. Pure functions of their arguments."""

from crawler.read.charset import Decoded, decode
from crawler.read.contract import article_as_json, entry_as_json
from crawler.read.documents import article_from_document, is_document
from crawler.read.feeds import feed_entries
from crawler.read.fields import Candidate
from crawler.read.files import article_from_file, reading_from_file
from crawler.read.jsonlists import json_entries
from crawler.read.lists import list_entries
from crawler.read.nextlist import next_list_url
from crawler.read.page import Reading, article_from_page
from crawler.read.pages import join_pages, with_document
from crawler.read.recognise import Proposal, proposals
from crawler.read.script import normalise

__all__ = [
    "Candidate",
    "Decoded",
    "Proposal",
    "Reading",
    "article_as_json",
    "article_from_document",
    "article_from_file",
    "article_from_page",
    "decode",
    "entry_as_json",
    "feed_entries",
    "is_document",
    "join_pages",
    "json_entries",
    "list_entries",
    "next_list_url",
    "normalise",
    "proposals",
    "reading_from_file",
    "with_document",
]
