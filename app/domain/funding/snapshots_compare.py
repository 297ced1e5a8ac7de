"""Two snapshots beside each other: what the counts differ by, and which evidence came or went in between."""

from dataclasses import dataclass

from app.domain.funding.snapshots import Count, Snapshot


@dataclass(frozen=True, slots=True)
class Beside:
    """A programme's counts in both, the earlier first; nought where one of them does not know it."""

    programme: str
    before: Count
    after: Count

    @property
    def change(self) -> Count:
        """What the later has more; minus: fewer."""
        return Count(
            self.programme,
            self.after.signed_up - self.before.signed_up,
            self.after.completed - self.before.completed,
            self.after.withdrew - self.before.withdrew,
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """Programme by programme; `came` and `went` are ids of evidence that only the later, or the earlier, rests on."""

    programmes: tuple[Beside, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]


def compare(before: Snapshot, after: Snapshot) -> Compared:
    """What lies between two snapshots, whichever day each is of."""
    known, now = ({one.programme: one for one in each.counts} for each in (before, after))
    programmes = tuple(
        Beside(code, known.get(code, Count(code, 0, 0, 0)), now.get(code, Count(code, 0, 0, 0)))
        for code in sorted({*known, *now})
    )
    earlier, later = set(before.evidence), set(after.evidence)
    return Compared(programmes, tuple(sorted(later - earlier)), tuple(sorted(earlier - later)))


def total(snapshot: Snapshot) -> Count:
    """All programmes together."""
    counts = snapshot.counts
    return Count(
        "",
        sum(one.signed_up for one in counts),
        sum(one.completed for one in counts),
        sum(one.withdrew for one in counts),
    )
