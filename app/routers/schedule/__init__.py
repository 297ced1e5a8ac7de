"""The doors to the planner."""

from app.routers.schedule import proposals

ROUTERS = (proposals.router,)
