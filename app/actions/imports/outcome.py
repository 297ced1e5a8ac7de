"""How an import is asked for, and what comes of it: the same for every kind of file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from app.domain.imports import ImportReport, Rejected, collect

Good = TypeVar("Good")


def _quiet(_read: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class File:
    """A file on this machine, and what the person calls it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class How:
    """`dry_run` says what would happen and changes nothing; `skip_rejected` takes the other rows all the same.

    `progress` is told how many rows have been read, from whatever thread reads them. `now`: by the database's clock
    when it is not said.
    """

    dry_run: bool = False
    skip_rejected: bool = False
    progress: Callable[[int], None] = field(default=_quiet)
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The report that others rely on, the changes in words, and whether anything was changed."""

    report: ImportReport
    notes: tuple[str, ...] = ()
    applied: bool = False


@dataclass(slots=True)
class Tally:
    """Counts what is read, and keeps what is refused."""

    file: File
    how: How
    read: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def good(self, answers: Iterator[Good | list[Rejected]]) -> Iterator[Good]:
        """Only what can be taken. Raises BadInputError when too much cannot."""
        for answer in answers:
            self.read += 1
            if self.read % 500 == 0:
                self.how.progress(self.read)
            if isinstance(answer, list):
                collect(self.rejected, answer, file=self.file.name)
            else:
                yield answer

    @property
    def stays(self) -> bool:
        """Whether what was written may stay: it is no rehearsal, and every row was good or may be left out."""
        return not self.how.dry_run and (self.how.skip_rejected or not self.rejected)

    def outcome(self, created: int, updated: int, notes: Sequence[str] = ()) -> Outcome:
        """The report. A refused import has made and changed nothing; a rehearsal tells what the good rows would do."""
        self.how.progress(self.read)
        rows = len({fault.row for fault in self.rejected})
        if not self.stays and not self.how.dry_run:
            return Outcome(ImportReport(self.read, 0, 0, 0, tuple(self.rejected)))
        unchanged = max(0, self.read - rows - created - updated)
        report = ImportReport(self.read, created, updated, unchanged, tuple(self.rejected))
        return Outcome(report, tuple(notes), applied=self.stays)
