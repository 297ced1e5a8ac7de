"""System conditions reviews of a school: the list, one of them, and the form of a new one."""

from fastapi.responses import Response

from app.actions.stages import conditions as actions
from app.domain.access import Can
from app.domain.stages.conditions import read_review
from app.kit.errors import BadInputError
from app.kit.periods import in_london
from app.pages.stages import condition_forms as forms
from app.pages.stages import conditions as pages
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.guard import allow, guarded_router
from app.routers.schools import known_urn, wrong_in

router = guarded_router()
HOME = "/hubs/{code}/schools/{urn}/conditions"


@router.get(HOME)
@allow(Can.SEE_STAGES)
async def school_conditions(door: Through, urn: str) -> Response:
    """The reviews of one school."""
    number = known_urn(urn)
    if asked(door).value("format") == "csv":
        rows = await pages.csv_rows(door.db, door.member, number, door.now)
        return download(f"system-conditions-{number}", pages.CSV_HEADER, rows)
    return show(door, await pages.load(door.db, door.member, number, door.now))


@router.get(HOME + "/new")
@allow(Can.PLAN_SCHOOL)
async def new_review(door: Through, urn: str) -> Response:
    """An empty form of a review."""
    return show(door, (await forms.new_form(door.db, door.member, known_urn(urn), door.now)).page)


@router.post(HOME + "/new")
@allow(Can.PLAN_SCHOOL)
async def keep_review(door: Through, urn: str) -> Response:
    """Keeps a review, and a barrier for each lever that blocks."""
    number, typed = known_urn(urn), await door.typed()
    form = await forms.new_form(door.db, door.member, number, door.now)
    try:
        new = read_review(typed, form.leaders, form.page.taking_part, in_london(door.now).date())
        made, found = await actions.review(door.actor, number, new)
    except BadInputError as error:
        return show(door, forms.again(form.page, typed, wrong_in(error)), status=error.status)
    follow = f" {found} barrier{'s are' if found > 1 else ' is'} named with it." if found else ""
    return go_to(door, f"/hubs/{door.member.hub_code}/conditions/{made}", f"The review is kept.{follow}")


@router.get("/hubs/{code}/conditions/{review}")
@allow(Can.SEE_STAGES)
async def one_review(door: Through, review: str) -> Response:
    """One review."""
    return show(door, await pages.load_one(door.db, door.member, known_id(review), door.now))
