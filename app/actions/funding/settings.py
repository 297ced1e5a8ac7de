"""What is set for a grant year: the grant, when to alert, and how lines are put into statements."""

from dataclasses import dataclass

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding.pence import pounds, read_pence
from app.domain.funding.periods import By
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.periods import spoken_year
from app.kit.typed import Reader, Typed, whole_number
from app.store.funding import statements

PER = ("school", "hub")
EVERY = (By.TERM.value, By.HALF_TERM.value, By.MONTH.value, By.GRANT_YEAR.value)
MOST_NEAR = 50  # per cent
CHANGED = "Somebody else changed these settings while you had them open. What you typed is shown; save it again."


@dataclass(frozen=True, slots=True)
class Settings:
    """What a form says: the grant in pence, the alert in per cent, a statement per what and for how long."""

    grant_pence: int
    near: int
    per: str
    every: str


async def save(actor: Actor, year: int, typed: Typed) -> None:
    """Keep the settings of the year; statements that are open stay as they are.

    Raises BadInputError with what to change, or StaleError when somebody else was quicker.
    """
    actor.require(Can.EDIT_RATES)
    said = _read(typed)
    row = await statements.year_locked(actor.db, actor.member.hub_id, year)
    if row.version != typed.version:
        raise StaleError(CHANGED)
    before = _told(Settings(row.grant_pence, row.near, row.per, row.every))
    row.grant_pence, row.near, row.per, row.every = said.grant_pence, said.near, said.per, said.every
    row.version += 1
    about = f"the funding settings of {spoken_year(year)}"
    await actor.record("Changed", about, before=before, after=_told(said), hub=str(row.hub_id))


def _told(one: Settings) -> dict[str, str]:
    every = one.every.replace("_", " ")
    return {"grant": pounds(one.grant_pence), "alert": f"{one.near} per cent", "statements": f"{one.per}, {every}"}


def _read(typed: Typed) -> Settings:
    reader = Reader(typed)
    grant = reader.read("grant", read_pence)
    near = reader.read("near", whole_number)
    if grant is not None and grant < 0:
        reader.faults.append(Fault("grant", "Enter the grant in pounds, from 0."))
    if near is not None and near > MOST_NEAR:
        reader.faults.append(Fault("near", f"Enter 0 to {MOST_NEAR} per cent."))
    per, every = typed.text("per"), typed.text("every")
    reader.faults += [
        Fault(name, "Choose one of these.")
        for name, value, known in (("per", per, PER), ("every", every, EVERY))
        if value not in known
    ]
    if reader.faults or grant is None or near is None:
        raise BadInputError("Look at what is marked below.", tuple(reader.faults))
    return Settings(grant, near, per, every)
