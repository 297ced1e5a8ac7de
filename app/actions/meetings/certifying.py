"""Issuing certificates, one or a whole Work Group's, and withdrawing them."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.actions.access import Actor
from app.domain.access import Can, Target, decide
from app.domain.meetings import certificates as rules
from app.domain.meetings.certificates import Kind, Whose
from app.kit.check_codes import new_code, shown
from app.kit.clock import Clock
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError
from app.kit.periods import in_london, spoken_year
from app.models.meetings import Certificate
from app.render.meetings.certificate import Issue, certificate_pdf
from app.store import jobs, people
from app.store.database import Database
from app.store.meetings import certificates

LONGEST_BECAUSE = 300
NONE_EARNED = "Nothing that you attended is recorded for {} yet, so there is nothing to certify."


@dataclass(frozen=True, slots=True)
class Order:
    """Whose certificates of which Work Group, for a job."""

    hub_id: uuid.UUID
    group_id: uuid.UUID
    account_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class _Due:
    """One that issuing makes: what it says, and the one it takes the place of."""

    whose: Whose
    facts: Mapping[str, Any]
    before: Certificate | None


async def issue_group(actor: Actor, group_id: uuid.UUID, address: str) -> tuple[int, bool]:
    """Issue a certificate to everybody of a Work Group who has earned one and whom the actor may certify.

    How many, and whether a job makes them. `address` is the page that checks codes.
    Raises NotFoundError, ForbiddenError.
    """
    await certificates.one_at_a_time(actor.db, actor.member.hub_id)
    due = await _due_of_group(actor, group_id)
    account = actor.viewer.account_id
    if len(due) > rules.AT_ONCE and account:
        hub, group = str(actor.member.hub_id), str(group_id)
        await jobs.defer(
            actor.db,
            "issue_certificates",
            lock=rules.lock(group_id),
            hub_id=hub,
            group_id=group,
            account_id=str(account),
        )
        return len(due), True
    for one in due:
        await _issue(actor, one, address)
    return len(due), False


async def _due_of_group(actor: Actor, group_id: uuid.UUID) -> list[_Due]:
    everybody = await certificates.of_group(actor.db, actor.member, group_id, None)
    hub_id = actor.member.hub_id
    mine = [one for one in everybody if decide(actor.viewer, Can.CERTIFY, of_one(hub_id, one))]
    if not mine:
        actor.require(Can.CERTIFY, Target(hub_id, group_id=group_id))
        raise NotFoundError
    return await _due(actor, mine)


def of_one(hub_id: uuid.UUID, whose: Whose) -> Target:
    """What the law is asked about somebody's certificate."""
    return Target(hub_id, frozenset({whose.person_id}), whose.group_id)


async def _due(actor: Actor, everybody: Sequence[Whose]) -> list[_Due]:
    of, keys = everybody[0], [one.person_id for one in everybody]
    hub_id = actor.member.hub_id
    took_part = await certificates.took_part(actor.db, hub_id, keys, of.year, actor.now, of.group_id)
    current = await certificates.current(actor.db, hub_id, keys, of.year, of.group_id)
    found = []
    for one in everybody:
        facts = rules.facts(one, rules.counted(one, took_part[one.person_id]))
        before = current.get(one.person_id)
        if rules.outcome(facts, rules.told(before.says) if before else None) in rules.MAKES:
            found.append(_Due(one, facts, before))
    return found


async def _issue(actor: Actor, due: _Due, address: str) -> Certificate:
    whose, code = due.whose, new_code()
    issue = Issue(code, address, actor.now.replace(microsecond=0), actor.member.name)
    pdf = certificate_pdf(whose.kind, whose.year, due.facts, issue)
    made = Certificate(
        hub_id=actor.member.hub_id,
        code=code,
        kind=whose.kind.value,
        person_id=whose.person_id,
        group_id=whose.group_id,
        year=whose.year,
        says={"facts": dict(due.facts), "by": issue.by},
        digest=hashlib.sha256(pdf).digest(),
        pdf=pdf,
        made_at=issue.at,
        made_by=actor.person_id,
    )
    if due.before:
        due.before.withdrawn_at = actor.now
        due.before.because = rules.replaced(shown(code), in_london(actor.now).date())
    await certificates.add(actor.db, made)
    of = rules.of_what(made.kind, whose.group, whose.year)
    facts = {"certificate": str(made.id), "person": str(whose.person_id)}
    if whose.group_id:
        facts["group"] = str(whose.group_id)
    did = "Issued again" if due.before else "Issued"
    await actor.record(did, f"the {rules.TITLES[whose.kind].lower()} of {whose.name} for {of}", **facts)
    return made


async def issue_year(actor: Actor, year: int, address: str) -> uuid.UUID:
    """Make the actor's own record of a year, as it stands now.

    Raises BadInputError when nothing is recorded, ConflictError when the standing one says the same.
    """
    actor.require(Can.CERTIFY, Target(actor.member.hub_id, frozenset({actor.member.person_id})))
    await certificates.one_at_a_time(actor.db, actor.member.hub_id)
    whose = await certificates.of_person(actor.db, actor.member, year)
    due = await _due(actor, [whose])
    if not due:
        standing = await certificates.current(actor.db, actor.member.hub_id, [whose.person_id], year, None)
        if standing:
            raise ConflictError("Your record of this year says all that is recorded. Nothing new is there to add.")
        because = NONE_EARNED.format(spoken_year(year))
        raise BadInputError(because, (Fault("year", because),))
    return (await _issue(actor, due[0], address)).id


async def withdraw(actor: Actor, certificate_id: uuid.UUID, because: str) -> None:
    """Say that a certificate no longer counts, and why: the public page tells it to whoever checks its code.

    Raises NotFoundError, ForbiddenError, ConflictError (withdrawn already) or BadInputError (no because).
    """
    row = await certificates.locked(actor.db, actor.member, certificate_id)
    if row is None:
        raise NotFoundError
    people = frozenset({row.person_id}) if row.person_id else frozenset[uuid.UUID]()
    actor.require(Can.CERTIFY, Target(row.hub_id, people, row.group_id))
    said = " ".join(because.split())
    if not said or len(said) > LONGEST_BECAUSE:
        fault = Fault("because", f"Say in up to {LONGEST_BECAUSE} characters why it no longer counts.")
        raise BadInputError("Say why it no longer counts.", (fault,))
    if row.withdrawn_at:
        raise ConflictError("This has been withdrawn already.")
    row.withdrawn_at, row.because = actor.now, said
    facts = rules.told(row.says)
    about = f"the {rules.TITLES[Kind(row.kind)].lower()} of {facts['name']}"
    links = {"certificate": str(row.id), "person": str(row.person_id or ""), "group": str(row.group_id or "")}
    await actor.record(
        "Withdrew", about, after={"because": said}, **{key: value for key, value in links.items() if value}
    )


async def issue_in_background(database: Database, clock: Clock, order: Order, address: str) -> None:
    """Issue a long list in the name of whoever asked, each in a transaction of its own, until none is due.

    A job that is broken off and begun again goes on where it was: what is issued is due no more.
    """
    while True:
        async with database.transaction() as db:
            viewer = await people.viewer(db, order.account_id, "")
            member = viewer.member(order.hub_id)
            if member is None:
                return  # whoever asked has left the hub
            actor = Actor(db, viewer, member, clock())
            await certificates.one_at_a_time(db, order.hub_id)
            due = await _due_of_group(actor, order.group_id)
            if not due:
                return
            await _issue(actor, due[0], address)
