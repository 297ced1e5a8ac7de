"""The doors to the planner."""

from app.routers.schedule import by_hand, choices, proposals

ROUTERS = (proposals.router, by_hand.router, choices.router)
