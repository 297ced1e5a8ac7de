"""For whoever runs the server: does it live, can it work, what does it count."""

from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.actions import watch
from app.routers.deps import Through
from app.routers.guard import guarded_router, public

router = guarded_router()


@router.get("/healthz")
@public("asked by whatever keeps the process running; tells nothing of anyone")
async def lives() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
@public("asked by load balancers; tells nothing of anyone")
async def ready(door: Through) -> Response:
    """The database answers, its tables are this version's, the queue can be reached."""
    state = await watch.readiness(door.db)
    return JSONResponse(state, status_code=200 if all(state.values()) else 503)


@router.get("/metrics")
@public("counts and times only; keep it inside by the proxy where that matters")
async def figures() -> Response:
    """Figures in Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
