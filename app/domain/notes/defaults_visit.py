"""The visit's form, and the sections that all three forms end with."""

from app.domain.notes.forms import Field, Option, Part, Section

AREAS = (
    Option("vision", "Vision and shared culture"),
    Option("mindsets", "Mathematical mindsets"),
    Option("expertise", "Subject expertise"),
    Option("systems", "Systems"),
    Option("arithmetic", "Arithmetic proficiency"),
)
STANDS = (
    Option("focusing", "Focusing"),
    Option("developing", "Developing"),
    Option("establishing", "Establishing"),
    Option("enhancing", "Enhancing"),
)
LEVERS = (
    Option("schedules", "Schedules"),
    Option("marking", "Marking and feedback"),
    Option("timelines", "Assessment timelines"),
    Option("expectations", "Curriculum expectations"),
    Option("development", "Professional development"),
)
JUDGEMENTS = (Option("supports", "Supports mastery"), Option("blocks", "Blocks mastery"))
CONDITIONS = (
    Option("framework", "A shared instructional framework"),
    Option("language", "A common language"),
    Option("pacing", "Pacing that follows readiness, not the calendar"),
    Option("alignment", "Curriculum, assessment and professional development fit together"),
)
IN_PLACE = (Option("yes", "In place"), Option("partly", "Partly"), Option("not_yet", "Not yet"))

NEXT_STEPS = Field(
    key="next_steps",
    label="Next steps",
    kind="list",
    hint="What happens now, so that it can be asked about next time.",
    summary=True,
    feeds="next_steps",
    parts=(
        Part(key="what", label="Next step"),
        Part(key="by", label="By when", kind="date"),
    ),
)
BARRIERS = Field(
    key="barriers",
    label="Barriers",
    kind="list",
    hint="What in the school's systems stands in the way. A leader owns it, never the teacher.",
    summary=True,
    feeds="barriers",
    parts=(
        Part(key="what", label="What stands in the way"),
        Part(key="lever", label="Where it sits", kind="choice", options=LEVERS),
        Part(key="owner", label="Which leader will see to it", kind="line"),
        Part(key="by", label="By when", kind="date"),
    ),
)
OWN = Section(
    key="mine",
    title="My own notes",
    intro="Only you ever read these. They stay yours when the record is agreed.",
    fields=(Field(key="own_notes", label="For me alone", share="own", hint="Anything you want to think about again."),),
)

_PLAN = Section(
    key="plan",
    title="Plan",
    intro="Before the visit: what it is for and whom you will meet.",
    fields=(
        Field(key="purpose", label="What is this visit for?", hint="What the school asked for, or what was agreed."),
        Field(key="people_met", label="Whom will you meet?", kind="line", hint="By their part, such as the head."),
        Field(
            key="since_last",
            label="What has happened since last time?",
            hint="Go through last time's next steps and barriers, one by one.",
        ),
    ),
)
_AREAS = Section(
    key="review",
    title="The five areas",
    intro="What you saw and heard. Leave an area empty where this visit tells nothing new.",
    fields=(
        Field(
            key="areas",
            label="Five areas of Mastery Readiness",
            kind="rows",
            hint="Always with the evidence; a word for where the school stands says nothing without it.",
            options=AREAS,
            summary=True,
            feeds="areas",
            parts=(
                Part(key="evidence", label="Evidence: what you saw and heard"),
                Part(key="stands", label="Where the school stands", kind="choice", options=STANDS),
                Part(key="next_step", label="Next step"),
            ),
        ),
    ),
)
_CONDITIONS = Section(
    key="conditions",
    title="System conditions review",
    intro="With the school's leaders, twice a year. It is about the school's systems, not about its teachers.",
    fields=(
        Field(
            key="levers",
            label="Does each of these support mastery, or block it?",
            kind="rows",
            options=LEVERS,
            feeds="levers",
            parts=(
                Part(key="judgement", label="Supports or blocks", kind="choice", options=JUDGEMENTS),
                Part(key="because", label="Because"),
            ),
        ),
        Field(
            key="in_place",
            label="Which conditions are in place?",
            kind="rows",
            options=CONDITIONS,
            parts=(
                Part(key="state", label="In place", kind="choice", options=IN_PLACE),
                Part(key="because", label="Because"),
            ),
        ),
        Field(key="work_around", label="What are we asking teachers to work around?"),
        Field(key="structure", label="Where does our structure support mastery, and where does it block it?"),
        Field(key="designing", label="Are we designing for it, or hoping that effort will make up for it?"),
    ),
)
_AGREED = Section(
    key="agreed",
    title="What we agree",
    intro="The school's leaders see this once both sides agree.",
    fields=(
        BARRIERS,
        Field(
            key="agreed_summary",
            label="Agreed summary",
            hint="What the visit found and what it led to, in a few sentences that both sides would sign.",
            summary=True,
        ),
        NEXT_STEPS,
        Field(key="minutes", label="How long did the visit take, in minutes?", kind="number", hint="For example 180."),
    ),
)

VISIT_SECTIONS = (_PLAN, _AREAS, _CONDITIONS, _AGREED, OWN)
