"""Before groups on their way become Work Groups, and before they are set aside."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Member
from app.domain.stages.forming_changed import changed
from app.domain.stages.group_codes import proposed
from app.kit.errors import ConflictError, Fault
from app.kit.periods import spoken_year
from app.kit.typed import Typed
from app.pages._parts import Confirm, Field, Form, refilled
from app.pages.stages.forming_known import known, ready
from app.store.stages import forming_facts


@dataclass(frozen=True, slots=True)
class FormingUsePage:
    """What using the groups will do; `forbids` says what has changed since, and then there is no form."""

    template: ClassVar[str] = "stages/forming_use.html"
    back: str
    heading: str
    question: str
    happens: tuple[str, ...]
    forbids: tuple[str, ...]
    tells: tuple[str, ...]
    pins: str
    form: Form


@dataclass(frozen=True, slots=True)
class FormingConfirmPage:
    """Asks before groups on their way are set aside."""

    template: ClassVar[str] = "stages/forming_confirm.html"
    confirm: Confirm


async def load(
    db: AsyncSession,
    member: Member,
    forming_id: uuid.UUID,
    typed: Typed | None = None,
    faults: Sequence[Fault] = (),
) -> FormingUsePage:
    """The question with a code for each group. Raises NotFoundError, ConflictError when there are no groups."""
    row, groups = await ready(db, member, forming_id)
    here = f"/hubs/{member.hub_code}/formings/{row.id}"
    facts = await forming_facts.of_year(db, member, row.year)
    differs = changed(groups, row.problem, facts)
    looked = groups.look()
    known_codes = await forming_facts.codes(db, member.hub_id, row.year)
    codes = proposed(known_codes, row.year, [one.group.programme for one in looked])
    form = Form(
        action=f"{here}/use",
        submit="Make these Work Groups",
        fields=tuple(
            Field(
                name=f"code_{one.number}",
                label=f"Code of {groups.names[one.group.id]}",
                value=code,
                hint=f"{groups.names[one.group.programme]}, {len(one.group.schools)} schools around "
                f"{groups.names[one.priced.middle]}.",
                width="10",
            )
            for one, code in zip(looked, codes, strict=True)
        ),
        kept=(("version", str(row.version)),),
    )
    schools, count = sum(len(one.group.schools) for one in looked), len(looked)
    waits = len(groups.now.waiting)
    made = "1 Work Group is" if count == 1 else f"{count} Work Groups are"
    of = "1 school, its leader" if schools == 1 else f"{schools:,} schools, their leaders"
    happens = [
        f"{made} made for {spoken_year(row.year)}, with {of} and the visits of their programmes.",
        "Schools that are new to the hub work with it in that year.",
        "Nobody is written to, and there are no dates yet: name the people who take part, then propose a plan.",
        "A Work Group can be changed afterwards on its own page.",
    ]
    if waits:
        happens.insert(1, f"{'1 school stays' if waits == 1 else f'{waits} schools stay'} without a Work Group.")
    return FormingUsePage(
        back=here,
        heading=f"Work Groups for {spoken_year(row.year)}",
        question="Make Work Groups of these groups?",
        happens=tuple(happens),
        forbids=differs.forbids,
        tells=differs.tells,
        pins=f"{here}/pins",
        form=refilled(form, typed, faults) if typed else form,
    )


def read_codes(typed: Typed) -> dict[int, str]:
    """The codes by number of group, as typed."""
    return {
        int(number): typed.text(name)
        for name in typed.values
        if (number := name.removeprefix("code_")) != name and number.isascii() and number.isdigit() and len(number) < 5
    }


async def drop_page(db: AsyncSession, member: Member, forming_id: uuid.UUID) -> FormingConfirmPage:
    """What setting aside will do. Raises NotFoundError, ConflictError when Work Groups were made of them."""
    row = await known(db, member, forming_id)
    if row.status == "used":
        raise ConflictError("Work Groups were made of these. Change them on their own pages.")
    here = f"/hubs/{member.hub_code}/formings/{row.id}"
    return FormingConfirmPage(
        Confirm(
            question="Set these groups aside?",
            happens=(
                "They stay on the list to be looked at, and can no longer be moved or used.",
                "No Work Group changes. You can propose groups again at any time.",
            ),
            action=f"{here}/set-aside",
            submit="Set them aside",
            back=here,
        )
    )
