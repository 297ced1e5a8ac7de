"""The whole law of permissions: who may do what, and how far it reaches.

Source: the people and the trust boundary of docs/rules/people.md. docs/access.md is generated from GRANTS.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Can(StrEnum):
    """What can be done. Reading a thing and changing it are two permissions."""

    SEE_HUB = "see the hub's page, year and lists"
    EDIT_HUB = "change the hub, its years, closures and programmes"
    SEE_PEOPLE = "see people and their working days"
    EDIT_PEOPLE = "add and change people and their roles"
    SEE_SCHOOLS = "see schools with their calendars"
    EDIT_SCHOOLS = "add and change schools, calendars and closures"
    SEE_GROUPS = "see Work Groups"
    EDIT_GROUPS = "add and change Work Groups"
    SEE_EVENTS = "see meetings, visits and observations"
    EDIT_EVENTS = "change an event's times, place and notes, and mark it held"
    PLAN = "propose a plan for the year"
    ACCEPT_PLAN = "accept a plan"
    IMPORT = "import files"
    SEE_TRAIL = "see what was done in the hub and by whom"
    OWN_CALENDAR = "subscribe to the own calendar feed"
    READ_NOTES = "read the record of a meeting, visit or observation"
    WRITE_NOTES = "write in the record of a meeting, visit or observation"
    AGREE_NOTES = "agree a record, or ask for a change"
    READ_SUMMARIES = "read the agreed summary of a record"
    COUNT_NOTES = "see counts and themes of records, never their text"
    TOTAL_NOTES = "see totals of records"
    EDIT_FORMS = "change the forms of records and the reflection frameworks"
    REFLECT = "keep reflections of one's own"
    EDIT_TOKENS = "make and revoke API tokens of the hub"
    EDIT_WEBHOOKS = "say which programs are told what happens in the hub"
    ANSWER = "say whether you come, and who comes in your place"
    TAKE_ATTENDANCE = "say who came to a meeting, visit or observation"
    SEE_ATTENDANCE = "see who came to meetings, visits and observations"
    CERTIFY = "issue certificates of attendance"
    SEND_MESSAGES = "write to the people of a Work Group"
    SEE_MESSAGES = "see the messages that were sent, and settle mail that came in"
    PROTECT_DATA = "set how long records are kept, answer requests about personal data, and erase people"
    ALLOW_PHOTOS = "say whether photos may be taken at a school"
    SEE_STAGES = "see where a school stands, what it has shown and what it still needs"
    EDIT_STAGES = "enrol schools in programmes, and record that they withdraw"
    PROPOSE_MOVE = "propose that a school moves to another stage"
    AGREE_MOVE = "agree, decline or reverse a move to another stage"
    EDIT_CRITERIA = "change the criteria for moving, the agreement's text and the rules of risk"
    SIGN_AGREEMENT = "sign the agreement for a school"
    PLAN_SCHOOL = "write a school's action plan, barriers and system conditions review"
    AGREE_PLAN = "agree a school's action plan"
    RECRUIT = "refer and invite schools, and take their applications"
    SEE_PICTURE = "see the hub's picture, and freeze it"
    SEE_REPORT = "see the report to the Strategic Board"
    SEE_FUNDING = "see the hub's ledger, statements and budget, and export them"
    SEE_OWED = "see what a school is paid, and why"
    QUERY_LINE = "query what a school is paid"
    EDIT_RATES = "change rate cards, the grant and the funder's forms"
    CLAIM = "close and submit statements, write adjustments, record payments and answer queries"
    APPROVE_CLAIM = "approve statements, and agree adjustments"
    CLAIM_TRAVEL = "say how far somebody drove to an event"


class Role(StrEnum):
    """A part a person has in a hub."""

    HUB_LEAD = "Maths Hub Lead"
    ASSISTANT_LEAD = "Assistant Maths Hub Lead"
    READINESS_LEAD = "Mastery Readiness Lead"
    SPECIALIST = "Mastery Specialist"
    PARTICIPANT = "Lead participant"
    HEADTEACHER = "Headteacher"
    COORDINATOR = "Hub coordinator"
    BOARD = "Strategic Board reader"

    @property
    def stored(self) -> str:
        """How the database names it: words may change, this may not."""
        return self.name.lower()

    @classmethod
    def of(cls, stored: str) -> "Role":
        """The role that the database names so."""
        return cls[stored.upper()]


class Reach(StrEnum):
    """How far a permission goes: from one's own things to the whole hub."""

    OWN = "own"
    GROUP = "group"
    SCHOOL = "school"
    HUB = "hub"


def _all(*cans: Can, reach: Reach = Reach.HUB) -> dict[Can, Reach]:
    return dict.fromkeys(cans, reach)


# What belongs to the people it is about: no office in a hub opens it.
_OWN = (Can.OWN_CALENDAR, Can.READ_NOTES, Can.WRITE_NOTES, Can.AGREE_NOTES, Can.READ_SUMMARIES, Can.REFLECT, Can.ANSWER)
_MINE = _all(*_OWN, reach=Reach.OWN)
_HEADS = (Can.SIGN_AGREEMENT, Can.AGREE_PLAN)  # only a school's own head; what is signed on paper the office enters
_OFFICE = {can: reach for can, reach in {**_all(*Can), **_MINE}.items() if can not in _HEADS}
_READ = (Can.SEE_HUB, Can.SEE_PEOPLE, Can.SEE_SCHOOLS, Can.SEE_GROUPS, Can.SEE_EVENTS)
_STAFF = {**_all(*_READ), **_MINE}
_MEETINGS = _all(Can.READ_NOTES, Can.READ_SUMMARIES, reach=Reach.GROUP)
_LEADS = {
    **_all(Can.EDIT_EVENTS, Can.TAKE_ATTENDANCE, Can.CLAIM_TRAVEL, reach=Reach.OWN),
    **_all(Can.EDIT_GROUPS, Can.SEE_ATTENDANCE, Can.CERTIFY, Can.SEND_MESSAGES, reach=Reach.GROUP),
    **_all(Can.SEE_STAGES, Can.PROPOSE_MOVE, Can.PLAN_SCHOOL, reach=Reach.GROUP),
}

GRANTS: dict[Role, dict[Can, Reach]] = {
    Role.HUB_LEAD: _OFFICE,
    Role.ASSISTANT_LEAD: _OFFICE,
    Role.COORDINATOR: _OFFICE,
    Role.READINESS_LEAD: {**_STAFF, **_MEETINGS, **_LEADS},
    Role.SPECIALIST: {**_STAFF, **_MEETINGS, **_LEADS},
    Role.PARTICIPANT: {
        **_all(Can.SEE_GROUPS, Can.SEE_PEOPLE, reach=Reach.GROUP),
        **_all(Can.SEE_SCHOOLS, reach=Reach.GROUP),
        **_MINE,
        **_MEETINGS,
        **_all(Can.SEE_EVENTS, Can.SEE_ATTENDANCE, Can.CERTIFY, reach=Reach.OWN),
    },
    Role.HEADTEACHER: {
        **_MINE,
        **_all(Can.SEE_SCHOOLS, Can.SEE_GROUPS, Can.SEE_PEOPLE, Can.SEE_EVENTS, reach=Reach.SCHOOL),
        **_all(Can.SEE_ATTENDANCE, Can.ALLOW_PHOTOS, reach=Reach.SCHOOL),
        **_all(Can.AGREE_NOTES, Can.READ_SUMMARIES, reach=Reach.SCHOOL),
        **_all(Can.SEE_STAGES, Can.PLAN_SCHOOL, *_HEADS, reach=Reach.SCHOOL),
        **_all(Can.SEE_OWED, Can.QUERY_LINE, reach=Reach.SCHOOL),
    },
    Role.BOARD: {**_MINE, **_all(Can.SEE_HUB, Can.TOTAL_NOTES, Can.SEE_REPORT)},
}


# Done by somebody who is signed in, never by a program, whosever token it holds: the second person of a claim.
IN_PERSON = frozenset({Can.APPROVE_CLAIM})


class Scope(StrEnum):
    """What a hub's API token can be made for: to read in a room, or to change it."""

    HUB_READ = "hub.read"
    HUB_WRITE = "hub.write"
    PEOPLE_READ = "people.read"
    PEOPLE_WRITE = "people.write"
    SCHOOLS_READ = "schools.read"
    SCHOOLS_WRITE = "schools.write"
    MEETINGS_READ = "meetings.read"
    MEETINGS_WRITE = "meetings.write"
    SCHEDULE_WRITE = "schedule.write"
    NOTES_READ = "notes.read"
    STAGES_READ = "stages.read"
    STAGES_WRITE = "stages.write"
    FUNDING_READ = "funding.read"
    TRAIL_READ = "trail.read"

    @property
    def writes(self) -> bool:
        """Whether it changes things; the others only read."""
        return self.value.endswith(".write")


# What is in no row is open to no token of a hub: what belongs to people, and the making of further tokens.
SCOPES: dict[Scope, tuple[str, frozenset[Can]]] = {
    scope: (says, frozenset(cans))
    for scope, says, *cans in (
        (Scope.HUB_READ, "Read the hub's years, closures and programmes", Can.SEE_HUB),
        (Scope.HUB_WRITE, "Change the hub's years, closures and programmes", Can.EDIT_HUB),
        (Scope.PEOPLE_READ, "Read people and their working days", Can.SEE_PEOPLE),
        (Scope.PEOPLE_WRITE, "Add and change people and their roles", Can.EDIT_PEOPLE),
        (Scope.SCHOOLS_READ, "Read schools and their calendars", Can.SEE_SCHOOLS),
        (Scope.SCHOOLS_WRITE, "Change schools and calendars, and import files", Can.EDIT_SCHOOLS, Can.IMPORT),
        (
            Scope.MEETINGS_READ,
            "Read Work Groups, meetings, visits and observations, and who came",
            Can.SEE_GROUPS,
            Can.SEE_EVENTS,
            Can.SEE_ATTENDANCE,
        ),
        (
            Scope.MEETINGS_WRITE,
            "Change Work Groups and events, and say who came",
            Can.EDIT_GROUPS,
            Can.EDIT_EVENTS,
            Can.TAKE_ATTENDANCE,
        ),
        (Scope.SCHEDULE_WRITE, "Propose and accept plans", Can.PLAN, Can.ACCEPT_PLAN),
        (Scope.NOTES_READ, "Read counts of records, never their text", Can.COUNT_NOTES, Can.TOTAL_NOTES),
        (Scope.STAGES_READ, "Read where schools stand and what they still need", Can.SEE_STAGES, Can.SEE_PICTURE),
        (
            Scope.STAGES_WRITE,
            "Enrol schools, propose and settle moves, take applications",
            Can.EDIT_STAGES,
            Can.PROPOSE_MOVE,
            Can.AGREE_MOVE,
            Can.RECRUIT,
        ),
        (Scope.FUNDING_READ, "Read the ledger, statements and the budget", Can.SEE_FUNDING, Can.SEE_OWED),
        (Scope.TRAIL_READ, "Read what was done in the hub and by whom", Can.SEE_TRAIL),
    )
}


def opened(scopes: Iterable[Scope], *, writing: bool = False) -> frozenset[Can]:
    """Everything that a token made for these scopes may do; with `writing`, only what changes things."""
    return frozenset().union(*(SCOPES[one][1] for one in scopes if one.writes or not writing))


@dataclass(frozen=True, slots=True)
class Member:
    """What one person is in one hub: roles, groups led or attended, schools stood for."""

    hub_id: uuid.UUID
    hub_code: str
    hub_name: str
    person_id: uuid.UUID
    name: str
    roles: frozenset[Role]
    groups: frozenset[uuid.UUID] = frozenset()
    group_schools: frozenset[int] = frozenset()  # URNs of the schools in those groups
    schools: frozenset[int] = frozenset()  # URNs this person is head of
    only: frozenset[Can] | None = None  # what a hub's token narrows this part to; None for the person themselves
    passkeys_required: bool = False  # the hub asks its leads and coordinators for a passkey

    def reaches(self, can: Can) -> frozenset[Reach]:
        """Every reach that some role of this person gives to the permission."""
        if self.only is not None and can not in self.only:
            return frozenset()
        return frozenset(GRANTS[role][can] for role in self.roles if can in GRANTS[role])


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever asks: an account with its memberships, or nobody."""

    account_id: uuid.UUID | None = None
    email: str = ""
    members: tuple[Member, ...] = ()
    token: str = ""  # the name of the hub's token that asks in the account's place
    scopes: frozenset[Scope] = frozenset()  # what that token was made for

    def member(self, hub_id: uuid.UUID) -> Member | None:
        """The viewer's part in this hub."""
        return next((member for member in self.members if member.hub_id == hub_id), None)


@dataclass(frozen=True, slots=True)
class Target:
    """What a permission is asked about; empty fields do not narrow it."""

    hub_id: uuid.UUID
    people: frozenset[uuid.UUID] = field(default_factory=frozenset)  # whose own it is
    group_id: uuid.UUID | None = None
    urns: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Yes:
    """Allowed."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class No:
    """Refused, and why in a sentence."""

    because: str

    def __bool__(self) -> bool:
        return False


def decide(viewer: Viewer, can: Can, target: Target) -> Yes | No:
    """Whether the viewer may do this to that; the one decision every gate asks."""
    member = viewer.member(target.hub_id)
    if member is None:
        return No("You are not part of this hub.")
    reaches = member.reaches(can)
    if not reaches:
        return No(f"Your role does not let you {can.value}. Ask your hub coordinator.")
    if (
        Reach.HUB in reaches
        or (Reach.OWN in reaches and member.person_id in target.people)
        or (Reach.GROUP in reaches and _in_group(member, target))
        or (Reach.SCHOOL in reaches and bool(member.schools & target.urns))
    ):
        return Yes()
    return No(f"You can {can.value}, but only where it concerns you.")


def _in_group(member: Member, target: Target) -> bool:
    if target.group_id is not None:
        return target.group_id in member.groups
    return bool(member.group_schools & target.urns) or member.person_id in target.people


def narrowed(viewer: Viewer, hub_id: uuid.UUID, token: str, scopes: frozenset[Scope]) -> Viewer:
    """The viewer as a token of one hub: there alone, and with no more than its scopes."""
    only = opened(scopes)
    members = tuple(replace(one, only=only) for one in viewer.members if one.hub_id == hub_id)
    return replace(viewer, members=members, token=token or "token", scopes=scopes)


def token_may(viewer: Viewer, can: Can | None, *, changes: bool) -> Yes | No:
    """Whether a hub's token may come through a door at all; whoever comes in person may, and the law decides there."""
    if not viewer.token:
        return Yes()
    if can is None:
        return No("An API token of a hub opens only what it was made for, and this is a person's own.")
    if can not in opened(viewer.scopes, writing=changes):
        return No(f"This API token was not made to {can.value}. Make one that may, on the hub's page of API tokens.")
    return Yes()


def may_anywhere(viewer: Viewer, can: Can) -> bool:
    """Whether any membership gives the permission at any reach: what the door asks before it knows the target."""
    return any(member.reaches(can) for member in viewer.members)


def table() -> str:
    """GRANTS as a table in Markdown, for docs/access.md."""
    roles = list(Role)
    lines = [
        "# Who may do what",
        "",
        "Made from `GRANTS` in `app/domain/access.py` by `halfterm docs`; a test compares the two.",
        "*own*: what the person leads, attends or is observed in. *group*: Work Groups they lead or attend.",
        "*school*: schools they are head of. *hub*: everything in the hub. A dash: not at all.",
        "",
        "| to | " + " | ".join(role.value for role in roles) + " |",
        "|---|" + "---|" * len(roles),
    ]
    lines += [f"| {can.value} | " + " | ".join(GRANTS[role].get(can, "-") for role in roles) + " |" for can in Can]
    lines += [
        "",
        "## What an API token of a hub may be made for",
        "",
        "Never more than the role of whoever made it, and nothing that is not in this table (`SCOPES`).",
        "",
        "| scope | in words | opens |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{scope.value}` | {says} | {'; '.join(can.value for can in Can if can in cans)} |"
        for scope, (says, cans) in SCOPES.items()
    ]
    return "\n".join(lines) + "\n"
