"""Proposed plans: ask for one, watch it being made, look at it, accept it or set it aside."""

from fastapi.responses import Response

from app.actions.schedule import accept as accepting
from app.actions.schedule import propose as proposing
from app.domain.access import Can
from app.kit.periods import spoken_year
from app.pages.schedule import asking, known, live, one, why
from app.pages.schedule.compare import COMPARE_HEADER, compare_csv, compare_page, where_it_is_seen
from app.pages.schedule.meaning import HEADER
from app.pages.schedule.proposals import held_already, proposals_page
from app.routers.answer import asked, download, follow, go_to, show
from app.routers.deps import Door, Through, known_id
from app.routers.guard import allow, guarded_router

router = guarded_router()


def _address(door: Door) -> str:
    return f"/hubs/{door.member.hub_code}/proposals"


@router.get("/hubs/{code}/proposals")
@allow(Can.PLAN)
async def list_proposals(door: Through) -> Response:
    """Every plan that was proposed."""
    page = await proposals_page(door.db, door.member, asked(door), door.now)
    if asked(door).value("format") == "csv":
        rows = [(line.made, line.year, line.favours, line.state, line.by, line.id) for line in page.proposals]
        return download("plans", ("Proposed", "For", "Favours", "State", "By", "Id"), rows)
    return show(door, page)


@router.post("/hubs/{code}/proposals")
@allow(Can.PLAN)
async def propose(door: Through) -> Response:
    """Has a plan made in the background, or three that differ in what they favour."""
    typed = await door.typed()
    year = known.read_year(typed.text("year"))
    three = typed.text("three") == "yes"
    held = None if typed.text("sure") == "yes" else await held_already(door.db, door.member, year, three=three)
    if held is not None:
        return show(door, held)
    if three:
        first, *_ = await proposing.propose_three(door.actor, year)
        said = f"Three plans for {spoken_year(year)} are being made."
        return go_to(door, f"{_address(door)}/{first}/compare", said)
    proposal = await proposing.propose(door.actor, year)
    return go_to(door, f"{_address(door)}/{proposal}", f"The plan for {spoken_year(year)} is being made.")


@router.get("/hubs/{code}/proposals/{proposal}")
@allow(Can.PLAN)
async def see_proposal(door: Through, proposal: str) -> Response:
    """One plan, its worst points first."""
    wanted, key = asked(door), known_id(proposal)
    if wanted.value("format") == "csv":
        rows = await one.proposal_csv(door.db, door.member, key, wanted)
        return download("plan", one.DATES_HEADER, rows)
    return show(door, await one.proposal_page(door.db, door.member, key, wanted, door.now))


@router.get("/hubs/{code}/proposals/{proposal}/progress")
@allow(Can.PLAN)
async def follow_proposal(door: Through, proposal: str) -> Response:
    """How far the planning is, as server-sent events until it is done."""
    key = known_id(proposal)
    await live.news(door.db, door.member, key)
    return follow(door, lambda db: live.news(db, door.member, key))


@router.post("/hubs/{code}/proposals/{proposal}/stop")
@allow(Can.PLAN)
async def stop(door: Through, proposal: str) -> Response:
    """Ends the planning and keeps the best so far."""
    key = known_id(proposal)
    await proposing.stop(door.actor, key)
    said = "Planning is being stopped. The best so far is kept."
    return go_to(door, await where_it_is_seen(door.db, door.member, key), said)


@router.get("/hubs/{code}/proposals/{proposal}/compare")
@allow(Can.PLAN)
async def compare(door: Through, proposal: str) -> Response:
    """The plans that were made together, side by side."""
    wanted, key = asked(door), known_id(proposal)
    if wanted.value("format") == "csv":
        rows = await compare_csv(door.db, door.member, key, wanted)
        return download("plans-compared", COMPARE_HEADER, rows)
    return show(door, await compare_page(door.db, door.member, key, wanted))


@router.get("/hubs/{code}/proposals/{proposal}/why")
@allow(Can.PLAN)
async def ask_why(door: Through, proposal: str) -> Response:
    """Why a date of the plan is where it is."""
    wanted, key = asked(door), known_id(proposal)
    if wanted.value("format") == "csv":
        return download("why-this-date", HEADER, await why.why_rows(door.db, door.member, key, wanted))
    return show(door, await why.why_page(door.db, door.member, key, wanted))


@router.get("/hubs/{code}/proposals/{proposal}/accept")
@allow(Can.ACCEPT_PLAN)
async def ask_to_accept(door: Through, proposal: str) -> Response:
    """What accepting will do."""
    return show(door, await asking.accept_page(door.db, door.member, known_id(proposal)))


@router.post("/hubs/{code}/proposals/{proposal}/accept")
@allow(Can.ACCEPT_PLAN)
async def accept(door: Through, proposal: str) -> Response:
    """Makes the calendar the plan."""
    done = await accepting.accept(door.actor, known_id(proposal))
    said = asking.done_in_words(done)
    return go_to(door, f"{_address(door)}/{proposal}", f"The plan is in everybody's calendar: {said}.")


@router.get("/hubs/{code}/proposals/{proposal}/set-aside")
@allow(Can.PLAN)
async def ask_to_set_aside(door: Through, proposal: str) -> Response:
    """What setting aside will do."""
    return show(door, await asking.drop_page(door.db, door.member, known_id(proposal)))


@router.post("/hubs/{code}/proposals/{proposal}/set-aside")
@allow(Can.PLAN)
async def set_aside(door: Through, proposal: str) -> Response:
    """Drops a plan."""
    await accepting.set_aside(door.actor, known_id(proposal))
    return go_to(door, _address(door), "The plan is set aside. Its proposed dates are struck out.")
