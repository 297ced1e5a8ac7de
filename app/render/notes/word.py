"""An agreed summary as a Word document: real headings and lists, its language set, nothing of whose machine made it."""

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from app.domain.notes.summaries import Block, Summary

INK = RGBColor(0x14, 0x21, 0x3D)
GREY = RGBColor(0x50, 0x5A, 0x5F)
LANGUAGE = "en-GB"
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_ZIPPED = (1980, 1, 1, 0, 0, 0)


def summary_docx(summary: Summary, at: datetime) -> bytes:
    """The summary; `at` is when it was agreed, so that the same summary always makes the same bytes."""
    book = Document()
    _settle(book, summary, at)
    _say(book.add_paragraph(style="Subtitle"), f"Agreed summary: {summary.kind}")
    _say(book.add_heading(level=0), summary.heading)
    _say(book.add_paragraph(), f"{summary.day}, {summary.hours}")
    if summary.superseded:
        book.add_paragraph().add_run(_plain(summary.superseded)).bold = True
    for block in summary.blocks:
        _block(book, block)
    for title, lines in (("Who took part", summary.people), ("Agreed by", summary.agreed)):
        _say(book.add_heading(level=1), title)
        for line in lines:
            _say(book.add_paragraph(style="List Bullet"), line)
    _say(book.add_paragraph(), summary.version)
    held = BytesIO()
    book.save(held)
    return _same_each_time(held)


def _block(book: Any, block: Block) -> None:
    _say(book.add_heading(level=1), block.title)
    for part in _PARAGRAPHS.split(block.text) if block.text else ():
        _say(book.add_paragraph(), part)
    for entry in block.entries:
        point = book.add_paragraph(style="List Bullet")
        _say(point, entry.title, bold=bool(entry.details))
        for detail in entry.details:
            point.add_run().add_break(WD_BREAK.LINE)
            point.add_run(f"{_plain(detail.label)}: ").font.color.rgb = GREY
            _say(point, detail.text)


def _say(paragraph: Any, text: str, *, bold: bool = False) -> None:
    """The text with its own lines; python-docx escapes it."""
    for number, line in enumerate(_plain(text).split("\n")):
        if number:
            paragraph.add_run().add_break(WD_BREAK.LINE)
        run = paragraph.add_run(line)
        run.bold = bold or None


def _plain(text: str) -> str:
    return _NEVER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _settle(book: Any, summary: Summary, at: datetime) -> None:
    """A4, one typeface, the language, and properties that name nobody's machine."""
    page = book.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    for name, size in (("Normal", 11), ("Title", 20), ("Heading 1", 14), ("Subtitle", 10)):
        style = book.styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:asciiTheme"), "minorHAnsi")
        if name != "Normal":
            style.font.color.rgb = GREY if name == "Subtitle" else INK
            style.font.italic = False
    _speak(book.styles.element)
    told = book.core_properties
    moment = at.astimezone(UTC).replace(tzinfo=None)
    told.title, told.subject = _plain(f"{summary.heading}, {summary.day}")[:250], "Agreed summary"
    told.author = told.last_modified_by = "Halfterm"
    told.created = told.modified = told.last_printed = moment
    told.language, told.comments, told.keywords, told.revision = LANGUAGE, "", "", 1


def _speak(styles: Any) -> None:
    """The language of everything that says no other."""
    plain = styles.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    spoken = plain.find(qn("w:lang"))
    if spoken is None:
        spoken = OxmlElement("w:lang")
        plain.append(spoken)
    spoken.set(qn("w:val"), LANGUAGE)


def _same_each_time(held: BytesIO) -> bytes:
    """The archive without the times at which its parts were packed."""
    again = BytesIO()
    with zipfile.ZipFile(held) as packed, zipfile.ZipFile(again, "w") as kept:
        for part in packed.infolist():
            fixed = zipfile.ZipInfo(part.filename, _ZIPPED)
            fixed.compress_type, fixed.create_system = zipfile.ZIP_DEFLATED, 3
            kept.writestr(fixed, packed.read(part))
    return again.getvalue()
