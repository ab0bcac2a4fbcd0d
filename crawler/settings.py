"""Scrapy's settings: constants as Scrapy reads them from here, and those that follow from settings.toml. No logic."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from scrapy.settings import BaseSettings

from crawler.fetch.archive import ARCHIVE
from crawler.fetch.budget import BOOK, NightBook
from crawler.fetch.guard import LOCAL_HOSTS, UNVERIFIED
from crawler.fetch.hosts import HOSTS
from crawler.fetch.replay import RECORDINGS
from crawler.job import Job, job_from_environment, require_contact

JOB = "EVALWATCH_JOB"
"""Scrapy setting: the Job. Missing under `scrapy crawl`, which gets one from the environment."""

SMALLEST_PAUSE_S = 0.001

BOT_NAME = "evalwatch"
SPIDER_MODULES = ["crawler.spiders"]
ADDONS = {"crawler.settings.FromSettingsFile": 0}
EVALWATCH_WORKER = True

# politeness
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "evalwatch"
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0.5
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
REDIRECT_MAX_TIMES = 5

# safety
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "http": "crawler.fetch.handler.Handler", "https": "crawler.fetch.handler.Handler",
    "data": None, "file": None, "ftp": None, "s3": None,
}  # fmt: skip
TWISTED_DNS_RESOLVER = "crawler.fetch.guard.GuardedResolver"
REFERRER_POLICY = "scrapy.spidermiddlewares.referer.NoReferrerPolicy"

# every answer is judged by us (walls, dead links); the walks have budgets of their own and ask for each address once
SPIDER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
# first in, first out: articles in the order of the list
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
# for each answer Scrapy starts as many tasks as this; ours yield one item at most
CONCURRENT_ITEMS = 1
# looks the source of every callback up; ours are coroutines
WARN_ON_GENERATOR_RETURN_VALUE = False

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.fetch.guard.Guard": 40,
    "crawler.fetch.domains.SourceDomains": 50,
    "crawler.fetch.budget.Budget": 60,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.fetch.robots.Robots": 100,
    "crawler.fetch.body.CompleteBodies": 595,
    "crawler.fetch.cookies.CookieWalls": 605,
    "crawler.fetch.waits.RetryAfter": 610,
}
EXTENSIONS: dict[str, int | None] = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "crawler.fetch.pace.Throttle": 0,
    "crawler.fetch.pace.CrawlDelay": 0,
}
ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 100}

LOG_LEVEL = "WARNING"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
DOWNLOADER_STATS = False


def settings_of_job(job: Job) -> dict[str, Any]:
    """The settings that follow from settings.toml and from whether this is a replay. Raises SettingsError for a live crawl
    without a contact."""
    fetch, live = job.settings.fetch, not job.recordings
    if live:
        require_contact(job.settings)
    # with no pause at all, Scrapy 2.19 starts all requests that are queued for a host at once (measured: 6)
    delay_s = max(fetch.delay_s, SMALLEST_PAUSE_S) if live else 0.0
    return {
        JOB: job,
        "USER_AGENT": f"evalwatch/{_version()} (+{fetch.contact})",
        "DOWNLOAD_DELAY": delay_s,
        # AutoThrottle would pause for as long as the last answer took; who asks for no pause means none
        "AUTOTHROTTLE_ENABLED": live and fetch.delay_s > 0,
        "AUTOTHROTTLE_START_DELAY": delay_s,
        "DOWNLOAD_TIMEOUT": fetch.timeout_s,
        # middleware lets through only the cookies of sources that need them
        "COOKIES_ENABLED": any(source.cookies for source in job.settings.sources),
        LOCAL_HOSTS: [host for source in job.settings.sources for host in source.local_hosts],
        UNVERIFIED: fetch.unverified_hosts,
        "DOWNLOAD_MAXSIZE": fetch.max_page_bytes,
        "RETRY_TIMES": fetch.retries if live else 0,
        "CONCURRENT_REQUESTS": 16 if live else 1,
        **(_archive(job) if live else _replay(job)),
    }


def _version() -> str:
    try:
        return version("evalwatch")
    except PackageNotFoundError:
        # a checkout that was not installed
        return "0"


def _replay(job: Job) -> dict[str, Any]:
    """Everything comes from the recording; without handlers nothing could come from anywhere else."""
    return {
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_STORAGE": "crawler.fetch.replay.ReplayStorage",
        "DOWNLOAD_HANDLERS": DOWNLOAD_HANDLERS | {"http": None, "https": None},
        RECORDINGS: [str(path) for path in job.recordings],
    }


def _archive(job: Job) -> dict[str, Any]:
    archive = job.settings.archive
    folder = job.settings.path(archive.folder)
    return {
        "HTTPCACHE_ENABLED": archive.enabled,
        "HTTPCACHE_STORAGE": "crawler.fetch.archive.ArchiveStorage",
        # beside the database, as what it holds: what was learnt of hosts
        HOSTS: str(job.database.with_suffix(".hosts")),
        # in a replay it would stand for a page that an earlier night holds
        "HTTPCACHE_IGNORE_HTTP_CODES": [304],
        ARCHIVE: str(folder / f"{job.night.isoformat()}.warc.gz"),
    }


class FromSettingsFile:
    """Scrapy add-on that puts the computed settings in, under `python -m crawler` and `scrapy crawl` alike."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Raises SettingsError."""
        job = settings.get(JOB) or job_from_environment(datetime.now(UTC))
        settings.setdict(settings_of_job(job), priority="project")
        if settings.get(BOOK) is None:
            # `scrapy crawl`: a spider alone
            settings.set(BOOK, NightBook(job.settings.fetch), priority="project")
