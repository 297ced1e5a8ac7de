"""Groups on their way become Work Groups, all of them or none."""

import uuid
from collections.abc import Mapping

from app.actions.access import Actor
from app.actions.stages.forming import CHECK, form_group
from app.actions.stages.formings import ready
from app.domain.access import Can
from app.domain.meetings.groups import LONGEST_CODE, GroupChange
from app.domain.schedule.forming_plan import Formed
from app.domain.stages.forming_changed import changed
from app.domain.stages.forming_groups import Groups
from app.kit.errors import BadInputError, ConflictError, Fault
from app.kit.periods import spoken_year
from app.store.stages import forming_facts, formings

NO_TIMES = (None, None, None, None)


async def use(actor: Actor, forming_id: uuid.UUID, version: int, codes: Mapping[int, str]) -> list[str]:
    """Make the Work Groups with their schools and leaders; `codes` are by number of group. Returns the codes.

    Raises ForbiddenError, NotFoundError, StaleError, ConflictError (not ready, or facts changed: with sentences), and
    BadInputError naming `code_NUMBER`.
    """
    actor.require(Can.EDIT_GROUPS)
    forming = await ready(actor, forming_id, version)
    groups = Groups(forming.problem, forming.names, forming.plan).after(forming.steps)
    facts = await forming_facts.of_year(actor.db, actor.member, forming.year)
    against = changed(groups, forming.problem, facts).forbids
    if against:
        raise ConflictError(" ".join((*against, "Form groups anew.")))
    numbered = sorted((groups.number[each.id], each) for each in groups.now.groups)
    typed = read_codes(codes, [number for number, _ in numbered])
    async with actor.db.begin_nested():  # a page that is shown again must not see half of them
        for number, group in numbered:
            await _make(actor, forming.year, groups, group, (number, typed[number]))
    forming.status, forming.used_at = "used", actor.now
    forming.version += 1
    made = list(typed.values())
    about = f"{len(made)} proposed Work Groups for {spoken_year(forming.year)}"
    await actor.record("Used", about, forming=str(forming.id), codes=made)
    return made


def read_codes(codes: Mapping[int, str], numbers: list[int]) -> dict[int, str]:
    """A code for each number of a group; raises BadInputError for one that is missing, too long or there twice."""
    tidy = {number: " ".join(codes.get(number, "").split()) for number in numbers}
    faults, seen = [], set[str]()
    for number, code in tidy.items():
        if not code:
            faults.append(Fault(f"code_{number}", "Give the Work Group a code, like NCP27-11-03."))
        elif len(code) > LONGEST_CODE:
            faults.append(Fault(f"code_{number}", f"Keep this to {LONGEST_CODE} characters."))
        elif code.casefold() in seen:
            faults.append(Fault(f"code_{number}", f"{code} stands here twice: each Work Group has a code of its own."))
        seen.add(code.casefold())
    if faults:
        raise BadInputError(CHECK, tuple(faults))
    return tidy


async def _make(actor: Actor, year: int, groups: Groups, group: Formed, coded: tuple[int, str]) -> None:
    """One of them; a fault names the field of its number."""
    programmes = await formings.programme_ids(actor.db, actor.member.hub_id, year)
    key, _, least_gap = programmes[group.programme]
    half_terms = groups.forming.programme[group.programme].half_terms
    new = _new(coded[1], key, group.leader, half_terms, least_gap)
    try:
        await form_group(actor, year, new, _urns(group))
    except BadInputError as refused:
        raise BadInputError(CHECK, tuple(Fault(f"code_{coded[0]}", one.because) for one in refused.faults)) from None


def _new(code: str, programme: uuid.UUID, leader: str, half_terms: tuple[int, ...], least_gap: int) -> GroupChange:
    return GroupChange(
        code=code,
        name="",
        programme_id=programme,
        leader_id=uuid.UUID(leader),
        half_terms=half_terms,
        least_gap=least_gap,
        weekday_cost=(0, 0, 0, 0, 0),
        first_host=None,
        online=False,
        joining_link="",
        times=NO_TIMES,
    )


def _urns(group: Formed) -> tuple[int, ...]:
    """The schools of a group by URN: ids are sURN, with the kind where a school comes for a second programme."""
    return tuple(int(each.partition(":")[0].removeprefix("s")) for each in group.schools)
