"""Random years of a few schools: many small collisions of days, people, events and URNs."""

import random
from datetime import date, timedelta

from hypothesis import strategies as st

from app.domain.funding.conditions import (
    AgreementSigned,
    Condition,
    EvaluationReceived,
    LeastMinutes,
    MeetingsAttended,
    NotOnline,
    ProgrammeCompleted,
)
from app.domain.funding.facts import (
    Attended,
    Completed,
    EvaluationReturned,
    Fact,
    Led,
    NoShow,
    Observed,
    Payee,
    Released,
    Signed,
    Succeeded,
    Travelled,
    Visited,
    Withdrew,
)
from app.domain.funding.rates import (
    EARNS,
    PRO_RATA,
    Amount,
    Each,
    For,
    OnChange,
    Per,
    ProRata,
    Rate,
    RateCard,
    year_span,
)

YEAR = 2027  # holds 29 February 2028
FIRST, LAST = year_span(YEAR)
URNS = (900001, 900002, 900003, 900004)
PROGRAMMES = ("development", "readiness")


def a_fact(dice: random.Random, number: int) -> Fact:
    """One fact out of few schools, days and people, so that they meet; some days lie outside the year."""
    day = FIRST + timedelta(dice.choice((-9, 0, 3, 24, 24, 60, 181, 182, 300, 365, 380)))
    own = {"id": f"fact/{number}", "day": day, "urn": dice.choice(URNS), "programme": dice.choice(PROGRAMMES)}
    met = {"event": f"event/{day}-{own['programme']}", "person": f"person/{dice.randrange(3)}"}
    minutes, online = dice.choice((0, 30, 60, 90)), dice.random() < 0.2
    leader = {"role": dice.choice((Payee.SPECIALIST, Payee.READINESS)), "online": online, **met}
    kinds = (
        lambda: Signed(**own),
        lambda: Attended(minutes=minutes, length=120, online=online, **own, **met),
        lambda: Attended(**own, **met),
        lambda: Released(half_days=dice.choice((1, 2)), **own, **met),
        lambda: Led(**own, **leader),
        lambda: Visited(**own, **leader),
        lambda: Observed(**own, **leader),
        lambda: NoShow(**own, **met),
        lambda: EvaluationReturned(**own),
        lambda: Travelled(role=leader["role"], metres=dice.randrange(0, 90_000), **own, **met),
        lambda: Completed(**own),
        lambda: Withdrew(**own),
        lambda: Succeeded(to=dice.choice(URNS), **own),
    )
    return dice.choice(kinds)()


seeds = st.integers(0, 2**32 - 1)


@st.composite
def facts(draw: st.DrawFn, most: int = 40) -> list[Fact]:
    """Up to so many facts, each id once; out of one drawn seed, which is faster than drawing each."""
    dice = random.Random(draw(seeds))  # noqa: S311 - dice of a test
    return [a_fact(dice, number) for number in range(draw(st.integers(0, most)))]


def a_rate(dice: random.Random, number: int) -> Rate:
    """A rate that makes sense, with or without caps and conditions."""
    per = dice.choice(list(Per))
    earned = dice.choice(EARNS[per])
    schools = earned in {For.TAKING_PART, For.ATTENDED, For.RELEASED, For.NO_SHOW}
    conditions: list[Condition] = [
        AgreementSigned(),
        MeetingsAttended(dice.randrange(1, 4), 6),
        EvaluationReceived(),
        ProgrammeCompleted(),
        NotOnline(),
    ]
    pro_rata = dice.choice(PRO_RATA[per])
    if earned is For.ATTENDED:
        conditions.append(LeastMinutes(45))
    elif pro_rata is ProRata.MINUTES:
        pro_rata = ProRata.WHOLE
    later = [Amount(date(2028, 2, 29), dice.randrange(1, 9_999))] if dice.random() < 0.5 else []
    return Rate(
        key=f"rate-{number}",
        name=f"Rate {number}",
        payee=Payee.PARTICIPANT if schools else dice.choice((Payee.SPECIALIST, Payee.READINESS)),
        per=per,
        earned_by=earned,
        amounts=(Amount(FIRST, dice.randrange(0, 9_999)), *later),
        programmes=dice.choice(((), PROGRAMMES[:1])),
        conditions=tuple(one for one in conditions if dice.random() < 0.2),
        each=dice.choice(list(Each)),
        pro_rata=pro_rata,
        meetings=dice.choice((3, 6)),
        on_change=dice.choice(list(OnChange)),
        most=dice.choice((None, None, 1, 3)),
        most_pence=dice.choice((None, None, 10_000)),
    )


@st.composite
def cards(draw: st.DrawFn) -> RateCard:
    """A card of one to four rates."""
    dice = random.Random(draw(seeds))  # noqa: S311 - dice of a test
    return RateCard("TAMAR", YEAR, 1, tuple(a_rate(dice, number) for number in range(draw(st.integers(1, 4)))))
