"""One module per page. Each reads what its page shows and gives it as plain data: the JSON twin is that data, the template
writes it. None means that there is no such page."""
