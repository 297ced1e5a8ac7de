"""The reflection frameworks that ship: the mastery approach's five indicators, and the Five Big Ideas."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.notes.forms import Option
from app.domain.notes.frameworks import Framework, Indicator

STEPS = (
    Option("not_yet", "Not yet tried"),
    Option("trying", "Trying it"),
    Option("part", "Part of my lessons"),
    Option("helping", "Helping others with it"),
)
MASTERY_APPROACH = Framework(
    key="mastery_approach",
    version=1,
    name="The mastery approach",
    intro="Five things that teaching for mastery asks of a teacher. Nobody has all of them in every lesson.",
    indicators=(
        Indicator(
            "units",
            "Units grow out of competencies and standards, around essential questions",
            "Which question holds your present unit together? Which key points lead through it?",
        ),
        Indicator(
            "showing",
            "Several ways to show understanding set progress and pace",
            "How did pupils show last week that they were ready to move on, or not yet? What did you do then?",
        ),
        Indicator(
            "support",
            "Teaching, supports and pacing fit the pupils in front of me",
            "Whom did you keep with the class by a support, a representation or a little more time?",
        ),
        Indicator(
            "expectations",
            "Expectations are high, with chances to revise",
            "Where did pupils go back to something and make it better? What made them want to?",
        ),
        Indicator(
            "joined",
            "The approach is joined with other competencies",
            "Where did reasoning, talk or working together grow along with the mathematics?",
        ),
    ),
    steps=STEPS,
)
BIG_IDEAS = Framework(
    key="big_ideas",
    version=1,
    name="The Five Big Ideas",
    intro="The ideas that connect the design of lessons in teaching for mastery. Choose the one you think about now.",
    indicators=(
        Indicator(
            "coherence",
            "Coherence",
            "Are the steps of your lessons small and connected? Where could every pupil follow, and where not?",
        ),
        Indicator(
            "representation",
            "Representation and Structure",
            "Which representation showed the structure, so that pupils could later do without it?",
        ),
        Indicator(
            "thinking",
            "Mathematical Thinking",
            "When did pupils look for patterns, reason and explain, rather than receive an idea?",
        ),
        Indicator(
            "fluency",
            "Fluency",
            "Which facts and methods can pupils call on quickly, and choose between?",
        ),
        Indicator(
            "variation",
            "Variation",
            "What did you keep the same and what did you change, so that attention went to what matters?",
        ),
    ),
    steps=STEPS,
)
FRAMEWORKS: Mapping[str, Framework] = MappingProxyType({one.key: one for one in (MASTERY_APPROACH, BIG_IDEAS)})
