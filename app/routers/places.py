"""Where somebody can go: sections of the hub, and the pages side by side in each."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.access import Can, Member
from app.render.html import Link


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a section, by its address in the hub (or of one's own, from /my on), and what opens it."""

    words: str
    tail: str
    can: Can | None = None
    also: str = ""  # further addresses whose pages belong to it, parted by blanks

    def href(self, home: str) -> str:
        """Its whole address."""
        return _whole(home, self.tail)

    def holds(self, home: str, path: str) -> int:
        """How closely it is what is looked at: the length of the address that fits, 0 for not at all."""
        if not self.tail:
            return len(home) if path == home else 0
        known = [self.href(home), *(_whole(home, one) for one in self.also.split())]
        return max((len(one) for one in known if path == one or path.startswith(one + "/")), default=0)


def _whole(home: str, tail: str) -> str:
    return tail if tail.startswith("/my/") else home + tail


SECTIONS: tuple[tuple[str, tuple[Tab, ...]], ...] = (
    ("Home", (Tab("Home", ""),)),
    ("The year", (Tab("The year", "/year", Can.SEE_EVENTS), Tab("Plan", "/proposals", Can.PLAN))),
    ("Groups", (Tab("Groups", "/groups", Can.SEE_GROUPS), Tab("Form groups", "/formings", Can.PLAN))),
    (
        "Schools",
        (
            Tab("Schools", "/schools", Can.SEE_SCHOOLS),
            Tab("Recruitment", "/recruitment", Can.RECRUIT, also="/approaches"),
            Tab("Never reached", "/recruitment/cold-spots", Can.RECRUIT),
            Tab("Next year's schools", "/recruitment/next", Can.RECRUIT),
            Tab("Agreements", "/agreements", Can.EDIT_STAGES, also="/agreement-texts"),
            Tab("Changes in the register", "/register", Can.EDIT_STAGES),
        ),
    ),
    (
        "Stages",
        (
            Tab("Picture", "/picture", Can.SEE_PICTURE, also="/snapshots"),
            Tab("Where schools stand", "/ladder", Can.SEE_STAGES, also="/enrolments"),
            Tab("Moves", "/moves", Can.SEE_STAGES),
            Tab("This half term", "/this-half-term", Can.SEE_STAGES),
            Tab("Visits left", "/entitlement", Can.SEE_STAGES),
            Tab("Barriers", "/barriers", Can.SEE_STAGES),
            Tab("Risk", "/risk", Can.SEE_STAGES, also="/rules"),
            Tab("Report to the Board", "/report", Can.SEE_REPORT),
            Tab("Criteria", "/criteria", Can.EDIT_CRITERIA),
        ),
    ),
    (
        "People",
        (
            Tab("People", "/people", Can.SEE_PEOPLE),
            Tab("Invitations", "/people/invitations", Can.EDIT_PEOPLE),
            Tab("Specialists", "/specialists", Can.EDIT_PEOPLE),
            Tab("Shared reflections", "/shared-reflections", Can.TAKE_ATTENDANCE),
        ),
    ),
    (
        "Dates",
        (
            Tab("Meetings", "/meetings", Can.SEE_EVENTS, also="/events"),
            Tab("Visits", "/visits", Can.SEE_EVENTS),
            Tab("Observations", "/observations", Can.SEE_EVENTS),
            Tab("Answers", "/answers", Can.EDIT_EVENTS),
            Tab("Attendance", "/attendance", Can.SEE_ATTENDANCE),
            Tab("Certificates", "/certificates", Can.TAKE_ATTENDANCE),  # those who issue them; others have their own
        ),
    ),
    ("Records", (Tab("Records", "/records", Can.TOTAL_NOTES),)),
    (
        "Funding",
        (
            Tab("Funding", "/funding", Can.SEE_FUNDING),
            Tab("Budget", "/funding/budget", Can.SEE_FUNDING),
            Tab("Statements", "/statements", Can.SEE_OWED, also="/adjustments"),
            Tab("Lines", "/lines", Can.SEE_FUNDING, also="/samples /completions"),
            Tab("Queries", "/queries", Can.SEE_OWED),
            Tab("Payments", "/remittances", Can.SEE_FUNDING, also="/ledger-import /payees"),
            Tab("Evaluations", "/evaluations", Can.SEE_FUNDING),
            Tab("Rates and grant", "/rate-cards", Can.EDIT_RATES, also="/funding/settings"),
            Tab("For the funder", "/funder-forms", Can.SEE_FUNDING, also="/standing-exports"),
        ),
    ),
    (
        "Messages",
        (
            Tab("Messages", "/messages", Can.SEND_MESSAGES),
            Tab("Templates", "/templates", Can.SEND_MESSAGES),
            Tab("Mail that came in", "/mail", Can.SEE_MESSAGES),
        ),
    ),
    (
        "Settings",
        (
            Tab("Settings", "/settings", Can.EDIT_HUB, also="/years"),
            Tab("Import", "/imports", Can.IMPORT),
            Tab("What was done", "/trail", Can.SEE_TRAIL),
            Tab("Data protection", "/data-protection", Can.PROTECT_DATA),
        ),
    ),
    (
        "My pages",
        (
            Tab("My dates", "/my/dates", Can.ANSWER),
            Tab("My calendar", "/my/calendar", Can.OWN_CALENDAR),
            Tab("My notes", "/my/notes", Can.READ_NOTES),
            Tab("My records", "/my/records", Can.READ_NOTES),
            Tab("My certificates", "/my/certificates", Can.CERTIFY),
            Tab("My messages", "/my/messages"),
            Tab("My data", "/my/data", also="/my/who-looked"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Places:
    """The sections that are open to somebody, and the pages beside the one looked at, with their section's name."""

    sections: tuple[Link, ...] = ()
    tabs: tuple[Link, ...] = ()
    section: str = ""


def places(member: Member, path: str) -> Places:
    """What this member of a hub may go to from here."""
    home = f"/hubs/{member.hub_code}"
    opened = [(words, [tab for tab in tabs if tab.can is None or member.reaches(tab.can)]) for words, tabs in SECTIONS]
    opened = [(words, tabs) for words, tabs in opened if tabs]
    here = _nearest((tab for _, tabs in opened for tab in tabs), home, path)
    within = next(((words, tabs) for words, tabs in opened if here in tabs), ("", []))
    side_by_side = within[1] if len(within[1]) > 1 else []
    return Places(
        tuple(Link(words, tabs[0].href(home), here=here in tabs) for words, tabs in opened),
        tuple(Link(tab.words, tab.href(home), here=tab is here) for tab in side_by_side),
        within[0],
    )


def _nearest(tabs: Iterable[Tab], home: str, path: str) -> Tab | None:
    held = {tab: length for tab in tabs if (length := tab.holds(home, path))}
    return max(held, key=lambda tab: held[tab], default=None)
