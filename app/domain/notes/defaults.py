"""The forms that Halfterm ships, version 1 of each: what a hub has until it changes them.

Source: the TRG cycle (plan, observe, discuss), the five areas and the system conditions review of docs/glossary.md.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.notes.defaults_visit import BARRIERS, NEXT_STEPS, OWN, VISIT_SECTIONS
from app.domain.notes.forms import EventKind, Field, NoteForm, Option, Part, Section

YEAR_GROUPS = (
    Option("reception", "Reception"),
    *(Option(f"year_{number}", f"Year {number}") for number in range(1, 7)),
    Option("mixed", "Mixed years"),
)
BIG_IDEAS = (
    Option("coherence", "Coherence"),
    Option("representation", "Representation and Structure"),
    Option("thinking", "Mathematical Thinking"),
    Option("fluency", "Fluency"),
    Option("variation", "Variation"),
)
MOMENTS = (
    Option("start", "The lesson starts"),
    Option("pause", "The clock stops"),
    Option("phase", "A new phase"),
    Option("tag", "A moment to come back to"),
)

LESSON = (
    Field(
        key="lesson",
        label="What is the lesson about?",
        kind="line",
        hint="In one line, for example: finding a half of a quantity.",
    ),
    Field(key="year_group", label="Which year group is it for?", kind="choice", options=YEAR_GROUPS),
    Field(
        key="small_step",
        label="What is the small step?",
        hint="The one new thing in this lesson, and what it builds on.",
    ),
    Field(
        key="key_point",
        label="What is the key point?",
        hint="A sentence that pupils can say and explain at the end, for example: "
        "the denominator says how many equal parts the whole is split into.",
    ),
    Field(
        key="difficulty_points",
        label="Where might pupils find it difficult?",
        hint="Difficulty points and likely misconceptions, and what will be said or shown at each.",
    ),
    Field(
        key="representation",
        label="Which representations show the structure?",
        hint="For example a bar model, a part-whole model, ten frames or counters; and why this one.",
    ),
    Field(
        key="big_ideas",
        label="Which of the Five Big Ideas are in view?",
        kind="choices",
        hint="Choose the one or two that the discussion is to come back to.",
        options=BIG_IDEAS,
    ),
)


def _plan(wanted: str) -> Section:
    feedback = Field(key="feedback_wanted", label="What feedback is wanted?", hint=wanted)
    intro = "Before the lesson: what it is about, and what its teacher would like us to look out for."
    return Section(key="plan", title="Plan", intro=intro, fields=(*LESSON, feedback))


OBSERVE = Section(
    key="observe",
    title="Observe",
    intro="During the lesson: what you see and hear. What it means comes later, together.",
    fields=(
        Field(
            key="clock",
            label="Lesson clock",
            kind="clock",
            hint="Start it with the lesson, and tag a moment that you want to come back to.",
            parts=(
                Part(key="what", label="What happens", kind="choice", options=MOMENTS),
                Part(key="label", label="In a few words", kind="line"),
                Part(key="at", label="When", kind="line"),  # ISO 8601, as the device says
            ),
        ),
        Field(
            key="noticed",
            label="I noticed ...",
            kind="list",
            share="each",
            hint="One thing at a time, as it was: I noticed that most pupils counted on from the larger number.",
            parts=(Part(key="text", label="I noticed"),),
        ),
        Field(
            key="pupils",
            label="Focus pupils",
            kind="list",
            hint="Two or three pupils to watch closely. Call them A, B and C, never by name.",
            parts=(
                Part(key="letter", label="Letter", kind="line"),
                Part(key="noticed", label="What they said, wrote or made"),
            ),
        ),
        Field(
            key="photos",
            label="Photos of work",
            kind="photos",
            hint="Books, boards and what pupils made. No faces and no names, please.",
            parts=(
                Part(key="sha", label="Photo", kind="line"),
                Part(key="caption", label="What it shows", kind="line"),
            ),
        ),
    ),
)


def _tries(label: str, hint: str) -> Field:
    """Gap tasks; anybody of the record may write one down for anybody, and whoever tried it says how it went."""
    return Field(
        key="tries",
        label=label,
        kind="list",
        hint=hint,
        feeds="tries",
        parts=(
            Part(key="who", label="Who", kind="person"),
            Part(key="what", label="What they will try"),
            Part(key="by", label="By when", kind="date"),
            Part(key="went", label="How it went", after=True),
            Part(key="photo", label="A photo of it", kind="line", after=True),
        ),
    )


def _discuss(intro: str, tries: Field) -> Section:
    fields = (
        Field(
            key="we_noticed",
            label="What did we notice?",
            hint="Begin with what the teacher of the lesson noticed. Pupils' words and work before opinions.",
        ),
        Field(
            key="tells_us",
            label="What does it tell us?",
            hint="About how pupils understood the key point, and about which teaching choices made the difference.",
        ),
        tries,
    )
    return Section(key="discuss", title="Discuss", intro=intro, fields=fields)


AGREED = Section(
    key="agreed",
    title="What we agree",
    intro="What leaves the room. The school sees this once both sides agree; it sees nothing of the rest.",
    fields=(
        Field(
            key="agreed_summary",
            label="Agreed summary",
            hint="What was noticed and what it led to, in a few sentences that everyone who was there would sign.",
            summary=True,
        ),
        NEXT_STEPS,
        BARRIERS,
    ),
)

MEETING = NoteForm(
    kind="meeting",
    version=1,
    sections=(
        _plan("What should the group look for? A question that its teacher has helps most."),
        OBSERVE,
        _discuss(
            "After the lesson, together. It is about the lesson and the pupils' mathematics, not about the teacher.",
            _tries("What will each of us try before we meet again?", "One small thing each, with a date."),
        ),
        AGREED,
        OWN,
    ),
)

OBSERVATION = NoteForm(
    kind="observation",
    version=1,
    sections=(
        _plan("What would the teacher like noticed? This is for their development, so they choose."),
        OBSERVE,
        _discuss(
            "The same day if you can, the two of you. The teacher speaks first.",
            _tries("What will we try next?", "One small thing, with a date. The Specialist may try something too."),
        ),
        AGREED,
        OWN,
    ),
)

VISIT = NoteForm(kind="visit", version=1, sections=VISIT_SECTIONS)

DEFAULTS: Mapping[EventKind, NoteForm] = MappingProxyType(
    {
        "meeting": MEETING,
        "visit": VISIT,
        "observation": OBSERVATION,
    }
)
