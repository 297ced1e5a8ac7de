"""The doors to the planner."""

from app.routers.schedule import by_hand, proposals

ROUTERS = (proposals.router, by_hand.router)
