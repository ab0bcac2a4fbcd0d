"""Out of the house: results, mentions or articles as lines of CSV, JSON or Parquet, read as they are written.

docs/export.md says what each column means; a test compares the two.
"""

from storage.export.columns import TABLES, Column, What
from storage.export.files import FileFormat, parquet_is_here, write_file
from storage.export.lines import Lines, export_lines

__all__ = ["TABLES", "Column", "FileFormat", "Lines", "What", "export_lines", "parquet_is_here", "write_file"]
