"""The doors to people: the list, how they join and leave, who follows whom."""

from app.routers.people import folk

ROUTERS = (folk.router,)
