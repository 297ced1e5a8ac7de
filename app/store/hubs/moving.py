"""A hub's rows out of one installation and into another: every table, whole or not at all."""

import json
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Column, Table, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models import metadata
from app.models.hubs import Hub
from app.models.people import Account, Person

# Keys and secrets are this installation's own; the trail's end the database writes anew, from the entries.
STAYS = {"hub_token", "webhook", "webhook_delivery", "trail_end"}
Row = dict[str, Any]
BATCH = 500

# What a hub needs of the tables that all hubs share. Sessions and API tokens stay behind: people sign in anew.
SHARED = {
    "school": """SELECT to_jsonb(school) FROM school WHERE urn IN (
        SELECT urn FROM hub_school UNION SELECT urn FROM group_school UNION SELECT urn FROM school_day
        UNION SELECT urn FROM event UNION SELECT base_urn FROM person UNION SELECT urn FROM role_held
        UNION SELECT urn FROM visit_series UNION SELECT urn FROM participant
        UNION SELECT urn FROM booking UNION SELECT urn FROM attendance UNION SELECT urn FROM joining
        UNION SELECT urn FROM consent UNION SELECT first_host_urn FROM work_group UNION SELECT urn FROM evidence
        UNION SELECT urn FROM approach UNION SELECT urn FROM enrolment UNION SELECT urn FROM stage_step
        UNION SELECT urn FROM condition_review UNION SELECT urn FROM barrier UNION SELECT urn FROM action_plan
        UNION SELECT urn FROM stage_move UNION SELECT urn FROM school_change
        UNION SELECT successor_urn FROM school_change UNION SELECT urn FROM payee UNION SELECT urn FROM statement
        UNION SELECT urn FROM ledger_line UNION SELECT urn FROM adjustment)
        ORDER BY urn""",
    "account": """SELECT jsonb_build_object('id', id, 'email', email, 'created_at', created_at) FROM account
        WHERE id IN (SELECT account_id FROM person UNION SELECT account_id FROM trail_entry) ORDER BY email""",
    "feed": """SELECT to_jsonb(feed) || '{"body": "", "body_gzip": "", "etag": "", "stale": true}' FROM feed
        WHERE account_id IN (SELECT account_id FROM person) AND hash IS NOT NULL ORDER BY id""",
}


def tables() -> list[str]:
    """Every table of an exported hub, in an order in which rows can be written."""
    own = [table.name for table in metadata.sorted_tables if "hub_id" in table.c and table.name not in STAYS]
    return ["school", "account", "hub", *own, "feed"]


async def rows(db: AsyncSession, table: str) -> AsyncIterator[Row]:
    """The rows of a table that belong to the one hub the transaction sees, in the order of their keys."""
    query = SHARED.get(table) or _whole(metadata.tables[table])
    async for (row,) in await db.stream(text(query)):
        yield row


def _whole(table: Table) -> str:
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    return f'SELECT to_jsonb("{table.name}") FROM "{table.name}" ORDER BY {keys}'


async def is_here(db: AsyncSession, hub_id: uuid.UUID) -> bool:
    """Whether this very hub is in the installation already."""
    return (await db.execute(select(col(Hub.id)).where(col(Hub.id) == hub_id))).scalar_one_or_none() is not None


async def put(db: AsyncSession, table: str, found: Iterable[Row], accounts: dict[str, str]) -> int:
    """Write rows of a table: how many. `accounts` maps accounts of the export to those here, and is filled by them."""
    count = 0
    for some in _by_batches(iter(found)):
        if table == "account":
            await _put_accounts(db, some, accounts)
        else:
            await _put_rows(db, table, [_at_home(row, accounts) for row in some])
        count += len(some)
    return count


def _by_batches(found: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(found, BATCH)):
        yield some


def _at_home(row: Row, accounts: dict[str, str]) -> Row:
    if row.get("account_id") is not None:
        row = {**row, "account_id": accounts[row["account_id"]]}
    return row


async def _put_accounts(db: AsyncSession, found: Iterable[Row], accounts: dict[str, str]) -> None:
    wanted = list(found)
    made = text("""
        INSERT INTO account (id, email, created_at)
        SELECT id, email, created_at FROM jsonb_populate_recordset(NULL::account, CAST(:rows AS jsonb))
        ON CONFLICT DO NOTHING
    """)
    await db.execute(made, {"rows": json.dumps(wanted)})
    emails = [row["email"] for row in wanted]
    known = await db.execute(select(col(Account.email), col(Account.id)).where(col(Account.email).in_(emails)))
    here = {row[0]: str(row[1]) for row in known.all()}
    accounts.update({row["id"]: here[row["email"]] for row in wanted})


async def _put_rows(db: AsyncSession, table: str, some: list[Row]) -> None:
    known = metadata.tables[table]
    columns = [known.c[name] for name in some[0] if name in known.c and known.c[name].computed is None]
    names = ", ".join(f'"{column.name}"' for column in columns)
    read = ", ".join(map(_read, columns))
    shared = " ON CONFLICT DO NOTHING" if table in SHARED else ""
    into = f"""
        INSERT INTO "{table}" ({names})
        SELECT {read} FROM jsonb_populate_recordset(NULL::"{table}", CAST(:rows AS jsonb)){shared}
    """
    if table == "booking":
        await _number(db, some)
    await db.execute(text(into), {"rows": json.dumps(some)})


def _read(column: Column[Any]) -> str:
    """A document that must be there and is JSON's null comes out of the export as no value at all."""
    whole = isinstance(column.type, JSONB) and not column.nullable
    return f"coalesce(\"{column.name}\", 'null')" if whole else f'"{column.name}"'


async def _number(db: AsyncSession, bookings: list[Row]) -> None:
    """A booking holds its account's number, which is another one here."""
    people = {uuid.UUID(row["person_id"]) for row in bookings}
    found = await db.execute(
        select(col(Person.id), col(Account.number))
        .join(Account, col(Account.id) == col(Person.account_id))
        .where(col(Person.id).in_(people))
    )
    numbers = {str(row[0]): row[1] for row in found.all()}
    for row in bookings:
        row["account_number"] = numbers[row["person_id"]]


async def counted(db: AsyncSession, table: str) -> int:
    """How many rows of a table the transaction sees."""
    return (await db.execute(select(func.count()).select_from(metadata.tables[table]))).scalar_one()
