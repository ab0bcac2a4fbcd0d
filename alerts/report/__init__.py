"""The report of a night: one HTML page that needs nothing besides itself."""

from alerts.report.page import night_report_html

__all__ = ["night_report_html"]
