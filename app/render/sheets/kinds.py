"""What a file is by its first bytes, whatever its name says."""

from enum import Enum
from pathlib import Path

from app.domain.imports import Limits
from app.kit.errors import BadInputError

HEAD_BYTES = 4096
MEGABYTE = 1_000_000


class Kind(Enum):
    """What can be read, and what people hand in by mistake (each with the sentence that helps)."""

    TEXT = ""
    XLSX = "an Excel workbook"
    ICS = "a calendar (ICS)"
    OLD_EXCEL = "an old Excel workbook, or one with a password: open it in Excel, save it as .xlsx without a password"
    OTHER_ZIP = "a zip archive: unpack it and import the file inside"
    ODS = "an OpenDocument spreadsheet: save it as CSV or .xlsx"
    PDF = "a PDF: ask for the table it was made from, as CSV or .xlsx"
    WEB_PAGE = "a web page, perhaps a sign-in page saved instead of the file: download the file again"
    JSON = "JSON: save the table as CSV or .xlsx"
    PICTURE = "a picture: the table itself is needed, as CSV or .xlsx"
    EMPTY = "empty: save it again, with its headings in the first row"


_STARTS = (
    (b"\xd0\xcf\x11\xe0", Kind.OLD_EXCEL),
    (b"%PDF", Kind.PDF),
    (b"\x89PNG", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"\x1f\x8b", Kind.OTHER_ZIP),
    (b"Rar!", Kind.OTHER_ZIP),
    (b"7z\xbc\xaf", Kind.OTHER_ZIP),
)
_TEXT_STARTS = (
    ((b"<!doctype", b"<html", b"<?xml", b"<head", b"<table"), Kind.WEB_PAGE),
    ((b"{", b"["), Kind.JSON),
    ((b"begin:vcalendar",), Kind.ICS),
)


def kind_of(path: Path) -> Kind:
    """What the file is, by its content."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _zip_kind(head)
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text.strip(b"\x00"):
        return Kind.EMPTY
    return next((kind for starts, kind in _TEXT_STARTS if text.startswith(starts)), Kind.TEXT)


def _zip_kind(head: bytes) -> Kind:
    if b"mimetypeapplication/vnd.oasis" in head[:100]:
        return Kind.ODS
    # Whether it is a workbook shows inside; a document or plain archive is told apart there.
    return Kind.XLSX


def checked_kind(path: Path, name: str, limits: Limits) -> Kind:
    """TEXT, XLSX or ICS. Raises BadInputError for any other kind, a false name, or a file that is too large."""
    if not path.is_file():
        raise BadInputError(f"There is no file {name}: check its name and folder.")
    size = path.stat().st_size
    if size > limits.file_bytes:
        because = (
            f"{name} has {size / MEGABYTE:,.0f} MB and at most {limits.file_bytes / MEGABYTE:,.0f} MB are taken: "
            "keep only the sheet that is needed, or split the file."
        )
        raise BadInputError(because)
    kind = kind_of(path)
    if kind not in {Kind.TEXT, Kind.XLSX, Kind.ICS}:
        raise BadInputError(f"{name} is {kind.value}.")
    ending = Path(name).suffix.lower()
    if kind is Kind.XLSX and ending in {".csv", ".txt", ".tsv", ".ics"}:
        raise BadInputError(
            f"{name} is really {kind.value} under a {ending} name: rename it to .xlsx, or save it as CSV."
        )
    if kind is Kind.TEXT and ending in {".xlsx", ".xlsm", ".xls"}:
        raise BadInputError(
            f"{name} is plain text under an {ending} name: rename it to .csv, or save it again from Excel."
        )
    return kind
