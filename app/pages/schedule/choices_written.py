"""What choosing something writes and where, before it is done and so that it can be changed back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.schedule.letting_go import Offer, chosen
from app.kit.periods import HALF_TERMS, spoken_year
from app.pages._parts import Confirm
from app.pages.schedule.known import known
from app.pages.schedule.proposals import held_already
from app.store.schedule.proposals import ProposalRow

THIS_PLAN = "Only this one date is let through, and it is pinned when the plan is accepted."


@dataclass(frozen=True, slots=True)
class Written:
    """What choosing it writes; `page` names where that is written and can be changed back, `href` leads there."""

    says: str
    page: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class ChoicesConfirmPage:
    """Asks before facts are changed and a new plan is proposed."""

    template: ClassVar[str] = "schedule/choices_confirm.html"
    confirm: Confirm
    written: tuple[Written, ...]


async def choices_confirm_page(
    db: AsyncSession, member: Member, proposal_id: uuid.UUID, keys: Sequence[str], seen: str
) -> ChoicesConfirmPage:
    """What choosing these will write: two statements. Raises NotFoundError, StaleError, BadInputError."""
    row = await known(db, member, proposal_id)
    offers = chosen(row.choices, keys, seen)
    address = f"/hubs/{member.hub_code}/proposals/{row.id}/choices"
    writes = [written(member.hub_code, row, offer) for offer in offers]
    happens = [
        " ".join([offer.says, *offer.means, one.says]).strip() for offer, one in zip(offers, writes, strict=True)
    ]
    held = await held_already(db, member, row.year, three=False)
    happens += held.confirm.happens[:2] if held else ()
    happens.append("A new plan is then proposed. Dates in the calendar change only when you accept it.")
    return ChoicesConfirmPage(
        Confirm(
            question=f"Propose a plan for {spoken_year(row.year)} that lets this go?",
            happens=tuple(happens),
            action=f"{address}/take",
            submit="Let it go and propose a plan",
            back=address,
            kept=(("seen", seen), *(("take", offer.key) for offer in offers)),
            harm=False,
        ),
        tuple({one.href: one for one in writes if one.href}.values()),
    )


def written(code: str, row: ProposalRow, offer: Offer) -> Written:
    """What an offer writes and where."""
    if offer.is_place:
        return Written(THIS_PLAN)
    home, about = f"/hubs/{code}", offer.about.partition("/")[0]
    if offer.kind == "let_move":
        return Written(
            "Its pin is taken off in the calendar.", f"Dates of {spoken_year(row.year)}", f"{home}/year?year={row.year}"
        )
    if offer.kind == "more_a_day":
        return Written(
            "This is written in the settings of the year.", spoken_year(row.year), f"{home}/years/{row.year}"
        )
    if offer.kind == "more_days":
        name = row.names.get(about, "this person")
        return Written(f"This is written in the working days of {name}.", name, f"{home}/people/{about}")
    return _series(home, row, offer, about)


def _series(home: str, row: ProposalRow, offer: Offer, about: str) -> Written:
    """A gap or a half term of a Work Group's meetings, or of a school's visits."""
    schools = {each["id"]: each["school"] for each in row.problem["visits"]}
    name = row.names.get(about, "the Work Group")
    if about in schools:
        school = row.names.get(schools[about], "the school")
        page, href = school, f"{home}/schools/{schools[about].removeprefix('s')}"
        where = f"This is written in the visits of {school}."
    else:
        page, href, where = name, f"{home}/groups/{about}", f"This is written in the Work Group {name}."
    if offer.kind == "leave_out" and offer.can_be_taken:
        term = HALF_TERMS[int(offer.about.rpartition("/")[2])]
        where = f"{where} {term} is no longer one of its half terms"
        where += ", and observations that follow it are not planned." if about not in schools else "."
    return Written(where, page, href) if offer.can_be_taken else Written("")
