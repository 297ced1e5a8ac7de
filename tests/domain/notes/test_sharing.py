"""A shared reflection is shared until the academic year ends."""

from datetime import UTC, datetime

from app.domain.notes.sharing import is_shared, readers


def test_sharing_ends_with_the_academic_year() -> None:
    shared = datetime(2027, 8, 31, 22, 59, tzinfo=UTC)
    assert is_shared(shared, shared)
    assert not is_shared(shared, datetime(2027, 8, 31, 23, 0, tzinfo=UTC))
    assert not is_shared(None, shared)


def test_whoever_could_read_it_is_named() -> None:
    assert readers([("Ada Holt", "G1"), ("Ben Lowe", "G2")]) == "Ada Holt, who leads G1, and Ben Lowe, who leads G2,"
