"""Rate cards: the versions of a year, the editor of a draft, its trial, and what makes it hold."""

from fastapi.responses import Response

from app.actions.funding import rates as acts
from app.domain.access import Can
from app.kit.errors import BadInputError, Fault, StaleError
from app.kit.periods import in_london, spoken_year
from app.pages._parts import Asked
from app.pages.funding import rate_forms, rates, rates_try
from app.pages.funding.rate_forms import NEW, Sent
from app.pages.schools.years import asked_year
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/rate-cards"
ONE = HOME + "/{card}"
RATE = ONE + "/rates/{rate}"


def _home(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/rate-cards"


def _sent(error: BadInputError | StaleError) -> tuple[Fault, ...]:
    return error.faults if isinstance(error, BadInputError) else (Fault("", error.because),)


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_cards(door: Through) -> Response:
    """The versions of a year, and what the one in force pays."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        return download("rate-card", rates.CSV_HEADER, await rates.table(door.db, door.member, wanted, door.now))
    return show(door, await rates.load(door.db, door.member, wanted, door.now))


@router.post(HOME)
@allow(Can.EDIT_RATES)
async def begin(door: Through) -> Response:
    """Begins a draft of the next version."""
    typed = await door.typed()
    year = asked_year(Asked("", {"year": typed.text("year")}), in_london(door.now).date())
    made = await acts.begin(door.actor, year, typed.text("after"))
    said = f"A draft for {spoken_year(year)} is begun. Nothing is paid by it until you publish it."
    return go_to(door, f"{_home(door)}/{made}", said)


@router.get(ONE)
@allow(Can.SEE_FUNDING)
async def see_card(door: Through, card: str) -> Response:
    """One version."""
    if asked(door).value("format") == "csv":
        rows = await rates.version_rows(door.db, door.member, known_id(card))
        return download("rate-card", rates.CSV_HEADER, rows)
    return show(door, await rates.one(door.db, door.member, known_id(card)))


@router.get(ONE + "/edit")
@allow(Can.EDIT_RATES)
async def edit_amounts(door: Through, card: str) -> Response:
    """The amounts of all rates of a draft."""
    return show(door, await rate_forms.amounts_page(door.db, door.member, known_id(card)))


@router.post(ONE + "/edit")
@allow(Can.EDIT_RATES)
async def save_amounts(door: Through, card: str) -> Response:
    """Saves them."""
    typed, key = await door.typed(), known_id(card)
    try:
        await acts.save_amounts(door.actor, key, typed)
    except (BadInputError, StaleError) as error:
        page = await rate_forms.amounts_page(door.db, door.member, key, Sent(typed, _sent(error)))
        return show(door, page, status=error.status)
    return go_to(door, f"{_home(door)}/{key}", "The draft is saved. Try it on this year before you publish it.")


@router.get(RATE)
@allow(Can.EDIT_RATES)
async def edit_rate(door: Through, card: str, rate: str) -> Response:
    """One rate of a draft with all it asks; the word “new” for another."""
    return show(door, await rate_forms.rate_form_page(door.db, door.member, known_id(card), rate))


@router.post(RATE)
@allow(Can.EDIT_RATES)
async def save_rate(door: Through, card: str, rate: str) -> Response:
    """Saves it in the draft."""
    typed, key = await door.typed(), known_id(card)
    try:
        name = await acts.save_rate(door.actor, key, "" if rate == NEW else rate, typed)
    except (BadInputError, StaleError) as error:
        page = await rate_forms.rate_form_page(door.db, door.member, key, rate, Sent(typed, _sent(error)))
        return show(door, page, status=error.status)
    return go_to(door, f"{_home(door)}/{key}", f"{name} is saved in the draft.")


@router.get(RATE + "/remove")
@allow(Can.EDIT_RATES)
async def ask_to_remove(door: Through, card: str, rate: str) -> Response:
    """Asks first."""
    return show(door, await rates.ask_to_remove(door.db, door.member, known_id(card), rate))


@router.post(RATE + "/remove")
@allow(Can.EDIT_RATES)
async def remove_rate(door: Through, card: str, rate: str) -> Response:
    """Leaves a rate out of the draft."""
    name = await acts.remove_rate(door.actor, known_id(card), rate)
    return go_to(door, f"{_home(door)}/{card}", f"{name} is no longer in the draft.")


@router.post(RATE + "/move")
@allow(Can.EDIT_RATES)
async def move_rate(door: Through, card: str, rate: str) -> Response:
    """Puts a rate of the draft one place further up or down."""
    name = await acts.move_rate(door.actor, known_id(card), rate, (await door.typed()).text("to"))
    return go_to(door, f"{_home(door)}/{card}", f"{name} has moved.")


@router.get(ONE + "/try")
@allow(Can.SEE_FUNDING)
async def try_card(door: Through, card: str) -> Response:
    """The version held against the year so far."""
    key, wanted = known_id(card), asked(door)
    if wanted.value("format") == "csv":
        rows = await rates_try.table(door.db, door.member, key, wanted, door.now)
        return download("rate-card-tried", rates_try.CSV_HEADER, rows)
    return show(door, await rates_try.load(door.db, door.member, key, wanted, door.now))


@router.get(ONE + "/publish")
@allow(Can.EDIT_RATES)
async def ask_to_publish(door: Through, card: str) -> Response:
    """Asks first."""
    return show(door, await rates.ask_to_publish(door.db, door.member, known_id(card)))


@router.post(ONE + "/publish")
@allow(Can.EDIT_RATES)
async def publish(door: Through, card: str) -> Response:
    """Publishes the draft."""
    row = await acts.publish(door.actor, known_id(card), await door.typed())
    said = f"Version {row.version} is in force for {spoken_year(row.year)}. Bring the open statements up to date next."
    return go_to(door, f"{_home(door)}?year={row.year}", said)


@router.get(ONE + "/discard")
@allow(Can.EDIT_RATES)
async def ask_to_discard(door: Through, card: str) -> Response:
    """Asks first."""
    return show(door, await rates.ask_to_discard(door.db, door.member, known_id(card)))


@router.post(ONE + "/discard")
@allow(Can.EDIT_RATES)
async def discard(door: Through, card: str) -> Response:
    """Throws the draft away."""
    year = await acts.discard(door.actor, known_id(card))
    return go_to(door, f"{_home(door)}?year={year}", "The draft is discarded. What is in force is as it was.")
