"""`python -m crawler.commands` is `evalwatch`, for where the console script is not on the path."""

from crawler.commands import main

main()
