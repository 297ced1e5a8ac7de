"""The evidence of a sample as one ZIP: a folder for each line. Equal evidence makes equal bytes."""

import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

from app.render.sheets import to_csv

_THEN = (1980, 1, 1, 0, 0, 0)  # no file bears the time of its making


class SampleZip:
    """Writes the files as they come; never more than one of them in memory."""

    def __init__(self, to: IO[bytes]) -> None:
        self._file = zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED)

    def text(self, name: str, lines: Iterable[str]) -> None:
        """A text to read."""
        self.data(name, "".join(f"{line}\r\n" for line in lines).encode())

    def table(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A table that a spreadsheet opens without running anything in it."""
        self.data(name, to_csv(header, rows))

    def data(self, name: str, data: bytes) -> None:
        """A file as it is."""
        member = zipfile.ZipInfo(name, _THEN)
        member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
        self._file.writestr(member, data)

    def close(self) -> None:
        """Write the table of what is in it."""
        self._file.close()
