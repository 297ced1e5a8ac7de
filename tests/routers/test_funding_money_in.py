"""A payment file and an earlier ledger through their pages: handed in, looked at, confirmed; a wrong file is told."""

from datetime import date

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Role
from app.models.funding import LedgerLine, Statement
from app.models.hubs import Hub
from app.models.schools import School
from app.pages.funding.statements import pounds_number
from app.render.sheets import to_csv
from app.store.database import Database
from tests.makers import NOW, YEAR, a_hub, a_person, a_school, sign_in

FILE = b"Reference,Amount\nAB-26-0001,50.00\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


async def _submitted(db: AsyncSession, hub: Hub, school: School) -> Statement:
    """A statement of £80 that waits for its payment."""
    row = Statement(
        hub_id=hub.id,
        year=YEAR,
        first=date(2026, 9, 1),
        last=date(2026, 10, 31),
        reference="AB-26-0001",
        urn=school.urn,
        opened_at=NOW,
    )
    db.add(row)
    await db.flush()
    line = LedgerLine(
        hub_id=hub.id,
        statement_id=row.id,
        key="a",
        urn=school.urn,
        payee="participant",
        rate="release",
        day=row.first,
        quantity=1,
        of=1,
        rate_pence=8000,
        pence=8000,
    )
    db.add(line)
    await db.flush()
    row.state, row.pence, row.lines, row.digest = "submitted", 8000, 1, "0" * 64
    return row


async def test_a_payment_file_is_looked_at_and_applied_through_its_pages(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as db:
        hub, school = await a_hub(db), await a_school(db)
        csrf = await sign_in(db, client, await a_person(db, hub, Role.COORDINATOR))
        row = await _submitted(db, hub, school)
    home = f"/hubs/{hub.code}/remittances"

    async def hand_in(name: str, data: bytes) -> httpx.Response:
        return await client.post(home, data={"csrf": csrf}, files={"file": (name, data)})

    wrong = await hand_in("bank.csv", PICTURE)
    assert wrong.status_code == 422
    assert "is a picture" in wrong.text
    nothing = await client.post(home, data={"csrf": csrf})
    assert nothing.status_code == 422
    assert "Choose a file" in nothing.text
    taken = await hand_in("bank.csv", FILE)
    assert taken.status_code == 303, taken.text
    here = taken.headers["location"]
    page = await client.get(here)
    assert "1 row: 1 too little." in page.text
    again = await client.post(f"{here}/columns", data={"csrf": csrf, "reference": "Amount", "amount": "Amount"})
    assert again.status_code == 422
    assert "Another choice has this column already" in again.text
    asked = (await client.get(f"{here}/apply", headers={"Accept": "application/json"})).json()
    assert asked["confirm"]["question"] == "Record £50.00 as paid, as bank.csv says?"
    kept = dict(asked["confirm"]["kept"])
    stale = await client.post(f"{here}/apply", data={"csrf": csrf, "stamp": "0"})
    assert stale.status_code == 412
    done = await client.post(f"{here}/apply", data={"csrf": csrf, **kept})
    assert done.status_code == 303, done.text
    assert (await client.get(f"{here}/file")).content == FILE
    async with database.transaction(hub.id) as db:
        paid = await db.get(Statement, row.id)
        assert paid is not None
        assert (paid.state, paid.paid) == ("part_paid", 5000)
    owed = f"/hubs/{hub.code}/schools/{row.urn}/owed?year={YEAR}"
    told = (await client.get(owed, headers={"Accept": "application/json"})).json()["figures"]
    sums = {one["counts"]: one["number"] for one in told}
    assert (sums["paid"], sums["sent for payment"]) == ("£50.00", "£30.00")
    assert ",80.00" in (await client.get(f"{owed}&format=csv")).text


def test_an_amount_below_nought_is_a_number_in_a_file() -> None:
    assert to_csv(("Amount",), [(pounds_number(-121230),), (pounds_number(5),)]).endswith(b"\r\n-1212.30\r\n0.05\r\n")
