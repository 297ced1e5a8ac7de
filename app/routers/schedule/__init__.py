"""The doors to the planner."""

from app.routers.schedule import by_hand, choices, exceptions, holding, proposals

ROUTERS = (proposals.router, by_hand.router, holding.router, choices.router, exceptions.router)
