"""Doors to the rules of risk, and to the schools they speak of."""

from fastapi.responses import Response

from app.actions.stages import risk as actions
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.kit.periods import in_london
from app.pages._parts import Asked
from app.pages.schools.years import asked_year
from app.pages.stages import risk, rules
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through
from app.routers.guard import allow, guarded_router

router = guarded_router()
RULES = "/hubs/{code}/rules"


@router.get("/hubs/{code}/risk")
@allow(Can.SEE_STAGES)
async def schools_at_risk(door: Through) -> Response:
    """The schools that a rule speaks of."""
    if asked(door).value("format") == "csv":
        year = asked_year(asked(door), in_london(door.now).date())
        found = risk.ordered(await risk.known(door.db, door.member, year, door.now), asked(door))
        return download(f"risk-{year}", risk.CSV_HEADER, risk.csv_rows(found, asked(door).value("rule")))
    return show(door, await risk.load(door.db, door.member, asked(door), door.now))


@router.get(RULES)
@allow(Can.SEE_STAGES)
async def rules_of_risk(door: Through) -> Response:
    """The rules in words, and how often each was right."""
    return show(door, await rules.load(door.db, door.member, door.now))


@router.get(RULES + "/{rule}")
@allow(Can.SEE_STAGES)
async def one_rule(door: Through, rule: str) -> Response:
    """One rule, or what a changed one would say."""
    page = await rules.one(door.db, door.member, rule, asked(door), door.now)
    return show(door, page, status=422 if page.look and page.look.faults else 200)


@router.post(RULES + "/{rule}")
@allow(Can.EDIT_CRITERIA)
async def change_rule(door: Through, rule: str) -> Response:
    """Keeps a rule as the hub wants it."""
    typed = await door.typed()
    wanted = {"active": typed.text("active"), "number": typed.text("number")}
    try:
        name = await actions.change_rule(door.actor, rule, active=wanted["active"], typed=wanted["number"])
    except BadInputError as refused:
        here = Asked(door.request.url.path, wanted)
        return show(door, await rules.one(door.db, door.member, rule, here, door.now, refused.faults), status=422)
    said = f"The rule {name} is kept so. Open it again to change it back."
    return go_to(door, f"/hubs/{door.member.hub_code}/rules", said)
