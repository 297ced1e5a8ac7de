"""Where there is no plan: why, what could be let go, and what each of it would mean."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.schedule.letting_go import NOT_HERE, Offer, from_json
from app.kit.errors import ConflictError, Fault
from app.kit.periods import spoken_year
from app.pages.schedule.choices_written import Written, written
from app.pages.schedule.known import known
from app.store.schedule.proposals import ProposalRow

GROUPS = (
    (True, "Each of these gives a plan by itself"),
    (None, "It is not known whether these give a plan: there was no time to try them"),
    (False, "None of these is enough by itself; several together may be"),
)


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One thing to let go: `writes` says what choosing it does, `number` tells it from the others on the page."""

    key: str
    number: int
    says: str
    means: tuple[str, ...]
    writes: Written
    can_be_taken: bool
    ticked: bool


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """Things to let go that are alike in whether a plan exists then."""

    heading: str
    works: bool | None
    offers: tuple[OfferLine, ...]


@dataclass(frozen=True, slots=True)
class ChoicesPage:
    """What could be let go. `state` is empty (nobody has looked), looking, found, nothing (with because) or a plan."""

    template: ClassVar[str] = "schedule/choices.html"
    heading: str
    proposal: str
    address: str
    state: str
    says: str
    share: float
    stream: str
    because: tuple[str, ...]
    groups: tuple[OfferGroup, ...]
    seen: str
    faults: tuple[Fault, ...]


async def choices_page(
    db: AsyncSession,
    member: Member,
    proposal_id: uuid.UUID,
    taken: Sequence[str] = (),
    faults: tuple[Fault, ...] = (),
) -> ChoicesPage:
    """The choices of one proposal: one statement; `taken` are ticked. Raises NotFoundError, ConflictError."""
    row = await known(db, member, proposal_id)
    if row.status not in {"impossible", "ready"}:
        raise ConflictError("There is a choice of what to let go only where no plan exists. Look at the plan itself.")
    proposal = f"/hubs/{member.hub_code}/proposals/{row.id}"
    kept = row.choices or {}
    state = _state(kept)
    told = told_progress(kept)
    return ChoicesPage(
        heading=f"Plan for {spoken_year(row.year)}",
        proposal=proposal,
        address=f"{proposal}/choices",
        state=state,
        says=told["says"],
        share=told["share"],
        stream=f"{proposal}/choices/progress" if state == "looking" else "",
        because=tuple(kept.get("because") or row.because),
        groups=tuple(_groups(member, row, from_json(kept.get("offers", ())), taken)),
        seen=kept.get("at", ""),
        faults=faults,
    )


def _state(kept: dict[str, Any]) -> str:
    state = kept.get("state", "")
    if state in {"waiting", "looking"}:
        return "looking"
    if state == "found" and not kept["because"]:
        return "a plan"
    return "nothing" if state == "none" else state


def told_progress(kept: dict[str, Any]) -> dict[str, Any]:
    """How far the search is: {"share", "says", "done"}."""
    state, done, of = kept.get("state"), kept.get("done", 0), kept.get("of", 0)
    if state not in {"waiting", "looking"}:
        return {"share": 1.0, "says": "The search is done.", "done": True}
    if not of:
        return {"share": 0.0, "says": "Finding out what stands in the way.", "done": False}
    says = f"Trying each way out: {done} of {of} are tried."
    return {"share": min(0.95, (done + 0.5) / of), "says": says, "done": False}


async def choices_progress(db: AsyncSession, member: Member, proposal_id: uuid.UUID) -> dict[str, Any]:
    """How far the search is: {"share", "says", "done"}. Raises NotFoundError."""
    return told_progress((await known(db, member, proposal_id)).choices or {})


def _groups(member: Member, row: ProposalRow, offers: Sequence[Offer], taken: Sequence[str]) -> list[OfferGroup]:
    lines = [
        (
            offer.exists,
            OfferLine(
                key=offer.key,
                number=number,
                says=offer.says,
                means=offer.means if offer.can_be_taken else (*offer.means, NOT_HERE),
                writes=written(member.hub_code, row, offer),
                can_be_taken=offer.can_be_taken,
                ticked=offer.key in taken,
            ),
        )
        for number, offer in enumerate(offers)
    ]
    groups = [
        OfferGroup(heading, works, tuple(line for exists, line in lines if exists is works))
        for works, heading in GROUPS
    ]
    return [group for group in groups if group.offers]
