"""The demo's ledger: rates and a grant, the first half term claimed, some of it paid, a question, an adjustment."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions.access import Actor
from app.actions.funding import adjusting, claiming, completions, forms, querying, remittances, renewing
from app.actions.funding.adjusting import New
from app.actions.funding.claiming import Chosen, Payment
from app.domain import demo
from app.domain.funding import rates
from app.domain.funding.pence import pounds
from app.domain.funding.rates import Amount, RateCard
from app.domain.funding.statements import Step, Why
from app.kit.periods import year_span
from app.kit.typed import typed
from app.models import funding as tables
from app.store import demo as rows
from app.store import people
from app.store.funding import ledger_lines, statements
from app.store.funding.statements import Row

LEAD, OFFICE, HEAD = "Morwenna Sedge", "Petra Moss", "Jenna Larkspur"
GRANT = 48_000_00
AMOUNTS = {  # pence; invented, like all of this hub
    "supply": 250_00,
    "release": 160_00,
    "specialist": 130_00,
    "specialist-visit": 95_00,
    "observation": 95_00,
    "specialist-miles": 45,
    "readiness-group": 130_00,
    "readiness-visit": 180_00,
    "readiness-miles": 45,
    "no-show": 30_00,
}
METRES = (12_400, 31_700, 46_200, 8_900)  # there and back
WITHOUT = 2  # schools whose number in the finance system nobody has entered
WAITING = 3  # closed statements that a second person has not looked at yet
QUESTION = "Our diary has this on the day after. Can you look at the record again?"
GOODWILL = "Travel of a teacher whose meeting was moved at short notice."


@dataclass(frozen=True, slots=True)
class Known:
    """The hub and year, and when it is."""

    db: AsyncSession
    hub_id: uuid.UUID
    year: int
    now: datetime


async def write_money(db: AsyncSession, hub_id: uuid.UUID, year: int, now: datetime) -> None:
    """The ledger as it stands at `now`: the visible hub must be this one."""
    known = Known(db, hub_id, year, now)
    _card(known)
    await _settings(known)
    await _travel(known)
    office, lead = await _acting(known, OFFICE), await _acting(known, LEAD)
    await renewing.renew(db, hub_id, year, now)
    await _ask(known)
    done = [one for one in await statements.open_ones(db, office.member, year) if one.row.last < now.date()]
    await _claim(done, replace(office, now=now - timedelta(days=9)), replace(lead, now=now - timedelta(days=8)))
    await _pay(known, office)
    await _others(known, office, done)
    await renewing.renew(db, hub_id, year, now)


def _card(known: Known) -> None:
    first = year_span(known.year).first
    usual = (replace(one, amounts=(Amount(first, AMOUNTS.get(one.key, 0)),)) for one in rates.USUAL)
    card = RateCard(demo.HUB_CODE, known.year, 1, tuple(one for one in usual if one.key in AMOUNTS))
    begun = datetime(known.year, 9, 1, 9, 0, tzinfo=UTC)
    known.db.add(
        tables.RateCard(
            hub_id=known.hub_id,
            year=known.year,
            version=1,
            rates=rates.to_data(card)["rates"],
            because="The rates agreed with the funder in July.",
            made_at=begun,
            published_at=begun,
        )
    )


async def _settings(known: Known) -> None:
    kept = tables.FundingYear(hub_id=known.hub_id, year=known.year, grant_pence=GRANT, every="half_term")
    urns = [school.urn for group in demo.groups(known.year) for school in group.schools]
    numbers = [
        tables.Payee(hub_id=known.hub_id, urn=urn, reference=f"V{4000 + place}")
        for place, urn in enumerate(dict.fromkeys(urns[:-WITHOUT]))
    ]
    known.db.add_all([kept, *numbers])
    await known.db.flush()


async def _travel(known: Known) -> None:
    for place, event in enumerate(await rows.held(known.db, known.hub_id)):
        if event.year == known.year and place % 2:
            known.db.add(
                tables.Travel(
                    event_id=event.id,
                    person_id=event.lead_id,
                    hub_id=known.hub_id,
                    metres=METRES[place % len(METRES)],
                    made_at=known.now,
                )
            )
    await known.db.flush()


async def _acting(known: Known, name: str) -> Actor:
    (person,) = await rows.named(known.db, known.hub_id, [name])
    viewer = await people.viewer(known.db, person.account_id, person.email)
    member = next(one for one in viewer.members if one.hub_id == known.hub_id)
    return Actor(known.db, viewer, member, known.now)


async def _ask(known: Known) -> None:
    """A head asks about the first line of her school: it stays out of what is closed."""
    head = await _acting(known, HEAD)
    urn = next(iter(head.member.schools))
    owed = await ledger_lines.of_school(known.db, head.member, urn, known.year)
    if owed:
        await querying.ask(head, owed[-1].id, QUESTION)


async def _claim(done: Sequence[Row], office: Actor, lead: Actor) -> None:
    """Closed by one, approved by another, and sent where the school's number is known."""
    whole = [one for one in done if one.lines > one.queried]
    seen = [Chosen(one.row.id, one.row.version, one.pence, one.lines, one.queried) for one in whole]
    if not seen:
        return
    await claiming.close(office, seen)
    approved = [Chosen(one.row.id, one.row.version) for one in whole[WAITING:]]
    await claiming.take(lead, Step.APPROVE, approved)
    known = [
        Chosen(one.row.id, one.row.version)
        for one in whole[WAITING:]
        if one.row.urn and not await statements.without_reference(office.db, office.member.hub_id, one.row.urn)
    ]
    await claiming.take(replace(lead, viewer=office.viewer, member=office.member), Step.SUBMIT, known)


async def _pay(known: Known, office: Actor) -> None:
    """One statement is paid, one in part; the bank's file for three more waits to be looked at."""
    every = await statements.every(known.db, office.member)
    sent = sorted((one for one in every if one.row.state == "submitted"), key=lambda one: (-one.pence, one.row.id))
    day = known.now.date() - timedelta(days=2)
    for one, pence in zip(sent[:2], (sent[0].pence, sent[1].pence // 2) if len(sent) > 1 else (), strict=False):
        await claiming.pay(office, Chosen(one.row.id, one.row.version), Payment(pence, day))
    if len(sent) > 4:
        bank = "Payment reference,Payee,Amount paid,Payment date\n" + "".join(
            f'{one.row.reference},{one.school},"{pounds(pence).removeprefix("£")}",{day:%d/%m/%Y}\n'
            for one, pence in ((sent[2], sent[2].pence), (sent[3], sent[3].pence - 20_00), (sent[4], sent[4].pence))
        )
        await remittances.hand_in(office, "bank-november.csv", bank.encode())


async def _others(known: Known, office: Actor, done: Sequence[Row]) -> None:
    """An adjustment that waits for a second person, counts of last year, the funder's form."""
    urn = next((one.row.urn for one in done if one.row.urn), None)
    if urn:
        await adjusting.propose(
            office, New(known.year, urn, Why.GOODWILL, known.now.date() - timedelta(days=5), 18_40, GOODWILL)
        )
    frozen = typed([("name", f"July {known.year}"), ("day", date(known.year, 7, 17).isoformat())])
    await completions.freeze(office, known.year - 1, frozen)
    await forms.add(office, "The funder's termly return", "school")
