"""Many PDFs as one ZIP file, and what a file is called."""

import re
import unicodedata
import zipfile
from collections.abc import Iterable
from io import BytesIO

from app.kit.check_codes import shown

_ZIPPED = (1980, 1, 1, 0, 0, 0)


def file_name(code: str, name: str = "") -> str:
    """certificate-K7QM-3XR9-T2WA.pdf; among many with the name of whoever it is for, in plain letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60]
    return f"{words or 'certificate'}-{shown(code)}.pdf"


def as_zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The files by their names: equal files make equal bytes."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, data in files:
            member = zipfile.ZipInfo(name, _ZIPPED)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
            packed.writestr(member, data)
    return held.getvalue()
