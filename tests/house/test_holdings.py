"""Whoever adds a table, or a column with words in it, says what it holds of people and what erasing them does to it."""

from sqlalchemy import Column, LargeBinary, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from app.domain.people.holdings import BY_TABLE, HOLDINGS
from app.domain.people.retention import KINDS
from app.models import metadata

HOME = "app/domain/people/holdings.py"


def holds_words(column: Column[object]) -> bool:
    kind = getattr(column.type, "impl_instance", column.type)  # of a text that a model leaves to its kind
    return isinstance(kind, String | LargeBinary | JSONB | ARRAY | TSVECTOR)


def unsaid() -> list[str]:
    """What the tables hold and the registry does not speak of."""
    faults = []
    for table in metadata.sorted_tables:
        known = BY_TABLE.get(table.name)
        if known is None:
            faults.append(f"The table {table.name} is not in {HOME}: say there what it holds of people.")
            continue
        faults += [
            f"{table.name}.{column.name} is not in {HOME}: say there whether people's words can stand in it."
            for column in table.columns
            if holds_words(column) and column.name not in known.words
        ]
    return faults


def test_every_table_and_every_column_with_words_is_spoken_of() -> None:
    assert not unsaid(), "\n".join(unsaid())


def test_nothing_is_spoken_of_that_is_not_there() -> None:
    for one in HOLDINGS:
        columns = metadata.tables[one.table].columns
        named = {*one.words, *one.left_out} | {name for name in (one.at, one.whose) if name}
        assert named <= set(columns.keys()), (one.table, named - set(columns.keys()))


def test_every_column_that_names_a_person_is_followed_when_they_are_erased() -> None:
    """Rows that name a person are theirs, or point at a row that stays under a pseudonym."""
    for one in HOLDINGS:
        assert one.says or one.because, f"{one.table}: say what it is called, or why nobody is shown it."
        if one.account:
            named = [column for column in metadata.tables[one.table].columns if column.name == "account_id"]
            assert named or one.table == "account", one.table


def test_every_kind_of_record_has_a_time() -> None:
    assert {one.record for one in HOLDINGS if one.record} <= {kind.key for kind in KINDS}


def test_a_new_column_is_found() -> None:
    known = BY_TABLE["away"].words
    said = known.pop("name")
    try:
        assert unsaid() == [f"away.name is not in {HOME}: say there whether people's words can stand in it."]
    finally:
        known["name"] = said
