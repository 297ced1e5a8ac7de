"""Why no groups can be formed, in a hub's words: sizes, capacity, pins and schools that fit nowhere."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from app.domain.schedule.forming import Forming, Joining, Programme
from app.domain.schedule.forming_table import Table
from app.kit.periods import HALF_TERMS


def reasons(table: Table) -> tuple[str, ...]:
    """What forbids any groups at once, one sentence each; none does not say that there are groups."""
    forming = table.forming
    pins = tuple(_pins(forming))
    found = [*pins]
    for programme in forming.programmes:
        schools = forming.in_programme(programme.id)
        must = [school for school in schools if not school.may_wait]
        if must:
            found += _sizes(forming, programme, len(must), len(schools))
            for school in must:
                found += _nowhere(table, programme, school)
    found += _capacity(forming)
    if not pins:
        found += _pinned_days(table)
    return tuple(dict.fromkeys(found))


def _sizes(forming: Forming, programme: Programme, must: int, ready: int) -> Iterator[str]:
    """Whether some number of groups holds some number of schools between those that must and all."""
    capacity = sum(each.most for each in forming.specialists if each.leads(programme.id))
    if not capacity:
        yield f"Nobody can lead a group of {programme.id}, which {must} schools want (F6). Add a specialist."
        return
    if any(
        programme.fewest * n <= ready and must <= programme.most * n for n in range(1, ready // programme.fewest + 1)
    ):
        return
    sizes = f"{programme.fewest} to {programme.most}"
    yield (
        f"{ready} schools want a group of {programme.id}, and {ready} cannot be divided into groups of {sizes} (F3). "
        "Change the sizes, let a school wait or ask another one."
    )


def _capacity(forming: Forming) -> Iterator[str]:
    """Whether the specialists can lead enough groups, for each programme and for all of them."""
    needed_in_all, places = 0, sum(each.most for each in forming.specialists)
    for programme in forming.programmes:
        must = sum(not each.may_wait for each in forming.in_programme(programme.id))
        needed = -(-must // programme.most)
        needed_in_all += needed
        can = sum(each.most for each in forming.specialists if each.leads(programme.id))
        if 0 < can < needed:
            yield (
                f"{must} schools want a group of {programme.id}: at least {needed} groups of at most {programme.most}, "
                f"and the specialists can lead {can} (F6). Add a specialist, let one lead more, or let "
                f"{must - can * programme.most} schools wait."
            )
    if places < needed_in_all and len(forming.programmes) > 1:
        yield f"At least {needed_in_all} groups are needed in all, and the specialists can lead {places} (F6)."


def _nowhere(table: Table, programme: Programme, school: Joining) -> Iterator[str]:
    """A school that no specialist has enough days with, and how many days each has."""
    forming = table.forming
    leaders = [each.person for each in forming.specialists if each.most and each.leads(programme.id)]
    if not leaders or any(table.enough_days(leader, programme.id, [school.id]) for leader in leaders):
        return
    shorts = "; ".join(_shorts(table, programme, school, leaders))
    yield f"{school.id} has too few days with any specialist (F4): {shorts}."


def _shorts(table: Table, programme: Programme, school: Joining, leaders: Iterable[str]) -> Iterator[str]:
    for leader in sorted(leaders):
        common = table.common(leader, [school.id])
        k = min(programme.half_terms, key=lambda term: (common[term], term))
        needed = table.forming.days_needed(programme.id, leader)
        yield f"{leader} {common[k]} of {needed} in {HALF_TERMS[k]}"


def _pins(forming: Forming) -> Iterator[str]:
    """Pins that contradict each other or a rule, whoever waits."""
    for school in forming.schools:
        if school.may_wait or school.left_out:
            continue
        leaders = sorted(forming.leader_of[school.id])
        if len(leaders) > 1:
            yield f"{school.id} is to be led by {' and by '.join(leaders)} (F7). Keep one of them."
        for leader in leaders:
            if not forming.specialist[leader].leads(school.programme):
                yield f"{school.id} is to be led by {leader}, who does not lead {school.programme} (F2, F7)."
    for both in joined(forming):
        if any(not forming.school[each].may_wait for each in both if not forming.school[each].left_out):
            yield from _company(forming, both)


def joined(forming: Forming) -> tuple[tuple[str, ...], ...]:
    """Schools that are to be together, with those that they are joined to through others; by id."""
    sets: list[set[str]] = []
    for both in forming.together:
        touching = [each for each in sets if each & set(both)]
        sets = [each for each in sets if each not in touching] + [set(both).union(*touching)]
    return tuple(sorted(tuple(sorted(each)) for each in sets))


def _company(forming: Forming, both: tuple[str, ...]) -> Iterator[str]:
    names, schools = " and ".join(both), [forming.school[each] for each in both]
    out = [each.id for each in schools if each.left_out]
    if out:
        yield f"{names} are to be together, but {' and '.join(out)} has its own specialist and was not asked (F5, F7)."
    programmes = sorted({each.programme for each in schools})
    if len(programmes) > 1:
        yield f"{names} are to be together, but they want {' and '.join(programmes)} (F2, F7)."
    most = forming.programme[schools[0].programme].most
    if len(both) > most:
        yield f"{len(both)} schools are to be together, and a group holds at most {most} (F3, F7): {names}."
    leaders = sorted({leader for each in both for leader in forming.leader_of[each]})
    if len(leaders) > 1:
        yield f"{names} are to be together, but are to be led by {' and by '.join(leaders)} (F7)."
    for a, b in combinations(both, 2):
        if any(a in apart and b in apart for apart in forming.apart):
            yield f"{a} and {b} are to be together and are not to be in one group (F7, F8). Take one of the two away."


def _pinned_days(table: Table) -> Iterator[str]:
    """A pin to a leader with whom the school, or all that are together, have too few days."""
    forming = table.forming
    for both in (*joined(forming), *((each.id,) for each in forming.schools)):
        if all(forming.school[each].may_wait or forming.school[each].left_out for each in both):
            continue
        programme = forming.programme[forming.school[both[0]].programme]
        pinned = {leader for each in both for leader in forming.leader_of[each]}
        leaders = pinned or {each.person for each in forming.specialists if each.most and each.leads(programme.id)}
        if not leaders or (len(both) == 1 and not pinned):
            continue
        if not any(table.enough_days(leader, programme.id, both) for leader in leaders):
            with_whom = " and ".join(sorted(pinned)) if pinned else "any specialist"
            yield f"{' and '.join(both)} have too few days together with {with_whom} (F4, F7)."
        for leader in pinned:
            if not forming.specialist[leader].most:
                yield f"{' and '.join(both)} are to be led by {leader}, who can lead no group (F6, F7)."


def must_wait(schools: tuple[str, ...], ready: int) -> str:
    """The sentence when the rest fits once the fewest schools wait."""
    what = "school" if len(schools) == 1 else "schools"
    return (
        f"Each of the {ready} schools fits somewhere, but not all of them together: at least {len(schools)} {what} "
        f"would have to wait, such as {', '.join(schools)} (F3, F4, F6). Let them wait, add a specialist or a "
        "half-day, or take a pin away."
    )
