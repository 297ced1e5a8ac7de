"""Where a school stands now: what is met, what is left and who sees to it; shared by its page and its journey."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.access import Can, Member, Reach
from app.domain.stages.gate import Judged, Standing, Verdict
from app.domain.stages.ladder import RUNGS, State, standing
from app.kit.periods import academic_year, in_london, spoken_year
from app.pages.stages.verdicts import VerdictLine, Whose, verdict_lines
from app.store.stages import barriers, gate, journey
from app.store.stages.journey import EnrolledRow

LEFT_FIRST = {Standing.MISSING: 0, Standing.EXPIRED: 1, Standing.PARTLY: 2, Standing.MET: 3}
LOOKS = {kind: stage.value for kind, stage in RUNGS.items()}


@dataclass(frozen=True, slots=True)
class Sees:
    """Who sees to what at this school: empty names are said by their part."""

    visitor: str = ""
    leader: str = ""


@dataclass(frozen=True, slots=True)
class NowLine:
    """A criterion, and who sees to it as long as it is not met."""

    line: VerdictLine
    who: str


@dataclass(frozen=True, slots=True)
class Now:
    """The programme a school is in this year, held against what it must show. `met` is 4 of 8, in words."""

    look: str
    stage: str
    programme: str
    year: str
    state: str
    group: str
    group_href: str
    leader: str
    visitor: str
    met: str
    left: tuple[NowLine, ...]
    done: tuple[NowLine, ...]
    href: str
    propose_href: str


@dataclass(frozen=True, slots=True)
class StandsShort:
    """A school's stage in a few words, for its page; empty words where it is in no programme."""

    look: str
    stage: str
    programme: str
    state: str
    met: str
    barriers: int
    journey_href: str
    barriers_href: str
    plan_href: str
    enrol_href: str


async def short(db: AsyncSession, member: Member, year: int, urn: int, now: datetime) -> StandsShort | None:
    """The short block of a school's page for whoever may see its journey: a fixed number of statements."""
    if await journey.known(db, member, urn) is None:
        return None
    enrolled = await journey.enrolled(db, member.hub_id, [urn])
    stands = standing([one.row for one in enrolled], year)
    row = next((one for one in enrolled if stands and one.row.id == stands.id), None)
    judged = await gate.verdicts(db, member.hub_id, [stands] if stands else [], now)
    home = f"/hubs/{member.hub_code}"
    may_enrol = bool(member.reaches(Can.EDIT_STAGES)) and row is None
    return StandsShort(
        look=LOOKS[row.row.kind] if row else "",
        stage=RUNGS[row.row.kind].says if row else "",
        programme=row.programme if row else "",
        state=State(row.row.state).says if row else "",
        met=met_of(judged[row.row.id]) if row else "",
        barriers=await barriers.open_count(db, member, urn),
        journey_href=f"{home}/schools/{urn}/journey",
        barriers_href=f"{home}/barriers?state=open&urn={urn}",
        plan_href=f"{home}/schools/{urn}/plan/{year}",
        enrol_href=f"{home}/enrolments/new?urn={urn}" if may_enrol else "",
    )


async def load(
    db: AsyncSession, member: Member, urn: int, enrolled: Iterable[EnrolledRow], now: datetime
) -> Now | None:
    """Where the school stands in this academic year; None when it is in nothing: a fixed number of statements."""
    year = academic_year(in_london(now).date())
    rows = list(enrolled)
    stands = standing([one.row for one in rows if one.row.urn == urn], year)
    row = next((one for one in rows if stands and one.row.id == stands.id), None)
    if row is None:
        return None
    judged = (await gate.verdicts(db, member.hub_id, [row.row], now))[row.row.id]
    leader, visitor = await journey.who_leads(db, member.hub_id, urn, year)
    sees = Sees(visitor, leader or row.leader)
    lines = _lines(member, Whose(urn, year), judged, sees)
    home = f"/hubs/{member.hub_code}"
    href = f"{home}/enrolments/{row.row.id}"
    proposes = may_at(member, Can.PROPOSE_MOVE, urn) and row.row.state in {State.ACTIVE, State.COMPLETED}
    return Now(
        look=LOOKS[row.row.kind],
        stage=RUNGS[row.row.kind].says,
        programme=row.programme,
        year=spoken_year(year),
        state=State(row.row.state).says,
        group=row.group,
        group_href=f"{home}/groups/{row.row.group_id}" if row.row.group_id else "",
        leader=sees.leader,
        visitor=visitor,
        met=met_of(judged),
        left=tuple(one for one in lines if one.line.state != Standing.MET),
        done=tuple(one for one in lines if one.line.state == Standing.MET),
        href=href,
        propose_href=f"{href}/propose" if proposes else "",
    )


def may_at(member: Member, can: Can, urn: int) -> bool:
    """Whether the member has the permission at this school: what a page offers; the act asks the law again."""
    reaches = member.reaches(can)
    return (
        Reach.HUB in reaches
        or (Reach.GROUP in reaches and urn in member.group_schools)
        or (Reach.SCHOOL in reaches and urn in member.schools)
    )


def met_of(judged: Judged) -> str:
    """4 of 8 criteria met."""
    return f"{judged.count(Standing.MET)} of {len(judged.verdicts)} criteria met"


def _lines(member: Member, whose: Whose, judged: Judged, sees: Sees) -> tuple[NowLine, ...]:
    """What is missing first."""
    ordered = sorted(judged.verdicts, key=lambda one: LEFT_FIRST[one.state])
    lines = verdict_lines(member, whose, ordered)
    return tuple(NowLine(line, who(one, sees)) for line, one in zip(lines, ordered, strict=True))


def who(verdict: Verdict, sees: Sees) -> str:
    """Who sees to a criterion that is not met."""
    if verdict.state is Standing.MET:
        return ""
    visitor = sees.visitor or sees.leader or "whoever visits the school"
    leader = sees.leader or "whoever leads the Work Group"
    return {
        "visits": visitor,
        "meetings": leader,
        "areas": f"{visitor}, on a visit",
        "attendance": "the lead participants",
        "agreement": "the headteacher signs it",
        "head_first": "the headteacher",
        "reviews": f"the school's leaders with {visitor}",
        "barriers": "the leader who owns each barrier",
        "plan": f"{leader} drafts it, the headteacher agrees it",
    }.get(verdict.key, leader)
