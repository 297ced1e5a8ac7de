"""The doors to people: the list, how they join and leave, who follows whom."""

from app.routers.people import folk, handing_over, joining

ROUTERS = (joining.router, handing_over.router, folk.router)  # /people/invitations before /people/{person}
