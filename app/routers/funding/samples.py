"""Assurance samples: drawn, looked at, taken away with their evidence."""

from fastapi.responses import Response

from app.actions.funding import sampling
from app.domain.access import Can
from app.kit.errors import BadInputError
from app.kit.periods import in_london
from app.pages._parts import Asked
from app.pages.funding import sample_file, samples
from app.pages.schools.years import asked_year
from app.routers.answer import asked, download, go_to, show
from app.routers.deps import Through, known_id
from app.routers.funding.exports import sent
from app.routers.guard import allow, guarded_router

router = guarded_router()
HOME = "/hubs/{code}/samples"
ONE = HOME + "/{sample}"


@router.get(HOME)
@allow(Can.SEE_FUNDING)
async def see_samples(door: Through) -> Response:
    """The list, and the form that draws another."""
    wanted = asked(door)
    if wanted.value("format") == "csv":
        return download("samples", samples.CSV_HEADER, await samples.table(door.db, door.member, wanted))
    return show(door, await samples.load(door.db, door.member, wanted, door.now))


@router.post(HOME)
@allow(Can.CLAIM)
async def draw(door: Through) -> Response:
    """Draws a sample."""
    typed = await door.typed()
    home = f"/hubs/{door.member.hub_code}/samples"
    year = asked_year(Asked(home, {"year": typed.text("year")}), in_london(door.now).date())
    try:
        made = await sampling.draw(door.actor, year, typed)
    except BadInputError as refused:
        page = await samples.load(door.db, door.member, Asked(home), door.now)
        return show(door, samples.again(page, typed, refused.faults), status=refused.status)
    return go_to(door, f"{home}/{made}", "The sample is drawn. It stays as it is.")


@router.get(ONE)
@allow(Can.SEE_FUNDING)
async def see_sample(door: Through, sample: str) -> Response:
    """One sample."""
    wanted, key = asked(door), known_id(sample)
    if wanted.value("format") == "csv":
        return download("sample", samples.LINE_CSV_HEADER, await samples.line_rows(door.db, door.member, key))
    return show(door, await samples.one(door.db, door.member, key, wanted))


@router.get(ONE + "/sample.zip")
@allow(Can.SEE_FUNDING)
async def take_sample(door: Through, sample: str) -> Response:
    """The sample with its evidence."""
    return sent(await sample_file.sample_file(door.db, door.member, known_id(sample)))
