"""Asking whoever's turn it is for what keeps money from being claimed: one message each, not again within days."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding.missing import DAYS_BETWEEN, Missing, Turn, What, by_person, letter
from app.domain.mail.kinds import Kind
from app.domain.mail.letters import LEAVES_AFTER_MINUTES
from app.kit.errors import BadInputError, Fault
from app.kit.ids import new_id
from app.kit.periods import spoken_year
from app.store.funding import missing
from app.store.mail.posting import Written, post

NOBODY = (
    f"There is nobody to write to: nothing waits for them, or they were asked in the last {DAYS_BETWEEN} days, or they "
    "have no e-mail address here."
)


async def whom(actor: Actor, year: int, what: What | None) -> Mapping[Turn, Sequence[Missing]]:
    """Who would be asked for what; whoever was asked in the last days is left out. Raises BadInputError for nobody."""
    actor.require(Can.CLAIM)
    found = await missing.of_year(actor.db, actor.member, year, actor.now)
    asked = await missing.lately(actor.db, actor.member.hub_id, actor.now)
    turns = by_person(one for one in found if what in {None, one.what})
    left = {turn: some for turn, some in turns.items() if turn.person_id not in asked}
    if not left:
        raise BadInputError(NOBODY, (Fault("", NOBODY),))
    return left


async def chase(actor: Actor, year: int, what: What | None) -> tuple[uuid.UUID, int]:
    """Write to each of them: what the messages share, and how many they are. Raises BadInputError for nobody."""
    turns, batch = await whom(actor, year, what), new_id()
    home = f"/hubs/{actor.member.hub_code}"
    letters = []
    for turn, some in turns.items():
        subject, text = letter(turn.name, actor.member.hub_name, some)
        links = {f"page{place}": ("page", f"{home}{one.leads}") for place, one in enumerate(some)}
        letters.append(
            Written(
                kind=Kind.GROUP,
                to=turn.email,
                subject=subject,
                text=text,
                person_id=turn.person_id,
                links={word: link for word, link in links.items() if f"{{{word}}}" in text},
                batch_id=batch,
                made_by=actor.person_id,
                later=timedelta(minutes=LEAVES_AFTER_MINUTES),
            )
        )
    await post(actor.db, actor.member.hub_id, letters, actor.now)
    facts = {"hub": str(actor.member.hub_id), "batch": str(batch), "people": len(letters)}
    await actor.record("Asked", f"for what is missing before funding of {spoken_year(year)} is claimed", **facts)
    return batch, len(letters)
