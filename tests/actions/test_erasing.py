"""Somebody with a rare name is erased: no table and no file names them any more, and nothing is counted otherwise."""

import json
import uuid
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.actions.access import Actor
from app.actions.people import erasing
from app.domain.access import Role, Viewer
from app.domain.people.forgetting import sought
from app.domain.people.holding import Says
from app.domain.people.holdings import HOLDINGS
from app.kit.errors import ConflictError
from app.models import metadata
from app.models.people import Account, Person
from app.models.stages import Agreement
from app.store import people, trail
from app.store.database import Database, see_hubs
from app.store.people.raw_bytes import readable
from tests.makers import NOW, a_group, a_hub, a_person
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
            columns = set(table.c.keys()) | ({"hub_id"} if one.table == "hub" else set())
            if one.table in {"trail_entry", "person", "account"} or not {"hub_id", "account_id"} & columns:
                continue
            whose = "id = %(hub)s" if one.table == "hub" else "hub_id = %(hub)s"
            if "hub_id" not in columns:
                whose = "account_id IN (SELECT account_id FROM person WHERE hub_id = %(hub)s)"
            for column, says in one.words.items():
                if says not in {Says.TEXT, Says.OWN}:
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
                    f'UPDATE "{one.table}" SET {name} = {new} WHERE {whose}',
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
    assert {"feed.purpose", "session.agent", "passkey.name", "hub.name"} <= set(planted)
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


async def test_an_agreement_stays_without_the_paper_that_they_signed(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as db:
        around = await a_world(db, Role.HEADTEACHER)
        office = await a_person(db, around.hub, Role.COORDINATOR)
        signed, others = (uuid.UUID(keys["agreements"]) for keys in (around.own, around.elsewhere))
        (await db.get_one(Agreement, signed)).signed_by = around.viewer.id
    async with database.transaction(around.hub.id) as db:
        confirmed = erasing.Confirmed(around.viewer.name)
        await erasing.erase(await actor_of(db, office), erasing.Site(tmp_path, CHECK), around.viewer.id, confirmed)
    async with database.transaction(around.hub.id) as db:
        theirs, another = await db.get_one(Agreement, signed), await db.get_one(Agreement, others)
        assert (theirs.pdf, theirs.name, theirs.text) == (b"", "[name removed]", "We take part.")
        assert (another.pdf, another.name) == (b"%PDF-1.7", "A Head")


async def test_another_hub_that_knows_the_address_keeps_it(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as db:
        here, there = await a_hub(db), await a_hub(db)
        kept = await a_person(db, there, Role.PARTICIPANT, name=NAME, email=EMAIL)
        await see_hubs(db, here.id)
        office = await a_person(db, here, Role.COORDINATOR)
        gone = await a_person(db, here, Role.PARTICIPANT, name=NAME, email=EMAIL)
    site = erasing.Site(tmp_path, CHECK)
    async with database.transaction(here.id) as db:
        await erasing.erase(await actor_of(db, office), site, gone.id, erasing.Confirmed(NAME))
    async with database.transaction(there.id) as db:
        found = await db.get_one(Person, kept.id)
        account = await db.get_one(Account, found.account_id)
        assert (found.name, found.email, account.email) == (NAME, EMAIL, EMAIL)


async def test_whoever_still_leads_is_not_erased(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as db:
        hub = await a_hub(db)
        office = await a_person(db, hub, Role.COORDINATOR)
        leader = (await a_group(db, hub)).leader
    site = erasing.Site(tmp_path, CHECK)
    async with database.transaction(hub.id) as db:
        with pytest.raises(ConflictError, match="still leads"):
            await erasing.erase(await actor_of(db, office), site, leader.id, erasing.Confirmed(leader.name))


async def actor_of(db: Any, person: Person) -> Actor:
    viewer: Viewer = await people.viewer(db, person.account_id, person.email)
    member = viewer.member(person.hub_id)
    assert member
    return Actor(db, viewer, member, NOW)
