"""The agreements that ship: one text for each kind of programme, in plain English, for a hub to make its own.

Source: docs/rules/recruitment.md. No amounts of money: those are each hub's own.
"""

from app.domain.stages.ladder import ORDER

_BEGINS = """# What this is about
{school} takes part in {programme} with {hub} in {year}. This says what the school and the hub do for each other, \
so that nobody is surprised during the year."""

_HUB = """# What the hub does
- It runs a Work Group with {meetings}, led by a {leader}, and makes {visits} to the school.
- It plans the dates of the whole year around the school's own term dates, tells everybody early, and keeps them in a \
calendar that follows every change.
- It shares with the school what was agreed in each record. What is noticed in a lesson is for discussing and for the \
next step, and never to judge a teacher."""

_SCHOOL = """# What the school does
- It names who takes part ({people}) and tells the hub when that changes.
- It releases them for each meeting and visit, and gives them time in between to try out what was discussed and to \
tell colleagues about it.
- Its headteacher takes part: {head}.
- Its leaders look, with the hub, at what in the school's own systems helps teachers and what they have to work \
around. What stands in the way belongs to a leader, with a date, and never to a teacher."""

_ENDS = """# Data
The hub keeps the names and work e-mail addresses of those who take part, who came to what, and what was agreed in \
records. Its privacy notice says why and for how long. Everybody can see what is kept about them.

# If something changes
Whoever cannot keep to this tells the other side early. The school can leave by saying so, with the reason, and can \
come back in a later year. A new headteacher is asked whether this stands."""

_OWN = {
    "readiness": """# What we work on together
- The five areas: vision and shared culture, mathematical mindsets, subject expertise, systems, and arithmetic \
proficiency. They are looked at together, with a sentence for what shows where the school is.
- An action plan of the school, begun after the first visit and agreed by the headteacher.
- The school goes on to Development when it is ready, by what can be seen, and not because the year is over.""",
    "development": """# What we work on together
- At each meeting a real lesson is planned, watched and discussed. Every school opens its classrooms in turn, where \
its timetable allows.
- Those who take part try something out with their own class between two meetings.
- The school begins to make mastery part of how the whole school teaches mathematics.""",
    "embedding": """# What we work on together
- What began with a few teachers becomes the way the whole school teaches mathematics: a shared language, a curriculum \
and time for teachers to plan together.
- Leaders take part beside their teachers, and look at lessons with them to learn and not to judge.""",
    "sustaining": """# What we work on together
- Schools that know this work well keep it alive together: they take turns to host, and open their lessons to each \
other.
- The school says each year what it wants to go on with, and whether it takes part again.""",
    "introductory": """# What we work on together
- Over two years the school gets to know teaching for mastery: what it asks of lessons, of the curriculum and of \
leaders.
- The headteacher takes an active part throughout, for the first steps are the leaders' own.""",
}

SHIPPED = {kind: "\n\n".join((_BEGINS, _HUB, _SCHOOL, _OWN[kind], _ENDS)) for kind in ORDER}
