"""Tables as people keep them, both ways: a CSV or XLSX file to rows, rows to CSV."""

from app.render.sheets.downloads import csv_lines, to_csv
from app.render.sheets.opening import open_sheet

__all__ = ["csv_lines", "open_sheet", "to_csv"]
