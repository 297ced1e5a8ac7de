"""Somebody with a rare name is erased: no table and no file names them any more, and nothing is counted otherwise."""

import json
from pathlib import Path
from typing import Any

import psycopg

from app.actions.access import Actor
from app.actions.people import erasing
from app.domain.access import Role, Viewer
from app.domain.people.forgetting import sought
from app.domain.people.holding import Says
from app.domain.people.holdings import HOLDINGS
from app.models import metadata
from app.models.people import Person
from app.store import people, trail
from app.store.database import Database
from app.store.people.raw_bytes import readable
from tests.makers import NOW, a_person
from tests.worlds import a_world

NAME, EMAIL, PHONE = "Zebedëe O'Quillfeather", "zeb.quill@rarename.example", "07700 900461"
PLANTED = f"{NAME}, {EMAIL}, +44 7700 900461"
CHECK = "http://127.0.0.1:8000/check"
RARE = sought(NAME, [EMAIL], PHONE)
COUNTED = ("note", "note_op", "note_version", "attendance", "booking", "participant", "certificate", "message", "event")


def plant(owner: str, hub_id: object) -> list[str]:
    """The name into every column in which words can stand, in every row of the hub."""
    planted = []
    with psycopg.connect(owner) as db:
        db.execute("SET session_replication_role = replica")
        for one in HOLDINGS:
            table = metadata.tables[one.table]
            hub = "hub_id" if "hub_id" in table.c else "id" if one.table == "hub" else ""
            if not hub or one.table == "trail_entry":
                continue
            for column, says in one.words.items():
                if says not in {Says.TEXT, Says.OWN} or one.table == "person":
                    continue
                name = f'"{column}"'
                if type(table.c[column].type).__name__ == "JSONB":
                    kinds = {"object": {"said": PLANTED}, "array": [PLANTED]}
                    new = (
                        f"CASE jsonb_typeof({name}) WHEN 'object' THEN {name} || %(object)s::jsonb "
                        f"WHEN 'array' THEN {name} || %(array)s::jsonb ELSE to_jsonb(%(text)s::text) END"
                    )
                    values: dict[str, Any] = {key: json.dumps(value) for key, value in kinds.items()}
                else:
                    new, values = f"{name} || E'\\n' || %(text)s", {}
                done = db.execute(
                    f'UPDATE "{one.table}" SET {name} = {new} WHERE {hub} = %(hub)s',
                    values | {"text": PLANTED, "hub": hub_id},
                )
                planted += [f"{one.table}.{column}"] if done.rowcount else []
    return planted


def named_in_tables(owner: str) -> list[str]:
    """Every column of every table, whoever's it is, that names them, bytes unpacked."""
    found = []
    with psycopg.connect(owner) as db:
        listed = (
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        for table, column in db.execute(listed).fetchall():
            for (value,) in db.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'):
                data = value if isinstance(value, bytes) else str(value).encode()
                if any(RARE.found_in(said) or "quillfeather" in said.lower() for said in readable(data)):
                    found.append(f"{table}.{column}")
                    break
    return found


def named_in_files(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and "postgres" not in path.parts)
    return [str(path) for path in files if any(RARE.found_in(said) for said in readable(path.read_bytes()))]


def counts(owner: str) -> dict[str, int]:
    with psycopg.connect(owner) as db:
        found = (db.execute(f'SELECT count(*) FROM "{table}"').fetchone() for table in COUNTED)
        return {table: row[0] for table, row in zip(COUNTED, found, strict=True) if row}


async def test_whoever_is_erased_is_named_in_no_table_and_no_file(
    database: Database, owner: str, tmp_path: Path
) -> None:
    async with database.transaction() as db:
        around = await a_world(db, Role.PARTICIPANT)
        around.viewer.name, around.viewer.email, around.viewer.phone = NAME, EMAIL, PHONE
        await db.flush()
        office = await a_person(db, around.hub, Role.COORDINATOR)
    with psycopg.connect(owner) as db_owner:
        db_owner.execute("UPDATE account SET email = %s WHERE id = %s", [EMAIL, around.viewer.account_id])
    planted = plant(owner, around.hub.id)
    assert len(planted) > 50
    async with database.transaction(around.hub.id) as db:
        actor = await actor_of(db, office)
        await actor.record("Changed", NAME, person=str(around.viewer.id), before={"email": EMAIL}, after={"email": ""})
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "one").write_text(f"name,email\n{NAME},{EMAIL}\n")
    before = counts(owner)
    assert named_in_tables(owner)
    async with database.transaction(around.hub.id) as db:
        left = await erasing.erase(
            await actor_of(db, office), erasing.Site(tmp_path, CHECK), around.viewer.id, erasing.Confirmed(NAME)
        )
    assert left.startswith("Former participant ")
    assert named_in_tables(owner) == []
    assert named_in_files(tmp_path) == []
    assert counts(owner) == before
    async with database.transaction(around.hub.id) as db:
        assert (await trail.check(db, around.hub.id)).whole


async def actor_of(db: Any, person: Person) -> Actor:
    viewer: Viewer = await people.viewer(db, person.account_id, person.email)
    member = viewer.member(person.hub_id)
    assert member
    return Actor(db, viewer, member, NOW)
