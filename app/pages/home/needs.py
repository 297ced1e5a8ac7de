"""What needs somebody today: a short list, the most pressing first, each with its one action."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.domain.access import Can, Member
from app.domain.notes.tasks import Nearness
from app.kit.periods import spoken, spoken_date
from app.pages._parts import Need
from app.store.home import Gaps, Plan, Standing
from app.store.meetings.attendance_lists import Unsaid
from app.store.notes.versions import Waiting

LISTS = {"meeting": "meetings", "visit": "visits", "observation": "observations"}
WORDS = {
    "meeting": ("meeting", "meetings"),
    "visit": ("visit", "visits"),
    "observation": ("lesson observation", "lesson observations"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the list is made from; `gaps` and `plan` for those who plan, `overdue` of what the viewer may mark."""

    year: str
    gaps: Gaps | None = None
    plan: Plan | None = None
    overdue: Sequence[Standing] = field(default_factory=tuple)
    subscribed: bool = True
    tasks: Sequence[Nearness] = field(default_factory=tuple)  # the viewer's open gap tasks that are near their day
    records: Sequence[Waiting] = field(default_factory=tuple)
    unsaid: Sequence[Unsaid] = field(default_factory=tuple)  # what the viewer led and said nothing of yet
    missing: int = 0  # people who missed two meetings of a Work Group in a row, for the office
    leaderless: Mapping[uuid.UUID, int] = field(default_factory=dict)  # dates ahead, by who has left and led them
    unanswered: int = 0  # dates of the viewer's own that they were asked about
    held: int = 0  # dates that are held for the viewer and wait for their answer
    rights: tuple[int, int] = (0, 0)  # requests about personal data that are open, and how many of them are late
    mail: int = 0  # messages that came in and no program could read
    ladder: Sequence[Need] = field(default_factory=tuple)
    back: int = 0  # people whose mail comes back, for the office


def needs(known: Known, member: Member) -> tuple[Need, ...]:
    """The list for this member of the hub."""
    address = f"/hubs/{member.hub_code}"
    found = [*_overdue(known, address), *_records(known, address), *_comes_back(known, address)]
    if known.gaps:
        found += [*_plan(known, known.gaps, address), *_lacking(known.gaps, address)]
    found += _tasks(known.tasks) + _leaderless(known, address) + _attendance(known, address) + _asked(known, address)
    if not known.subscribed and member.reaches(Can.OWN_CALENDAR):
        says = "Your dates are not in your own calendar yet."
        found.append(Need(says, "Subscribe", "/my/calendar", "Once, and every change follows by itself."))
    found += [*_rights(known, address), *known.ladder]
    order = {"late": 0, "soon": 1, "calm": 2}
    return tuple(sorted(found, key=lambda need: order[need.urgency]))


def _overdue(known: Known, address: str) -> list[Need]:
    return [
        Need(
            _counted(one.missed, *WORDS[one.kind], "is over and not marked as held", "are over and not marked as held"),
            "Say what became of it" if one.missed == 1 else "Say what became of them",
            f"{address}/{LISTS[one.kind]}?status=missed",
            urgency="late",
        )
        for one in known.overdue
        if one.missed
    ]


def _records(known: Known, address: str) -> list[Need]:
    """Records that wait for the viewer's answer, or in which a change was asked of them."""
    found = []
    for one in known.records:
        event = f"the {WORDS[one.kind][0]} at {one.school} on {spoken_date(one.day)}"
        note = f"{address}/events/{one.event_id}/note"
        if one.asked:
            says = f"Somebody asks for a change to the record of {event}."
            found.append(Need(says, "Read which", note, urgency="soon"))
        else:
            when = f"{one.lead} submitted it on {spoken(one.since)}."
            found.append(Need(f"The record of {event} waits for you.", "Read and agree", f"{note}/agree", when, "soon"))
    return found


def _comes_back(known: Known, address: str) -> list[Need]:
    """People whom mail does not reach: somebody must ask them for their address."""
    if not known.back:
        return []
    says = f"Mail to {_counted(known.back, 'person', 'people', 'comes back', 'comes back')}"
    where = f"{address}/messages?state=bounced"
    return [Need(says, "See to whom", where, "Put their address right, then send it again.", "late")]


def _asked(known: Known, address: str) -> list[Need]:
    """Dates that wait for the viewer's answer, and answers of others that wait for somebody who can read them."""
    found = []
    if known.unanswered:
        says = _counted(known.unanswered, "date", "dates", "waits for your answer", "wait for your answer")
        found.append(Need(says, "Say whether you come", "/my/dates", urgency="soon"))
    if known.held:
        says = _counted(known.held, "date", "dates", "is held for you", "are held for you")
        found.append(Need(says, "Say whether you can", f"{address}/dates", "They are not certain yet.", "soon"))
    if known.mail:
        says = _counted(
            known.mail, "message", "messages", "came in that no program can read", "came in that no program can read"
        )
        found.append(Need(says, "Read and settle", f"{address}/mail", urgency="soon"))
    return found


def _attendance(known: Known, address: str) -> list[Need]:
    """What nobody has said of who came, and who has been missed twice."""
    found = []
    if len(known.unsaid) == 1:
        one = known.unsaid[0]
        says = f"Say who came to the {WORDS[one.kind][0]} at {one.school} on {spoken_date(one.day)}."
        found.append(Need(says, "Say who came", f"{address}/events/{one.id}/attendance", urgency="soon"))
    elif known.unsaid:
        says = f"Say who came to {len(known.unsaid):,} meetings, visits and observations that you led."
        found.append(Need(says, "See which", f"{address}/attendance?view=unsaid", urgency="soon"))
    if known.missing:
        words = ("person", "people", "has missed two meetings in a row", "have missed two meetings in a row")
        where = f"{address}/attendance?view=absences"
        found.append(Need(_counted(known.missing, *words), "See who", where, urgency="soon"))
    return found


def _leaderless(known: Known, address: str) -> list[Need]:
    """Dates that a leaver left open: they still need somebody."""
    words = ("date ahead", "dates ahead", "is led by somebody who has left", "are led by somebody who has left")
    return [
        Need(
            _counted(count, *words),
            "Choose who takes over",
            f"{address}/people/{person_id}/hand-over",
            urgency="late",
        )
        for person_id, count in known.leaderless.items()
    ]


def _plan(known: Known, gaps: Gaps, address: str) -> list[Need]:
    if not gaps.groups:
        return []
    plans = f"{address}/proposals"
    status = known.plan.status if known.plan else ""
    here = f"{plans}/{known.plan.id}" if known.plan else plans
    if status == "ready" and known.plan and known.plan.answer_by:
        return [_held(known, known.plan, known.plan.answer_by, here)]
    if status == "ready":
        return [
            Need(
                f"A plan for {known.year} is ready.",
                "Look at it",
                here,
                "Nothing is certain until you accept it.",
                "soon",
            )
        ]
    if status in {"waiting", "solving"}:
        return [Need(f"A plan for {known.year} is being made.", "Watch", here)]
    if status in {"impossible", "failed"}:
        return [Need(f"No plan was found for {known.year}.", "See why", here, urgency="late")]
    if gaps.without_meetings:
        says = _counted(gaps.without_meetings, "Work Group", "Work Groups", "has no dates yet", "have no dates yet")
        return [Need(says, f"Plan {known.year}", plans, urgency="soon")]
    return []


def _held(known: Known, plan: Plan, until: date, here: str) -> Need:
    says = f"Dates of {known.year} are held while people answer."
    cannot = _counted(plan.cannot, "refusal", "refusals", "waits for you", "wait for you")
    also = f"Until {spoken_date(until)}." + (f" {cannot}" if plan.cannot else "")
    return Need(says, "See who can come", f"{here}/answers", also, "soon" if plan.cannot else "calm")


def _lacking(gaps: Gaps, address: str) -> list[Need]:
    """What the planner would miss, in the order in which a year is set up."""
    if not gaps.schools:
        return [Need("No school works with the hub yet.", "Bring schools in", f"{address}/imports", urgency="soon")]
    if not gaps.groups:
        return [Need("There is no Work Group yet.", "Make one", f"{address}/groups/new", urgency="soon")]
    before = "Before the year is planned."
    lines = (
        (gaps.without_calendar, "school", "term dates", "Give term dates", f"{address}/schools"),
        (
            gaps.without_maths,
            "school that hosts",
            "maths lesson to watch",
            "Say when they teach maths",
            f"{address}/schools",
        ),
        (gaps.without_schools, "Work Group", "schools", "Choose schools", f"{address}/groups"),
        (gaps.without_people, "Work Group", "teachers", "Add teachers", f"{address}/groups"),
    )
    return [
        Need(_lacks(count, what, lacks), action, href, before, "soon")
        for count, what, lacks, action, href in lines
        if count
    ]


def _tasks(tasks: Sequence[Nearness]) -> list[Need]:
    """Gap tasks: what is past its day is asked after calmly, it is nobody's fault."""
    if not tasks:
        return []
    says = _counted(len(tasks), "gap task", "gap tasks", "is yours to try", "are yours to try")
    over = any(one == "late" for one in tasks)
    return [Need(says, "Say how it went", "/my/tasks", "The day you chose is over." if over else "This week.", "soon")]


def _rights(known: Known, address: str) -> list[Need]:
    """What people ask about their personal data: the law gives one month."""
    count, late = known.rights
    if not count:
        return []
    says = _counted(count, "request", "requests", "about personal data waits", "about personal data wait")
    when = _counted(late, "of them", "of them", "is overdue", "are overdue") if late else "Each is answered in a month."
    urgency: Literal["late", "soon"] = "late" if late else "soon"
    return [Need(says, "Answer", f"{address}/data-protection?state=open", when, urgency)]


def _lacks(count: int, what: str, lacks: str) -> str:
    many = what.replace("school", "schools", 1).replace("hosts", "host") if "school" in what else f"{what}s"
    return _counted(count, what, many, f"has no {lacks}", f"have no {lacks}")


def _counted(count: int, one: str, many: str, does: str, do: str) -> str:
    return f"{count:,} {one if count == 1 else many} {does if count == 1 else do}."
