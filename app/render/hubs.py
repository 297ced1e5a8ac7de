"""A hub as one ZIP file: a member for each table, a line of JSON for each row, and a note on what it is."""

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.kit.errors import BadInputError

FORMAT = "halfterm/hub/1"
NOTE = "halfterm.json"
MOST_BYTES = 2 * 1024**3  # unpacked; a national installation's largest hub is a hundredth of it
LONGEST_LINE = 64 * 1024**2


class HubFile:
    """An export, read table by table. Raises BadInputError, with the file's name, for anything else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.note: dict[str, Any] = json.loads(self._zip.read(NOTE))
        except (zipfile.BadZipFile, KeyError, ValueError) as problem:
            raise self._refused("it is not a hub's export") from problem
        if not isinstance(self.note, dict) or self.note.get("format") != FORMAT:
            raise self._refused(f"it is not in the format {FORMAT}")
        if sum(member.file_size for member in self._zip.infolist()) > MOST_BYTES:
            raise self._refused("it is far larger than any hub")

    def _refused(self, because: str) -> BadInputError:
        return BadInputError(
            f"{self.path.name} cannot be read: {because}. Use a file that `halfterm hub export` wrote."
        )

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, in their order; none when the file has no such table."""
        name = f"{table}.jsonl"
        if name not in self._zip.namelist():
            return
        try:
            with self._zip.open(name) as lines:
                while line := lines.readline(LONGEST_LINE):
                    yield json.loads(line)
        except (zipfile.BadZipFile, ValueError, OSError) as problem:
            raise self._refused(f"{name} in it is damaged") from problem


class HubFileWriter:
    """Writes an export; the file appears only when it is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{path.name}.part")
        self._zip = zipfile.ZipFile(self._part, "w", zipfile.ZIP_DEFLATED)
        self._part.chmod(0o600)

    def write(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """A table's rows."""
        lines = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
        self._zip.writestr(f"{table}.jsonl", lines)

    def finish(self, note: dict[str, Any]) -> None:
        """The note, and the file is there."""
        self._zip.writestr(NOTE, json.dumps({"format": FORMAT, **note}, indent=1))
        self._zip.close()
        self._part.rename(self.path)

    def give_up(self) -> None:
        """Nothing is left behind."""
        self._zip.close()
        self._part.unlink(missing_ok=True)
