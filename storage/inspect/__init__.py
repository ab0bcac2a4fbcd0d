"""`evalwatch inspect`: the database in Datasette, with pages of our own for a person who wants to know how a place did."""
